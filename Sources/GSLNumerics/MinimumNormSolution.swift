import CGSL

/// The shortest x that minimises ‖A x − b‖ for a square matrix A, given by its n² elements row by row, by a complete
/// orthogonal decomposition.
///
/// - Parameter cutoff: pivots below this fraction of the largest one count as zero: the matrix is singular there, and x
///   has no part in its null space.
/// - Throws: `GSLError.invalidInput` where the numbers of elements do not fit, `.notFinite` for elements that are not.
public func minimumNormSolution(
    _ matrix: [Double], _ right: [Double], cutoff: Double = 1e-13
) throws -> [Double] {
    GSL.enter()
    let n = right.count
    guard matrix.count == n * n else {
        throw GSLError.invalidInput("a system of \(n) equations has \(n) × \(n) coefficients, not \(matrix.count)")
    }
    guard n > 0 else { return [] }
    try GSL.requireFinite(matrix, "the coefficients")
    try GSL.requireFinite(right, "the right-hand side")
    func vector() throws -> UnsafeMutablePointer<gsl_vector> {
        let made = try GSL.allocated(gsl_vector_alloc(n), "gsl_vector_alloc")
        gsl_vector_set_zero(made)
        return made
    }
    let work = try GSL.allocated(gsl_matrix_alloc(n, n), "gsl_matrix_alloc")
    defer { gsl_matrix_free(work) }
    let permutation = try GSL.allocated(gsl_permutation_alloc(n), "gsl_permutation_alloc")
    defer { gsl_permutation_free(permutation) }
    let vectors = try (0..<6).map { _ in try vector() }
    defer { for vector in vectors { gsl_vector_free(vector) } }
    let (left, inner, scratch, b, x, residual) = (
        vectors[0], vectors[1], vectors[2], vectors[3], vectors[4], vectors[5]
    )
    for i in 0..<n {
        for j in 0..<n { gsl_matrix_set(work, i, j, matrix[i * n + j]) }
        gsl_vector_set(b, i, right[i])
    }
    let largest = matrix.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return Array(repeating: 0, count: n) }
    var rank = 0
    try GSL.check(
        gsl_linalg_COD_decomp_e(work, left, inner, permutation, cutoff * largest, &rank, scratch),
        "gsl_linalg_COD_decomp_e")
    // The solver of GSL does not take a matrix without rank.
    guard rank > 0 else { return Array(repeating: 0, count: n) }
    try GSL.check(
        gsl_linalg_COD_lssolve(work, left, inner, permutation, rank, b, x, residual), "gsl_linalg_COD_lssolve")
    return (0..<n).map { gsl_vector_get(x, $0) }
}
