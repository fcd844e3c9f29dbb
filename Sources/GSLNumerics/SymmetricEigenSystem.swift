import CGSL

/// Eigenvalues and orthonormal eigenvectors of a real symmetric matrix.
public struct SymmetricEigenSystem: Sendable {
    /// Rising.
    public let values: [Double]
    /// `vectors[k]` belongs to `values[k]`; its component of largest magnitude (the first of equals) is positive.
    public let vectors: [[Double]]
}

/// The eigensystem of a symmetric matrix of order `n`, given by its n² elements row by row.
///
/// Eigenvalues are good to about n·ε of the largest one. The mean of the two triangles counts, so that rounding in
/// the caller's sums does no harm.
/// - Throws: `GSLError.invalidInput` where the number of elements is not n² or the triangles differ by more than
///   1e-8 of the largest element, `.notFinite` for elements that are not.
public func symmetricEigenSystem(_ matrix: [Double], order n: Int) throws -> SymmetricEigenSystem {
    GSL.enter()
    guard n >= 0, matrix.count == n * n else {
        throw GSLError.invalidInput("a matrix of order \(n) has \(n) × \(n) elements, not \(matrix.count)")
    }
    guard n > 0 else { return SymmetricEigenSystem(values: [], vectors: []) }
    try GSL.requireFinite(matrix, "the matrix elements")
    let largest = matrix.reduce(0) { max($0, abs($1)) }
    // A power of two: the scaling itself rounds nothing, and no square inside GSL overflows or underflows.
    let unit = largest == 0 ? 1 : Double(sign: .plus, exponent: Int(largest.exponent), significand: 1)
    let work = try GSL.allocated(gsl_matrix_alloc(n, n), "gsl_matrix_alloc")
    defer { gsl_matrix_free(work) }
    for i in 0..<n {
        for j in 0...i {
            let (a, b) = (matrix[i * n + j] / unit, matrix[j * n + i] / unit)
            guard abs(a - b) <= 2e-8 else {
                throw GSLError.invalidInput(
                    "the matrix is not symmetric: element (\(i + 1), \(j + 1)) is \(matrix[i * n + j]), "
                        + "its mirror image \(matrix[j * n + i])")
            }
            gsl_matrix_set(work, i, j, (a + b) / 2)
            gsl_matrix_set(work, j, i, (a + b) / 2)
        }
    }
    let values = try GSL.allocated(gsl_vector_alloc(n), "gsl_vector_alloc")
    defer { gsl_vector_free(values) }
    let vectors = try GSL.allocated(gsl_matrix_alloc(n, n), "gsl_matrix_alloc")
    defer { gsl_matrix_free(vectors) }
    let workspace = try GSL.allocated(gsl_eigen_symmv_alloc(n), "gsl_eigen_symmv_alloc")
    defer { gsl_eigen_symmv_free(workspace) }
    try GSL.check(gsl_eigen_symmv(work, values, vectors, workspace), "gsl_eigen_symmv")
    try GSL.check(gsl_eigen_symmv_sort(values, vectors, GSL_EIGEN_SORT_VAL_ASC), "gsl_eigen_symmv_sort")
    return SymmetricEigenSystem(
        values: (0..<n).map { gsl_vector_get(values, $0) * unit },
        vectors: (0..<n).map { k in
            let vector = (0..<n).map { gsl_matrix_get(vectors, $0, k) }
            let peak = vector.reduce(0) { abs($1) > abs($0) ? $1 : $0 }
            return peak < 0 ? vector.map { -$0 } : vector
        })
}
