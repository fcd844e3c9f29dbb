import Kernels
import Lanes

extension Formula {
    public enum Function: String, Sendable, CaseIterable {
        case sqrt, exp, log, tanh, erf, relu, sign, sin, cos, abs, min, max

        /// How many arguments it takes.
        var arity: ClosedRange<Int> {
            switch self {
            case .min, .max: 2...16
            default: 1...1
            }
        }

        public func apply(_ x: [Double]) -> Double {
            switch self {
            case .min: x.contains(where: \.isNaN) ? .nan : x.min()!
            case .max: x.contains(where: \.isNaN) ? .nan : x.max()!
            default: apply(x[0])
            }
        }

        /// The kernels' own function of many numbers, where there is one.
        var kernel: ElementaryFunction? {
            switch self {
            case .exp: .exp
            case .tanh: .tanh
            case .erf: .erf
            default: nil
            }
        }

        /// The value of a function of one argument; `min` and `max` of one number are that number.
        func apply(_ x: Double) -> Double {
            switch self {
            case .sqrt: x.squareRoot()
            case .exp: ElementaryFunction.exp(x)
            case .log: logarithm(x)
            case .tanh: ElementaryFunction.tanh(x)
            case .erf: ElementaryFunction.erf(x)
            // Not-a-number stays what it is: a comparison alone would make it 0.
            case .relu: x.isNaN ? x : Swift.max(x, 0)
            case .sign: x.isNaN ? x : x > 0 ? 1 : x < 0 ? -1 : 0
            case .sin: sine(x)
            case .cos: cosine(x)
            case .abs: Swift.abs(x)
            case .min, .max: x
            }
        }
    }

    /// Names of all functions, for help and for errors.
    public static let functionNames = Function.allCases.map(\.rawValue) + ["He0 … He\(hermiteDegreeLimit)"]

    /// Hermite polynomials up to this degree have a name, `He0`, `He1`, ….
    public static let hermiteDegreeLimit = 20
}

extension Formula.Operation {
    public func apply(_ a: Double, _ b: Double) -> Double {
        switch self {
        case .plus: a + b
        case .minus: a - b
        case .times: a * b
        case .divided: a / b
        case .power: Lanes.power(a, b)
        }
    }
}
