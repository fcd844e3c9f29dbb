import Lanes

/// The net of `CatapultMap` under the schedule η_t = κ/λ_t, which keeps x = κ: a map of the circle.
///
/// With τ = (|p|² − |q|²)/(|p|² + |q|²) = 2s/κ for p = u + v, q = u − v, and β = κ(4 − κ)/4:
/// τ′ = τ (1 − κ + κ²τ²/4) / (1 − βτ²) and λ′/λ = 1 − βτ². Above κ = 2 a Blaschke product of the circle, so that τ has
/// the arcsine law and the exponents below are exact.
///
/// Source: derived here; the schedule is our reconstruction of the one that arXiv 2502.13110 version 1 announces.
public struct ProlongedCatapult: Sendable {
    /// κ = η_t λ_t.
    public let kappa: Double
    /// |p|² and |q|² as shares of their sum: kept apart, the smaller one does not drown in the larger.
    private var shares: (p: Double, q: Double)
    /// ln(λ_t/λ_0).
    public private(set) var logKernel = 0.0

    /// - Parameter imbalance: τ₀ in [−1, 1].
    public init(kappa: Double, imbalance: Double) {
        self.kappa = kappa
        shares = ((1 + imbalance) / 2, (1 - imbalance) / 2)
    }

    /// τ.
    public var imbalance: Double { shares.p - shares.q }
    private var beta: Double { kappa * (4 - kappa) / 4 }

    /// Both after the next step, in units of their present sum: p ← (1 − s) p, q ← (1 + s) q with s = κτ/2.
    private var next: (p: Double, q: Double) {
        let s = kappa * imbalance / 2
        return ((1 - s) * (1 - s) * shares.p, (1 + s) * (1 + s) * shares.q)
    }

    /// ln(λ_{t+1}/λ_t) of the next step.
    public var flattening: Double { logarithm(next.p + next.q) }

    /// dτ′/dτ of the next step.
    public var slope: Double {
        let t = imbalance * imbalance
        let a = kappa * kappa / 4
        let ratio = next.p + next.q
        let numerator = (1 - kappa + 3 * a * t) * ratio + 2 * beta * t * (1 - kappa + a * t)
        return numerator / (ratio * ratio)
    }

    public mutating func advance() {
        let (p, q) = next
        let sum = p + q
        logKernel += logarithm(sum)
        shares = (p / sum, q / sum)
    }

    /// Λ(κ) = ln{[3 − c² + √((1 − c²)(9 − c²))]/2} with c = (4 − κ)/κ for κ ≥ 2: 0 at 2, ln 3 at 4. Below 2 the
    /// exponent of the fixed point τ = 0, ln|1 − κ|.
    public static func lyapunovExponent(kappa: Double) -> Double {
        // Differences from 1 are taken before logarithms: both exponents vanish at 2, the first one at 0 as well.
        guard kappa >= 2 else { return kappa < 1 ? logarithmOnePlus(-kappa) : logarithmOnePlus(kappa - 2) }
        let gap = 8 * (kappa - 2) / (kappa * kappa)
        return logarithmOnePlus((gap + (gap * (8 + gap)).squareRoot()) / 2)
    }

    /// ⟨ln λ_{t+1}/λ_t⟩ = 2 ln(κ/4) for κ > 2; 0 below, where training converges.
    public static func flatteningRate(kappa: Double) -> Double { kappa > 2 ? 2 * logarithmOnePlus((kappa - 4) / 4) : 0 }

    /// Where the schedule begins to prolong, and where λ grows instead of falling: both exact.
    public static let boundaries = (onset: 2.0, divergence: 4.0)
}

/// S_k(r) = k^{2−r} + s_φ Σ_{i<k} i^{2−r}: by how much the widths m k^r let one step of gradient descent at the edge of
/// chaos change the preactivations of hidden layer k: ρ_k² = η² S_k(r) / (γ² m) for one sample of unit residual.
///
/// Source: derived here. That widths grow with a power of depth, and that r = 2 is recommended, is recovered from
/// arXiv 2502.13110 version 2.
public func preactivationBudget(layer k: Int, widthExponent r: Double, slopeFluctuation: Double) -> Double {
    func share(_ i: Int) -> Double { power(Double(i), 2 - r) }
    return share(k) + slopeFluctuation * (1..<max(1, k)).reduce(0) { $0 + share($1) }
}
