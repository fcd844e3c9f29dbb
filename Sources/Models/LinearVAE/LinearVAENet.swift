import Lanes
import PhaseSpace

/// A linear β-VAE as a function of its weights: the loss averaged exactly over data and latent noise, with gradient and
/// Hessian-vector product.
///
/// L = (1/2η_dec²) [E‖U Wᵀx − y‖² + Tr(U Σ Uᵀ) + β (η_dec²/η_enc²) Tr(WᵀAW)] + Σ_i (β/2) (σ_i²/η_enc² − 1 − ln σ_i²/η_enc²),
/// with encoder W (d₀ × d₁), decoder U (d₂ × d₁) and Σ = diag σ². The weights are W, then U, column by column of the
/// latent space, then ln σ_i² where the posterior is learned.
struct LinearVAENet {
    let moments: LinearVAEMoments
    let latent: Int
    let beta: Double
    let decoderVariance: Double
    let encoderVariance: Double
    let learnsPosterior: Bool

    var weightCount: Int {
        latent * (moments.inputs + moments.outputs + (learnsPosterior ? 1 : 0))
    }

    /// W's column of latent i starts at `encoder(i)`, U's at `decoder(i)`.
    private func encoder(_ i: Int) -> Int { i * moments.inputs }
    func decoder(_ i: Int) -> Int { latent * moments.inputs + i * moments.outputs }
    private func logVariance(_ i: Int) -> Int { latent * (moments.inputs + moments.outputs) + i }

    private func variance(_ weights: [Double], _ i: Int) -> Double {
        learnsPosterior ? exponential(weights[logVariance(i)]) : encoderVariance
    }

    // MARK: - Products over data

    /// A W, in W's layout.
    private func timesSecondMoment(_ weights: [Double]) -> [Double] {
        let d = moments.inputs
        var product = [Double](repeating: 0, count: latent * d)
        for i in 0..<latent {
            for a in 0..<d {
                var sum = 0.0
                for b in 0..<d { sum += moments.inputSecondMoment[a * d + b] * weights[encoder(i) + b] }
                product[i * d + a] = sum
            }
        }
        return product
    }

    /// C U, in W's layout.
    private func timesCrossMoment(_ weights: [Double]) -> [Double] {
        let (d, e) = (moments.inputs, moments.outputs)
        var product = [Double](repeating: 0, count: latent * d)
        for i in 0..<latent {
            for a in 0..<d {
                var sum = 0.0
                for b in 0..<e { sum += moments.crossMoment[a * e + b] * weights[decoder(i) + b] }
                product[i * d + a] = sum
            }
        }
        return product
    }

    /// Cᵀ W, in U's layout.
    private func transposedCrossMoment(_ weights: [Double]) -> [Double] {
        let (d, e) = (moments.inputs, moments.outputs)
        var product = [Double](repeating: 0, count: latent * e)
        for i in 0..<latent {
            for a in 0..<d {
                let w = weights[encoder(i) + a]
                for b in 0..<e { product[i * e + b] += moments.crossMoment[a * e + b] * w }
            }
        }
        return product
    }

    /// Products of the latent columns of x with those of y: latent × latent.
    private func gram(_ x: [Double], _ xStart: (Int) -> Int, _ y: [Double], _ yStart: (Int) -> Int, _ n: Int)
        -> [Double]
    {
        var product = [Double](repeating: 0, count: latent * latent)
        for i in 0..<latent {
            for j in 0..<latent {
                var sum = 0.0
                for k in 0..<n { sum += x[xStart(i) + k] * y[yStart(j) + k] }
                product[i * latent + j] = sum
            }
        }
        return product
    }

    private func encoderGram(_ a: [Double], _ aw: [Double]) -> [Double] {
        gram(a, encoder, aw, { $0 * moments.inputs }, moments.inputs)
    }
    private func decoderGram(_ a: [Double], _ b: [Double]) -> [Double] { gram(a, decoder, b, decoder, moments.outputs) }

    // MARK: - Loss

    /// The loss and its derivative by β: the divergence of the posterior from the prior.
    func loss(_ weights: [Double]) -> (loss: Double, divergence: Double) {
        let aw = timesSecondMoment(weights)
        let g = encoderGram(weights, aw)
        let k = decoderGram(weights, weights)
        let cu = timesCrossMoment(weights)
        var (fit, noise, divergence) = (moments.targetSecondMoment, 0.0, 0.0)
        for i in 0..<latent {
            for j in 0..<latent { fit += k[i * latent + j] * g[j * latent + i] }
            for a in 0..<moments.inputs { fit -= 2 * weights[encoder(i) + a] * cu[i * moments.inputs + a] }
            let s = variance(weights, i)
            noise += s * k[i * latent + i]
            divergence += g[i * latent + i] / (2 * encoderVariance)
            if learnsPosterior {
                let ratio = s / encoderVariance
                divergence += 0.5 * (ratio - 1 - weights[logVariance(i)] + logarithm(encoderVariance))
            }
        }
        return ((fit + noise) / (2 * decoderVariance) + beta * divergence, divergence)
    }

