import Kernels
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
    }

    /// Which hidden units of the encoder are on for which samples, samples × hidden; of use for ReLU.
    package typealias Pattern = [Bool]

    func variances(_ weights: [Double]) -> [Double] {
        (0..<shape.latent).map {
            shape.learnsPosterior ? exponential(weights[shape.logVariance + $0]) : encoderVariance
        }
    }

    /// Inputs W x + a of the encoder's hidden units, samples × hidden.
    func encoderInputs(_ weights: [Double]) -> [Double] {
        let (d, h) = (shape.inputs, shape.hidden)
        var inputs = [Double](repeating: 0, count: count * h)
        for n in 0..<count {
            for i in 0..<h {
                var sum = shape.hasBiases ? weights[shape.encoderInBias + i] : 0
                for a in 0..<d { sum += weights[shape.encoderIn + i * d + a] * samples[n * d + a] }
                inputs[n * h + i] = sum
            }
        }
        return inputs
    }

    func pattern(_ weights: [Double]) -> Pattern { encoderInputs(weights).map { $0 > 0 } }

    /// φ and φ' of the encoder's hidden units.
    private func encoded(_ inputs: [Double], _ pattern: Pattern?) -> (
        values: [Double], slopes: [Double]
    ) {
        switch activation {
        case .linear: return (inputs, inputs.map { _ in 1 })
        case .tanh:
            let values = ElementaryFunction.tanh(inputs)
            return (values, values.map { 1 - $0 * $0 })
        case .relu:
            let slopes = inputs.indices.map { (pattern?[$0] ?? (inputs[$0] > 0)) ? 1.0 : 0 }
            return (zip(inputs, slopes).map(*), slopes)
        }
    }

    /// - Parameter pattern: where given, the encoder's units are on or off as it says, whatever their inputs: the loss on
    ///   one side of its kinks, continued beyond them.
    package func value(_ weights: [Double], pattern: Pattern? = nil) -> Value {
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        let (values, slopes) = encoded(encoderInputs(weights), pattern)
        let variances = variances(weights)
        func matrix(_ start: Int, _ count: Int) -> [Double] { Array(weights[start..<start + count]) }
        let output = matrix(shape.decoderOut, d * h)
        let outputBias =
            shape.hasBiases ? matrix(shape.decoderOutBias, d) : Array(repeating: 0, count: d)
        var gram = [Double](repeating: 0, count: h * h)
        for i in 0..<h {
            for j in 0..<h { for b in 0..<d { gram[i * h + j] += output[b * h + i] * output[b * h + j] } }
        }
        let layer = DecoderLayer(
            hidden: h, latent: k, weights: matrix(shape.decoderIn, h * k),
            biases: shape.hasBiases ? matrix(shape.decoderInBias, h) : Array(repeating: 0, count: h),
            variances: variances, gram: gram)
        var sums = DecoderSums(hidden: h, latent: k)
        let average: any DecoderAverage =
            activation == .relu
            ? RectifiedAverage(layer) : QuadratureAverage(layer, rule, isLinear: activation == .linear)

        var means = [Double](repeating: 0, count: count * k)
        var meanForces = means
        // The averages of (x − u)_b E φ_i and of E φ_i over samples.
        var (cross, first) = ([Double](repeating: 0, count: d * h), [Double](repeating: 0, count: h))
        var square = 0.0
        for n in 0..<count {
            for a in 0..<k {
                var sum = shape.hasBiases ? weights[shape.encoderOutBias + a] : 0
                for i in 0..<h { sum += weights[shape.encoderOut + a * h + i] * values[n * h + i] }
                means[n * k + a] = sum
            }
            let rest = (0..<d).map { samples[n * d + $0] - outputBias[$0] }
            let pull = (0..<h).map { i in (0..<d).reduce(0) { $0 + output[$1 * h + i] * rest[$1] } }
            average.add(
                DecoderSample(weight: shares[n], mean: Array(means[n * k..<n * k + k]), pull: pull),
                to: &sums)
            for a in 0..<k { meanForces[n * k + a] = shares[n] * sums.mean[a] }
            for i in 0..<h {
                first[i] += shares[n] * sums.first[i]
                for b in 0..<d { cross[b * h + i] += shares[n] * rest[b] * sums.first[i] }
            }
            square += shares[n] * rest.reduce(0) { $0 + $1 * $1 }
        }
        return assembled(
            weights, values, slopes, variances, layer, sums, output: output, outputBias: outputBias,
            means: means,
            meanForces: meanForces, cross: cross, first: first, square: square)
    }

    private func assembled(
        _ weights: [Double], _ values: [Double], _ slopes: [Double], _ variances: [Double],
        _ layer: DecoderLayer,
        _ sums: DecoderSums, output: [Double], outputBias: [Double], means: [Double],
        meanForces: [Double],
        cross: [Double], first: [Double], square: Double
    ) -> Value {
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        // ‖U φ − (x − u)‖² and its derivatives count with this.
        let scale = 1 / (2 * decoderVariance)
        var distortion = square
        for i in 0..<h {
            for j in 0..<h { distortion += layer.gram[i * h + j] * sums.second[i * h + j] }
        }
        for b in 0..<d { for i in 0..<h { distortion -= 2 * output[b * h + i] * cross[b * h + i] } }
        var divergence = 0.0
        for index in means.indices { divergence += shares[index / k] * means[index] * means[index] }
        divergence /= 2 * encoderVariance
        for a in 0..<k {
            let ratio = variances[a] / encoderVariance
            divergence += 0.5 * (ratio - 1 - (shape.learnsPosterior ? logarithm(ratio) : 0))
        }

        var gradient = [Double](repeating: 0, count: weightCount)
        var slope = gradient
        for index in 0..<h * k { gradient[shape.decoderIn + index] = scale * sums.weights[index] }
        for b in 0..<d {
            for i in 0..<h {
                var sum = -cross[b * h + i]
                for j in 0..<h { sum += output[b * h + j] * sums.second[j * h + i] }
                gradient[shape.decoderOut + b * h + i] = 2 * scale * sum
            }
        }
        var outputMean = outputBias
        for b in 0..<d { for i in 0..<h { outputMean[b] += output[b * h + i] * first[i] } }
        if shape.hasBiases {
            for i in 0..<h { gradient[shape.decoderInBias + i] = scale * sums.biases[i] }
            for b in 0..<d {
                let mean = (0..<count).reduce(0) { $0 + shares[$1] * samples[$1 * d + b] }
                gradient[shape.decoderOutBias + b] = (outputMean[b] - mean) / decoderVariance
            }
        }
        if shape.learnsPosterior {
            for a in 0..<k {
                slope[shape.logVariance + a] = 0.5 * (variances[a] / encoderVariance - 1)
                gradient[shape.logVariance + a] = scale * sums.variances[a] * variances[a]
            }
        }
        addEncoder(weights, values, slopes, meanForces.map { scale * $0 }, to: &gradient)
        addEncoder(
            weights, values, slopes, means.indices.map { shares[$0 / k] / encoderVariance * means[$0] },
            to: &slope)
        for i in gradient.indices { gradient[i] += beta * slope[i] }
        var penalty = 0.0
        for i in 0..<shape.encoderInBias {
            penalty += weights[i] * weights[i]
            gradient[i] += 2 * decay * weights[i]
        }
        return Value(
            loss: scale * distortion + lostVariance / (2 * decoderVariance) + beta * divergence + decay
                * penalty,
            divergence: divergence, gradient: gradient, divergenceGradient: slope, means: means,
            outputMean: outputMean,
            outputSecondMoment: outputSecondMoment(output, outputBias, first, sums.second))
    }

    /// Passes forces on the posterior means, samples × latent, on to the encoder's weights.
    private func addEncoder(
        _ weights: [Double], _ values: [Double], _ slopes: [Double], _ forces: [Double],
        to gradient: inout [Double]
    ) {
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        for n in 0..<count {
            for i in 0..<h {
                var back = 0.0
                for a in 0..<k {
                    let force = forces[n * k + a]
                    gradient[shape.encoderOut + a * h + i] += force * values[n * h + i]
                    back += force * weights[shape.encoderOut + a * h + i]
                }
                back *= slopes[n * h + i]
                for b in 0..<d { gradient[shape.encoderIn + i * d + b] += back * samples[n * d + b] }
                if shape.hasBiases { gradient[shape.encoderInBias + i] += back }
            }
            if shape.hasBiases {
                for a in 0..<k { gradient[shape.encoderOutBias + a] += forces[n * k + a] }
            }
        }
    }

    private func outputSecondMoment(
        _ output: [Double], _ bias: [Double], _ first: [Double], _ second: [Double]
    ) -> [Double] {
        let (d, h) = (shape.inputs, shape.hidden)
        let linear = (0..<d).map { b in (0..<h).reduce(0) { $0 + output[b * h + $1] * first[$1] } }
        var moment = [Double](repeating: 0, count: d * d)
        for b in 0..<d {
            for i in 0..<h {
                let row = (0..<h).reduce(0) { $0 + output[b * h + $1] * second[$1 * h + i] }
                for e in 0..<d { moment[b * d + e] += row * output[e * h + i] }
            }
            for e in 0..<d {
                moment[b * d + e] += bias[b] * bias[e] + bias[b] * linear[e] + linear[b] * bias[e]
            }
        }
        return moment
    }
}
