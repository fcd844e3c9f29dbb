import GSLNumerics
import PhaseSpace

/// Where the collapsed state of a nonlinear β-VAE gives way, exact for any data (derived for this project).
///
/// Take prior variance 1, data of mean 0, and collapsed weights with frozen hidden features f(x) of the encoder and g(z)
/// of the decoder. To second order in the outgoing weights V and U the loss changes by
/// (1/2η²) [Tr U G Uᵀ − 2 Tr U J V C] + (β/2) Tr V Φ Vᵀ, with G = E ggᵀ, J = E ∂g/∂z = E g zᵀ (Stein), Φ = E ffᵀ and
/// C = E f xᵀ, all z from the prior. It turns negative below β = σ²_max(G^{-1/2} J Φ^{-1/2} C)/η². By Bessel's inequality
/// JᵀG⁻¹J ≤ 1 and CᵀΦ⁻¹C ≤ E xxᵀ, so that no features do better than those that hold z and the first principal component
/// themselves: **β* = ζ₁²/η²**, that of the linear VAE. tanh reaches them in the limit of small weights, ReLU with a pair
/// of units.
///
/// To fourth order, with μ = a u, u = v·x/ζ₁, and ŷ = v λ z + q e(z) with an even function e: skewed data let the
/// curvature of the decoder gain −a² q·t E[e He₂] where t = E[x u²], for ½‖q‖² E e². With all else at its optimum
/// L − L₀ = ½(β − ζ₁²/η²) a² + (ζ₁²/4η²) (w − e κ²) a⁴, κ = ‖t‖/ζ₁, w = 1 for a learned posterior and 2 for a fixed one,
/// and e = (E[e He₂])²/2E e²: 0 for odd decoders, 1/π for |z| (ReLU without biases), 1 for z² − 1 (tanh with biases). The
/// collapse is of second order where e κ² < w, with a jump of F″ by η²/(2ζ₁² (w − e κ²)), and of first order beyond: at
/// κ² = w/e lies a tricritical point. In one dimension κ is the skewness of the data. The expansion is local: a distant
/// state of lower loss would come first.
public struct VAETheory: Sendable {
    /// ζ₁², the largest eigenvalue of E xxᵀ.
    public let variance: Double
    /// κ.
    public let skewness: Double
    /// w.
    public let stiffness: Double
    /// e; nil where it depends on the number of units.
    public let evenness: Double?
    public let decoderVariance: Double

    public init(
        variance: Double, skewness: Double, posterior: LinearVAETheory.Posterior, activation: VAEActivation,
        hasBiases: Bool, decoderVariance: Double
    ) {
        self.variance = variance
        self.skewness = skewness
        stiffness = posterior == .learned ? 1 : 2
        evenness =
            switch (activation, hasBiases) {
            case (.linear, _), (.tanh, false): 0
            case (.tanh, true): 1
            case (.relu, false): 1 / Double.pi
            case (.relu, true): nil
            }
        self.decoderVariance = decoderVariance
    }

    /// β*, where the collapsed state loses its stability.
    public var criticalBeta: Double { variance / decoderVariance }

    /// κ beyond which the collapse is of first order; nil where that is never, or not known.
    public var tricriticalSkewness: Double? {
        evenness.flatMap { $0 > 0 ? (stiffness / $0).squareRoot() : nil }
    }

    /// Nil where the expansion does not tell.
    public var order: TransitionOrder? {
        // No even function does better than e = 1.
        if skewness * skewness < stiffness * (1 - 1e-12), (evenness ?? 1) * skewness * skewness < stiffness {
            return .second
        }
        guard let evenness else { return nil }
        return evenness * skewness * skewness < stiffness ? .second : .first
    }

    /// The collapse of the last mode where it is of second order; nil elsewhere.
    public var transition: Transition? {
        guard order == .second else { return nil }
        var transition = Transition(
            order: .second, location: Estimate(criticalBeta), sentence: "second order: the last mode collapses")
        transition.jump = Estimate(0)
        transition.latentHeat = Estimate(0)
        if let evenness {
            transition.curvatureJump = Estimate(
                1 / (2 * criticalBeta * (stiffness - evenness * skewness * skewness)))
        }
        return transition
    }
}

extension VAESamples {
    /// ζ₁² and κ. The latter supposes that the largest eigenvalue is a simple one.
    func leadingMode() throws -> (variance: Double, skewness: Double) {
        let system = try symmetricEigenSystem(secondMoment, order: inputs)
        guard let variance = system.values.last, let axis = system.vectors.last, variance > 0 else { return (0, 0) }
        var third = [Double](repeating: 0, count: inputs)
        for (row, share) in shares.enumerated() {
            let along = (0..<inputs).reduce(0) { $0 + axis[$1] * values[row * inputs + $1] }
            for i in 0..<inputs { third[i] += share * values[row * inputs + i] * along * along / variance }
        }
        let length = third.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return (variance, length / variance.squareRoot())
    }
}
