import Lanes

/// The search for max f(w) over unit w of a `KinkedFunction` in coordinates of its own span.
///
/// Once the signs of all convex terms are known, what is left is concave, and its maximum over the ball is the distance of
/// a point from a zonotope. So the answer is the largest of those distances over all sign patterns, whether or not a
/// direction has them. Patterns are visited by branch and bound; no more work is done than a fixed number of
/// multiplications, and what is not decided by then stays between two bounds.
struct KinkedMaximum {
    let function: KinkedFunction
    /// f(direction), the best found.
    private(set) var lowerBound = 0.0
    private(set) var direction: [Double]
    /// Proven; infinite before a branch and bound has run.
    var upperBound = Double.infinity

    /// Multiplications spent, and how many there are to spend.
    var work = 0
    let budget: Int
    private var seen: Set<[Bool]> = []

    init(_ function: KinkedFunction, budget: Int) {
        self.function = function
        self.budget = budget
        direction = [Double](repeating: 0, count: function.dimension)
    }

    /// Bounds this close above the best value are rounding.
    var goal: Double { lowerBound * (1 + 1e-12) }

    mutating func consider(_ w: [Double]) {
        let value = function.value(w)
        work += (function.convex.count + function.concave.count + 1) * w.count
        if value > lowerBound { (lowerBound, direction) = (value, w) }
    }

    /// The distance that belongs to a sign pattern, once for each pattern.
    mutating func visit(_ signs: [Bool]) {
        guard seen.insert(signs).inserted else { return }
        var center = function.linear
        for (c, isPositive) in zip(function.convex, signs) {
            for i in center.indices { center[i] += isPositive ? c[i] : -c[i] }
        }
        work += function.convex.count * center.count
        _ = nearest(center)
    }

    /// The point of least norm among `center` less the concave terms' zonotope; its direction is a candidate.
    mutating func nearest(_ center: [Double]) -> [Double] {
        let point = Zonotope(center: center, generators: function.concave).pointOfLeastNorm(work: &work)
        if let w = unitVector(point) { consider(w) }
        return point
    }

    // MARK: - Ascents

    /// Steps from a direction to the best one of its sign pattern until that has the same pattern.
    private mutating func climb(from start: [Double]) {
        consider(start)
        var w = start
        while work < budget {
            let (signs, slope) = function.slope(at: w)
            work += function.convex.count * w.count
            guard seen.insert(signs).inserted, let next = unitVector(nearest(slope)) else { return }
            w = next
        }
    }

    /// A cheap ascent along slopes, which may end on a kink of a concave term.
    private mutating func rise(from start: [Double]) -> (value: Double, w: [Double]) {
        var best = (value: function.value(start), w: start)
        let sweep = (function.convex.count + function.concave.count + 1) * start.count
        for _ in 0..<40 {
            guard let slope = unitVector(function.gradient(at: best.w)) else { break }
            work += 2 * sweep
            // The whole way to the slope's own direction, where the maximum would be without kinks; else part of it.
            let rises = [1, 0.3, 0.1, 0.03].contains { step in
                guard let w = unitVector(zip(best.w, slope).map { (1 - step) * $0 + step * $1 }) else { return false }
                work += sweep
                let value = function.value(w)
                guard value > best.value * (1 + 1e-6) else { return false }
                best = (value, w)
                return true
            }
            guard rises else { break }
        }
        return best
    }

    /// From the terms' own directions, from the slope of the linear term, and from random directions: cheap ascents from
    /// all, the others from the best of them, within a share of the budget.
    mutating func climb(randomStarts: Int, share: Int) {
        let limit = work + budget / share
        var found: [(value: Double, w: [Double])] = []
        if let w = unitVector(function.linear) { found.append(rise(from: w)) }
        var stream = RandomStream(seed: 1, key: 1, purpose: .initialWeights)
        let terms = (function.convex + function.concave).sorted {
            euclideanNorm($0) > euclideanNorm($1)
        }
        for index in 0..<max(terms.count, randomStarts) where work < limit / 2 {
            if index < terms.count, let w = unitVector(terms[index]) {
                found.append(rise(from: w))
                found.append(rise(from: w.map { -$0 }))
            }
            if index < randomStarts, let w = unitVector(stream.normals(function.dimension)) {
                found.append(rise(from: w))
            }
        }
        found.sort { $0.value > $1.value }
        for start in found where work < limit { climb(from: start.w) }
    }
}
