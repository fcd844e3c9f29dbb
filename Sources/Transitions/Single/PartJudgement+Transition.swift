import GSLNumerics
import Lanes
import OrderedCollections
import PhaseSpace
import Support

extension PartJudgement {
    /// The verdict on the stretch, in words.
    func transition(_ words: TableWords, _ rows: TableRows, amplitude: Amplitude) -> Transition {
        let decision = cautious(judgement.decision())
        var transition: Transition
        switch decision.order {
        case .none: transition = Transition(order: .none, sentence: noneSentence(words, rows))
        case .crossover: transition = crossover(decision, words, rows)
        case .second: transition = onset(decision, words, rows, amplitude)
        case .first: transition = jump(decision, words, rows)
        default: transition = undecided(decision, words, rows)
        }
        let strays = outlierPlaces.map { words.plain(rows.control($0)) }
        if !strays.isEmpty {
            let more = strays.count > 3 ? " and \(strays.count - 3) more" : ""
            transition.sentence +=
                strays.count == 1
                ? "; the value at \(words.axis) = \(strays[0]) is an outlier"
                : "; the values at \(words.axis) = \(strays.prefix(3).joined(separator: ", "))\(more) are outliers"
        }
        transition.sentence += words.scale
        transition.evidence.merge(evidence(decision, rows)) { own, _ in own }
        return transition
    }

    /// What a decision is worth where nothing fits, in a stretch of a table, and beside errors that are estimates.
    private func cautious(_ decision: SingleDecision) -> SingleDecision {
        var decision = decision
        // Beyond scatter, what a description leaves out moves its place and exponent by more than their intervals.
        if isApproximate || isWindow, let i = decision.interval, let place = decision.place {
            decision.interval = Interval(place - 3 * (place - i.low), place + 3 * (i.high - place))
            if decision.order == .second, decision.shape.count == 3 {
                let s = decision.shape
                decision.shape = [max(0.01, s[1] - 3 * (s[1] - s[0])), s[1], s[1] + 3 * (s[2] - s[1])]
            }
        }
        func open(_ reason: SingleDecision.Reason) {
            decision.order = .undecided
            decision.reason = reason
        }
        guard decision.order != .undecided else { return decision }
        // A few values that no description meets exactly do not tell a place from what is left out.
        if !isAdequate || isApproximate && series.count < 24 { open(.nothingFits) }
        let scan = judgement.finest[decision.winner]
        let isExact = (try? median(series.errors)).map { $0 <= 2e-3 * tableSpan } ?? false
        switch decision.order {
        case .none:
            // A wave's stretches are steepest within, too.
            if !isStretch, let place = judgement.steepestPlace(decision.winner) {
                open(.steepest(place))
                decision.rival = .crossover
            }
        case .first:
            // A small step between values whose scatter is a guess is no jump.
            if !series.isStated || isStretch, !isExact,
                abs(scan.amplitude[scan.best]) < 0.1 * tableSpan
            {
                open(.smallStep)
            }
        case .second:
            if decision.shape[1] < 0.1 { open(.smallExponent) }
            if decision.shape[1] > (isExact ? 2.3 : 1.75) { open(.largeExponent) }
            if isStretch, !isExact, series.span < 0.15 * tableSpan { open(.smallStep) }
            // Many values have more than one beside the place.
            if decision.order == .second, series.count < 25, decision.shape[1] < 0.6, let place = decision.place,
                !judgement.isOnset(without: place)
            {
                open(.singleValue)
            }
        default: break
        }
        if isStretch, !isExact, decision.order == .first || decision.order == .second,
            decision.lead < 2 * SingleJudgement.decisiveLead
        {
            open(.tie)
        }
        if decision.order == .first || decision.order == .second, !holdsWithEvenScatter(decision.order) {
            open(.unevenScatter)
        }
        return withCorrections(decision)
    }

    private func location(_ decision: SingleDecision, _ rows: TableRows) -> Estimate {
        let interval = decision.interval!
        let ends = (rows.control(interval.low), rows.control(interval.high))
        return Estimate(middleOf: Interval(ends.0, ends.1))
    }
    /// `0.98 ± 0.02`, or `0.9 to 1.3` where the interval is lopsided.
    private func place(_ location: Estimate, _ words: TableWords) -> String {
        guard let i = location.interval else { return words.plain(location.value) }
        return words.measured(Estimate(middleOf: i))
    }

    private func noneSentence(_ words: TableWords, _ rows: TableRows) -> String {
        let (low, high) = (rows.control(series.xs[0]), rows.control(series.xs[series.count - 1]))
        return "no transition between \(words.axis) = \(words.plain(low)) and \(words.plain(high)): \(words.quantity) "
            + "changes smoothly; jumps of a tenth of its range and kinks of half its mean slope are excluded"
    }

    private func crossover(_ decision: SingleDecision, _ words: TableWords, _ rows: TableRows) -> Transition {
        let location = location(decision, rows)
        // The likelihood's own width is no grid step; neither is a place known better than where the change is fastest.
        var transition = Transition(order: .crossover, location: location)
        let width = 2 * decision.shape[1] * (series.xs[series.count - 1] - series.xs[0])
        transition.evidence["width"] = .number(width)
        transition.sentence =
            "crossover at \(words.axis) = \(place(location, words)): \(words.quantity) changes fastest there, but "
            + "smoothly, over a width of \(words.plain(width))"
            + (rows.isLogControl ? " in ln \(words.axis)" : "")
        return transition
    }

