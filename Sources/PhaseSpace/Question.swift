import OrderedCollections
import Support

/// A question to a model's exact theory: a JSON object of controls and of keys that only questions have. A key whose
/// value is null counts as left out.
public struct Question {
    private let model: ModelDeclaration
    private let members: OrderedDictionary<String, JSONValue>

    /// - Parameter example: a question as a user would write it, for the error's sentence.
    /// - Throws: where the query is no JSON object.
    public init(_ query: JSONValue, to model: ModelDeclaration, example: String) throws(ControlError) {
        guard let members = query.object else {
            throw ControlError(control: "", message: "a question is a JSON object such as \(example)")
        }
        self.model = model
        var plain: OrderedDictionary<String, JSONValue> = [:]
        for (key, value) in members {
            let name = Self.plainKey(key)
            guard plain[name] == nil else {
                throw ControlError(control: key, message: "`\(key)` says again what `\(name)` says; keep one")
            }
            plain[name] = value
        }
        self.members = plain
    }

    /// A key as questions have it: those of a sweep file's section are known by their full names too, `data.target`, and
    /// `data.file` is what a question calls `data`.
    private static func plainKey(_ key: String) -> String {
        guard key.hasPrefix("data."), key.utf8.count > 5 else { return key }
        return key == "data.file" ? "data" : String(key.dropFirst(5))
    }

    /// What the question says under a key; nil where it leaves it out.
    public subscript(key: String) -> JSONValue? {
        guard let given = members[key], !given.isNull else { return nil }
        return given
    }

    /// Whether the question says something of a control.
    public func asks(_ control: some AnyControl) -> Bool { self[control.name] != nil }

    /// Refuses keys that are not among these.
    public func allowOnly(_ known: [String]) throws(ControlError) {
        for key in members.keys where !known.contains(key) {
            throw ControlError(
                control: key,
                message:
                    "`\(key)` is not a key of this \(model.name) prediction\(nearestHint(to: key, among: known)); "
                    + "known: \(known.joined(separator: ", "))")
        }
    }

    /// The controls that the question names, of these names or of all, checked one by one.
    public func givenControls(_ names: [String]? = nil) throws(ControlError) -> [String: ControlValue] {
        var controls: [String: ControlValue] = [:]
        for control in model.controls where names?.contains(control.name) ?? true {
            guard let given = self[control.name] else { continue }
            guard let value = ControlValue(given) else {
                throw ControlError(
                    control: control.name, message: "`\(control.name)` must be \(control.requirement)")
            }
            try control.check(value)
            controls[control.name] = value
        }
        return controls
    }

    /// The same with the defaults of those that the question leaves out.
    public func controls(_ names: [String]? = nil) throws(ControlError) -> [String: ControlValue] {
        var controls = try givenControls(names)
        for control in model.controls where names?.contains(control.name) ?? true {
            controls[control.name] = controls[control.name] ?? control.defaultValue
        }
        return controls
    }

    /// The values of some controls, or keys of data, checked one by one, to be read; of those that the question leaves
    /// out the defaults hold.
    public func reader(of controls: [any AnyControl]) throws(ControlError) -> ControlReader {
        var values: [String: ControlValue] = [:]
        for control in controls {
            guard let given = self[control.name] else { continue }
            values[control.name] = try Self.value(given, of: control)
        }
        return ControlReader(values)
    }

    private static func value(_ given: JSONValue, of control: some AnyControl) throws(ControlError) -> ControlValue {
        var refusal: ControlError?
        for parameter in control.parameters {
            do throws(ControlError) {
                guard let value = ControlValue(given, of: parameter.kind) else {
                    throw ControlError(
                        control: parameter.name, message: "`\(parameter.name)` must be \(parameter.requirement)")
                }
                try parameter.check(value)
                return value
            } catch {
                refusal = refusal ?? error
            }
        }
        throw refusal ?? ControlError(control: control.name, message: "`\(control.name)` takes no value")
    }

    /// Refuses keys that are neither among these controls nor among these names.
    public func allowOnly(_ controls: [any AnyControl], and known: [String] = []) throws(ControlError) {
        try allowOnly(controls.map(\.name) + known)
    }

    /// A number; nil where the question leaves it out.
    /// - Parameter requirement: what it must be, as the error says it: "a number > 0".
    public func number(
        _ key: String, _ requirement: String, _ isAllowed: (Double) -> Bool
    ) throws(ControlError) -> Double? {
        guard let given = self[key] else { return nil }
        guard let x = given.number, x.isFinite, isAllowed(x) else {
            throw ControlError(
                control: key,
                message: "`\(key)` must be \(requirement), not \(given.serialized(numbers: .shortest))")
        }
        return x
    }

    /// A list of numbers, of which one alone may stand without brackets; nil where the question leaves it out.
    public func numbers(
        _ key: String, _ requirement: String, _ isAllowed: (Double) -> Bool = { _ in true }
    ) throws(ControlError) -> [Double]? {
        guard let given = self[key] else { return nil }
        guard let xs = given.numbers ?? given.number.map({ [$0] }), !xs.isEmpty,
            xs.allSatisfy({ $0.isFinite && isAllowed($0) })
        else { throw ControlError(control: key, message: "`\(key)` must be \(requirement)") }
        return xs
    }

    /// Refuses those of the keys that the question has beside one that excludes them.
    public func exclude(_ keys: [String], beside other: String) throws(ControlError) {
        if let stray = keys.first(where: { self[$0] != nil }) {
            throw ControlError(control: stray, message: "`\(stray)` and `\(other)` exclude each other")
        }
    }
}
