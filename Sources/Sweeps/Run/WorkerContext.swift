import PhaseSpace
import Synchronization

/// What a worker's call of `Model.run` sees of the run: it hands out chains, keeps count of what is under way, and
/// passes observations on to the store.
final class WorkerContext: RunContext {
    private struct Flight {
        let chain: Chain
        /// Points without which the chain is not finished: all, or after a checkpoint those that are not there yet.
        var remaining: Set<PointIdentity>
        var hasCheckpoint: Bool
    }
    private struct State {
        var flights: [PointIdentity: Flight] = [:]
        /// The chain of every point that is still to be recorded.
        var chainOfPoint: [PointIdentity: PointIdentity] = [:]
        var pulled = 0
        var complaints: [String] = []
    }
    private let state = Mutex(State())
    private let run: RunState
    private let source: @Sendable () -> Chain?

    init(_ run: RunState, source: @escaping @Sendable () -> Chain?) {
        self.run = run
        self.source = source
    }

    // MARK: - RunContext

    var isCancelled: Bool { run.isCancelled }

    func nextChain() -> Chain? {
        guard !isCancelled, let chain = source() else { return nil }
        state.withLock { state in
            let hasCheckpoint = run.canResume(chain)
            let remaining = hasCheckpoint ? chain.points.filter { !run.isSettled($0) } : chain.points
            state.flights[chain.identity] = Flight(
                chain: chain, remaining: Set(remaining.map(\.identity)), hasCheckpoint: hasCheckpoint)
            for point in chain.points { state.chainOfPoint[point.identity] = chain.identity }
            state.pulled += 1
        }
        return chain
    }

    func record(_ observation: Observation) {
        if let name = run.store.undeclaredName(in: observation) {
            run.writer.fail(.undeclaredObservable(model: run.store.layout.model, name: name))
            return
        }
        var records = [StoreRecord.observation(observation)]
        let isExpected = state.withLock { state in
            guard let chain = state.chainOfPoint.removeValue(forKey: observation.point.identity) else {
                state.complaints.append(
                    "\(inWords(observation.point)): recorded twice or without having been asked for")
                return false
            }
            state.flights[chain]!.remaining.remove(observation.point.identity)
            if state.flights[chain]!.remaining.isEmpty, let flight = state.flights.removeValue(forKey: chain) {
                for point in flight.chain.points { state.chainOfPoint.removeValue(forKey: point.identity) }
                if flight.hasCheckpoint { records.append(.finished(chain)) }
            }
            return true
        }
        if isExpected {
            run.writer.append(
                records, counted: !run.wasRecorded(observation.point),
                wasSettled: run.isSettled(observation.point))
        }
    }

    func checkpoint(of chain: Chain) -> [UInt8]? {
        guard run.canResume(chain) else { return nil }
        do throws(StoreError) {
            return try run.store.checkpoint(of: chain.identity)
        } catch {
            run.writer.fail(error)
            return nil
        }
    }

    func save(checkpoint: [UInt8], of chain: Chain) {
        let isUnderWay = state.withLock { state in
            guard state.flights[chain.identity] != nil else { return false }
            state.flights[chain.identity]!.hasCheckpoint = true
            return true
        }
        if isUnderWay { run.writer.append([.checkpoint(chain.identity, checkpoint)]) }
    }

    func whenKept(_ action: @escaping @Sendable () -> Void) { run.writer.append([.action(action)]) }

    // MARK: - After the call

    var pulled: Int { state.withLock(\.pulled) }
    /// Points of unfinished chains that were recorded.
    var recordedOfUnfinished: [PointIdentity] {
        state.withLock { state in
            state.flights.values.flatMap(\.chain.points).map(\.identity).filter { state.chainOfPoint[$0] == nil }
        }
    }
    var complaints: [String] { state.withLock(\.complaints) }
    /// Chains that were handed out and have points without an observation, by their first points' identities.
    var unfinished: [Chain] {
        state.withLock { $0.flights.values.map(\.chain).sorted { $0.identity < $1.identity } }
    }
}

/// `depth = 2, gamma = 0.1, replica 0, cold`.
func inWords(_ point: Point) -> String {
    let controls = point.controls.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
    return (controls + ["replica \(point.replica)", point.direction.rawValue]).joined(separator: ", ")
}
