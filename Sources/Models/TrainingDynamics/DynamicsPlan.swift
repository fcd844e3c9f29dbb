import PhaseSpace

/// How one run of training dynamics is driven and what it records.
public struct DynamicsPlan: Sendable, Hashable {
    public enum Schedule: String, ControlChoice {
        /// η = c/λ₀.
        case constant
        /// η_t = κ/λ_t with the largest tangent-kernel eigenvalue at the present weights.
        case geometry
        /// η_t = κ/λ_t with λ_t ≈ |∇L|²/(2L), the Rayleigh quotient along the residual.
        case rayleigh
    }

    /// c = ηλ₀, or κ of a schedule.
    public var relativeRate: Double
    public var schedule = Schedule.constant
    /// Share of the steps at the end that run at ηλ = 1.
    public var annealing = 0.0
    /// Whether each layer's rate is multiplied by the ξ_k that cancels forward and backward norms.
    public var normalizesLayers = false
    /// γ of a term γ‖θ‖² in the loss.
    public var weightDecay = 0.0
    public var steps: Int
    /// Steps between recorded rows; 0 records none.
    public var record = 0
    /// Whether recorded rows, start and end have the sharpness.
    public var measuresSharpness = false

    public init(relativeRate: Double, steps: Int) {
        self.relativeRate = relativeRate
        self.steps = steps
    }

    /// The first step of the annealing.
    var annealingStart: Int { steps - Int((annealing * Double(steps)).rounded()) }

    func isRecorded(_ step: Int) -> Bool { record > 0 && (step % record == 0 || step == steps) }
}

/// Cosine of the new update u_t and the cumulative one D_t = θ_t − θ_0.
public struct UpdateCosine: Sendable {
    /// ⟨u, D⟩, |u|² and |D|² of each layer.
    public var products: [Double]
    public var updateNorms: [Double]
    public var displacementNorms: [Double]

    /// Nil where either vanishes.
    public var total: Double? {
        Self.cosine(products.reduce(0, +), updateNorms.reduce(0, +), displacementNorms.reduce(0, +))
    }
    public var layers: [Double?] {
        products.indices.map { Self.cosine(products[$0], updateNorms[$0], displacementNorms[$0]) }
    }

    private static func cosine(_ product: Double, _ a: Double, _ b: Double) -> Double? {
        let norm = (a * b).squareRoot()
        return norm > 0 && norm.isFinite ? product / norm : nil
    }
}

/// The cosine of a net whose tangent kernel stays as it was: cos_lin(t).
///
/// Source: derived here. With eigenpairs (λ_i, v_i) of Θ(0), ρ_i = (v_i·r_0)², μ_i = (1 − ηλ_i)^t and
/// S_i = (1 − μ_i)/(ηλ_i): Σ λρμS / √(Σ λρμ² · Σ λρS²).
public struct LazyCosine: Sendable {
    let eigenvalues: [Double]
    let weights: [Double]
    let rate: Double

    /// - Parameter rate: η.
    init(eigenvalues: [Double], vectors: [[Double]], residuals: [Double], rate: Double) {
        self.eigenvalues = eigenvalues
        self.rate = rate
        weights = vectors.map { vector in
            let overlap = zip(vector, residuals).reduce(0) { $0 + $1.0 * $1.1 }
            return overlap * overlap
        }
    }

    /// Nil at t = 0, where there is no displacement yet.
    public func value(step t: Int) -> Double? {
        guard t > 0 else { return nil }
        var (product, update, displacement) = (0.0, 0.0, 0.0)
        for (value, weight) in zip(eigenvalues, weights) where value > 0 {
            let x = rate * value
            // (1 − x)^t by repeated squaring: whole powers of negative numbers have a sign.
            var (mu, base, exponent) = (1.0, 1 - x, t)
            while exponent > 0 {
                if exponent & 1 == 1 { mu *= base }
                base *= base
                exponent >>= 1
            }
            let sum = (1 - mu) / x
            product += value * weight * mu * sum
            update += value * weight * mu * mu
            displacement += value * weight * sum * sum
        }
        let norm = (update * displacement).squareRoot()
        return norm > 0 && norm.isFinite ? product / norm : nil
    }
}
