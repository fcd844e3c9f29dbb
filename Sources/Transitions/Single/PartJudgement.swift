import GSLNumerics
import Lanes
import PhaseSpace

/// A stretch of a table judged on its own: with outliers' errors enlarged, and the scatter estimated where none is
/// stated.
struct PartJudgement {
    let judgement: SingleJudgement
    /// Indices into the series whose values lie beyond five errors; their errors are as large as their distances.
    let outliers: [Int]
    /// Where the table has outliers beyond this window of it, as `SingleSeries.xs`.
    var farOutliers: [Double] = []
    /// Whether the best description leaves scatter alone.
    let isAdequate: Bool
    /// Whether the best description is off by more than scatter, though by less than a hundredth of the span.
    var isApproximate = false
    /// Whether it is a stretch of a table that no single description fits.
    var isStretch = false
    /// Whether it is the neighbourhood of a transition alone.
    var isWindow = false
    /// The whole table's span.
    var tableSpan: Double
    /// χ² per degree of freedom in the errors that the table states, or the scatter of neighbours.
    let misfit: Double
    var series: SingleSeries { judgement.series }

    /// Beyond this many errors a single value is an outlier.
    static let outlierDistance = 5.0

    init(_ table: SingleSeries) {
        var series = table
        let typical = (try? median(table.errors)) ?? 0
        var strays = Self.isolated(table, typical)
        if !table.isStated { Self.reestimate(&series, without: strays) }
        let estimated = series.errors
        Self.enlarge(&series, strays)
        var judgement = SingleJudgement(series)
        var misfit = judgement.reducedChiSquared
        if !table.isStated {
            // The scatter of neighbours is a first estimate; the best fit knows better, as long as it is a fit.
            let scale = misfit.squareRoot()
            let isFit = scale <= (table.count < 24 ? 2.5 : 1.7) || scale * typical <= 0.01 * table.span
            if isFit, abs(scale - 1) > 0.1 {
                let factor = max(0.5, scale)
                let errors = estimated.map { max($0 * factor, SingleSeries.finest * table.span) }
                if zip(errors, estimated).contains(where: { abs($0 / $1 - 1) > 0.05 }) {
                    series.errors = errors
                    Self.enlarge(&series, strays)
                    judgement = SingleJudgement(series)
                }
            }
            isApproximate = isFit && scale > 2
            if isFit { misfit = min(misfit, 1) }
        }
        for _ in 0..<2 {
            let residuals = judgement.residuals(judgement.winner)
            var far = residuals.indices.filter { abs(residuals[$0]) > Self.outlierDistance }
            // Neighbours that stray together are a feature of the curve.
            far = far.filter { i in !far.contains(i - 1) && !far.contains(i + 1) }
            let heavy = residuals.filter { abs($0) > 3 }.count
            guard !far.isEmpty, far.count <= max(2, table.count / 12), heavy <= max(3, table.count / 8) else { break }
            strays.merge(far.map { ($0, abs(residuals[$0]) * series.errors[$0]) }) { max($0, $1) }
            Self.enlarge(&series, strays)
            judgement = SingleJudgement(series)
            misfit = judgement.reducedChiSquared
        }
        self.judgement = judgement
        tableSpan = table.span
        self.misfit = misfit
        outliers = strays.keys.sorted()
        let freedom = judgement.freedom
        isAdequate = misfit <= 1 + 4 * (2 / freedom).squareRoot()
    }

    /// The largest window about a continuous transition in which its power law, with one correction, is a fit.
    private var nearPlace: PartJudgement? {
        var place = judgement.decision().place
        guard judgement.scans[judgement.winner].description.order == .second else { return nil }
        for fraction in [0.7, 0.5, 0.35, 0.25] {
            let count = Int(fraction * Double(series.count))
            guard count >= 20, let middle = place else { return nil }
            let at = series.xs.firstIndex { $0 >= middle } ?? series.count - 1
            let low = max(0, min(series.count - count, at - count / 2))
            var part = PartJudgement(series.part(low..<low + count))
            guard part.judgement.scans[part.judgement.winner].description.order == .second else { return nil }
            place = part.judgement.decision().place
            part.isWindow = true
            if part.isAdequate, !part.isApproximate {
                let ends = (part.series.xs[0], part.series.xs[part.series.count - 1])
                part.farOutliers = outliers.map { series.xs[$0] }.filter { $0 < ends.0 || $0 > ends.1 }
                return part
            }
        }
        return nil
    }

    /// Whether the order stays the same where the scatter is taken as even along the curve: what only fits because the
    /// values scatter more at the transition may be rounded there by the size of the system.
    func holdsWithEvenScatter(_ order: TransitionOrder) -> Bool {
        guard !series.isStated, let middle = try? median(series.errors) else { return true }
        let strays = Set(outliers)
        let regular = series.errors.indices.filter { !strays.contains($0) }.map { series.errors[$0] }
        guard let largest = regular.max(), largest > 1.3 * middle else { return true }
        var even = series
        for i in even.errors.indices where !strays.contains(i) { even.errors[i] = middle }
        let judgement = SingleJudgement(even)
        guard judgement.reducedChiSquared <= 1 + 6 * (2 / judgement.freedom).squareRoot() else { return false }
        return judgement.decision().order == order
    }

