import GSLNumerics

/// The largest eigenvalue of a symmetric operator that changes little from one question to the next, with as few products
/// as its error bound allows; the caller multiplies.
///
/// Rayleigh–Ritz in the span of a guess and of the residuals that follow it: Lanczos's iteration, where the guess is a
/// single vector. The guess is the last answer's eigenvector plus what a *guide* (a vector that changes in a like way
/// and costs less) has meanwhile moved, with the factors that would have served best last time.
///
/// A Ritz value θ with residual ρ lies below the eigenvalue by at most ρ and, where no other eigenvalue is above
/// θ₂ < θ, by at most ρ²/(θ − θ₂) (Temple and Kato; Parlett, *The Symmetric Eigenvalue Problem*, §10.1), but by at least
/// ρ²/(θ + s) where none is below −s: the answer is the middle. The search ends when ρ or half the distance of these
/// bounds is below `tolerance` · s, where s is the largest magnitude of a Ritz value; at the first question only where ρ
/// is, so that a mixture of close eigenvectors does not pass for one. θ₂ is estimated: the second Ritz value plus its
/// own residual, where a second vector is followed, else what that gave last time and a margin. It is followed at the
/// first question, at every sixteenth, where θ₂ was above 0.85 θ and where the guess was poor, so that eigenvalues that
/// cross are seen.
public final class LeadingEigenvalue {
    public typealias Operator = (_ vector: UnsafePointer<Double>, _ product: UnsafeMutablePointer<Double>) -> Void
    typealias Vector = VectorPool.Vector

    let pool: VectorPool
    private let tolerance: Double
    private let maximumProducts: Int
    var basis: [Vector] = []
    private var products: [Vector] = []
    /// ⟨v_j, H v_k⟩ and ⟨H v_j, H v_k⟩, rows of `maximumProducts`.
    private var matrix: [Double]
    private var square: [Double]
    /// The last eigenvectors and the last guides, the newest first.
    var vectors: [Vector] = []
    var guides: [Vector] = []
    var overlaps: Overlaps?
    var second: Vector?
    /// θ₂/θ when a second vector was last followed.
    var secondRatio = 0.0
    var questions = 0
    private var sums: [Double] = []
    /// Vectors that are not in use.
    var spare: [Vector] = []
    /// Products of the last question.
    public private(set) var productCount = 0

    /// - Parameters:
    ///   - count: the length of vectors, a multiple of eight.
    ///   - tolerance: above 1e-7, since residuals come from differences.
    public init(count: Int, tolerance: Double, maximumProducts: Int = 60) {
        precondition(tolerance >= 1e-7 && maximumProducts > 0, "a tolerance that residuals can show")
        pool = VectorPool(count: count)
        self.tolerance = tolerance
        self.maximumProducts = maximumProducts
        matrix = Array(repeating: 0, count: maximumProducts * maximumProducts)
        square = matrix
    }

    /// The eigenvalue; infinite where a product is not finite.
    /// - Parameters:
    ///   - start: where the first search begins; any vector that is not orthogonal to the wanted one.
    ///   - guide: fills in a vector that turns with the wanted one, of norm 1 and steady sign.
    /// - Throws: `GSLError` where an inner eigenproblem fails.
    public func solve(
        start: PaddedVector, guide: ((UnsafeMutablePointer<Double>) -> Void)? = nil, _ multiply: Operator
    ) throws -> Double {
        let isFirst = vectors.isEmpty
        var follows = isFirst || second == nil || questions % 16 == 0 || secondRatio > 0.85
        productCount = 0
        reserve(1)
        predict(start, guide, into: basis[0])
        guard extend(multiply) else { return forget() }
        if follows, let second {
            reserve(2)
            pool.copy(second, to: basis[1])
            _ = extend(isOrthogonal: false, multiply)
        }
        while true {
            guard let ritz = try ritzPairs() else { return forget() }
            if productCount == 1, !isFirst, ritz.residual > 0.25 * ritz.size { follows = true }
            let answer = answer(ritz, isFirst: isFirst, follows: follows)
            let isSecondKnown = !follows || ritz.secondResidual <= 0.1 * ritz.size || productCount >= 12
            if answer != nil && isSecondKnown || productCount == maximumProducts {
                keep(ritz, follows: follows)
                return answer ?? ritz.value
            }
            let takesSecond = answer != nil || (!isSecondKnown && ritz.residual <= 1e-3 * ritz.size)
            let residual = takesSecond ? ritz.secondResidual : ritz.residual
            reserve(productCount + 1)
            fillResidual(
                takesSecond ? ritz.secondWeights : ritz.weights, takesSecond ? ritz.second : ritz.value, residual)
            // Rounding in the residual of one vector stays small; that of many would grow from step to step.
            guard extend(isOrthogonal: productCount == 1 && residual > 1e-3 * ritz.size, multiply) else {
                // Nothing is left: the space is complete.
                guard matrix[0].isFinite else { return forget() }
                keep(ritz, follows: follows)
                return ritz.value
            }
        }
    }

