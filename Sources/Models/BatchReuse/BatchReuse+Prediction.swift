import OrderedCollections
import PhaseSpace
import Support

extension BatchReuse {
    /// Exponents, learnable directions and phase of a target; with `sampleRatio` and `learningRate` also the trajectory of
    /// the order parameters for d → ∞, with standard errors from eight scrambles of `points` points each (a power of two,
    /// default 16384).
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        let question = try Question(query, to: declaration, example: "{\"target\": \"z1*z2\"}")
        try question.allowOnly(declaration.controls.map(\.name) + ["points"])
        let controls = try question.controls()
        guard let text = question["target"]?.text else {
            throw ControlError(
                control: "target", message: "`target` is missing: a formula such as target=\"z1 + He3(z2)/sqrt(6)\"")
        }
        let target = try Target(control: text)
        var answer: OrderedDictionary<String, JSONValue> = ["target": .text(text)]
        let exponents = try TargetExponents(target)
        answer.merge(exponents.json.object!) { $1 }
        answer["firstMoment"] = .numbers(try target.firstMoment())
        if let generative = exponents.generativeExponent, generative <= 2 {
            let line = generative == 1 ? (value: 0, standardError: 0) : try weakRecoveryRatio(target)
            answer["weakRecoveryRatio"] = .number(line.value)
            answer["weakRecoveryRatioError"] = .number(line.standardError)
        }
        if question["sampleRatio"] != nil || question["learningRate"] != nil {
            answer["trajectory"] = try trajectory(controls, points: question["points"] ?? 16384)
        }
        return .object(answer)
    }

    private static func trajectory(_ controls: [String: ControlValue], points: JSONValue) throws -> JSONValue {
        guard let bits = (4...18).first(where: { points == .number(Double(1 << $0)) }) else {
            throw ControlError(
                control: "points", message: "`points` must be a power of two in 16…262144, not \(points.serialized())")
        }
        let theory = try DynamicalMeanField(Setting(controls).student, bits: bits)
        func nested(_ matrices: [[[DynamicalMeanField.Value]]], _ pick: KeyPath<DynamicalMeanField.Value, Double>)
            -> JSONValue
        { .list(matrices.map { .list($0.map { .numbers($0.map { $0[keyPath: pick] }) }) }) }
        return [
            "bounded": .bool(theory.isBounded),
            "M": nested(theory.teacher, \.mean), "M_error": nested(theory.teacher, \.standardError),
            "Q": nested(theory.student, \.mean), "Q_error": nested(theory.student, \.standardError),
            "generalisationError": .numbers(theory.generalisationErrors.map(\.mean)),
            "generalisationError_error": .numbers(theory.generalisationErrors.map(\.standardError)),
            "trainingError": .numbers(theory.trainingErrors.map(\.mean)),
        ]
    }
}