    private func jump(_ decision: SingleDecision, _ words: TableWords, _ rows: TableRows) -> Transition {
        let location = location(decision, rows)
        var transition = Transition(order: .first, location: location)
        let scan = judgement.finest[decision.winner]
        let sign = scan.description.isBelow ? 1.0 : -1
        let drop = sign * scan.amplitude[scan.best]
        let middle = Int(scan.bestPlace)
        let ends = [series.grid[middle], series.grid[middle + 1]].map { rows.control(series.control($0)) }
        let step = ends[1] - ends[0]
        transition.evidence["drop"] = .number(drop)
        transition.evidence["dropError"] = .number(1.96 * scan.amplitudeError[scan.best])
        transition.evidence["bracket"] = location.interval!.json
        transition.sentence =
            "first order at \(words.axis) = \(place(location, words)): \(words.quantity) "
            + "\(drop < 0 ? "rises" : "drops") by \(words.plain(abs(drop))), rounded over less than \(words.plain(3 * step)), if at all"
        return transition
    }

    private func onset(
        _ decision: SingleDecision, _ words: TableWords, _ rows: TableRows, _ amplitude: Amplitude
    ) -> Transition {
        let location = location(decision, rows)
        var transition = Transition(order: .second, location: location)
        let unit = amplitude == .squareRoot ? 0.5 : 1.0
        // The simplest background that is nearly as likely gives the words.
        let plain = judgement.scans.indices.filter {
            judgement.scans[$0].description.kind == .onset && judgement.scans[$0].description.background == 0
        }.max { judgement.evidence[$0] < judgement.evidence[$1] }
        let isPlain =
            plain.map { i in
                judgement.evidence[i] > judgement.evidence[decision.winner] - 10
                    || (!series.isStated && judgement.finest[i].least < 25 * Double(series.count))
            } ?? false
        let beta = decision.shape.map { $0 * unit }
        let exponent = Estimate(beta[1], Interval(beta[0], beta[2]))
        // A coarse grid of trials may rank a kink before a power law; values that stay constant on one side are none.
        let isKink = !isPlain && !isConstant(disorderedSide(decision.winner))
        transition.exponent = exponent
        let level = level(of: disorderedSide(isPlain ? plain! : decision.winner))
        let clause: String
        if isKink {
            clause = "\(words.quantity) has a kink"
        } else if level.error > 0, abs(level.value) <= max(3 * level.error, 0.02 * series.span) {
            clause = "\(words.quantity) vanishes continuously"
        } else {
            clause = "\(words.quantity) leaves a constant value continuously"
        }
        let jump = (decision.largestJump ?? 0) * series.span
        transition.evidence["largestJump"] = .number(jump)
        let of = amplitude == .squareRoot ? "√(\(words.quantity))" : words.quantity
        let half = (beta[2] - beta[0]) / 2
        let exponentWords =
            half > 1e-3 * beta[1]
            ? words.measured(Estimate((beta[0] + beta[2]) / 2, exponent.interval)) : words.plain(beta[1])
        transition.sentence =
            "second order at \(words.axis) = \(place(location, words)): \(clause), or with a jump below "
            + "\(words.plain(jump)); exponent of \(of): β = \(exponentWords)"
        return transition
    }

    /// Indices of the values on an onset's disordered side. Where the background is no constant, a constant side is it.
    private func disorderedSide(_ i: Int) -> [Int] {
        let scan = judgement.finest[i]
        let place = series.place(scan.bestPlace)
        let beyond = series.ts.indices.filter { (series.ts[$0] > place) == scan.description.isBelow }
        guard scan.description.background > 0, !isConstant(beyond) else { return beyond }
        let other = series.ts.indices.filter { (series.ts[$0] > place) != scan.description.isBelow }
        return isConstant(other) ? other : beyond
    }

    /// Whether values are one constant, within their errors or a thousandth of the range.
    private func isConstant(_ side: [Int]) -> Bool {
        let level = level(of: side)
        return side.count >= 3
            && side.allSatisfy { abs(series.ys[$0] - level.value) <= max(4 * series.errors[$0], 1e-3 * series.span) }
    }

    /// The constant that an onset leaves, with its error.
    private func level(of side: [Int]) -> (value: Double, error: Double) {
        guard !side.isEmpty else { return (0, 0) }
        let weights = side.map { 1 / (series.errors[$0] * series.errors[$0]) }
        let total = weights.reduce(0, +)
        return (zip(side, weights).reduce(0) { $0 + series.ys[$1.0] * $1.1 } / total, (1 / total).squareRoot())
    }

