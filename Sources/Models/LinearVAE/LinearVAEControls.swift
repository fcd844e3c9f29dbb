import PhaseSpace

extension LinearVAE {
    /// Modes with an observable of their own.
    static let namedModes = 8

    public static let declaration = ModelDeclaration(
        name: "linear-vae",
        summary: "Linear β-variational autoencoders: encoder z = Wᵀx + ε, decoder U z, one second-order collapse per "
            + "latent mode at β_i = ζ_i²/η_dec².",
        sources: ["Wang & Ziyin, Posterior collapse of a linear latent variable model, arXiv 2205.04009"],
        controls: [
            BetaVAE.beta,
            ControlParameter(
                "latent", symbol: "d₁", kind: .integer(1...64), defaultValue: .number(5),
                meaning: "dimension of the latent space"),
            BetaVAE.decoderVariance, BetaVAE.encoderVariance,
            ControlParameter(
                "posterior", symbol: "Σ", kind: .choice(LinearVAETheory.Posterior.allCases.map(\.rawValue)),
                defaultValue: .text("learned"),
                meaning: "posterior variances: learned with the weights, or fixed at η_enc²"),
        ],
        observables: observables,
        orderParameter: "decoderSquaredNorm",
        dataKeys: dataKeys,
        optimiserKeys: [
            ControlParameter(
                "starts", symbol: "starts", kind: .integer(1...1000), defaultValue: nil,
                meaning: "independent initial weights of a cold point; default 2")
        ],
        directions: [.cold, .up, .down],
        theoryCurves: ["equilibrium": "exact observables at the global minimum"],
        starterSpec: starterSpec)

    private static let observables =
        BetaVAE.losses(target: "y") + [
            Observable("decoderSquaredNorm", symbol: "‖U‖²", meaning: "squared norm of the decoder"),
            BetaVAE.activeModes, BetaVAE.meanDeviation,
            Observable(
                "gradientNorm", symbol: "‖∇‖", meaning: "norm of the gradient at the end", isOrderParameter: false),
            Observable(
                "lowestCurvature", symbol: "λ_min", meaning: "lowest eigenvalue of the Hessian", isOrderParameter: false
            ),
            BetaVAE.trainingSteps,
        ]
        + (1...namedModes).map {
            Observable("mode_\($0)", symbol: "λ_\($0)", meaning: "singular value \($0) of the decoder, falling")
        }

    private static let dataKeys =
        [
            ControlParameter(
                "modes", symbol: "ζ", kind: .realPerLayer(0...1e6, excludingLow: true), defaultValue: nil,
                meaning: "an autoencoder of independent inputs with these standard deviations, exact moments"),
            ControlParameter(
                "targetSecondMoment", symbol: "E‖y‖²", kind: .real(0...1e18), defaultValue: nil,
                meaning: "with `modes`; default Σζ²"),
            ControlParameter(
                "teacher", symbol: "", kind: .choice(["gaussian"]), defaultValue: nil,
                meaning: "x ~ N(0, diag a); y = x, or y = M x with random M where `outputs` is given"),
            ControlParameter(
                "inputs", symbol: "d₀", kind: .integer(1...64), defaultValue: nil, meaning: "input dimension (teacher)"),
            ControlParameter(
                "outputs", symbol: "d₂", kind: .integer(1...64), defaultValue: nil,
                meaning: "output dimension of a random linear teacher; without it y = x"),
            ControlParameter(
                "inputVariances", symbol: "a", kind: .numbers(0...1e9, excludingLow: true), defaultValue: nil,
                meaning: "variance of each input (teacher); default 1"),
        ] + DataKeys.samples + [
            ControlParameter(
                "file", symbol: "", kind: .file, defaultValue: nil,
                meaning: "CSV file of numbers with a header row, relative to the spec: an autoencoder of its columns"),
            ControlParameter(
                "target", symbol: "", kind: .name(several: false), defaultValue: nil,
                meaning: "column that is set aside, such as a label; default the last"),
            DataKeys.columns,
            ControlParameter(
                "standardize", symbol: "", kind: .choice(["true", "false"]), defaultValue: nil,
                meaning: "every column to mean 0 and variance 1 (1/n)"),
            ControlParameter(
                "center", symbol: "", kind: .choice(["true", "false"]), defaultValue: nil,
                meaning: "every column to mean 0, as biases would: modes are then those of the covariance"),
            ControlParameter(
                "components", symbol: "", kind: .integer(1...64), defaultValue: nil,
                meaning:
                    "keeps the so many largest principal components; what the others hold stays lost, as it is for any "
                    + "net with no more latent variables"),
        ]

    private static let starterSpec = """
        # A sweep of the linear β-VAE. Run it with: landau run FILE
        title: Posterior collapse, mode by mode
        model: linear-vae                      # `landau models linear-vae` lists controls and observables
        seed: 1
        fixed:
          latent: 3                            # d₁
          posterior: learned                   # or fixed
        data:
          modes: [3, 2, 1.5]                   # standard deviations of the inputs; thresholds are their squares
        axes:
          beta: {from: 0.5, to: 12, points: 48, spacing: log}
        direction: [cold, up, down]
        orderParameter: decoderSquaredNorm
        figures: [order-parameter, loss-derivatives]
        """ + "\n"
}
