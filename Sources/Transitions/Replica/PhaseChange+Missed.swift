import PhaseSpace

extension PhaseChangeFinder {
    /// Drops phases that lie above what their two neighbours say of a smooth branch: there all starts failed.
    static func withoutMissedMinima(_ replica: ReplicaRows) -> (kept: [GlobalPhase], missed: [Double]) {
        let tolerance = replica.lossTolerance
        var (kept, missed) = withoutPhasesAboveTangents(replica)
        var i = 1
        while i + 1 < kept.count {
            let (a, c) = (BranchPoint(kept[i - 1]), BranchPoint(kept[i + 1]))
            if !kept[i - 1].isZeroNet, !kept[i + 1].isZeroNet, a.slope != nil, c.slope != nil,
                isContinuous(a, c, tolerance: tolerance), let between = BranchContinuation(nearest: [a, c])
            {
                let x = kept[i].control
                let allowance = 3 * between.errors(at: x).value + 100 * tolerance
                if kept[i].freeEnergy > between.values(at: x).value + allowance {
                    missed.append(x)
                    kept.remove(at: i)
                    continue
                }
            }
            i += 1
        }
        return (kept, missed.sorted())
    }

    /// Drops phases that lie above the tangent of a row: where the control weighs a term of the loss, the same weights
    /// have that loss elsewhere, and F is concave.
    private static func withoutPhasesAboveTangents(
        _ replica: ReplicaRows
    ) -> (kept: [GlobalPhase], missed: [Double]) {
        guard replica.isConcave else { return (replica.phases, []) }
        let tangents = replica.lowestTangents
        var kept: [GlobalPhase] = []
        var missed: [Double] = []
        for phase in replica.phases {
            let allowance = 1e3 * replica.lossTolerance
            if tangents.contains(where: { $0.loss(at: phase.control) < phase.freeEnergy - allowance }) {
                missed.append(phase.control)
            } else {
                kept.append(phase)
            }
        }
        // Where much lies above, it is the sweep that does not see the lowest phase, and that is told.
        return 5 * missed.count <= replica.phases.count ? (kept, missed) : (replica.phases, [])
    }
}

/// What a row proves of F where the control weighs a term of the loss.
struct Tangent {
    let x: Double
    let value: Double
    let slope: Double
    func loss(at control: Double) -> Double { value + slope * (control - x) }
}

extension ReplicaRows {
    /// Of all rows that know F′.
    var tangents: [Tangent] {
        (rows + sharedRows).compactMap { row in
            guard let loss = row.loss, let slope = row.slope else { return nil }
            return Tangent(x: row.control, value: loss, slope: slope)
        }
    }

    /// Of the lowest rows: where these are low others are too.
    fileprivate var lowestTangents: [Tangent] {
        phases.compactMap { phase in
            phase.slope.map { Tangent(x: phase.control, value: phase.freeEnergy, slope: $0) }
        }
    }

    /// Whether all rows say that the loss is linear in the control: then no minimum's F″ is positive, and F is concave.
    var isConcave: Bool {
        let known = (rows + sharedRows).filter { $0.slope != nil }
        let curvatures = known.compactMap(\.curvature)
        guard 2 * curvatures.count > known.count, let steepest = curvatures.map(abs).max() else { return false }
        return curvatures.allSatisfy { $0 <= 1e-9 * steepest }
    }
}
