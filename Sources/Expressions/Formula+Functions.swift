import Foundation

extension Formula {
    enum Function: String, Sendable, CaseIterable {
        case sqrt, exp, log, tanh, erf, relu, sign, sin, cos, abs, min, max

        /// How many arguments it takes.
        var arity: ClosedRange<Int> {
            switch self {
            case .min, .max: 2...16
            default: 1...1
            }
        }

        func apply(_ x: [Double]) -> Double {
            switch self {
            case .sqrt: x[0].squareRoot()
            case .exp: Foundation.exp(x[0])
            case .log: Foundation.log(x[0])
            case .tanh: Foundation.tanh(x[0])
            case .erf: Foundation.erf(x[0])
            // Not-a-number stays what it is: a comparison alone would make it 0.
            case .relu: x[0].isNaN ? x[0] : Swift.max(x[0], 0)
            case .sign: x[0].isNaN ? x[0] : x[0] > 0 ? 1 : x[0] < 0 ? -1 : 0
            case .sin: Foundation.sin(x[0])
            case .cos: Foundation.cos(x[0])
            case .abs: Swift.abs(x[0])
            case .min: x.contains(where: \.isNaN) ? .nan : x.min()!
            case .max: x.contains(where: \.isNaN) ? .nan : x.max()!
            }
        }
    }

    /// Names of all functions, for help and for errors.
    public static let functionNames = Function.allCases.map(\.rawValue)
}

extension Formula.Operation {
    func apply(_ a: Double, _ b: Double) -> Double {
        switch self {
        case .plus: a + b
        case .minus: a - b
        case .times: a * b
        case .divided: a / b
        case .power: pow(a, b)
        }
    }
}
