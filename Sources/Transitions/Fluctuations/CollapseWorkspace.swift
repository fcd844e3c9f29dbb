import Lanes

/// The linear algebra of `CollapseLikelihood`: ordinates r and rows Ψ, both over the errors, with the covariance
/// 1 + ΨΨᵀ. Loops of our own, because they are nearly all that a collapse costs; GSL's reference BLAS takes four times
/// as long.
struct CollapseWorkspace {
    private(set) var rows = 0
    private(set) var columns = 0
    private var psi: [Double] = []
    private var slopes: [Double] = []
    private var ordinates: [Double] = []
    private(set) var abscissas: [Double] = []
    /// α = (1 + ΨΨᵀ)⁻¹ r, which is also what the mean curve leaves.
    private(set) var residuals: [Double] = []
    private var coefficients: [Double] = []
    /// The lower Cholesky factor of B = 1 + ΨᵀΨ.
    private var factor: [Double] = []

    struct Solution {
        let quadratic: Double
        let logDeterminant: Double
        let coefficients: [Double]
    }

    /// Parts of the gradient: with H = αβᵀ − ΨB⁻¹, the sums over H·Ψ and over H·dΨ/du.
    struct Shares {
        var main: [Double]
        var correction: [Double]
        var moved: [Double]
        var columns: [Double]
        var effectiveParameters: Double
    }

    mutating func resize(rows: Int, columns: Int) {
        guard rows != self.rows || columns != self.columns else { return }
        (self.rows, self.columns) = (rows, columns)
        psi = [Double](repeating: 0, count: rows * columns)
        slopes = psi
        ordinates = [Double](repeating: 0, count: rows)
        abscissas = ordinates
        residuals = ordinates
        factor = [Double](repeating: 0, count: columns * columns)
    }

    mutating func withRows(
        _ body: (
            _ values: UnsafeMutableBufferPointer<Double>, _ slopes: UnsafeMutableBufferPointer<Double>,
            _ ordinates: UnsafeMutableBufferPointer<Double>, _ abscissas: UnsafeMutableBufferPointer<Double>
        ) -> Bool
    ) -> Bool {
        psi.withUnsafeMutableBufferPointer { values in
            slopes.withUnsafeMutableBufferPointer { slopes in
                ordinates.withUnsafeMutableBufferPointer { ordinates in
                    abscissas.withUnsafeMutableBufferPointer { body(values, slopes, ordinates, $0) }
                }
            }
        }
    }

    /// rᵀ(1 + ΨΨᵀ)⁻¹r, ln |1 + ΨΨᵀ| and the sines' mean coefficients β = B⁻¹Ψᵀr.
    mutating func solve() -> Solution? {
        let (n, m) = (rows, columns)
        var right = [Double](repeating: 0, count: m)
        factor.withUnsafeMutableBufferPointer { g in
            psi.withUnsafeBufferPointer { psi in
                right.withUnsafeMutableBufferPointer { right in
                    for j in 0..<m * m { g[j] = 0 }
                    // Four points at a time: sums are read and written a quarter as often.
                    for i in stride(from: 0, to: n - n % 4, by: 4) {
                        let a = psi.baseAddress! + i * m
                        let (b, c, d) = (a + m, a + 2 * m, a + 3 * m)
                        for j in 0..<m {
                            let (w, x, y, z) = (a[j], b[j], c[j], d[j])
                            let out = g.baseAddress! + j * m
                            for k in 0...j { out[k] += (w * a[k] + x * b[k]) + (y * c[k] + z * d[k]) }
                            right[j] +=
                                (w * ordinates[i] + x * ordinates[i + 1])
                                + (y * ordinates[i + 2] + z * ordinates[i + 3])
                        }
                    }
                    for i in n - n % 4..<n {
                        let row = psi.baseAddress! + i * m
                        for j in 0..<m {
                            let x = row[j]
                            let out = g.baseAddress! + j * m
                            for k in 0...j { out[k] += x * row[k] }
                            right[j] += x * ordinates[i]
                        }
                    }
                    for j in 0..<m { g[j * m + j] += 1 }
                }
            }
        }
        guard let logDeterminant = factorise() else { return nil }
        coefficients = right
        coefficients.withUnsafeMutableBufferPointer { b in
            factor.withUnsafeBufferPointer { g in
                for j in 0..<m {
                    for l in 0..<j { b[j] -= g[j * m + l] * b[l] }
                    b[j] /= g[j * m + j]
                }
                for j in (0..<m).reversed() {
                    b[j] /= g[j * m + j]
                    for l in 0..<j { b[l] -= g[j * m + l] * b[j] }
                }
            }
        }
        var quadratic = 0.0
        for i in 0..<n {
            var curve = 0.0
            for j in 0..<m { curve += psi[i * m + j] * coefficients[j] }
            residuals[i] = ordinates[i] - curve
            quadratic += ordinates[i] * residuals[i]
        }
        guard quadratic.isFinite else { return nil }
        return Solution(quadratic: quadratic, logDeterminant: logDeterminant, coefficients: coefficients)
    }