    func gradient(_ weights: [Double]) -> [Double] {
        let (d, e) = (moments.inputs, moments.outputs)
        let aw = timesSecondMoment(weights)
        let g = encoderGram(weights, aw)
        let k = decoderGram(weights, weights)
        let cu = timesCrossMoment(weights)
        let ctw = transposedCrossMoment(weights)
        let decay = beta * decoderVariance / encoderVariance
        var gradient = [Double](repeating: 0, count: weightCount)
        for i in 0..<latent {
            let s = variance(weights, i)
            for a in 0..<d {
                var sum = decay * aw[i * d + a] - cu[i * d + a]
                for j in 0..<latent { sum += aw[j * d + a] * k[j * latent + i] }
                gradient[encoder(i) + a] = sum / decoderVariance
            }
            for b in 0..<e {
                var sum = s * weights[decoder(i) + b] - ctw[i * e + b]
                for j in 0..<latent { sum += weights[decoder(j) + b] * g[j * latent + i] }
                gradient[decoder(i) + b] = sum / decoderVariance
            }
            if learnsPosterior {
                gradient[logVariance(i)] =
                    s * k[i * latent + i] / (2 * decoderVariance) + beta / 2 * (s / encoderVariance - 1)
            }
        }
        return gradient
    }

    /// ∂∇L/∂β, the gradient of the divergence.
    func divergenceGradient(_ weights: [Double]) -> [Double] {
        let aw = timesSecondMoment(weights)
        var gradient = [Double](repeating: 0, count: weightCount)
        for index in aw.indices { gradient[index] = aw[index] / encoderVariance }
        if learnsPosterior {
            for i in 0..<latent { gradient[logVariance(i)] = 0.5 * (variance(weights, i) / encoderVariance - 1) }
        }
        return gradient
    }

    /// The Hessian times a vector, exact.
    func hessian(_ weights: [Double], times v: [Double]) -> [Double] {
        let (d, e) = (moments.inputs, moments.outputs)
        let (aw, av) = (timesSecondMoment(weights), timesSecondMoment(v))
        let g = encoderGram(weights, aw)
        let k = decoderGram(weights, weights)
        // Derivatives of both Gram matrices along v.
        let cross = encoderGram(weights, av)
        let mixed = decoderGram(weights, v)
        let (cu, ctw) = (timesCrossMoment(v), transposedCrossMoment(v))
        let decay = beta * decoderVariance / encoderVariance
        func symmetric(_ m: [Double], _ i: Int, _ j: Int) -> Double { m[i * latent + j] + m[j * latent + i] }
        var product = [Double](repeating: 0, count: weightCount)
        for i in 0..<latent {
            let s = variance(weights, i)
            let ds = learnsPosterior ? s * v[logVariance(i)] : 0
            for a in 0..<d {
                var sum = decay * av[i * d + a] - cu[i * d + a]
                for j in 0..<latent {
                    sum += av[j * d + a] * k[j * latent + i] + aw[j * d + a] * symmetric(mixed, j, i)
                }
                product[encoder(i) + a] = sum / decoderVariance
            }
            for b in 0..<e {
                var sum = s * v[decoder(i) + b] + ds * weights[decoder(i) + b] - ctw[i * e + b]
                for j in 0..<latent {
                    sum += v[decoder(j) + b] * g[j * latent + i] + weights[decoder(j) + b] * symmetric(cross, j, i)
                }
                product[decoder(i) + b] = sum / decoderVariance
            }
            if learnsPosterior {
                product[logVariance(i)] =
                    (ds * k[i * latent + i] + 2 * s * mixed[i * latent + i]) / (2 * decoderVariance)
                    + beta / 2 * ds / encoderVariance
            }
        }
        return product
    }

    /// UᵀU's eigenvalues are the squares of the decoder's singular values.
    func decoderGram(_ weights: [Double]) -> [Double] { decoderGram(weights, weights) }

    func deviations(_ weights: [Double]) -> [Double] { (0..<latent).map { variance(weights, $0).squareRoot() } }

    /// W (inputs × latent), U (outputs × latent), and ln σ² where the posterior is learned.
    func arrays(of weights: [Double]) -> [WeightArray] {
        func matrix(_ name: String, rows: Int, _ column: (Int) -> Int) -> WeightArray {
            let values = (0..<rows).flatMap { row in (0..<latent).map { weights[column($0) + row] } }
            return WeightArray(name, shape: [rows, latent], values)
        }
        let matrices = [
            matrix("W", rows: moments.inputs, encoder), matrix("U", rows: moments.outputs, decoder),
        ]
        guard learnsPosterior else { return matrices }
        return matrices + [WeightArray("logVariance", shape: [latent], Array(weights[logVariance(0)...]))]
    }
}
