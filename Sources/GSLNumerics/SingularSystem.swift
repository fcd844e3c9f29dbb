/// Singular values of a matrix with their left vectors, by one-sided Jacobi rotations of its columns.
public struct SingularSystem: Sendable {
    /// Falling; as many as columns.
    public let values: [Double]
    /// `left[k]` belongs to `values[k]`; all zeros where that is zero.
    public let left: [[Double]]
}

/// The singular values of a matrix given by its columns.
///
/// Rotations keep each singular value to a few ulp of itself where the columns, scaled to one length, are well
/// conditioned, however different their lengths: GSL's Jacobi routine takes the small ones for zero. Singular values of dependent
/// columns are rounding of the largest one.
/// - Throws: `GSLError.invalidInput` for columns of different lengths, or more of them than rows; `.notFinite` for elements
///   that are not.
public func singularSystem(columns given: [[Double]]) throws -> SingularSystem {
    guard let rows = given.first?.count else { return SingularSystem(values: [], left: []) }
    guard given.allSatisfy({ $0.count == rows }) else {
        throw GSLError.invalidInput("the columns of a matrix have equal lengths, not \(given.map(\.count))")
    }
    guard given.count <= rows else {
        throw GSLError.invalidInput("\(given.count) columns of \(rows) numbers are dependent: give the transpose")
    }
    for column in given { try GSL.requireFinite(column, "the matrix elements") }
    var columns = given
    // A power of two: the scaling itself rounds nothing.
    let largest = given.joined().reduce(0) { max($0, abs($1)) }
    guard largest > 0 else {
        return SingularSystem(values: given.map { _ in 0 }, left: given.map { $0.map { _ in 0 } })
    }
    let unit = Double(sign: .plus, exponent: Int(largest.exponent), significand: 1)
    for k in columns.indices { columns[k] = columns[k].map { $0 / unit } }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    var isDone = columns.count < 2
    var sweep = 0
    // A handful of sweeps is enough; what overlaps for ever is rounding of a larger column.
    while !isDone, sweep < 40 {
        isDone = true
        sweep += 1
        for i in columns.indices.dropLast() {
            for j in (i + 1)..<columns.count {
                let (a, b, c) = (
                    dot(columns[i], columns[i]), dot(columns[j], columns[j]), dot(columns[i], columns[j])
                )
                guard abs(c) > 4e-16 * (a * b).squareRoot(), c != 0 else { continue }
                isDone = false
                let zeta = (b - a) / (2 * c)
                let tangent = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
                let cosine = 1 / (1 + tangent * tangent).squareRoot()
                for k in 0..<rows {
                    let (x, y) = (columns[i][k], columns[j][k])
                    columns[i][k] = cosine * (x - tangent * y)
                    columns[j][k] = cosine * (y + tangent * x)
                }
            }
        }
    }
    let found = columns.map { column -> (value: Double, left: [Double]) in
        let length = dot(column, column).squareRoot()
        return (length * unit, length > 0 ? column.map { $0 / length } : column)
    }.enumerated().sorted { ($1.element.value, $0.offset) < ($0.element.value, $1.offset) }.map(\.element)
    return SingularSystem(values: found.map(\.value), left: found.map(\.left))
}

/// The singular values of a matrix of any shape, given by its columns: falling, as many as its shorter side.
/// - Throws: as `singularSystem`.
public func singularValues(columns given: [[Double]]) throws -> [Double] {
    let rows = given.first?.count ?? 0
    guard given.count > rows, given.allSatisfy({ $0.count == rows }) else {
        return try singularSystem(columns: given).values
    }
    return try singularSystem(columns: (0..<rows).map { row in given.map { $0[row] } }).values
}