    /// Replaces B by its Cholesky factor.
    /// - Returns: ln |B|.
    private mutating func factorise() -> Double? {
        let m = columns
        return factor.withUnsafeMutableBufferPointer { g in
            var logDeterminant = 0.0
            for j in 0..<m {
                for k in 0..<j {
                    var sum = g[j * m + k]
                    for l in 0..<k { sum -= g[j * m + l] * g[k * m + l] }
                    g[j * m + k] = sum / g[k * m + k]
                }
                var sum = g[j * m + j]
                for l in 0..<j { sum -= g[j * m + l] * g[j * m + l] }
                guard sum > 0, sum.isFinite else { return nil }
                g[j * m + j] = sum.squareRoot()
                logDeterminant += logarithm(sum)
            }
            return logDeterminant
        }
    }

    /// B⁻¹ from the factor.
    private func inverse() -> [Double] {
        let m = columns
        var result = [Double](repeating: 0, count: m * m)
        var lower = result
        result.withUnsafeMutableBufferPointer { inverse in
            lower.withUnsafeMutableBufferPointer { li in
                factor.withUnsafeBufferPointer { g in
                    for c in 0..<m {
                        li[c * m + c] = 1 / g[c * m + c]
                        for j in c + 1..<max(c + 1, m) {
                            var sum = 0.0
                            for l in c..<j { sum -= g[j * m + l] * li[l * m + c] }
                            li[j * m + c] = sum / g[j * m + j]
                        }
                    }
                }
                for l in 0..<m {
                    let row = li.baseAddress! + l * m
                    for j in 0...l {
                        let x = row[j]
                        let out = inverse.baseAddress! + j * m
                        for k in 0...l { out[k] += x * row[k] }
                    }
                }
            }
        }
        return result
    }

    /// After `solve`. The first `modes` columns are F's.
    func shares(modes: Int) -> Shares {
        let (n, m) = (rows, columns)
        let zeros = [Double](repeating: 0, count: n)
        var shares = Shares(
            main: zeros, correction: zeros, moved: zeros, columns: [Double](repeating: 0, count: m),
            effectiveParameters: Double(m))
        let inverse = inverse()
        for j in 0..<m { shares.effectiveParameters -= inverse[j * m + j] }
        var product = [Double](repeating: 0, count: m)
        inverse.withUnsafeBufferPointer { inverse in
            psi.withUnsafeBufferPointer { psi in
                product.withUnsafeMutableBufferPointer { product in
                    for i in 0..<n {
                        let row = psi.baseAddress! + i * m
                        for k in 0..<m { product[k] = 0 }
                        for j in stride(from: 0, to: m - m % 4, by: 4) {
                            let (w, x, y, z) = (row[j], row[j + 1], row[j + 2], row[j + 3])
                            let a = inverse.baseAddress! + j * m
                            let (b, c, d) = (a + m, a + 2 * m, a + 3 * m)
                            for k in 0..<m { product[k] += (w * a[k] + x * b[k]) + (y * c[k] + z * d[k]) }
                        }
                        for j in m - m % 4..<m {
                            let x = row[j]
                            let from = inverse.baseAddress! + j * m
                            for k in 0..<m { product[k] += x * from[k] }
                        }
                        var (main, all, moved) = (0.0, 0.0, 0.0)
                        for j in 0..<m {
                            let h = residuals[i] * coefficients[j] - product[j]
                            shares.columns[j] += h * row[j]
                            all += h * row[j]
                            if j == modes - 1 { main = all }
                            moved += h * slopes[i * m + j]
                        }
                        shares.main[i] = main
                        shares.correction[i] = all - main
                        shares.moved[i] = moved
                    }
                }
            }
        }
        return shares
    }
}
