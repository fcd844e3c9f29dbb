import PhaseSpace

extension EdgeOfChaos {
    public static let declaration = ModelDeclaration(
        name: "edge-of-chaos",
        summary: "Signals in random deep nets at initialisation: order, chaos and the critical line between them, at "
            + "finite width beside mean-field theory. A replica is a net.",
        sources: [
            "[standard] Poole et al., Exponential expressivity in deep neural networks, arXiv 1606.05340",
            "[standard] Schoenholz et al., Deep information propagation, arXiv 1611.01232",
            "[standard] Hayou et al., On the impact of the activation function, arXiv 1902.06853",
            "[recovered] Terjek & Gonzalez-Sanchez, arXiv 2501.13225 and 2501.14724: (a, b)-ReLU nets at the edge of "
                + "chaos, inverse cosine distance law of the tangent kernel",
            "[derived] the constants of the laws of 1 − c_k, K(x, x′) and the kernel's limits; checked numerically",
            "The sweeps of this model belong to the programme of Terjek, arXiv 2502.13110 version 1; of that paper "
                + "only the abstract was available",
        ],
        controls: [
            ControlParameter(
                "weightVariance", symbol: "σ_w²", kind: .real(0...1e6, excludingLow: true), defaultValue: nil,
                meaning: "number of inputs times the variance of a weight [standard]"),
            ControlParameter(
                "biasVariance", symbol: "σ_b²", kind: .real(0...1e6), defaultValue: .number(0),
                meaning: "variance of a bias [standard]"),
            ControlParameter(
                "activation", symbol: "φ", kind: .choice(SignalActivation.names), defaultValue: .text("tanh"),
                meaning: "activation; erf is erf(s), the others but tanh are a s + b|s| [standard; (a, b) recovered]"),
            ControlParameter(
                "leak", symbol: "α", kind: .real(-1...1), defaultValue: .number(0.1),
                meaning: "slope of leakyRelu below 0: a = (1 + α)/2, b = (1 − α)/2"),
            ControlParameter(
                "width", symbol: "m", kind: .integer(2...1_000_000), defaultValue: .number(1000),
                meaning: "units per layer of the random net; theory is m → ∞"),
            ControlParameter(
                "depth", symbol: "D", kind: .integer(2...100_000), defaultValue: .number(100),
                meaning: "layers that the signals pass"),
            ControlParameter(
                "inputVariance", symbol: "q₁", kind: .real(0...1e6, excludingLow: true), defaultValue: .number(1),
                meaning: "variance of the first layer's preactivations"),
            ControlParameter(
                "inputCorrelation", symbol: "c₁", kind: .real(-1...1), defaultValue: .number(0.3),
                meaning: "correlation of the two inputs' first preactivations"),
        ],
        observables: [
            Observable(
                "phase", symbol: "phase",
                meaning: "0 ordered, 1 chaotic, 2 exploding, by the sign of the net's own Lyapunov exponent "
                    + "[standard; the name exploding for (a, b)-ReLU is our choice]",
                regimes: [0: "ordered", 1: "chaotic", 2: "exploding"]),
            Observable(
                "lyapunovExponent", symbol: "½ ln χ",
                meaning: "growth per layer of a small change's norm, mean over the last half of the layers; theory "
                    + "½ ln χ₁ [standard]"),
            Observable(
                "correlation", symbol: "c",
                meaning: "cosine of the two inputs' preactivations in the last layer; theory c* [standard]",
                isRecordedAlongTrajectory: true),
            Observable(
                "variance", symbol: "q",
                meaning: "mean square of the first input's preactivations in the last layer; theory q* [standard]",
                isRecordedAlongTrajectory: true),
        ],
        orderParameter: "phase",
        theoryCurves: ["equilibrium": "mean-field fixed point: c*, ½ ln χ₁, q*"],
        starterSpec: """
            # Order and chaos in random deep nets. Run it with: landau run FILE
            title: Order to chaos in tanh nets
            model: edge-of-chaos                   # `landau models edge-of-chaos` lists controls and observables
            seed: 1
            fixed: {activation: tanh, width: 1000, depth: 100}
            axes:
              biasVariance: [0.05, 0.1, 0.3]
              weightVariance: {from: 1, to: 4, points: 31}
            along: weightVariance
            replicas: 4                            # independent random nets
            orderParameter: phase                  # or correlation, lyapunovExponent
            figures: [phase-diagram]
            """ + "\n")
}
