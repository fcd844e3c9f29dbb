import PhaseSpace

extension WeightDecay {
    public static let declaration = ModelDeclaration(
        name: "weight-decay",
        summary:
            "Deep nets under weight decay: loss = E‖f − y‖² + Σ γ_l‖W_l‖², multiplicative noise on hidden neurons.",
        sources: [
            "Ziyin & Ueda, Exact phase transitions in deep learning, arXiv 2205.12510",
            "Ziyin, Li & Meng, Exact solutions of a deep linear network, arXiv 2202.04777",
        ],
        controls: Controls.all, observables: observables, orderParameter: .squaredNorm, dataKeys: DataControls.all,
        net: NetControls.all, training: TrainingControls.all,
        directions: [.cold, .up, .down, .branch],
        theoryCurves: [
            "equilibrium": "exact observables in the global phase",
            "branches": "all stationary points, stable and unstable",
            "landscape": "effective loss over the layer norm B at several γ",
            "modes": "what the ridge path rests on: κa, g² and E[y²], one row for each principal input",
        ])

    private static let observables = [
        Observable(
            .loss, symbol: "F", meaning: "regularised training loss at this row's own minimum",
            isOrderParameter: false),
        Observable(
            .lossSlope, symbol: "F′",
            meaning:
                "dF/dγ along this row's branch: Σ‖W‖² at the minimum (by the geometric mean where γ differs by layer)",
            derivative: .init(of: Observable.Name.loss, order: 1, by: "gamma")),
        Observable(
            .lossCurvature, symbol: "F″",
            meaning: "d²F/dγ² along this row's branch, −∇RᵀH⁺∇R; absent where the Hessian is singular along ∇R",
            derivative: .init(of: Observable.Name.loss, order: 2, by: "gamma"), isOrderParameter: false),
        Observable(
            .zeroNetLoss, symbol: "E[y²]", meaning: "loss of the net with all weights zero",
            isOrderParameter: false),
        Observable(
            .dataLoss, symbol: "E(f−y)²", meaning: "loss without the regulariser, noise averaged exactly",
            isOrderParameter: false),
        Observable(
            .testLoss, symbol: "E_test(f−y)²",
            meaning: "loss of the noiseless net on the test samples, without the regulariser", isOrderParameter: false),
        Observable(
            .testError, symbol: "ε",
            meaning: "part of the test samples that the noiseless net puts into the wrong class",
            isOrderParameter: false),
        Observable(.squaredNorm, symbol: "Σ‖W‖²", meaning: "squared norm of all weights, R"),
        Observable(.layerSquaredNorm, symbol: "t", meaning: "each layer's share of Σ γ_l‖W_l‖², over the mean γ"),
        Observable(
            .weightAmplitude, symbol: "b",
            meaning: "‖U‖/d₀ with U the last layer; absent for depth 0 and for unequal widths or γ"),
        Observable(
            .imbalance, symbol: "ΔB", meaning: "largest relative spread of γ_l‖W_l‖² over layers; 0 exactly",
            isOrderParameter: false),
        Observable(.gradientNorm, symbol: "‖∇‖", meaning: "norm of the gradient at the end", isOrderParameter: false),
        Observable(
            .lowestCurvature, symbol: "λ_min", meaning: "lowest eigenvalue of the Hessian", isOrderParameter: false),
        Observable(
            .orderedFraction, symbol: "p",
            meaning: "fraction of the cold starts that ended in a trained phase", isOrderParameter: false),
        Observable(
            .trainingSteps, symbol: "steps", meaning: "descent and Newton steps, all starts together",
            isOrderParameter: false),
    ]
}
