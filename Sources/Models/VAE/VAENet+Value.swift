import Kernels
import Lanes

extension VAENet {
    /// The hidden layer of the encoder for all samples: φ(W x + a), φ' and φ'', samples × hidden.
    struct Encoded {
        let values: [Double]
        let slopes: [Double]
        /// Nil where φ'' is zero everywhere, but for kinks.
        let curvatures: [Double]?
    }

    func encoded(_ weights: [Double]) -> Encoded {
        let (d, h) = (shape.inputs, shape.hidden)
        var inputs = [Double](repeating: 0, count: count * h)
        for n in 0..<count {
            for i in 0..<h {
                var sum = shape.hasBiases ? weights[shape.encoderInBias + i] : 0
                for a in 0..<d { sum += weights[shape.encoderIn + i * d + a] * samples[n * d + a] }
                inputs[n * h + i] = sum
            }
        }
        switch activation {
        case .linear:
            return Encoded(values: inputs, slopes: Array(repeating: 1, count: inputs.count), curvatures: nil)
        case .tanh:
            let values = ElementaryFunction.tanh(inputs)
            let slopes = values.map { 1 - $0 * $0 }
            return Encoded(values: values, slopes: slopes, curvatures: zip(values, slopes).map { -2 * $0 * $1 })
        case .relu:
            return Encoded(values: inputs.map { max(0, $0) }, slopes: inputs.map { $0 > 0 ? 1 : 0 }, curvatures: nil)
        }
    }

    func decoderLayer(_ weights: [Double], _ variances: [Double]) -> DecoderLayer {
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        let output = shape.decoderOut
        var gram = [Double](repeating: 0, count: h * h)
        for i in 0..<h {
            for j in 0..<h {
                for b in 0..<d { gram[i * h + j] += weights[output + b * h + i] * weights[output + b * h + j] }
            }
        }
        let bias = shape.decoderInBias
        return DecoderLayer(
            hidden: h, latent: k, weights: Array(weights[shape.decoderIn..<shape.decoderIn + h * k]),
            biases: shape.hasBiases ? Array(weights[bias..<bias + h]) : Array(repeating: 0, count: h),
            variances: variances, gram: gram)
    }

    /// Sums over the samples of what their moments bring to the loss and its gradient, each with its share.
    struct Sums {
        /// ‖x − u‖².
        var square = 0.0
        /// E φ_i and E φ_i φ_j.
        var first: [Double]
        var second: [Double]
        /// (x − u)_b E φ_i, inputs × hidden.
        var cross: [Double]
        /// ∂q by B, c and ln s.
        var weights: [Double]
        var biases: [Double]
        var logVariances: [Double]
        /// μ and ∂q/∂μ with the sample's share, samples × latent.
        var means: [Double]
        var meanForces: [Double]

        init(_ shape: VAEShape, samples: Int) {
            let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
            first = Array(repeating: 0, count: h)
            second = Array(repeating: 0, count: h * h)
            cross = Array(repeating: 0, count: d * h)
            weights = Array(repeating: 0, count: h * k)
            biases = first
            logVariances = Array(repeating: 0, count: k)
            means = Array(repeating: 0, count: samples * k)
            meanForces = means
        }
    }

    /// - Parameter curvature: whether the Hessian is asked for; it costs two or three times what the rest does.
    package func value(_ weights: [Double], curvature: Bool = false) -> Value {
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        let encoded = encoded(weights)
        let variances = variances(weights)
        let layer = decoderLayer(weights, variances)
        let average: any DecoderAverage =
            activation == .relu
            ? RectifiedAverage(layer) : QuadratureAverage(layer, rule, isLinear: activation == .linear)
        let moments = DecoderMoments(hidden: h, latent: k, wantsCurvature: curvature)
        let hessian = curvature ? VAEHessian(self, weights, layer, encoded) : nil
        var sums = Sums(shape, samples: count)
        var (mean, pull) = ([Double](repeating: 0, count: k), [Double](repeating: 0, count: h))
        var rest = [Double](repeating: 0, count: d)
        for n in 0..<count {
            let share = shares[n]
            for a in 0..<k {
                var sum = shape.hasBiases ? weights[shape.encoderOutBias + a] : 0
                for i in 0..<h { sum += weights[shape.encoderOut + a * h + i] * encoded.values[n * h + i] }
                mean[a] = sum
            }
            for b in 0..<d {
                rest[b] = samples[n * d + b] - (shape.hasBiases ? weights[shape.decoderOutBias + b] : 0)
            }
            for i in 0..<h {
                var sum = 0.0
                for b in 0..<d { sum += weights[shape.decoderOut + b * h + i] * rest[b] }
                pull[i] = sum
            }
            average.fill(moments, mean: mean, pull: pull)
            add(moments, layer, mean: mean, rest: rest, share, n, to: &sums)
            hessian?.add(moments, mean: mean, rest: rest, meanForces: sums.meanForces, sample: n)
        }
        var value = assembled(weights, encoded, layer, sums)
        value.hessian = hessian?.finished(sums)
        return value
    }

