/// The Hessian of a VAE's loss, as the samples' moments add up.
///
/// Decoder and posterior see a sample through its moments; the encoder's weights act through μ alone. With M = ∂²/∂μ∂μ and
/// C = ∂²/∂μ∂θ (θ the decoder's weights) of each sample, the encoder's part is JᵀMJ + Σ_a g_a ∂²μ_a and its mixed part JᵀC,
/// where J = ∂μ and g = ∂/∂μ. Each pair of weights is added once, on one side of the diagonal, and mirrored at the end.
final class VAEHessian {
    let net: VAENet
    let shape: VAEShape
    let weights: [Double]
    let layer: DecoderLayer
    let encoded: VAENet.Encoded
    let size: Int
    private let matrix: UnsafeMutablePointer<Double>

    /// A weight that moves the hidden inputs of the decoder.
    private struct Inner {
        enum Kind { case weight, bias, logVariance }
        let kind: Kind
        /// The unit of a weight or bias, and the latent variable of a weight or ln s.
        let unit: Int
        let latent: Int
        /// Of the weight among all.
        let index: Int
    }
    private let inner: [Inner]

    /// Σ share E[φ'_i ν̃_a φ_l] and likewise with μ_a in place of ν_a: (i, ã) × hidden, the latter without ã = 0.
    private var cross: [Double]
    private var meanCross: [Double]
    /// Σ share E[φ'_i ν̃_a] (x − u)_b, (i, ã) × inputs, and with μ_a.
    private var pulls: [Double]
    private var meanPulls: [Double]
    /// Σ share E[φ'_i ν̃_a], and with μ_a.
    private var slopes: [Double]
    private var meanSlopes: [Double]

    /// Of one sample: G A_p, rows of (i, ã) for each inner weight and then for each μ.
    private var images: [Double]
    /// ∂²q/∂μ∂θ, latent × weights, at the decoder's indices.
    var mixed: [Double]
    var meanHessian: [Double]
    var meanForce: [Double]
    /// ∂μ_a/∂y_i, latent × hidden.
    var encoderSlopes: [Double]
    var row: [Double]

    init(_ net: VAENet, _ weights: [Double], _ layer: DecoderLayer, _ encoded: VAENet.Encoded) {
        self.net = net
        shape = net.shape
        self.weights = weights
        self.layer = layer
        self.encoded = encoded
        size = weights.count
        matrix = .allocate(capacity: size * size)
        matrix.initialize(repeating: 0, count: size * size)
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        var inner: [Inner] = []
        for i in 0..<h {
            for a in 0..<k {
                inner.append(Inner(kind: .weight, unit: i, latent: a, index: shape.decoderIn + i * k + a))
            }
        }
        if shape.hasBiases {
            for i in 0..<h { inner.append(Inner(kind: .bias, unit: i, latent: 0, index: shape.decoderInBias + i)) }
        }
        if shape.learnsPosterior {
            for a in 0..<k {
                inner.append(Inner(kind: .logVariance, unit: 0, latent: a, index: shape.logVariance + a))
            }
        }
        self.inner = inner
        let inputs = h * (k + 1)
        func zeros(_ count: Int) -> [Double] { Array(repeating: 0, count: count) }
        (cross, meanCross) = (zeros(inputs * h), zeros(inputs * h))
        (pulls, meanPulls) = (zeros(inputs * d), zeros(inputs * d))
        (slopes, meanSlopes) = (zeros(inputs), zeros(inputs))
        images = zeros((inner.count + k) * inputs)
        mixed = zeros(k * size)
        (meanHessian, meanForce) = (zeros(k * k), zeros(k))
        encoderSlopes = zeros(k * h)
        row = zeros(max(size, h * d))
    }

    deinit { matrix.deallocate() }

    lazy var decoderIndices: [Int] = {
        let biases = shape.hasBiases ? Array(shape.decoderInBias..<shape.logVariance) : []
        return Array(shape.decoderIn..<shape.encoderInBias) + biases + Array(shape.logVariance..<size)
    }()

