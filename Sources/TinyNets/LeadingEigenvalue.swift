import CLanes
import GSLNumerics

/// The largest eigenvalue of a symmetric operator that changes little from one question to the next, with as few products
/// as its error bound allows; the caller multiplies.
///
/// Rayleigh–Ritz in the span of a guess and of the residuals that follow it: Lanczos's iteration, where the guess is a
/// single vector. The guess is the last answer's eigenvector plus what a *guide* (a vector that changes in a like way
/// and costs less) has meanwhile moved, with the factors that would have served best last time.
///
/// A Ritz value θ with residual ρ lies below the eigenvalue by at most ρ and, where no other eigenvalue is above
/// θ₂ < θ, by at most ρ²/(θ − θ₂) (Temple and Kato; Parlett, *The Symmetric Eigenvalue Problem*, §10.1). The search ends
/// when either bound is below `tolerance` of the largest Ritz value. θ₂ is estimated: the second Ritz value plus its own
/// residual, where a second vector is followed, else what that gave last time. It is followed at the first question, at
/// every sixteenth, where the gap was below 15 percent, and where the guess was poor, so that eigenvalues that cross are
/// seen.
public final class LeadingEigenvalue {
    public typealias Operator = (_ vector: UnsafePointer<Double>, _ product: UnsafeMutablePointer<Double>) -> Void

    private typealias Vector = VectorPool.Vector

    private let pool: VectorPool
    private let tolerance: Double
    private let maximumProducts: Int
    private var basis: [Vector] = []
    private var products: [Vector] = []
    /// ⟨v_j, H v_k⟩, rows of `maximumProducts`.
    private var matrix: [Double]
    private let residual: Vector
    private let guess: Vector
    /// The last eigenvectors and the last guides, the newest first.
    private var vectors: [Vector] = []
    private var guides: [Vector] = []
    /// ⟨v₀, g₀⟩ of the last question.
    private var lastOverlap: Double?
    private var second: Vector?
    /// θ₂/θ when a second vector was last followed.
    private var secondRatio = 0.0
    private var questions = 0
    private var sums: [Double] = []
    private var isBroken = false
    /// Vectors that are not in use.
    private var spare: [Vector] = []
    /// Products of the last question.
    public private(set) var productCount = 0

    /// - Parameter count: the length of vectors, a multiple of eight.
    public init(count: Int, tolerance: Double, maximumProducts: Int = 60) {
        pool = VectorPool(count: count)
        self.tolerance = tolerance
        self.maximumProducts = max(1, maximumProducts)
        matrix = Array(repeating: 0, count: self.maximumProducts * self.maximumProducts)
        residual = pool.vector()
        guess = pool.vector()
    }

    /// The eigenvalue; infinite where a product is not finite.
    /// - Parameters:
    ///   - start: where the first search begins; any vector that is not orthogonal to the wanted one.
    ///   - guide: a vector that turns with the wanted one, of norm 1 and steady sign.
    /// - Throws: `GSLError` where an inner eigenproblem fails.
    public func solve(start: PaddedVector, guide: PaddedVector? = nil, _ multiply: Operator) throws -> Double {
        var follows = vectors.isEmpty || second == nil || questions % 16 == 0 || secondRatio > 0.85
        predict(start, guide)
        productCount = 0
        guard extend(with: guess, multiply) else { return fail() }
        if follows, let second { _ = extend(with: second, multiply) }
        while true {
            guard let ritz = try ritzPairs(withSecond: follows) else { return fail() }
            if productCount == 1, !vectors.isEmpty, ritz.residual > 0.25 * ritz.size { follows = true }
            let isSettled = isSettled(ritz, follows: follows)
            let isSecondKnown = !follows || ritz.secondResidual <= 0.1 * ritz.size || productCount >= 12
            if isSettled && isSecondKnown || productCount == maximumProducts {
                keep(ritz, guide, follows: follows)
                return ritz.value
            }
            // What is added is orthogonal to the basis but for rounding; without anything left the space is complete.
            var direction = residual
            if isSettled || (follows && !isSecondKnown && ritz.residual <= 1e-3 * ritz.size) {
                combine(ritz.secondWeights, minus: ritz.second, into: guess)
                direction = guess
            }
            if !extend(with: direction, multiply) {
                guard productCount > 0, matrix[0].isFinite, !isBroken else { return fail() }
                keep(ritz, guide, follows: follows)
                return ritz.value
            }
        }
    }

