import GSLNumerics
import Lanes
import PhaseSpace

/// Where the collapsed state of a nonlinear β-VAE loses its stability, exact for any data (derived for this project).
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
/// collapse is locally of second order where e κ² < w, with a jump of F″ by η²/(2ζ₁² (w − e κ²)), and of first order beyond: at
/// κ² = w/e lies a tricritical point. In one dimension κ is the skewness of the data. The expansion is local: a distant
/// state of lower loss comes first on leptokurtic data. It comes no later than β = σ_s²/η², σ_s² = sup_λ 2 ln E e^{λ·x}/‖λ‖²
/// the sub-Gaussian variance of the data: beyond, the collapsed state is the best of all encoders and decoders, as it solves
/// the conditions of Blahut (1972) for the rate–distortion function's slope 1/(2η²β), and no VAE beats that function.
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
    /// Whether the net is linear, so that the expansion is the whole truth.
    public let isLinear: Bool
    /// σ_s²; nil where it is not known.
    public let subGaussianVariance: Double?

    public init(
        variance: Double, skewness: Double, posterior: LinearVAETheory.Posterior, activation: VAEActivation,
        hasBiases: Bool, decoderVariance: Double, subGaussianVariance: Double? = nil
    ) {
        isLinear = activation == .linear
        self.subGaussianVariance = subGaussianVariance
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

    /// How sure the order is: a collapse that is of second order as far as the expansion sees may have a first-order one
    /// above it; one of first order is.
    public var claim: Claim { isLinear ? .exact : order == .first ? .bound : .local }

    /// What is known of the place, in words.
    public var sentence: String {
        let upper = subGaussianVariance.map { ", and there is none above \($0 / decoderVariance)" } ?? ""
        let start = "the collapsed net loses its stability at β = \(criticalBeta)"
        switch claim {
        case .exact: return "second order: the last mode collapses"
        case .bound: return "first order: \(start), where others are better already\(upper)"
        default: return "\(start); a first-order transition above is not excluded\(upper)"
        }
    }

    /// The collapse of the last mode.
    public var transition: Transition {
        var transition = Transition(order: order ?? .undecided, sentence: sentence)
        transition.claim = claim
        transition.lowerSpinodal = Estimate(criticalBeta)
        if claim != .exact {
            transition.lowerBound = criticalBeta
            transition.upperBound = subGaussianVariance.map { $0 / decoderVariance }
        }
        guard order == .second else { return transition }
        transition.location = Estimate(criticalBeta)
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
    /// σ_s² = sup 2 K(λ)/λ² of one input for K(λ) = ln E e^{λx}, from above, to 1e-4 of itself; nil for several inputs.
    ///
    /// K is convex, so that between two points of a grid it lies below their chord. With L = max|x| its derivatives at 0 bound
    /// it for λL ≤ 1e-3: 2K/λ² ≤ σ² + λ|κ₃|/3 + λ²L²σ²/3, up to the tilt of the fourth one.
    var subGaussianVariance: Double? {
        guard inputs == 1 else { return nil }
        let largest = values.reduce(0) { max($0, abs($1)) }
        func mean(_ f: (Double) -> Double) -> Double { zip(shares, values).reduce(0) { $0 + $1.0 * f($1.1) } }
        let variance = mean { $0 * $0 }
        guard largest > 0, variance > 0 else { return nil }
        func cumulants(_ lambda: Double) -> Double {
            guard abs(lambda) * largest > 1 else {
                // Data of mean 0: what is left of e^t without 1 + t.
                return logarithmOnePlus(mean { Self.exponentialBeyondLinear(lambda * $0) })
            }
            let peak = values.reduce(-Double.infinity) { max($0, lambda * $1) }
            return peak + logarithm(mean { exponential(lambda * $0 - peak) })
        }
        let start = 1e-3 / largest
        var best = variance * (1 + 3.4e-7) + start * abs(mean { $0 * $0 * $0 }) / 3
        for sign in [1.0, -1] {
            var (low, valueAtLow) = (start, cumulants(sign * start))
            // Beyond, K ≤ λ max|x| leaves less than the variance.
            while 2 * largest / low > variance {
                let high = low * 1.01
                let valueAtHigh = cumulants(sign * high)
                let slope = (valueAtHigh - valueAtLow) / (high - low)
                let offset = valueAtLow - slope * low
                let top = -2 * offset / slope
                for place in [low, high] + (low < top && top < high ? [top] : []) {
                    best = max(best, 2 * (offset + slope * place) / (place * place))
                }
                (low, valueAtLow) = (high, valueAtHigh)
            }
        }
        return best
    }

    /// e^t − 1 − t for |t| ≤ 1, by its series where it would cancel.
    private static func exponentialBeyondLinear(_ t: Double) -> Double {
        guard abs(t) < 0.1 else { return exponential(t) - 1 - t }
        var (term, sum) = (t * t / 2, 0.0)
        for k in 3...12 {
            sum += term
            term *= t / Double(k)
        }
        return sum
    }

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
