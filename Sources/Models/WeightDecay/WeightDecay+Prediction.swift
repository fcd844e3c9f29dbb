import Foundation
import OrderedCollections
import PhaseSpace
import Support
import TinyNets

extension WeightDecay {
    /// Keys that a question may have beside the controls `depth`, `gamma`, `width`, `noise`, `activation`.
    private static let dataKeysOfQuestions =
        momentKeys.map(\.name) + ["data", DataKeys.target.name, DataKeys.columns.name, DataKeys.standardize.name]
    private static let momentKeys: [any AnyControl] = [
        DataControls.inputVariances, DataControls.correlations, DataControls.targetSecondMoment,
    ]

    /// Exact theory of one net: phase, free energy and its derivatives, all stationary points, transitions.
    ///
    /// Data are `inputVariances` (a_i), `correlations` (g_i, default all 1) and `targetSecondMoment` (default
    /// gᵀA⁻¹g, a noiseless target) with the teacher's `signal`, which multiplies correlations, and `labelNoise`, whose
    /// square is added to E[y²]; or `data`, a CSV file's name or `{"inputs": [[…]], "targets": […]}`. With none of
    /// these: one input of variance 1 and correlation 1. Without `gamma` only the transition is answered.
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        let question = try Question(query, to: declaration, example: "{\"depth\": 2, \"gamma\": 0.3}")
        let asked: [any AnyControl] = [
            Controls.depth, Controls.gamma, Controls.width, Controls.noise, Controls.activation,
        ]
        try question.allowOnly(asked + Controls.ofTeacher, and: dataKeysOfQuestions)
        let controls = try question.reader(of: asked)
        guard controls.sets(Controls.depth) else {
            throw ControlError(
                control: Controls.depth.name, message: "`depth`, the number of hidden layers, is missing")
        }
        let activation = try controls[Controls.activation]
        return activation == .linear
            ? try predictLinear(question, controls) : try predictNonlinear(activation, question, controls)
    }

    private static func predictLinear(_ question: Question, _ controls: ControlReader) throws -> JSONValue {
        let hasGamma = controls.sets(Controls.gamma)
        let setting = try Setting(hasGamma ? controls : controls.setting(Controls.gamma, to: .number(1)))
        let data = try Self.data(question)
        let theory = try DeepLinearTheory(
            gammas: setting.gammas, widths: setting.widths, noises: setting.noises,
            inputVariances: data.variances, correlations: data.correlations,
            targetSecondMoment: data.targetSecondMoment, unexplained: data.unexplained,
            relativeError: data.relativeError)
        var answer: OrderedDictionary<String, JSONValue> = ["claim": .text(theory.claim.word)]
        // Nearly collinear inputs: digits of their smallest variance are lost.
        if theory.claim != .exact { answer["relativeError"] = .number(theory.relativeError) }
        if question["data"] != nil { answer["rank"] = .number(Double(data.variances.count)) }
        if hasGamma { answer.merge(try phaseAnswer(theory)) { $1 } }
        answer["transition"] = try transitionAnswer(theory)
        let factor = Double(theory.depth + 1)
        answer["secondary"] = .list(
            try theory.path.secondaryTransitions().map { tie in
                [
                    "order": "first", "gamma": .number(tie.decay),
                    "layerSquaredNorm": .numbers([tie.smallerSquaredNorm, tie.largerSquaredNorm]),
                    "latentHeat": .number(tie.decay * factor * (tie.largerSquaredNorm - tie.smallerSquaredNorm)),
                    "global": .bool(tie.isGlobal),
                ]
            })
        return .object(answer)
    }

    private static func phaseAnswer(_ theory: DeepLinearTheory) throws -> OrderedDictionary<String, JSONValue> {
        let minimum = try theory.path.globalMinimum(atDecay: theory.decay)
        let values = theory.values(at: minimum)
        let points = try theory.path.stationaryPoints(atDecay: theory.decay)
        func list(_ points: [StationaryPoint]) -> JSONValue {
            .list(
                points.map {
                    [
                        "layerSquaredNorm": .number($0.layerSquaredNorm), "freeEnergy": .number($0.freeEnergy),
                    ]
                })
        }
        func value(_ measure: Measure) -> JSONValue { .optional(values[measure]) }
        // By a common factor of all decays where they differ, by γ itself where they are one.
        let factor = theory.isUniform ? 1 : theory.decay
        func derivative(_ measure: Measure, order: Int) -> JSONValue {
            .optional(values[measure].map { $0 * (order == 1 ? factor : factor * factor) })
        }
        return [
            "phase": minimum == nil ? "trivial" : "ordered",
            "freeEnergy": value(.loss),
            "freeEnergySlope": derivative(.lossSlope, order: 1),
            "freeEnergyCurvature": derivative(.lossCurvature, order: 2),
            "squaredNorm": value(.squaredNorm),
            "layerSquaredNorm": value(.layerSquaredNorm), "weightAmplitude": value(.weightAmplitude),
            "dataLoss": value(.dataLoss), "originStable": .bool(theory.isOriginStable),
            "minima": list(points.filter(\.isStable)), "unstable": list(points.filter { !$0.isStable }),
        ]
    }

    private static func transitionAnswer(_ theory: DeepLinearTheory) throws -> JSONValue {
        let none: JSONValue = [
            "order": "none", "gamma": nil, "spinodal": nil, "layerSquaredNorm": nil, "latentHeat": nil,
            "barrier": nil, "curvatureJump": nil,
        ]
        guard let transition = try theory.path.trivialTransition() else { return none }
        let jump = Double(theory.depth + 1) * transition.layerSquaredNorm
        return [
            "order": transition.isFirstOrder ? "first" : "second", "gamma": .number(transition.decay),
            "spinodal": .number(transition.spinodal), "layerSquaredNorm": .number(transition.layerSquaredNorm),
            "latentHeat": .number(transition.decay * jump), "barrier": .number(transition.barrier),
            // Where F′ itself jumps, F″ holds a delta and has no jump to speak of.
            "curvatureJump": transition.isFirstOrder ? nil : .number(transition.curvatureJump),
        ]
    }

    /// The threshold of a nonlinear net with one hidden layer.
    private static func predictNonlinear(
        _ activation: UnitActivation, _ question: Question, _ controls: ControlReader
    ) throws -> JSONValue {
        guard try controls[Controls.depth] == 1 else {
            throw ControlError(
                control: "depth",
                message: "with `activation` \(activation) only depth 1 has theory: its threshold")
        }
        guard !controls.sets(Controls.gamma) else {
            throw ControlError(
                control: "gamma",
                message:
                    "with `activation` \(activation) only the transition has theory: leave `gamma` out of the question")
        }
        guard try controls[Controls.noise] == .all(0) else {
            throw ControlError(
                control: "noise", message: "with `activation` \(activation) the threshold is known for `noise` 0")
        }
        guard let table = try Self.table(question) else {
            throw ControlError(
                control: "data",
                message: "with `activation` \(activation) the samples themselves are needed: set `data`")
        }
        guard case .all(let width) = try controls[Controls.width] else {
            throw ControlError(control: "width", message: "`width` must be one number for one hidden layer")
        }
        guard let threshold = try threshold(activation, table.samples, width: width) else {
            throw ControlError(
                control: "activation",
                message: "with `activation` \(activation) these data have no theory: it is for relu, relu(a,b), "
                    + "leakyRelu, abs, tanh and erf, and for swish and gelu on data with mirror images")
        }
        var answer: OrderedDictionary<String, JSONValue> = ["transition": threshold.answer]
        if let direction = threshold.direction { answer["direction"] = .numbers(direction) }
        answer["exact"] = .bool(threshold.claim == .exact)
        answer["secondary"] = []
        return .object(answer)
    }

    // MARK: - Data of a question

    /// Numbers of which products of four neither overflow nor underflow.
    private static let range = 1e-60...1e60

    private static func data(_ question: Question) throws -> PrincipalInputs {
        func isInRange(_ x: Double) -> Bool { x == 0 || range.contains(abs(x)) }
        let limits = "0 or of a size in 1e-60…1e60"
        if let table = try Self.table(question) {
            try question.exclude(momentKeys.map(\.name), beside: "data")
            guard (table.inputs + table.targets).allSatisfy(isInRange) else {
                throw ControlError(control: "data", message: "numbers of `data` must be \(limits)")
            }
            return try PrincipalInputs(features: table.inputs, targets: table.targets, columns: table.columns)
        }
        let variances = try question.numbers(DataControls.inputVariances.name, "a list of numbers ≥ 0, each \(limits)")
        {
            $0 >= 0 && isInRange($0)
        }
        let correlations = try question.numbers(
            DataControls.correlations.name, "a list of numbers, each \(limits)", isInRange)
        let count = variances?.count ?? correlations?.count ?? 1
        let a = variances ?? Array(repeating: 1, count: count)
        let teacher = try question.reader(of: Controls.ofTeacher)
        let signal = try teacher[Controls.signal]
        let g = (correlations ?? Array(repeating: 1, count: count)).map { signal * $0 }
        if question.asks(DataControls.targetSecondMoment) {
            try question.exclude(
                Controls.ofTeacher.map(\.name), beside: DataControls.targetSecondMoment.name)
        }
        guard a.count == g.count else {
            throw ControlError(
                control: "correlations",
                message: "`correlations` has \(g.count) values and `inputVariances` \(a.count): one of each per input")
        }
        return PrincipalInputs(
            variances: a, correlations: g,
            targetSecondMoment: try question.number(DataControls.targetSecondMoment.name, "a number ≥ 0") { $0 >= 0 },
            labelNoise: try teacher[Controls.labelNoise])
    }

    private static func table(_ question: Question) throws -> RegressionTable? {
        guard let data = question["data"] else { return nil }
        try question.exclude(Controls.ofTeacher.map(\.name), beside: "data")
        let keys = try question.reader(of: [DataKeys.target, DataKeys.columns, DataKeys.standardize])
        var table: RegressionTable
        var name = "data"
        if let file = data.text {
            name = file
            table = try RegressionTable(
                contentsOf: file, target: try keys[DataKeys.target], columns: try keys[DataKeys.columns])
        } else {
            guard let rows = data["inputs"]?.list, let targets = data["targets"]?.numbers, rows.count == targets.count,
                let dimension = rows.first?.numbers?.count, dimension > 0
            else {
                throw ControlError(
                    control: "data",
                    message: "`data` must be a file name or {\"inputs\": [[…], …], \"targets\": […]} of equal length")
            }
            var inputs: [Double] = []
            for (index, row) in rows.enumerated() {
                guard let x = row.numbers, x.count == dimension else {
                    throw ControlError(
                        control: "data", message: "row \(index + 1) of `data` inputs must have \(dimension) numbers")
                }
                inputs += x
            }
            table = RegressionTable(
                inputNames: (1...dimension).map { "x\($0)" }, inputs: inputs, targets: targets)
        }
        return try keys[DataKeys.standardize] ? try table.standardized(file: name) : table
    }
}
