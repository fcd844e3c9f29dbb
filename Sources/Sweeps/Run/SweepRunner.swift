import Foundation
import PhaseSpace
import Support

/// Runs the chains of a sweep that are not in its store yet, on as many threads as it is given.
///
/// The results do not depend on the number of threads, on the order, or on interruptions: everything random is a
/// function of the points' identities.
public final class SweepRunner: Sendable {
    let plan: SweepPlan
    let store: Store
    private let threads: Int
    private let retry: Set<Outcome>
    private let progress: RunProgress?
    private let cancellation = Cancellation()
    private let workers: WorkerPool

    /// - Parameters:
    ///   - store: open for writing.
    ///   - threads: worker threads; without a number, one per processor that the process may use.
    ///   - retry: outcomes whose points are run again; others stay as they are.
    public init(
        plan: SweepPlan, store: Store, threads: Int? = nil, retry: Set<Outcome> = [], progress: RunProgress? = nil
    ) {
        self.plan = plan
        self.store = store
        workers = WorkerPool(plan.model)
        self.threads = max(1, threads ?? availableProcessorCount())
        self.retry = retry
        self.progress = progress
    }

    /// Asks the run to stop: what is under way is checkpointed or dropped, what is recorded is kept.
    public func cancel() { cancellation.cancel() }
    public var isCancelled: Bool { cancellation.isCancelled }

    /// Cancels the run at the first of these signals, for as long as the returned watch lives; a second signal ends
    /// the process.
    public func cancel(onSignals signals: [Int32] = [SIGINT, SIGTERM]) -> SignalWatch {
        let watch = SignalWatch(signals)
        cancellation.listenToSignals()
        return watch
    }

    /// Ends the workers, which live from the first chain on through all rounds; where a run is stopped or throws it has
    /// ended them itself. The runner's own end does so, too.
    public func end() { workers.end() }

    deinit { workers.end() }

    /// Runs the plan's own chains. Blocks until all is done or cancelled.
    /// - Throws: `StoreError` where results cannot be kept; errors of the model are in the summary.
    public func run() throws(StoreError) -> RunSummary { try run(plan.chains) }

    /// Runs some chains: a part of the plan's, or others of the same sweep.
    public func run(
        _ chains: some RandomAccessCollection<Chain> & Sendable
    ) throws(StoreError) -> RunSummary {
        var isWhole = false
        defer { if !isWhole || isCancelled { workers.end() } }
        let start = ContinuousClock.now
        let outcomes = try store.outcomes(verifying: true) { self.isCancelled }
        let state = try RunState(store: store, outcomes: outcomes, retry: retry, cancellation: cancellation)
        let open = OpenChains(of: chains, state)
        let model = plan.model
        // Whoever is stopped while he looks what is there knows nothing of what is left.
        let isCut = isCancelled
        let queue = WorkQueue(
            isCut ? 0 : chains.count, open: open,
            chain: { chains[chains.index(chains.startIndex, offsetBy: $0)] }, packKey: { model.packKey(of: $0) })
        let (total, unsettled) = isCut ? (0, 0) : (open.pointCount, open.unsettled)
        let threads = min(threads, max(1, open.count))
        let before = total - unsettled
        run(on: threads, queue, state) {
            self.progress?.update(
                done: before + state.writer.newlySettled, total: total, startingAt: before, since: start)
        }
        try state.writer.close()
        isWhole = true
        let settled = state.writer.newlySettled
        progress?.finish(done: before + settled, total: total, startingAt: before, since: start)
        var summary = RunSummary(
            outcomes: state.writer.recorded, alreadyDone: before, left: unsettled - settled, failures: state.failures,
            wasCancelled: isCancelled, seconds: RunProgress.seconds(since: start), threads: threads)
        summary.wasStopped = state.isStopped
        return summary
    }

    private func run(on count: Int, _ queue: WorkQueue, _ state: RunState, _ report: () -> Void) {
        // Its timeout does not follow the clock on the wall, which may be set back.
        let ended = DispatchSemaphore(value: 0)
        for number in 0..<count {
            let thread = Thread { [workers] in
                Worker(number: number, pool: workers, queue: queue, state: state).runUntilEmpty()
                ended.signal()
            }
            thread.name = "worker \(number)"
            thread.stackSize = 16 << 20
            thread.start()
        }
        var running = count
        while running > 0 {
            if ended.wait(timeout: .now() + 0.2) == .success { running -= 1 }
            report()
        }
    }
}
