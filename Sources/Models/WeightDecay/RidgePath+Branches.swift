import GSLNumerics
import Lanes

extension RidgePath {
    /// A piece of the ridge path on which G is monotone in μ: a branch between two folds.
    struct Segment: Sendable {
        /// ln μ; the outermost ends are infinite.
        let low: Double
        let high: Double
        let isStable: Bool
    }

    /// ln μ at the folds, rising; each is an extremum of G.
    func folds() throws -> [Double] {
        guard depth >= 2, let lowest = alphas.min(), let highest = alphas.max() else { return [] }
        // Outside this window all modes' terms have one sign.
        let ratio = Double(depth + 1) / Double(depth - 1)
        return try signChanges(of: stability, from: logarithm(ratio * lowest), to: logarithm(ratio * highest))
    }

    /// Stable and unstable branches, by rising μ; they alternate, beginning with a stable one.
    func segments() throws -> [Segment] {
        guard !isSilent else { return [] }
        let ends = [-Double.infinity] + (try folds()) + [Double.infinity]
        return (0..<ends.count - 1).map { i in
            Segment(low: ends[i], high: ends[i + 1], isStable: i % 2 == 0)
        }
    }

    /// All stationary points at decay G > 0 away from the origin, by rising norm.
    public func stationaryPoints(atDecay decay: Double) throws -> [StationaryPoint] {
        try segments().compactMap { try crossing(of: decay, in: $0) }
            .map(stationaryPoint)
            .sorted { $0.layerSquaredNorm < $1.layerSquaredNorm }
    }

    /// ln μ at which the branch has decay G, nil where it does not reach it.
    func crossing(of decay: Double, in segment: Segment) throws -> Double? {
        let target = logarithm(decay)
        var residual: (Double) -> Double = { self.logDecay($0) - target }
        let q = signalStrength
        if depth == 1, criticalDistance(decay) <= 0 { return nil }
        if depth == 1, decay > 0.7 * q.squareRoot() {
            // One hidden layer: ln G rises towards ln‖g‖ and its distance from it is what counts near the transition.
            let gap = criticalDistance(decay)
            residual = { x in
                var sum = 0.0
                for (alpha, weight) in zip(self.alphas, self.weights) {
                    let e = alpha * exponential(-x)
                    sum += weight / q * (e.isInfinite ? 1 : e * (2 + e) / ((1 + e) * (1 + e)))
                }
                return gap - sum
            }
        }
        guard let bracket = bracket(of: residual, in: segment) else { return nil }
        return try root(of: residual, in: bracket, relativeTolerance: 1e-16, absoluteTolerance: 1e-16)
    }

    /// A finite interval with a sign change of a function that is monotone on the segment.
    private func bracket(of f: (Double) -> Double, in segment: Segment) -> ClosedRange<Double>? {
        // An infinite end is approached in doubling steps: the function is asymptotically linear in ln μ, or
        // constant, in which case rounding ends the search.
        let centre = logarithm(alphas.max() ?? 1)
        var low = segment.low.isFinite ? segment.low : min(centre, segment.high) - 1
        var high = segment.high.isFinite ? segment.high : max(centre, segment.low) + 1
        let rises = segment.isStable
        var step = 1.0
        while !segment.low.isFinite, (f(low) < 0) != rises, step < 1e5 {
            low -= step
            step *= 2
        }
        step = 1
        while !segment.high.isFinite, (f(high) > 0) != rises, step < 1e5 {
            high += step
            step *= 2
        }
        let (a, b) = (f(low), f(high))
        guard a.isFinite, b.isFinite, (a <= 0) != (b <= 0) || a == 0 || b == 0 else { return nil }
        return low...high
    }

    /// Zeros of a function that is smooth on the scale of 1 in its argument, all of them.
    ///
    /// A grid of 64 points a unit, and between neighbours of equal sign a Brent minimum of |f| wherever the grid
    /// shows an extremum that comes near zero: two zeros closer than the grid are found as well.
    func signChanges(of f: (Double) -> Double, from low: Double, to high: Double) throws -> [Double] {
        let margin = 1e-9 * max(1, abs(low), abs(high))
        let (a, b) = (low - margin, high + margin)
        let count = max(8, Int(((b - a) * 64).rounded(.up)))
        let xs = (0...count).map { a + (b - a) * Double($0) / Double(count) }
        let ys = xs.map(f)
        var zeros: [Double] = []
        func add(_ x0: Double, _ x1: Double) throws { zeros.append(try root(of: f, in: x0...x1)) }
        for i in 0..<count {
            if (ys[i] < 0) != (ys[i + 1] < 0) {
                try add(xs[i], xs[i + 1])
            } else if i > 0, (ys[i - 1] < 0) == (ys[i] < 0), abs(ys[i]) < abs(ys[i - 1]), abs(ys[i]) <= abs(ys[i + 1]) {
                let sign = ys[i] < 0 ? -1.0 : 1.0
                // Two equal values have their minimum between them.
                let isTied = abs(ys[i]) >= (1 - 1e-14) * abs(ys[i + 1])
                let end = isTied ? min(i + 2, count) : i + 1
                let guess = isTied ? (xs[i] + xs[i + 1]) / 2 : xs[i]
                // Where values differ by rounding only there is no minimum to find, and no zero.
                guard (ys[end] < 0) == (ys[i] < 0),
                    sign * f(guess) < (1 - 1e-14) * min(abs(ys[i - 1]), abs(ys[end]))
                else { continue }
                let nearest = try minimum(of: { sign * f($0) }, in: xs[i - 1]...xs[end], guess: guess)
                if nearest.value < 0 {
                    try add(xs[i - 1], nearest.x)
                    try add(nearest.x, xs[end])
                }
            }
        }
        return zeros
    }
}
