import GSLNumerics
import Lanes

/// Where signals go in deep random nets.
public enum SignalPhase: String, Sendable, CaseIterable {
    /// χ₁ < 1: all inputs become equal, gradients vanish.
    case ordered
    /// χ₁ > 1 with a bounded activation: inputs decorrelate, gradients explode.
    case chaotic
    /// χ₁ > 1 with a homogeneous activation: norms and gradients explode, and yet correlations go to 1.
    case exploding
    /// χ₁ = 1.
    case critical
}

/// The fixed point of the maps and how fast signals approach it.
public struct SignalFixedPoint: Sendable {
    public let phase: SignalPhase
    /// q*; nil where the variance grows without bound.
    public let variance: Double?
    /// c*.
    public let correlation: Double
    /// χ₁.
    public let susceptibility: Double
    /// dc′/dc at c*.
    public let correlationSlope: Double
    /// ξ_c = −1 / ln χ(c*) in layers; nil at criticality.
    public let correlationDepth: Double?
    /// ξ_q = −1 / ln(dq′/dq) in layers; nil where the variance does not converge exponentially.
    public let varianceDepth: Double?
}

extension MeanField {
    /// - Throws: `GSLError` where a root is not found.
    public func fixedPoint() throws -> SignalFixedPoint {
        if let factor = activation.varianceFactor { return homogeneousFixedPoint(chi: weightVariance * factor) }
        let q = try fixedVariance()
        let chi = susceptibility(correlation: 1, variance: q)
        let isCritical = abs(chi - 1) < 1e-12
        let isChaotic = chi > 1 && !isCritical
        let c = isChaotic ? try chaoticCorrelation(variance: q) : 1
        let slope = c == 1 ? chi : susceptibility(correlation: c, variance: q)
        return SignalFixedPoint(
            phase: isCritical ? .critical : isChaotic ? .chaotic : .ordered, variance: q, correlation: c,
            susceptibility: chi, correlationSlope: slope, correlationDepth: Self.depth(slope),
            varianceDepth: Self.depth(varianceSlope(at: q)))
    }

    /// Homogeneous activations: χ₁ = σ_w²(a² + b²) whatever the variance.
    private func homogeneousFixedPoint(chi: Double) -> SignalFixedPoint {
        let isCritical = abs(chi - 1) < 1e-12
        let phase: SignalPhase = isCritical ? .critical : chi > 1 ? .exploding : .ordered
        let depth = phase == .ordered ? Self.depth(chi) : nil
        return SignalFixedPoint(
            phase: phase, variance: phase == .ordered ? biasVariance / (1 - chi) : nil, correlation: 1,
            susceptibility: chi, correlationSlope: chi, correlationDepth: depth, varianceDepth: depth)
    }

    /// The largest fixed point of the variance map of a bounded activation, which is the stable one.
    func fixedVariance() throws -> Double {
        let ceiling = weightVariance + biasVariance
        // Without biases q = 0 is always a fixed point; it is the stable one while the map's slope there is below 1.
        if biasVariance == 0, varianceSlope(at: 0) <= 1 { return 0 }
        let floor = biasVariance > 0 ? biasVariance : 1e-12 * ceiling
        guard variance(after: floor) > floor else { return biasVariance }
        return try root(of: { variance(after: $0) - $0 }, in: floor...ceiling)
    }

    /// c* < 1. At its upper end the bracket leaves out the unstable fixed point c = 1.
    private func chaoticCorrelation(variance q: Double) throws -> Double {
        func excess(_ c: Double) -> Double { correlation(after: c, variance: q) - c }
        let top = 1 - 1e-6
        guard excess(top) < 0 else { return 1 }
        return try root(of: excess, in: 0...top)
    }

    private static func depth(_ slope: Double) -> Double? {
        let depth = -1 / logarithm(slope)
        return slope > 0 && depth > 0 && depth.isFinite ? depth : nil
    }
}

/// The edge of chaos, χ₁ = 1.
extension SignalActivation {
    /// The point of the critical line at which preactivations have variance q: σ_w² = 1 / E φ′², σ_b² = q − σ_w² E φ².
    public func criticalPoint(variance q: Double) -> (weightVariance: Double, biasVariance: Double) {
        let weight = 1 / slopeProduct(q, 1)
        return (weight, q - weight * square(q))
    }

    /// The critical weight variance, and the variance q* there, at a bias variance; for homogeneous activations the
    /// line is straight, and q* is nil.
    /// - Throws: `GSLError` where no point of the line has that bias variance.
    public func criticalPoint(biasVariance: Double) throws -> (weightVariance: Double, variance: Double?) {
        if let factor = varianceFactor { return (1 / factor, nil) }
        if biasVariance == 0 { return (1 / slopeProduct(0, 1), 0) }
        func excess(_ q: Double) -> Double { criticalPoint(variance: q).biasVariance - biasVariance }
        var high = 2 * biasVariance + 1
        while excess(high) < 0, high < 1e6 { high *= 2 }
        let q = try root(of: excess, in: biasVariance...high)
        return (criticalPoint(variance: q).weightVariance, q)
    }
}
