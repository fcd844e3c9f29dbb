import PhaseSpace
import TinyNets

extension LossFunction: ControlChoice {}
extension Optimiser.Rule: ControlChoice {}

extension WeightDecay {
    static let maximumTrainedDepth = 16
    static let maximumInputs = 64

    enum Controls {
        static let gamma = Control<PerLayer<Double>>(
            "gamma", symbol: "γ", .above(0, upTo: 1e6),
            meaning: "weight decay: multiplies Σ‖W‖² without ½; a list gives one per layer, first layer first",
            exclusion:
                "without decay the minima of a net with hidden layers are not points but whole families of equal "
                + "loss, and Σ‖W‖² could be anything; take a small γ such as 1e-6")
        static let depth = Control<Int>(
            "depth", symbol: "D", 0...100,
            meaning: "number of hidden layers (trained up to \(maximumTrainedDepth), theory up to 100)")
        static let width = Control<PerLayer<Int>>(
            "width", symbol: "d₀", 1...10_000, default: 8, meaning: "neurons per hidden layer (trained up to 128)")
        static let noise = Control<PerLayer<Double>>(
            "noise", symbol: "σ²", .within(0...1e6), default: 0,
            meaning:
                "variance of the multiplicative noise on hidden neurons; dropout at rate p is p/(1−p). Noise of the target is "
                + "`labelNoise`")
        static let activation = Control<UnitActivation>(
            "activation", symbol: "φ", named: UnitActivation.names, default: .linear,
            meaning:
                "activation of the hidden neurons; relu(a,b) has the slopes a above and b below 0, leakyRelu(a) 1 and "
                + "a, shiftedErf(a) is erf((h + a)/√2); others than linear need samples",
            exclusion: "its numbers are between −100 and 100", read: { UnitActivation(name: $0) })
        static let signal = Control<Double>(
            "signal", symbol: "‖w‖", .within(0...1e6), default: 1,
            meaning: "norm of the teacher's weights (data from a teacher)")
        static let labelNoise = Control<Double>(
            "labelNoise", symbol: "σ_y", .within(0...1e6), default: 0,
            meaning:
                "standard deviation of the target's noise (data from a teacher). Noise of neurons is `noise`, a variance"
        )
        static let initScale = Control<Double>(
            "initScale", symbol: "s", .above(0, upTo: 1e3), default: 1,
            meaning: "factor on the initial weights of cold starts")
        static let parameter = Control<Double>(
            TeacherFormula.parameter, symbol: "c", .within(-1e6...1e6),
            meaning: "parameter of a teacher's formula that names it, such as `z1 + c*He3(z1)`"
        ).optional
        static let conditionNumber = Control<Double>(
            "conditionNumber", symbol: "κ", .within(1...1e12), default: 1,
            meaning: "largest over smallest input variance: variances fall geometrically from `inputVariances` (a "
                + "teacher's, or given moments)"
        ).leftOutUnlessSet

        static let all: [any AnyControl] = [
            gamma, depth, width, noise, activation, signal, labelNoise, initScale, parameter, conditionNumber,
        ]
        /// Those that shape a teacher's data in a question.
        static let ofTeacher: [any AnyControl] = [signal, labelNoise]
    }

    enum NetControls {
        static let loss = Control<LossFunction>(
            "loss", symbol: "ℓ", default: .squaredError,
            meaning:
                "squaredError, (f − y)²; or logistic, log(1 + e^(−y f)) for classes y = ±1; summed over outputs",
            record: .whenSet)
        static let biases = Control<Bool>(
            "biases", symbol: "b", default: false, meaning: "biases on all units, without weight decay",
            record: .whenSet)
        static let noiseSamples = Control<Int>(
            "noiseSamples", symbol: "masks", 2...4096, default: 64,
            meaning: "frozen masks of neuron noise for nonlinear nets, in antithetic pairs "
                + "(linear nets average the noise exactly, unless this is set)", record: .whenSet)

        static let all: [any AnyControl] = [loss, biases, noiseSamples]
    }

    /// Which branches are followed beside the one through the lowest minimum at the lower end.
    enum Branches: String, ControlChoice {
        /// None.
        case one
        /// Those that training leads to from where a minimum is lost.
        case falls
        /// Those that emanate from branch points, too.
        case all
    }

