import Lanes
import PhaseSpace

/// What a hidden unit of a VAE does to its input.
public enum VAEActivation: String, ControlChoice {
    case linear, tanh, relu
}

/// A β-VAE with one hidden layer in the encoder and one in the decoder, as a function of its weights.
///
/// L = (1/2η_dec²) E‖U φ(B z + c) + u − x‖² + β Σ_i [E μ_i²/2η_enc² + ½ (σ_i²/η_enc² − 1 − ln σ_i²/η_enc²)] + γ Σθ², with
/// μ = V φ(W x + a) + v and z ~ N(μ, diag σ²), averaged over the samples x and over the noise of z. The noise's average is
/// exact for linear nets and ReLU, a Gauss–Hermite rule for tanh. γ acts on matrices, not on biases.
package struct VAENet: Sendable {
    let shape: VAEShape
    let activation: VAEActivation
    /// Samples × inputs.
    let samples: [Double]
    /// Of each sample in the average over data; they add up to 1.
    let shares: [Double]
    let beta: Double
    /// η_dec².
    let decoderVariance: Double
    /// η_enc².
    let encoderVariance: Double
    let decay: Double
    /// What the samples do not hold of E‖x‖²: a constant of the loss.
    let lostVariance: Double
    let rule: LatentQuadrature

    /// E‖x‖², without what the samples do not hold.
    var power: Double {
        samples.indices.reduce(0) { $0 + shares[$1 / shape.inputs] * samples[$1] * samples[$1] }
    }
    var count: Int { samples.count / shape.inputs }
    package var weightCount: Int { shape.weightCount }

    /// Everything at some weights.
    package struct Value {
        package var loss: Double
        package var divergence: Double
        package var gradient: [Double]
        /// ∂∇L/∂β.
        package var divergenceGradient: [Double]
        /// μ, samples × latent.
        var means: [Double]
        /// E ŷ and E ŷŷᵀ over samples and noise.
        var outputMean: [Double]
        var outputSecondMoment: [Double]
        /// ∂²L/∂θ∂θ, weights × weights, where it was asked for: on this side of the encoder's kinks.
        package var hessian: [Double]?

        var withoutHessian: Value {
            var value = self
            value.hessian = nil
            return value
        }
    }

    func variances(_ weights: [Double]) -> [Double] {
        (0..<shape.latent).map {
            shape.learnsPosterior ? exponential(weights[shape.logVariance + $0]) : encoderVariance
        }
    }
}
