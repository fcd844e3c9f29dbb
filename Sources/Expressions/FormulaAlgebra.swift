/// An arithmetic in which a formula has a value: numbers, columns of numbers, exact polynomials.
public protocol FormulaAlgebra {
    associatedtype Value
    associatedtype Failure: Error
    func number(_ x: Double) throws(Failure) -> Value
    /// - Parameter index: into the formula's `variables`.
    func variable(_ index: Int) throws(Failure) -> Value
    func negative(_ a: Value) throws(Failure) -> Value
    func operation(_ operation: Formula.Operation, _ a: Value, _ b: Value) throws(Failure) -> Value
    func function(_ function: Formula.Function, _ arguments: [Value]) throws(Failure) -> Value
    /// The probabilists' Hermite polynomial: He₀ = 1, He₁ = x, He_{n+1} = x He_n − n He_{n−1}.
    func hermite(_ degree: Int, _ a: Value) throws(Failure) -> Value
}

extension Formula {
    /// The value of the formula in some arithmetic, operands from left to right.
    /// - Throws: what the arithmetic throws.
    public func value<Algebra: FormulaAlgebra>(
        in algebra: Algebra
    ) throws(Algebra.Failure) -> Algebra.Value {
        try Self.value(of: root, in: algebra)
    }

    private static func value<Algebra: FormulaAlgebra>(
        of node: Node, in algebra: Algebra
    ) throws(Algebra.Failure) -> Algebra.Value {
        switch node {
        case .number(let x): return try algebra.number(x)
        case .variable(let index): return try algebra.variable(index)
        case .negative(let inner): return try algebra.negative(value(of: inner, in: algebra))
        case .operation(let operation, let a, let b):
            let left = try value(of: a, in: algebra)
            return try algebra.operation(operation, left, value(of: b, in: algebra))
        case .function(let function, let arguments):
            var values: [Algebra.Value] = []
            for argument in arguments { values.append(try value(of: argument, in: algebra)) }
            return try algebra.function(function, values)
        case .hermite(let degree, let inner): return try algebra.hermite(degree, value(of: inner, in: algebra))
        }
    }
}

/// Numbers.
struct NumberAlgebra: FormulaAlgebra {
    let values: [Double]

    func number(_ x: Double) -> Double { x }
    func variable(_ index: Int) -> Double { values[index] }
    func negative(_ a: Double) -> Double { -a }
    func operation(_ operation: Formula.Operation, _ a: Double, _ b: Double) -> Double { operation.apply(a, b) }
    func function(_ function: Formula.Function, _ arguments: [Double]) -> Double { function.apply(arguments) }
    func hermite(_ degree: Int, _ a: Double) -> Double { hermitePolynomial(degree, a) }
}

/// The probabilists' Hermite polynomial He of a degree ≥ 0, by its recurrence.
public func hermitePolynomial(_ degree: Int, _ x: Double) -> Double {
    var (previous, current) = (0.0, 1.0)
    for n in 0..<degree { (previous, current) = (current, x * current - Double(n) * previous) }
    return current
}
