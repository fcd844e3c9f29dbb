/// What declares control parameters, or keys of a section of settings; what models hand to the border.
public protocol AnyControl: Sendable {
    /// One, or several of one name where it takes values of several kinds.
    var parameters: [ControlParameter] { get }
}

extension ControlParameter: AnyControl {
    public var parameters: [ControlParameter] { [self] }
}

extension AnyControl {
    public var name: String { parameters[0].name }
}

/// A control parameter, or a key of a section of settings, whose values have a type.
///
/// It is declared once, with its range, its default and its meaning, and read with a `ControlReader`. A default is a
/// value or a rule of other controls.
public struct Control<Value: Sendable>: AnyControl {
    /// What holds where nothing is set.
    public enum Default: Sendable {
        /// A sweep must set it.
        case none
        case value(Value)
        /// A rule of other controls, with its words.
        case rule(String, @Sendable (ControlReader) throws(ControlError) -> Value)
    }

    public let parameters: [ControlParameter]
    let fallback: Default
    /// Nil for a value that is none of this control's.
    let decode: @Sendable (ControlValue) -> Value?

    init(
        _ parameters: [ControlParameter], fallback: Default, decode: @escaping @Sendable (ControlValue) -> Value?
    ) {
        self.parameters = parameters
        self.fallback = fallback
        self.decode = decode
    }

    /// - Parameters:
    ///   - kind: what values it takes, as a spec has them.
    ///   - record: how a key of a section stands in identities.
    ///   - exclusion: why the lower end is excluded, where somebody may well want it.
    ///   - encode: a value as a spec has it, for a default that is written down.
    ///   - decode: a spec's value, which is of the kind; nil for one that is refused all the same.
    public init(
        _ name: String, symbol: String = "", kind: ControlParameter.Kind, default fallback: Default, meaning: String,
        record: ControlParameter.Record = .always, exclusion: String = "", encode: (Value) -> ControlValue,
        decode: @escaping @Sendable (ControlValue) -> Value?
    ) {
        var (written, words): (ControlValue?, String?)
        switch fallback {
        case .none: break
        case .value(let value) where record == .whenSet: words = "\(encode(value))"
        case .value(let value): written = encode(value)
        case .rule(let rule, _): words = rule
        }
        self.init(
            [
                ControlParameter(
                    name, symbol: symbol, kind: kind, defaultValue: written, meaning: meaning, record: record,
                    fallbackInWords: words, exclusion: exclusion)
            ], fallback: fallback, decode: decode)
    }

    /// The same, of which a sweep may have none: the value is then nil, and identities are as if it were not declared.
    public var optional: Control<Value?> {
        Control<Value?>(
            parameters.map {
                ControlParameter(
                    $0.name, symbol: $0.symbol, kind: $0.kind, defaultValue: nil, meaning: $0.meaning,
                    isOptional: true, record: .whenSet, fallbackInWords: $0.fallbackInWords, exclusion: $0.exclusion)
            }, fallback: .value(nil), decode: { [decode] in decode($0).map(Optional.some) })
    }

    /// The same, with its default, of which a sweep may have none: identities are then as if it were not declared.
    public var leftOutUnlessSet: Control {
        Control(
            parameters.map {
                ControlParameter(
                    $0.name, symbol: $0.symbol, kind: $0.kind, defaultValue: nil, meaning: $0.meaning,
                    isOptional: true, record: .whenSet,
                    fallbackInWords: $0.fallbackInWords ?? $0.defaultValue.map { "\($0)" }, exclusion: $0.exclusion)
            }, fallback: fallback, decode: decode)
    }

    /// The same with values of another type.
    /// - Parameter convert: nil for a value that is refused.
    public func map<New>(default fallback: Control<New>.Default = .none, _ convert: @escaping @Sendable (Value) -> New?)
        -> Control<New>
    {
        Control<New>(parameters, fallback: fallback, decode: { [decode] in decode($0).flatMap(convert) })
    }

    /// One control for the values of two, of one name: `samples: population | 100`.
    public static func either<First, Second>(
        _ first: Control<First>, or second: Control<Second>, default fallback: Default = .none,
        _ convertFirst: @escaping @Sendable (First) -> Value, _ convertSecond: @escaping @Sendable (Second) -> Value
    ) -> Control<Value> {
        precondition(first.name == second.name, "the kinds of one control have one name")
        return Control(
            first.parameters + second.parameters, fallback: fallback,
            decode: { [parameters = first.parameters, first = first.decode, second = second.decode] value in
                // A word of the first kind is one of its own: others are none of the control's.
                let isFirst = parameters.contains { (try? $0.check(value)) != nil }
                return isFirst ? first(value).map(convertFirst) : second(value).map(convertSecond)
            })
    }
}
