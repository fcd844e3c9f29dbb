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
        trainingRule: "its nets go to their minima by a dense quasi-Newton and Newton method, which needs no rate",
        directions: [.cold, .up, .down],
        theoryCurves: ["equilibrium": "exact observables at the global minimum"])

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
}
