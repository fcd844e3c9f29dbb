import Foundation
import PhaseSpace
import Support
import Synchronization

/// A stored point with the net behind its observables.
public struct TrainedNet: Sendable {
    public let observation: Observation
    /// Layer by layer; none where the point ended without a net.
    public let arrays: [WeightArray]
}

/// Why nets cannot be given.
public struct TrainedNetsError: Error, CustomStringConvertible {
    public let description: String

    static let noWeights = TrainedNetsError(
        description: "this model keeps no weights: its points are no nets of layers")
}

extension SweepPlan {
    /// Trains stored points again and hands out their nets.
    ///
    /// A store keeps what was measured, not weights: the point's identity decides them bit by bit, so that they are
    /// trained when they are asked for. A warm point is trained with its whole chain. Each net must give the
    /// observables that the store holds, all of them exactly.
    /// - Parameters:
    ///   - points: of the plan's grid; those without a row are left out.
    ///   - threads: at least 1.
    /// - Returns: in the order of the points.
    /// - Throws: `TrainedNetsError` where a model has no weights, or a net gives other observables.
    public func trainedNets(
        of points: [Point], in store: Store, threads: Int
    ) throws -> [TrainedNet] {
        if let revisionNote { throw TrainedNetsError(description: revisionNote + ": its nets cannot be trained again") }
        var stored: [PointIdentity: Observation] = [:]
        try store.forEachObservation(of: points) { stored[$0.point.identity] = $0 }
        let chains = chains(holding: points.filter { stored[$0.identity] != nil })
        let context = Retraining(Set(stored.keys))
        for (_, group) in Dictionary(grouping: chains, by: { model.packKey(of: $0) }).sorted(by: { $0.key < $1.key }) {
            context.add(group)
            context.run(model, threads: min(threads, group.count))
            if let error = context.failure { throw error }
        }
        let trained = context.observations
        // Points that are not done may lack a net; where all do, the model has none.
        if !trained.isEmpty, trained.values.allSatisfy({ $0.weights == nil }) { throw TrainedNetsError.noWeights }
        return try points.compactMap { point in
            guard let old = stored[point.identity] else { return nil }
            guard let new = trained[point.identity] else {
                throw TrainedNetsError(description: "\(inWords(point)): the model did not train it again")
            }
            let differing = old.values.first { new.values[$0.key] != $0.value }
            guard old.outcome == new.outcome, differing == nil else {
                let what =
                    differing.map { "\($0.key) \(new.values[$0.key].map { "\($0)" } ?? "nothing"), stored \($0.value)" }
                    ?? "\(new.outcome.rawValue), stored \(old.outcome.rawValue)"
                throw TrainedNetsError(
                    description: "\(inWords(point)): trained again it gives \(what): the results are of another "
                        + "version, or the store has changed")
            }
            return TrainedNet(observation: old, arrays: new.weights?() ?? [])
        }
    }

    /// The chains that hold some points, each once.
    private func chains(holding points: [Point]) -> [Chain] {
        var open = Set(points.filter { $0.direction != .cold }.map(\.identity))
        let cold = points.filter { $0.direction == .cold }.map { Chain(points: [$0], axis: spec.along) }
        var warm: [Chain] = []
        for index in 0..<chainedChainCount where !open.isEmpty {
            let chain = chain(at: index)
            let found = chain.points.filter { open.contains($0.identity) }
            if found.isEmpty { continue }
            open.subtract(found.map(\.identity))
            warm.append(chain)
        }
        return warm + cold
    }
}

/// Chains that are run without a store.
private final class Retraining: RunContext {
    private struct State {
        var chains: [Chain] = []
        var observations: [PointIdentity: Observation] = [:]
        var failure: (any Error)?
    }
    private let state = Mutex(State())
    private let wanted: Set<PointIdentity>

    init(_ wanted: Set<PointIdentity>) { self.wanted = wanted }

    var failure: (any Error)? { state.withLock(\.failure) }
    var observations: [PointIdentity: Observation] { state.withLock(\.observations) }

    func add(_ chains: [Chain]) { state.withLock { $0.chains += chains.reversed() } }

    func run(_ model: any Model, threads: Int) {
        let ended = DispatchSemaphore(value: 0)
        for number in 0..<threads {
            let thread = Thread { [self] in
                do {
                    let worker = try model.worker(number)
                    defer { worker.end() }
                    var left = -1
                    // A worker may return while chains are left, but not for ever.
                    while !isCancelled, case let count = state.withLock({ $0.chains.count }), count > 0, count != left {
                        left = count
                        try worker.run(self)
                    }
                } catch {
                    state.withLock { $0.failure = $0.failure ?? error }
                }
                ended.signal()
            }
            thread.stackSize = 16 << 20
            thread.start()
        }
        for _ in 0..<threads { ended.wait() }
    }

    // MARK: - RunContext

    var isCancelled: Bool { failure != nil }
    func nextChain() -> Chain? { isCancelled ? nil : state.withLock { $0.chains.popLast() } }

    func record(_ observation: Observation) {
        guard wanted.contains(observation.point.identity) else { return }
        state.withLock { state in
            state.observations[observation.point.identity] = observation
            if observation.weights == nil, observation.outcome.isDone, state.failure == nil {
                state.failure = TrainedNetsError.noWeights
            }
        }
    }

    func checkpoint(of chain: Chain) -> [UInt8]? { nil }
    func save(checkpoint: [UInt8], of chain: Chain) {}
}
