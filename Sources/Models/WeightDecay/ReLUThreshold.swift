import Lanes

/// Threshold of a net with one hidden layer of units φ with slopes a above and b below 0 (ReLU: 1 and 0), no biases, any
/// width: γ* = max over unit w of |E[y φ(w·x)]|.
///
/// The maximum is over a function that is linear on each cone of equal activation pattern. For one or two inputs all
/// patterns are visited, and the result is exact. For more inputs it is the best of many ascents that search great
/// circles exactly; patterns grow like n^(d−1), so that no promise of completeness is made.
/// Source: own derivation, equivalent to the convex reformulation of two-layer ReLU training of Pilanci &
/// Ergen (arXiv 2002.10553).
public struct ReLUThreshold: Sendable {
    /// γ*; 0 where no direction correlates.
    public let gamma: Double
    /// The unit direction w that reaches it.
    public let direction: [Double]
    /// Whether all activation patterns were visited.
    public let isExhaustive: Bool

    private let inputs: [Double]
    private let targets: [Double]
    private let dimension: Int

    /// - Parameters:
    ///   - inputs: samples × dimension, row-major.
    ///   - above: slope of the activation above 0.
    ///   - below: slope below 0.
    public init(
        inputs: [Double], targets: [Double], dimension: Int, above: Double = 1, below: Double = 0, ascents: Int = 64
    ) throws {
        self.inputs = inputs
        self.targets = targets
        self.dimension = dimension
        isExhaustive = dimension <= 2
        var best = (value: 0.0, direction: [Double](repeating: 0, count: dimension))
        let search = Search(inputs: inputs, targets: targets, dimension: dimension, above: above, below: below)
        for sign in [1.0, -1.0] {
            let found: [Double]
            switch dimension {
            case 1: found = [1, -1].map { [Double($0)] }.max { search.value($0, sign) < search.value($1, sign) }!
            case 2: found = search.bestOnCircle([1, 0], [0, 1], sign)
            default: found = search.multistart(sign, ascents: ascents)
            }
            let value = search.value(found, sign)
            if value > best.value { best = (value, found) }
        }
        gamma = best.value
        direction = best.direction
    }

    private struct Search {
        let inputs: [Double]
        let targets: [Double]
        let dimension: Int
        let above: Double
        let below: Double

