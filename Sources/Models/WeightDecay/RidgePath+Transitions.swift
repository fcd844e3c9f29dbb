import GSLNumerics
import Lanes

/// The transition between the trivial and an ordered phase.
public struct TrivialTransition: Sendable, Hashable {
    /// G*: the geometric mean of the decays at which both phases have equal loss.
    public let decay: Double
    /// Where the last ordered branch ends: the largest decay with a non-trivial stationary point.
    public let spinodal: Double
    /// t just below the transition; 0 at a second-order one.
    public let layerSquaredNorm: Double
    /// The lowest pass between the phases above their common loss: that of the highest unstable point between them, where
    /// other phases lie on the way; 0 at a second-order transition.
    public let barrier: Double
    /// F″(G*+) − F″(G*−).
    public let curvatureJump: Double
    /// Whether the order parameter jumps.
    public let isFirstOrder: Bool
}

/// A first-order transition between two trained phases.
public struct SecondaryTransition: Sendable, Hashable {
    public let decay: Double
    /// t above the transition (the smaller) and below it.
    public let smallerSquaredNorm: Double
    public let largerSquaredNorm: Double
    /// Common loss of both phases.
    public let freeEnergy: Double
    /// Whether the free energy goes through it: false where a third phase, often the trivial one, lies lower.
    public let isGlobal: Bool
}

extension RidgePath {
    /// The lowest stationary point below the trivial phase, nil where the trivial phase is global. A tie is trivial.
    public func globalMinimum(atDecay decay: Double) throws -> StationaryPoint? {
        let lowest = try stationaryPoints(atDecay: decay).filter(\.isStable)
            .min { $0.freeEnergy < $1.freeEnergy }
        guard let lowest, depthBelowOrigin(lowest.logRidge) > 0 || depth == 0 else { return nil }
        return lowest
    }

    /// Nil where there is none: no hidden layer, or no signal.
    public func trivialTransition() throws -> TrivialTransition? {
        guard !isSilent, depth >= 1 else { return nil }
        if depth == 1 {
            let critical = signalStrength.squareRoot()
            return TrivialTransition(
                decay: critical, spinodal: critical, layerSquaredNorm: 0, barrier: 0,
                curvatureJump: 2 / meanVariance, isFirstOrder: false)
        }
        let shift = logarithm(1 / Double(depth - 1))
        let ties = try signChanges(
            of: depthBelowOrigin, from: shift + logarithm(alphas.min()!), to: shift + logarithm(alphas.max()!))
        guard let x = ties.filter({ stability($0) > 0 }).max(by: { logDecay($0) < logDecay($1) }) else { return nil }
        let point = stationaryPoint(x)
        // Every path to the origin sinks through all smaller norms t. For each of them the lowest loss is that of a
        // balanced net with the best predictor of that norm; its maxima over t are the unstable points of larger μ.
        let passes = try segments().filter { !$0.isStable && $0.high > x }.compactMap { segment in
            try crossing(of: point.decay, in: segment)
        }.filter { $0 > x }
        guard let highest = passes.map({ -depthBelowOrigin($0) }).max() else {
            throw GSLError.notBracketed("no unstable point lies between the phases at \(point.decay)")
        }
        return TrivialTransition(
            decay: point.decay, spinodal: exponential(try folds().map(logDecay).max() ?? logarithm(point.decay)),
            layerSquaredNorm: point.layerSquaredNorm, barrier: highest,
            curvatureJump: -point.curvature, isFirstOrder: true)
    }

    /// Ties of two trained phases by rising decay, also those that a lower third phase hides.
    public func secondaryTransitions() throws -> [SecondaryTransition] {
        let stable = try segments().filter(\.isStable)
        var found: [SecondaryTransition] = []
        for i in stable.indices {
            for j in stable.indices where j > i {
                guard let decay = try equalLossDecay(stable[i], stable[j]),
                    let inner = try crossing(of: decay, in: stable[i]).map(stationaryPoint),
                    let outer = try crossing(of: decay, in: stable[j]).map(stationaryPoint)
                else { continue }
                let common = min(depthBelowOrigin(inner.logRidge), depthBelowOrigin(outer.logRidge))
                // Only third phases are asked, so that no tolerance decides.
                let others = try stable.indices.filter { $0 != i && $0 != j }.compactMap { k in
                    try crossing(of: decay, in: stable[k]).map(depthBelowOrigin)
                }
                found.append(
                    SecondaryTransition(
                        decay: decay, smallerSquaredNorm: outer.layerSquaredNorm,
                        largerSquaredNorm: inner.layerSquaredNorm, freeEnergy: inner.freeEnergy,
                        isGlobal: common > 0 && others.allSatisfy { $0 <= common }))
            }
        }
        return found.sorted { $0.decay < $1.decay }
    }

    /// The decay at which two stable branches have equal loss: unique, since the branch of smaller μ has the larger
    /// norm, and with it the steeper loss.
    private func equalLossDecay(_ inner: Segment, _ outer: Segment) throws -> Double? {
        func decayRange(_ s: Segment) -> (low: Double, high: Double) {
            (s.low.isFinite ? logDecay(s.low) : -.infinity, s.high.isFinite ? logDecay(s.high) : .infinity)
        }
        let (a, b) = (decayRange(inner), decayRange(outer))
        let (low, high) = (max(a.low, b.low), min(a.high, b.high))
        guard low.isFinite, high.isFinite, low < high else { return nil }
        // At the very folds a branch may be missed by rounding.
        let margin = 1e-13 * max(1, abs(low), abs(high))
        let window = (low + margin)...(high - margin)
        func difference(_ logDecay: Double) throws -> Double {
            guard let x = try crossing(of: exponential(logDecay), in: inner),
                let y = try crossing(of: exponential(logDecay), in: outer)
            else { return .nan }
            return depthBelowOrigin(y) - depthBelowOrigin(x)
        }
        let (f, g) = (try difference(window.lowerBound), try difference(window.upperBound))
        guard f.isFinite, g.isFinite, (f < 0) != (g < 0) else { return nil }
        return exponential(try root(of: difference, in: window))
    }
}
