import PhaseSpace

extension FigureInput {
    /// The parts of the warm sweeps that are not the global phase, with an arrow on each.
    func warmSweeps(of name: String) -> (up: PieceTable, down: PieceTable, arrows: FigureTable) {
        var tables: [Direction: PieceTable] = [:]
        var arrows = FigureTable(
            "arrows", meaning: "Arrows along the warm sweeps. Curves: \(curveList)",
            columns: [
                ("curve", "number of the curve"), axisColumn, (name, meaning(ofObservable: name)),
                ("control_step", "length along the control"), ("value_step", "length along the observable"),
            ])
        for (direction, block) in [(Direction.up, "warm_up"), (.down, "warm_down")] {
            var pieces = PieceTable(
                block,
                meaning: "Warm sweep \(direction.rawValue) where it leaves the global phase, mean over replicas. "
                    + "Curves: \(curveList)",
                columns: [axisColumn, (name, meaning(ofObservable: name))])
            for (index, curve) in curves.enumerated() {
                let scale = curve.globalPhase.compactMap { $0.values[name].map { abs($0) } }.max() ?? 0
                for part in warmParts(of: curve, direction, name) {
                    pieces.add(part.map { [$0.control, $0.mean] }, ofCurve: index + 1)
                    if let arrow = Self.arrow(along: part, direction, atLeast: 0.1 * scale) {
                        arrows.rows.append([Double(index + 1)] + arrow)
                    }
                }
            }
            tables[direction] = pieces
        }
        return (tables[.up]!, tables[.down]!, arrows)
    }

    private func warmParts(of curve: Curve, _ direction: Direction, _ name: String) -> [[ReplicaMean]] {
        let global = Dictionary(
            uniqueKeysWithValues: replicaMeans(of: name, over: curve.globalPhase).map { ($0.control, $0.mean) })
        let warm = replicaMeans(of: name, over: curve.rows(of: direction))
        let scale = max(warm.map { abs($0.mean) }.max() ?? 0, global.values.map { abs($0) }.max() ?? 0)
        let differs = warm.map { row in global[row.control].map { abs($0 - row.mean) > 1e-4 * scale } ?? true }
        return runs(of: differs).map { run in
            Array(warm[max(run.lowerBound - 1, 0)..<min(run.upperBound + 1, warm.count)])
        }
    }

    /// Along the longest step in the direction of travel; nil where the sweep nowhere jumps.
    private static func arrow(
        along part: [ReplicaMean], _ direction: Direction, atLeast least: Double
    ) -> [Double]? {
        guard part.count > 1 else { return nil }
        let steps = zip(part, part.dropFirst()).map { direction == .up ? ($0, $1) : ($1, $0) }
        let (from, to) = steps.max { abs($0.1.mean - $0.0.mean) < abs($1.1.mean - $1.0.mean) }!
        guard abs(to.mean - from.mean) >= least else { return nil }
        return [from.control, from.mean, to.control - from.control, to.mean - from.mean]
    }
}
