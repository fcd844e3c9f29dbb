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

/// What a sweep sets: a number, a choice, or one number per layer.
public struct ControlParameter: Sendable {
    public enum Kind: Sendable {
        /// Any real number in the range; `excludingLow` where the lower end itself is not allowed.
        case real(ClosedRange<Double>, excludingLow: Bool = false)
        case integer(ClosedRange<Int>)
        /// One of some names. A name such as `leakyRelu(a)` stands for all with a number in the letter's place.
        case choice([String])
        /// A real number, or a list of them: one for each layer.
        case realPerLayer(ClosedRange<Double>, excludingLow: Bool = false)
        case integerPerLayer(ClosedRange<Int>)
        /// A real number, or a list of them of any length.
        case numbers(ClosedRange<Double>, excludingLow: Bool = false)
        /// A free text that the model itself reads, such as a formula.
        case formula
        /// The path of a file.
        case file
        /// A name; where there may be several, one or a list of them. The value of a list is its text as JSON.
        case name(several: Bool)
    }

    public let name: String
    /// The field's symbol as plain text, such as `γ`; axis labels use it.
    public let symbol: String
    public let kind: Kind
    /// Nil where a sweep must set the control.
    public let defaultValue: ControlValue?
    /// What it is, with unit or normalisation.
    public let meaning: String
    /// Whether points of a sweep that does not set the control do without it: their identities then are what they were
    /// before the control was declared.
    public let isOptional: Bool
    /// Why the lower end of the range is excluded, where somebody may well want it; empty otherwise.
    public let exclusion: String

    public init(
        _ name: String, symbol: String, kind: Kind, defaultValue: ControlValue?, meaning: String,
        isOptional: Bool = false, exclusion: String = ""
    ) {
        self.name = name
        self.symbol = symbol
        self.kind = kind
        self.defaultValue = defaultValue
        self.meaning = meaning
        self.isOptional = isOptional
        self.exclusion = exclusion
    }

    /// - Throws: `ControlError` that says what would be right.
    public func check(_ value: ControlValue) throws(ControlError) {
        switch (kind, value) {
        case (.real(let range, let open), .number(let x)): try check(x, in: range, open)
        case (.realPerLayer(let range, let open), .number(let x)), (.numbers(let range, let open), .number(let x)):
            try check(x, in: range, open)
        case (.realPerLayer(let range, let open), .list(let xs)), (.numbers(let range, let open), .list(let xs)):
            if xs.isEmpty { throw refusal(of: value) }
            for x in xs { try check(x, in: range, open) }
        case (.integer(let range), .number(let x)): try check(x, in: range)
        case (.integerPerLayer(let range), .number(let x)): try check(x, in: range)
        case (.integerPerLayer(let range), .list(let xs)):
            if xs.isEmpty { throw refusal(of: value) }
            for x in xs { try check(x, in: range) }
        case (.choice(let names), .text(let name)):
            guard !names.contains(name), !names.contains(Self.form(of: name)) else { return }
            throw ControlError(
                control: self.name,
                message: "`\(self.name)` has no value `\(name)`\(nearestHint(to: name, among: names)); "
                    + "allowed: \(names.joined(separator: ", "))")
        case (.formula, .text), (.file, .text), (.name, .text): break
        default: throw refusal(of: value)
        }
    }

    /// A name with letters in place of its numbers: `relu(1,-0.5)` is of the form `relu(a,b)`.
    private static func form(of name: String) -> String {
        guard let open = name.firstIndex(of: "("), name.hasSuffix(")") else { return name }
        let inner = name[name.index(after: open)...].dropLast()
        let letters = inner.split(separator: ",", omittingEmptySubsequences: false).enumerated().map { index, part in
            guard index < 26, let x = Double(part.filter { $0 != " " }), x.isFinite else { return String(part) }
            return String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index)))
        }
        return name[...open] + letters.joined(separator: ",") + ")"
    }

    private func check(_ x: Double, in range: ClosedRange<Double>, _ excludingLow: Bool) throws(ControlError) {
        if excludingLow, x == range.lowerBound, !exclusion.isEmpty {
            throw ControlError(control: name, message: refusal(of: .number(x)).message + ": " + exclusion)
        }
        if !x.isFinite || !range.contains(x) || (excludingLow && x == range.lowerBound) {
            throw refusal(of: .number(x))
        }
    }
    private func check(_ x: Double, in range: ClosedRange<Int>) throws(ControlError) {
        guard x == x.rounded(), abs(x) < 1e15, range.contains(Int(x)) else { throw refusal(of: .number(x)) }
    }
    private func refusal(of value: ControlValue) -> ControlError {
        ControlError(control: name, message: "`\(name)` must be \(requirement), not \(value)")
    }

    /// The allowed values as words: "a number > 0", "a whole number in 0…100".
    public var requirement: String {
        func real(_ range: ClosedRange<Double>, _ open: Bool) -> String {
            let low = ControlValue.number(range.lowerBound)
            let high = ControlValue.number(range.upperBound)
            switch (range.lowerBound.isFinite, range.upperBound.isFinite) {
            case (false, false): return "a finite number"
            case (true, false): return "a number \(open ? ">" : "≥") \(low)"
            case (false, true): return "a number ≤ \(high)"
            default: return "a number in \(open ? "(" : "[")\(low), \(high)]"
            }
        }
        switch kind {
        case .real(let range, let open): return real(range, open)
        case .realPerLayer(let range, let open): return real(range, open) + ", or a list of them, one per layer"
        case .numbers(let range, let open): return real(range, open) + ", or a list of them"
        case .integer(let range): return "a whole number in \(range.lowerBound)…\(range.upperBound)"
        case .integerPerLayer(let range):
            return "a whole number in \(range.lowerBound)…\(range.upperBound), or a list of them, one per hidden layer"
        case .choice(let names): return "one of \(names.joined(separator: ", "))"
        case .formula: return "a formula"
        case .file: return "the path of a file"
        case .name(let several): return several ? "a name, or a list of names" : "a name"
        }
    }
}

/// A value that a control parameter does not take, or controls that do not fit together.
public struct ControlError: Error, CustomStringConvertible, Equatable {
    /// The control (or data key) at fault, so that a spec's error can point at its line.
    public let control: String
    public let message: String
    public var description: String { message }
    public init(control: String, message: String) {
        self.control = control
        self.message = message
    }
}
