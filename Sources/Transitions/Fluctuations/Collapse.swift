import Foundation
import GSLNumerics
import Lanes
import OrderedCollections
import PhaseSpace
import Support

/// A finite-size collapse: y·L^(β/ν) as one function of (γ − γ*)·L^(1/ν).
public struct Collapse: Sendable {
    /// Names of the table's columns: size, control, value.
    public let names: [String]
    public let sizes: [Double]
    public let pointCount: Int
    /// Points that lie between points of another size; only these count.
    public let overlapping: Int
    /// γ*, ν and β with 95 % intervals.
    public let critical: Estimate
    public let nu: Estimate
    public let beta: Estimate
    /// β/ν, which is known better than β and ν are.
    public let betaOverNu: Estimate
    /// Houdayer and Hartmann's S: about 1 for a collapse within the errors.
    public let quality: Double
    /// S of the data as they are: what the collapse has gained.
    public let qualityUnscaled: Double
    /// Abscissa, ordinate and its error of every point after the collapse, by size, then control.
    public let scaled: [SizedValue]
    public let data: [SizedValue]

    /// ζ of y ∝ L^(ζ/ν) f: −β.
    public var zeta: Estimate {
        Estimate(-beta.value, beta.interval.map { Interval(-$0.high, -$0.low) })
    }
    /// What S says, as a sentence.
    public var sentence: String {
        let verdict =
            quality <= 2
            ? "the sizes collapse within their errors"
            : quality <= 5
                ? "the sizes collapse roughly: corrections to scaling, or errors that are too small"
                : "the sizes do not collapse: no power law of this form within the range of the data"
        return String(format: "S = %.3g", quality) + ": " + verdict
    }
}

/// Why there is no collapse, as a sentence.
public struct CollapseError: Error, CustomStringConvertible, Equatable {
    public let description: String
    public init(description: String) { self.description = description }
}

/// Collapses a table with the columns size, control, value and its standard error.
/// - Throws: `TableError` for a table that is none, `CollapseError` as `collapse(of:)`.
public func collapse(fromTable text: String, source: String = "table") throws -> Collapse {
    let reading = try TableReading(NumberTable(text, source: source), for: .collapse)
    return try collapse(of: try reading.sizedValues(), names: reading.names)
}

/// The collapse of smallest S (Nelder and Mead's simplex from several starts). Intervals come from `resamplings`
/// repetitions with values drawn anew within their errors (fixed seed), widened by √S where S is above 1.
/// - Throws: `CollapseError` for fewer than two sizes or four points of one, where nothing overlaps, or where nothing
///   depends on the size.
public func collapse(
    of data: [SizedValue], names: [String] = ["size", "control", "value"], resamplings: Int = 200
) throws -> Collapse {
    let curves = SizedCurve.grouped(data)
    guard curves.count >= 2 else {
        throw CollapseError(description: "a collapse needs two sizes or more, not \(curves.count)")
    }
    if let short = curves.first(where: { Set($0.controls).count < 4 }) {
        throw CollapseError(
            description: "a collapse needs four controls or more of every size, but size "
                + "\(ControlValue.number(short.size)) has \(Set(short.controls).count)")
    }
    let unscaled = ScalingForm(critical: 0, inverseNu: 0, betaOverNu: 0).quality(of: curves)
    if unscaled.quality < 1.5, 2 * unscaled.overlapping >= data.count {
        throw CollapseError(
            description: "the sizes' curves agree within their errors as they are ("
                + String(format: "S = %.2g", unscaled.quality)
                + "): nothing depends on the size, so that any exponents "
                + "would do")
    }
    let search = CollapseSearch(curves)
    let best = try search.best()
    let (quality, overlapping) = best.quality(of: curves)
    let numbers = RandomSequence(seed: 20_040_014)
    let repeats = (0..<resamplings).compactMap { _ -> ScalingForm? in
        let redrawn = curves.map { curve in
            var redrawn = curve
            for i in curve.values.indices { redrawn.values[i] += curve.errors[i] * numbers.normal() }
            return redrawn
        }
        return try? CollapseSearch(redrawn).refined(best, like: search)
    }
    guard repeats.count >= max(2, resamplings / 2) else {
        throw CollapseError(description: "the collapse is not determined: most resamplings have no best one")
    }
    let widening = 1.959963984540054 * max(1, quality.squareRoot())
    func estimate(_ number: (ScalingForm) -> Double) -> Estimate {
        let value = number(best)
        let half = widening * ((try? variance(repeats.map(number))) ?? 0).squareRoot()
        return Estimate(value, Interval(value - half, value + half))
    }
    let scaled = curves.flatMap { curve in
        curve.controls.indices.map { i in
            let factor = power(curve.size, best.betaOverNu)
            return SizedValue(
                size: curve.size, control: (curve.controls[i] - best.critical) * power(curve.size, best.inverseNu),
                value: curve.values[i] * factor, error: curve.errors[i] * factor)
        }
    }
    return Collapse(
        names: names, sizes: curves.map(\.size), pointCount: data.count, overlapping: overlapping,
        critical: estimate(\.critical), nu: estimate { 1 / $0.inverseNu },
        beta: estimate { $0.betaOverNu / $0.inverseNu }, betaOverNu: estimate(\.betaOverNu), quality: quality,
        qualityUnscaled: unscaled.quality,
        scaled: scaled,
        data: curves.flatMap { curve in
            curve.controls.indices.map {
                SizedValue(
                    size: curve.size, control: curve.controls[$0], value: curve.values[$0], error: curve.errors[$0])
            }
        })
}

