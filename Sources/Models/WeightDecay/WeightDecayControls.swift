import PhaseSpace
import TinyNets

extension WeightDecay {
    public static let declaration = ModelDeclaration(
        name: "weight-decay",
        summary:
            "Deep nets under weight decay: loss = E‖f − y‖² + Σ γ_l‖W_l‖², multiplicative noise on hidden neurons.",
        sources: [
            "Ziyin & Ueda, Exact phase transitions in deep learning, arXiv 2205.12510",
            "Ziyin, Li & Meng, Exact solutions of a deep linear network, arXiv 2202.04777",
        ],
        controls: controls,
        observables: observables,
        orderParameter: "squaredNorm",
        dataKeys: dataKeys,
        optimiserKeys: [
            ControlParameter(
                "starts", symbol: "starts", kind: .integer(1...10_000), defaultValue: nil,
                meaning: "independent initial weights of a cold point; default 1, 8, 16, 32 for depth 0, 1, 2, ≥ 3"),
            ControlParameter(
                "loss", symbol: "ℓ", kind: .choice(LossFunction.allCases.map(\.rawValue)), defaultValue: nil,
                meaning:
                    "squaredError, (f − y)², the default; or logistic, log(1 + e^(−y f)) for classes y = ±1; summed "
                    + "over outputs"),
            ControlParameter(
                "biases", symbol: "b", kind: .choice(["true", "false"]), defaultValue: nil,
                meaning: "biases on all units, without weight decay; default false"),
            ControlParameter(
                "branches", symbol: "", kind: .choice(["one", "falls", "all"]), defaultValue: nil,
                meaning:
                    "what direction `branch` follows: `one` is the branch of the lowest minimum at the lower end; `falls`, "
                    + "the default, those too that training goes on to where a minimum is lost; `all` also those that "
                    + "emanate from branch points (nets of up to \(BranchFollower.switchingLimit) weights)"),
            ControlParameter(
                "noiseSamples", symbol: "masks", kind: .integer(2...4096), defaultValue: nil,
                meaning: "frozen masks of neuron noise for nonlinear nets, in antithetic pairs; default 64 "
                    + "(linear nets average the noise exactly, unless this is set)"),
        ],
        directions: [.cold, .up, .down, .branch],
        theoryCurves: [
            "equilibrium": "exact observables in the global phase",
            "branches": "all stationary points, stable and unstable",
            "landscape": "effective loss over the layer norm B at several γ",
        ],
        starterSpec: starterSpec)

    static let maximumTrainedDepth = 16

    private static let controls = [
        ControlParameter(
            "gamma", symbol: "γ", kind: .realPerLayer(0...1e6, excludingLow: true), defaultValue: nil,
            meaning: "weight decay: multiplies Σ‖W‖² without ½; a list gives one per layer, first layer first",
            exclusion:
                "without decay the minima of a net with hidden layers are not points but whole families of equal "
                + "loss, and Σ‖W‖² could be anything; take a small γ such as 1e-6"),
        ControlParameter(
            "depth", symbol: "D", kind: .integer(0...100), defaultValue: nil,
            meaning: "number of hidden layers (trained up to \(maximumTrainedDepth), theory up to 100)"),
        ControlParameter(
            "width", symbol: "d₀", kind: .integerPerLayer(1...10_000), defaultValue: .number(8),
            meaning: "neurons per hidden layer (trained up to 128)"),
        ControlParameter(
            "noise", symbol: "σ²", kind: .realPerLayer(0...1e6), defaultValue: .number(0),
            meaning:
                "variance of the multiplicative noise on hidden neurons; dropout at rate p is p/(1−p). Noise of the target is "
                + "`labelNoise`"),
        ControlParameter(
            "activation", symbol: "φ", kind: .choice(UnitActivation.names), defaultValue: .text("linear"),
            meaning:
                "activation of the hidden neurons; relu(a,b) has the slopes a above and b below 0, leakyRelu(a) 1 and "
                + "a, shiftedErf(a) is erf((h + a)/√2); others than linear need samples"),
        ControlParameter(
            "signal", symbol: "‖w‖", kind: .real(0...1e6), defaultValue: .number(1),
            meaning: "norm of the teacher's weights (data from a teacher)"),
        ControlParameter(
            "labelNoise", symbol: "σ_y", kind: .real(0...1e6), defaultValue: .number(0),
            meaning:
                "standard deviation of the target's noise (data from a teacher). Noise of neurons is `noise`, a variance"
        ),
        ControlParameter(
            "initScale", symbol: "s", kind: .real(0...1e3, excludingLow: true), defaultValue: .number(1),
            meaning: "factor on the initial weights of cold starts"),
        ControlParameter(
            "c", symbol: "c", kind: .real(-1e6...1e6), defaultValue: nil,
            meaning: "parameter of a teacher's formula that names it, such as `z1 + c*He3(z1)`", isOptional: true),
        ControlParameter(
            "conditionNumber", symbol: "κ", kind: .real(1...1e12), defaultValue: nil,
            meaning: "largest over smallest input variance: variances fall geometrically from `inputVariances` (a "
                + "teacher's, or given moments)", isOptional: true),
    ]

