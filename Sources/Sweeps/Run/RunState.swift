import PhaseSpace
import Synchronization

/// What the workers of one run share.
final class RunState: Sendable {
    let store: Store
    let writer: RecordWriter
    /// Chains that an earlier run left with something to go on from.
    let checkpointed: Set<PointIdentity>
    private let cancellation: Cancellation
    private let failureList = Mutex<[String]>([])

    init(store: Store, cancellation: Cancellation) throws(StoreError) {
        self.store = store
        self.cancellation = cancellation
        checkpointed = try store.checkpointedChains()
        writer = RecordWriter(store) { cancellation.cancel() }
    }

    var isCancelled: Bool { cancellation.isCancelled }

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
