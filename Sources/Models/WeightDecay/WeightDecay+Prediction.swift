import Foundation
import OrderedCollections
import PhaseSpace
import TinyNets

extension WeightDecay {
    /// Keys that a question may have beside the controls `depth`, `gamma`, `width`, `noise`, `activation`.
    private static let dataQuestionKeys = [
        "inputVariances", "correlations", "targetSecondMoment", "data", "target", "standardize",
    ]

    /// Exact theory of one net: phase, free energy and its derivatives, all stationary points, transitions.
    ///
    /// Data are `inputVariances` (a_i), `correlations` (g_i, default all 1) and `targetSecondMoment` (default
    /// gᵀA⁻¹g, a noiseless target); or `data`, a CSV file's name or `{"inputs": [[…]], "targets": […]}`. With none of
    /// these: one input of variance 1 and correlation 1. Without `gamma` only the transition is answered.
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        guard let members = query.object else {
            throw ControlError(
                control: "", message: "a question is a JSON object such as {\"depth\": 2, \"gamma\": 0.3}")
        }
        let known = ["depth", "gamma", "width", "noise", "activation"] + dataQuestionKeys
        for key in members.keys where !known.contains(key) {
            throw ControlError(
                control: key,
                message: "`\(key)` is not a key of a weight-decay prediction\(nearestHint(to: key, among: known)); "
                    + "known: \(known.joined(separator: ", "))")
        }
        var controls: [String: ControlValue] = [:]
        for control in declaration.controls where known.contains(control.name) {
            if control.name == "activation" { continue }
            guard let given = members[control.name], !given.isNull else {
                controls[control.name] = control.defaultValue
                continue
            }
            guard let value = ControlValue(given) else {
                throw ControlError(
                    control: control.name, message: "`\(control.name)` must be \(control.requirement)")
            }
            try control.check(value)
            controls[control.name] = value
        }
        guard controls["depth"] != nil else {
            throw ControlError(control: "depth", message: "`depth`, the number of hidden layers, is missing")
        }
        let control = declaration.controls.first { $0.name == "activation" }!
        guard let value = ControlValue(members["activation"] ?? "linear") else {
            throw ControlError(control: "activation", message: "`activation` must be \(control.requirement)")
        }
        try control.check(value)
        controls["activation"] = value
        let activation = try Setting.activation(controls)
        return activation == .linear
            ? try predictLinear(members, controls) : try predictNonlinear(activation, members, controls)
    }

    private static func predictLinear(
        _ members: OrderedDictionary<String, JSONValue>, _ controls: [String: ControlValue]
    ) throws -> JSONValue {
        var controls = controls
        let hasGamma = controls["gamma"] != nil
        if !hasGamma { controls["gamma"] = .number(1) }
        let setting = try Setting(controls)
        let data = try questionData(members)
        let theory = try DeepLinearTheory(
            gammas: setting.gammas, widths: setting.widths, noises: setting.noises,
            inputVariances: data.variances, correlations: data.correlations, targetSecondMoment: data.target)
        var answer: OrderedDictionary<String, JSONValue> = [:]
        if hasGamma { answer = try phaseAnswer(theory) }
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
        func value(_ name: String) -> JSONValue { .optional(values[name]) }
        // By a common factor of all decays where they differ, by γ itself where they are one.
        let factor = theory.isUniform ? 1 : theory.decay
        func derivative(_ name: String, order: Int) -> JSONValue {
            .optional(values[name].map { $0 * (order == 1 ? factor : factor * factor) })
        }
        return [
            "phase": minimum == nil ? "trivial" : "ordered",
            "freeEnergy": value(Observable.Name.loss),
            "freeEnergySlope": derivative(Observable.Name.lossSlope, order: 1),
            "freeEnergyCurvature": derivative(Observable.Name.lossCurvature, order: 2),
            "squaredNorm": value("squaredNorm"),
            "layerSquaredNorm": value("layerSquaredNorm"), "weightAmplitude": value("weightAmplitude"),
            "dataLoss": value("dataLoss"), "originStable": .bool(theory.isOriginStable),
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
        _ activation: UnitActivation, _ members: OrderedDictionary<String, JSONValue>,
        _ controls: [String: ControlValue]
    ) throws -> JSONValue {
        guard controls["depth"]?.number == 1 else {
            throw ControlError(
                control: "depth",
                message: "with `activation` \(activation) only depth 1 has exact theory: its threshold")
        }
        guard controls["gamma"] == nil else {
            throw ControlError(
                control: "gamma",
                message:
                    "with `activation` \(activation) only the transition is exact: leave `gamma` out of the question")
        }
        guard case .number(0) = controls["noise"] ?? .number(0) else {
            throw ControlError(
                control: "noise", message: "with `activation` \(activation) the threshold is exact for `noise` 0")
        }
        guard let table = try questionTable(members) else {
            throw ControlError(
                control: "data",
                message: "with `activation` \(activation) the samples themselves are needed: set `data`")
        }
        guard case .number(let width) = controls["width"] ?? .number(8) else {
            throw ControlError(control: "width", message: "`width` must be one number for one hidden layer")
        }
        guard let gamma = try threshold(activation, table.samples, width: Int(width)) else {
            throw ControlError(
                control: "activation",
                message: "with `activation` \(activation) these data have no exact threshold: it is exact for relu, "
                    + "relu(a,b), leakyRelu and abs, for tanh and erf where the transition is of second order, and for "
                    + "swish and gelu on data with mirror images")
        }
        var answer: OrderedDictionary<String, JSONValue> = [:]
        let isSilent = gamma == 0
        answer["transition"] = [
            "order": isSilent ? "none" : "second", "gamma": isSilent ? nil : .number(gamma),
            "spinodal": isSilent ? nil : .number(gamma), "layerSquaredNorm": isSilent ? nil : 0,
            "latentHeat": isSilent ? nil : 0, "barrier": isSilent ? nil : 0, "curvatureJump": nil,
        ]
        if activation == .relu {
            let search = try ReLUThreshold(inputs: table.inputs, targets: table.targets, dimension: table.columns)
            answer["direction"] = .numbers(search.direction)
            answer["exact"] = .bool(search.isExhaustive)
        }
        answer["secondary"] = []
        return .object(answer)
    }

    // MARK: - Data of a question

    private static func questionData(
        _ members: OrderedDictionary<String, JSONValue>
    ) throws -> (variances: [Double], correlations: [Double], target: Double) {
        if let table = try questionTable(members) {
            for key in ["inputVariances", "correlations", "targetSecondMoment"] where members[key] != nil {
                throw ControlError(control: key, message: "`\(key)` and `data` exclude each other")
            }
            let moments = table.moments
            let (variances, correlations) = try moments.principal()
            return (variances, correlations, moments.targetSecondMoment)
        }
        let variances = try numbers(members, "inputVariances", requirement: "a list of numbers ≥ 0")
        let correlations = try numbers(members, "correlations", requirement: "a list of numbers")
        let count = variances?.count ?? correlations?.count ?? 1
        let a = variances ?? Array(repeating: 1, count: count)
        let g = correlations ?? Array(repeating: 1, count: count)
        guard a.count == g.count else {
            throw ControlError(
                control: "correlations",
                message: "`correlations` has \(g.count) values and `inputVariances` \(a.count): one of each per input")
        }
        guard a.allSatisfy({ $0 >= 0 }) else {
            throw ControlError(control: "inputVariances", message: "`inputVariances` must be a list of numbers ≥ 0")
        }
        if let given = members["targetSecondMoment"], !given.isNull {
            guard let target = given.number, target.isFinite, target >= 0 else {
                throw ControlError(
                    control: "targetSecondMoment", message: "`targetSecondMoment` must be a number ≥ 0")
            }
            return (a, g, target)
        }
        return (a, g, zip(a, g).reduce(0) { $0 + ($1.0 > 0 ? $1.1 * $1.1 / $1.0 : 0) })
    }

    private static func numbers(
        _ members: OrderedDictionary<String, JSONValue>, _ key: String, requirement: String
    ) throws(ControlError) -> [Double]? {
        guard let given = members[key], !given.isNull else { return nil }
        if let x = given.number { return [x] }
        guard let xs = given.numbers, !xs.isEmpty, xs.allSatisfy(\.isFinite) else {
            throw ControlError(control: key, message: "`\(key)` must be \(requirement)")
        }
        return xs
    }

    private static func questionTable(_ members: OrderedDictionary<String, JSONValue>) throws -> RegressionTable? {
        guard let data = members["data"], !data.isNull else { return nil }
        let standardize = try flag(members, "standardize")
        var table: RegressionTable
        var name = "data"
        if let file = data.text {
            name = file
            table = try RegressionTable(contentsOf: file, target: members["target"].flatMap(columnName))
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
        return standardize ? try table.standardized(file: name) : table
    }

    private static func columnName(_ value: JSONValue) -> String? {
        value.text ?? value.number.map { String(Int($0)) }
    }

    private static func flag(
        _ members: OrderedDictionary<String, JSONValue>, _ key: String
    ) throws(ControlError) -> Bool {
        switch members[key] {
        case nil, .null: return false
        case .bool(let value): return value
        case .text("true"): return true
        case .text("false"): return false
        default: throw ControlError(control: key, message: "`\(key)` must be true or false")
        }
    }
}
