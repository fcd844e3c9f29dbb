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
        controls: Controls.all,
        observables: [
            Observable(
                .phase, symbol: "phase",
                meaning: "0 ordered, 1 chaotic, 2 exploding, by the sign of the net's own Lyapunov exponent "
                    + "[standard; the name exploding for (a, b)-ReLU is our choice]",
                regimes: [0: "ordered", 1: "chaotic", 2: "exploding"]),
            Observable(
                .lyapunovExponent, symbol: "½ ln χ",
                meaning: "growth per layer of a small change's norm, mean over the last half of the layers; theory "
                    + "½ ln χ₁ [standard]"),
            Observable(
                .correlation, symbol: "c",
                meaning: "cosine of the two inputs' preactivations in the last layer; theory c* [standard]",
                isRecordedAlongTrajectory: true),
            Observable(
                .variance, symbol: "q",
                meaning: "mean square of the first input's preactivations in the last layer; theory q* [standard]",
                isRecordedAlongTrajectory: true),
        ],
        orderParameter: .phase,
        trainingRule: "its nets are random and are not trained",
        theoryCurves: ["equilibrium": "mean-field fixed point: c*, ½ ln χ₁, q*"])
}

extension EdgeOfChaos {
    enum Controls {
        static let weightVariance = Control<Double>(
            "weightVariance", symbol: "σ_w²", .above(0, upTo: 1e6),
            meaning: "number of inputs times the variance of a weight [standard]")
        static let biasVariance = Control<Double>(
            "biasVariance", symbol: "σ_b²", .within(0...1e6), default: 0, meaning: "variance of a bias [standard]")
        static let activation = Control<SignalActivation.Name>(
            "activation", symbol: "φ", default: .tanh,
            meaning: "activation; erf is erf(s), the others but tanh are a s + b|s| [standard; (a, b) recovered]")
        static let leak = Control<Double>(
            "leak", symbol: "α", .within(-1...1), default: 0.1,
            meaning: "slope of leakyRelu below 0: a = (1 + α)/2, b = (1 − α)/2")
        static let width = Control<Int>(
            "width", symbol: "m", 2...1_000_000, default: 1000,
            meaning: "units per layer of the random net; theory is m → ∞")
        static let depth = Control<Int>(
            "depth", symbol: "D", 2...100_000, default: 100, meaning: "layers that the signals pass")
        static let inputVariance = Control<Double>(
            "inputVariance", symbol: "q₁", .above(0, upTo: 1e6), default: 1,
            meaning: "variance of the first layer's preactivations")
        static let inputCorrelation = Control<Double>(
            "inputCorrelation", symbol: "c₁", .within(-1...1), default: 0.3,
            meaning: "correlation of the two inputs' first preactivations")

        static let all: [any AnyControl] = [
            weightVariance, biasVariance, activation, leak, width, depth, inputVariance, inputCorrelation,
        ]
    }
}

extension Measure {
    static let phase = Measure("phase")
    static let correlation = Measure("correlation")
    static let variance = Measure("variance")
}
