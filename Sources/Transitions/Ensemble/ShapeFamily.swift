import Lanes
import PhaseSpace

/// The numbers of a shape that are not amplitudes: an exponent or a width, and the first correction to a power law.
struct ShapeNumbers: Hashable {
    var exponent = 0.0
    /// c of uᵝ(1 + cu), per width of the window.
    var correction = 0.0
}

/// Shapes of an order parameter about a place. A replica has amplitudes and a place of its own; the shape's numbers are
/// common to all.
enum ShapeFamily: Hashable {
    /// A polynomial for every replica; it has no place.
    case smooth(degree: Int)
    /// One polynomial for all, which each replica scales, lifts and shifts a little.
    case common(coefficients: [Double])
    /// Two polynomials for every replica that need not meet: a first-order transition.
    case jump(degree: Int)
    /// A jump with a common shape, an onset's limit for β → 0: a background, and on one side of the place 1 + cu.
    case step(background: Int, isOrderedBelow: Bool)
    /// A constant background, and on one side of the place 1 + c√u: a branch up to its fold, where it jumps.
    case fold(isOrderedBelow: Bool)
    /// A background, and on one side of the place uᵝ(1 + cu) of the distance u: a second-order transition.
    case onset(background: Int, isOrderedBelow: Bool)
    /// tanh(u/w) on a polynomial: a change that takes a width w.
    case crossover(degree: Int)

    static func all(in window: EnsembleWindow) -> [ShapeFamily] {
        (1...5).map { .smooth(degree: $0) }
            + (2...7).compactMap { window.meanPolynomial(degree: $0).map(ShapeFamily.common) }
            + [.jump(degree: 1), .jump(degree: 2), .fold(isOrderedBelow: true), .fold(isOrderedBelow: false)]
            + [true, false].flatMap { side in
                (0...1).flatMap { background in
                    [
                        ShapeFamily.step(background: background, isOrderedBelow: side),
                        .onset(background: background, isOrderedBelow: side),
                    ]
                }
            } + [.crossover(degree: 1), .crossover(degree: 2)]
    }

    var order: TransitionOrder {
        switch self {
        case .smooth, .common: .none
        case .jump, .step, .fold: .first
        case .onset: .second
        case .crossover: .crossover
        }
    }
    var hasPlace: Bool { order != .none }
    var amplitudeCount: Int {
        switch self {
        case .smooth(let degree): degree + 1
        case .common: 3
        case .jump(let degree): 2 * (degree + 1)
        case .onset(let background, _), .step(let background, _): background + 2
        case .fold: 2
        case .crossover(let degree): degree + 2
        }
    }

    /// Numbers that are common to all replicas, beside the shape's.
    var commonCount: Int { if case .common(let coefficients) = self { coefficients.count - 2 } else { 0 } }

    /// Trial exponents or widths (in units of the window), rising; one element where there is no such number.
    /// - Parameter isForEstimate: once the order is decided. Below 0.1 an onset can hardly be told from a step, which must
    ///   not lose to a power law that imitates it; but intervals of exponents from trial ones that begin close under the
    ///   true one came out too narrow (docs/coverage.md).
    func exponents(step: Double, isForEstimate: Bool = false) -> [Double] {
        switch self {
        case .smooth, .common, .jump, .step, .fold: [0]
        case .onset where isForEstimate: (0..<14).map { 0.03 * Lanes.power(80, Double($0) / 13) }
        case .onset: (0..<12).map { 0.1 * Lanes.power(24, Double($0) / 11) }
        case .crossover: (0..<9).map { 0.5 * step * Lanes.power(1 / step, Double($0) / 8) }
        }
    }
    /// Trial corrections: as large as still leave the leading power in command within the window.
    var corrections: [Double] {
        switch self {
        case .onset, .step: [-0.7, -0.35, 0, 0.4, 0.8, 1.2]
        case .fold: [0.1, 0.2, 0.35, 0.6, 1, 1.6]
        default: [0]
        }
    }

    /// Values of each linear part at the points.
    func columns(at ts: [Double], place: Double, shape: ShapeNumbers) -> [[Double]] {
        func powers(_ degree: Int, where isIn: (Double) -> Bool = { _ in true }) -> [[Double]] {
            (0...degree).map { k in ts.map { t in isIn(t) ? Self.power(t - place, k) : 0 } }
        }
        switch self {
        case .smooth(let degree): return (0...degree).map { k in ts.map { Self.power(2 * $0 - 1, k) } }
        case .common(let coefficients):
            let values = ts.map { t in
                coefficients.reversed().reduce((value: 0.0, slope: 0.0)) { sum, c in
                    (sum.value * (2 * t - 1) + c, sum.slope * (2 * t - 1) + sum.value)
                }
            }
            return [ts.map { _ in 1 }, values.map(\.value), values.map(\.slope)]
        case .step(let background, let isOrderedBelow):
            let step = ts.map { t in
                let u = isOrderedBelow ? place - t : t - place
                return u > 0 ? 1 + shape.correction * u : 0
            }
            return powers(background) + [step]
        case .fold(let isOrderedBelow):
            let branch = ts.map { t in
                let u = isOrderedBelow ? place - t : t - place
                return u > 0 ? 1 + shape.correction * u.squareRoot() : 0
            }
            return powers(0) + [branch]
        case .jump(let degree):
            return powers(degree) { $0 < place } + powers(degree) { $0 >= place }
        case .onset(let background, let isOrderedBelow):
            let onset = ts.map { t in
                let u = isOrderedBelow ? place - t : t - place
                return u > 0 ? Lanes.power(u, shape.exponent) * (1 + shape.correction * u) : 0
            }
            return powers(background) + [onset]
        case .crossover(let degree):
            return powers(degree) + [ts.map { hyperbolicTangent(($0 - place) / shape.exponent) }]
        }
    }

    private static func power(_ x: Double, _ k: Int) -> Double {
        var y = 1.0
        for _ in 0..<k { y *= x }
        return y
    }
}

/// An orthonormal basis of the space that columns span; columns that depend on the others add nothing.
struct OrthonormalBasis {
    private(set) var vectors: [[Double]] = []
    /// Logarithm of the determinant of the columns' Gram matrix, each column scaled to length one: 0 for orthogonal
    /// columns, lower the more they resemble each other.
    private(set) var logVolume = 0.0

    init(_ columns: [[Double]]) {
        for column in columns {
            let size = Self.dot(column, column)
            guard size > 0 else { continue }
            var v = column
            // Once more removes what rounding left.
            for _ in 0..<2 {
                for q in vectors {
                    let c = Self.dot(q, v)
                    for i in v.indices { v[i] -= c * q[i] }
                }
            }
            let rest = Self.dot(v, v)
            guard rest > 1e-16 * size else { continue }
            logVolume += logarithm(rest / size)
            let scale = 1 / rest.squareRoot()
            for i in v.indices { v[i] *= scale }
            vectors.append(v)
        }
    }

    /// Squared length of what the basis leaves of `ys`.
    func remainder(of ys: [Double]) -> Double {
        var left = Self.dot(ys, ys)
        for q in vectors {
            let c = Self.dot(q, ys)
            left -= c * c
        }
        return max(0, left)
    }
    func residuals(of ys: [Double]) -> [Double] {
        var left = ys
        for q in vectors {
            let c = Self.dot(q, ys)
            for i in left.indices { left[i] -= c * q[i] }
        }
        return left
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                var sum = 0.0
                for i in a.indices { sum += a[i] * b[i] }
                return sum
            }
        }
    }
}
