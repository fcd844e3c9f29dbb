import CGSL

/// The arithmetic mean.
/// - Throws: `GSLError` for an empty sample or numbers that are not finite.
public func mean(_ xs: [Double]) throws -> Double {
    try requireSample(xs, atLeast: 1, "a mean")
    return gsl_stats_mean(xs, 1, xs.count)
}

/// The unbiased variance, with n − 1.
/// - Throws: `GSLError` for fewer than two numbers, or numbers that are not finite.
public func variance(_ xs: [Double]) throws -> Double {
    try requireSample(xs, atLeast: 2, "a variance")
    return gsl_stats_variance(xs, 1, xs.count)
}

/// The standard error of the mean, √(variance / n).
/// - Throws: as `variance`.
public func standardError(_ xs: [Double]) throws -> Double {
    (try variance(xs) / Double(xs.count)).squareRoot()
}

/// Half the width of Student's confidence interval of the mean: t(n − 1) times the standard error.
/// - Throws: as `variance`, and for a level outside (0, 1).
public func studentHalfWidth(_ xs: [Double], level: Double = 0.95) throws -> Double {
    guard level > 0, level < 1 else {
        throw GSLError.invalidInput("a confidence level lies between 0 and 1, not at \(level)")
    }
    let error = try standardError(xs)
    return try error * studentQuantile((1 + level) / 2, degreesOfFreedom: Double(xs.count - 1))
}

/// The middle of the sorted sample (the mean of the two middle ones of an even number).
/// - Throws: as `mean`.
public func median(_ xs: [Double]) throws -> Double { try quantile(xs, 0.5) }

/// The quantile of a sample, linear between the order statistics (0 the smallest, 1 the largest).
/// - Throws: as `mean`, and for a fraction outside [0, 1].
public func quantile(_ xs: [Double], _ fraction: Double) throws -> Double {
    try requireSample(xs, atLeast: 1, "a quantile")
    guard fraction >= 0, fraction <= 1 else {
        throw GSLError.invalidInput("a quantile's fraction lies in [0, 1], not at \(fraction)")
    }
    let sorted = xs.sorted()
    return gsl_stats_quantile_from_sorted_data(sorted, 1, sorted.count, fraction)
}

/// Pearson's correlation coefficient.
/// - Throws: `GSLError.invalidInput` for samples of unequal length, fewer than two pairs, or a constant sample (which
///   correlates with nothing); `.notFinite`.
public func correlation(_ xs: [Double], _ ys: [Double]) throws -> Double {
    try requireSample(xs, atLeast: 2, "a correlation")
    try requireSample(ys, atLeast: 2, "a correlation")
    guard xs.count == ys.count else {
        throw GSLError.invalidInput("a correlation needs pairs, not \(xs.count) and \(ys.count) numbers")
    }
    guard xs.contains(where: { $0 != xs[0] }), ys.contains(where: { $0 != ys[0] }) else {
        throw GSLError.invalidInput("a constant sample has no correlation")
    }
    let r = gsl_stats_correlation(xs, 1, ys, 1, xs.count)
    try GSL.requireFinite(r, "the correlation")
    return min(1, max(-1, r))
}

func requireSample(_ xs: [Double], atLeast count: Int, _ what: String) throws(GSLError) {
    GSL.enter()
    guard xs.count >= count else {
        throw .invalidInput("\(what) needs at least \(count) number\(count == 1 ? "" : "s"), not \(xs.count)")
    }
    try GSL.requireFinite(xs, "the sample")
}
