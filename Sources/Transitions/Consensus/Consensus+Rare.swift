import Foundation
import Lanes
import PhaseSpace

extension Consensus {
    /// F itself jumps between refined neighbours.
    func addZerothOrder(_ changes: [PhaseChange], to transition: inout Transition) {
        let jump = pooled(changes.compactMap(\.lossJump))
        transition.evidence["lossJump"] = .optional(jump?.value)
        transition.evidence["lossJumpInterval"] = jump?.interval?.json ?? .null
        let clause = jump.map { "F itself \($0.value < 0 ? "drops" : "rises") by \(words.plain(abs($0.value)))" }
        transition.sentence =
            "zeroth order at \(words.axis) = \(words.measured(transition.location!)): "
            + (clause ?? "F itself jumps")
    }

    /// Labels of regimes change: each replica's place is a bracket, so that the mean is no better known than that.
    func addBoundary(_ changes: [PhaseChange], to transition: inout Transition) {
        transition.location = bracketed(changes)
        let labels = changes.compactMap { change in
            change.left.orderParameter.flatMap { l in change.right.orderParameter.map { [l, $0] } }
        }
        let kinds = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +)
            .sorted { ($1.value, $0.key[0], $0.key[1]) < ($0.value, $1.key[0], $1.key[1]) }
        let clause: String
        if words.regimes.isEmpty {
            clause =
                kinds.count == 1
                ? "\(words.orderParameter) changes from \(words.plain(labels[0][0])) to \(words.plain(labels[0][1]))"
                : "\(words.orderParameter) changes, in the replicas between different values"
        } else {
            // The regime left is common to all.
            let entered = kinds.map {
                kinds.count == 1 ? words.regime($0.key[1]) : "\(words.regime($0.key[1])) (\($0.value))"
            }
            clause = "from \(words.regime(labels[0][0])) to \(entered.joined(separator: ", "))"
        }
        transition.sentence =
            "boundary at \(words.axis) = \(words.measured(transition.location!)): \(clause)"
    }

    /// The mean of brackets. Equal brackets leave the bracket; brackets far apart scatter with their own rounding in
    /// them; in between the two errors add as squares.
    private func bracketed(_ changes: [PhaseChange]) -> Estimate? {
        guard let spread = pooled(changes.map { Measured($0.location.value, 0) }) else { return nil }
        let bracket = changes.reduce(0) { $0 + $1.bracket.width / 2 } / Double(changes.count)
        let half = hypotenuse((spread.interval?.width ?? 0) / 2, bracket)
        return Estimate(spread.value, Interval(spread.value - half, spread.value + half))
    }
}
