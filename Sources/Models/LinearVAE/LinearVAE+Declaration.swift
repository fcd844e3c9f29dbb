import PhaseSpace

extension LinearVAE {
    /// Modes with an observable of their own.
    static let namedModes = 8

    public static let declaration = ModelDeclaration(
        name: "linear-vae",
        summary:
            "Linear β-variational autoencoders: encoder z = Wᵀx + ε, decoder U z, one second-order collapse per "
            + "latent mode at β_i = ζ_i²/η_dec².",
        sources: [
            "Wang & Ziyin, Posterior collapse of a linear latent variable model, arXiv 2205.04009"
        ],
        controls: Controls.all,
        observables: observables,
        orderParameter: .decoderSquaredNorm,
        dataKeys: DataControls.all,
        training: [TrainingControls.starts],
        directions: [.cold, .up, .down],
        theoryCurves: ["equilibrium": "exact observables at the global minimum"],
        starterSpec: starterSpec)

    private static let observables =
        BetaVAE.losses(target: "y") + [
            Observable(.decoderSquaredNorm, symbol: "‖U‖²", meaning: "squared norm of the decoder"),
            BetaVAE.activeModes, BetaVAE.meanDeviation,
            Observable(
                .gradientNorm, symbol: "‖∇‖", meaning: "norm of the gradient at the end",
                isOrderParameter: false),
            Observable(
                .lowestCurvature, symbol: "λ_min", meaning: "lowest eigenvalue of the Hessian",
                isOrderParameter: false
            ),
            BetaVAE.trainingSteps,
        ]
        + (1...namedModes).map {
            Observable(
                .mode($0), symbol: "λ_\($0)", meaning: "singular value \($0) of the decoder, falling")
        }

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
