import Foundation
import OrderedCollections
import PhaseSpace
import Support

/// Joins what the replicas say into the transitions of the curve.
struct Consensus {
    let findings: [Finding]
    let words: Words
    /// Lower end of the swept control's declared range.
    let lowestControl: Double?
    /// Whether F′ is known, so that jumps of F′ mean something.
    let hasSlope: Bool
    let controlRange: ClosedRange<Double>?

    /// The fraction of replicas that must agree.
    let quorum = 0.75

    /// By rising location, each with the changes of the replicas that it was made of.
    func transitions() -> [(transition: Transition, changes: [PhaseChange])] {
        if !words.regimes.isEmpty, findings.contains(where: { !$0.changes.isEmpty }) {
            return regimeTransitions().map { ($0, []) }
        }
        let groups = groups()
        let isRare: ([PhaseChange]) -> Bool = { 2 * $0.count < findings.count }
        var result = groups.filter { !isRare($0) }.map { (transition: transition(of: $0), changes: $0) }
        let rare = groups.filter(isRare)
        if result.isEmpty { result = [(withoutChange(), [])] }
        let missed = OrderedSet(findings.flatMap(\.missed)).sorted()
        for i in result.indices {
            if !missed.isEmpty { result[i].transition.evidence["missedMinima"] = .numbers(missed) }
            if !rare.isEmpty {
                result[i].transition.evidence["inFewReplicasNear"] = .list(
                    rare.map {
                        [
                            "control": .optional(pooled($0.map(\.location))?.value),
                            "replicas": .number(Double($0.count)),
                        ]
                    })
                result[i].transition.evidence["inFewReplicas"] = .numbers(rare.joined().map(\.location.value).sorted())
            }
        }
        return result.sorted { ($0.transition.location?.value ?? 0) < ($1.transition.location?.value ?? 0) }
    }

    private func replicaEvidence(_ agreeing: Int) -> OrderedDictionary<String, JSONValue> {
        [
            "replicas": .number(Double(findings.count)), "replicasAgreeing": .number(Double(agreeing)),
            "controls": .number(Double(findings.map(\.controlCount).max() ?? 0)),
        ]
    }

    // MARK: - No change of phase

    func withoutChange() -> Transition {
        let range =
            controlRange.map {
                "between \(words.axis) = \(words.plain($0.lowerBound)) and \(words.plain($0.upperBound))"
            } ?? "on the grid"
        let voters = findings.filter(\.changes.isEmpty)
        guard
            let shape = voters.map(\.shape).max(by: { a, b in
                voters.count { $0.shape == a } < voters.count { $0.shape == b }
            })
        else { return Transition(order: .undecided, sentence: "undecided: no done point has a value") }
        let agreeing = voters.filter { $0.shape == shape }
        var transition: Transition
        if Double(agreeing.count) < quorum * Double(findings.count) {
            transition = Transition(
                order: .undecided,
                sentence: "undecided: the replicas disagree on whether there is a transition (\(agreeing.count) of "
                    + "\(findings.count) agree)")
        } else {
            switch shape {
            case .smooth:
                transition = Transition(
                    order: .none,
                    sentence: "no transition \(range): \(words.orderParameter) "
                        + (words.regimes.isEmpty ? "changes smoothly" : "stays the same"))
            case .undecided(let reason):
                transition = Transition(order: .undecided, sentence: "undecided: \(reason)")
            case .crossover:
                let peaks = agreeing.compactMap { if case .crossover(let x) = $0.shape { x } else { nil } }
                let place = pooled(peaks)!
                transition = Transition(
                    order: .crossover, location: place,
                    sentence: "crossover at \(words.axis) = \(words.measured(place)): \(words.orderParameter) changes "
                        + "fastest there, but smoothly")
            }
        }
        transition.evidence = replicaEvidence(agreeing.count)
        return transition
    }

    // MARK: - One change of phase

