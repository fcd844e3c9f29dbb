extension Formula {
    /// A formula's values together with what tells where it is not smooth.
    public struct Trace: Sendable {
        public let values: [Double]
        /// Columns whose zeros are where the formula may have a kink, a jump or a singularity: arguments of `abs`, `sign`,
        /// `relu`, `sqrt` and `log`, differences of what `min` and `max` compare, and all `poles`.
        public let kinks: [[Double]]
        /// Columns whose zeros may be poles: divisors, and bases of powers that are no whole numbers ≥ 0.
        public let poles: [[Double]]
    }

    /// As `values`, with the columns that decide about smoothness, always as many of them and in the same order.
    public func trace(_ columns: [[Double]], rows: Int) -> Trace {
        precondition(columns.count == variables.count, "a formula needs one column per variable")
        let algebra = TraceAlgebra(columns: columns, count: rows)
        let values = value(in: algebra)
        return Trace(values: values, kinks: algebra.found.kinks, poles: algebra.found.poles)
    }
}

private final class FoundColumns {
    var kinks: [[Double]] = []
    var poles: [[Double]] = []
}

private struct TraceAlgebra: FormulaAlgebra {
    let columns: [[Double]]
    let count: Int
    let found = FoundColumns()

    func number(_ x: Double) -> [Double] { Array(repeating: x, count: count) }
    func variable(_ index: Int) -> [Double] { columns[index] }
    func negative(_ a: [Double]) -> [Double] { a.map { -$0 } }

    func operation(_ operation: Formula.Operation, _ a: [Double], _ b: [Double]) -> [Double] {
        switch operation {
        case .divided: add(pole: b)
        case .power:
            let isWhole = b.allSatisfy { $0 == b[0] && $0 >= 0 && $0 == $0.rounded() }
            if !isWhole { add(pole: a) }
        default: break
        }
        return zip(a, b).map { operation.apply($0, $1) }
    }

    private func add(pole column: [Double]) {
        found.kinks.append(column)
        found.poles.append(column)
    }

    func function(_ function: Formula.Function, _ arguments: [[Double]]) -> [Double] {
        switch function {
        case .abs, .sign, .relu, .sqrt, .log: found.kinks.append(arguments[0])
        case .min, .max:
            for j in arguments.indices {
                for i in 0..<j { found.kinks.append(zip(arguments[i], arguments[j]).map(-)) }
            }
        default: break
        }
        if let kernel = function.kernel { return kernel(arguments[0]) }
        if arguments.count == 1 { return arguments[0].map { function.apply($0) } }
        return (0..<count).map { row in function.apply(arguments.map { $0[row] }) }
    }

    func hermite(_ degree: Int, _ a: [Double]) -> [Double] { a.map { hermitePolynomial(degree, $0) } }
}