    private func add(
        _ moments: DecoderMoments, _ layer: DecoderLayer, mean: [Double], rest: [Double], _ share: Double, _ n: Int,
        to sums: inout Sums
    ) {
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        for index in 0..<h * h { sums.second[index] += share * moments.second[index] }
        for i in 0..<h {
            let first = share * moments.first[i]
            sums.first[i] += first
            for b in 0..<d { sums.cross[b * h + i] += rest[b] * first }
            let force = moments.force + i * (k + 1)
            sums.biases[i] += share * force[0]
            for a in 0..<k {
                let weight = layer.weights[i * k + a]
                sums.weights[i * k + a] += share * (mean[a] * force[0] + force[a + 1])
                sums.logVariances[a] += 0.5 * share * weight * force[a + 1]
                sums.meanForces[n * k + a] += share * weight * force[0]
            }
        }
        for a in 0..<k { sums.means[n * k + a] = mean[a] }
        for b in 0..<d { sums.square += share * rest[b] * rest[b] }
    }

    private func assembled(_ weights: [Double], _ encoded: Encoded, _ layer: DecoderLayer, _ sums: Sums) -> Value {
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        let (output, outputBias) = (shape.decoderOut, shape.decoderOutBias)
        // ‖U φ − (x − u)‖² and its derivatives count with this.
        let scale = 1 / (2 * decoderVariance)
        var distortion = sums.square
        for index in 0..<h * h { distortion += layer.gram[index] * sums.second[index] }
        for index in 0..<d * h { distortion -= 2 * weights[output + index] * sums.cross[index] }
        var divergence = 0.0
        for index in sums.means.indices { divergence += shares[index / k] * sums.means[index] * sums.means[index] }
        divergence /= 2 * encoderVariance
        for a in 0..<k {
            let ratio = layer.variances[a] / encoderVariance
            divergence += 0.5 * (ratio - 1 - (shape.learnsPosterior ? logarithm(ratio) : 0))
        }

        var gradient = [Double](repeating: 0, count: weightCount)
        var slope = gradient
        for index in 0..<h * k { gradient[shape.decoderIn + index] = scale * sums.weights[index] }
        for b in 0..<d {
            for i in 0..<h {
                var sum = -sums.cross[b * h + i]
                for j in 0..<h { sum += weights[output + b * h + j] * sums.second[j * h + i] }
                gradient[output + b * h + i] = 2 * scale * sum
            }
        }
        var bias = [Double](repeating: 0, count: d)
        if shape.hasBiases { for b in 0..<d { bias[b] = weights[outputBias + b] } }
        var outputMean = bias
        for b in 0..<d { for i in 0..<h { outputMean[b] += weights[output + b * h + i] * sums.first[i] } }
        if shape.hasBiases {
            for i in 0..<h { gradient[shape.decoderInBias + i] = scale * sums.biases[i] }
            for b in 0..<d {
                let mean = (0..<count).reduce(0) { $0 + shares[$1] * samples[$1 * d + b] }
                gradient[outputBias + b] = (outputMean[b] - mean) / decoderVariance
            }
        }
        if shape.learnsPosterior {
            for a in 0..<k {
                slope[shape.logVariance + a] = 0.5 * (layer.variances[a] / encoderVariance - 1)
                gradient[shape.logVariance + a] = scale * sums.logVariances[a]
            }
        }
        addEncoder(weights, encoded, sums.meanForces.map { scale * $0 }, to: &gradient)
        addEncoder(
            weights, encoded, sums.means.indices.map { shares[$0 / k] / encoderVariance * sums.means[$0] }, to: &slope)
        for i in gradient.indices { gradient[i] += beta * slope[i] }
        var penalty = 0.0
        for i in 0..<shape.encoderInBias {
            penalty += weights[i] * weights[i]
            gradient[i] += 2 * decay * weights[i]
        }
        return Value(
            loss: scale * distortion + lostVariance / (2 * decoderVariance) + beta * divergence + decay * penalty,
            divergence: divergence, gradient: gradient, divergenceGradient: slope, means: sums.means,
            outputMean: outputMean, outputSecondMoment: outputSecondMoment(weights, bias, sums))
    }

    /// Passes forces on the posterior means, samples × latent, on to the encoder's weights.
    private func addEncoder(
        _ weights: [Double], _ encoded: Encoded, _ forces: [Double], to gradient: inout [Double]
    ) {
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        for n in 0..<count {
            for i in 0..<h {
                var back = 0.0
                for a in 0..<k {
                    let force = forces[n * k + a]
                    gradient[shape.encoderOut + a * h + i] += force * encoded.values[n * h + i]
                    back += force * weights[shape.encoderOut + a * h + i]
                }
                back *= encoded.slopes[n * h + i]
                for b in 0..<d { gradient[shape.encoderIn + i * d + b] += back * samples[n * d + b] }
                if shape.hasBiases { gradient[shape.encoderInBias + i] += back }
            }
            if shape.hasBiases {
                for a in 0..<k { gradient[shape.encoderOutBias + a] += forces[n * k + a] }
            }
        }
    }

    /// E ŷŷᵀ, inputs × inputs.
    private func outputSecondMoment(_ weights: [Double], _ bias: [Double], _ sums: Sums) -> [Double] {
        let (d, h) = (shape.inputs, shape.hidden)
        func output(_ b: Int, _ i: Int) -> Double { weights[shape.decoderOut + b * h + i] }
        let linear = (0..<d).map { b in (0..<h).reduce(0) { $0 + output(b, $1) * sums.first[$1] } }
        var moment = [Double](repeating: 0, count: d * d)
        for b in 0..<d {
            for i in 0..<h {
                let row = (0..<h).reduce(0) { $0 + output(b, $1) * sums.second[$1 * h + i] }
                for e in 0..<d { moment[b * d + e] += row * output(e, i) }
            }
            for e in 0..<d {
                moment[b * d + e] += bias[b] * bias[e] + bias[b] * linear[e] + linear[b] * bias[e]
            }
        }
        return moment
    }
}
