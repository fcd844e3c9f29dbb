import Lanes
import PhaseSpace

extension BatchReuse {
    /// Where mean-field theory changes regime along the number of samples or the step length: the rank, whether a
    /// direction is detected at this dimension, whether an overlap grows; and the weak-recovery line.
    ///
    /// Changes are looked for between 0.001 and 1000 of the control on a grid of nine values a decade; two within
    /// one of its cells are missed.
    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? {
        guard let regime = [Measure.rank, .detection, .escape].first(where: { key.isOf($0) }),
            key.isAlong(Controls.sampleRatio) || key.isAlong(Controls.learningRate), isComplete(key)
        else { return nil }
        if let known = exact.withLock({ $0[key] }) { return known }
        var places: [(location: Double, sentence: String)] = []
        if regime == .escape, let line = try recoveryLine(of: key) { places.append(line) }
        // Where the runs themselves are the limit, it is no second opinion.
        let isLimit = try key.reader[Controls.inputs] == .meanField
        if !(regime == .escape && isLimit) { places += try changes(of: regime, along: key) }
        let transitions = places.sorted { $0.location < $1.location }.map {
            Transition(order: .boundary, location: Estimate($0.location), sentence: $0.sentence)
        }
        exact.withLock { $0[key] = transitions }
        return transitions
    }

    /// Whether every control but the axis has a value: one that is derived from the axis has none.
    func isComplete(_ key: CurveKey) -> Bool {
        Self.declaration.controls.allSatisfy { $0.name == key.axis || key.fixed[$0.name] != nil }
    }

    private func recoveryLine(of key: CurveKey) throws -> (location: Double, sentence: String)? {
        guard key.isAlong(Controls.sampleRatio) else { return nil }
        let student = try Setting(key.reader(at: 1)).student
        guard student.startsAtAnOverlap else { return nil }
        let ratio = try recovery(of: student.target) / Double(student.schedule.totalBatches(student.steps))
        guard ratio.isFinite, ratio > 0 else { return nil }
        return (ratio, "weak-recovery line of first-order methods at \(ratio)")
    }

    private static let grid = (-27...27).map { power(10, Double($0) / 9) }

    private func changes(of measure: Measure, along key: CurveKey) throws -> [(location: Double, sentence: String)] {
        /// The weak-recovery line is known already.
        func regime(_ x: Double) throws -> Double? {
            let value = try equilibrium(key.reader(at: x))?[measure]
            return measure == .escape ? value.map { max($0, 1) } : value
        }
        var changes: [(location: Double, sentence: String)] = []
        var last: (x: Double, regime: Double)?
        for x in Self.grid {
            // Beyond divergence there is nothing to compare.
            guard let here = try regime(x) else {
                last = nil
                continue
            }
            if let before = last, before.regime != here {
                var (low, high) = (before.x, x)
                while high > low * (1 + 1e-6) {
                    let middle = (low * high).squareRoot()
                    if try regime(middle) == before.regime { low = middle } else { high = middle }
                }
                let place = (low * high).squareRoot()
                changes.append((place, "mean-field theory changes \(measure.name) at \(place)"))
            }
            last = (x, here)
        }
        return changes
    }
}
