import GSLNumerics
import Lanes

/// Signal propagation through infinitely wide random nets: preactivations of two inputs are Gaussian with a variance q
/// and a correlation c that layer after layer follow two maps.
///
/// Source: Poole et al., arXiv 1606.05340; Schoenholz et al., arXiv 1611.01232; closed forms for erf by Williams (1997)
/// and for ReLU by Cho & Saul (2009). Other expectations over normal variables are trapezoidal sums, whose error falls
/// exponentially with their step for analytic integrands.
public struct MeanField: Sendable, Hashable {
    public let activation: SignalActivation
    /// σ_w² = (number of inputs) · Var(weight).
    public let weightVariance: Double
    /// σ_b² = Var(bias).
    public let biasVariance: Double

    /// - Precondition: a positive weight variance and a bias variance that is not negative.
    public init(activation: SignalActivation, weightVariance: Double, biasVariance: Double) {
        precondition(weightVariance > 0 && biasVariance >= 0, "variances are positive, that of the biases may be 0")
        self.activation = activation
        self.weightVariance = weightVariance
        self.biasVariance = biasVariance
    }

    // MARK: - Maps

    /// q′ = σ_w² E φ(√q z)² + σ_b².
    public func variance(after q: Double) -> Double { weightVariance * activation.square(q) + biasVariance }

    /// dq′/dq.
    public func varianceSlope(at q: Double) -> Double { weightVariance * activation.squareSlope(q) }

    /// c′ where both inputs have variance q before and `variance(after: q)` after the layer.
    public func correlation(after c: Double, variance q: Double) -> Double {
        (weightVariance * activation.product(q, c) + biasVariance) / variance(after: q)
    }

    /// 1 − c′ for 1 − c = d, where both inputs have variance q before and after the layer: what is left of small distances
    /// is not lost to rounding.
    func distance(after d: Double, fixedVariance q: Double) -> Double {
        weightVariance * activation.differenceSquare(q, d) / (2 * q)
    }

    /// χ(c) = σ_w² E φ′(u₁) φ′(u₂), the slope dc′/dc at the fixed variance; by it a layer multiplies squared gradients
    /// of equal inputs (c = 1).
    public func susceptibility(correlation c: Double, variance q: Double) -> Double {
        weightVariance * activation.slopeProduct(q, c)
    }

    /// χ(1 − d), likewise.
    func susceptibility(distance d: Double, variance q: Double) -> Double {
        weightVariance * activation.slopeProduct(q, distance: d)
    }
}

extension SignalActivation {
    /// E φ(√q z)².
    func square(_ q: Double) -> Double {
        switch self {
        case .twoSlopes(let a, let b): (a * a + b * b) * q
        case .erf: 2 / .pi * arcsine(2 * q / (1 + 2 * q))
        case .tanh: normalMean(variance: q) { self.value($0) * self.value($0) }
        }
    }

    /// d/dq E φ(√q z)² = E φ φ′ z / √q, which needs no second derivative.
    func squareSlope(_ q: Double) -> Double {
        switch self {
        case .twoSlopes(let a, let b): a * a + b * b
        case .erf: 4 / .pi / ((1 + 2 * q) * (1 + 4 * q).squareRoot())
        case .tanh: q > 0 ? normalMean(variance: q) { self.value($0) * self.slope($0) * $0 } / q : 1
        }
    }

    /// E φ(u₁) φ(u₂) for normal u of variance q and correlation c.
    func product(_ q: Double, _ c: Double) -> Double {
        switch self {
        case .twoSlopes(let a, let b):
            (a * a + b * b) * q * CriticalKernel(asymmetry: asymmetry!).correlation(after: c)
        case .erf: 2 / .pi * arcsine(2 * q * c / (1 + 2 * q))
        // Odd in c, and exactly 0 for independent inputs, as φ is odd.
        case .tanh:
            if c == 0 {
                0
            } else {
                (c < 0 ? -1 : 1) * (square(q) - TanhPair(variance: q, distance: 1 - abs(c)).differenceSquare / 2)
            }
        }
    }

    /// E (φ(u₁) − φ(u₂))² for correlation 1 − d ≥ 0.
    func differenceSquare(_ q: Double, _ d: Double) -> Double {
        switch self {
        case .twoSlopes(let a, let b):
            return 2 * (a * a + b * b) * q * CriticalKernel(asymmetry: asymmetry!).distance(after: d)
        case .erf:
            // arcsine x − arcsine y by the sine of the difference.
            let x = 2 * q / (1 + 2 * q)
            let y = x * (1 - d)
            let (p, r) = ((1 + 4 * q).squareRoot() / (1 + 2 * q), (1 - y * y).squareRoot())
            return 4 / .pi * arcsine(min(1, x * x * d * (2 - d) / (x * r + y * p)))
        case .tanh: return d == 0 ? 0 : TanhPair(variance: q, distance: d).differenceSquare
        }
    }

    /// E φ′(u₁) φ′(u₂) for correlation 1 − d.
    func slopeProduct(_ q: Double, distance d: Double) -> Double {
        switch self {
        case .twoSlopes, .tanh: return slopeProduct(q, 1 - d)
        case .erf: return 4 / .pi / ((1 + 2 * q * d) * (1 + 2 * q * (2 - d))).squareRoot()
        }
    }

    /// q E φ′² − E φ² ≥ 0, by what φ has beyond its linear part a₁z: that part would cancel.
    func bendingVariance(_ q: Double) -> Double {
        switch self {
        case .twoSlopes(_, let b): return b * b * q * (1 - 2 / .pi)
        case .tanh, .erf:
            let root = q.squareRoot()
            let linear = root * normalMean(variance: q, slope)
            let slopes = normalMean(variance: q) { (s: Double) in
                let rest = root * self.slope(s) - linear
                return rest * rest
            }
            let values = normalMean(variance: q) { (s: Double) in
                let rest = self.value(s) - linear * s / root
                return rest * rest
            }
            return slopes - values
        }
    }

    /// E φ′(u₁) φ′(u₂).
    func slopeProduct(_ q: Double, _ c: Double) -> Double {
        switch self {
        case .twoSlopes(let a, let b):
            return (a * a + b * b) * CriticalKernel(asymmetry: asymmetry!).slope(at: c)
        case .erf:
            let d = 1 + 2 * q
            return 4 / .pi / (d * d - 4 * q * q * c * c).squareRoot()
        case .tanh:
            if q == 0 { return 1 }
            if c == 1 { return normalMean(variance: q) { self.slope($0) * self.slope($0) } }
            return TanhPair(variance: q, distance: 1 - abs(c)).slopeProduct
        }
    }
}

/// Nodes and weights of E f(z) for a standard normal z: a trapezoidal rule to |z| = 8.6, beyond which less than 1e-17
/// of the distribution lies.
private struct NormalNodes {
    let z: [Double]
    let weights: [Double]

    /// The step shrinks with the width of the strip |Im z| < π / (2√q) in which tanh(√q z) is analytic.
    init(variance q: Double) {
        let step = min(0.2, 0.25 / q.squareRoot())
        let half = Int((8.6 / step).rounded(.up))
        z = (-half...half).map { Double($0) * step }
        weights = z.map { step / (2 * .pi).squareRoot() * exponential(-$0 * $0 / 2) }
    }
}

private func normalMean(variance q: Double, _ f: (Double) -> Double) -> Double {
    let nodes = NormalNodes(variance: q)
    let root = q.squareRoot()
    var sum = 0.0
    for (z, weight) in zip(nodes.z, nodes.weights) { sum += weight * f(root * z) }
    return sum
}
