import CGSL

/// A local minimum of a smooth function of several variables, from its gradient (the quasi-Newton method of Broyden,
/// Fletcher, Goldfarb and Shanno).
///
/// Ends where the gradient's norm is at most the tolerance, where no step lowers the function any more (rounding), or
/// after `maximumIterations`; the caller looks at the gradient to tell which.
/// - Throws: `GSLError.invalidInput` for an empty start, `.notFinite` for a start that is not finite or a function that
///   is not finite there.
public func quasiNewtonMinimum(
    of f: ([Double]) -> Double, gradient: ([Double]) -> [Double], start: [Double], firstStep: Double = 0.1,
    gradientTolerance: Double = 1e-6, maximumIterations: Int = 1000
) throws -> (x: [Double], value: Double, iterations: Int) {
    GSL.enter()
    guard !start.isEmpty else { throw GSLError.invalidInput("a minimum needs at least one variable") }
    try GSL.requireFinite(start, "the start")
    try GSL.requireFinite(f(start), "the function at the start")
    let n = start.count
    return try withoutActuallyEscaping(f) { f in
        try withoutActuallyEscaping(gradient) { gradient in
            let box = GradientCallback(n, f, gradient)
            return try withExtendedLifetime(box) {
                var function = gsl_multimin_function_fdf(
                    f: { x, box in GradientCallback.of(box).value(x!) },
                    df: { x, box, out in GradientCallback.of(box).gradient(x!, out!) },
                    fdf: { x, box, value, out in
                        value!.pointee = GradientCallback.of(box).value(x!)
                        GradientCallback.of(box).gradient(x!, out!)
                    }, n: n, params: Unmanaged.passUnretained(box).toOpaque())
                let solver = try GSL.allocated(
                    gsl_multimin_fdfminimizer_alloc(cgsl_multimin_bfgs(), n), "gsl_multimin_fdfminimizer_alloc")
                defer { gsl_multimin_fdfminimizer_free(solver) }
                let origin = try GSL.allocated(gsl_vector_alloc(n), "gsl_vector_alloc")
                defer { gsl_vector_free(origin) }
                for i in 0..<n { gsl_vector_set(origin, i, start[i]) }
                try GSL.check(
                    gsl_multimin_fdfminimizer_set(solver, &function, origin, firstStep, 0.1),
                    "gsl_multimin_fdfminimizer_set")
                var iterations = 0
                while iterations < maximumIterations,
                    gsl_multimin_test_gradient(gsl_multimin_fdfminimizer_gradient(solver), gradientTolerance)
                        == Int32(GSL_CONTINUE)
                {
                    iterations += 1
                    // Anything but success means that the line search has come to the end of the digits.
                    if gsl_multimin_fdfminimizer_iterate(solver) != GSL_SUCCESS { break }
                }
                let x = gsl_multimin_fdfminimizer_x(solver)!
                return (
                    (0..<n).map { gsl_vector_get(x, $0) }, gsl_multimin_fdfminimizer_minimum(solver), iterations
                )
            }
        }
    }
}

/// A function and its gradient on their way through `void *`.
private final class GradientCallback {
    private let n: Int
    private let f: ([Double]) -> Double
    private let df: ([Double]) -> [Double]

    init(_ n: Int, _ f: @escaping ([Double]) -> Double, _ df: @escaping ([Double]) -> [Double]) {
        self.n = n
        self.f = f
        self.df = df
    }

    static func of(_ pointer: UnsafeMutableRawPointer?) -> GradientCallback {
        Unmanaged<GradientCallback>.fromOpaque(pointer!).takeUnretainedValue()
    }

    private func array(_ x: UnsafePointer<gsl_vector>) -> [Double] { (0..<n).map { gsl_vector_get(x, $0) } }

    /// Beyond all bounds, the largest number: GSL's line search then turns back.
    func value(_ x: UnsafePointer<gsl_vector>) -> Double {
        let y = f(array(x))
        return y.isFinite ? y : .greatestFiniteMagnitude
    }

    func gradient(_ x: UnsafePointer<gsl_vector>, _ out: UnsafeMutablePointer<gsl_vector>) {
        for (i, component) in df(array(x)).enumerated() {
            gsl_vector_set(out, i, component.isFinite ? component : 0)
        }
    }
}
