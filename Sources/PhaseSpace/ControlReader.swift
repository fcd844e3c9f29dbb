import Support
import Synchronization

/// Reads controls of a point, or keys of a section of settings, into values of their types.
///
/// What is not set has its declared default, so that no default is written a second time.
public struct ControlReader: Sendable {
    private var values: [String: ControlValue]
    /// A control that has no value here, not even its default: the axis of a curve.
    private var axis: String?

    /// The controls of a point, or some of them.
    public init(_ controls: [String: ControlValue]) { values = controls }

    fileprivate init(_ controls: [String: ControlValue], axis: String) {
        values = controls
        self.axis = axis
    }

    /// A section of settings: members that are null count as left out.
    public init(_ section: JSONValue) {
        values = [:]
        for (name, member) in section.object ?? [:] {
            // YAML's own truth values and those of JSON are texts in identities.
            if case .bool(let truth) = member { values[name] = .text("\(truth)") }
            values[name] = values[name] ?? ControlValue(member)
        }
    }

    /// The value that is set, or the default.
    /// - Throws: `ControlError` where a control without a default is missing, or has a value that is none of its own.
    public subscript<Value>(_ control: Control<Value>) -> Value {
        get throws(ControlError) {
            if Self.isHeard.load(ordering: .relaxed) { Self.listener.withLock { $0 }?(control.name) }
            guard let value = values[control.name] else {
                if control.name == axis {
                    throw ControlError(
                        control: control.name, message: "`\(control.name)` varies here, and has no single value"
                    )
                }
                switch control.fallback {
                case .none:
                    throw ControlError(control: control.name, message: "`\(control.name)` is missing")
                case .value(let value): return value
                case .rule(_, let rule): return try rule(self)
                }
            }
            guard let read = control.decode(value) else {
                let requirement = control.parameters.map(\.requirement).joined(separator: ", or ")
                let reason = control.parameters.map(\.exclusion).first { !$0.isEmpty }
                throw ControlError(
                    control: control.name,
                    message: "`\(control.name)` must be \(requirement), not \(value)" + (reason.map { ": " + $0 } ?? "")
                )
            }
            return read
        }
    }

    /// Whether it is set; a default does not count.
    public func sets(_ control: some AnyControl) -> Bool { values[control.name] != nil }

    /// The first of some controls that are set.
    public func first(of controls: [any AnyControl]) -> (any AnyControl)? {
        controls.first { sets($0) }
    }

    /// The one source of data that is set, by its key's name.
    /// - Parameters:
    ///   - sources: keys that name a source, each with the further keys that belong to it.
    ///   - example: what would be right, as the error says it.
    /// - Throws: `ControlError` where there is none or more than one, or where a key belongs to another.
    public func onlySource(
        among sources: [(key: any AnyControl, own: [any AnyControl])], example: String
    ) throws(ControlError) -> String {
        let keys: [any AnyControl] = sources.map { $0.key }
        let set = keys.filter { key in values[key.name] != nil }
        guard let source = set.first, set.count == 1 else {
            throw ControlError(
                control: set.last?.name ?? "data",
                message: example
                    + (set.isEmpty ? "" : ", not \(set.map { $0.name }.joined(separator: " and "))"))
        }
        for (key, own) in sources.sorted(by: { $0.key.name < $1.key.name })
        where key.name != source.name {
            if let stray = first(of: own) {
                throw ControlError(
                    control: stray.name,
                    message: "`\(stray.name)` belongs to `\(key.name)`, not to `\(source.name)`")
            }
        }
        return source.name
    }

    /// The same with another value of a control.
    public func setting(_ control: some AnyControl, to value: ControlValue) -> ControlReader {
        var copy = self
        copy.values[control.name] = value
        return copy
    }

    private static let isHeard = Atomic(false)
    private static let listener = Mutex<(@Sendable (String) -> Void)?>(nil)

    /// Lets a test hear of every control that is read, by any thread, whether it is declared or not; nil for nobody.
    package static func onRead(_ hear: (@Sendable (String) -> Void)?) {
        listener.withLock { $0 = hear }
        isHeard.store(hear != nil, ordering: .relaxed)
    }
}

extension Point {
    /// The point's controls, to be read.
    public var reader: ControlReader { ControlReader(controls) }
}

extension CurveKey {
    /// All controls at one value of the axis, to be read.
    public func reader(at value: Double) -> ControlReader { ControlReader(controls(at: value)) }
    /// Every control but the axis, which cannot be read.
    public var reader: ControlReader { ControlReader(fixed, axis: axis) }

    public func isAlong(_ control: some AnyControl) -> Bool { axis == control.name }
    public func isOf(_ measure: Measure) -> Bool { orderParameter == measure.name }
}
