import CGSL

/// A local minimum of a function of several variables without derivatives (Nelder and Mead's simplex).
///
/// Ends where the simplex, measured in the given steps, is smaller than the tolerance. Values of `f` that are infinite
/// are walls that the simplex turns away from.
/// - Parameters:
///   - start: where the simplex is put; `f` must be finite there.
///   - steps: its size along each variable, not zero: the scale on which `f` changes.
/// - Throws: `GSLError.invalidInput` for ragged or empty arguments or a zero step, `.notFinite` for numbers that are
///   not (also NaN from `f`), `.notConverged` after `maximumIterations`, and whatever `f` throws.
public func simplexMinimum(
    of f: ([Double]) throws -> Double, start: [Double], steps: [Double], tolerance: Double = 1e-6,
    maximumIterations: Int = 2000
) throws -> (x: [Double], value: Double) {
    GSL.enter()
    guard !start.isEmpty, steps.count == start.count, steps.allSatisfy({ $0 != 0 }) else {
        throw GSLError.invalidInput(
            "a simplex needs a start and as many steps that are not zero, not \(start.count) and \(steps)")
    }
    try GSL.requireFinite(start, "the start")
    try GSL.requireFinite(steps, "the steps")
    try requireTolerances(0, tolerance)
    let n = start.count
    return try withoutActuallyEscaping(f) { escapable in
        let box = SimplexCallback { y in
            try escapable((0..<n).map { start[$0] + steps[$0] * y[$0] })
        }
        return try withExtendedLifetime(box) {
            var function = gsl_multimin_function(
                f: { vector, context in
                    Unmanaged<SimplexCallback>.fromOpaque(context!).takeUnretainedValue().call(vector!)
                }, n: n, params: Unmanaged.passUnretained(box).toOpaque())
            let solver = try GSL.allocated(
                gsl_multimin_fminimizer_alloc(cgsl_multimin_simplex(), n), "gsl_multimin_fminimizer_alloc")
            defer { gsl_multimin_fminimizer_free(solver) }
            let origin = try GSL.allocated(gsl_vector_calloc(n), "gsl_vector_calloc")
            defer { gsl_vector_free(origin) }
            let unit = try GSL.allocated(gsl_vector_alloc(n), "gsl_vector_alloc")
            defer { gsl_vector_free(unit) }
            gsl_vector_set_all(unit, 1)
            let status = gsl_multimin_fminimizer_set(solver, &function, origin, unit)
            if let error = box.error { throw error }
            try GSL.check(status, "gsl_multimin_fminimizer_set")
            for _ in 0..<maximumIterations {
                let status = gsl_multimin_fminimizer_iterate(solver)
                if let error = box.error { throw error }
                try GSL.check(status, "gsl_multimin_fminimizer_iterate")
                if gsl_multimin_fminimizer_size(solver) <= tolerance {
                    let y = gsl_multimin_fminimizer_x(solver)!
                    return (
                        (0..<n).map { start[$0] + steps[$0] * gsl_vector_get(y, $0) },
                        gsl_multimin_fminimizer_minimum(solver)
                    )
                }
            }
            throw GSLError.notConverged("the simplex has not shrunk to \(tolerance) in \(maximumIterations) iterations")
        }
    }
}

/// As `Callback`, for functions of a vector. Infinity comes back as the largest number: GSL's simplex gives up on it.
private final class SimplexCallback {
    private let body: ([Double]) throws -> Double
    private(set) var error: (any Error)?

    init(_ body: @escaping ([Double]) throws -> Double) { self.body = body }

    func call(_ vector: UnsafePointer<gsl_vector>) -> Double {
        guard error == nil else { return .nan }
        do {
            let y = try body((0..<vector.pointee.size).map { gsl_vector_get(vector, $0) })
            guard !y.isNaN else { throw GSLError.notFinite("the function must not be NaN") }
            return y.isFinite ? y : (y > 0 ? Double.greatestFiniteMagnitude : -Double.greatestFiniteMagnitude)
        } catch {
            self.error = error
            return .nan
        }
    }
}