    var scale: Double { 1 / (2 * net.decoderVariance) }

    func put(_ i: Int, _ j: Int, _ value: Double) { matrix[i * size + j] += value }

    // MARK: - Samples

    /// - Parameters:
    ///   - rest: x − u.
    ///   - meanForces: share · ∂q/∂μ, samples × latent, filled for this sample.
    func add(_ moments: DecoderMoments, mean: [Double], rest: [Double], meanForces: [Double], sample: Int) {
        let share = net.shares[sample]
        addSums(moments, mean: mean, rest: rest, share)
        addInner(moments, mean: mean, share)
        fillMixed(moments, mean: mean, rest: rest, share)
        addEncoder(mean: mean, meanForces: meanForces, sample, share)
    }

    private func addSums(_ moments: DecoderMoments, mean: [Double], rest: [Double], _ share: Double) {
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        for i in 0..<h {
            let base = i * (k + 1)
            for a in 0...k {
                let row = base + a
                let slope = share * moments.slope[row]
                slopes[row] += slope
                for l in 0..<h { cross[row * h + l] += share * moments.cross[row * h + l] }
                for b in 0..<d { pulls[row * d + b] += slope * rest[b] }
                guard a > 0 else { continue }
                let weight = share * mean[a - 1]
                let meanSlope = weight * moments.slope[base]
                meanSlopes[row] += meanSlope
                for l in 0..<h { meanCross[row * h + l] += weight * moments.cross[base * h + l] }
                for b in 0..<d { meanPulls[row * d + b] += meanSlope * rest[b] }
            }
        }
    }

    /// The part of B, c and ln s among themselves, and what of it involves μ.
    private func addInner(_ moments: DecoderMoments, mean: [Double], _ share: Double) {
        let (h, k) = (shape.hidden, shape.latent)
        let (directions, inputs) = (k + 1, moments.inputs)
        images.withUnsafeMutableBufferPointer { images in
            for (p, weight) in inner.enumerated() {
                let image = images.baseAddress! + p * inputs
                let base = weight.unit * directions
                switch weight.kind {
                case .weight:
                    let (own, centre) = (
                        moments.curvature + (base + weight.latent + 1) * inputs, moments.curvature + base * inputs
                    )
                    let mean = mean[weight.latent]
                    for x in 0..<inputs { image[x] = own[x] + mean * centre[x] }
                case .bias:
                    let centre = moments.curvature + base * inputs
                    for x in 0..<inputs { image[x] = centre[x] }
                case .logVariance:
                    for x in 0..<inputs { image[x] = 0 }
                    for i in 0..<h {
                        let own = moments.curvature + (i * directions + weight.latent + 1) * inputs
                        let half = 0.5 * layer.weights[i * k + weight.latent]
                        for x in 0..<inputs { image[x] += half * own[x] }
                    }
                }
            }
            for a in 0..<k {
                let image = images.baseAddress! + (inner.count + a) * inputs
                for x in 0..<inputs { image[x] = 0 }
                for i in 0..<h {
                    let centre = moments.curvature + i * directions * inputs
                    let weight = layer.weights[i * k + a]
                    for x in 0..<inputs { image[x] += weight * centre[x] }
                }
            }
            let factor = share * scale
            for (p, weight) in inner.enumerated() {
                let image = UnsafePointer(images.baseAddress! + p * inputs)
                for q in p..<inner.count {
                    put(weight.index, inner[q].index, factor * along(inner[q], image, mean))
                }
                // h is bilinear in B and the noise, whose size √s has a second derivative by ln s.
                guard weight.kind == .logVariance else { continue }
                for i in 0..<h {
                    let force = moments.force[i * directions + weight.latent + 1]
                    let bilinear = shape.decoderIn + i * k + weight.latent
                    put(weight.index, weight.index, factor * 0.25 * layer.weights[i * k + weight.latent] * force)
                    put(bilinear, weight.index, factor * 0.5 * force)
                }
            }
            for a in 0..<k {
                let image = UnsafePointer(images.baseAddress! + (inner.count + a) * inputs)
                for b in 0..<k {
                    var sum = 0.0
                    for i in 0..<h { sum += layer.weights[i * k + b] * image[i * directions] }
                    meanHessian[a * k + b] = sum
                }
                for weight in inner {
                    mixed[a * size + weight.index] = along(weight, image, mean)
                }
                for i in 0..<h {
                    mixed[a * size + shape.decoderIn + i * k + a] += moments.force[i * directions]
                }
            }
        }
    }

