import Kernels
import Lanes

extension Formula {
    /// The formula's value and its derivative along a line at every row: where it has a kink, the derivative of one side.
    /// - Parameters:
    ///   - columns: as for `values`.
    ///   - slopes: how fast each variable changes along the line.
    public func slopes(_ columns: [[Double]], along slopes: [Double], rows: Int) -> (values: [Double], slopes: [Double])
    {
        precondition(columns.count == variables.count && slopes.count == variables.count, "one column per variable")
        var result: (values: [Double], slopes: [Double]) = ([], [])
        for row in 0..<rows {
            let algebra = DualAlgebra(values: columns.map { $0[row] }, slopes: slopes)
            let dual = value(in: algebra)
            result.values.append(dual.value)
            result.slopes.append(dual.slope)
        }
        return result
    }
}

/// Dual numbers: a value with its derivative along a line.
private struct DualAlgebra: FormulaAlgebra {
    typealias Dual = (value: Double, slope: Double)
    let values: [Double]
    let slopes: [Double]

    func number(_ x: Double) -> Dual { (x, 0) }
    func variable(_ index: Int) -> Dual { (values[index], slopes[index]) }
    func negative(_ a: Dual) -> Dual { (-a.value, -a.slope) }

    func operation(_ operation: Formula.Operation, _ a: Dual, _ b: Dual) -> Dual {
        let value = operation.apply(a.value, b.value)
        switch operation {
        case .plus: return (value, a.slope + b.slope)
        case .minus: return (value, a.slope - b.slope)
        case .times: return (value, a.slope * b.value + a.value * b.slope)
        case .divided: return (value, (a.slope - value * b.slope) / b.value)
        case .power:
            var slope = 0.0
            if a.slope != 0, b.value != 0 { slope += b.value * power(a.value, b.value - 1) * a.slope }
            if b.slope != 0 { slope += value * logarithm(a.value) * b.slope }
            return (value, slope)
        }
    }

    func function(_ function: Formula.Function, _ arguments: [Dual]) -> Dual {
        let x = arguments[0]
        let value = function.apply(arguments.map(\.value))
        func chain(_ derivative: Double) -> Dual { (value, x.slope == 0 ? 0 : derivative * x.slope) }
        switch function {
        case .sqrt: return chain(0.5 / value)
        case .exp: return chain(value)
        case .log: return chain(1 / x.value)
        case .tanh: return chain((1 - value) * (1 + value))
        case .erf: return chain(2 / Double.pi.squareRoot() * ElementaryFunction.gaussian(x.value))
        case .relu: return chain(x.value > 0 ? 1 : 0)
        case .sign: return chain(0)
        case .sin: return chain(cosine(x.value))
        case .cos: return chain(-sine(x.value))
        case .abs: return chain(x.value < 0 ? -1 : 1)
        case .min, .max: return (value, arguments.first { $0.value == value }?.slope ?? 0)
        }
    }

    func hermite(_ degree: Int, _ a: Dual) -> Dual {
        let slope = degree == 0 ? 0 : Double(degree) * hermitePolynomial(degree - 1, a.value) * a.slope
        return (hermitePolynomial(degree, a.value), slope)
    }
}
