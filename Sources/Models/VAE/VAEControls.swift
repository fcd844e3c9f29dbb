import PhaseSpace

extension VAE {
    public static let declaration = ModelDeclaration(
        name: "vae",
        summary:
            "Nonlinear β-variational autoencoders, one hidden layer in the encoder and one in the decoder (linear, "
            + "tanh or ReLU): posterior collapse mode by mode.",
        sources: [
            "Lucas et al., Don't blame the ELBO, arXiv 1911.02469; Wang & Ziyin, arXiv 2205.04009 (two-layer nets there "
                + "have posterior variances that depend on x, here they do not)",
            "[derived] the collapsed state of any such net gives way at β* = ζ₁²/η_dec²; skewed data can make the "
                + "collapse first order",
        ],
        controls: [
            BetaVAE.beta,
            ControlParameter(
                "activation", symbol: "φ", kind: .choice(VAEActivation.allCases.map(\.rawValue)),
                defaultValue: .text(VAEActivation.tanh.rawValue), meaning: "activation of both hidden layers"),
            ControlParameter(
                "hidden", symbol: "h", kind: .integer(1...64), defaultValue: .number(4),
                meaning: "units of each hidden layer"),
            ControlParameter(
                "latent", symbol: "k", kind: .integer(1...8), defaultValue: .number(2),
                meaning: "dimension of the latent space"),
            ControlParameter(
                "biases", symbol: "", kind: .choice(["none", "all"]), defaultValue: .text("none"),
                meaning: "biases of all layers, or none"),
            BetaVAE.decoderVariance, BetaVAE.encoderVariance,
            ControlParameter(
                "posterior", symbol: "Σ", kind: .choice(LinearVAETheory.Posterior.allCases.map(\.rawValue)),
                defaultValue: .text("learned"),
                meaning: "posterior variances: learned with the weights (alike for all x), or fixed at η_enc²"),
            ControlParameter(
                "gamma", symbol: "γ", kind: .real(0...1e3), defaultValue: .number(0),
                meaning: "weight decay: multiplies Σ‖W‖² of all matrices without ½"),
            ControlParameter(
                "skewness", symbol: "κ", kind: .real(0...2.8), defaultValue: .number(0),
                meaning: "skewness of the teacher's first input, c₁n + c₂(n² − 1) with n normal"),
        ],
        observables: observables, orderParameter: "outputVariance", dataKeys: dataKeys,
        optimiserKeys: [
            ControlParameter(
                "starts", symbol: "starts", kind: .integer(1...1000), defaultValue: nil,
                meaning: "independent initial weights of a cold point; default 6"),
            ControlParameter(
                "nodes", symbol: "m", kind: .integer(2...100), defaultValue: nil,
                meaning: "Gauss–Hermite nodes of each latent variable's noise, for tanh; default 12"),
        ],
        directions: [.cold, .up, .down],
        theoryCurves: [
            "equilibrium": "exact observables: of linear nets, and of all others on a Gaussian distribution"
        ],
        starterSpec: starterSpec)

    private static let observables =
        BetaVAE.losses(target: "x") + [
            Observable(
                "outputVariance", symbol: "Var ŷ",
                meaning: "variance of the decoder's output over data and latent noise, all outputs together"),
            BetaVAE.activeModes, BetaVAE.meanDeviation,
            Observable(
                "gain", symbol: "ΔL", meaning: "exact loss of the linear VAE on the same data less this one",
                isOrderParameter: false),
            Observable(
                "quadratureError", symbol: "δL",
                meaning: "change of the loss with twice as many quadrature nodes (tanh)", isOrderParameter: false),
            Observable(
                "gradientNorm", symbol: "‖∇‖",
                meaning:
                    "norm of the gradient at the end, with weights into and out of each unit scaled to equal lengths",
                isOrderParameter: false),
            Observable(
                "lowestCurvature", symbol: "λ_min",
                meaning: "lowest eigenvalue of the Hessian in balanced coordinates", isOrderParameter: false),
            BetaVAE.trainingSteps,
        ]
        + (1...LinearVAE.namedModes).map {
            Observable(
                "mode_\($0)", symbol: "s_\($0)",
                meaning: "square root of eigenvalue \($0) of the decoder output's covariance, falling")
        }

    private static let dataKeys =
        [
            ControlParameter(
                "teacher", symbol: "", kind: .choice(["gaussian"]), defaultValue: nil,
                meaning: "x ~ N(0, diag a), centred sample by sample set; the first input skewed by the control"),
            ControlParameter(
                "inputVariances", symbol: "a", kind: .numbers(0...1e9, excludingLow: true), defaultValue: nil,
                meaning: "variance of each input (teacher)"),
            ControlParameter(
                "samples", symbol: "n", kind: .choice(["population"]), defaultValue: nil,
                meaning: "`population`: the distribution itself, as a Gauss–Hermite rule, for one or two inputs"),
            ControlParameter(
                "samples", symbol: "n", kind: .integer(2...100_000), defaultValue: nil,
                meaning: "number of samples of each replica's data set (teacher)"),
            ControlParameter(
                "draws", symbol: "", kind: .choice(InputDraws.allCases.map(\.rawValue)), defaultValue: nil,
                meaning: "random samples, or normal quantiles of a lattice, far nearer to the distribution (teacher)"),
            DataKeys.symmetrized,
            ControlParameter(
                "components", symbol: "", kind: .integer(1...64), defaultValue: nil,
                meaning:
                    "the samples' coordinates along so many of their largest principal components; the rest of the "
                    + "variance is a constant of the loss (file)"),
        ] + DataKeys.file.filter { ["file", "target", "columns", "labels", "pool", "limit"].contains($0.name) }

    private static let starterSpec = """
        # Posterior collapse of nonlinear VAEs. Run it with: landau run FILE
        title: Posterior collapse of linear and ReLU nets
        model: vae                             # `landau models vae` lists controls and observables
        seed: 1
        fixed:
          hidden: 4
          latent: 2
        data:
          teacher: gaussian
          inputVariances: [4, 2]               # the linear VAE's thresholds
          samples: 64
          draws: lattice
          symmetrized: true
        axes:
          activation: [linear, relu]           # tanh too: it takes minutes
          beta: {from: 1, to: 5, points: 17}
        orderParameter: outputVariance
        figures: [order-parameter, loss-derivatives]
        """ + "\n"
}
