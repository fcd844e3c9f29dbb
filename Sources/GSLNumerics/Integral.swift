import CGSL

/// The integral of `f` from `a` to `b` with an estimate of its absolute error (adaptive Gauss–Kronrod with the
/// ε-algorithm: QAGS, and QAGI where a limit is infinite). Limits in falling order change the sign; integrable
/// singularities at the ends are allowed as long as `f` is finite inside.
///
/// - Parameter absoluteTolerance: accepted where it is larger than `relativeTolerance` times the result; an integral
///   that is zero by symmetry is recognised without it where both limits are finite.
/// - Throws: `GSLError.notFinite` for a limit or a value of `f` that is not a number, `.notConverged` where the
///   tolerance is not met (divergent, too oscillating, or below rounding), and whatever `f` throws.
public func integral(
    of f: (Double) throws -> Double, from a: Double, to b: Double, relativeTolerance: Double = 1e-10,
    absoluteTolerance: Double = 0
) throws -> (value: Double, error: Double) {
    guard !a.isNaN, !b.isNaN else { throw GSLError.notFinite("the limits \(a) and \(b) must be numbers") }
    try requireTolerances(relativeTolerance, absoluteTolerance)
    if a == b { return (0, 0) }
    if a > b {
        let mirrored = try integral(
            of: f, from: b, to: a, relativeTolerance: relativeTolerance, absoluteTolerance: absoluteTolerance)
        return (-mirrored.value, mirrored.error)
    }
    guard a < .infinity, b > -.infinity else {
        throw GSLError.invalidInput("an integral from \(a) to \(b) covers nothing")
    }
    let limit = 2000
    // GSL refuses what is below 50 ε, and so may rounding: nothing is lost by asking for that much at most.
    let relative = max(relativeTolerance, 50 * Double.ulpOfOne)
    return try withCallback(f) { function, callback in
        let workspace = try GSL.allocated(gsl_integration_workspace_alloc(limit), "gsl_integration_workspace_alloc")
        defer { gsl_integration_workspace_free(workspace) }
        var value = 0.0
        var error = 0.0
        let status =
            switch (a.isFinite, b.isFinite) {
            case (true, true):
                gsl_integration_qags(function, a, b, absoluteTolerance, relative, limit, workspace, &value, &error)
            case (true, false):
                gsl_integration_qagiu(function, a, absoluteTolerance, relative, limit, workspace, &value, &error)
            case (false, true):
                gsl_integration_qagil(function, b, absoluteTolerance, relative, limit, workspace, &value, &error)
            case (false, false):
                gsl_integration_qagi(function, absoluteTolerance, relative, limit, workspace, &value, &error)
            }
        if status == GSL_SUCCESS { return (value, error) }
        let rounding = 1e3 * Double.ulpOfOne * callback.largestMagnitude * (b - a)
        if status == GSL_EROUND, rounding.isFinite, error <= rounding { return (value, error) }
        throw GSLError.notConverged(
            "the integral from \(a) to \(b) is \(value) ± \(error), short of the tolerance "
                + "\(max(absoluteTolerance, relative * abs(value))): \(String(cString: gsl_strerror(status)))")
    }
}
