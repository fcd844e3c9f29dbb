import GSLNumerics
import Lanes
import PhaseSpace
import Support

/// Judges a table with one value (with or without its error) a control.
///
/// Competing descriptions (a smooth curve, a crossover, a continuous onset, a kink, a jump, a branch up to its fold) are
/// fitted and compared by their marginal likelihoods; where two of them describe the values alike, the verdict is
/// `undecided` and says which. Repeated controls are repeats, all directions and replicas one table, except that up- and
/// down-sweeps are one hysteresis loop. How often verdicts are right, and what their intervals hold, is measured in
/// docs/coverage.md.
/// - Returns: a verdict for any curve whatever.
public func tableVerdict(for curve: Curve, options: JudgingOptions = JudgingOptions()) -> TableVerdict {
    let outcomes = Dictionary(curve.samples.map { ($0.outcome, 1) }, uniquingKeysWith: +)
    var verdict = Verdict(key: curve.key, varying: curve.varying, transitions: [], outcomes: outcomes)
    let unused = curve.samples.filter { !$0.counts }
    verdict.leftOut = Dictionary(unused.map { ($0.outcome, 1) }, uniquingKeysWith: +)
    let reasons = Dictionary(unused.filter { !$0.reason.isEmpty }.map { ($0.reason, 1) }, uniquingKeysWith: +)
    verdict.leftOutReason = reasons.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""

    let rows = TableRows(curve, options)
    let words = TableWords(curve, rows)
    verdict.transitions = divergences(of: curve, words)
    if let ruled = ruledTransitions(rows, words, curve, isFolded: options.isFolded) {
        verdict.transitions += ruled
        verdict.transitions.sort { ($0.location?.value ?? .infinity) < ($1.location?.value ?? .infinity) }
        if verdict.transitions.count > 1 { verdict.transitions.removeAll { $0.order == .none } }
        if verdict.transitions.count > 1 {
            verdict.transitions.removeAll { $0.order == .undecided && $0.location == nil }
        }
        return TableVerdict(verdict: verdict)
    }
    guard let series = rows.series(fewest: 1) else { return TableVerdict(verdict: verdict) }
    let amplitude = Amplitude(orderParameter: curve.key.orderParameter, axis: curve.key.axis, observables: [])
    let parts = PartJudgement.parts(of: series.binned ?? series)
    var fits: [FittedDescription] = []
    var values: [JudgedValue] = []
    var found: [Transition] = []
    for part in parts {
        var transition = part.transition(words, rows, amplitude: amplitude)
        if series.count > SingleSeries.longest, let zoomed = part.zoomed(transition, in: series, words, rows, amplitude)
        {
            transition = zoomed
        }
        found.append(transition)
        fits += part.fits(rows)
        values += part.values(rows)
    }
    // Where one stretch shows something, the stretches that show nothing say nothing of the curve.
    if found.contains(where: { $0.order != .none }) { found.removeAll { $0.order == .none } }
    if found.contains(where: { $0.order != .undecided }) {
        found.removeAll { $0.order == .undecided && $0.location == nil }
    }
    if found.count > 1, found.allSatisfy({ $0.order == .none }) {
        found = [smoothThroughout(series, found[0], words, rows)]
    }
    if found.count > 1, found.allSatisfy({ $0.order == .undecided && $0.location == nil }) { found = [found[0]] }
    if found.count == 1, found[0].order == .none, let zero = headsForZero(curve, words, rows) { found = [zero] }
    if let size = options.size {
        for i in found.indices where found[i].order == .first || found[i].order == .second {
            let order = found[i].order == .first ? "first order" : "second order"
            found[i].sentence =
                "undecided at size \(words.plain(size)): \(found[i].sentence), at this size; one size rounds every "
                + "transition, and more sizes would show whether the change sharpens as \(order) asks"
            found[i].order = .undecided
        }
    }
    verdict.transitions = (verdict.transitions + found).sorted {
        ($0.location?.value ?? .infinity) < ($1.location?.value ?? .infinity)
    }
    if verdict.transitions.count > 1 {
        verdict.transitions.removeAll { $0.order == .none || $0.order == .undecided && $0.location == nil }
    }
    var judged = TableVerdict(verdict: verdict, fits: fits, values: values)
    judged.isLogControl = rows.isLogControl
    return judged
}