    func transition(of changes: [PhaseChange]) -> Transition {
        let orders = [TransitionOrder.first, .second, .zeroth, .boundary, .undecided]
        let order = orders.max { a, b in
            changes.count { $0.order == a } < changes.count { $0.order == b }
        }!
        let agreeing = changes.filter { $0.order == order }
        var evidence = replicaEvidence(agreeing.count)
        evidence["bracket"] =
            Interval(
                changes.map(\.bracket.low).min()!, changes.map(\.bracket.high).max()!
            ).json
        let votes = orders.compactMap { order -> String? in
            let count = changes.count { $0.order == order }
            // Rare kinds are named only where they occur.
            return count > 0 || ![.zeroth, .boundary].contains(order) ? "\(count) \(order.rawValue)" : nil
        }
        guard Double(agreeing.count) >= quorum * Double(findings.count), order != .undecided else {
            let place = meanPlace(
                changes.map { Measured($0.location.value, max($0.location.error, $0.bracket.width / 2)) })!
            let reason =
                agreeing.count == findings.count
                ? agreeing[0].reason
                : "the replicas disagree on its order (\(votes.joined(separator: ", ")); "
                    + "\(findings.count - changes.count) none); more points (`refine`) or replicas may tell"
            var transition = Transition(
                order: .undecided, location: place,
                sentence: "undecided near \(words.axis) = \(words.measured(place)): \(reason)")
            transition.evidence = evidence
            return transition
        }
        var transition = Transition(order: order, location: meanPlace(agreeing.map(\.location)))
        transition.evidence = evidence.merging(sideEvidence(agreeing)) { $1 }
        switch order {
        case .first: addFirstOrder(agreeing, to: &transition)
        case .zeroth: addZerothOrder(agreeing, to: &transition)
        case .boundary: addBoundary(agreeing, to: &transition)
        default: addSecondOrder(agreeing, to: &transition)
        }
        return transition
    }

    private func sideEvidence(_ changes: [PhaseChange]) -> OrderedDictionary<String, JSONValue> {
        var evidence: OrderedDictionary<String, JSONValue> = [:]
        func put(_ name: String, _ value: (PhaseChange) -> Double?) {
            let values = changes.compactMap(value).map { Measured($0, 0) }
            evidence[name] = .optional(pooled(values)?.value)
        }
        put("orderParameterBelow") { $0.left.orderParameter }
        put("orderParameterAbove") { $0.right.orderParameter }
        if hasSlope {
            put("slopeBelow") { $0.left.slope }
            put("slopeAbove") { $0.right.slope }
            put("curvatureBelow") { $0.left.curvature }
            put("curvatureAbove") { $0.right.curvature }
        }
        evidence["pointsUsed"] = .number(Double(changes.reduce(0) { $0 + $1.pointsUsed }))
        return evidence
    }

    private func addFirstOrder(_ changes: [PhaseChange], to transition: inout Transition) {
        let jumps = changes.compactMap(\.jump)
        if hasSlope, jumps.count == changes.count {
            transition.jump = pooled(jumps)
            transition.latentHeat = pooled(
                changes.map { change in
                    let (x, j) = (change.location, change.jump!)
                    return Measured(x.value * j.value, abs(x.value) * j.error + abs(j.value) * x.error)
                })
        }
        var clauses = [dropClause(changes)]
        let isOrderedBelow = changes.allSatisfy { !$0.left.isZeroNet && $0.right.isZeroNet }
        let below = isOrderedBelow ? "the ordered branch" : "the branch below"
        let upper = ends(changes.map(\.upperEnd))
        let lower = ends(changes.map(\.lowerEnd))
        if let spinodal = upper.place {
            transition.spinodal = spinodal
            clauses.append("\(below) stays metastable up to \(words.measured(spinodal))")
        } else if let edge = upper.edge {
            clauses.append("the up-sweep stays on \(below) to the end of the grid at \(words.plain(edge))")
        }
        if let spinodal = lower.place {
            transition.lowerSpinodal = spinodal
            clauses.append("the branch above stays metastable down to \(words.measured(spinodal))")
        } else if let edge = lower.edge {
            let phase = changes.allSatisfy(\.right.isZeroNet) ? "the zero net" : "the branch above"
            if let lowest = lowestControl, lowest.isFinite, lowest <= edge {
                transition.lowerSpinodal = Estimate(lowest, Interval(lowest, edge))
            }
            clauses.append("the down-sweep never leaves \(phase) (loop open)")
        }
        let hysteresis = OrderedSet(changes.flatMap(\.hysteresis)).sorted()
        transition.evidence["hysteresis"] = .numbers(hysteresis.isEmpty ? [] : [hysteresis[0], hysteresis.last!])
        transition.evidence["hysteresisControls"] = .number(Double(hysteresis.count))
        transition.evidence["loopOpen"] = .bool(lower.place == nil && lower.edge != nil)
        transition.sentence =
            "first order at \(words.axis) = \(words.measured(transition.location!)): "
            + clauses.joined(separator: ", ").replacingLast(", ", by: clauses.count > 2 ? "; " : ", ")
    }

