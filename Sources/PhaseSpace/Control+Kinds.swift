import Support

/// A value for every layer, or one for all of them.
public enum PerLayer<Element: Sendable & Hashable>: Sendable, Hashable {
    case all(Element)
    case each([Element])

    /// The number of values that are given one by one; nil where one stands for all.
    public var count: Int? { if case .each(let values) = self { values.count } else { nil } }

    /// One value for each of so many layers; nil where another number of them is given.
    public func spread(over count: Int) -> [Element]? {
        switch self {
        case .all(let value): Array(repeating: value, count: count)
        case .each(let values): values.count == count ? values : nil
        }
    }
}

/// A choice among the cases of an enumeration, by their raw values.
public protocol ControlChoice: Sendable, RawRepresentable, CaseIterable where RawValue == String {}

extension Control.Default {
    /// The default that a value is, if it is one.
    static func of(_ value: Value?) -> Self { value.map { .value($0) } ?? .none }
}

extension Control<Double> {
    public init(
        _ name: String, symbol: String = "", _ range: ControlRange, default value: Double? = nil,
        meaning: String,
        record: ControlParameter.Record = .always, exclusion: String = ""
    ) {
        self.init(
            name, symbol: symbol, kind: .real(range), default: .of(value), meaning: meaning,
            record: record,
            exclusion: exclusion, encode: ControlValue.number, decode: \.number)
    }
}

extension Control<Int> {
    public init(
        _ name: String, symbol: String = "", _ range: ClosedRange<Int>, default fallback: Default,
        meaning: String,
        record: ControlParameter.Record = .always
    ) {
        self.init(
            name, symbol: symbol, kind: .integer(range), default: fallback, meaning: meaning,
            record: record,
            encode: { .number(Double($0)) }, decode: { $0.number.flatMap { Int(exactly: $0) } })
    }
    public init(
        _ name: String, symbol: String = "", _ range: ClosedRange<Int>, default value: Int? = nil,
        meaning: String,
        record: ControlParameter.Record = .always
    ) {
        self.init(name, symbol: symbol, range, default: .of(value), meaning: meaning, record: record)
    }
}

extension Control<Bool> {
    public init(
        _ name: String, symbol: String = "", default value: Bool? = nil, meaning: String,
        record: ControlParameter.Record = .always
    ) {
        self.init(
            name, symbol: symbol, kind: .bool, default: .of(value), meaning: meaning, record: record,
            encode: { .text("\($0)") }, decode: { $0.text.flatMap { Bool($0) } })
    }
}

extension Control where Value: ControlChoice {
    /// - Parameter cases: those that may be chosen; all where nil.
    public init(
        _ name: String, symbol: String = "", among cases: [Value]? = nil, default value: Value? = nil,
        meaning: String,
        record: ControlParameter.Record = .always
    ) {
        let names = (cases ?? Array(Value.allCases)).map(\.rawValue)
        self.init(
            name, symbol: symbol, kind: .choice(names), default: .of(value), meaning: meaning,
            record: record,
            encode: { .text($0.rawValue) }, decode: { $0.text.flatMap(Value.init) })
    }
}

extension Control<String> {
    /// A text of some kind: a formula, a file's name, or any; or one of some names.
    public init(
        _ name: String, symbol: String = "", _ kind: ControlParameter.Kind,
        default value: String? = nil,
        meaning: String, record: ControlParameter.Record = .always
    ) {
        self.init(
            name, symbol: symbol, kind: kind, default: .of(value), meaning: meaning, record: record,
            encode: ControlValue.text, decode: \.text)
    }
}

extension Control where Value: CustomStringConvertible {
    /// A name that may have numbers in parentheses, as `leakyRelu(0.1)`.
    /// - Parameters:
    ///   - forms: names, with letters in place of numbers.
    ///   - read: nil for a name whose numbers are refused.
    ///   - exclusion: what numbers are refused.
    public init(
        _ name: String, symbol: String = "", named forms: [String], default value: Value? = nil,
        meaning: String, exclusion: String = "",
        read: @escaping @Sendable (String) -> Value?
    ) {
        self.init(
            name, symbol: symbol, kind: .choice(forms), default: .of(value), meaning: meaning, exclusion: exclusion,
            encode: { .text($0.description) }, decode: { $0.text.flatMap(read) })
    }
}

extension Control<PerLayer<Double>> {
    /// - Parameter isPerLayer: false where a list has one value for something else than a layer.
    public init(
        _ name: String, symbol: String = "", _ range: ControlRange, isPerLayer: Bool = true,
        default value: Double? = nil,
        meaning: String,
        record: ControlParameter.Record = .always, exclusion: String = ""
    ) {
        self.init(
            name, symbol: symbol, kind: isPerLayer ? .realPerLayer(range) : .numbers(range),
            default: .of(value.map { .all($0) }),
            meaning: meaning,
            record: record, exclusion: exclusion, encode: ControlValue.init, decode: PerLayer.init)
    }
}

extension Control<PerLayer<Int>> {
    public init(
        _ name: String, symbol: String = "", _ range: ClosedRange<Int>, default value: Int? = nil,
        meaning: String,
        record: ControlParameter.Record = .always
    ) {
        self.init(
            name, symbol: symbol, kind: .integerPerLayer(range), default: .of(value.map { .all($0) }),
            meaning: meaning, record: record,
            encode: { whole in
                switch whole {
                case .all(let n): .number(Double(n))
                case .each(let ns): .list(ns.map(Double.init))
                }
            },
            decode: { value in
                switch value {
                case .number(let x): Int(exactly: x).map { .all($0) }
                case .list(let xs): .each(xs.compactMap { Int(exactly: $0) })
                case .text: nil
                }
            })
    }
}

extension Control<[Double]> {
    /// A list of numbers, of which one alone may stand without brackets.
    public init(
        _ name: String, symbol: String = "", _ range: ControlRange, meaning: String,
        record: ControlParameter.Record = .always
    ) {
        self.init(
            name, symbol: symbol, kind: .numbers(range), default: .none, meaning: meaning, record: record,
            encode: ControlValue.list, decode: { PerLayer($0)?.listed })
    }
}

extension PerLayer<Double> {
    init?(_ value: ControlValue) {
        switch value {
        case .number(let x): self = .all(x)
        case .list(let xs): self = .each(xs)
        case .text: return nil
        }
    }

    /// One value as a list of one.
    public var listed: [Double] {
        switch self {
        case .all(let x): [x]
        case .each(let xs): xs
        }
    }
}

extension ControlValue {
    init(_ values: PerLayer<Double>) {
        switch values {
        case .all(let x): self = .number(x)
        case .each(let xs): self = .list(xs)
        }
    }
}

extension Control<[String]> {
    /// One name, or a list of them.
    public init(
        _ name: String, symbol: String = "", meaning: String, record: ControlParameter.Record = .always
    ) {
        self.init(
            name, symbol: symbol, kind: .name(several: true), default: .none, meaning: meaning, record: record,
            encode: { .text(JSONValue.list($0.map(JSONValue.text)).serialized()) },
            decode: { value in
                guard let text = value.text else { return nil }
                guard text.hasPrefix("["), let list = (try? JSONValue(parsing: text))?.list else { return [text] }
                let names = list.compactMap(\.text)
                return names.isEmpty ? nil : names
            })
    }
}
