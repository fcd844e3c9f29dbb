import Support

/// The value of a control parameter at a point.
public enum ControlValue: Hashable, Sendable {
    case number(Double)
    case text(String)
    /// One value per layer, first layer first.
    case list([Double])

    public var number: Double? { if case .number(let x) = self { x } else { nil } }
    public var text: String? { if case .text(let s) = self { s } else { nil } }

    public var json: JSONValue {
        switch self {
        case .number(let x): .number(x)
        case .text(let s): .text(s)
        case .list(let xs): .numbers(xs)
        }
    }

    /// Nil where the document is neither a number, a text nor a list of numbers.
    public init?(_ json: JSONValue) {
        switch json {
        case .number(let x): self = .number(x)
        case .text(let s): self = .text(s)
        case .list:
            guard let xs = json.numbers else { return nil }
            self = .list(xs)
        default: return nil
        }
    }
}

extension ControlValue {
    /// A document as a value of a kind of control: truth values are texts, and so are numbers and lists as names.
    init?(_ json: JSONValue, of kind: ControlParameter.Kind) {
        switch (json, kind) {
        case (.bool(let truth), _): self = .text("\(truth)")
        case (.number(let x), .name): self = .text(JSONValue.number(x).serialized(numbers: .shortest))
        case (.list(let list), .name(several: true)):
            let names = list.compactMap { $0.text ?? ($0.number == nil ? nil : $0.serialized(numbers: .shortest)) }
            guard names.count == list.count, !names.isEmpty else { return nil }
            self = .text(JSONValue.list(names.map(JSONValue.text)).serialized())
        default: self.init(json)
        }
    }
}

extension ControlValue: CustomStringConvertible {
    /// As a person writes it in a spec: `2`, `0.1`, `tanh`, `[0.1,0.2]`.
    public var description: String {
        switch self {
        case .text(let s): s
        default: json.serialized(numbers: .shortest)
        }
    }
}

extension ControlValue: Comparable {
    /// Numbers first, in their order; then lists; then texts in the order of their letters.
    public static func < (a: ControlValue, b: ControlValue) -> Bool {
        switch (a, b) {
        case (.number(let x), .number(let y)): x < y
        case (.text(let x), .text(let y)): x < y
        case (.list(let x), .list(let y)): x.lexicographicallyPrecedes(y)
        case (.number, _): true
        case (.list, .text): true
        default: false
        }
    }
}
