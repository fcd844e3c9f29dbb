/// Gradient descent on the two-layer linear net f = u·v / √m with one sample x = 1, y = 0, which closes in two numbers:
/// x = ηλ with the tangent kernel λ = (|u|² + |v|²)/m, and the residual z = η² f² / m.
///
/// With an L2 term (w/2)|θ|² and ω = ηw: x′ = (1 − ω)² x + z x − 4(1 − ω) z and s′ = s[(1 − ω)² − (1 − ω) x + z] for
/// s = η f / √m, z = s². Always z ≤ x²/4.
///
/// Source: the map without decay is standard (Lewkowycz et al., arXiv 2003.02218); decay, boundaries and limits are
/// derived here and checked numerically.
public struct CatapultMap: Sendable, Hashable {
    /// ηλ.
    public private(set) var rate: Double
    /// s = ηf/√m.
    public private(set) var residual: Double
    /// ω.
    public let decay: Double

    /// - Parameter squaredResidual: z₀; the net starts with a positive output.
    /// - Precondition: 0 ≤ z₀ ≤ x₀²/4.
    public init(rate x: Double, squaredResidual z: Double, decay: Double = 0) {
        precondition(z >= 0 && z <= x * x / 4, "a net with kernel x has z ≤ x²/4")
        rate = x
        residual = z.squareRoot()
        self.decay = decay
    }

    /// z.
    public var squaredResidual: Double { residual * residual }

    public mutating func advance() {
        let keep = 1 - decay
        let z = squaredResidual
        residual *= keep * keep - keep * rate + z
        rate = keep * keep * rate + z * rate - 4 * keep * z
    }

    /// Where the residual of a net near its solution begins to grow: x_c = (1 − ω) + 1/(1 − ω), 2 without decay.
    public static func onset(decay: Double) -> Double { 1 - decay + 1 / (1 - decay) }

    /// Where a net that starts with a residual of finite size leaves the lazy regime: x_c + z₀/(1 − ω), its first step then
    /// just keeps its size. From 4 on it diverges instead where there is no decay.
    public static func onset(decay: Double, squaredResidual z: Double) -> Double {
        onset(decay: decay) + z / (1 - decay)
    }

    /// Above this x₀ almost every net diverges; below, without decay, almost none does.
    public static let divergence = 4.0

    /// How a whole run ends.
    public struct Fate: Sendable, Hashable {
        /// Lazy, catapult or divergent; nil where the step limit came first.
        public let regime: TrainingRegime?
        /// ηλ at the end.
        public let finalRate: Double
        /// The largest z.
        public let peak: Double
        public let steps: Int
    }

    /// Runs until the residual has vanished, relative to its start by 1e-15, or has exceeded all bounds.
    public func fate(maximumSteps: Int = 1_000_000) -> Fate {
        var map = self
        let start = squaredResidual
        var peak = start
        for step in 0..<maximumSteps {
            let z = map.squaredResidual
            peak = max(peak, z)
            guard z < 1e12, map.rate.isFinite else {
                return Fate(regime: .divergent, finalRate: map.rate, peak: peak, steps: step)
            }
            // The residual must shrink for good: the present step's factor is then below 1.
            if z <= 1e-30 * max(start, 1e-200) || z < 1e-290, map.rate < Self.onset(decay: decay) {
                let regime: TrainingRegime = peak > start ? .catapult : .lazy
                return Fate(regime: regime, finalRate: map.rate, peak: peak, steps: step)
            }
            map.advance()
        }
        return Fate(regime: nil, finalRate: map.rate, peak: peak, steps: maximumSteps)
    }
}
