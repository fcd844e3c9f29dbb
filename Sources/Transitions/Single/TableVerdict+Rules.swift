import GSLNumerics
import Lanes
import PhaseSpace
import Support

/// Fewer distinct controls than this hold no shape.
private let fewestForShape = 8

/// The boundaries between finite values and those that diverged beyond one end of them, or beyond both.
func divergences(of curve: Curve, _ words: TableWords) -> [Transition] {
    let name = curve.key.orderParameter
    func isFinite(_ sample: CurveSample) -> Bool { sample.values[name]?.isFinite ?? false }
    let finite = curve.samples.filter { $0.counts && isFinite($0) }.map(\.control)
    let diverged = curve.samples.filter { $0.outcome == .diverged }.map(\.control)
    // Where a run diverges between finite ones there is no one place.
    guard let low = finite.min(), let high = finite.max(), diverged.allSatisfy({ $0 < low || $0 > high }) else {
        return []
    }
    let (below, above) = (diverged.filter { $0 < low }, diverged.filter { $0 > high })
    return [
        (below.max().map { Interval($0, low) }, below, "below"),
        (above.min().map { Interval(high, $0) }, above, "above"),
    ]
    .compactMap { bracket, diverged, side in
        guard let bracket else { return nil }
        var transition = Transition(order: .boundary, location: Estimate(middleOf: bracket))
        transition.evidence["diverged"] = .number(Double(diverged.count))
        transition.sentence =
            "boundary between \(words.axis) = \(words.plain(bracket.low)) and \(words.plain(bracket.high)): "
            + "\(words.quantity) diverges \(side)"
        return transition
    }
}

/// What is decided by a rule, without comparing descriptions: loops, signs, folds, shares, and tables too short or too
/// flat to judge.
func ruledTransitions(_ rows: TableRows, _ words: TableWords, _ curve: Curve, isFolded: Bool) -> [Transition]? {
    func undecided(_ reason: String, at place: Estimate? = nil) -> [Transition] {
        [Transition(order: .undecided, location: place, sentence: "undecided: " + reason)]
    }
    let ys = rows.rows.map(\.y)
    guard let first = rows.rows.first, let last = rows.rows.last else {
        return undecided("no control has a value of \(words.quantity)")
    }
    let ends = "\(words.axis) = \(words.plain(first.control)) and \(words.plain(last.control))"
    if let loop = loopTransition(curve, words) { return [loop] }
    if rows.span == 0 {
        guard rows.distinct >= fewestControls else {
            return undecided("only \(rows.distinct) controls have a value of \(words.quantity)")
        }
        return [
            Transition(
                order: .none,
                sentence: "no transition between \(ends): \(words.quantity) is \(words.plain(ys[0])) throughout")
        ]
    }
    if let boundary = shareBoundary(rows, words) { return [boundary] }
    if let boundaries = regimeBoundaries(rows, curve) { return boundaries }
    if let signs = accidentalSigns(rows, words) { return undecided(signs) }
    if isFolded {
        return undecided(
            "\(words.quantity) has several values at one \(words.axis), on a line that runs back and forth: a fold, "
                + "across which nothing is judged")
    }
    if let several = severalBranches(rows, words) { return undecided(several) }
    guard rows.distinct >= fewestForShape else {
        return undecided(
            "\(rows.distinct) controls are too few to tell a smooth curve of \(words.quantity) from a transition; it "
                + "takes \(fewestForShape)")
    }
    return nil
}

/// Whole numbers that stay the same over stretches of the grid name regimes: they have boundaries, and no
/// jump is measured.
private func regimeBoundaries(_ rows: TableRows, _ curve: Curve) -> [Transition]? {
    let ys = rows.rows.map(\.y)
    let changes = zip(ys, ys.dropFirst()).count { $0 != $1 }
    guard rows.distinct >= fewestControls, rows.distinct == ys.count, !rows.isLogValue, !rows.isAbsolute,
        !rows.isStated,
        4 * changes <= ys.count, let replica = replicas(of: curve, observables: []).first,
        OrderParameterSeries(replica.rows).isCategorical
    else { return nil }
    let words = Words(curve: curve, axisControl: nil, observables: [])
    let amplitude = Amplitude(orderParameter: curve.key.orderParameter, axis: curve.key.axis, observables: [])
    let finding = Finding(orderParameterOf: replica, amplitude: amplitude, words: words)
    let controls = rows.rows.map(\.control)
    return Consensus(
        findings: [finding], words: words, lowestControl: nil, hasSlope: false,
        controlRange: controls[0]...controls[controls.count - 1]
    ).transitions().map(\.transition)
}

