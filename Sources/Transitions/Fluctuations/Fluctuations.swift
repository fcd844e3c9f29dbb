import Foundation
import GSLNumerics
import Lanes
import OrderedCollections
import PhaseSpace
import Support

/// Counts of values in bins of equal width.
public struct Histogram: Sendable, Hashable {
    public let low: Double
    public let width: Double
    public let counts: [Int]
    /// The middle of each bin.
    public var centres: [Double] { counts.indices.map { low + width * (Double($0) + 0.5) } }

    /// Bins by Freedman and Diaconis's rule (twice the interquartile range over n^(1/3)) unless their number is given;
    /// values that are not finite do not count. A constant sample has one bin.
    public init(_ values: [Double], bins: Int? = nil) {
        let finite = values.filter(\.isFinite).sorted()
        guard let first = finite.first, let last = finite.last, last > first else {
            (low, width, counts) = (finite.first ?? 0, 0, finite.isEmpty ? [] : [finite.count])
            return
        }
        let quartiles = ((try? quantile(finite, 0.75)) ?? last) - ((try? quantile(finite, 0.25)) ?? first)
        let rule = 2 * quartiles / power(Double(finite.count), 1 / 3)
        let number = bins ?? (rule > 0 ? Int(min(200, ((last - first) / rule).rounded(.up))) : 1)
        let count = max(1, number)
        (low, width) = (first, (last - first) / Double(count))
        var counts = [Int](repeating: 0, count: count)
        for x in finite { counts[min(count - 1, Int((x - first) / (last - first) * Double(count)))] += 1 }
        self.counts = counts
    }
}

/// The histogram of a curve's order parameter over the replicas at the control nearest to a given one.
public func orderParameterHistogram(
    of curve: Curve, near control: Double, direction: Direction = .cold, bins: Int? = nil
) -> (control: Double, histogram: Histogram)? {
    curve.orderParameters(direction).filter { !$0.values.isEmpty }
        .min { abs($0.control - control) < abs($1.control - control) }
        .map { ($0.control, Histogram($0.values, bins: bins)) }
}

/// Ashman's D of the best division of a sample into two groups of two or more: √2 |difference of means| over the root
/// of the summed variances. Above 2 the groups are clearly apart, though splitting a single normal group already
/// gives about 2.6; two narrow groups give far more. Infinite for two groups without width; nil below four values.
public func bimodality(_ values: [Double]) -> Double? {
    let sorted = values.filter(\.isFinite).sorted()
    guard sorted.count >= 4, sorted[0] < sorted[sorted.count - 1] else { return nil }
    return (2...sorted.count - 2).compactMap { k -> Double? in
        let (a, b) = (Array(sorted[..<k]), Array(sorted[k...]))
        guard let m = try? mean(a), let n = try? mean(b), let v = try? variance(a), let w = try? variance(b)
        else { return nil }
        return 2.0.squareRoot() * abs(n - m) / (v + w).squareRoot()
    }.max()
}

/// What the replicas' fluctuations say of a transition.
struct FluctuationEvidence {
    private let rows: [(control: Double, values: [Double])]
    private let curve: Curve

    init(_ curve: Curve) {
        self.curve = curve
        rows = curve.orderParameters(.cold).filter { $0.values.count >= Ensemble.fewestReplicas }
    }

    /// - Parameter location: of the transition; nil for a curve without one.
    func evidence(near location: Double?) -> OrderedDictionary<String, JSONValue> {
        guard rows.count >= fewestControls else { return [:] }
        let variances = rows.map { (try? variance($0.values)) ?? 0 }
        let peak = variances.indices.max { variances[$0] < variances[$1] }!
        var evidence: OrderedDictionary<String, JSONValue> = [:]
        guard variances[peak] > 0 else { return evidence }
        evidence["largestVariance"] = .number(variances[peak])
        evidence["largestVarianceAt"] = .number(rows[peak].control)
        guard let location else { return evidence }
        let k = rows.indices.min { abs(rows[$0].control - location) < abs(rows[$1].control - location) }!
        // The control of largest scatter within two points of the transition is where two phases show side by side.
        let near = (max(0, k - 2)...min(rows.count - 1, k + 2)).max { variances[$0] < variances[$1] }!
        evidence["bimodality"] = .optional(bimodality(rows[near].values).flatMap { $0.isFinite ? $0 : nil })
        if let binder = try? binderCumulant(rows[near].values) {
            evidence["binderCumulant"] = .number(binder.value)
            evidence["binderError"] = .number(binder.error)
        }
        // Equal for all controls where the replicas differ as wholes, small where each point fluctuates on its own.
        if near > 0, near + 1 < rows.count, rows[near - 1].values.count == rows[near + 1].values.count,
            let r = try? correlation(rows[near - 1].values, rows[near + 1].values)
        {
            evidence["replicaCorrelation"] = .number(r)
        }
        return evidence
    }
}
