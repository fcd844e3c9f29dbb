import GSLNumerics
import PhaseSpace

extension Finding {
    /// From an order parameter alone. Without a free energy nothing says which of two states is the global phase: a
    /// jump is placed by the cold points, or in the middle of the hysteresis loop.
    init(orderParameterOf replica: ReplicaRows, amplitude: Amplitude, words: Words) {
        func series(_ direction: Direction) -> OrderParameterSeries {
            OrderParameterSeries(replica.rows.filter { $0.direction == direction })
        }
        let (up, down) = (series(.up), series(.down))
        let cold = series(.cold)
        let base = [cold, up, down].first { $0.xs.count >= fewestControls } ?? OrderParameterSeries(replica.rows)
        controlCount = base.xs.count
        guard controlCount >= fewestControls else {
            shape = .undecided(
                "only \(controlCount) controls have a done point with \(words.orderParameter), "
                    + "and it takes \(fewestControls)")
            return
        }
        guard words.regimes.isEmpty else {
            changes = base.regimeChanges()
            return
        }
        let scale = base.ms.reduce(0) { max($0, abs($1)) }
        guard base.span > 1e-9 * scale, base.span > 4 * base.noise else {
            shape = .undecided("\(words.orderParameter) does not vary beyond its scatter")
            return
        }
        if base.isCategorical {
            changes = base.regimeChanges()
            return
        }
        changes = Self.jumps(of: base)
        if cold.xs.count < fewestControls, let loop = Self.loop(up, down) {
            changes.removeAll { loop.bracket.contains($0.location.value) }
            changes.append(loop)
        }
        // An onset explains a steep run that it lies in; a clean jump beside it is the jump's own foot.
        for onset in Self.onsets(of: base, amplitude: amplitude) {
            let reach = 2 * onset.bracket.width
            let beside = changes.filter { abs($0.location.value - onset.location.value) <= reach }
            if beside.contains(where: { $0.order == .first || Self.mayBeJump($0, of: base) }) { continue }
            changes.removeAll { abs($0.location.value - onset.location.value) <= reach }
            changes.append(onset)
        }
        changes.sort { $0.location.value < $1.location.value }
        if changes.isEmpty { shape = Self.shape(of: base, words: words) }
    }

    private static func jumps(of series: OrderParameterSeries) -> [PhaseChange] {
        series.jumps().map { run in
            let (i, j) = (run.lowerBound, run.upperBound)
            let bracket = Interval(series.xs[i], series.xs[j + 1])
            var change = PhaseChange(
                order: .first, location: Measured(bracket.middle, bracket.width / 2), bracket: bracket)
            let mirror = series.xs.count - 2 - j
            if i < 2 || j + 3 >= series.xs.count {
                change.order = .undecided
                change.reason = "the grid ends right beside the jump"
            } else if j > i {
                change.order = .undecided
                change.reason = "a steep change over \(j - i + 1) intervals that the grid does not resolve"
            } else if series.isPowerLaw(leftOf: i) || series.mirrored.isPowerLaw(leftOf: mirror) {
                change.order = .undecided
                change.reason = "a jump, or a power law with a small exponent: the grid does not tell"
            }
            change.left.orderParameter = series.ms[i]
            change.right.orderParameter = series.ms[j + 1]
            change.pointsUsed = min(6, series.xs.count)
            return change
        }
    }

    /// Whether the change takes one interval and neither side of it is a power law beyond doubt.
    private static func mayBeJump(_ change: PhaseChange, of series: OrderParameterSeries) -> Bool {
        guard let i = series.xs.firstIndex(of: change.bracket.low), i + 1 < series.xs.count,
            series.xs[i + 1] == change.bracket.high
        else { return false }
        return series.footing(leftOf: i) != .powerLaw
            && series.mirrored.footing(leftOf: series.xs.count - 2 - i) != .powerLaw
    }