    private static func enlarge(_ series: inout SingleSeries, _ strays: [Int: Double]) {
        for (i, distance) in strays { series.errors[i] = max(series.errors[i], distance) }
    }

    /// Strays count in the scatter of all values about them: it is taken again without them.
    private static func reestimate(_ series: inout SingleSeries, without strays: [Int: Double]) {
        guard !strays.isEmpty, series.grid.count == series.count else { return }
        let kept = series.xs.indices.filter { strays[$0] == nil }
        let scatter = SingleSeries.localScatter(kept.map { series.xs[$0] }, kept.map { series.ys[$0] })
        let reach = max(6, series.count / 10) + 4
        for (i, own) in zip(kept, scatter) where strays.keys.contains(where: { abs($0 - i) <= 2 * reach }) {
            series.errors[i] = min(series.errors[i], max(own, SingleSeries.finest * series.span))
        }
    }

    /// Single values far from four neighbours that agree with each other, with their distances; `error` is the median one.
    private static func isolated(_ series: SingleSeries, _ error: Double) -> [Int: Double] {
        guard series.count >= 10 else { return [:] }
        var found: [Int: Double] = [:]
        for i in 1..<series.count - 1 {
            let low = max(0, min(i - 2, series.count - 5))
            let neighbours = (low..<low + 5).filter { $0 != i }.map { series.ys[$0] }
            guard let middle = try? median(neighbours) else { continue }
            let distance = abs(series.ys[i] - middle)
            let reach = neighbours.max()! - neighbours.min()!
            // An estimated error beside a stray is the stray's own.
            let least = series.isStated ? series.errors[i] : min(error, series.errors[i])
            if distance > 8 * least, distance > 0.05 * series.span, distance > 4 * reach {
                found[i] = distance
            }
        }
        return found.count <= max(2, series.count / 12) ? found : [:]
    }

    // MARK: - Several transitions

    /// Where outliers lie, as `SingleSeries.xs`, rising.
    var outlierPlaces: [Double] { (farOutliers + outliers.map { series.xs[$0] }).sorted() }

    /// The stretches that a table falls into where no single description fits: each is judged on its own.
    static func parts(of series: SingleSeries) -> [PartJudgement] {
        var parts = parts(of: series, depth: 0)
        for i in parts.indices {
            parts[i].isStretch = parts.count > 1
            parts[i].tableSpan = series.span
        }
        // A stretch without a place is passed over; its outliers are not.
        if parts.count > 1, parts.contains(where: { !$0.outlierPlaces.isEmpty }) {
            let places = parts.map { $0.judgement.decision().place }
            if let first = places.firstIndex(where: { $0 != nil }) {
                for i in parts.indices where places[i] == nil { parts[first].farOutliers += parts[i].outlierPlaces }
            }
        }
        return parts
    }

    private static func parts(of series: SingleSeries, depth: Int) -> [PartJudgement] {
        let whole = PartJudgement(series)
        if whole.isApproximate || !whole.isAdequate, let near = whole.nearPlace { return [near] }
        guard !whole.isAdequate, depth < 2, series.grid.count >= 20 else { return [whole] }
        let fewest = 8
        let cuts = Set((1...7).map { series.count * $0 / 8 }).sorted().filter { cut in
            cut >= fewest && series.count - cut >= fewest && series.xs[cut] > series.xs[cut - 1]
                && Set(series.xs[..<cut]).count >= fewest && Set(series.xs[cut...]).count >= fewest
        }
        let ranked = cuts.map { cut in
            let halves = [0..<cut, cut..<series.count].map { SingleJudgement(whole.series.part($0), isCoarse: true) }
            return (cut: cut, evidence: halves.reduce(0) { $0 + $1.evidence[$1.winner] })
        }.sorted { ($1.evidence, $0.cut) < ($0.evidence, $1.cut) }
        let least = whole.judgement.evidence[whole.judgement.winner] + SingleJudgement.decisiveLead
        guard let best = ranked.first(where: { $0.evidence > least && !isTransition(at: $0.cut, of: whole.series) })
        else { return [whole] }
        return parts(of: series.part(0..<best.cut), depth: depth + 1)
            + parts(of: series.part(best.cut..<series.count), depth: depth + 1)
    }

    /// Whether a cut would fall on a transition, which then neither stretch holds, or so near to one that it lies at an
    /// end: the eight values on either side, taken together, change within four steps of it.
    private static func isTransition(at cut: Int, of series: SingleSeries) -> Bool {
        let seam = series.part(max(0, cut - 8)..<min(series.count, cut + 8))
        guard seam.span > 0 else { return false }
        let judgement = SingleJudgement(seam)
        let decision = judgement.decision()
        // Where nothing but the order is undecided it is a transition, too, unless these values are most of the table.
        let orders = [judgement.scans[decision.winner].description.order, decision.rival]
        guard
            decision.order == .first || decision.order == .second
                || (decision.order == .undecided && series.count >= 32
                    && orders.allSatisfy { $0 == .first || $0 == .second }),
            let place = decision.place
        else { return false }
        return place >= series.xs[max(0, cut - 5)] && place <= series.xs[min(series.count - 1, cut + 4)]
    }
}
