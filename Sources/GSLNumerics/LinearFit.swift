import CGSL

/// A linear least-squares fit y ≈ Σ cₖ φₖ(x).
public struct LinearFit: Sendable {
    public let coefficients: [Double]
    /// Of the coefficients, row by row. With weights 1/σ² it is absolute; without, it is scaled by the residuals.
    public let covariance: [[Double]]
    /// Σ w (y − fit)².
    public let chiSquared: Double
    /// Number of points minus number of coefficients.
    public let degreesOfFreedom: Int

    /// One standard deviation of a coefficient.
    public func standardError(_ k: Int) -> Double { max(0, covariance[k][k]).squareRoot() }
}

/// The straight line c₀ + c₁x through weighted points.
/// - Parameter weights: 1/σ² of each point; nil for equal, unknown errors.
/// - Throws: as `linearFit(rows:ys:weights:)`.
public func lineFit(_ xs: [Double], _ ys: [Double], weights: [Double]? = nil) throws -> LinearFit {
    try polynomialFit(xs, ys, degree: 1, weights: weights)
}

/// The polynomial c₀ + c₁x + … of a degree through weighted points. Choose the origin and unit of x near the points.
/// - Throws: as `linearFit(rows:ys:weights:)`.
public func polynomialFit(_ xs: [Double], _ ys: [Double], degree: Int, weights: [Double]? = nil) throws -> LinearFit {
    guard degree >= 0 else { throw GSLError.invalidInput("a polynomial's degree is not negative, as \(degree) is") }
    try GSL.requireFinite(xs, "the abscissas")
    let rows = xs.map { x in
        var power = 1.0
        return (0...degree).map { _ in
            defer { power *= x }
            return power
        }
    }
    return try linearFit(rows: rows, ys, weights: weights)
}

/// The coefficients c that minimise Σ w (y − row·c)².
/// - Parameter weights: 1/σ² of each point, not negative; nil for equal, unknown errors.
/// - Throws: `GSLError.invalidInput` for ragged or too few rows, negative weights, or columns that depend on each
///   other; `.notFinite` for numbers that are not.
public func linearFit(rows: [[Double]], _ ys: [Double], weights: [Double]? = nil) throws -> LinearFit {
    GSL.enter()
    let n = rows.count
    let p = rows.first?.count ?? 0
    guard p > 0, n >= p, ys.count == n, rows.allSatisfy({ $0.count == p }), weights.map({ $0.count == n }) ?? true
    else {
        throw GSLError.invalidInput(
            "a fit of \(p) coefficients needs as many rows or more, each with a y and a weight: "
                + "\(n) rows, \(ys.count) y, \(weights?.count ?? n) weights")
    }
    for row in rows { try GSL.requireFinite(row, "the rows") }
    try GSL.requireFinite(ys, "the ordinates")
    if let weights {
        try GSL.requireFinite(weights, "the weights")
        guard weights.allSatisfy({ $0 >= 0 }), weights.count(where: { $0 > 0 }) >= p else {
            throw GSLError.invalidInput("weights are not negative, and at least \(p) of them positive")
        }
    }
    let design = try GSL.allocated(gsl_matrix_alloc(n, p), "gsl_matrix_alloc")
    defer { gsl_matrix_free(design) }
    let y = try vector(ys)
    defer { gsl_vector_free(y) }
    let w = try vector(weights ?? [Double](repeating: 1, count: n))
    defer { gsl_vector_free(w) }
    for i in 0..<n { for k in 0..<p { gsl_matrix_set(design, i, k, rows[i][k]) } }
    let c = try GSL.allocated(gsl_vector_alloc(p), "gsl_vector_alloc")
    defer { gsl_vector_free(c) }
    let covariance = try GSL.allocated(gsl_matrix_alloc(p, p), "gsl_matrix_alloc")
    defer { gsl_matrix_free(covariance) }
    let workspace = try GSL.allocated(gsl_multifit_linear_alloc(n, p), "gsl_multifit_linear_alloc")
    defer { gsl_multifit_linear_free(workspace) }
    var chiSquared = 0.0
    var rank = 0
    try GSL.check(
        gsl_multifit_wlinear_tsvd(design, w, y, 1e-14, c, covariance, &chiSquared, &rank, workspace),
        "gsl_multifit_wlinear_tsvd")
    guard rank == p else {
        throw GSLError.invalidInput("the fit has \(p) coefficients but its points determine only \(rank)")
    }
    // Without weights the points' common error is what the residuals say.
    let scale = weights == nil ? (n > p ? chiSquared / Double(n - p) : 0) : 1
    return LinearFit(
        coefficients: (0..<p).map { gsl_vector_get(c, $0) },
        covariance: (0..<p).map { i in (0..<p).map { gsl_matrix_get(covariance, i, $0) * scale } },
        chiSquared: chiSquared, degreesOfFreedom: n - p)
}

private func vector(_ xs: [Double]) throws(GSLError) -> UnsafeMutablePointer<gsl_vector> {
    let v = try GSL.allocated(gsl_vector_alloc(xs.count), "gsl_vector_alloc")
    for i in xs.indices { gsl_vector_set(v, i, xs[i]) }
    return v
}