        func row(_ i: Int) -> ArraySlice<Double> { inputs[i * dimension..<(i + 1) * dimension] }
        func dot(_ a: ArraySlice<Double>, _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

        /// sign · E[y φ(w·x)].
        func value(_ w: [Double], _ sign: Double) -> Double {
            var sum = 0.0
            for (i, y) in targets.enumerated() {
                let h = dot(row(i), w)
                sum += y * (h > 0 ? above : below) * h
            }
            return sign * sum / Double(targets.count)
        }

        /// The best unit vector in the plane of two orthonormal vectors: every arc between neighbouring kinks, where
        /// the function is a cosine, is maximised in closed form. Samples enter and leave the active set one by one.
        func bestOnCircle(_ u: [Double], _ v: [Double], _ sign: Double) -> [Double] {
            var kinks: [(angle: Double, sample: Int, enters: Bool)] = []
            let projections = targets.indices.map { (p: dot(row($0), u), q: dot(row($0), v)) }
            for (i, x) in projections.enumerated() where x.p != 0 || x.q != 0 {
                // Active on the half circle that begins here.
                let start = arctangent(-x.p, x.q)
                kinks.append((start, i, true))
                kinks.append((start > 0 ? start - .pi : start + .pi, i, false))
            }
            kinks.sort { ($0.angle, $0.sample) < ($1.angle, $1.sample) }
            guard let first = kinks.first else { return u }
            // The arc that crosses ±π, before the first kink.
            var active = [Bool](repeating: false, count: targets.count)
            for kink in kinks { active[kink.sample] = kink.enters }
            var best = (value: -Double.infinity, angle: 0.0)
            var (a, b) = (0.0, 0.0)
            func recount() {
                (a, b) = (0, 0)
                for (i, x) in projections.enumerated() {
                    let slope = active[i] ? above : below
                    a += sign * slope * targets[i] * x.p
                    b += sign * slope * targets[i] * x.q
                }
            }
            recount()
            func consider(_ low: Double, _ high: Double) {
                var peak = arctangent(b, a)
                while peak < low { peak += 2 * .pi }
                for angle in peak <= high ? [low, high, peak] : [low, high] {
                    let value = a * cosine(angle) + b * sine(angle)
                    if value > best.value { best = (value, angle) }
                }
            }
            consider(kinks.last!.angle - 2 * .pi, first.angle)
            for (index, kink) in kinks.enumerated() {
                active[kink.sample] = kink.enters
                let change = (kink.enters ? sign : -sign) * (above - below) * targets[kink.sample]
                a += change * projections[kink.sample].p
                b += change * projections[kink.sample].q
                // Sums by differences drift: count anew now and then.
                if index % 64 == 63 { recount() }
                if index + 1 < kinks.count { consider(kink.angle, kinks[index + 1].angle) }
            }
            return zip(u, v).map { cosine(best.angle) * $0 + sine(best.angle) * $1 }
        }

        /// Ascents from the samples' own directions and the generalised gradients there. Each step is the exact best
        /// of the great circle towards a unit vector of a fixed frame or the gradient; a kink cannot trap it for
        /// good, since all frame directions are tried before it stops.
        func multistart(_ sign: Double, ascents: Int) -> [Double] {
            let order = targets.indices.sorted { abs(targets[$0]) > abs(targets[$1]) }
            var starts: [(value: Double, direction: [Double])] = []
            for index in order.prefix(ascents) {
                let start = row(index)
                let norm = dot(start, Array(start)).squareRoot()
                guard norm > 0 else { continue }
                var direction = start.map { $0 / norm }
                // A frame of many axes is too dear for every start: the gradient alone tells which are worth it.
                if dimension > Self.frameLimit { direction = ascend(from: direction, sign, withFrame: false) }
                starts.append((value(direction, sign), direction))
            }
            if dimension > Self.frameLimit { starts.sort { $0.value > $1.value } }
            var best = (value: -Double.infinity, direction: [Double](repeating: 0, count: dimension))
            for start in starts.prefix(dimension > Self.frameLimit ? Self.frameAscents : starts.count) {
                let found = ascend(from: start.direction, sign)
                let value = value(found, sign)
                if value > best.value { best = (value, found) }
            }
            return best.direction
        }

        private static let frameLimit = 16
        private static let frameAscents = 4

        private func ascend(from start: [Double], _ sign: Double, withFrame: Bool = true) -> [Double] {
            var w = start
            var height = value(w, sign)
            for _ in 0..<1000 {
                let before = height
                var directions = [gradient(w, sign)]
                for axis in 0..<(withFrame ? dimension : 0) {
                    directions.append((0..<dimension).map { $0 == axis ? 1 : 0 })
                }
                for direction in directions {
                    guard let v = orthonormal(direction, to: w) else { continue }
                    let point = bestOnCircle(w, v, sign)
                    let norm = dot(point[...], point).squareRoot()
                    let candidate = point.map { $0 / norm }
                    let value = value(candidate, sign)
                    if value > height { (w, height) = (candidate, value) }
                }
                if height <= before * (1 + 1e-15) { break }
            }
            return w
        }

        private func gradient(_ w: [Double], _ sign: Double) -> [Double] {
            var g = [Double](repeating: 0, count: dimension)
            for (i, y) in targets.enumerated() {
                let slope = dot(row(i), w) > 0 ? above : below
                for (k, x) in row(i).enumerated() { g[k] += sign * slope * y * x }
            }
            return g
        }

        /// Nil for a direction that is parallel to w up to rounding. Orthogonalised twice: once leaves rounding errors
        /// of the size of the part that was taken off.
        private func orthonormal(_ v: [Double], to w: [Double]) -> [Double]? {
            let size = dot(v[...], v).squareRoot()
            var rest = v
            for _ in 0..<2 {
                let along = dot(rest[...], w)
                rest = zip(rest, w).map { $0 - along * $1 }
            }
            let norm = dot(rest[...], rest).squareRoot()
            guard norm > 1e-9 * size, norm > 0 else { return nil }
            return rest.map { $0 / norm }
        }
    }
}
