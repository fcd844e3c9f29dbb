/// Extreme eigenvalues of a symmetric tridiagonal matrix, as Lanczos makes them.
///
/// `diagonal` holds n numbers, `offDiagonal` at least n − 1 (element k couples k and k + 1).
enum Tridiagonal {
    typealias Numbers = UnsafePointer<Double>

    /// An interval that holds all eigenvalues (Gershgorin).
    static func bounds(_ diagonal: Numbers, _ offDiagonal: Numbers, _ n: Int) -> (low: Double, high: Double) {
        var low = Double.infinity
        var high = -Double.infinity
        for k in 0..<n {
            let radius = (k > 0 ? abs(offDiagonal[k - 1]) : 0) + (k < n - 1 ? abs(offDiagonal[k]) : 0)
            low = min(low, diagonal[k] - radius)
            high = max(high, diagonal[k] + radius)
        }
        return (low, high)
    }

    /// Whether any eigenvalue is below a number (a pivot of the Sturm sequence is negative).
    private static func hasEigenvalue(
        below x: Double, _ diagonal: Numbers, _ offDiagonal: Numbers, _ n: Int
    ) -> Bool {
        var pivot = diagonal[0] - x
        if pivot < 0 { return true }
        for k in 1..<max(1, n) {
            let coupling = offDiagonal[k - 1]
            pivot = diagonal[k] - x - (coupling == 0 ? 0 : coupling * coupling / pivot)
            if pivot < 0 { return true }
        }
        return false
    }

    /// The lowest eigenvalue, by bisection to `accuracy`.
    static func lowest(
        _ diagonal: Numbers, _ offDiagonal: Numbers, _ n: Int, accuracy: Double
    ) -> Double {
        var (low, high) = bounds(diagonal, offDiagonal, n)
        high = (0..<n).map { diagonal[$0] }.min()!
        while high - low > accuracy {
            let middle = low + 0.5 * (high - low)
            if middle <= low || middle >= high { break }
            if hasEigenvalue(below: middle, diagonal, offDiagonal, n) { high = middle } else { low = middle }
        }
        return low + 0.5 * (high - low)
    }

    /// The eigenvector of the lowest eigenvalue, of norm 1, by inverse iteration from just below it.
    static func lowestVector(_ diagonal: Numbers, _ offDiagonal: Numbers, _ n: Int, shift: Double) -> [Double] {
        var vector = [Double](repeating: 1, count: n)
        var pivots = [Double](repeating: 0, count: n)
        for k in 0..<n {
            let coupling = k > 0 ? offDiagonal[k - 1] : 0
            let pivot = diagonal[k] - shift - (k > 0 ? coupling * coupling / pivots[k - 1] : 0)
            pivots[k] = max(pivot, 1e-300)
        }
        for _ in 0..<4 {
            for k in 1..<max(1, n) { vector[k] -= offDiagonal[k - 1] / pivots[k - 1] * vector[k - 1] }
            vector[n - 1] /= pivots[n - 1]
            for k in stride(from: n - 2, through: 0, by: -1) {
                vector[k] = vector[k] / pivots[k] - offDiagonal[k] / pivots[k] * vector[k + 1]
            }
            let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for k in 0..<n { vector[k] /= norm }
        }
        return vector
    }
}
