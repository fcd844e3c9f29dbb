import Expressions
import GSLNumerics
import Lanes

/// Moments of any target by quadrature: Gauss–Legendre panels along each direction up to three directions, quasi-random
/// points beyond. Label transforms are y and powers of the bounded y/(s + |y|), s the root mean square of y.
///
/// A moment vanishes where it is below `tolerance` of its two factors' root mean squares. Panels end at zero and at
/// multiples of their width, where the kinks of |z|, relu(z) and sign(z) lie.
struct NumericalMoments: LabelMoments {
    let dimension: Int
    let degreeLimit: Int
    let tolerance: Double
    /// One column per direction.
    let points: [[Double]]
    /// Of the normal distribution; their sum is 1.
    let weights: [Double]
    /// Labels at the points.
    let labels: [Double]
    /// Weighted label transforms, and their mean squares.
    private let transforms: [[Double]]
    private let scales: [Double]

    init(_ target: Target) throws {
        let k = target.dimension
        dimension = k
        switch k {
        case 1: (degreeLimit, tolerance) = (8, 1e-8)
        case 2: (degreeLimit, tolerance) = (6, 1e-7)
        case 3: (degreeLimit, tolerance) = (4, 1e-7)
        case 4: (degreeLimit, tolerance) = (4, 1e-2)
        default: (degreeLimit, tolerance) = (3, 1e-2)
        }
        let (points, weights) = try Self.quadrature(dimension: k)
        let labels = target.values(points)
        func meanSquare(_ column: [Double]) -> Double {
            zip(column, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        }
        let square = meanSquare(labels)
        guard square.isFinite, square > 0 else {
            throw GSLError.notFinite("the target's mean square is \(square); it must be finite and not zero")
        }
        let scale = square.squareRoot()
        let bounded = labels.map { $0 / (scale + abs($0)) }
        var all = [labels]
        var power = bounded
        for _ in 1...6 {
            all.append(power)
            power = zip(power, bounded).map(*)
        }
        (self.points, self.weights, self.labels) = (points, weights, labels)
        scales = all.map { meanSquare($0).squareRoot() }
        transforms = all.map { column in zip(column, weights).map(*) }
    }

    var transformCount: Int { transforms.count }

    private static func quadrature(dimension k: Int) throws -> (points: [[Double]], weights: [Double]) {
        guard k <= 3 else {
            var stream = RandomStream(seed: 1, key: 0, purpose: .resampling)
            let points = normalPoints(dimension: k, bits: 16, using: &stream)
            return (points, Array(repeating: 1 / Double(points[0].count), count: points[0].count))
        }
        let (panels, order, end) = [(480, 10, 12.0), (32, 8, 8.0), (8, 8, 8.0)][k - 1]
        let rule = try gaussLegendre(order: order)
        var line: [(x: Double, weight: Double)] = []
        let width = 2 * end / Double(panels)
        for panel in 0..<panels {
            let middle = -end + (Double(panel) + 0.5) * width
            for (x, w) in zip(rule.nodes, rule.weights) {
                let z = middle + x * width / 2
                line.append((z, w * width / 2 * normalDensity(z)))
            }
        }
        var points: [[Double]] = Array(repeating: [], count: k)
        var weights: [Double] = []
        func extend(_ prefix: [Double], _ weight: Double) {
            guard prefix.count < k else {
                for i in 0..<k { points[i].append(prefix[i]) }
                weights.append(weight)
                return
            }
            for (x, w) in line { extend(prefix + [x], weight * w) }
        }
        extend([], 1)
        let total = weights.reduce(0, +)
        return (points, weights.map { $0 / total })
    }

    func moments(_ product: DirectionProduct<Double>, transforms count: Int) -> [Double?] {
        var values = [Double](repeating: 1, count: weights.count)
        for (form, power) in zip(product.learned, product.powers) where power > 0 {
            let x = projection(form)
            for i in values.indices { for _ in 0..<power { values[i] *= x[i] } }
        }
        for (form, degree) in zip(product.others, product.degrees) where degree > 0 {
            // Bases are orthonormal here.
            let x = projection(form)
            for i in values.indices { values[i] *= hermitePolynomial(degree, x[i]) }
        }
        let scale = zip(values, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }.squareRoot()
        return (0..<count).map { transform in
            let moment = zip(values, transforms[transform]).reduce(0) { $0 + $1.0 * $1.1 }
            return abs(moment) > tolerance * scale * scales[transform] ? moment : nil
        }
    }

    private func projection(_ form: [Double]) -> [Double] {
        var sum = [Double](repeating: 0, count: weights.count)
        for (j, c) in form.enumerated() where c != 0 { for i in sum.indices { sum[i] += c * points[j][i] } }
        return sum
    }

    func combination(_ coefficients: [Double?], of directions: [[Double]]) -> [Double] {
        var sum = [Double](repeating: 0, count: dimension)
        for (coefficient, direction) in zip(coefficients, directions) {
            guard let coefficient else { continue }
            for i in sum.indices { sum[i] += coefficient * direction[i] }
        }
        return sum
    }

    func residual(of direction: [Double], beyond basis: [[Double]]) -> [Double]? {
        let size = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
        var rest = direction
        for _ in 0..<2 {
            for b in basis {
                let overlap = zip(rest, b).reduce(0) { $0 + $1.0 * $1.1 }
                for i in rest.indices { rest[i] -= overlap * b[i] }
            }
        }
        let norm = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
        // Directions are found to about the tolerance of moments; what is left of a known one is below that.
        guard norm > max(100 * tolerance, 1e-5) * size else { return nil }
        return rest.map { abs($0) < 1e-9 * norm ? 0 : $0 / norm }
    }

    func unitDirection(_ i: Int) -> [Double] { (0..<dimension).map { $0 == i ? 1 : 0 } }
    func approximation(_ direction: [Double]) -> [Double] { direction }

    /// E[y z] / its norm is the direction of the first step; this is E[y z].
    var firstMoment: [Double] {
        (0..<dimension).map { i in zip(points[i], transforms[0]).reduce(0) { $0 + $1.0 * $1.1 } }
    }
}
