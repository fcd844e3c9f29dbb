import OrderedCollections
import PhaseSpace
import Support

extension LinearVAE {
    /// Answers for `beta`, `latent`, `decoderVariance`, `encoderVariance`, `posterior`, and data as `modes` (the
    /// singular values ζ) or as the matrices `inputSecondMoment` and `crossMoment` (lists of rows).
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        let question = try Question(query, to: declaration, example: "{\"beta\": 1, \"modes\": [3, 2]}")
        try question.allowOnly(
            Controls.all, and: ["modes", "targetSecondMoment", "inputSecondMoment", "crossMoment"])
        let controls = try question.reader(of: Controls.all)
        let setting = try Setting(controls)
        let (zetas, target, relativeError) = try Self.data(question)
        let latent = question.asks(Controls.latent) ? setting.latent : zetas.count
        let theory = LinearVAETheory(
            singularValues: zetas, latentDimension: latent, targetSecondMoment: target,
            decoderVariance: setting.decoderVariance, encoderVariance: setting.encoderVariance,
            posterior: setting.posterior, relativeError: relativeError)
        var answer: OrderedDictionary<String, JSONValue> = ["claim": .text(theory.claim.word)]
        // Nearly collinear inputs: digits of the smallest mode are lost.
        if theory.claim != .exact { answer["relativeError"] = .number(relativeError) }
        if question.asks(BetaVAE.beta) {
            let beta = try controls[BetaVAE.beta]
            let values = theory.values(beta: beta)
            let modes = theory.modes(beta: beta)
            let active = modes.count(where: \.isActive)
            answer["collapse"] = .text(
                active == 0 ? "complete" : active < zetas.count ? "partial" : "none")
            for measure: Measure in [.loss, .divergence, .distortion, .lossCurvature, .zeroNetLoss] {
                answer[measure.name] = .optional(values[measure])
            }
            answer["activeModes"] = .number(Double(active))
            answer["modes"] = .list(
                modes.map { mode in
                    [
                        "singularValue": .number(mode.strength), "active": .bool(mode.isActive),
                        "decoder": .number(mode.decoder), "encoder": .number(mode.encoder),
                        "deviation": .number(mode.deviation), "divergence": .number(mode.divergence),
                        "criticalBeta": .number(mode.criticalBeta),
                    ]
                })
        }
        answer["transitions"] = .list(
            theory.transitions().map { transition in
                [
                    "order": .text(transition.order.rawValue), "beta": .optional(transition.location?.value),
                    "curvatureJump": .optional(transition.curvatureJump?.value),
                ]
            })
        return .object(answer)
    }

    private static func data(
        _ question: Question
    ) throws -> (singularValues: [Double], target: Double, relativeError: Double) {
        func target(_ explained: Double) throws(ControlError) -> Double {
            try question.number(
                "targetSecondMoment", "a number of at least \(explained), which the modes explain"
            ) {
                $0 >= explained * (1 - 1e-9)
            } ?? explained
        }
        // Room for fourth powers.
        func isInRange(_ x: Double) -> Bool { x == 0 || (1e-60...1e60).contains(abs(x)) }
        let limits = "0 or of a size in 1e-60…1e60"
        let modes = try question.numbers("modes", "a list of numbers ≥ 0, each \(limits)") { $0 >= 0 && isInRange($0) }
        if let zetas = modes {
            try question.exclude(["inputSecondMoment", "crossMoment"], beside: "modes")
            return (zetas.sorted(by: >), try target(zetas.reduce(0) { $0 + $1 * $1 }), 0)
        }
        guard question["inputSecondMoment"] != nil else {
            throw ControlError(
                control: "modes",
                message:
                    "a question needs `modes`, a list of singular values, or `inputSecondMoment` and `crossMoment`"
            )
        }
        let second = try matrix(question, "inputSecondMoment")
        let cross = question["crossMoment"] == nil ? second : try matrix(question, "crossMoment")
        guard second.rows == second.columns, cross.rows == second.rows else {
            throw ControlError(
                control: "crossMoment",
                message:
                    "`inputSecondMoment` must be square and `crossMoment` have as many rows as it: one per input"
            )
        }
        let moments = LinearVAEMoments(
            inputs: second.rows, outputs: cross.columns, inputSecondMoment: second.elements,
            crossMoment: cross.elements, targetSecondMoment: 0)
        guard (second.elements + cross.elements).allSatisfy(isInRange) else {
            throw ControlError(control: "inputSecondMoment", message: "moments must be \(limits)")
        }
        let (zetas, relativeError) = try moments.singularModes()
        return (zetas, try target(zetas.reduce(0) { $0 + $1 * $1 }), relativeError)
    }

    private static func matrix(
        _ question: Question, _ key: String
    ) throws(ControlError) -> (elements: [Double], rows: Int, columns: Int) {
        let rows = question[key]?.list?.compactMap(\.numbers) ?? []
        guard let columns = rows.first?.count, columns > 0, rows.count == question[key]?.list?.count,
            rows.allSatisfy({ $0.count == columns && $0.allSatisfy(\.isFinite) })
        else {
            throw ControlError(
                control: key, message: "`\(key)` must be a list of rows of equally many numbers")
        }
        return (rows.flatMap { $0 }, rows.count, columns)
    }
}
