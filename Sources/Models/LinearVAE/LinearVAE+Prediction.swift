import OrderedCollections
import PhaseSpace

extension LinearVAE {
    /// Answers for `beta`, `latent`, `decoderVariance`, `encoderVariance`, `posterior`, and data as `modes` (the
    /// singular values ζ) or as the matrices `inputSecondMoment` and `crossMoment` (lists of rows).
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        guard case .object(let members) = query else {
            throw ControlError(control: "", message: "a question is a mapping such as {beta: 1, modes: [3, 2]}")
        }
        let known =
            declaration.controls.map(\.name) + [
                "modes", "targetSecondMoment", "inputSecondMoment", "crossMoment",
            ]
        for key in members.keys where !known.contains(key) {
            throw ControlError(
                control: key,
                message: "linear-vae has no key `\(key)`\(nearestHint(to: key, among: known)); known: "
                    + known.joined(separator: ", "))
        }
        var controls: [String: ControlValue] = [:]
        for control in declaration.controls {
            if let given = members[control.name], !given.isNull {
                guard let value = ControlValue(given) else {
                    throw ControlError(
                        control: control.name, message: "`\(control.name)` must be \(control.requirement)")
                }
                try control.check(value)
                controls[control.name] = value
            } else {
                controls[control.name] = control.defaultValue
            }
        }
        let (zetas, target) = try data(members)
        let latent = members["latent"] == nil ? zetas.count : Int(controls["latent"]!.number!)
        let theory = LinearVAETheory(
            singularValues: zetas, latentDimension: latent, targetSecondMoment: target,
            decoderVariance: controls["decoderVariance"]!.number!,
            encoderVariance: controls["encoderVariance"]!.number!,
            posterior: LinearVAETheory.Posterior(rawValue: controls["posterior"]!.text!)!)
        var answer: OrderedDictionary<String, JSONValue> = [:]
        if let beta = controls["beta"]?.number {
            let values = theory.values(beta: beta)
            let modes = theory.modes(beta: beta)
            let active = modes.count(where: \.isActive)
            answer["collapse"] = .text(active == 0 ? "complete" : active < zetas.count ? "partial" : "none")
            for (name, member) in [
                ("loss", Observable.Name.loss), ("divergence", "divergence"), ("distortion", "distortion"),
                ("lossCurvature", Observable.Name.lossCurvature), ("zeroNetLoss", Observable.Name.zeroNetLoss),
            ] { answer[name] = .optional(values[member]) }
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
        _ members: OrderedDictionary<String, JSONValue>
    ) throws -> (singularValues: [Double], target: Double) {
        func target(_ explained: Double) throws(ControlError) -> Double {
            guard let given = members["targetSecondMoment"], !given.isNull else { return explained }
            guard let target = given.number, target >= explained * (1 - 1e-9) else {
                throw ControlError(
                    control: "targetSecondMoment",
                    message: "`targetSecondMoment` must be a number of at least \(explained), which the modes explain")
            }
            return target
        }
        if let modes = members["modes"] {
            if let stray = ["inputSecondMoment", "crossMoment"].first(where: { members[$0] != nil }) {
                throw ControlError(control: stray, message: "`\(stray)` and `modes` exclude each other")
            }
            guard let zetas = modes.numbers ?? modes.number.map({ [$0] }), !zetas.isEmpty,
                zetas.allSatisfy({ $0 >= 0 && $0.isFinite })
            else { throw ControlError(control: "modes", message: "`modes` must be a list of numbers ≥ 0") }
            return (zetas.sorted(by: >), try target(zetas.reduce(0) { $0 + $1 * $1 }))
        }
        guard members["inputSecondMoment"] != nil else {
            throw ControlError(
                control: "modes",
                message: "a question needs `modes`, a list of singular values, or `inputSecondMoment` and `crossMoment`"
            )
        }
        let second = try matrix(members, "inputSecondMoment")
        let cross = members["crossMoment"] == nil ? second : try matrix(members, "crossMoment")
        guard second.rows == second.columns, cross.rows == second.rows else {
            throw ControlError(
                control: "crossMoment",
                message: "`inputSecondMoment` must be square and `crossMoment` have as many rows as it: one per input")
        }
        let moments = LinearVAEMoments(
            inputs: second.rows, outputs: cross.columns, inputSecondMoment: second.elements,
            crossMoment: cross.elements, targetSecondMoment: 0)
        let zetas = try moments.singularValues()
        return (zetas, try target(zetas.reduce(0) { $0 + $1 * $1 }))
    }

    private static func matrix(
        _ members: OrderedDictionary<String, JSONValue>, _ key: String
    ) throws(ControlError) -> (elements: [Double], rows: Int, columns: Int) {
        let rows = members[key]?.list?.compactMap(\.numbers) ?? []
        guard let columns = rows.first?.count, columns > 0, rows.count == members[key]?.list?.count,
            rows.allSatisfy({ $0.count == columns && $0.allSatisfy(\.isFinite) })
        else {
            throw ControlError(control: key, message: "`\(key)` must be a list of rows of equally many numbers")
        }
        return (rows.flatMap { $0 }, rows.count, columns)
    }
}