    private func fail() -> Double {
        spare += vectors + guides
        if let second { spare.append(second) }
        vectors = []
        guides = []
        second = nil
        lastOverlap = nil
        isBroken = false
        return .infinity
    }

    // MARK: - Ritz pairs

    private struct RitzPairs {
        var value: Double
        var weights: [Double]
        var residual: Double
        /// The largest magnitude of a Ritz value.
        var size: Double
        var second = -Double.infinity
        var secondWeights: [Double] = []
        var secondResidual = Double.infinity
    }

    private func isSettled(_ ritz: RitzPairs, follows: Bool) -> Bool {
        let bound = tolerance * ritz.size
        if ritz.residual <= bound { return true }
        var second = ritz.second
        if follows {
            guard productCount > 1 else { return false }
            second += min(ritz.secondResidual, 0.05 * ritz.size)
        } else {
            second = max(second, (secondRatio + 0.05) * ritz.value)
        }
        let gap = ritz.value - second
        return gap > ritz.residual && ritz.residual * ritz.residual <= bound * gap
    }

    /// Nil where a number is not finite. Leaves the first residual vector in `residual`.
    private func ritzPairs(withSecond: Bool) throws -> RitzPairs? {
        let m = productCount
        guard m > 1 else {
            let value = matrix[0]
            guard value.isFinite else { return nil }
            combine([1], minus: value, into: residual)
            return RitzPairs(value: value, weights: [1], residual: pool.norm(residual), size: abs(value))
        }
        var small = [Double](repeating: 0, count: m * m)
        for i in 0..<m { for j in 0..<m { small[i * m + j] = matrix[max(i, j) * maximumProducts + min(i, j)] } }
        guard small.allSatisfy(\.isFinite) else { return nil }
        let system = try symmetricEigenSystem(small, order: m)
        let size = max(abs(system.values[0]), abs(system.values[m - 1]))
        var ritz = RitzPairs(
            value: system.values[m - 1], weights: system.vectors[m - 1], residual: 0, size: size,
            second: system.values[m - 2], secondWeights: system.vectors[m - 2])
        if withSecond {
            combine(ritz.secondWeights, minus: ritz.second, into: residual)
            ritz.secondResidual = pool.norm(residual)
        }
        combine(ritz.weights, minus: ritz.value, into: residual)
        ritz.residual = pool.norm(residual)
        return ritz
    }

    /// Adds a direction to the basis and takes its product.
    /// - Returns: false where nothing of it is left, or where a number is not finite.
    private func extend(with direction: Vector, _ multiply: Operator) -> Bool {
        let m = productCount
        if basis.count == m {
            basis.append(pool.vector())
            products.append(pool.vector())
        }
        let vector = basis[m]
        pool.copy(direction, to: vector)
        let whole = pool.norm(vector)
        var left = whole
        var before = Double.infinity
        // Twice is enough, once where little is taken away.
        for _ in 0..<(m == 0 ? 0 : 2) where left < 0.5 * before {
            before = left
            pool.products(vector, basis, m, into: &sums)
            for k in 0..<m { sums[k] = -sums[k] }
            pool.combine(vector, replacing: false, basis, sums, m)
            left = pool.norm(vector)
        }
        isBroken = !left.isFinite
        guard left.isFinite, left > 1e-12 * whole, left > 0 else { return false }
        pool.scale(vector, by: 1 / left)
        multiply(vector, products[m])
        pool.products(products[m], basis, m + 1, into: &sums)
        for k in 0...m { matrix[m * maximumProducts + k] = sums[k] }
        productCount = m + 1
        return true
    }