/// The search for the smallest S.
struct CollapseSearch {
    let curves: [SizedCurve]
    private let low: Double
    private let high: Double
    private let count: Int

    init(_ curves: [SizedCurve]) {
        self.curves = curves
        low = curves.map { $0.controls[0] }.min()!
        high = curves.map { $0.controls[$0.controls.count - 1] }.max()!
        count = curves.reduce(0) { $0 + $1.controls.count }
    }

    /// S, and a wall where fewer than half of the points overlap: a few points that agree by chance are no collapse.
    private func cost(_ p: [Double]) -> Double {
        guard p[1] > 0.05, p[1] < 20, abs(p[2]) < 20, p[0] > low - (high - low), p[0] < high + (high - low) else {
            return .infinity
        }
        let form = ScalingForm(critical: p[0], inverseNu: p[1], betaOverNu: p[2])
        let (quality, overlapping) = form.quality(of: curves)
        return 2 * overlapping >= count ? quality : .infinity
    }

    private func descend(_ start: [Double], _ steps: [Double], tolerance: Double) -> (x: [Double], value: Double)? {
        guard cost(start).isFinite else { return nil }
        return try? simplexMinimum(of: cost, start: start, steps: steps, tolerance: tolerance)
    }

    func best() throws(CollapseError) -> ScalingForm {
        let width = high - low
        var starts: [(x: [Double], value: Double)] = []
        for place in 1...7 {
            for inverseNu in [0.4, 0.7, 1, 1.5, 2.2] {
                for betaOverNu in [-1.5, -0.75, -0.25, 0, 0.125, 0.5, 1] {
                    let p = [low + width * Double(place) / 8, inverseNu, betaOverNu]
                    starts.append((p, cost(p)))
                }
            }
        }
        let promising = starts.filter { $0.value.isFinite }.sorted { $0.value < $1.value }.prefix(8)
        let ends = promising.compactMap { descend($0.x, [0.1 * width, 0.2, 0.2], tolerance: 1e-4) }
        guard let end = ends.min(by: { $0.value < $1.value }),
            let last = descend(end.x, [0.01 * width, 0.05, 0.05], tolerance: 1e-6)
        else {
            throw CollapseError(
                description: "the sizes never overlap on a common curve: measure them at controls nearer to the "
                    + "transition")
        }
        return ScalingForm(critical: last.x[0], inverseNu: last.x[1], betaOverNu: last.x[2])
    }

    /// The minimum near another search's.
    func refined(_ form: ScalingForm, like search: CollapseSearch) throws -> ScalingForm {
        let width = search.high - search.low
        guard
            let end = descend(
                [form.critical, form.inverseNu, form.betaOverNu], [0.01 * width, 0.05, 0.02], tolerance: 1e-4)
        else { throw CollapseError(description: "no minimum near the start") }
        return ScalingForm(critical: end.x[0], inverseNu: end.x[1], betaOverNu: end.x[2])
    }
}

extension Collapse {
    /// What `landau collapse --json` prints.
    public var json: JSONValue {
        func object(_ e: Estimate) -> JSONValue {
            ["value": .number(e.value), "interval": e.interval?.json ?? .null]
        }
        return [
            "critical": object(critical), "nu": object(nu), "beta": object(beta), "zeta": object(zeta),
            "betaOverNu": object(betaOverNu), "quality": .number(quality),
            "qualityUnscaled": .number(qualityUnscaled), "sizes": .numbers(sizes),
            "points": .number(Double(pointCount)), "overlapping": .number(Double(overlapping)),
            "sentence": .text(sentence),
        ]
    }
}