/// Shares that are 1 on one side and 0 on the other, with few between: a boundary of regimes.
private func shareBoundary(_ rows: TableRows, _ words: TableWords) -> Transition? {
    let ys = rows.rows.map(\.y)
    guard rows.distinct >= 6, !rows.isLogValue, ys.allSatisfy({ (0...1).contains($0) }),
        let a = ys.first, let b = ys.last, a + b == 1, a * b == 0
    else { return nil }
    let stated = rows.rows.compactMap(\.error).filter { $0 > 0 }
    let left = ys.prefix { $0 == a }.count
    let right = ys.reversed().prefix { $0 == b }.count
    let between = ys.count - left - right
    // Whole numbers with an error of their own are values, not shares of certain outcomes.
    guard between <= max(1, ys.count / 6), left >= 2, right >= 2,
        stated.isEmpty || rows.rows.allSatisfy({ ($0.error ?? 0) == 0 || ($0.y > 0 && $0.y < 1) })
    else { return nil }
    let bracket = Interval(rows.rows[left - 1].control, rows.rows[ys.count - right].control)
    var transition = Transition(
        order: .boundary, location: Estimate(middleOf: bracket))
    transition.evidence["bracket"] = bracket.json
    transition.sentence =
        "boundary between \(words.axis) = \(words.plain(bracket.low)) and \(words.plain(bracket.high)): "
        + "\(words.quantity) is \(words.plain(a)) below and \(words.plain(b)) above"
    return transition
}

/// A single run's order parameter whose sign changes from point to point, or both mirror branches at one control.
private func accidentalSigns(_ rows: TableRows, _ words: TableWords) -> String? {
    guard !rows.isAbsolute, !rows.isLogValue else { return nil }
    let ys = rows.rows.map(\.y)
    let size = ys.reduce(0) { max($0, abs($1)) }
    let flips = zip(ys, ys.dropFirst()).filter { a, b in
        a * b < 0 && min(abs(a), abs(b)) > 0.3 * size && abs(abs(a) - abs(b)) < 0.5 * max(abs(a), abs(b))
    }.count
    guard flips >= max(4, ys.count / 10) else { return nil }
    return
        "\(words.quantity) changes its sign \(flips) times between neighbours of equal size, as the order parameter of "
        + "single runs does; its size |\(words.quantity)| is what tells, by --abs"
}

/// Several values at one control that are no scatter: a curve that folds back, or coexisting branches.
private func severalBranches(_ rows: TableRows, _ words: TableWords) -> String? {
    let groups = Dictionary(grouping: rows.rows, by: \.x).sorted { $0.key < $1.key }
    let repeated = groups.filter { $0.value.count > 1 }
    if repeated.count >= 3 {
        // Within a control, values that keep to two levels with a gap far above the scatter within each.
        let apart = repeated.filter { _, group in
            let ys = group.map(\.y).sorted()
            let gaps = zip(ys, ys.dropFirst()).map { $1 - $0 }
            let widest = gaps.max()!
            let rest = (ys[ys.count - 1] - ys[0]) - widest
            let error = group.compactMap(\.error).max() ?? 0
            return widest > 0.15 * rows.span && widest > 6 * error && widest > 4 * rest
        }
        // Two repeats that scatter look like two levels, too: it takes neighbours, and singles beyond them.
        let isFold = apart.count >= 3 && repeated.count < groups.count && apart.count * 2 >= repeated.count
        if isFold || (apart.count >= 3 && apart.allSatisfy({ $0.value.count >= 4 })) {
            let controls = apart.map { $0.value[0].control }
            return "\(words.quantity) has several values at one control between \(words.axis) = "
                + "\(words.plain(controls[0])) and \(words.plain(controls[controls.count - 1])): branches that coexist, "
                + "across which nothing is judged"
        }
        // A loop in one file: two values everywhere, which part over one stretch of neighbours.
        let pairs = groups.map { _, group in (group.map(\.y).max()! - group.map(\.y).min()!) / rows.span }
        let wide = pairs.indices.filter { pairs[$0] > 0.3 }
        if repeated.count * 5 >= groups.count * 4, repeated.allSatisfy({ $0.value.count == 2 }),
            let first = wide.first, let last = wide.last, wide.count >= 2, last - first <= wide.count + 1,
            pairs.filter({ $0 < 0.05 }).count * 5 >= pairs.count * 2
        {
            return "\(words.quantity) has two values at one control between \(words.axis) = "
                + "\(words.plain(groups[first].value[0].control)) and \(words.plain(groups[last].value[0].control)), as "
                + "a hysteresis loop has; a column that says which way the control went (up, down) would tell"
        }
        return nil
    }
    // A curve that folds back, sorted by its control, jumps to and fro between its branches.
    let ys = rows.rows.map(\.y)
    guard ys.count >= 12 else { return nil }
    let wild = ys.indices.dropLast().filter { abs(ys[$0 + 1] - ys[$0]) > 0.15 * rows.span }
    let errors = rows.rows.compactMap(\.error).max() ?? 0
    guard wild.count >= 8, let first = wild.first, let last = wild.last, last - first <= 3 * wild.count,
        rows.span > 8 * errors
    else { return nil }
    // Scatter leaves no value with a near equal among the next few; branches that interleave do.
    let stretch = first...last
    let continued = stretch.filter { i in
        (i + 1...i + 5).contains { $0 < ys.count && abs(ys[$0] - ys[i]) < 0.04 * rows.span }
    }.count
    guard 10 * continued >= 9 * stretch.count else { return nil }
    let controls = [rows.rows[first].control, rows.rows[last + 1].control]
    return "\(words.quantity) jumps to and fro between \(words.axis) = \(words.plain(controls[0])) and "
        + "\(words.plain(controls[1])): several branches at one control, across which nothing is judged"
}

