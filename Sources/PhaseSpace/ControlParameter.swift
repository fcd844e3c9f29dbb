import Support

/// What a sweep sets, as the border sees it (spec, store, schema, help): a name with what values it takes.
///
/// Models declare `Control`s, which know the type of their values; this is their face without it.
public struct ControlParameter: Sendable {
    public enum Kind: Sendable {
        /// Any real number in the range.
        case real(ControlRange)
        case integer(ClosedRange<Int>)
        /// One of some names. A name such as `leakyRelu(a)` stands for all with a number in the letter's place.
        case choice([String])
        /// `true` or `false`, which stand in stores and identities as texts.
        case bool
        /// A real number, or a list of them: one for each layer.
        case realPerLayer(ControlRange)
        case integerPerLayer(ClosedRange<Int>)
        /// A real number, or a list of them of any length.
        case numbers(ControlRange)
        /// A formula that the model itself reads.
        case formula
        /// The path of a file, relative to the spec.
        case file
        /// A name; where there may be several, one or a list of them. The value of a list is its text as JSON.
        case name(several: Bool)
    }

    /// How a key of a section stands in the text of identities.
    public enum Record: Sendable, Hashable {
        /// With its default where the sweep does not set it.
        case always
        /// Only where the sweep sets it.
        case whenSet
        /// Only where it is not its default: so a key that is new leaves the identities of before as they are.
        case unlessDefault
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
    /// Of a key of a section; a control of points is always there, or optional.
    public let record: Record
    /// What holds where nothing is set and there is no `defaultValue` to write down: `2`, or a rule such as
    /// `1, 8, 16, 32 for depth 0, 1, 2, ≥ 3`; nil where that needs no words.
    public let fallbackInWords: String?
    /// Why the lower end of the range is excluded, where somebody may well want it; empty otherwise.
    public let exclusion: String

    public init(
        _ name: String, symbol: String, kind: Kind, defaultValue: ControlValue?, meaning: String,
        isOptional: Bool = false, record: Record = .always, fallbackInWords: String? = nil, exclusion: String = ""
    ) {
        self.record = record
        self.fallbackInWords = fallbackInWords
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
        case (.real(let range), .number(let x)), (.realPerLayer(let range), .number(let x)),
            (.numbers(let range), .number(let x)):
            try check(x, in: range)
        case (.realPerLayer(let range), .list(let xs)), (.numbers(let range), .list(let xs)):
            if xs.isEmpty { throw refusal(of: value) }
            for x in xs { try check(x, in: range) }
        case (.integer(let range), .number(let x)): try check(x, in: range)
        case (.integerPerLayer(let range), .number(let x)): try check(x, in: range)
        case (.integerPerLayer(let range), .list(let xs)):
            if xs.isEmpty { throw refusal(of: value) }
            for x in xs { try check(x, in: range) }
        case (.bool, .text(let name)): try check(name, among: Self.truths)
        case (.choice(let names), .text(let name)): try check(name, among: names)
        case (.formula, .text), (.file, .text), (.name, .text): break
        default: throw refusal(of: value)
        }
    }

    static let truths = ["true", "false"]

    private func check(_ name: String, among names: [String]) throws(ControlError) {
        guard !names.contains(name), !names.contains(Self.form(of: name)) else { return }
        throw ControlError(
            control: self.name,
            message: "`\(self.name)` has no value `\(name)`\(nearestHint(to: name, among: names)); "
                + "allowed: \(names.joined(separator: ", "))")
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

    private func check(_ x: Double, in range: ControlRange) throws(ControlError) {
        guard !range.contains(x) else { return }
        let refusal = refusal(of: .number(x))
        guard range.excludesLower, x == range.lowerBound, !exclusion.isEmpty else { throw refusal }
        throw ControlError(control: name, message: refusal.message + ": " + exclusion)
    }
    private func check(_ x: Double, in range: ClosedRange<Int>) throws(ControlError) {
        guard x == x.rounded(), abs(x) < 1e15, range.contains(Int(x)) else { throw refusal(of: .number(x)) }
    }
    private func refusal(of value: ControlValue) -> ControlError {
        ControlError(control: name, message: "`\(name)` must be \(requirement), not \(value)")
    }

    /// The allowed values as words: "a number > 0", "a whole number in 0…100".
    public var requirement: String {
        switch kind {
        case .real(let range): "\(range)"
        case .realPerLayer(let range): "\(range), or a list of them, one per layer"
        case .numbers(let range): "\(range), or a list of them"
        case .integer(let range): "a whole number in \(range.lowerBound)…\(range.upperBound)"
        case .integerPerLayer(let range):
            "a whole number in \(range.lowerBound)…\(range.upperBound), or a list of them, one per hidden layer"
        case .choice(let names): "one of \(names.joined(separator: ", "))"
        case .bool: "true or false"
        case .formula: "a formula"
        case .file: "the path of a file"
        case .name(let several): several ? "a name, or a list of names" : "a name"
        }
    }
}

extension ControlParameter.Kind {
    /// The lower end of its numbers; nil where its values are none.
    public var lowerBound: Double? {
        switch self {
        case .real(let range), .realPerLayer(let range), .numbers(let range): range.lowerBound
        case .integer(let range), .integerPerLayer(let range): Double(range.lowerBound)
        case .choice, .bool, .formula, .file, .name: nil
        }
    }

    // For models from outside: the ranges as they are written there.
    public static func real(_ range: ClosedRange<Double>, excludingLow: Bool = false) -> Self {
        .real(ControlRange(range, excludingLow: excludingLow))
    }
    public static func realPerLayer(_ range: ClosedRange<Double>, excludingLow: Bool = false) -> Self {
        .realPerLayer(ControlRange(range, excludingLow: excludingLow))
    }
    public static func numbers(_ range: ClosedRange<Double>, excludingLow: Bool = false) -> Self {
        .numbers(ControlRange(range, excludingLow: excludingLow))
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