    /// The inner product of a vector over (i, ã) with a weight's own.
    private func along(_ weight: Inner, _ vector: UnsafePointer<Double>, _ mean: [Double]) -> Double {
        let (h, k) = (shape.hidden, shape.latent)
        let base = weight.unit * (k + 1)
        switch weight.kind {
        case .weight: return vector[base + weight.latent + 1] + mean[weight.latent] * vector[base]
        case .bias: return vector[base]
        case .logVariance:
            var sum = 0.0
            for i in 0..<h { sum += layer.weights[i * k + weight.latent] * vector[i * (k + 1) + weight.latent + 1] }
            return 0.5 * sum
        }
    }

    // MARK: - The end

    /// The Hessian, once all samples are in.
    func finished(_ sums: VAENet.Sums) -> [Double] {
        addOutputs(sums)
        for index in 0..<shape.encoderInBias { put(index, index, 2 * net.decay) }
        if shape.learnsPosterior {
            for a in 0..<shape.latent {
                let index = shape.logVariance + a
                put(index, index, net.beta * 0.5 * layer.variances[a] / net.encoderVariance)
            }
        }
        var hessian = [Double](repeating: 0, count: size * size)
        for i in 0..<size {
            hessian[i * size + i] = matrix[i * size + i]
            for j in 0..<i {
                let sum = matrix[i * size + j] + matrix[j * size + i]
                hessian[i * size + j] = sum
                hessian[j * size + i] = sum
            }
        }
        return hessian
    }

    /// U and u among themselves and with B, c and ln s.
    private func addOutputs(_ sums: VAENet.Sums) {
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        let directions = k + 1
        for b in 0..<d {
            let output = shape.decoderOut + b * h
            for j in 0..<h {
                for l in j..<h { put(output + j, output + l, 2 * scale * sums.second[j * h + l]) }
                if shape.hasBiases { put(output + j, shape.decoderOutBias + b, 2 * scale * sums.first[j]) }
            }
            if shape.hasBiases { put(shape.decoderOutBias + b, shape.decoderOutBias + b, 2 * scale) }
            for i in 0..<h {
                // 2 [δ_ij (Σ_l U_bl T_l − pull_b) + U_bi T_j], with T, pull of a row (i, ã) or with μ_a.
                func both(
                    _ row: Int, _ cross: [Double], _ pulls: [Double], _ slopes: [Double], _ factor: Double, _ index: Int
                ) {
                    var own = -pulls[row * d + b]
                    for l in 0..<h { own += weights[output + l] * cross[row * h + l] }
                    put(output + i, index, 2 * scale * factor * own)
                    for j in 0..<h {
                        put(output + j, index, 2 * scale * factor * weights[output + i] * cross[row * h + j])
                    }
                    if shape.hasBiases {
                        put(shape.decoderOutBias + b, index, 2 * scale * factor * weights[output + i] * slopes[row])
                    }
                }
                for a in 0..<k {
                    let row = i * directions + a + 1
                    let index = shape.decoderIn + i * k + a
                    both(row, cross, pulls, slopes, 1, index)
                    both(row, meanCross, meanPulls, meanSlopes, 1, index)
                    if shape.learnsPosterior {
                        both(row, cross, pulls, slopes, 0.5 * layer.weights[i * k + a], shape.logVariance + a)
                    }
                }
                if shape.hasBiases {
                    both(i * directions, cross, pulls, slopes, 1, shape.decoderInBias + i)
                }
            }
        }
    }
}