    private func undecided(_ decision: SingleDecision, _ words: TableWords, _ rows: TableRows) -> Transition {
        let winner = judgement.finest[decision.winner].description
        let near = decision.place.map { " near \(words.axis) = \(words.plain(rows.control($0)))" } ?? ""
        let rival = TableWords.name(decision.rival ?? .none)
        let sentence: String
        var place: Estimate? = decision.place.map { _ in location(decision, rows) }
        switch decision.reason {
        case .end:
            sentence = "undecided\(near): \(words.quantity) changes there, but the grid ends within two steps"
        case .unresolvedJump:
            let jump = words.plain((decision.largestJump ?? 0) * series.span)
            sentence =
                "undecided\(near): \(words.quantity) is continuous there or jumps by up to \(jump); the grid and the "
                + "errors do not tell"
        case .smallStep:
            sentence =
                "undecided\(near): \(words.quantity) changes there by a small part of its range, and "
                + (series.isStated
                    ? "the curve is none that one description fits" : "no errors are stated to hold that against")
        case .unevenScatter:
            sentence =
                "undecided\(near): \(words.quantity) scatters most there, and without stated errors that hides whether "
                + "it changes at one place or over a width"
        case .smallExponent:
            sentence = "undecided\(near): \(words.quantity) jumps there, or vanishes by a power below 0.1"
        case .singleValue:
            sentence =
                "undecided\(near): \(words.quantity) vanishes by a power there, or jumps; the one value nearest to the place "
                + "is all that tells"
        case .largeExponent:
            sentence =
                "undecided\(near): \(words.quantity) flattens there by a power above 1.75, which a smooth curve does, too"
        case .notExcluded(let order, let factor):
            let error = words.plain(((try? median(series.errors)) ?? 0) * factor)
            sentence =
                "undecided: \(words.quantity) is described by a smooth curve, but \(TableWords.name(order)) is not "
                + "excluded; errors of \(error) would tell"
            place = nil
        case .steepest(let place):
            sentence =
                "undecided: \(words.quantity) changes smoothly, fastest near \(words.axis) = "
                + "\(words.plain(rows.control(place))); the values do not tell whether that is a crossover"
        case .nothingFits:
            sentence =
                "undecided\(near): no description fits \(words.quantity) within its "
                + "\(series.isStated ? "stated errors" : "scatter"); the best is \(winner.words), with "
                + "\(words.plain(misfit)) for χ² per value"
        default:
            sentence = "undecided\(near): \(words.quantity) is as well \(winner.words) as \(rival)"
        }
        return Transition(order: .undecided, location: place, sentence: sentence)
    }

    // MARK: - Evidence

    private func evidence(_ decision: SingleDecision, _ rows: TableRows) -> OrderedDictionary<String, JSONValue> {
        let top = judgement.evidence[judgement.winner]
        let compared = SingleJudgement.orders.compactMap(judgement.best).sorted {
            judgement.evidence[$0] > judgement.evidence[$1]
        }
        return [
            "method": "competing descriptions of one value a control",
            "descriptions": .list(
                compared.map { i in
                    let scan = judgement.finest[i]
                    return [
                        "name": .text(scan.description.name), "order": .text(scan.description.order.rawValue),
                        "logLikelihood": .number(-scan.least / 2), "evidence": .number(judgement.evidence[i] - top),
                        "amplitudes": .number(Double(scan.description.amplitudeCount)),
                    ]
                }),
            "logOdds": .number(decision.lead), "nextOrder": decision.rival.map { .text($0.rawValue) } ?? .null,
            "largestJump": .number(
                judgement.largestJump(beside: max(judgement.evidence(of: .second), judgement.evidence(of: .none)))
                    * series.span),
            "noise": .optional(try? median(series.errors)), "errorsStated": .bool(series.isStated),
            "reducedChiSquared": .number(misfit), "values": .number(Double(series.count)),
            "outliers": .numbers(outlierPlaces.map(rows.control)),
            "judgedAlong": .text(rows.isLogControl ? "ln" : "linear"),
            "fitWindow": .numbers([rows.control(series.xs[0]), rows.control(series.xs[series.count - 1])]),
        ]
    }

    /// The best description of each order, the likeliest first.
    func fits(_ rows: TableRows) -> [FittedDescription] {
        let top = judgement.evidence[judgement.winner]
        return SingleJudgement.orders.compactMap(judgement.best).sorted {
            judgement.evidence[$0] > judgement.evidence[$1]
        }.map { i in
            let description = judgement.scans[i].description
            return FittedDescription(
                name: description.name, order: description.order, evidence: judgement.evidence[i] - top,
                controls: series.xs.map(rows.control), values: judgement.fitted(i).map(rows.value))
        }
    }
    /// The values that were judged, with their distances from the likeliest description.
    func values(_ rows: TableRows) -> [JudgedValue] {
        let best = SingleJudgement.orders.compactMap(judgement.best).max {
            judgement.evidence[$0] < judgement.evidence[$1]
        }
        guard let best else { return [] }
        return zip(series.xs.indices, judgement.residuals(best)).map { i, residual in
            let value = rows.value(series.ys[i])
            return JudgedValue(
                control: rows.control(series.xs[i]), value: value,
                error: series.errors[i] * (rows.isLogValue ? value : 1), residual: residual,
                isOutlier: outliers.contains(i))
        }
    }
}
