import CGSL

/// A local minimum of `f` in a bracket (Brent's method): `f(guess)` must lie below `f` at both ends.
///
/// The abscissa is good to about the square root of the working precision, or to the tolerance if that is coarser: the
/// search ends where the bracket cannot shrink any more or `f` is flat to rounding across it. The value is `f` at the
/// returned abscissa.
/// - Throws: `GSLError.notBracketed` where the guess is no lower than the ends, `.invalidInput` for a guess outside
///   the bracket, `.notFinite` where a number or a value of `f` is not finite, `.notConverged` after
///   `maximumIterations`, and whatever `f` throws.
public func minimum(
    of f: (Double) throws -> Double, in bracket: ClosedRange<Double>, guess: Double,
    relativeTolerance: Double = 1e-8, absoluteTolerance: Double = 0, maximumIterations: Int = 200
) throws -> (x: Double, value: Double) {
    let (low, high) = (bracket.lowerBound, bracket.upperBound)
    for (x, what) in [(low, "the bracket's low end"), (high, "the bracket's high end"), (guess, "the guess")] {
        try GSL.requireFinite(x, what)
    }
    try requireTolerances(relativeTolerance, absoluteTolerance)
    guard low < guess, guess < high else {
        throw GSLError.invalidInput("the guess \(guess) must lie inside the bracket [\(low), \(high)]")
    }
    // Within √ε of a minimum, differences of f are rounding: a narrower bracket means nothing.
    let relative = max(relativeTolerance, Double.ulpOfOne.squareRoot())
    return try withCallback(f) { function, callback in
        let (atLow, atGuess, atHigh) = (callback.call(low), callback.call(guess), callback.call(high))
        guard atGuess < atLow, atGuess < atHigh else {
            throw GSLError.notBracketed(
                "f(\(guess)) = \(atGuess) is not below f at both ends of [\(low), \(high)], "
                    + "which are \(atLow) and \(atHigh)")
        }
        let solver = try GSL.allocated(gsl_min_fminimizer_alloc(cgsl_min_brent()), "gsl_min_fminimizer_alloc")
        defer { gsl_min_fminimizer_free(solver) }
        try GSL.check(
            gsl_min_fminimizer_set_with_values(solver, function, guess, atGuess, low, atLow, high, atHigh),
            "gsl_min_fminimizer_set_with_values")
        var width = high - low
        var idle = 0
        for _ in 0..<maximumIterations {
            try GSL.check(gsl_min_fminimizer_iterate(solver), "gsl_min_fminimizer_iterate")
            let (a, b) = (gsl_min_fminimizer_x_lower(solver), gsl_min_fminimizer_x_upper(solver))
            let smaller = a <= 0 && b >= 0 ? 0 : min(abs(a), abs(b))
            idle = b - a < width ? 0 : idle + 1
            width = b - a
            let best = gsl_min_fminimizer_f_minimum(solver)
            let rise = max(gsl_min_fminimizer_f_lower(solver), gsl_min_fminimizer_f_upper(solver)) - best
            let isFlat = rise <= 4 * Double.ulpOfOne * abs(best)
            if width <= absoluteTolerance + relative * smaller || isFlat || idle == 3 {
                return (gsl_min_fminimizer_x_minimum(solver), best)
            }
        }
        let (a, b) = (gsl_min_fminimizer_x_lower(solver), gsl_min_fminimizer_x_upper(solver))
        throw GSLError.notConverged(
            "the minimum is only known to lie in [\(a), \(b)] after \(maximumIterations) iterations")
    }
}
