import Kernels

extension Formula {
    /// The formula's value in every row of a table.
    /// - Parameter columns: one per element of `variables`, in their order, equally long.
    /// - Parameter rows: their length.
    public func values(_ columns: [[Double]], rows: Int) -> [Double] {
        precondition(columns.count == variables.count, "a formula needs one column per variable")
        precondition(columns.allSatisfy { $0.count == rows }, "columns are equally long")
        var result: [Double] = []
        result.reserveCapacity(rows)
        // Intermediate columns of a few hundred rows stay in the processor's cache.
        for start in stride(from: 0, to: rows, by: 512) {
            let range = start..<min(start + 512, rows)
            result += value(in: ColumnAlgebra(columns: columns, range: range))
        }
        return result
    }
}

/// Columns of numbers, element by element.
private struct ColumnAlgebra: FormulaAlgebra {
    let columns: [[Double]]
    let range: Range<Int>

    func number(_ x: Double) -> [Double] { Array(repeating: x, count: range.count) }
    func variable(_ index: Int) -> [Double] { Array(columns[index][range]) }
    func negative(_ a: [Double]) -> [Double] { a.map { -$0 } }

    func operation(_ operation: Formula.Operation, _ a: [Double], _ b: [Double]) -> [Double] {
        var result = a
        // A switch inside the loop would keep it from becoming vector instructions.
        switch operation {
        case .plus: for i in result.indices { result[i] += b[i] }
        case .minus: for i in result.indices { result[i] -= b[i] }
        case .times: for i in result.indices { result[i] *= b[i] }
        case .divided: for i in result.indices { result[i] /= b[i] }
        case .power: for i in result.indices { result[i] = operation.apply(a[i], b[i]) }
        }
        return result
    }

    func function(_ function: Formula.Function, _ arguments: [[Double]]) -> [Double] {
        if let kernel = function.kernel { return kernel(arguments[0]) }
        if arguments.count == 1 { return arguments[0].map { function.apply($0) } }
        return (0..<range.count).map { row in function.apply(arguments.map { $0[row] }) }
    }

    func hermite(_ degree: Int, _ a: [Double]) -> [Double] { a.map { hermitePolynomial(degree, $0) } }
}
