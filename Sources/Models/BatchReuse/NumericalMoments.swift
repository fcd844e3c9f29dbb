import Expressions
import GSLNumerics
import Lanes
import PhaseSpace

/// Moments of any target in the coordinates that it depends on: panels that end at its kinks for up to three of them, two
/// rules whose difference is the error; scrambled quasi-random points beyond, whose scatter is. Label transforms are y
/// and Legendre polynomials of y/√(s² + y²), s the root mean square of y.
///
/// A moment counts as zero where it is within ten times its error, or below 1e-9 of the mean of what is averaged in absolute
/// value.
final class NumericalMoments: LabelMoments {
    typealias Scalar = Double
    typealias Basis = [[Double]]
    let dimension: Int
    let relevant: [[Double]]
    let degreeLimit: Int
    let reduced: ReducedTarget
    /// Number of different labels; nil where there are more than the transforms tell apart.
    let labelCount: Int?
    let rules: [Rule]
    let isDeterministic: Bool

    static let powerLimit = 8
    static let tolerance = 1e-9

    /// Points of a quadrature rule with weighted label transforms.
    struct Rule {
        let points: [[Double]]
        let weights: [Double]
        let labels: [Double]
        var transforms: [[Double]] = []
    }

    /// - Throws: `ControlError` where labels have no finite mean square, or no finite value somewhere.
    init(_ target: Target) throws {
        let reduced = try ReducedTarget(target)
        let tails = try LabelTails(reduced)
        let r = reduced.dimension
        self.reduced = reduced
        dimension = target.dimension
        relevant = (0..<r).map { i in (0..<r).map { $0 == i ? 1 : 0 } }
        degreeLimit = [10, 8, 6, 4, 4, 3, 3, 3][r - 1]
        isDeterministic = r <= 3
        var rules = try isDeterministic ? Self.panels(reduced, end: tails.reach) : Self.scrambles(reduced)
        for rule in rules {
            if let bad = rule.labels.indices.first(where: { !rule.labels[$0].isFinite && rule.weights[$0] > 0 }) {
                let z = reduced.original(rule.points.map { $0[bad] })
                throw ControlError(
                    control: "target",
                    message: "`target` \(target) is not a finite number at z = \(z.map { ($0 * 1e4).rounded() / 1e4 })")
            }
        }
        let square = zip(rules[0].labels, rules[0].weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        guard square > 0 else { throw Target.independent(target) }
        var values: Set<Double> = []
        for rule in rules { for y in rule.labels where values.count <= Self.powerLimit { values.insert(y) } }
        labelCount = values.count <= Self.powerLimit ? values.count : nil
        for n in rules.indices { rules[n].transforms = Self.transforms(rules[n], square: square) }
        self.rules = rules
    }

    private static func panels(_ target: ReducedTarget, end: Double) throws -> [Rule] {
        let r = target.dimension
        // At most ten panels in each of three coordinates, without kinks.
        let widths = [(0.05, 0.04), (0.4, 0.55), (max(2 * end / 10, 1.6), max(2 * end / 8, 2))][r - 1]
        let orders = [(10, 8), (8, 7), (8, 6)][r - 1]
        return try [(widths.0, orders.0), (widths.1, orders.1)].map { width, order in
            let quadrature = try KinkQuadrature(target, end: end, width: width, order: order)
            return Rule(
                points: quadrature.points, weights: quadrature.weights, labels: target.values(quadrature.points))
        }
    }

    private static func scrambles(_ target: ReducedTarget) throws -> [Rule] {
        let r = target.dimension
        let flips = (1..<UInt8(clamping: 1 << r)).filter { flip in
            target.isUnchanged { x in x.indices.map { flip >> UInt8($0) & 1 == 1 ? -x[$0] : x[$0] } }
        }
        var group: [UInt8] = [0]
        for flip in flips where !group.contains(flip) && group.count < 8 { group += group.map { $0 ^ flip } }
        return (0..<32).map { scramble in
            var stream = RandomStream(seed: 1, key: UInt64(scramble), purpose: .resampling)
            let base = normalPoints(dimension: r, bits: 11, using: &stream)
            let points = base.enumerated().map { j, column in
                group.flatMap { flip in flip >> UInt8(j) & 1 == 1 ? column.map { -$0 } : column }
            }
            let count = points[0].count
            return Rule(
                points: points, weights: Array(repeating: 1 / Double(count), count: count),
                labels: target.values(points))
        }
    }

    private static func transforms(_ rule: Rule, square: Double) -> [[Double]] {
        let bounded = rule.labels.map { $0 / (square + $0 * $0).squareRoot() }
        var result = [rule.labels]
        var previous = [Double](repeating: 1, count: bounded.count)
        var current = bounded
        for n in 1...powerLimit {
            result.append(current)
            let next = bounded.indices.map { i in
                (Double(2 * n + 1) * bounded[i] * current[i] - Double(n) * previous[i]) / Double(n + 1)
            }
            (previous, current) = (current, next)
        }
        return result.map { column in zip(column, rule.weights).map(*) }
    }

    var transformCount: Int { Self.powerLimit + 1 }
    var isComplete: Bool { false }

    // MARK: - Moments

    /// A vector of moments with the scale that its entries are compared with, and their errors.
    private struct Vector {
        var values: [Double]
        var threshold: Double
        var norm: Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    }

    /// Degrees of polynomials of learned directions.
    static func learnedDegree(_ learned: Int) -> Int { [0, 12, 8, 5, 4, 3, 3, 3, 2][learned] }

    func extended(_ learned: Basis, transforms: Int, order: Int) throws -> Basis {
        let others = complement(of: learned)
        guard !others.isEmpty else { return learned }
        let alphas = compositions(of: order, into: others.count)
        let powers = (0...Self.learnedDegree(learned.count)).flatMap { compositions(of: $0, into: learned.count) }
        // [power of learned][α][transform] by rule.
        let tables = rules.map { table($0, learned, others, powers, alphas, transforms) }
        let place = Dictionary(uniqueKeysWithValues: alphas.enumerated().map { ($1, $0) })
        var vectors: [Vector] = []
        for q in powers.indices {
            for base in compositions(of: order - 1, into: others.count) {
                let raised = others.indices.map { a in
                    var degrees = base
                    degrees[a] += 1
                    return (place[degrees]!, Double(degrees[a]).squareRoot())
                }
                for t in 0..<transforms {
                    vectors.append(vector(tables.map { table in raised.map { (table[q][$0.0][t], $0.1) } }))
                }
            }
        }
        return basis(vectors, learned, others)
    }

    private typealias Moment = (value: Double, scale: Double)

    private func table(
        _ rule: Rule, _ learned: Basis, _ others: Basis, _ powers: [[Int]], _ alphas: [[Int]], _ transforms: Int
    ) -> [[[Moment]]] {
        let columns = (learned + others).map { hermiteColumns(rule, $0) }
        return powers.map { power in
            let q = product(columns, power, from: 0, start: nil)
            return alphas.map { alpha in
                let h = product(columns, alpha, from: learned.count, start: q)
                return (0..<transforms).map { t in
                    var (sum, scale) = (0.0, 0.0)
                    rule.transforms[t].withUnsafeBufferPointer { y in
                        h.withUnsafeBufferPointer { h in
                            for i in h.indices {
                                let term = h[i] * y[i]
                                sum += term
                                scale += abs(term)
                            }
                        }
                    }
                    return (sum, scale)
                }
            }
        }
    }

    /// Normalised Hermite polynomials of a coordinate.
    private func hermiteColumns(_ rule: Rule, _ direction: [Double]) -> [[Double]] {
        var x = [Double](repeating: 0, count: rule.weights.count)
        for (c, column) in zip(direction, rule.points) where c != 0 { for i in x.indices { x[i] += c * column[i] } }
        var result = [[Double](repeating: 1, count: x.count), x]
        for n in 1..<max(degreeLimit, 12) {
            let (root, next) = (Double(n).squareRoot(), 1 / Double(n + 1).squareRoot())
            result.append(x.indices.map { i in (x[i] * result[n][i] - root * result[n - 1][i]) * next })
        }
        return result
    }

    private func product(_ columns: [[[Double]]], _ degrees: [Int], from start: Int, start first: [Double]?) -> [Double]
    {
        var result = first ?? columns[0][0]
        for (i, degree) in degrees.enumerated() where degree > 0 {
            let column = columns[start + i][degree]
            for m in result.indices { result[m] *= column[m] }
        }
        return result
    }

    private func vector(_ entries: [[(moment: Moment, factor: Double)]]) -> Vector {
        let count = entries[0].count
        var values = [Double](repeating: 0, count: count)
        var threshold = 0.0
        for a in 0..<count {
            let samples = entries.map { $0[a].moment.value * $0[a].factor }
            let scale = entries[0][a].moment.scale * entries[0][a].factor
            if isDeterministic {
                values[a] = samples[0]
                threshold = max(threshold, Self.tolerance * scale, 10 * abs(samples[0] - samples[1]))
            } else {
                // Two halves have to agree that a moment stands out of its scatter.
                let (first, second) = (Scatter(samples.prefix(16)), Scatter(samples.suffix(16)))
                values[a] = (first.mean + second.mean) / 2
                let error = max(first.error, second.error)
                let agree = first.mean * second.mean > 0
                threshold = max(threshold, Self.tolerance * scale, (agree ? 6 : 12) * error)
            }
        }
        return Vector(values: values, threshold: threshold)
    }

    struct Scatter {
        let mean: Double
        let error: Double
        init(_ xs: some Collection<Double>) {
            let n = Double(xs.count)
            let mean = xs.reduce(0, +) / n
            self.mean = mean
            error = (xs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n * (n - 1))).squareRoot()
        }
    }

