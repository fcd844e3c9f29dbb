import CGSL

/// A triangular factor R of XᵀX = RᵀR for a matrix X of samples, with its numerical rank r: how X looks in orthonormal
/// coordinates of its column space.
public struct PivotedFactor: Sendable {
    /// The columns of X that the others are combinations of, to rounding, in the order of the pivots.
    public let pivots: [Int]
    /// R by columns, in the order of X's own; r numbers each.
    public let columns: [[Double]]
    /// The least pivot that counts over the largest one, columns scaled to about one length; 1 where there is none.
    public let pivotRatio: Double
    /// What of a pivot ratio is rounding.
    public let rounding: Double

    /// r.
    public var rank: Int { pivots.count }

    /// About the relative error of the smallest singular value of R, columns scaled to one length.
    public var relativeError: Double { rounding / pivotRatio }
}

/// Householder's factor of n × d samples, row-major, with pivoting; and Qᵀ y, n numbers, whose first r belong to R.
///
/// Columns are scaled to about one length before, by powers of two, so that units do not decide on the rank.
/// - Throws: `GSLError.invalidInput` where numbers do not fit, `.notFinite` for elements that are not.
public func pivotedFactor(
    _ features: [Double], columns d: Int, _ targets: [Double]
) throws -> (factor: PivotedFactor, targets: [Double]) {
    GSL.enter()
    let n = targets.count
    guard n > 0, d > 0, features.count == n * d else {
        throw GSLError.invalidInput("\(n) samples of \(d) columns have \(n * d) numbers, not \(features.count)")
    }
    try GSL.requireFinite(features, "the samples")
    try GSL.requireFinite(targets, "the targets")
    let units = (0..<d).map { j -> Double in
        let largest = (0..<n).reduce(0) { max($0, abs(features[$1 * d + j])) }
        return largest > 0 ? Double(sign: .plus, exponent: Int(largest.exponent), significand: 1) : 1
    }
    let work = try GSL.allocated(gsl_matrix_alloc(n, d), "gsl_matrix_alloc")
    defer { gsl_matrix_free(work) }
    let reflections = try GSL.allocated(gsl_vector_alloc(min(n, d)), "gsl_vector_alloc")
    defer { gsl_vector_free(reflections) }
    let norms = try GSL.allocated(gsl_vector_alloc(d), "gsl_vector_alloc")
    defer { gsl_vector_free(norms) }
    let order = try GSL.allocated(gsl_permutation_alloc(d), "gsl_permutation_alloc")
    defer { gsl_permutation_free(order) }
    let rotated = try GSL.allocated(gsl_vector_alloc(n), "gsl_vector_alloc")
    defer { gsl_vector_free(rotated) }
    for i in 0..<n {
        for j in 0..<d { gsl_matrix_set(work, i, j, features[i * d + j] / units[j]) }
        gsl_vector_set(rotated, i, targets[i])
    }
    var sign: Int32 = 0
    try GSL.check(gsl_linalg_QRPT_decomp(work, reflections, order, &sign, norms), "gsl_linalg_QRPT_decomp")
    try GSL.check(gsl_linalg_QR_QTvec(work, reflections, rotated), "gsl_linalg_QR_QTvec")

    let pivots = (0..<min(n, d)).map { abs(gsl_matrix_get(work, $0, $0)) }
    let first = pivots.first ?? 0
    // Rounding errors of sums of n terms grow as √n in practice.
    let rounding = 4 * Double.ulpOfOne * (Double(n) * Double(d)).squareRoot()
    let rank = first > 0 ? pivots.prefix { $0 > rounding * first }.count : 0
    var columns = Array(repeating: Array(repeating: 0.0, count: rank), count: d)
    for k in 0..<d {
        let column = gsl_permutation_get(order, k)
        for i in 0..<min(rank, k + 1) { columns[column][i] = gsl_matrix_get(work, i, k) * units[column] }
    }
    return (
        PivotedFactor(
            pivots: (0..<rank).map { gsl_permutation_get(order, $0) }, columns: columns,
            pivotRatio: rank > 0 ? pivots[rank - 1] / first : 1, rounding: rounding),
        (0..<n).map { gsl_vector_get(rotated, $0) }
    )
}

/// Cholesky's factor of a second moment A = RᵀR, d × d, row-major, with pivoting.
///
/// Rows and columns are scaled to diagonals of about 1 before, by powers of two. Of A's own rounding d·ε counts as zero.
/// - Throws: `GSLError.invalidInput` where numbers do not fit or A has a negative eigenvalue beyond rounding, `.notFinite`
///   for elements that are not.
public func pivotedFactor(ofMoment matrix: [Double], order d: Int) throws -> PivotedFactor {
    guard matrix.count == d * d else {
        throw GSLError.invalidInput("a matrix of order \(d) has \(d) × \(d) elements, not \(matrix.count)")
    }
    try GSL.requireFinite(matrix, "the matrix elements")
    let units = (0..<d).map { i -> Double in
        let a = matrix[i * d + i]
        return a > 0 ? Double(sign: .plus, exponent: Int(a.squareRoot().exponent), significand: 1) : 1
    }
    var rest = (0..<d).map { i in
        (0..<d).map { j in (matrix[i * d + j] + matrix[j * d + i]) / 2 / units[i] / units[j] }
    }
    let rounding = 4 * Double.ulpOfOne * Double(max(1, d))
    var (columns, pivots, order) = (Array(repeating: [Double](), count: d), [Double](), [Int]())
    var left = Array(0..<d)
    while let pivot = left.max(by: { rest[$0][$0] < rest[$1][$1] }) {
        let size = rest[pivot][pivot]
        guard size > rounding * (pivots.first ?? 0), size > 0 else { break }
        pivots.append(size)
        order.append(pivot)
        let root = size.squareRoot()
        let row = rest[pivot].map { $0 / root }
        left.removeAll { $0 == pivot }
        for k in 0..<d { columns[k].append(k == pivot ? root : left.contains(k) ? row[k] : 0) }
        for i in left { for j in left { rest[i][j] -= row[i] * row[j] } }
    }
    let first = pivots.first ?? 0
    let lowest = left.map { rest[$0][$0] }.min() ?? 0
    let largest = left.flatMap { i in left.map { abs(rest[i][$0]) } }.max() ?? 0
    guard lowest >= -1e-8 * max(first, 1), largest <= 1e-8 * max(first, 1) else {
        throw GSLError.invalidInput("a matrix of second moments has no negative eigenvalue; this one has")
    }
    for k in 0..<d { columns[k] = columns[k].map { $0 * units[k] } }
    return PivotedFactor(
        pivots: order, columns: columns, pivotRatio: pivots.last.map { $0 / first } ?? 1, rounding: rounding)
}
