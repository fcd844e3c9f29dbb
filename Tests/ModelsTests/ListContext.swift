import PhaseSpace
import Synchronization

/// A run context over a list of chains, for models on their own.
final class ListContext: RunContext {
    private struct State {
        var chains: [Chain]
        var observations: [Observation] = []
        var checkpoints: [PointIdentity: [UInt8]]
        var recordsLeft: Int
    }
    private let state: Mutex<State>

    /// - Parameter recordsBeforeCancelling: after that many observations the context asks to stop.
    init(_ chains: [Chain], checkpoints: [PointIdentity: [UInt8]] = [:], recordsBeforeCancelling: Int = .max) {
        state = Mutex(State(chains: chains.reversed(), checkpoints: checkpoints, recordsLeft: recordsBeforeCancelling))
    }

    func nextChain() -> Chain? { state.withLock { $0.chains.popLast() } }
    func record(_ observation: Observation) {
        state.withLock {
            $0.observations.append(observation)
            $0.recordsLeft -= 1
        }
    }
    func checkpoint(of chain: Chain) -> [UInt8]? { state.withLock { $0.checkpoints[chain.identity] } }
    func save(checkpoint: [UInt8], of chain: Chain) { state.withLock { $0.checkpoints[chain.identity] = checkpoint } }
    var isCancelled: Bool { state.withLock { $0.recordsLeft <= 0 } }

    var observations: [Observation] { state.withLock { $0.observations } }
    var checkpoints: [PointIdentity: [UInt8]] { state.withLock { $0.checkpoints } }
}

/// Chains over a grid of γ, as a plan would make them.
func chains(
    _ fixed: [String: ControlValue], gammas: [Double], directions: [Direction], replicas: Int = 1, seed: UInt64 = 1
) -> [Chain] {
    let physics = Physics(model: "weight-decay", seed: seed, data: [:], settings: [:])
    var chains: [Chain] = []
    for replica in 0..<replicas {
        for direction in directions {
            let grid = direction == .down ? gammas.reversed() : gammas
            let points = grid.map { gamma in
                let controls = fixed.merging(["gamma": .number(gamma)]) { $1 }
                return Point(
                    controls: controls, replica: replica, direction: direction,
                    identity: physics.identity(
                        controls: controls, replica: replica, direction: direction,
                        grid: direction == .cold ? nil : gammas))
            }
            if direction != .cold {
                chains.append(Chain(points: points, axis: "gamma"))
            } else {
                chains += points.map { Chain(points: [$0], axis: "gamma") }
            }
        }
    }
    return chains
}