    /// The loop between an up- and a down-sweep that jump at different controls.
    private static func loop(_ up: OrderParameterSeries, _ down: OrderParameterSeries) -> PhaseChange? {
        guard up.xs.count >= fewestControls, down.xs.count >= fewestControls,
            let u = up.largestJump, let d = down.largestJump,
            up.xs[u] != down.xs[d]
        else { return nil }
        let brackets = [Interval(up.xs[u], up.xs[u + 1]), Interval(down.xs[d], down.xs[d + 1])]
        let (low, high) = (brackets.map(\.low).min()!, brackets.map(\.high).max()!)
        let window = Interval(low, high)
        var change = PhaseChange(order: .first, location: Measured(window.middle, window.width / 2), bracket: window)
        change.left.orderParameter = down.ms[d]
        change.right.orderParameter = up.ms[u + 1]
        change.upperEnd = .at(
            Measured(brackets[0].middle, brackets[0].width / 2), bracket: brackets[0], lastSeen: up.xs[u])
        change.lowerEnd = .at(
            Measured(brackets[1].middle, brackets[1].width / 2), bracket: brackets[1], lastSeen: down.xs[d + 1])
        let values = Dictionary(zip(down.xs, down.ms), uniquingKeysWith: { $1 })
        change.hysteresis = zip(up.xs, up.ms).filter { x, m in
            values[x].map { abs($0 - m) > max(5 * up.noise, 0.05 * up.span) } ?? false
        }.map(\.0)
        change.pointsUsed = up.xs.count + down.xs.count
        return change
    }

    /// Continuous onsets next to a plateau on the right or on the left.
    private static func onsets(of series: OrderParameterSeries, amplitude: Amplitude) -> [PhaseChange] {
        var changes: [PhaseChange] = []
        for (series, sign) in [(series, 1.0), (series.mirrored, -1.0)] {
            guard let onset = series.onset(amplitude: amplitude) else { continue }
            let ends = [sign * series.xs[onset.interval], sign * series.xs[onset.interval + 1]]
            let place = Measured(sign * onset.location.value, onset.location.error)
            var change = PhaseChange(order: .second, location: place, bracket: Interval(ends.min()!, ends.max()!))
            change.left.orderParameter = onset.plateau
            change.right.orderParameter = onset.plateau
            change.exponent = onset.exponent
            change.vanishes = abs(onset.plateau) <= 0.02 * series.span
            change.pointsUsed = 6
            changes.append(change)
        }
        // Two plateaus joined within a few points, or with an onset at each, are one steep change.
        if changes.count == 2 { return [] }
        if let right = series.plateau(), let left = series.mirrored.plateau(),
            right.last - (series.xs.count - 1 - left.last) < 6
        {
            return []
        }
        return changes
    }

    private static func shape(of series: OrderParameterSeries, words: Words) -> Shape {
        if series.noise > 0.1 * series.span {
            return .undecided("\(words.orderParameter) scatters by a tenth of its range and more")
        }
        for (side, sign) in [(series, 1.0), (series.mirrored, -1.0)] {
            guard let x = side.approachingZero() else { continue }
            // A zero of the order parameter at the axis's own origin is no transition.
            if sign < 0, -x <= 0.05 * abs(series.xs[0]) { continue }
            return .undecided(
                "\(words.orderParameter) heads for zero near \(words.axis) = \(words.plain(sign * x)), "
                    + "outside the grid")
        }
        switch series.steepest() {
        case .resolved(let peak): return .crossover(peak)
        case .unresolved(let peak):
            return .undecided(
                "\(words.orderParameter) changes steeply near \(words.axis) = \(words.plain(peak.value)), "
                    + "within fewer than three intervals of the grid")
        case nil: break
        }
        if let i = series.coarseStep() {
            return .undecided(
                "\(words.orderParameter) changes steeply near "
                    + "\(words.axis) = \(words.plain((series.xs[i] + series.xs[i + 1]) / 2)), within one interval")
        }
        let plateaus = [(series, 1.0), (series.mirrored, -1.0)].compactMap { side, sign in
            side.plateau().map { sign * side.xs[$0.last + 1] }
        }
        if plateaus.count == 1 {
            return .undecided(
                "\(words.orderParameter) reaches a plateau near \(words.axis) = \(words.plain(plateaus[0])), "
                    + "and the points do not tell whether by a kink or smoothly")
        }
        return .smooth
    }
}
