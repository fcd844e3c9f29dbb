import PhaseSpace

extension VAE {
    public static let declaration = ModelDeclaration(
        name: "vae",
        // Since 0.1.0 the loss of linear nets, which `gain` is held against, is a sum of positive terms.
        revision: 3,
        summary:
            "Nonlinear β-variational autoencoders, one hidden layer in the encoder and one in the decoder (linear, "
            + "tanh or ReLU): posterior collapse mode by mode.",
        sources: [
            "Lucas et al., Don't blame the ELBO, arXiv 1911.02469; Wang & Ziyin, arXiv 2205.04009 (two-layer nets there "
                + "have posterior variances that depend on x, here they do not)",
            "[derived] the collapsed state of any such net gives way at β* = ζ₁²/η_dec²; skewed data can make the "
                + "collapse first order",
        ],
        controls: Controls.all,
        observables: observables, orderParameter: .outputVariance, dataKeys: DataControls.all,
        net: [SettingControls.nodes], training: [SettingControls.starts],
        trainingRule: "its nets go to their minima by a dense quasi-Newton and Newton method, which needs no rate",
        directions: [.cold, .up, .down],
        theoryCurves: [
            "equilibrium":
                "exact observables: of linear nets, and of all others on a Gaussian distribution"
        ])

    private static let observables =
        BetaVAE.losses(target: "x") + [
            Observable(
                .outputVariance, symbol: "Var ŷ",
                meaning: "variance of the decoder's output over data and latent noise, all outputs together"
            ),
            BetaVAE.activeModes, BetaVAE.meanDeviation,
            Observable(
                .gain, symbol: "ΔL", meaning: "exact loss of the linear VAE on the same data less this one",
                isOrderParameter: false),
            Observable(
                .quadratureError, symbol: "δL",
                meaning: "change of the loss with twice as many quadrature nodes (tanh)",
                isOrderParameter: false),
            Observable(
                .gradientNorm, symbol: "‖∇‖",
                meaning:
                    "norm of the gradient at the end, with weights into and out of each unit scaled to equal lengths",
                isOrderParameter: false),
            Observable(
                .lowestCurvature, symbol: "λ_min",
                meaning: "lowest eigenvalue of the Hessian in balanced coordinates", isOrderParameter: false
            ),
            BetaVAE.trainingSteps,
        ]
        + (1...LinearVAE.namedModes).map {
            Observable(
                .mode($0), symbol: "s_\($0)",
                meaning: "square root of eigenvalue \($0) of the decoder output's covariance, falling")
        }
}
