import Expressions
import Lanes

/// A number as a sign and the logarithm of its magnitude: labels far out in the tails, where doubles overflow.
struct LogMagnitude {
    /// −1, 0 or 1.
    let sign: Double
    let logarithm: Double

    init(sign: Double, logarithm: Double) { (self.sign, self.logarithm) = (sign, logarithm) }

    init(_ x: Double) {
        sign = x > 0 ? 1 : x < 0 ? -1 : 0
        logarithm = x == 0 ? -.infinity : x.isInfinite ? .infinity : Lanes.logarithm(abs(x))
    }

    /// The nearest double, infinite beyond the range.
    var value: Double { sign == 0 ? 0 : sign * exponential(min(logarithm, 1e4)) }
}

/// Formulas in logarithmic arithmetic.
struct LogMagnitudeAlgebra: FormulaAlgebra {
    let values: [Double]

    func number(_ x: Double) -> LogMagnitude { LogMagnitude(x) }
    func variable(_ index: Int) -> LogMagnitude { LogMagnitude(values[index]) }
    func negative(_ a: LogMagnitude) -> LogMagnitude { LogMagnitude(sign: -a.sign, logarithm: a.logarithm) }

    func operation(_ operation: Formula.Operation, _ a: LogMagnitude, _ b: LogMagnitude) -> LogMagnitude {
        switch operation {
        case .plus: return sum(a, b)
        case .minus: return sum(a, negative(b))
        case .times:
            let sign = a.sign * b.sign
            return LogMagnitude(sign: sign, logarithm: sign == 0 ? -.infinity : a.logarithm + b.logarithm)
        case .divided:
            if b.sign == 0 { return LogMagnitude(sign: 1, logarithm: .infinity) }
            return LogMagnitude(sign: a.sign * b.sign, logarithm: a.sign == 0 ? -.infinity : a.logarithm - b.logarithm)
        case .power:
            let exponent = b.value
            if exponent == 0 { return LogMagnitude(1) }
            if a.sign == 0 {
                return LogMagnitude(sign: exponent > 0 ? 0 : 1, logarithm: exponent > 0 ? -.infinity : .infinity)
            }
            let isOdd = exponent.truncatingRemainder(dividingBy: 2) != 0
            return LogMagnitude(sign: a.sign < 0 && isOdd ? -1 : 1, logarithm: exponent * a.logarithm)
        }
    }

    private func sum(_ a: LogMagnitude, _ b: LogMagnitude) -> LogMagnitude {
        if a.sign == 0 { return b }
        if b.sign == 0 { return a }
        let (large, small) = a.logarithm >= b.logarithm ? (a, b) : (b, a)
        if large.logarithm == .infinity { return large }
        let ratio = exponential(small.logarithm - large.logarithm) * large.sign * small.sign
        if ratio == -1 { return LogMagnitude(0) }
        return LogMagnitude(sign: large.sign, logarithm: large.logarithm + logarithm(1 + ratio))
    }

    func function(_ function: Formula.Function, _ arguments: [LogMagnitude]) -> LogMagnitude {
        let x = arguments[0]
        switch function {
        case .sqrt: return LogMagnitude(sign: x.sign, logarithm: x.logarithm / 2)
        case .exp: return LogMagnitude(sign: 1, logarithm: x.sign * exponential(min(x.logarithm, 700)))
        case .log: return LogMagnitude(x.logarithm)
        case .abs: return LogMagnitude(sign: abs(x.sign), logarithm: x.logarithm)
        case .relu: return x.sign > 0 ? x : LogMagnitude(0)
        case .sign: return LogMagnitude(x.sign)
        case .min: return arguments.min { $0.isBelow($1) }!
        case .max: return arguments.max { $0.isBelow($1) }!
        case .tanh, .erf, .sin:
            // Below 1e-9 the function is its argument but for a factor.
            return x.logarithm < -20 ? x : LogMagnitude(function.apply([max(min(x.value, 1e15), -1e15)]))
        case .cos: return LogMagnitude(function.apply([max(min(x.value, 1e15), -1e15)]))
        }
    }

    func hermite(_ degree: Int, _ a: LogMagnitude) -> LogMagnitude {
        var (previous, current) = (LogMagnitude(0), LogMagnitude(1))
        for n in 0..<degree {
            let next = operation(.minus, operation(.times, a, current), operation(.times, number(Double(n)), previous))
            (previous, current) = (current, next)
        }
        return current
    }
}

extension LogMagnitude {
    fileprivate func isBelow(_ other: LogMagnitude) -> Bool {
        if sign != other.sign { return sign < other.sign }
        return sign >= 0 ? logarithm < other.logarithm : logarithm > other.logarithm
    }
}
