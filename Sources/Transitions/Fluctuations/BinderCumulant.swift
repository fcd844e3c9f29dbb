import Foundation
import GSLNumerics
import Lanes
import PhaseSpace

/// Binder's cumulant U = 1 − ⟨m⁴⟩/(3⟨m²⟩²) of replicas' order parameters, with its standard error by leaving out one
/// replica at a time: 2/3 where all have the same |m|, 0 for a normal m about zero, negative near a first-order
/// transition of a symmetric m.
/// - Throws: `GSLError` for fewer than three values, numbers that are not finite, or all zero.
public func binderCumulant(_ values: [Double]) throws -> (value: Double, error: Double) {
    let squares = values.map { $0 * $0 }
    let fourths = squares.map { $0 * $0 }
    let n = Double(values.count)
    _ = try variance(values)
    let (second, fourth) = (squares.reduce(0, +), fourths.reduce(0, +))
    func cumulant(_ second: Double, _ fourth: Double, _ count: Double) -> Double {
        1 - count * fourth / (3 * second * second)
    }
    guard values.count >= 3, second > 0, values.indices.allSatisfy({ second - squares[$0] > 0 }) else {
        throw GSLError.invalidInput("Binder's cumulant needs three values, two of them not zero")
    }
    let left = values.indices.map { cumulant(second - squares[$0], fourth - fourths[$0], n - 1) }
    let spread = try variance(left)
    return (cumulant(second, fourth, n), ((n - 1) * (n - 1) / n * spread).squareRoot())
}

/// Binder's cumulant along a control, for one size.
public struct BinderCurve: Sendable {
    public struct Point: Sendable, Hashable {
        public let control: Double
        public let value: Double
        /// Standard error.
        public let error: Double
        public init(control: Double, value: Double, error: Double) {
            self.control = control
            self.value = value
            self.error = error
        }
    }
    public let size: Double
    /// By rising control.
    public let points: [Point]

    public init(size: Double, points: [Point]) {
        self.size = size
        self.points = points.sorted { $0.control < $1.control }
    }

    /// From the replicas of a curve: the done samples of the direction at each control where there are three or more.
    public init(of curve: Curve, size: Double, direction: Direction = .cold) {
        self.init(
            size: size,
            points: curve.orderParameters(direction).compactMap { control, values in
                (try? binderCumulant(values)).map { Point(control: control, value: $0.value, error: $0.error) }
            })
    }
}

extension Curve {
    /// The finite order parameters of the done samples at each control, by rising control, replicas in order.
    func orderParameters(_ direction: Direction) -> [(control: Double, values: [Double])] {
        let done = samples.filter { $0.outcome.isDone && $0.direction == direction && $0.control.isFinite }
        return Dictionary(grouping: done, by: \.control).sorted { $0.key < $1.key }.map { control, samples in
            (control, samples.compactMap { $0.values[key.orderParameter] }.filter(\.isFinite))
        }
    }
}

/// Where the Binder curves of several sizes cross.
public struct BinderCrossing: Sendable {
    /// The mean of the pairs' crossings, weighted by their errors, with a 95 % interval.
    public let location: Estimate
    /// The cumulant there, with a 95 % interval.
    public let cumulant: Estimate
    /// Neighbouring sizes and where their two curves cross; its drift with size shows corrections to scaling.
    public let pairs: [(sizes: (Double, Double), location: Estimate)]
}