/// Up- and down-sweeps of one table as one loop: where they part, the transition between them is of first order.
private func loopTransition(_ curve: Curve, _ words: TableWords) -> Transition? {
    guard let loop = hysteresisLoop(of: curve), loop.rows.count >= fewestControls else { return nil }
    let all = loop.rows.flatMap { [$0.up, $0.down] }
    let span = all.max()! - all.min()!
    let controls = loop.rows.map(\.control)
    let noise = max(
        SingleSeries.scatter(controls, loop.rows.map(\.up)), SingleSeries.scatter(controls, loop.rows.map(\.down)))
    let gaps = loop.rows.map { $0.down - $0.up }
    let apart = loop.rows.filter { abs($0.up - $0.down) > max(6 * noise, 0.1 * span) }
    guard span > 0, apart.count >= 2 else { return nil }
    // A narrow loop is one where both sweeps jump and the later one lags behind over neighbouring controls.
    let largestSteps = [loop.rows.map(\.up), loop.rows.map(\.down)].map { sweep in
        zip(sweep, sweep.dropFirst()).reduce(0) { max($0, abs($1.1 - $1.0)) }
    }
    let isNarrow =
        largestSteps.allSatisfy { $0 > 0.3 * span }
        && zip(gaps, gaps.dropFirst()).contains { a, b in
            a * b > 0 && min(abs(a), abs(b)) > max(6 * noise, 0.15 * span)
        }
    guard isNarrow || apart.contains(where: { abs($0.up - $0.down) > 0.3 * span }) else { return nil }
    let middle = (all.max()! + all.min()!) / 2
    /// Where a sweep crosses the middle of the range.
    func crossing(_ values: [Double]) -> Interval? {
        let crossings = values.indices.dropLast().filter {
            (values[$0] - middle) * (values[$0 + 1] - middle) <= 0
        }
        guard let i = crossings.first, let j = crossings.last else { return nil }
        return Interval(controls[i], controls[j + 1])
    }
    guard let up = crossing(loop.rows.map(\.up)), let down = crossing(loop.rows.map(\.down)) else { return nil }
    let bracket = Interval(min(up.low, down.low), max(up.high, down.high))
    let place = Estimate(middleOf: bracket)
    var transition = Transition(order: .first, location: place)
    let coercive = [(down.low + down.high) / 2, (up.low + up.high) / 2]
    transition.upperEndOfLoop(coercive.max()!, coercive.min()!, up.width, down.width)
    transition.evidence["coercive"] = .numbers(coercive)
    transition.evidence["loopArea"] = .number(loop.area.value)
    transition.evidence["loopAreaInterval"] = loop.area.interval?.json ?? .null
    transition.evidence["hysteresis"] = .numbers(apart.map(\.control))
    transition.sentence =
        "first order at \(words.axis) = \(words.measured(place)), by its hysteresis loop: on the way up "
        + "\(words.quantity) crosses the middle of its range at \(words.plain(coercive[1])), on the way down at "
        + "\(words.plain(coercive[0])); the loop's area is \(words.plain(loop.area.value))"
    return transition
}

extension Transition {
    fileprivate mutating func upperEndOfLoop(_ upper: Double, _ lower: Double, _ up: Double, _ down: Double) {
        spinodal = Estimate(upper, Interval(upper - up / 2, upper + up / 2))
        lowerSpinodal = Estimate(lower, Interval(lower - down / 2, lower + down / 2))
    }
}