    enum TrainingControls {
        static let starts = Control<Int>(
            "starts", symbol: "starts", 1...10_000,
            meaning: "independent initial weights of a cold point; default 1, 8, 16, 32 for depth 0, 1, 2, ≥ 3"
        ).optional
        static let branches = Control<Branches>(
            "branches", default: .falls,
            meaning:
                "what direction `branch` follows: `one` is the branch of the lowest minimum at the lower end; `falls` "
                + "those too that training goes on to where a minimum is lost; `all` also those that "
                + "emanate from branch points (nets of up to \(BranchFollower.switchingLimit) weights)",
            record: .whenSet)

        static let optimiser = Control<Optimiser.Rule>(
            "optimiser",
            meaning: "moves cold starts in place of the fastest way down, over at most 20000 steps: descent, momentum "
                + "(0.9) or adam (0.9, 0.999), full batches; the decay is part of the gradient"
        ).optional
        static let rate = Control<Double>(
            "rate", symbol: "η", .above(0, upTo: 1e3), default: 0.01, meaning: "the optimiser's, constant",
            record: .unlessDefault)
        static let polish = Control<Bool>(
            "polish", default: true,
            meaning: "whether a second-order method goes on from where the optimiser ends; without it a point is "
                + "`completed` where the steps are used up, and there are no curvatures", record: .unlessDefault)

        static let all: [any AnyControl] = [starts, branches, optimiser, rate, polish]

        /// The optimiser that the settings name, if any.
        static func chosenOptimiser(_ keys: ControlReader) throws(ControlError) -> Optimiser? {
            guard let rule = try keys[optimiser] else {
                guard let stray = keys.first(of: [rate, polish]) else { return nil }
                throw ControlError(
                    control: stray.name,
                    message: "`\(stray.name)` belongs to `optimiser`: set that as well, such as `optimiser: adam`")
            }
            return Optimiser(rule, rate: try keys[rate], isPolished: try keys[polish])
        }
    }

    enum DataControls {
        static let teacher = Control<String>(
            "teacher", .formula,
            meaning:
                "`gaussian`: Gaussian inputs, linear target, x ~ N(0, diag a), y = signal·ŵᵀx + labelNoise·ε; or "
                + "the target as a formula of projections on orthonormal directions, such as `z1 + -0.72*He3(z1)`"
        ).optional
        static let inputs = Control<Int>(
            "inputs", symbol: "d", 1...maximumInputs, meaning: "input dimension (teacher)"
        ).optional
        static let inputVariances = Control<PerLayer<Double>>(
            "inputVariances", symbol: "a", .above(0, upTo: 1e9), isPerLayer: false, default: 1,
            meaning: "variance of each input (teacher, moments)", record: .whenSet)
        static let correlations = Control<[Double]>(
            "correlations", symbol: "g", .within(-1e9...1e9),
            meaning: "moments instead of data: E[x y], one number per input"
        ).optional
        static let targetSecondMoment = Control<Double>(
            "targetSecondMoment", symbol: "E[y²]", .within(0...1e18),
            meaning: "moments instead of data; default Σ g²/a, a noiseless target"
        ).optional
        static let modes = Control<[Double]>(
            "modes", symbol: "s", .above(0, upTo: 1e6),
            meaning: "several outputs y_k = signal·s_k·ŵ_kᵀx + labelNoise·ε_k of the gaussian teacher"
        ).optional
        static let draws = Control<InputDraws>(
            "draws", default: .random,
            meaning: "a teacher's inputs: `random`, or `lattice`, at the quantiles of a lattice that "
                + "each replica shifts at random, far nearer to the distribution", record: .whenSet)

        static let all: [any AnyControl] =
            [
                teacher, inputs, inputVariances, correlations, targetSecondMoment, DataKeys.samples, modes, draws,
                DataKeys.symmetrized,
            ] + DataKeys.ofFiles
    }
}

extension Measure {
    static let dataLoss = Measure("dataLoss")
    static let layerSquaredNorm = Measure("layerSquaredNorm")
    static let weightAmplitude = Measure("weightAmplitude")
    static let imbalance = Measure("imbalance")
}
