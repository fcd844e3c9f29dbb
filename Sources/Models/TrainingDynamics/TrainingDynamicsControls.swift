import PhaseSpace
import TinyNets

extension TrainingDynamics {
    enum Controls {
        static let depth = Control<Int>(
            "depth", symbol: "D", 0...SampledNetShape.depthRange.upperBound,
            meaning: "number of hidden layers (weight matrices minus 1)")
        static let width = Control<Int>(
            "width", symbol: "m", 1...128, default: 64, meaning: "units per hidden layer; of the first one for nup")
        static let activation = Control<String>(
            "activation", symbol: "φ", .choice(DynamicsSetting.activations), default: "relu",
            meaning: "activation; all but tanh are a s + b|s| [recovered]")
        static let leak = Control<Double>(
            "leak", symbol: "α", .within(-1...1), default: 0.1, meaning: "slope of leakyRelu below 0")
        static let parameterization = Control<DynamicsSetting.Parameterization>(
            "parameterization", default: .ntk,
            meaning: "standard, ntk and mup [standard]; nup: widths m k^r with the multipliers of ntk [widths "
                + "recovered, multipliers our choice]")
        static let widthExponent = Control<Double>(
            "widthExponent", symbol: "r", .within(0...4), default: 2,
            meaning: "growth of the widths of nup: layer k has round(m k^r) units [recovered, version 2]")
        static let outputScale = Control<Double>(
            "outputScale", symbol: "γ_out", .within(1e-3...1e3), default: 1,
            meaning: "divides the output: 1 lazy, √m rich; mup has its own √m beside it [our choice]")
        static let relativeRate = Control<Double>(
            "relativeRate", symbol: "ηλ", .above(0, upTo: 1e4), default: 1,
            meaning: "learning rate times the top tangent-kernel eigenvalue: of the run's own start (constant), of "
                + "every step (κ of a schedule) [standard; κ our choice]")
        static let schedule = Control<DynamicsPlan.Schedule>(
            "schedule", default: .constant,
            meaning: "constant η; geometry: η_t = κ/λ_t; rayleigh: κ·2L/|∇L|², which costs nothing [a schedule "
                + "is recovered from version 1, its formula is our choice]")
        static let annealing = Control<Double>(
            "annealing", .within(0...0.9), default: 0,
            meaning: "share of the steps at the end that run at ηλ = 1 [our choice]")
        static let gradientScaling = Control<GradientScaling>(
            "gradientScaling", symbol: "ξ", default: .plain,
            meaning: "norms: each layer's gradient times ξ_k, which cancels forward and backward norms [recovered, "
                + "version 2; formula our choice]")
        static let gamma = Control<Double>(
            "gamma", symbol: "γ", .within(0...1e3), default: 0,
            meaning: "weight decay: adds γ‖θ‖² to the loss, without ½; observed losses leave it out")
        static let steps = Control<Int>(
            "steps", symbol: "T", 1...1_000_000, default: 200, meaning: "steps of gradient descent")

        static let all: [any AnyControl] = [
            depth, width, activation, leak, parameterization, widthExponent, outputScale, relativeRate, schedule,
            annealing, gradientScaling, gamma, steps,
        ]
    }

    enum GradientScaling: String, ControlChoice {
        case plain = "none"
        case norms
    }

    enum DataControls {
        static let inputs = Control<Int>(
            "inputs", symbol: "d", 2...64, default: 16,
            meaning: "input dimension of the teacher on the sphere |x|² = d [our choice]")
        static let samples = Control<Int>(
            "samples", symbol: "n", 2...512, default: 32, meaning: "samples; every replica has its own")

        static let all: [any AnyControl] = [inputs, samples] + DataKeys.ofFiles
    }

    enum MeasureControls {
        static let record = Control<Int>(
            "record", 0...1_000_000, default: 0,
            meaning: "steps between recorded rows of the trajectory; 0 records none")
        static let sharpness = Control<Bool>(
            "sharpness", default: false,
            meaning: "take the top Hessian eigenvalue at start, end and recorded steps")

        static let all: [any AnyControl] = [record, sharpness]
    }
}

extension Measure {
    static let aboveEdge = Measure("aboveEdge")
    static let conditionNumber = Measure("conditionNumber")
    static let deadFraction = Measure("deadFraction")
    static let earlyCosine = Measure("earlyCosine")
    static let earlyLazyCosine = Measure("earlyLazyCosine")
    static let edge = Measure("edge")
    static let finalRatio = Measure("finalRatio")
    static let initialKernel = Measure("initialKernel")
    static let initialLoss = Measure("initialLoss")
    static let initialSharpness = Measure("initialSharpness")
    static let kernel = Measure("kernel")
    static let kernelDeviation = Measure("kernelDeviation")
    static let kernelRatio = Measure("kernelRatio")
    static let lazyCosine = Measure("lazyCosine")
    static let learningRate = Measure("learningRate")
    static let meanCosine = Measure("meanCosine")
    static let participationRatio = Measure("participationRatio")
    static let profileRatio = Measure("profileRatio")
    static let relativeRateNow = Measure("relativeRateNow")
    static let risingFraction = Measure("risingFraction")
    static let sharpeningCosine = Measure("sharpeningCosine")
    static let sharpness = Measure("sharpness")
    static let spikes = Measure("spikes")

    /// |h − h(0)|/|h(0)| of a hidden layer, counted from 1.
    static func preactivationChange(_ layer: Int) -> Measure { Measure("preactivationChange", layer) }
    /// The update cosine of a weight matrix, counted from 1.
    static func updateCosine(_ matrix: Int) -> Measure { Measure("updateCosine", matrix) }
    static let updateCosine = Measure("updateCosine")
}
