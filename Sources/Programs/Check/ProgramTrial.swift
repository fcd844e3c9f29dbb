import Foundation
import PhaseSpace
import Synchronization

/// Chains that a check has a program train, in a child of its own, and what came of them.
final class ProgramTrial: RunContext {
    private struct State {
        var waiting: [Chain]
        var observations: [PointIdentity: Observation] = [:]
        var checkpoints: [PointIdentity: [UInt8]] = [:]
        var hasKilled = false
    }
    private let state: Mutex<State>
    /// The number of points of a chain that must be saved before the child is killed; nil where it is left alive.
    private let killsAfter: Int?
    private let kill: Mutex<(@Sendable () -> Void)?> = Mutex(nil)

    init(_ chains: [Chain], killsAfter: Int? = nil) {
        state = Mutex(State(waiting: chains))
        self.killsAfter = killsAfter
    }

    /// Has a worker train the chains, one after the other or as many at a time as the program takes.
    /// - Throws: `ProgramError`.
    func train(with worker: ProgramWorker, together: Bool) throws -> ProgramTrial {
        let box = UncheckedBox(worker)
        kill.withLock { $0 = { if let process = box.value.session?.child.pid { Glibc.kill(-process, SIGKILL) } } }
        let chains = state.withLock(\.waiting)
        for chains in together ? [chains] : chains.map({ [$0] }) {
            state.withLock { $0.waiting = chains }
            try worker.run(self)
        }
        return self
    }

    private struct UncheckedBox: @unchecked Sendable {
        let value: ProgramWorker
        init(_ value: ProgramWorker) { self.value = value }
    }

    func observation(of point: Point) -> Observation? { state.withLock { $0.observations[point.identity] } }
    /// Whether the child was killed after a state had been saved.
    var hasKilled: Bool { state.withLock(\.hasKilled) }
    var hasSaved: Bool { state.withLock { !$0.checkpoints.isEmpty } }
    var failures: [Observation] { state.withLock { $0.observations.values.filter { $0.outcome == .failed } } }

    func nextChain() -> Chain? { state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() } }
    func record(_ observation: Observation) {
        state.withLock { $0.observations[observation.point.identity] = observation }
    }
    func checkpoint(of chain: Chain) -> [UInt8]? { nil }
    func save(checkpoint: [UInt8], of chain: Chain) {
        let mustKill = state.withLock { state in
            state.checkpoints[chain.identity] = checkpoint
            let done = chain.points.filter { state.observations[$0.identity] != nil }.count
            guard let killsAfter, !state.hasKilled, done >= killsAfter else { return false }
            state.hasKilled = true
            return true
        }
        if mustKill { kill.withLock { $0?() } }
    }
    var isCancelled: Bool { false }
}

/// What one check has found.
package struct ProgramFinding: Sendable {
    package enum Outcome: String, Sendable {
        case passed, failed
        /// It could not be told, or does not apply.
        case skipped
    }
    package let outcome: Outcome
    package let sentence: String

    static func passed(_ sentence: String) -> Self { Self(outcome: .passed, sentence: sentence) }
    static func failed(_ sentence: String) -> Self { Self(outcome: .failed, sentence: sentence) }
    static func skipped(_ sentence: String) -> Self { Self(outcome: .skipped, sentence: sentence) }
}
