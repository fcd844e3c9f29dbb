extension LeadingEigenvalue {
    /// Products of vectors that the next question needs again.
    struct Overlaps {
        var lastAndGuide: Double
        var lastAndGuideBefore: Double
        var guides: Double
    }

    /// Fills the guess: c₀ v₀ + c₁ g + c₂ g₀ from the last eigenvector v₀, the guide g and the last guide g₀, where c is
    /// what would have told v₀ from v₁, g₀ and g₁ best.
    func predict(_ start: PaddedVector, _ guide: ((UnsafeMutablePointer<Double>) -> Void)?, into guess: Vector) {
        if let guide {
            let vector = freshVector()
            guide(vector)
            guides.insert(vector, at: 0)
        } else {
            spare += guides
            guides = []
        }
        if guides.count > 3 { spare.append(guides.removeLast()) }
        guard let last = vectors.first else {
            pool.copy(start.numbers, to: guess)
            return
        }
        guard vectors.count == 2, guides.count == 3 else {
            overlaps = nil
            pool.copy(last, to: guess)
            return
        }
        var sums: [Double] = []
        let (before, guide, now, then) = (vectors[1], guides[0], guides[1], guides[2])
        if overlaps == nil {
            pool.products(now, [before, then], 2, into: &sums)
            let (lastAndGuide, guides) = (sums[0], sums[1])
            pool.products(before, [then], 1, into: &sums)
            overlaps = Overlaps(lastAndGuide: lastAndGuide, lastAndGuideBefore: sums[0], guides: guides)
        }
        let known = overlaps!
        pool.products(last, [before, now, then], 3, into: &sums)
        // All have norm 1.
        let (a, b, c) = (known.lastAndGuide, known.guides, known.lastAndGuideBefore)
        let target = sums
        let factors = Self.leastSquares([1, a, c, a, 1, b, c, b, 1], target)
        pool.products(guide, [last, now], 2, into: &sums)
        overlaps = Overlaps(lastAndGuide: sums[0], lastAndGuideBefore: target[1], guides: sums[1])
        guard let f = factors else {
            pool.copy(last, to: guess)
            return
        }
        let mixed = f[0] * f[1] * sums[0] + f[0] * f[2] * target[1] + f[1] * f[2] * sums[1]
        let square = f[0] * f[0] + f[1] * f[1] + f[2] * f[2] + 2 * mixed
        guard square > 0, square.isFinite else {
            pool.copy(last, to: guess)
            return
        }
        pool.combine(guess, replacing: true, [last, guide, now], f.map { $0 / square.squareRoot() }, 3)
    }

    /// Remembers what this question has shown.
    func keep(_ ritz: RitzPairs, follows: Bool) {
        if vectors.count == 2 { spare.append(vectors.removeLast()) }
        var vector = freshVector()
        if productCount == 1 {
            swap(&vector, &basis[0])
        } else {
            // Vectors of neighbouring questions point the same way.
            let sign = ritz.weights[0] < 0 ? -1.0 : 1
            pool.combine(vector, replacing: true, basis, ritz.weights.map { sign * $0 }, productCount)
        }
        vectors.insert(vector, at: 0)
        questions += 1
        guard productCount > 1 else { return }
        if follows {
            let other = second ?? freshVector()
            pool.combine(other, replacing: true, basis, ritz.secondWeights, productCount)
            second = other
            secondRatio = ritz.second / ritz.value
        } else {
            secondRatio = max(secondRatio, ritz.second / ritz.value)
        }
    }

    /// The solution of the normal equations of three regressors by Cholesky's method; regressors that hang together with
    /// those before them to rounding get 0. Nil where the first vanishes.
    private static func leastSquares(_ normal: [Double], _ target: [Double]) -> [Double]? {
        // By hand: one of GSL's decompositions at every question, with its allocations, costs small nets 4 % of their time.
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
