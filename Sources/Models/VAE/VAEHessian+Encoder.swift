extension VAEHessian {
    /// ∂²q/∂μ∂U and ∂²q/∂μ∂u of one sample; all of `mixed` and `meanHessian` get the sample's factor.
    func fillMixed(_ moments: DecoderMoments, mean: [Double], rest: [Double], _ share: Double) {
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        let factor = share * scale
        let directions = k + 1
        for b in 0..<d {
            let output = shape.decoderOut + b * h
            for j in 0..<h {
                let centre = j * directions
                var pull = -rest[b] * moments.slope[centre]
                for l in 0..<h { pull += weights[output + l] * moments.cross[centre * h + l] }
                for a in 0..<k {
                    var sum = layer.weights[j * k + a] * pull
                    for i in 0..<h {
                        sum +=
                            layer.weights[i * k + a] * weights[output + i] * moments.cross[i * directions * h + j]
                    }
                    mixed[a * size + output + j] = 2 * sum
                }
            }
            guard shape.hasBiases else { continue }
            for a in 0..<k {
                var sum = 0.0
                for i in 0..<h {
                    sum += layer.weights[i * k + a] * weights[output + i] * moments.slope[i * directions]
                }
                mixed[a * size + shape.decoderOutBias + b] = 2 * sum
            }
        }
        for index in mixed.indices { mixed[index] *= factor }
        for index in meanHessian.indices { meanHessian[index] *= factor }
        for a in 0..<k { meanHessian[a * k + a] += net.beta * share / net.encoderVariance }
    }

    /// Passes the sample's M, C and g on to the encoder's weights.
    func addEncoder(mean: [Double], meanForces: [Double], _ n: Int, _ share: Double) {
        let (d, h, k) = (shape.inputs, shape.hidden, shape.latent)
        for a in 0..<k {
            meanForce[a] = scale * meanForces[n * k + a] + net.beta * share / net.encoderVariance * mean[a]
            for i in 0..<h {
                encoderSlopes[a * h + i] = weights[shape.encoderOut + a * h + i] * encoded.slopes[n * h + i]
            }
        }
        // Inputs and hidden values, each with a last one of 1 for the biases.
        let (inputs, values) = (d + (shape.hasBiases ? 1 : 0), h + (shape.hasBiases ? 1 : 0))
        func x(_ b: Int) -> Double { b < d ? net.samples[n * d + b] : 1 }
        func phi(_ i: Int) -> Double { i < h ? encoded.values[n * h + i] : 1 }
        func into(_ i: Int, _ b: Int) -> Int { b < d ? shape.encoderIn + i * d + b : shape.encoderInBias + i }
        func out(_ a: Int, _ i: Int) -> Int { i < h ? shape.encoderOut + a * h + i : shape.encoderOutBias + a }
        for i in 0..<h {
            for j in i..<h {
                var sum = 0.0
                for a in 0..<k {
                    for b in 0..<k {
                        sum += encoderSlopes[a * h + i] * meanHessian[a * k + b] * encoderSlopes[b * h + j]
                    }
                }
                if i == j, let curvatures = encoded.curvatures {
                    for a in 0..<k {
                        sum += meanForce[a] * weights[shape.encoderOut + a * h + i] * curvatures[n * h + i]
                    }
                }
                for b in 0..<inputs {
                    let part = sum * x(b)
                    for c in (i == j ? b : 0)..<inputs { put(into(i, b), into(j, c), part * x(c)) }
                }
            }
            for a in 0..<k {
                var back = 0.0
                for b in 0..<k { back += encoderSlopes[b * h + i] * meanHessian[b * k + a] }
                for j in 0..<values {
                    let own = i == j ? meanForce[a] * encoded.slopes[n * h + i] : 0
                    let part = back * phi(j) + own
                    for b in 0..<inputs { put(into(i, b), out(a, j), part * x(b)) }
                }
            }
        }
        for a in 0..<k {
            for b in a..<k {
                for i in 0..<values {
                    for j in (a == b ? i : 0)..<values {
                        put(out(a, i), out(b, j), meanHessian[a * k + b] * phi(i) * phi(j))
                    }
                }
            }
        }
        addMixed(inputs, values, x, phi, into, out)
    }

    private func addMixed(
        _ inputs: Int, _ values: Int, _ x: (Int) -> Double, _ phi: (Int) -> Double, _ into: (Int, Int) -> Int,
        _ out: (Int, Int) -> Int
    ) {
        let (h, k) = (shape.hidden, shape.latent)
        let decoder = decoderIndices
        for i in 0..<h {
            for (position, index) in decoder.enumerated() {
                var sum = 0.0
                for a in 0..<k { sum += encoderSlopes[a * h + i] * mixed[a * size + index] }
                row[position] = sum
            }
            for b in 0..<inputs {
                let (target, factor) = (into(i, b), x(b))
                for (position, index) in decoder.enumerated() { put(target, index, factor * row[position]) }
            }
        }
        for a in 0..<k {
            for i in 0..<values {
                let (target, factor) = (out(a, i), phi(i))
                for index in decoder { put(target, index, factor * mixed[a * size + index]) }
            }
        }
    }
}
