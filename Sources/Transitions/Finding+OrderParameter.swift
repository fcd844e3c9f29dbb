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
        let scale = base.ms.reduce(0) { max($0, abs($1)) }
        guard base.span > 1e-9 * scale, base.span > 4 * base.noise else {
            shape = .undecided("\(words.orderParameter) does not vary beyond its scatter")
            return
        }
        changes = Self.jumps(of: base)
        if cold.xs.count < fewestControls, let loop = Self.loop(up, down) {
            changes.removeAll { loop.bracket.contains($0.location.value) }
            changes.append(loop)
        }
        changes += Self.onsets(of: base, amplitude: amplitude).filter { onset in
            !changes.contains { abs($0.location.value - onset.location.value) <= 2 * onset.bracket.width }
        }
        changes.sort { $0.location.value < $1.location.value }
        if changes.isEmpty { shape = Self.shape(of: base, words: words) }
    }

    private static func jumps(of series: OrderParameterSeries) -> [PhaseChange] {
        series.jumps().map { i in
            let bracket = Interval(series.xs[i], series.xs[i + 1])
            let isAtEdge = i == 0 || i + 2 == series.xs.count
            var change = PhaseChange(
                order: isAtEdge ? .undecided : .first, location: Measured(bracket.middle, bracket.width / 2),
                bracket: bracket, reason: isAtEdge ? "the grid ends right beside it" : "")
            change.left.orderParameter = series.ms[i]
            change.right.orderParameter = series.ms[i + 1]
            change.pointsUsed = min(6, series.xs.count)
            return change
        }
    }

    /// The loop between an up- and a down-sweep that jump at different controls.
    private static func loop(_ up: OrderParameterSeries, _ down: OrderParameterSeries) -> PhaseChange? {
        guard up.xs.count >= fewestControls, down.xs.count >= fewestControls,
            let u = up.jumps().max(by: { abs(up.step($0)) < abs(up.step($1)) }),
            let d = down.jumps().max(by: { abs(down.step($0)) < abs(down.step($1)) }),
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
            change.pointsUsed = 6
            changes.append(change)
        }
        return changes
    }

    private static func shape(of series: OrderParameterSeries, words: Words) -> Shape {
        if series.noise > 0.1 * series.span {
            return .undecided("\(words.orderParameter) scatters by a tenth of its range and more")
        }
        for (side, sign) in [(series, 1.0), (series.mirrored, -1.0)] {
            guard let x = approachingZero(side) else { continue }
            // A zero of the order parameter at the axis's own origin is no transition.
            if sign < 0, -x <= 0.05 * abs(series.xs[0]) { continue }
            return .undecided(
                "\(words.orderParameter) heads for zero near \(words.axis) = \(words.plain(sign * x)), "
                    + "outside the grid")
        }
        let slopes = (0..<series.xs.count - 1).map { i in
            (x: (series.xs[i] + series.xs[i + 1]) / 2, y: abs(series.step(i)) / series.width(i))
        }
        if let peak = interiorPeak(slopes, prominence: 0.25) {
            let widest = (0..<series.xs.count - 1).map(series.width).max()!
            let top = slopes.map(\.y).max()!
            if top * widest > 4 * series.noise { return .crossover(peak) }
        }
        return .smooth
    }

    /// Where the parabola through the last points falls to zero, within the grid's own width.
    private static func approachingZero(_ series: OrderParameterSeries) -> Double? {
        let count = min(5, series.xs.count)
        let (xs, ms) = (Array(series.xs.suffix(count)), Array(series.ms.suffix(count)))
        guard let end = xs.last, let m = ms.last, m != 0,
            let fit = try? polynomialFit(xs.map { $0 - end }, ms.map { $0 * (m < 0 ? -1 : 1) }, degree: 2),
            fit.coefficients[1] < 0,
            let d = vanishing(fit.coefficients[0], fit.coefficients[1], 2 * fit.coefficients[2])
        else { return nil }
        return d <= end - series.xs[0] ? end + d : nil
    }
}
