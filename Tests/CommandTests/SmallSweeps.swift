import Testing

/// A sweep of every model in a fraction of a second; together they go through every formula function, every activation,
/// every kind of data and each way to train.
struct SmallSweep: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    var testDescription: String { name }

    /// - Parameter body: everything but the model, the seed and the figures, of which there are none.
    private init(_ name: String, _ model: String, _ body: String) {
        self.name = name
        text = "model: \(model)\nseed: 1\nfigures: []\n" + body
    }

    static let all = [
        SmallSweep(
            "solvable-map", "catapult-map",
            """
            fixed: {steps: 1000}
            axes:
              schedule: [constant, geometry]
              relativeRate: {from: 2.1, to: 3.9, points: 400}
            orderParameter: regime
            """),
        SmallSweep(
            "random-nets", "edge-of-chaos",
            """
            fixed: {width: 100, depth: 20, biasVariance: 0.05}
            axes:
              activation: [tanh, erf, relu]
              weightVariance: {from: 0.6, to: 4, points: 7}
            orderParameter: phase
            """),
        SmallSweep(
            "tangent-kernel", "training-dynamics",
            """
            fixed: {width: 8, parameterization: nup, widthExponent: 0.3, steps: 20, depth: 3}
            data: {inputs: 4, samples: 16}
            measure: {record: 1}
            axes:
              activation: [leakyRelu, tanh]
              relativeRate: [0.5, 1.5, 3]
            replicas: 4
            orderParameter: regime
            """),
        SmallSweep(
            "stochastic-descent", "sgd-decay",
            """
            fixed: {labelNoise: 0.1, time: 20, learningRate: 0.01}
            axes:
              gamma: {from: 0.88, to: 1.04, points: 4}
            replicas: 4
            orderParameter: squaredNorm
            """),
        reuse("revealed", inputs: "gaussian"), reuse("explicit", inputs: "gaussian-explicit"),
        reuse("mean-field", inputs: "mean-field"),
        SmallSweep(
            "heavy-tails", "batch-reuse",
            """
            fixed: {inputs: mean-field, sampleRatio: 1, target: z1 + He3(z2)/sqrt(6), steps: 3}
            axes:
              learningRate: [0.2, 0.3]
            orderParameter: squaredNorm
            """),
        SmallSweep(
            "linear-autoencoder", "linear-vae",
            """
            fixed: {latent: 3}
            data: {teacher: gaussian, inputs: 4, inputVariances: [4, 2, 1, 0.5], samples: 50}
            axes:
              posterior: [learned, fixed]
              beta: [0.3, 1, 2, 5]
            direction: [cold, up, down]
            orderParameter: decoderSquaredNorm
            """),
        SmallSweep(
            "autoencoder", "vae",
            """
            fixed: {latent: 1, hidden: 2, skewness: 1.1}
            data: {teacher: gaussian, inputVariances: [2], samples: population}
            training: {starts: 1}
            axes:
              activation: [tanh, relu]
              beta: [1.2, 1.7]
            direction: [cold, up]
            orderParameter: outputVariance
            """),
        SmallSweep(
            "linear-nets", "weight-decay",
            """
            fixed: {labelNoise: 0.1, width: 3, conditionNumber: 7}
            data: {teacher: gaussian, inputs: 4, samples: population}
            axes:
              depth: [1, 2, 3]
              gamma: {from: 0.1, to: 0.9, points: 5, spacing: log}
            direction: [cold, up, down]
            orderParameter: squaredNorm
            """),
        SmallSweep(
            "smooth-nets", "weight-decay",
            """
            fixed: {labelNoise: 0.1, width: 3, depth: 2}
            data: {teacher: tanh(z1) + sin(z2) + abs(z1)^1.3, inputs: 3, samples: 40}
            training: {starts: 2}
            axes:
              activation: [tanh, relu, erf, gelu, swish, softplus]
              gamma: [0.05, 0.2]
            orderParameter: squaredNorm
            """),
        SmallSweep(
            "branches", "weight-decay",
            """
            fixed: {width: 3, depth: 2, noise: 0.2, conditionNumber: 5}
            data: {teacher: gaussian, inputs: 3, samples: population}
            axes:
              gamma: {from: 0.1, to: 0.5, points: 5}
            direction: branch
            orderParameter: squaredNorm
            """),
        // The points of later rounds are where the verdict of earlier ones has put the transition.
        SmallSweep(
            "refined", "weight-decay",
            """
            fixed: {width: 3}
            data: {teacher: gaussian, inputs: 3, inputVariances: [2, 1, 0.5], samples: population}
            axes:
              depth: [1, 2]
              gamma: {from: 0.1, to: 1.5, points: 9, spacing: log}
            direction: [cold, up, down]
            orderParameter: squaredNorm
            refine: {axis: gamma, until: 1.0e-3}
            """),
    ]

    private static func reuse(_ name: String, inputs: String) -> SmallSweep {
        SmallSweep(
            name, "batch-reuse",
            """
            fixed:
              inputs: \(inputs)
              dimension: 200
              hidden: 2
              sampleRatio: 2
              steps: 3
              target: tanh(z1) + exp(-z2^2) + erf(z1*z2) + sin(2*z1) + abs(z2)^1.5 + log(1 + z1^2) + cos(z2)
            axes:
              activation: [relu, erf, tanh, softplus]
              learningRate: [0.2, 0.3]
            orderParameter: squaredNorm
            """)
    }
}
