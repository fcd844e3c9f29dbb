import OrderedCollections
import PhaseSpace
import Support

/// What a program says of itself: its `model` message, read and checked.
package struct ProgramDeclaration: Sendable {
    /// The message as it was received, for the store: verbs that only read need no program.
    package let json: JSONValue
    package let version: String
    /// Chains of one message at most, and the controls in which they agree.
    package let batch: Int
    package let packBy: [String]
    package let hasExactLanes: Bool
    package let saves: Bool
    package let hasTheory: Bool
    package let isDeterministic: Bool
    /// `gradient`, `hessianAction`, `controlGradient`, as far as the program can.
    package let evaluates: Set<String>
    /// Where it does not depend on controls.
    package let parameterCount: Int?
    let name: String
    let summary: String
    let sources: [String]
    let controls: [ControlParameter]
    /// Keys of the sections `data`, `net`, `training`, `measure`.
    let settings: OrderedDictionary<String, [ControlParameter]>
    let observables: [Observable]
    let orderParameter: String
    let directions: [Direction]
    let precisions: [TrainingPrecision]
    let starter: String?

    static let sections = ["data", "net", "training", "measure"]
    static let largestBatch = 64

    /// - Throws: `Mistake`, a sentence that names the member at fault.
    init(_ json: JSONValue) throws(Mistake) {
        self.json = json
        guard json["protocol"]?.number == 1 else {
            throw Mistake("`protocol` must be 1, not \(json["protocol"]?.serialized() ?? "missing")")
        }
        name = try Self.word(json, "name")
        version = try Self.text(json, "version")
        summary = json["summary"]?.text ?? ""
        sources = (json["sources"]?.list ?? []).compactMap(\.text)
        controls = try Self.parameters(json["controls"], "controls")
        var settings: OrderedDictionary<String, [ControlParameter]> = [:]
        for (section, keys) in json["settings"]?.object ?? [:] {
            guard Self.sections.contains(section) else {
                throw Mistake(
                    "`settings` has no section `\(section)`\(nearestHint(to: section, among: Self.sections)); "
                        + "sections: \(Self.sections.joined(separator: ", "))")
            }
            settings[section] = try Self.parameters(keys, "settings.\(section)")
        }
        self.settings = settings
        observables = try Self.observables(json["observables"], controls: controls.map(\.name))
        orderParameter = try Self.text(json, "orderParameter")
        let known = observables.map(\.name)
        guard observables.contains(where: { $0.name == json["orderParameter"]?.text }) else {
            throw Mistake(
                "`orderParameter` is `\(orderParameter)`, which is no observable"
                    + "\(nearestHint(to: orderParameter, among: known)); observables: \(known.joined(separator: ", "))")
        }
        let evaluates = Set((json["evaluate"]?.list ?? []).compactMap(\.text))
        self.evaluates = evaluates
        directions = try Self.directions(json, isFollowed: evaluates.isSuperset(of: ["gradient", "hessianAction"]))
        precisions = try Self.cases(json, "precisions", of: TrainingPrecision.self) ?? [.double]
        let batch = json["batch"]?.number ?? 1
        guard batch == batch.rounded(), batch >= 1, batch <= Double(Self.largestBatch) else {
            throw Mistake("`batch` must be a whole number in 1…\(Self.largestBatch)")
        }
        self.batch = Int(batch)
        packBy = (json["packBy"]?.list ?? []).compactMap(\.text)
        if let stranger = packBy.first(where: { name in !json.hasControl(name) }) {
            throw Mistake("`packBy` names `\(stranger)`, which is no control")
        }
        hasExactLanes = json["lanes"]?.text == "exact"
        saves = json["saves"]?.bool ?? false
        hasTheory = json["theory"]?.bool ?? false
        isDeterministic = (json["deterministic"]?.bool ?? true) && (self.batch == 1 || hasExactLanes)
        parameterCount = json["parameters"]?["count"]?.number.flatMap { Int(exactly: $0) }
        starter = json["starter"]?.text
    }

    /// Controls that are truth values.
    var flags: Set<String> {
        Set(
            controls.filter { control in
                if case .bool = control.kind { true } else { false }
            }.map(\.name))
    }

    struct Mistake: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    // MARK: - Parts

    private static func text(_ json: JSONValue, _ member: String) throws(Mistake) -> String {
        guard let text = json[member]?.text, !text.isEmpty else { throw Mistake("`\(member)` must be a text") }
        return text
    }

    /// A name that is safe in files, SQL and messages.
    private static func word(_ json: JSONValue, _ member: String) throws(Mistake) -> String {
        let text = try text(json, member)
        guard isName(text, allowing: "._-") else {
            throw Mistake("`\(member)` must be letters, digits, `.`, `_` or `-`, at most 64, not `\(text)`")
        }
        return text
    }

    private static func isName(_ text: String, allowing more: String) -> Bool {
        text.utf8.count <= 64 && !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                    || more.unicodeScalars.contains(scalar)
            }
    }

    private static func parameters(_ json: JSONValue?, _ section: String) throws(Mistake) -> [ControlParameter] {
        guard let members = (json ?? .object([:])).object else { throw Mistake("`\(section)` must be an object") }
        var parameters: [ControlParameter] = []
        for (name, declared) in members {
            guard isName(name, allowing: "_") else {
                throw Mistake("`\(section)`: a name is letters, digits or `_`, at most 64, not `\(name)`")
            }
            parameters.append(try parameter(name, declared, "\(section).\(name)"))
        }
        return parameters
    }

    private static func parameter(
        _ name: String, _ json: JSONValue, _ place: String
    ) throws(Mistake) -> ControlParameter {
        let kinds = ["real", "integer", "choice", "flag", "text"]
        let kind: ControlParameter.Kind
        switch json["kind"]?.text {
        case "real":
            let (low, high) = (json["low"]?.number ?? -.infinity, json["high"]?.number ?? .infinity)
            guard low <= high else { throw Mistake("`\(place)`: `low` is above `high`") }
            kind = .real(low...high)
        case "integer":
            let (low, high) = (json["low"]?.number ?? -0x1p53, json["high"]?.number ?? 0x1p53)
            guard low <= high, abs(low) <= 0x1p53, abs(high) <= 0x1p53 else {
                throw Mistake("`\(place)`: `low` and `high` must be rising whole numbers below 2^53")
            }
            kind = .integer(Int(low.rounded(.up))...max(Int(low.rounded(.up)), Int(high.rounded(.down))))
        case "choice":
            let names = (json["names"]?.list ?? []).compactMap(\.text)
            guard !names.isEmpty else { throw Mistake("`\(place)`: a choice needs `names`, a list of texts") }
            kind = .choice(names)
        case "flag": kind = .bool
        case "text": kind = .name(several: false)
        case let other:
            throw Mistake(
                "`\(place)`: `kind` must be one of \(kinds.joined(separator: ", ")), not \(other ?? "missing")")
        }
        var value: ControlValue?
        switch json["default"] {
        case nil, .null: value = nil
        case .bool(let flag)?: value = .text(flag ? "true" : "false")
        case let given?: value = ControlValue(given)
        }
        let parameter = ControlParameter(
            name, symbol: json["symbol"]?.text ?? name, kind: kind, defaultValue: value,
            meaning: json["meaning"]?.text ?? "")
        if let value {
            do throws(ControlError) { try parameter.check(value) } catch {
                throw Mistake("`\(place)`: its default is not allowed: \(error.message)")
            }
        }
        return parameter
    }

    private static func observables(
        _ json: JSONValue?, controls: [String]
    ) throws(Mistake) -> [Observable] {
        guard let members = json?.object, !members.isEmpty else {
            throw Mistake("`observables` must be an object with at least one member")
        }
        var observables: [Observable] = []
        for (name, declared) in members {
            guard isName(name, allowing: "_") else {
                throw Mistake("`observables`: a name is letters, digits or `_`, at most 64, not `\(name)`")
            }
            guard !controls.contains(name) else { throw Mistake("`\(name)` is a control and an observable") }
            var derivative: Observable.Derivative?
            if let parts = declared["derivative"]?.list {
                guard parts.count == 3, let of = parts[0].text, let order = parts[1].number, [1, 2].contains(order),
                    let by = parts[2].text, members[of] != nil, controls.contains(by)
                else {
                    throw Mistake(
                        "`observables.\(name)`: `derivative` must be [observable, 1 or 2, control], "
                            + "not \(declared["derivative"]?.serialized() ?? "")")
                }
                derivative = Observable.Derivative(of: of, order: Int(order), by: by)
            }
            var regimes: [Int: String] = [:]
            for (number, word) in declared["regimes"]?.object ?? [:] {
                guard let number = Int(number), let word = word.text else {
                    throw Mistake("`observables.\(name)`: `regimes` must be {\"0\": \"name\", …}")
                }
                regimes[number] = word
            }
            observables.append(
                Observable(
                    name, symbol: declared["symbol"]?.text ?? name, meaning: declared["meaning"]?.text ?? "",
                    derivative: derivative, isRecordedAlongTrajectory: declared["series"]?.bool ?? false,
                    isOrderParameter: declared["orderParameter"]?.bool ?? true, regimes: regimes))
        }
        return observables
    }

    /// Branches are followed for every program that answers for gradients and Hessians.
    private static func directions(_ json: JSONValue, isFollowed: Bool) throws(Mistake) -> [Direction] {
        let own = try cases(json, "directions", of: Direction.self) ?? [.cold]
        guard isFollowed || !own.contains(.branch) else {
            throw Mistake("`directions` may hold branch only where `evaluate` holds gradient and hessianAction")
        }
        return isFollowed && !own.contains(.branch) ? own + [.branch] : own
    }

    private static func cases<T: RawRepresentable & CaseIterable>(
        _ json: JSONValue, _ member: String, of kind: T.Type
    ) throws(Mistake) -> [T]? where T.RawValue == String {
        guard let list = json[member]?.list else { return nil }
        let known = T.allCases.map(\.rawValue)
        var found: [T] = []
        for element in list {
            guard let text = element.text, let value = T(rawValue: text) else {
                throw Mistake("`\(member)` may hold \(known.joined(separator: ", ")), not \(element.serialized())")
            }
            found.append(value)
        }
        guard !found.isEmpty else { throw Mistake("`\(member)` is empty") }
        return found
    }
}

extension JSONValue {
    fileprivate func hasControl(_ name: String) -> Bool { self["controls"]?[name] != nil }
}
