import PhaseSpace

extension PhaseChangeFinder {
    /// What the continued branches say of an interval between trained phases, held against what the two rows at its ends
    /// say themselves.
    ///
    /// Where these continue each other there is no jump, however a branch beside them is continued; where they cannot be
    /// one smooth curve the interval is not passed over.
    func checked(_ assessed: (PhaseChange, Double)?, _ i: Int) -> (PhaseChange, Double)? {
        guard let step = steps[i] else { return assessed }
        guard let (change, weight) = assessed else { return unresolved(i, step) }
        if change.order == .second, hasMissed(i) {
            var change = change
            change.order = .undecided
            change.reason =
                "all starts missed the lowest minimum within the interval; train more points here (`refine`)"
            return (change, weight)
        }
        switch change.order {
        case .first:
            guard let jump = change.jump, steps.forbids(jump: jump.value, i) else { return assessed }
            return unresolved(i, step)
        case .second:
            // Between its ends F″ of either branch is that of the branch's continuation, at the kink at most.
            let width = change.bracket.width
            let steepest = max(abs(change.left.curvature ?? 0), abs(change.right.curvature ?? 0))
            guard step.drop > 1.1 * max(step.allowed, steepest * width) + step.noise else { return assessed }
            return unresolved(i, step) ?? (change, weight)
        case .undecided: return unresolved(i, step) ?? (step.share > 0 ? assessed : nil)
        default: return assessed
        }
    }

    /// Whether the order of a transition to the zero net is open, or it could have a jump that counts: on a branch that ends
    /// at a fold just beyond, F″ grows without bound, and the jump is small.
    func hidesJump(_ change: PhaseChange) -> Bool {
        switch change.order {
        case .undecided: true
        case .second: change.jump.map { $0.error > 1e-3 * largestSlope } ?? false
        default: false
        }
    }

    /// Whether a control between the two phases was left out.
    func hasMissed(_ i: Int) -> Bool {
        missed.contains { phases[i].control < $0 && $0 < phases[i + 1].control }
    }

    /// A jump whose own interval shows it is no echo of the one beside it.
    func hasOwnStep(_ change: PhaseChange, _ i: Int) -> Bool {
        guard change.order == .first, let jump = change.jump, let step = steps[i] else { return false }
        return step.unexplained > 0.5 * abs(jump.value) && step.unexplained > 3 * step.noise
    }

    /// Two neighbouring intervals that do not decide are one place.
    func joined(_ a: PhaseChange, _ b: PhaseChange) -> PhaseChange {
        let bracket = Interval(a.bracket.low, b.bracket.high)
        var change = PhaseChange(
            order: .undecided, location: Measured(bracket.middle, bracket.width / 2), bracket: bracket,
            reason: a.reason)
        change.vanishes = a.vanishes || b.vanishes
        change.pointsUsed = a.pointsUsed + b.pointsUsed
        return change
    }

    private func unresolved(_ i: Int, _ step: SlopeStep) -> (PhaseChange, Double)? {
        guard steps.isUnresolved(i) else { return nil }
        let bracket = Interval(phases[i].control, phases[i + 1].control)
        let change = PhaseChange(
            order: .undecided, location: Measured(bracket.middle, bracket.width / 2), bracket: bracket,
            reason: "F′ changes by \(Words.plain(step.drop)) between two points of the grid, and F″ at them explains "
                + "\(Words.plain(step.drop - min(step.drop, step.unexplained))) of it: a jump or a steep change; "
                + "train more points here (`refine`)")
        return (change, step.unexplained)
    }
}