    private func forget() -> Double {
        spare += vectors + guides
        if let second { spare.append(second) }
        vectors = []
        guides = []
        second = nil
        overlaps = nil
        return .infinity
    }

    // MARK: - Ritz pairs

    struct RitzPairs {
        var value: Double
        var weights: [Double]
        var residual: Double
        /// The largest magnitude of a Ritz value.
        var size: Double
        var second = -Double.infinity
        var secondWeights: [Double] = []
        var secondResidual = Double.infinity
    }

    /// The eigenvalue, once it is known well enough.
    private func answer(_ ritz: RitzPairs, isFirst: Bool, follows: Bool) -> Double? {
        let bound = tolerance * ritz.size
        if isFirst, ritz.residual > bound { return nil }
        var second = ritz.second
        if follows {
            second += min(ritz.secondResidual, 0.05 * ritz.size)
        } else {
            second = max(second, (secondRatio + 0.05) * ritz.value)
        }
        let gap = ritz.value - second
        let isAlone = gap > ritz.residual && (!follows || productCount > 1)
        guard isAlone else { return ritz.residual <= bound ? ritz.value : nil }
        let square = ritz.residual * ritz.residual
        let most = square / gap
        let least = min(most, square / (ritz.value + ritz.size))
        return most - least <= 2 * bound || ritz.residual <= bound ? ritz.value + 0.5 * (most + least) : nil
    }

    /// Nil where a number is not finite.
    private func ritzPairs() throws -> RitzPairs? {
        let m = productCount
        guard m > 1 else {
            let value = matrix[0]
            guard value.isFinite, square[0].isFinite else { return nil }
            return RitzPairs(value: value, weights: [1], residual: residual([1], value), size: abs(value))
        }
        var small = [Double](repeating: 0, count: m * m)
        for i in 0..<m { for j in 0..<m { small[i * m + j] = matrix[max(i, j) * maximumProducts + min(i, j)] } }
        guard small.allSatisfy(\.isFinite) else { return nil }
        let system = try symmetricEigenSystem(small, order: m)
        let (top, next) = (system.values[m - 1], system.values[m - 2])
        return RitzPairs(
            value: top, weights: system.vectors[m - 1], residual: residual(system.vectors[m - 1], top),
            size: max(abs(system.values[0]), abs(top)), second: next, secondWeights: system.vectors[m - 2],
            secondResidual: residual(system.vectors[m - 2], next))
    }

    /// |H v − θ v| = √(|H v|² − θ²) for a Ritz pair.
    private func residual(_ weights: [Double], _ value: Double) -> Double {
        var sum = 0.0
        for i in weights.indices {
            for j in weights.indices {
                sum += weights[i] * weights[j] * square[max(i, j) * maximumProducts + min(i, j)]
            }
        }
        return max(0, sum - value * value).squareRoot()
    }

    // MARK: - The basis

    private func reserve(_ count: Int) {
        guard basis.count < count else { return }
        basis.append(freshVector())
        products.append(pool.vector())
    }

    func freshVector() -> Vector { spare.popLast() ?? pool.vector() }

    /// The next basis vector becomes Σ_j w_j (H v_j − θ v_j), of about norm 1.
    private func fillResidual(_ weights: [Double], _ value: Double, _ norm: Double) {
        let factor = norm > 0 ? 1 / norm : 1
        pool.combine(
            basis[productCount], replacing: true, products, weights.map { factor * $0 }, weights.count, basis,
            weights.map { -value * factor * $0 })
    }

    /// Makes the next basis vector one of norm 1 that is orthogonal to the others, and takes its product.
    /// - Parameter isOrthogonal: whether it is so already, to rounding.
    /// - Returns: false where nothing of it is left, or where a number is not finite.
    private func extend(isOrthogonal: Bool = true, _ multiply: Operator) -> Bool {
        let m = productCount
        let vector = basis[m]
        let whole = pool.norm(vector)
        var left = whole
        var before = Double.infinity
        // Twice is enough, once where little is taken away.
        for _ in 0..<(m == 0 || isOrthogonal ? 0 : 2) where left < 0.7 * before {
            before = left
            pool.products(vector, basis, m, into: &sums)
            for k in 0..<m { sums[k] = -sums[k] }
            pool.combine(vector, replacing: false, basis, sums, m)
            left = pool.norm(vector)
        }
        guard left.isFinite, left > 1e-8 * whole, left > 0 else { return false }
        if abs(left - 1) > 1e-10 { pool.scale(vector, by: 1 / left) }
        multiply(vector, products[m])
        pool.products(products[m], basis, m + 1, products, into: &sums)
        for k in 0...m {
            matrix[m * maximumProducts + k] = sums[k]
            square[m * maximumProducts + k] = sums[m + 1 + k]
        }
        productCount = m + 1
        return true
    }
}