/// The crossing of the Binder curves of neighbouring sizes: the difference of two curves is fitted by a straight line
/// over the points about its change of sign. Intervals come from 400 repetitions with values drawn anew within their
/// errors (fixed seed).
/// - Returns: nil where no pair of neighbouring sizes has a crossing.
public func binderCrossing(of curves: [BinderCurve]) -> BinderCrossing? {
    let sorted = curves.filter { $0.points.count >= 3 }.sorted { $0.size < $1.size }
    guard sorted.count >= 2 else { return nil }
    let pairs = zip(sorted, sorted.dropFirst()).compactMap(BinderPair.init)
    let found = pairs.compactMap { pair in pair.crossing(pair.differences).map { (pair, $0) } }
    guard !found.isEmpty else { return nil }
    let numbers = RandomSequence(seed: 19_811)
    var repeats = [[Double]](repeating: [], count: found.count)
    var cumulants: [Double] = []
    var means: [Double] = []
    let weights = { (spreads: [Double]) in spreads.map { 1 / max($0 * $0, 1e-300) } }
    var draws: [[(Double, Double)?]] = []
    for _ in 0..<400 {
        // A curve belongs to two pairs: its values are drawn once.
        let drawn = sorted.map { curve in curve.points.map { $0.value + $0.error * numbers.normal() } }
        draws.append(
            found.map { pair, _ in
                let k = sorted.firstIndex { $0.size == pair.small.size }!
                return pair.crossing(pair.differences(drawn[k], drawn[k + 1])).map {
                    ($0, pair.value(at: $0, drawn[k]))
                }
            })
    }
    for draw in draws {
        for (k, crossing) in draw.enumerated() { if let crossing { repeats[k].append(crossing.0) } }
    }
    let spreads = repeats.map { xs in xs.count > 1 ? ((try? variance(xs)) ?? 0).squareRoot() : Double.infinity }
    let w = weights(spreads)
    func mean(_ xs: [Double?]) -> Double? {
        var (sum, total) = (0.0, 0.0)
        for (x, weight) in zip(xs, w) {
            guard let x else { continue }
            sum += weight * x
            total += weight
        }
        return total > 0 ? sum / total : nil
    }
    for draw in draws {
        if let x = mean(draw.map { $0?.0 }) { means.append(x) }
        if let u = mean(draw.map { $0?.1 }) { cumulants.append(u) }
    }
    guard let place = mean(found.map { $0.1 }),
        let height = mean(found.map { pair, x in pair.value(at: x, pair.small.points.map(\.value)) })
    else { return nil }
    func estimate(_ value: Double, _ xs: [Double]) -> Estimate {
        let half = 1.959963984540054 * ((try? variance(xs)) ?? 0).squareRoot()
        return Estimate(value, Interval(value - half, value + half))
    }
    return BinderCrossing(
        location: estimate(place, means), cumulant: estimate(height, cumulants),
        pairs: zip(found, repeats).map { one, xs in
            ((one.0.small.size, one.0.large.size), estimate(one.1, xs))
        })
}

/// Two neighbouring sizes at the controls that both have.
private struct BinderPair {
    let small: BinderCurve
    let large: BinderCurve
    private let common: [(control: Double, small: Int, large: Int, error: Double)]

    init?(_ small: BinderCurve, _ large: BinderCurve) {
        self.small = small
        self.large = large
        let index = Dictionary(
            large.points.enumerated().map { ($1.control, $0) }, uniquingKeysWith: { first, _ in first })
        common = small.points.enumerated().compactMap { i, point in
            index[point.control].map { j in
                (point.control, i, j, max(hypotenuse(point.error, large.points[j].error), 1e-12))
            }
        }
        guard common.count >= 3 else { return nil }
    }

    var differences: [Double] { differences(small.points.map(\.value), large.points.map(\.value)) }
    func differences(_ a: [Double], _ b: [Double]) -> [Double] { common.map { b[$0.large] - a[$0.small] } }

    /// The sign change that most of the points on its two sides agree with, located by a weighted line through the
    /// three points on each side.
    func crossing(_ d: [Double]) -> Double? {
        let score = { (k: Int) -> Double in
            let left = (0...k).reduce(0.0) { $0 + d[$1] / common[$1].error }
            let right = (k + 1..<d.count).reduce(0.0) { $0 + d[$1] / common[$1].error }
            return abs(right - left)
        }
        guard let k = (0..<d.count - 1).max(by: { score($0) < score($1) }) else { return nil }
        let range = max(0, k - 2)...min(d.count - 1, k + 3)
        let origin = common[k].control
        guard
            let line = try? lineFit(
                range.map { common[$0].control - origin }, range.map { d[$0] },
                weights: range.map { 1 / (common[$0].error * common[$0].error) }),
            line.coefficients[1] != 0
        else { return nil }
        let x = origin - line.coefficients[0] / line.coefficients[1]
        return x >= common[0].control && x <= common[common.count - 1].control ? x : nil
    }

    /// The smaller size's cumulant between two of its points.
    func value(at x: Double, _ values: [Double]) -> Double {
        let points = small.points
        let k = min(max(1, points.firstIndex { $0.control >= x } ?? points.count - 1), points.count - 1)
        let t = (x - points[k - 1].control) / (points[k].control - points[k - 1].control)
        return values[k - 1] + t * (values[k] - values[k - 1])
    }
}
