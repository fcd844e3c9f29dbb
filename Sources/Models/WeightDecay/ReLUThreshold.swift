import Foundation

/// Threshold of a ReLU net with one hidden layer, no biases, any width: γ* = max over unit w of |E[y relu(w·x)]|.
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

    /// - Parameter inputs: samples × dimension, row-major.
    public init(inputs: [Double], targets: [Double], dimension: Int, ascents: Int = 64) throws {
        self.inputs = inputs
        self.targets = targets
        self.dimension = dimension
        isExhaustive = dimension <= 2
        var best = (value: 0.0, direction: [Double](repeating: 0, count: dimension))
        let search = Search(inputs: inputs, targets: targets, dimension: dimension)
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

        func row(_ i: Int) -> ArraySlice<Double> { inputs[i * dimension..<(i + 1) * dimension] }
        func dot(_ a: ArraySlice<Double>, _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

        /// sign · E[y relu(w·x)].
        func value(_ w: [Double], _ sign: Double) -> Double {
            var sum = 0.0
            for (i, y) in targets.enumerated() { sum += y * max(0, dot(row(i), w)) }
            return sign * sum / Double(targets.count)
        }

        /// The best unit vector in the plane of two orthonormal vectors: every arc between neighbouring kinks, where
        /// the function is a cosine, is maximised in closed form.
        func bestOnCircle(_ u: [Double], _ v: [Double], _ sign: Double) -> [Double] {
            let projections = targets.indices.map { (dot(row($0), u), dot(row($0), v)) }
            var kinks: [Double] = []
            for (p, q) in projections where p != 0 || q != 0 {
                let normal = atan2(-p, q)
                kinks += [normal, normal > 0 ? normal - .pi : normal + .pi]
            }
            kinks.sort()
            guard let first = kinks.first else { return u }
            kinks.append(first + 2 * .pi)
            var best = (value: -Double.infinity, angle: 0.0)
            for (low, high) in zip(kinks, kinks.dropFirst()) {
                let middle = (low + high) / 2
                var (a, b) = (0.0, 0.0)
                for (i, (p, q)) in projections.enumerated() where p * cos(middle) + q * sin(middle) > 0 {
                    a += targets[i] * p
                    b += targets[i] * q
                }
                a *= sign
                b *= sign
                var peak = atan2(b, a)
                while peak < low { peak += 2 * .pi }
                for angle in peak <= high ? [low, high, peak] : [low, high] {
                    let value = a * cos(angle) + b * sin(angle)
                    if value > best.value { best = (value, angle) }
                }
            }
            return zip(u, v).map { cos(best.angle) * $0 + sin(best.angle) * $1 }
        }

        /// Ascents from the samples' own directions and the generalised gradients there. Each step is the exact best
        /// of the great circle towards a unit vector of a fixed frame or the gradient; a kink cannot trap it for
        /// good, since all frame directions are tried before it stops.
        func multistart(_ sign: Double, ascents: Int) -> [Double] {
            let order = targets.indices.sorted { abs(targets[$0]) > abs(targets[$1]) }
            var best = (value: -Double.infinity, direction: [Double](repeating: 0, count: dimension))
            for index in order.prefix(ascents) {
                let start = row(index)
                let norm = dot(start, Array(start)).squareRoot()
                guard norm > 0 else { continue }
                let found = ascend(from: start.map { $0 / norm }, sign)
                let value = value(found, sign)
                if value > best.value { best = (value, found) }
            }
            return best.direction
        }

        private func ascend(from start: [Double], _ sign: Double) -> [Double] {
            var w = start
            var height = value(w, sign)
            for _ in 0..<1000 {
                let before = height
                var directions = [gradient(w, sign)]
                for axis in 0..<dimension {
                    directions.append((0..<dimension).map { $0 == axis ? 1 : 0 })
                }
                for direction in directions {
                    guard let v = orthonormal(direction, to: w) else { continue }
                    let candidate = bestOnCircle(w, v, sign)
                    let value = value(candidate, sign)
                    if value > height { (w, height) = (candidate, value) }
                }
                if height <= before * (1 + 1e-15) { break }
            }
            return w
        }

        private func gradient(_ w: [Double], _ sign: Double) -> [Double] {
            var g = [Double](repeating: 0, count: dimension)
            for (i, y) in targets.enumerated() where dot(row(i), w) > 0 {
                for (k, x) in row(i).enumerated() { g[k] += sign * y * x }
            }
            return g
        }

        private func orthonormal(_ v: [Double], to w: [Double]) -> [Double]? {
            let along = dot(v[...], w)
            let rest = zip(v, w).map { $0 - along * $1 }
            let norm = dot(rest[...], rest).squareRoot()
            guard norm > 1e-12 else { return nil }
            return rest.map { $0 / norm }
        }
    }
}