    /// Directions one after the other, the one that stands out most first: what is left of another beside it counts only
    /// beyond the error of both.
    private func basis(_ vectors: [Vector], _ learned: Basis, _ others: Basis) -> Basis {
        var basis = learned
        var candidates = vectors.filter { $0.norm > $0.threshold }
        while basis.count < relevant.count,
            let best = candidates.max(by: { $0.norm / $0.threshold < $1.norm / $1.threshold }),
            best.norm > best.threshold
        {
            let direction = unit(best.values)
            let error = best.threshold / best.norm
            var new = [Double](repeating: 0, count: relevant.count)
            for (x, other) in zip(direction, others) where abs(x) > error / 10 {
                for i in new.indices { new[i] += x * other[i] }
            }
            basis.append(unit(new))
            candidates = candidates.compactMap { vector in
                let overlap = zip(vector.values, direction).reduce(0) { $0 + $1.0 * $1.1 }
                var rest = vector
                rest.values = zip(vector.values, direction).map { $0 - overlap * $1 }
                rest.threshold = max(vector.threshold, error * abs(overlap))
                return rest.norm > rest.threshold ? rest : nil
            }
        }
        return orthonormal(basis)
    }

    private func orthonormal(_ directions: Basis) -> Basis {
        var basis: Basis = []
        for direction in directions {
            var rest = direction
            for _ in 0..<2 {
                for b in basis {
                    let overlap = zip(rest, b).reduce(0) { $0 + $1.0 * $1.1 }
                    for i in rest.indices { rest[i] -= overlap * b[i] }
                }
            }
            let norm = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
            if norm > 1e-7 { basis.append(rest.map { abs($0) < 1e-13 * norm ? 0 : $0 / norm }) }
        }
        return basis
    }

    func complement(of basis: Basis) -> Basis { Array(orthonormal(basis + relevant).dropFirst(basis.count)) }

    func firstOrderBound(_ learned: Basis) -> Int {
        let others = complement(of: learned)
        let all = learned + others
        var turned: UInt8 = 0
        guard !others.isEmpty else { return learned.count }
        for flip in 1..<(1 << others.count) where UInt8(flip) & ~turned != 0 {
            let isSymmetry = reduced.isUnchanged { x in
                var image = x
                for (a, c) in others.enumerated() where flip >> a & 1 == 1 {
                    let overlap = zip(x, c).reduce(0) { $0 + $1.0 * $1.1 }
                    for i in image.indices { image[i] -= 2 * overlap * c[i] }
                }
                return image
            }
            if isSymmetry { turned |= UInt8(flip) }
        }
        return all.count - turned.nonzeroBitCount
    }

    func approximation(_ direction: [Double]) -> [Double] { reduced.original(direction) }

    func firstMomentRanks() throws -> [Int] {
        try (1...transformCount).map { try extended([], transforms: $0, order: 1).count }
    }
}
