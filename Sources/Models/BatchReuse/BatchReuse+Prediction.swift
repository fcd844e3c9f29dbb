import OrderedCollections
import PhaseSpace
import Support

extension BatchReuse {
    /// Exponents, learnable directions and phase of a target; with `sampleRatio` and `learningRate` also the trajectory of
    /// the order parameters for d → ∞, with standard errors from eight scrambles of `points` points each (a power of two,
    /// default 16384).
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        let question = try Question(query, to: declaration, example: "{\"target\": \"z1*z2\"}")
        try question.allowOnly(Controls.all, and: ["points"])
        let controls = try question.reader(of: Controls.all)
        guard question.asks(Controls.target) else {
            throw ControlError(
                control: "target", message: "`target` is missing: a formula such as target=\"z1 + He3(z2)/sqrt(6)\"")
        }
        let text = try controls[Controls.target]
        let target = try Target(control: text)
        var answer: OrderedDictionary<String, JSONValue> = ["target": .text(text)]
        let exponents = try TargetExponents(target)
        answer.merge(exponents.json.object!) { $1 }
        var claims = exponents.claims
        let moment = try target.firstMomentWithErrors()
        let scale = moment.map { abs($0.value) }.max() ?? 0
        answer["firstMoment"] = .numbers(moment.map(\.value))
        if moment.contains(where: { $0.error > 1e-9 * scale }) {
            answer["firstMomentError"] = .numbers(moment.map(\.error))
            claims["firstMoment"] = .estimate
        }
        if let generative = exponents.generativeExponent, generative <= 2 {
            let line = try generative == 1 ? nil : weakRecoveryRatio(target)
            answer["weakRecoveryRatio"] = .number(line?.value ?? 0)
            answer["weakRecoveryRatioError"] = .number(line?.standardError ?? 0)
            // It is zero where some transform has a generative exponent of 1.
            claims["weakRecoveryRatio"] = claims["generativeExponent"] ?? line?.claim
        }
        if question.asks(Controls.sampleRatio) || question.asks(Controls.learningRate) {
            answer["trajectory"] = try trajectory(controls, points: question["points"] ?? 16384)
            claims["trajectory"] = .estimate
        }
        let words = claims.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.text($0.value.word)) }
        answer["claims"] = .object(.init(uniqueKeysWithValues: words))
        return .object(answer)
    }

    private static func trajectory(_ controls: ControlReader, points: JSONValue) throws -> JSONValue {
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
            "trainingError_error": .numbers(theory.trainingErrors.map(\.standardError)),
        ]
    }
}
