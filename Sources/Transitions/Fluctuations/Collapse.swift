import Lanes
import PhaseSpace

/// A finite-size collapse: y·L^(β/ν) as one function of (γ − γ*)·L^(1/ν).
///
/// y ∝ L^(−β/ν): β is positive for an order parameter that falls with the size at γ*, and negative (−γ) for a
/// susceptibility that grows.
public struct Collapse: Sendable {
    /// Names of the table's columns: size, control, value.
    public let names: [String]
    public let sizes: [Double]
    public let pointCount: Int
    /// γ*, ν, β and β/ν with 95 % intervals; nil where the data determine no number.
    public let critical: Estimate?
    public let nu: Estimate?
    public let beta: Estimate?
    /// Known better than β and ν are.
    public let betaOverNu: Estimate?
    /// χ² over degrees of freedom, by the stated errors, of the widest range used; about 1 for a collapse within them.
    public let quality: Double
    /// The same with a curve of its own for every size: above 1, the stated errors are too small by its root.
    public let scatter: Double
    /// χ² over degrees of freedom of the data as they are, about one curve.
    public let qualityUnscaled: Double
    /// Results against the range of the scaled variable, the widest first.
    public let ranges: [CollapseRange]
    /// Whether a logarithm of the size fits as well as a small power of it; β is then not claimed.
    public let isLogarithm: Bool
    public let correction: CollapseCorrection
    /// Every point before and after the collapse, by size, then control.
    public let points: [CollapsedPoint]
    /// The mean master curve over the range used, by rising abscissa.
    public let masterCurve: [(x: Double, y: Double)]

    /// ζ of y ∝ L^(ζ/ν) f: −β.
    public var zeta: Estimate? {
        beta.map { beta in Estimate(-beta.value, beta.interval.map { Interval(-$0.high, -$0.low) }) }
    }
    public var isCollapse: Bool { ranges.contains(where: \.isUsed) }
    public var usedCount: Int { points.count(where: \.isUsed) }
}

/// Corrections to scaling, L^(−ω) beside 1.
public struct CollapseCorrection: Sendable {
    /// Posterior probability that there are any; ½ would be no evidence.
    public let probability: Double
    /// At the smallest size, in parts of the master curve; the most probable of the amplitudes that were tried.
    public let amplitude: Double
    /// With that amplitude; 1 with a wide prior where the data say nothing.
    public let omega: Double
}

/// A measurement before and after the collapse.
public struct CollapsedPoint: Sendable {
    public let measured: SizedValue
    /// Control: (γ − γ*) L^(1/ν); value and error: times L^(β/ν).
    public let scaled: SizedValue
    /// Whether it lies within the widest range used.
    public let isUsed: Bool
    /// Distance from the master curve with its corrections, in stated errors; nil for points not used.
    public let residual: Double?
}

/// Why there is no collapse, as a sentence.
public struct CollapseError: Error, CustomStringConvertible, Equatable {
    public let description: String
    public init(description: String) { self.description = description }
}

/// The collapse with a Gaussian process for its master curve.
///
/// The likelihood is that of all points within a range of the scaled variable; which points those are is settled before
/// a fit. Ranges shrink by 0.6. The widest counts whose misfit is that of separate curves and whose numbers agree with
/// those of narrower ones; intervals are those of it and the next two together. Corrections L^(−ω) of amplitudes from 0
/// to 0.3 count by their evidence. No random numbers are used.
/// - Throws: `CollapseError` for a study that determines no collapse; the sentence says why.
public func collapse(
    of data: [SizedValue], names: [String] = ["size", "control", "value"]
) throws(CollapseError) -> Collapse {
    try requireStudy(data)
    let all = CollapseData(data)
    guard let start = CollapseStart(all)?.parameters else {
        throw CollapseError(description: "no collapse has a finite likelihood: are the values of one scale?")
    }
    let unscaled = UnscaledFit(all, expectedLogScale: start[CollapseLikelihood.Parameter.logScale])
    let study = CollapseStudy(all, from: start)
    try study.requireSizeDependence(beside: unscaled)
    return try study.result(names: names, qualityUnscaled: unscaled.quality)
}

private func requireStudy(_ data: [SizedValue]) throws(CollapseError) {
    func fail(_ text: String) -> CollapseError { CollapseError(description: text) }
    let curves = Dictionary(grouping: data, by: \.size).sorted { $0.key < $1.key }
    guard curves.count >= 2 else { throw fail("a collapse needs two sizes or more, not \(curves.count)") }
    for (size, points) in curves where Set(points.map(\.control)).count < 4 {
        throw fail(
            "a collapse needs four controls or more of every size, but size \(ControlValue.number(size)) has "
                + "\(Set(points.map(\.control)).count)")
    }
    guard data.count >= CollapseStudy.leastPoints else {
        throw fail(
            "a collapse of three numbers and a curve needs \(CollapseStudy.leastPoints) points, not \(data.count)")
    }
    var chiSquared = 0.0
    for (_, points) in curves {
        let weights = points.map { 1 / ($0.error * $0.error) }
        let mean = zip(points, weights).reduce(0) { $0 + $1.0.value * $1.1 } / weights.reduce(0, +)
        chiSquared += zip(points, weights).reduce(0) { $0 + ($1.0.value - mean) * ($1.0.value - mean) * $1.1 }
    }
    let degrees = Double(data.count - curves.count)
    guard chiSquared > degrees * chiSquaredBound(degrees, deviations: 3.09) else {
        throw fail(
            "no size's values change with the control beyond their errors: the scaling function is constant, and any "
                + "critical point and ν would do")
    }
}

/// One curve through all points as they are.
struct UnscaledFit {
    let quality: Double
    let logPosterior: Double

    init(_ all: CollapseData, expectedLogScale: Double) {
        let likelihood = CollapseLikelihood(all.withoutSizes, correction: 0, expectedLogScale: expectedLogScale)
        var start = [Double](repeating: 0, count: CollapseLikelihood.Parameter.count)
        start[CollapseLikelihood.Parameter.logScale] = expectedLogScale
        likelihood.layInterval(at: start)
        let end = likelihood.maximum(from: start, directions: CollapseStart.directions(at: start)) ?? start
        guard let value = likelihood.evaluation(at: end) else {
            (quality, logPosterior) = (.infinity, -.infinity)
            return
        }
        let degrees = Double(all.count) - value.effectiveParameters
        quality = degrees > 0 ? value.chiSquared / degrees : .infinity
        logPosterior = value.logPosterior
    }
}
