import CGSL

/// A closure on its way through `void *`. A Swift error must not cross C frames: it waits here, the C code sees NaN,
/// and the error is thrown again when the C call has returned.
final class Callback {
    private let body: (Double) throws -> Double
    private(set) var error: (any Error)?
    private(set) var largestMagnitude = 0.0

    init(_ body: @escaping (Double) throws -> Double) { self.body = body }

    func call(_ x: Double) -> Double {
        guard error == nil else { return .nan }
        do {
            let y = try body(x)
            guard y.isFinite else { throw GSLError.notFinite("the function must be finite, but f(\(x)) = \(y)") }
            largestMagnitude = max(largestMagnitude, abs(y))
            return y
        } catch {
            self.error = error
            return .nan
        }
    }
}

/// Runs `use` with a `gsl_function` for `f` that is valid only during the call. An error of `f` (or a value that is
/// not finite) goes before whatever `use` makes of the NaN.
func withCallback<Result>(
    _ f: (Double) throws -> Double,
    _ use: (UnsafeMutablePointer<gsl_function>, Callback) throws -> Result
) throws -> Result {
    GSL.enter()
    return try withoutActuallyEscaping(f) { escapable in
        let callback = Callback(escapable)
        return try withExtendedLifetime(callback) {
            var function = gsl_function(
                function: { x, context in Unmanaged<Callback>.fromOpaque(context!).takeUnretainedValue().call(x) },
                params: Unmanaged.passUnretained(callback).toOpaque())
            let result = Swift.Result { try withUnsafeMutablePointer(to: &function) { try use($0, callback) } }
            if let error = callback.error { throw error }
            return try result.get()
        }
    }
}
