/// The real numbers that a control takes, with or without its ends.
public struct ControlRange: Sendable, Hashable {
    public let lowerBound: Double
    public let upperBound: Double
    public let excludesLower: Bool
    public let excludesUpper: Bool

    /// - Precondition: the ends are in order.
    public init(
        _ range: ClosedRange<Double>, excludingLow excludesLower: Bool = false,
        excludingHigh excludesUpper: Bool = false
    ) {
        (lowerBound, upperBound) = (range.lowerBound, range.upperBound)
        (self.excludesLower, self.excludesUpper) = (excludesLower, excludesUpper)
    }

    /// All finite numbers.
    public static let any = ControlRange(-Double.infinity...Double.infinity)

    /// From one number to another, both included.
    public static func within(_ range: ClosedRange<Double>) -> ControlRange { ControlRange(range) }

    /// Greater than a number, up to another one with it.
    public static func above(_ low: Double, upTo high: Double = .infinity) -> ControlRange {
        ControlRange(low...high, excludingLow: true)
    }

    /// From a number with it, to below another one.
    public static func from(_ low: Double, below high: Double = .infinity) -> ControlRange {
        ControlRange(low...high, excludingHigh: true)
    }

    /// Infinities and not-a-number are in no range.
    public func contains(_ x: Double) -> Bool {
        x.isFinite && (excludesLower ? x > lowerBound : x >= lowerBound)
            && (excludesUpper ? x < upperBound : x <= upperBound)
    }
}

extension ControlRange: CustomStringConvertible {
    /// `a number > 0`, `a number in (0, 10]`, `a finite number`.
    public var description: String {
        let (low, high) = (ControlValue.number(lowerBound), ControlValue.number(upperBound))
        return switch (lowerBound.isFinite, upperBound.isFinite) {
        case (false, false): "a finite number"
        case (true, false): "a number \(excludesLower ? ">" : "≥") \(low)"
        case (false, true): "a number \(excludesUpper ? "<" : "≤") \(high)"
        case (true, true): "a number in \(excludesLower ? "(" : "[")\(low), \(high)\(excludesUpper ? ")" : "]")"
        }
    }
}
