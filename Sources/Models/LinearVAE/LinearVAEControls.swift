import PhaseSpace

extension LinearVAE {
    enum Controls {
        static let latent = Control<Int>(
            "latent", symbol: "d₁", 1...64, default: 5, meaning: "dimension of the latent space")
        static let posterior = Control<LinearVAETheory.Posterior>(
            "posterior", symbol: "Σ", default: .learned,
            meaning: "posterior variances: learned with the weights, or fixed at η_enc²")

        static let all: [any AnyControl] = [
            BetaVAE.beta, latent, BetaVAE.decoderVariance, BetaVAE.encoderVariance, posterior,
        ]
    }

    enum TrainingControls {
        static let starts = Control<Int>(
            "starts", symbol: "starts", 1...1000, default: 2,
            meaning: "independent initial weights of a cold point",
            record: .whenSet)
    }

    enum Teacher: String, ControlChoice {
        case gaussian
    }

    enum DataControls {
        static let modes = Control<PerLayer<Double>>(
            "modes", symbol: "ζ", .above(0, upTo: 1e6),
            meaning: "an autoencoder of independent inputs with these standard deviations, exact moments"
        ).optional
        static let targetSecondMoment = Control<Double>(
            "targetSecondMoment", symbol: "E‖y‖²", .within(0...1e18), meaning: "with `modes`; default Σζ²"
        ).optional
        static let teacher = Control<Teacher>(
            "teacher",
            meaning: "x ~ N(0, diag a); y = x, or y = M x with random M where `outputs` is given"
        ).optional
        static let inputs = Control<Int>(
            "inputs", symbol: "d₀", 1...64, meaning: "input dimension (teacher)"
        ).optional
        static let outputs = Control<Int>(
            "outputs", symbol: "d₂", 1...64,
            meaning: "output dimension of a random linear teacher; without it y = x"
        ).optional
        static let inputVariances = Control<PerLayer<Double>>(
            "inputVariances", symbol: "a", .above(0, upTo: 1e9), isPerLayer: false, default: 1,
            meaning: "variance of each input (teacher)", record: .whenSet)
        static let file = Control<String>(
            "file", .file,
            meaning:
                "CSV file of numbers with a header row, relative to the spec: an autoencoder of its columns"
        ).optional
        static let target = Control<String>(
            "target", .name(several: false), meaning: "column that is set aside, such as a label; default the last"
        ).optional
        static let standardize = Control<Bool>(
            "standardize", default: false, meaning: "every column to mean 0 and variance 1 (1/n)",
            record: .whenSet)
        static let center = Control<Bool>(
            "center", default: false,
            meaning: "every column to mean 0, as biases would: modes are then those of the covariance",
            record: .whenSet)
        static let components = Control<Int>(
            "components", 1...64,
            meaning:
                "keeps the so many largest principal components; what the others hold stays lost, as it is for any "
                + "net with no more latent variables"
        ).optional

        static let all: [any AnyControl] = [
            modes, targetSecondMoment, teacher, inputs, outputs, inputVariances, DataKeys.samples, file,
            target,
            standardize, center, components,
        ]
    }

    /// The controls of a point, without β.
    struct Setting {
        let latent: Int
        let decoderVariance: Double
        let encoderVariance: Double
        let posterior: LinearVAETheory.Posterior

        init(_ controls: ControlReader) throws(ControlError) {
            latent = try controls[Controls.latent]
            decoderVariance = try controls[BetaVAE.decoderVariance]
            encoderVariance = try controls[BetaVAE.encoderVariance]
            posterior = try controls[Controls.posterior]
        }
    }
}
