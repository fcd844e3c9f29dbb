import PhaseSpace
import Programs
import Synchronization

/// Hands out chains of a list and keeps what is recorded.
final class ListContext: RunContext {
    private struct State {
        var chains: [Chain]
        var observations: [Observation] = []
        var checkpoints: [PointIdentity: [UInt8]] = [:]
    }
    private let state: Mutex<State>

    init(_ chains: [Chain]) { state = Mutex(State(chains: chains)) }

    var observations: [Observation] { state.withLock(\.observations) }
    func observation(at gamma: Double) -> Observation? {
        observations.first { $0.point.controls["gamma"] == .number(gamma) }
    }

    func nextChain() -> Chain? { state.withLock { $0.chains.isEmpty ? nil : $0.chains.removeFirst() } }
    func record(_ observation: Observation) { state.withLock { $0.observations.append(observation) } }
    func checkpoint(of chain: Chain) -> [UInt8]? { state.withLock { $0.checkpoints[chain.identity] } }
    func save(checkpoint: [UInt8], of chain: Chain) { state.withLock { $0.checkpoints[chain.identity] = checkpoint } }
    var isCancelled: Bool { false }
}

func point(_ gamma: Double, _ direction: Direction) -> Point {
    let text = Array("\(gamma) \(direction)".utf8)
    return Point(
        controls: ["gamma": .number(gamma)], replica: 0, direction: direction,
        identity: text.withUnsafeBytes { PointIdentity(hashing: $0) })
}

/// A warm chain over gamma = 1 … count.
func warmChain(_ count: Int) -> Chain { Chain(points: (1...count).map { point(Double($0), .up) }, axis: "gamma") }
/// Points on their own.
func coldChains(_ count: Int) -> [Chain] {
    (1...count).map { Chain(points: [point(Double($0), .cold)], axis: "gamma") }
}