    private func dropClause(_ changes: [PhaseChange]) -> String {
        let sides = changes.compactMap { change in
            change.left.orderParameter.flatMap { l in change.right.orderParameter.map { Measured(l - $0, 0) } }
        }
        guard let drop = pooled(sides)?.value else { return "\(words.slope) jumps" }
        return "\(words.orderParameter) \(drop < 0 ? "rises" : "drops") by \(words.plain(abs(drop)))"
    }

    /// The mean end of a metastable branch, or the grid's edge where most replicas never lose it.
    private func ends(_ ends: [PhaseChange.BranchEnd?]) -> (place: Estimate?, edge: Double?) {
        var places: [Measured] = []
        var edges: [Double] = []
        var brackets: [Interval] = []
        for case let end? in ends {
            switch end {
            case .at(let x, let bracket, _):
                places.append(x)
                brackets.append(bracket)
            case .beyondGrid(let edge): edges.append(edge)
            }
        }
        if edges.count > places.count { return (nil, edges.max()) }
        guard let place = meanPlace(places) else { return (nil, nil) }
        // A single bracket bounds the estimate; several belong to replicas with spinodals of their own.
        guard brackets.count == 1, let interval = place.interval else { return (place, nil) }
        let low = max(interval.low, brackets[0].low)
        let high = min(interval.high, brackets[0].high)
        return (Estimate(place.value, low < high ? Interval(low, high) : interval), nil)
    }

    private func addSecondOrder(_ changes: [PhaseChange], to transition: inout Transition) {
        if hasSlope { transition.curvatureJump = pooled(changes.compactMap(\.curvatureJump)) }
        let exponents = changes.compactMap(\.exponent)
        transition.exponent = pooled(exponents.map(\.value))
        if !exponents.isEmpty {
            transition.evidence["exponentFitRange"] = .numbers([
                exponents.map(\.range.lowerBound).min()!, exponents.map(\.range.upperBound).max()!,
            ])
            transition.evidence["exponentFitPoints"] = .number(Double(exponents.map(\.pointCount).max()!))
        }
        if hasSlope, let hidden = changes.compactMap(\.jump?.error).max() {
            transition.evidence["largestJumpNotExcluded"] = .number(hidden)
        }
        var clauses: [String] = []
        let vanishes = changes.allSatisfy(\.vanishes)
        let kinks = hasSlope ? "\(words.slope) is continuous and has a kink" : "\(words.orderParameter) has a kink"
        clauses.append(vanishes ? "\(words.orderParameter) vanishes continuously" : kinks)
        if let jump = transition.curvatureJump { clauses.append("F″ jumps by \(words.measured(jump))") }
        if let exponent = transition.exponent { clauses.append("exponent β = \(words.measured(exponent))") }
        transition.sentence =
            "second order at \(words.axis) = \(words.measured(transition.location!)): "
            + clauses.joined(separator: ", ")
    }
}

extension String {
    fileprivate func replacingLast(_ part: String, by other: String) -> String {
        guard let range = range(of: part, options: .backwards) else { return self }
        return replacingCharacters(in: range, with: other)
    }
}
