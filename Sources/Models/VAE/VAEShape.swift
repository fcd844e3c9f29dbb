import PhaseSpace

/// Layout of the weights of a VAE with one hidden layer in the encoder and one in the decoder.
///
/// Encoder μ = V φ(W x + a) + v, decoder ŷ = U φ(B z + c) + u, each hidden layer of h units. One row per unit: W (h × d),
/// then V (k × h), B (h × k), U (d × h), all row-major; then a, v, c, u where there are biases; then ln σ² (k) where the
/// posterior is learned.
struct VAEShape: Sendable, Hashable {
    let inputs: Int
    let hidden: Int
    let latent: Int
    let hasBiases: Bool
    let learnsPosterior: Bool

    var encoderIn: Int { 0 }
    var encoderOut: Int { hidden * inputs }
    var decoderIn: Int { encoderOut + latent * hidden }
    var decoderOut: Int { decoderIn + hidden * latent }
    /// a, the first of the biases, and the end of the matrices.
    var encoderInBias: Int { decoderOut + inputs * hidden }
    var encoderOutBias: Int { encoderInBias + hidden }
    var decoderInBias: Int { encoderOutBias + latent }
    var decoderOutBias: Int { decoderInBias + hidden }
    var logVariance: Int { hasBiases ? decoderOutBias + inputs : encoderInBias }
    var weightCount: Int { logVariance + (learnsPosterior ? latent : 0) }

    /// The parts by the letters above; ln σ² is `logVariance`.
    func arrays(of weights: [Double]) -> [WeightArray] {
        func part(_ name: String, _ start: Int, _ shape: [Int]) -> WeightArray {
            WeightArray(name, shape: shape, Array(weights[start..<start + shape.reduce(1, *)]))
        }
        var parts = [
            part("W", encoderIn, [hidden, inputs]), part("V", encoderOut, [latent, hidden]),
            part("B", decoderIn, [hidden, latent]), part("U", decoderOut, [inputs, hidden]),
        ]
        if hasBiases {
            parts += [
                part("a", encoderInBias, [hidden]), part("v", encoderOutBias, [latent]),
                part("c", decoderInBias, [hidden]), part("u", decoderOutBias, [inputs]),
            ]
        }
        return learnsPosterior ? parts + [part("logVariance", logVariance, [latent])] : parts
    }

    /// Indices of the weights into a hidden unit and out of it, for all units of both layers.
    var units: [(incoming: [Int], outgoing: [Int])] {
        (0..<hidden).map { i in
            (
                (0..<inputs).map { encoderIn + i * inputs + $0 } + (hasBiases ? [encoderInBias + i] : []),
                (0..<latent).map { encoderOut + $0 * hidden + i }
            )
        }
            + (0..<hidden).map { i in
                (
                    (0..<latent).map { decoderIn + i * latent + $0 } + (hasBiases ? [decoderInBias + i] : []),
                    (0..<inputs).map { decoderOut + $0 * hidden + i }
                )
            }
    }
}
