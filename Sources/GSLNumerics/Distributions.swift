import CGSL

/// The quantile of Student's t: the value that t stays below with probability `p`.
/// - Throws: `GSLError.invalidInput` for p outside (0, 1) or degrees of freedom that are not positive and finite.
public func studentQuantile(_ p: Double, degreesOfFreedom: Double) throws -> Double {
    GSL.enter()
    guard p > 0, p < 1 else { throw GSLError.invalidInput("a probability lies between 0 and 1, not at \(p)") }
    guard degreesOfFreedom > 0, degreesOfFreedom.isFinite else {
        throw GSLError.invalidInput("degrees of freedom are positive and finite, not \(degreesOfFreedom)")
    }
    if p == 0.5 { return 0 }
    let t = gsl_cdf_tdist_Pinv(p, degreesOfFreedom)
    try GSL.requireFinite(t, "Student's quantile")
    return t
}

/// The quantile of the standard normal distribution.
/// - Throws: `GSLError.invalidInput` for p outside (0, 1).
public func normalQuantile(_ p: Double) throws -> Double {
    GSL.enter()
    guard p > 0, p < 1 else { throw GSLError.invalidInput("a probability lies between 0 and 1, not at \(p)") }
    return gsl_cdf_ugaussian_Pinv(p)
}

/// The probability that a standard normal number lies below `x`; 0 and 1 at the infinities.
/// - Throws: `GSLError.notFinite` for NaN.
public func normalCDF(_ x: Double) throws -> Double {
    GSL.enter()
    if x.isNaN { throw GSLError.notFinite("the normal distribution has no value at NaN") }
    if x.isInfinite { return x > 0 ? 1 : 0 }
    return gsl_cdf_ugaussian_P(x)
}
