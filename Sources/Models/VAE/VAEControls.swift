import PhaseSpace

extension VAE {
    enum Biases: String, ControlChoice {
        case absent = "none"
        case all
    }

    enum Controls {
        static let activation = Control<VAEActivation>(
            "activation", symbol: "φ", default: .tanh, meaning: "activation of both hidden layers")
        static let hidden = Control<Int>(
            "hidden", symbol: "h", 1...64, default: 4, meaning: "units of each hidden layer")
        static let latent = Control<Int>(
            "latent", symbol: "k", 1...8, default: 2, meaning: "dimension of the latent space")
        static let biases = Control<Biases>(
            "biases", default: .absent, meaning: "biases of all layers, or none")
        static let posterior = Control<LinearVAETheory.Posterior>(
            "posterior", symbol: "Σ", default: .learned,
            meaning: "posterior variances: learned with the weights (alike for all x), or fixed at η_enc²"
        )
        static let gamma = Control<Double>(
            "gamma", symbol: "γ", .within(0...1e3), default: 0,
            meaning: "weight decay: multiplies Σ‖W‖² of all matrices without ½")
        static let skewness = Control<Double>(
            "skewness", symbol: "κ", .within(0...2.8), default: 0,
            meaning: "skewness of the teacher's first input, c₁n + c₂(n² − 1) with n normal")

        static let all: [any AnyControl] = [
            BetaVAE.beta, activation, hidden, latent, biases, BetaVAE.decoderVariance,
            BetaVAE.encoderVariance,
            posterior, gamma, skewness,
        ]
    }

    enum SettingControls {
        static let nodes = Control<Int>(
            "nodes", symbol: "m", 2...100, default: 12,
            meaning: "Gauss–Hermite nodes of each latent variable's noise, for tanh", record: .whenSet)
        static let starts = Control<Int>(
            "starts", symbol: "starts", 1...1000, default: 6,
            meaning: "independent initial weights of a cold point",
            record: .whenSet)
    }

    enum Teacher: String, ControlChoice {
        case gaussian
    }

    enum DataControls {
        static let teacher = Control<Teacher>(
            "teacher",
            meaning:
                "x ~ N(0, diag a), centred sample by sample set; the first input skewed by the control"
        ).optional
        static let inputVariances = Control<PerLayer<Double>>(
            "inputVariances", symbol: "a", .above(0, upTo: 1e9), isPerLayer: false,
            meaning: "variance of each input (teacher)"
        ).optional
        static let samples = DataKeys.samples(
            upTo: 100_000,
            population:
                "`population`: the distribution itself, as a Gauss–Hermite rule, for one or two inputs",
            meaning: "number of samples of each replica's data set (teacher)")
        static let draws = Control<InputDraws>(
            "draws", default: .random,
            meaning:
                "random samples, or normal quantiles of a lattice, far nearer to the distribution (teacher)",
            record: .whenSet)
        static let components = Control<Int>(
            "components", 1...64,
            meaning:
                "the samples' coordinates along so many of their largest principal components; the rest of the "
                + "variance is a constant of the loss (file)"
        ).optional

        static let all: [any AnyControl] = [
            teacher, inputVariances, samples, draws, DataKeys.symmetrized, components, DataKeys.file,
            DataKeys.target, DataKeys.columns, DataKeys.labels, DataKeys.pool, DataKeys.limit,
        ]
    }

    /// The controls of a point, without β.
    struct Setting {
        let activation: VAEActivation
        let hidden: Int
        let latent: Int
        let hasBiases: Bool
        let decoderVariance: Double
        let encoderVariance: Double
        let posterior: LinearVAETheory.Posterior
        let gamma: Double
        let skewness: Double

        init(_ controls: ControlReader) throws(ControlError) {
            activation = try controls[Controls.activation]
            hidden = try controls[Controls.hidden]
            latent = try controls[Controls.latent]
            hasBiases = try controls[Controls.biases] == .all
            decoderVariance = try controls[BetaVAE.decoderVariance]
            encoderVariance = try controls[BetaVAE.encoderVariance]
            posterior = try controls[Controls.posterior]
            gamma = try controls[Controls.gamma]
            skewness = try controls[Controls.skewness]
        }
    }
}

extension Measure {
    static let outputVariance = Measure("outputVariance")
    static let gain = Measure("gain")
    static let quadratureError = Measure("quadratureError")
}