    private static let observables = [
        Observable(
            Observable.Name.loss, symbol: "F", meaning: "regularised training loss at this row's own minimum",
            isOrderParameter: false),
        Observable(
            Observable.Name.lossSlope, symbol: "F′",
            meaning:
                "dF/dγ along this row's branch: Σ‖W‖² at the minimum (by the geometric mean where γ differs by layer)",
            derivative: .init(of: Observable.Name.loss, order: 1, by: "gamma")),
        Observable(
            Observable.Name.lossCurvature, symbol: "F″",
            meaning: "d²F/dγ² along this row's branch, −∇RᵀH⁺∇R; absent where the Hessian is singular along ∇R",
            derivative: .init(of: Observable.Name.loss, order: 2, by: "gamma"), isOrderParameter: false),
        Observable(
            Observable.Name.zeroNetLoss, symbol: "E[y²]", meaning: "loss of the net with all weights zero",
            isOrderParameter: false),
        Observable(
            "dataLoss", symbol: "E(f−y)²", meaning: "loss without the regulariser, noise averaged exactly",
            isOrderParameter: false),
        Observable(
            "testLoss", symbol: "E_test(f−y)²",
            meaning: "loss of the noiseless net on the test samples, without the regulariser", isOrderParameter: false),
        Observable(
            "testError", symbol: "ε",
            meaning: "part of the test samples that the noiseless net puts into the wrong class",
            isOrderParameter: false),
        Observable("squaredNorm", symbol: "Σ‖W‖²", meaning: "squared norm of all weights, R"),
        Observable("layerSquaredNorm", symbol: "t", meaning: "each layer's share of Σ γ_l‖W_l‖², over the mean γ"),
        Observable(
            "weightAmplitude", symbol: "b",
            meaning: "‖U‖/d₀ with U the last layer; absent for depth 0 and for unequal widths or γ"),
        Observable(
            "imbalance", symbol: "ΔB", meaning: "largest relative spread of γ_l‖W_l‖² over layers; 0 exactly",
            isOrderParameter: false),
        Observable("gradientNorm", symbol: "‖∇‖", meaning: "norm of the gradient at the end", isOrderParameter: false),
        Observable(
            "lowestCurvature", symbol: "λ_min", meaning: "lowest eigenvalue of the Hessian", isOrderParameter: false),
        Observable(
            Observable.Name.orderedFraction, symbol: "p",
            meaning: "fraction of the cold starts that ended in a trained phase", isOrderParameter: false),
        Observable(
            "trainingSteps", symbol: "steps", meaning: "descent and Newton steps, all starts together",
            isOrderParameter: false),
    ]

    private static let dataKeys =
        [
            ControlParameter(
                "teacher", symbol: "", kind: .formula, defaultValue: nil,
                meaning:
                    "`gaussian`: Gaussian inputs, linear target, x ~ N(0, diag a), y = signal·ŵᵀx + labelNoise·ε; or "
                    + "the target as a formula of projections on orthonormal directions, such as `z1 + -0.72*He3(z1)`"),
            ControlParameter(
                "inputs", symbol: "d", kind: .integer(1...64), defaultValue: nil, meaning: "input dimension (teacher)"),
            ControlParameter(
                "inputVariances", symbol: "a", kind: .numbers(0...1e9, excludingLow: true), defaultValue: nil,
                meaning: "variance of each input (teacher, moments); default 1"),
            ControlParameter(
                "correlations", symbol: "g", kind: .numbers(-1e9...1e9), defaultValue: nil,
                meaning: "moments instead of data: E[x y], one number per input"),
            ControlParameter(
                "targetSecondMoment", symbol: "E[y²]", kind: .real(0...1e18), defaultValue: nil,
                meaning: "moments instead of data; default Σ g²/a, a noiseless target"),
        ] + DataKeys.samples + [
            ControlParameter(
                "modes", symbol: "s", kind: .numbers(0...1e6, excludingLow: true), defaultValue: nil,
                meaning: "several outputs y_k = signal·s_k·ŵ_kᵀx + labelNoise·ε_k of the gaussian teacher"),
            ControlParameter(
                "draws", symbol: "", kind: .choice(InputDraws.allCases.map(\.rawValue)), defaultValue: nil,
                meaning: "a teacher's inputs: `random`, the default, or `lattice`, at the quantiles of a lattice that "
                    + "each replica shifts at random, far nearer to the distribution"),
            DataKeys.symmetrized,
        ] + DataKeys.file

    private static let starterSpec = """
        # A sweep of the weight-decay model. Run it with: landau run FILE
        title: Where training stops            # stands over the figures
        model: weight-decay                    # `landau models weight-decay` lists controls and observables
        seed: 1

        # Controls that stay the same.
        fixed:
          noise: 0.5                           # σ², variance of multiplicative noise of neurons
          labelNoise: 0                        # σ_y, standard deviation of noise of the target
          width: 8                             # neurons per hidden layer

        # Data: a Gaussian teacher, or a CSV file: {file: data.csv, target: y, standardize: true}
        data:
          teacher: gaussian
          inputs: 5
          samples: 200                         # per replica; `population` for the exact moments

        # Controls that vary; every combination is a point.
        axes:
          depth: [1, 2]                        # hidden layers
          gamma: {from: 0.02, to: 1.5, points: 48, spacing: log}

        along: gamma                           # the axis of curves and warm sweeps
        replicas: 4                            # independent data sets and initial weights: the error bars
        direction: [cold, up, down]            # cold starts, and warm sweeps both ways (hysteresis)
        orderParameter: squaredNorm
        figures: [order-parameter, loss-derivatives, effective-landscape, phase-diagram]
        """ + "\n"
}