extension Estimate {
    /// The middle of an interval, which is 0 where only rounding keeps it from it.
    init(middleOf interval: Interval) {
        let middle = (interval.low + interval.high) / 2
        self.init(abs(middle) < 1e-9 * interval.width ? 0 : middle, interval)
    }
}

/// A smooth curve that heads for zero beyond the grid: its transition, if it has one, lies there.
private func headsForZero(_ curve: Curve, _ words: TableWords, _ rows: TableRows) -> Transition? {
    guard !rows.isLogControl, !rows.isLogValue, !rows.isAbsolute,
        let replica = replicas(of: curve, observables: []).first
    else { return nil }
    let base = OrderParameterSeries(replica.rows)
    guard base.span > 50 * base.noise else { return nil }
    for (side, sign) in [(base, 1.0), (base.mirrored, -1.0)] {
        guard let x = side.approachingZero() else { continue }
        // A zero of the order parameter at the axis's own origin is no transition.
        if sign < 0, -x <= 0.05 * abs(base.xs[0]) { continue }
        return Transition(
            order: .undecided,
            sentence: "undecided: \(words.quantity) heads for zero near \(words.axis) = \(words.plain(sign * x)), "
                + "outside the grid")
    }
    return nil
}

/// A curve of several smooth stretches: a crossover where it is monotonic and steepest within, else nothing.
private func smoothThroughout(
    _ series: SingleSeries, _ part: Transition, _ words: TableWords, _ rows: TableRows
) -> Transition {
    let ends = [rows.control(series.xs[0]), rows.control(series.xs[series.count - 1])].map(words.plain)
    var transition = part
    transition.sentence =
        "no transition between \(words.axis) = \(ends[0]) and \(ends[1]): \(words.quantity) changes smoothly"
        + words.scale
    let count = 10
    let means = (0..<count).map { k -> (x: Double, y: Double) in
        let range = k * series.count / count..<(k + 1) * series.count / count
        let n = Double(max(1, range.count))
        return (range.reduce(0) { $0 + series.xs[$1] } / n, range.reduce(0) { $0 + series.ys[$1] } / n)
    }
    let slopes = zip(means, means.dropFirst()).map { ($1.y - $0.y) / ($1.x - $0.x) }
    let steepest = slopes.indices.max { abs(slopes[$0]) < abs(slopes[$1]) }!
    // Where a curve has levelled off, its means go up and down within their errors.
    guard slopes.allSatisfy({ $0 / slopes[steepest] > -0.1 }) else { return transition }
    let beside = max(abs(slopes[0]), abs(slopes[slopes.count - 1]))
    guard steepest > 0, steepest < slopes.count - 1, abs(slopes[steepest]) > 1.5 * beside else { return transition }
    let bracket = Interval(
        rows.control(means[max(0, steepest - 1)].x), rows.control(means[min(count - 1, steepest + 2)].x))
    transition.order = .crossover
    transition.location = Estimate(middleOf: bracket)
    transition.sentence =
        "crossover near \(words.axis) = \(words.measured(transition.location!)): \(words.quantity) changes fastest "
        + "there, but smoothly" + words.scale
    return transition
}

extension PartJudgement {
    /// A long table's values themselves about a transition that the averaged ones show.
    fileprivate func zoomed(
        _ coarse: Transition, in table: SingleSeries, _ words: TableWords, _ rows: TableRows, _ amplitude: Amplitude
    ) -> Transition? {
        guard coarse.order == .first || coarse.order == .second, let place = judgement.decision().place else {
            return nil
        }
        let middle = table.xs.firstIndex { $0 >= place } ?? table.count - 1
        let half = SingleSeries.longest / 2
        let low = max(0, min(table.count - 2 * half, middle - half))
        let near = PartJudgement(table.part(low..<min(table.count, low + 2 * half)))
        let fine = near.transition(words, rows, amplitude: amplitude)
        guard fine.order == coarse.order, let location = fine.location, let bound = coarse.location?.interval,
            location.interval!.width < bound.width
        else { return nil }
        return fine
    }
}
