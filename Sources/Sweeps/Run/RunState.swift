import PhaseSpace
import Synchronization

/// What the workers of one run share.
final class RunState: Sendable {
    let store: Store
    let writer: RecordWriter
    /// Chains that an earlier run left with something to go on from.
    private let checkpointed: Set<PointIdentity>
    /// How the points ended that were there before the run.
    private let outcomes: [PointIdentity: Outcome]
    private let retry: Set<Outcome>
    private let cancellation: Cancellation
    private let failureList = Mutex<[String]>([])
    /// Points of chains that are run a second time, and were recorded the first time.
    private let recordedBefore = Mutex<Set<PointIdentity>>([])

    init(
        store: Store, outcomes: [PointIdentity: Outcome], retry: Set<Outcome>, cancellation: Cancellation
    ) throws(StoreError) {
        self.store = store
        self.outcomes = outcomes
        self.retry = retry
        self.cancellation = cancellation
        checkpointed = try store.checkpointedChains()
        writer = RecordWriter(store) { cancellation.cancel() }
    }

    var isCancelled: Bool { cancellation.isCancelled || isStopped }

    private let stopped = Atomic(false)
    /// Whether an error has come after which no chain can be trained.
    var isStopped: Bool { stopped.load(ordering: .relaxed) }

    /// Ends the run; the first sentence stands, and what is under way says nothing more.
    func stop(_ sentence: String) {
        if !stopped.exchange(true, ordering: .relaxed) { report(sentence) }
    }

    /// Whether the run began with an empty store.
    var isEmpty: Bool { outcomes.isEmpty }

    /// Whether the store has an observation of the point that shall stay.
    func isSettled(_ point: Point) -> Bool { isSettled(point.identity) }

    func isSettled(_ point: PointIdentity) -> Bool {
        guard let outcome = outcomes[point] else { return false }
        return !retry.contains(outcome)
    }

    func noteRecorded(_ points: [PointIdentity]) { recordedBefore.withLock { $0.formUnion(points) } }
    /// Whether the point was recorded in this run by an attempt that failed later: it must not be counted twice.
    func wasRecorded(_ point: Point) -> Bool { recordedBefore.withLock { $0.contains(point.identity) } }

    /// Whether the chain can go on from a checkpoint: not where one of the points behind it is asked for again.
    func canResume(_ chain: Chain) -> Bool {
        checkpointed.contains(chain.identity)
            && chain.points.allSatisfy { outcomes[$0.identity].map { !retry.contains($0) } ?? true }
    }

    func report(_ sentence: String) { failureList.withLock { $0.append(sentence) } }
    var failures: [String] { failureList.withLock { $0.sorted() } }
}

/// A wish to stop, from a call or from a signal.
final class Cancellation: Sendable {
    private let flag = Atomic(false)
    private let listensToSignals = Atomic(false)

    func cancel() { flag.store(true, ordering: .relaxed) }
    func listenToSignals() { listensToSignals.store(true, ordering: .relaxed) }
    var isCancelled: Bool {
        flag.load(ordering: .relaxed)
            || (listensToSignals.load(ordering: .relaxed) && SignalWatch.hasArrived)
    }
}
