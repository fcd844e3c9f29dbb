import CGSL

/// A root of `f` between two points where it has opposite signs (Brent's method).
///
/// Stops when the bracket is narrower than `absoluteTolerance + relativeTolerance·min(|ends|)`, or cannot shrink any
/// more in double precision, whichever comes first; an end point where `f` is exactly zero is the answer.
/// - Throws: `GSLError.notBracketed` where both ends have the same sign, `.notFinite` where the bracket or a value of
///   `f` is not finite, `.notConverged` after `maximumIterations`, and whatever `f` throws.
public func root(
    of f: (Double) throws -> Double, in bracket: ClosedRange<Double>, relativeTolerance: Double = 1e-15,
    absoluteTolerance: Double = 0, maximumIterations: Int = 200
) throws -> Double {
    try GSL.requireFinite(bracket.lowerBound, "the bracket's low end")
    try GSL.requireFinite(bracket.upperBound, "the bracket's high end")
    try requireTolerances(relativeTolerance, absoluteTolerance)
    return try withCallback(f) { function, callback in
        var low = bracket.lowerBound
        var high = bracket.upperBound
        let valueAtLow = callback.call(low)
        if valueAtLow == 0 { return low }
        let valueAtHigh = callback.call(high)
        if valueAtHigh == 0 { return high }
        guard (valueAtLow < 0) != (valueAtHigh < 0) else {
            throw GSLError.notBracketed(
                "no sign change in [\(low), \(high)]: f is \(valueAtLow) at the low end and \(valueAtHigh) at the high")
        }
        let solver = try GSL.allocated(gsl_root_fsolver_alloc(cgsl_root_brent()), "gsl_root_fsolver_alloc")
        defer { gsl_root_fsolver_free(solver) }
        try GSL.check(gsl_root_fsolver_set(solver, function, low, high), "gsl_root_fsolver_set")
        func isNarrow() -> Bool {
            let smaller = low <= 0 && high >= 0 ? 0 : min(abs(low), abs(high))
            return high - low <= absoluteTolerance + relativeTolerance * smaller || low.nextUp >= high
        }
        for _ in 0..<maximumIterations {
            if isNarrow() { return gsl_root_fsolver_root(solver) }
            try GSL.check(gsl_root_fsolver_iterate(solver), "gsl_root_fsolver_iterate")
            let newLow = gsl_root_fsolver_x_lower(solver)
            let newHigh = gsl_root_fsolver_x_upper(solver)
            // Brent's smallest step can round to nothing at a power of two; halving always moves.
            if newLow == low, newHigh == high { return bisected(low, high, valueAtLow < 0, isNarrow: isNarrow) }
            (low, high) = (newLow, newHigh)
        }
        guard isNarrow() else {
            throw GSLError.notConverged(
                "the root is only known to lie in [\(low), \(high)] after \(maximumIterations) iterations")
        }
        return gsl_root_fsolver_root(solver)

        func bisected(_ a: Double, _ b: Double, _ lowIsNegative: Bool, isNarrow: () -> Bool) -> Double {
            (low, high) = (a, b)
            while !isNarrow() {
                let middle = low + (high - low) / 2
                let value = callback.call(middle)
                if value == 0 || value.isNaN { return middle }
                if (value < 0) == lowIsNegative { low = middle } else { high = middle }
            }
            return abs(callback.call(low)) <= abs(callback.call(high)) ? low : high
        }
    }
}

func requireTolerances(_ relative: Double, _ absolute: Double) throws(GSLError) {
    guard relative >= 0, absolute >= 0, relative.isFinite, absolute.isFinite else {
        throw .invalidInput("tolerances must be finite and not negative, not \(relative) and \(absolute)")
    }
}
