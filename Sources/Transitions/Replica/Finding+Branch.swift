import Foundation
import PhaseSpace

extension Finding {
    /// From a followed branch, on which folds, Maxwell points and meetings with the zero net are located far more
    /// sharply than any grid could.
    ///
    /// What the grid shows beside them is added: branches are not found everywhere.
    ///
    /// Nil where the branches do not tell: they change phase nowhere, or some trained row of the replica beside lies below
    /// them, so that they are not the global phase.
    init?(
        branch: FollowedBranch?, of replica: ReplicaRows, amplitude: Amplitude, curve: Curve, observables: [Observable]
    ) {
        guard let branch, branch.rows.count >= fewestControls else { return nil }
        let readings = branch.all.indices.map {
            BranchReading(branch, number: $0, replica, curve: curve, observables: observables)
        }
        let below = replica.phases.filter { phase in
            guard !phase.isZeroNet,
                let known = readings.flatMap({ $0.losses(at: phase.control) }).min(by: { $0.value < $1.value })
            else { return !phase.isZeroNet }
            return phase.freeEnergy < known.value - max(1e-6 * abs(known.value), 10 * replica.lossTolerance)
                - known.error
        }
        var found: [PhaseChange] = []
        // Where two branches meet, either may tell of it.
        for change in readings.flatMap({ $0.changes() })
        where !found.contains(where: { $0.order == change.order && $0.isNear(change) })
            && !replica.isBeside(below, change.location.value)
        { found.append(change) }
        guard !found.isEmpty else { return nil }
        let onGrid = PhaseChangeFinder(replica, amplitude: amplitude).changes()
        let located = found.map(\.location.value)
        found += onGrid.filter { change in
            // What is no jump between phases that the branches know, they would have shown.
            guard
                change.order == .first || change.order == .zeroth
                    || change.order == .second && replica.isBeside(below, change.location.value)
            else { return false }
            // The continuation next to a singular interval straddles it and may echo it.
            let reach = change.bracket.width
            return !located.contains { change.bracket.low - reach <= $0 && $0 <= change.bracket.high + reach }
        }
        changes = found.sorted { $0.location.value < $1.location.value }
        controlCount = replica.phases.count
    }
}

extension PhaseChange {
    fileprivate func isNear(_ other: PhaseChange) -> Bool {
        let distance = abs(location.value - other.location.value)
        return distance <= location.error + other.location.error + 1e-8 * abs(location.value)
    }
}

extension ReplicaRows {
    /// Whether one of the phases is that of the next control of the grid on either side.
    fileprivate func isBeside(_ some: [GlobalPhase], _ control: Double) -> Bool {
        let next = [phases.last { $0.control <= control }, phases.first { $0.control >= control }].compactMap(
            \.?.control)
        return some.contains { next.contains($0.control) }
    }
}

extension Transition {
    /// Says that the location comes from followed branches, and adds what only those know.
    mutating func addBranchEvidence(_ changes: [PhaseChange]) {
        let mine = changes.filter { $0.order == order }
        guard !mine.isEmpty, mine.allSatisfy(\.isFromBranch) else { return }
        evidence["method"] = "branches followed round their folds"
        evidence["locationUncertainty"] = .number(mine.map(\.location.error).max()!)
        let barriers = mine.compactMap(\.barrier)
        if barriers.count == mine.count { barrier = pooled(barriers) }
        // Nothing was swept: the unstable part of the branch is what separates the phases.
        sentence = sentence.replacing(/the down-sweep never leaves (.+?) \(/) {
            "\($0.1) stays a minimum to the branch's end ("
        }.replacing(/the up-sweep stays on (.+?) to the end/) { "\($0.1) stays a minimum to the end" }
    }
}
