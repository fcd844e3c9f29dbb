import Lanes

/// Least squares with a background that stays and a few columns that change from trial to trial, in values over their
/// errors.
///
/// It is the inner loop of every judgement, so that its columns live in storage of its own.
final class WeightedFit {
    private typealias Column = UnsafeMutablePointer<Double>
    private let count: Int
    private let storage: Column
    private let weights: Column
    /// What the background leaves of the values.
    private let rest: Column
    /// Orthonormal columns: the background's, then those of a trial.
    private var basis: [Column] = []
    private let backgroundCount: Int
    private let scratch: [Column]
    /// χ² of the background alone.
    let remainder: Double

    init(_ series: SingleSeries, background: Int) {
        let n = series.count
        count = n
        let columns = background + 7
        storage = .allocate(capacity: n * columns)
        storage.initialize(repeating: 0, count: n * columns)
        let (storage, weights, rest) = (storage, storage, storage + n)
        (self.weights, self.rest) = (weights, rest)
        scratch = (2..<columns).map { storage + $0 * n }
        for i in 0..<n {
            weights[i] = 1 / series.errors[i]
            rest[i] = series.ys[i] * weights[i]
        }
        for degree in 0...background {
            let v = scratch[basis.count]
            // Chebyshev polynomials keep their digits.
            for i in 0..<n { v[i] = weights[i] * Self.chebyshev(2 * series.ts[i] - 1, degree) }
            let size = Self.dot(v, v, 0..<n)
            for _ in 0..<2 { for q in basis { Self.subtract(Self.dot(q, v, 0..<n), q, from: v, n) } }
            let length = Self.dot(v, v, 0..<n)
            guard length > 1e-20 * size else { continue }
            let scale = 1 / length.squareRoot()
            for i in 0..<n { v[i] *= scale }
            basis.append(v)
        }
        for _ in 0..<2 { for q in basis { Self.subtract(Self.dot(q, rest, 0..<n), q, from: rest, n) } }
        backgroundCount = basis.count
        remainder = Self.dot(rest, rest, 0..<n)
    }
    deinit { storage.deallocate() }

    private static func chebyshev(_ x: Double, _ degree: Int) -> Double {
        var (a, b) = (1.0, x)
        for _ in 0..<degree { (a, b) = (b, 2 * x * b - a) }
        return a
    }

    /// Writes a column that is not zero on `range` alone into the storage of `slot`, less its parts along the basis.
    /// - Returns: its squared length; nil where rounding is all that is left.
    private func orthogonalise(_ range: Range<Int>, _ slot: Int, _ f: (Int) -> Double) -> Double? {
        let v = scratch[slot]
        for i in 0..<range.lowerBound { v[i] = 0 }
        for i in range.upperBound..<count { v[i] = 0 }
        for i in range { v[i] = weights[i] * f(i) }
        let size = Self.dot(v, v, range)
        guard size > 0 else { return nil }
        var isFirst = true
        for q in basis {
            // The column itself is zero outside the range, so the first product needs the range only.
            Self.subtract(Self.dot(q, v, isFirst ? range : 0..<count), q, from: v, count)
            isFirst = false
        }
        let length = Self.dot(v, v, 0..<count)
        return length > 1e-18 * size ? length : nil
    }

    /// χ² with columns `beside` and one more, whose amplitude is returned with its error.
    func add(
        _ range: Range<Int>, beside others: [(Int) -> Double] = [], _ f: (Int) -> Double
    ) -> (chi: Double, amplitude: Double, error: Double) {
        defer { basis.removeLast(basis.count - backgroundCount) }
        var chi = remainder
        for other in others {
            guard let length = orthogonalise(range, basis.count, other) else { continue }
            let v = scratch[basis.count]
            let scale = 1 / length.squareRoot()
            for i in 0..<count { v[i] *= scale }
            let c = Self.dot(v, rest, 0..<count)
            chi -= c * c
            basis.append(v)
        }
        guard let length = orthogonalise(range, basis.count, f) else { return (max(0, chi), 0, .infinity) }
        let product = Self.dot(scratch[basis.count], rest, 0..<count)
        return (max(0, chi - product * product / length), product / length, 1 / length.squareRoot())
    }

    /// χ² with a column f(1 + cu), c within bounds.
    func addCorrected(
        _ range: Range<Int>, bounds: ClosedRange<Double>, distance: (Int) -> Double, _ f: (Int) -> Double
    ) -> (chi: Double, amplitude: Double, error: Double, correction: Double) {
        guard let vv = orthogonalise(range, basis.count, f),
            let ww = orthogonalise(range, basis.count + 1, { f($0) * distance($0) })
        else { return (remainder, 0, .infinity, 0) }
        let (v, w) = (scratch[basis.count], scratch[basis.count + 1])
        let all = 0..<count
        let (vw, vy, wy) = (Self.dot(v, w, all), Self.dot(v, rest, all), Self.dot(w, rest, all))
        let determinant = vv * ww - vw * vw
        if determinant > 1e-12 * vv * ww {
            let a = (vy * ww - wy * vw) / determinant
            let b = (wy * vv - vy * vw) / determinant
            if bounds.contains(b / a) {
                return (max(0, remainder - a * vy - b * wy), a, (ww / determinant).squareRoot(), b / a)
            }
        }
        let trials = [bounds.lowerBound, bounds.upperBound].map { c in
            let (length, product) = (vv + 2 * c * vw + c * c * ww, vy + c * wy)
            return (
                chi: max(0, remainder - product * product / length), amplitude: product / length,
                error: 1 / length.squareRoot(), correction: c
            )
        }
        return trials[0].chi < trials[1].chi ? trials[0] : trials[1]
    }

    /// Four sums side by side, always in this order.
    private static func dot(_ a: Column, _ b: Column, _ range: Range<Int>) -> Double {
        var (s0, s1, s2, s3) = (0.0, 0.0, 0.0, 0.0)
        var i = range.lowerBound
        while i + 4 <= range.upperBound {
            s0 += a[i] * b[i]
            s1 += a[i + 1] * b[i + 1]
            s2 += a[i + 2] * b[i + 2]
            s3 += a[i + 3] * b[i + 3]
            i += 4
        }
        while i < range.upperBound {
            s0 += a[i] * b[i]
            i += 1
        }
        return (s0 + s1) + (s2 + s3)
    }
    private static func subtract(_ c: Double, _ q: Column, from v: Column, _ count: Int) {
        for i in 0..<count { v[i] -= c * q[i] }
    }
}