    /// Σ_j w_j (H v_j − θ v_j).
    private func combine(_ weights: [Double], minus value: Double, into x: Vector) {
        pool.combine(x, replacing: true, products, weights, weights.count, basis, weights.map { -value * $0 })
    }

    // MARK: - From one question to the next

    private func freshVector() -> Vector { spare.popLast() ?? pool.vector() }

    private func keep(_ ritz: RitzPairs, _ guide: PaddedVector?, follows: Bool) {
        if vectors.count == 2 { spare.append(vectors.removeLast()) }
        let vector = freshVector()
        // Vectors of neighbouring questions point the same way.
        let sign = ritz.weights[0] < 0 ? -1.0 : 1
        if productCount == 1 {
            pool.copy(basis[0], to: vector)
        } else {
            pool.combine(vector, replacing: true, basis, ritz.weights.map { sign * $0 }, productCount)
        }
        vectors.insert(vector, at: 0)
        if let guide {
            if guides.count == 2 { spare.append(guides.removeLast()) }
            let copy = freshVector()
            pool.copy(guide.numbers, to: copy)
            guides.insert(copy, at: 0)
        } else {
            spare += guides
            guides = []
        }
        questions += 1
        if follows, productCount > 1 {
            let other = second ?? freshVector()
            pool.combine(other, replacing: true, basis, ritz.secondWeights, productCount)
            second = other
            secondRatio = ritz.second / ritz.value
        } else if productCount > 1 {
            secondRatio = max(secondRatio, ritz.second / ritz.value)
        }
    }

    /// Fills the guess.
    private func predict(_ start: PaddedVector, _ guide: PaddedVector?) {
        guard let last = vectors.first else {
            pool.copy(start.numbers, to: guess)
            return
        }
        guard let guide, vectors.count == 2, guides.count == 2 else {
            lastOverlap = nil
            pool.copy(last, to: guess)
            return
        }
        // What would have told v₀ from v₁ and the guides g₀ and g₁ of then? All have norm 1.
        let (before, now, then) = (vectors[1], guides[0], guides[1])
        pool.products(last, [before, now, then], 3, into: &sums)
        let target = sums
        pool.products(now, [before, then], 2, into: &sums)
        let (a, b) = (sums[0], sums[1])
        var c = lastOverlap ?? .nan
        if lastOverlap == nil {
            pool.products(before, [then], 1, into: &sums)
            c = sums[0]
        }
        lastOverlap = target[1]
        guard let factors = Self.leastSquares([1, a, c, a, 1, b, c, b, 1], target) else {
            pool.copy(last, to: guess)
            return
        }
        pool.combine(guess, replacing: true, [last, guide.numbers, now], factors, 3)
    }

    /// The solution of the normal equations of three regressors by Cholesky's method; regressors that hang together with
    /// those before them to rounding get 0. Nil where the first vanishes.
    private static func leastSquares(_ normal: [Double], _ target: [Double]) -> [Double]? {
        var lower = [Double](repeating: 0, count: 9)
        var used = [false, false, false]
        for i in 0..<3 {
            for j in 0..<i where used[j] {
                var sum = normal[3 * i + j]
                for k in 0..<j { sum -= lower[3 * i + k] * lower[3 * j + k] }
                lower[3 * i + j] = sum / lower[3 * j + j]
            }
            var pivot = normal[3 * i + i]
            for k in 0..<i { pivot -= lower[3 * i + k] * lower[3 * i + k] }
            used[i] = pivot > 1e-12 * normal[3 * i + i]
            if used[i] { lower[3 * i + i] = pivot.squareRoot() }
        }
        guard used[0] else { return nil }
        var x = [0.0, 0, 0]
        for i in 0..<3 where used[i] {
            var sum = target[i]
            for k in 0..<i { sum -= lower[3 * i + k] * x[k] }
            x[i] = sum / lower[3 * i + i]
        }
        for i in (0..<3).reversed() where used[i] {
            var sum = x[i]
            for k in i + 1..<3 where used[k] { sum -= lower[3 * k + i] * x[k] }
            x[i] = sum / lower[3 * i + i]
        }
        return x.allSatisfy(\.isFinite) ? x : nil
    }
}
