import OrderedCollections
import PhaseSpace
import Support

/// Decides where a curve changes phase, and of what order.
///
/// A curve with a loss and its slope along the axis (or the zero net's loss) is judged by its free energy F: singular
/// points of the global phase are found replica by replica, placed by Maxwell's rule (first order) or where F′ of both
/// phases meets (second order), and averaged. Any other curve is judged by its order parameter alone, with the
/// grid's resolution for an interval.
/// - Parameters:
///   - axisControl: the swept control, for its symbol and the natural lower end of its range.
///   - observables: the model's, for symbols and to know exact derivatives; may be empty.
///   - theory: exact transitions of the same curve; deviations from them are added to the evidence.
/// - Returns: a verdict for any curve whatever; what the data do not decide is `undecided`, with the reason.
public func verdict(
    for curve: Curve, axisControl: ControlParameter? = nil, observables: [Observable] = [],
    theory: [Transition]? = nil
) -> Verdict {
    // A table knows neither its controls nor its observables, and has one value (or repeats) a control.
    if axisControl == nil, observables.isEmpty, !curve.hasReplicasOfItsOwn {
        var verdict = tableVerdict(for: curve).verdict
        verdict.theory = theory
        verdict.addDeviations()
        return verdict
    }
    let all = curve.samples
    let curve = curve.ofCommonReplicas
    let words = Words(curve: curve, axisControl: axisControl, observables: observables)
    let amplitude = Amplitude(
        orderParameter: curve.key.orderParameter, axis: curve.key.axis, observables: observables)
    let replicas = replicas(of: curve, observables: observables, isPooled: true)
    let hasFreeEnergy = replicas.contains { replica in
        replica.rows.contains { $0.loss != nil && ($0.slope != nil || $0.zeroNetLoss != nil) }
    }
    let followed = Dictionary(curve.branches.map { ($0.replica, $0) }, uniquingKeysWith: { $1 })
    let branchFindings = replicas.map { replica in
        Finding(
            branch: followed[replica.replica], of: replica, amplitude: amplitude, curve: curve, observables: observables
        )
    }
    let findings = zip(replicas, branchFindings).map { replica, onBranch in
        if let onBranch { return onBranch }
        return hasFreeEnergy
            ? Finding(freeEnergyOf: replica, amplitude: amplitude, words: words)
            : Finding(orderParameterOf: replica, amplitude: amplitude, words: words)
    }
    let outcomes = Dictionary(all.map { ($0.outcome, 1) }, uniquingKeysWith: +)
    let controls = replicas.flatMap { $0.rows.map(\.control) }
    let consensus = Consensus(
        findings: findings, words: words, lowestControl: axisControl?.lowestValue,
        hasSlope: replicas.contains { $0.rows.contains { $0.slope != nil } } && hasFreeEnergy,
        controlRange: controls.min().map { $0...controls.max()! })
    let isFollowed = branchFindings.allSatisfy { $0 != nil }
    var transitions = consensus.transitions().map { transition, changes in
        var transition = transition
        if isFollowed { transition.addBranchEvidence(changes) }
        return transition
    }
    // Replicas that cannot tell on their own are judged together.
    if words.regimes.isEmpty, transitions.allSatisfy({ $0.order == .undecided }) || !hasFreeEnergy,
        let ensemble = Ensemble(replicas),
        ensemble.noise > 1e-4 * ensemble.span, let judgement = EnsembleJudgement(ensemble)
    {
        let isSlope = words.slope == words.orderParameter
        func transition(_ judgement: EnsembleJudgement) -> Transition {
            judgement.transition(words: words, amplitude: amplitude, hasSlope: isSlope, noise: ensemble.noise)
        }
        let joint = transition(judgement)
        // What is no transition in its own window says nothing beside one.
        let others = judgement.transitionsBeside(in: ensemble).map(transition)
        let isTransition = joint.order == .first || joint.order == .second || others.isEmpty
        transitions = ((isTransition ? [joint] : []) + others).sorted {
            ($0.location?.value ?? 0) < ($1.location?.value ?? 0)
        }
    }
    if !hasFreeEnergy, let growth = GrowthVerdict.transition(of: curve, observables: observables, words: words) {
        transitions = [growth]
    }
    let others = OrderedDictionary(
        uniqueKeysWithValues: Outcome.allCases.filter { !$0.isDone }.compactMap { outcome in
            outcomes[outcome].map { (outcome.rawValue, JSONValue.number(Double($0))) }
        })
    let derivatives = hasFreeEnergy ? DerivativeCheck(replicas).evidence : [:]
    let fluctuations = FluctuationEvidence(curve)
    let loop = hysteresisLoop(of: curve)
    for i in transitions.indices {
        transitions[i].evidence.merge(fluctuations.evidence(near: transitions[i].location?.value)) { old, _ in old }
        transitions[i].evidence.merge(derivatives) { old, _ in old }
        if transitions[i].order == .first, let loop, loop.hasArea {
            transitions[i].evidence["loopArea"] = .number(loop.area.value)
            transitions[i].evidence["loopAreaInterval"] = loop.area.interval?.json ?? .null
        }
        if !others.isEmpty { transitions[i].evidence["otherOutcomes"] = .object(others) }
    }
    var verdict = Verdict(
        key: curve.key, varying: curve.varying, transitions: transitions, outcomes: outcomes, theory: theory)
    verdict.leftOut = Dictionary(all.filter { !$0.counts }.map { ($0.outcome, 1) }, uniquingKeysWith: +)
    let reasons = Dictionary(
        all.filter { !$0.counts && !$0.reason.isEmpty }.map { ($0.reason, 1) }, uniquingKeysWith: +)
    verdict.leftOutReason = reasons.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? ""
    verdict.addDeviations()
    return verdict
}

extension Curve {
    /// Whether it is a sweep's: with a loss, followed branches, or replicas that are judged one by one.
    fileprivate var hasReplicasOfItsOwn: Bool {
        let loss = Observable.Name.loss
        return !branches.isEmpty
            || samples.contains { $0.replica != 0 || (key.orderParameter != loss && $0.values[loss] != nil) }
    }

    /// Without the replicas that only some points have: each replica is judged by its whole curve.
    fileprivate var ofCommonReplicas: Curve {
        guard let commonReplicas else { return self }
        return Curve(
            key: key, samples: samples.filter { $0.replica < commonReplicas }, varying: varying,
            branches: branches.filter { $0.replica < commonReplicas })
    }
}

extension ControlParameter {
    fileprivate var lowestValue: Double? { kind.lowerBound }
}

extension Verdict {
    /// Puts the distance to the location that theory claims beside each transition: absolute, and in standard errors (half
    /// the 95 % interval over 1.96).
    fileprivate mutating func addDeviations() {
        for i in transitions.indices {
            guard let found = transitions[i].location, let exact = theory(for: i)?.claimedLocation?.value else {
                continue
            }
            transitions[i].evidence["theoryLocation"] = .number(exact)
            transitions[i].evidence["deviation"] = .number(found.value - exact)
            if let interval = found.interval, interval.width > 0 {
                let standardError = interval.width / 2 / 1.96
                transitions[i].evidence["deviationInStandardErrors"] =
                    .number((found.value - exact) / standardError)
            }
        }
    }
}
