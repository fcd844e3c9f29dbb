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
    /// q*; nil where the variance grows without bound, or keeps its size.
    public let variance: Double?
    /// c*; nil where correlations freeze at a value that depends on the inputs.
    public let correlation: Double?
    /// χ₁, by which a layer multiplies small squared gradients.
    public let susceptibility: Double
    /// dc′/dc at c*; 1 where correlations freeze, or approach c* by a power of the depth.
    public let correlationSlope: Double
    /// ξ_c = −1 / ln of that slope in layers; nil where the approach is not exponential.
    public let correlationDepth: Double?
    /// ξ_q = −1 / ln(dq′/dq) in layers; nil where the variance does not converge exponentially.
    public let varianceDepth: Double?

    /// About the relative error of q*, 1 − c* and the depths: near the critical line they rest on a difference from 1.
    public var relativeError: Double {
        let gaps = [susceptibility, correlationDepth == nil ? 0 : correlationSlope].map { abs(1 - $0) }
        return 16 * Double.ulpOfOne / max(Double.ulpOfOne, gaps.filter { $0 > 0 }.min() ?? 1)
    }
}

extension MeanField {
    /// - Throws: `GSLError` where a root is not found.
    public func fixedPoint() throws -> SignalFixedPoint {
        if let factor = activation.varianceFactor { return homogeneousFixedPoint(chi: weightVariance * factor) }
        let q = try fixedVariance()
        let chi = susceptibility(correlation: 1, variance: q)
        let isCritical = abs(chi - 1) < 1e-12
        // Signals that vanish see the activation's linear part only, which moves no correlation.
        if q == 0 {
            return SignalFixedPoint(
                phase: isCritical ? .critical : .ordered, variance: 0, correlation: nil, susceptibility: chi,
                correlationSlope: 1, correlationDepth: nil, varianceDepth: isCritical ? nil : Self.depth(chi))
        }
        let isChaotic = chi > 1 && !isCritical
        let d = isChaotic ? try chaoticDistance(variance: q) : 0
        let slope = d == 0 ? chi : susceptibility(distance: d, variance: q)
        return SignalFixedPoint(
            phase: isCritical ? .critical : isChaotic ? .chaotic : .ordered, variance: q, correlation: 1 - d,
            susceptibility: chi, correlationSlope: slope, correlationDepth: isCritical ? nil : Self.depth(slope),
            varianceDepth: Self.depth(varianceSlope(at: q)))
    }

    /// Homogeneous activations: χ₁ = σ_w²(a² + b²) whatever the variance.
    ///
    /// Only in the ordered phase with biases are correlations tied to a variance. Elsewhere they follow the activation's
    /// own map, whose slope at c = 1 is 1: 1 − c falls as k⁻². A linear net's map is c′ = c; at criticality biases add up
    /// nevertheless, and 1 − c falls as 1/k.
    private func homogeneousFixedPoint(chi: Double) -> SignalFixedPoint {
        let isCritical = abs(chi - 1) < 1e-12
        let phase: SignalPhase = isCritical ? .critical : chi > 1 ? .exploding : .ordered
        let depth = phase == .ordered ? Self.depth(chi) : nil
        let isTied = phase == .ordered && biasVariance > 0
        let freezes = activation.asymmetry == 0 && (biasVariance == 0 || phase == .exploding)
        return SignalFixedPoint(
            phase: phase, variance: phase == .ordered ? biasVariance / (1 - chi) : nil, correlation: freezes ? nil : 1,
            susceptibility: chi, correlationSlope: isTied ? chi : 1, correlationDepth: isTied ? depth : nil,
            varianceDepth: depth)
    }

    /// The largest fixed point of the variance map of a bounded activation, which is the stable one.
    func fixedVariance() throws -> Double {
        let ceiling = weightVariance + biasVariance
        // Without biases q = 0 is always a fixed point; it is the stable one while the map's slope there is not above 1.
        let growth = varianceSlope(at: 0) - 1
        if biasVariance == 0, growth <= 1e-12 { return 0 }
        let floor = biasVariance > 0 ? biasVariance : min(1e-12 * ceiling, 1e-3 * growth)
        guard variance(after: floor) > floor else { return biasVariance }
        return try root(of: { variance(after: $0) - $0 }, in: floor...ceiling)
    }

    /// 1 − c* > 0. The map of c is convex, so that d′/d falls from χ₁ > 1 at d = 0, and passes 1 once.
    private func chaoticDistance(variance q: Double) throws -> Double {
        // Independent inputs stay so without biases.
        if biasVariance == 0 { return 1 }
        func growth(_ d: Double) -> Double { distance(after: d, fixedVariance: q) / d - 1 }
        var low = 0.5
        while growth(low) <= 0 {
            low /= 8
            // No double holds a c* so near 1.
            guard low > 1e-15 else { return 0 }
        }
        return growth(1) >= 0 ? 1 : try root(of: growth, in: low...1)
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
        return (weight, weight * bendingVariance(q))
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
