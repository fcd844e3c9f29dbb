import GSLNumerics
import PhaseSpace

extension PhaseChangeFinder {
    /// Adds what the warm sweeps say of the two phases of a first-order transition: how far each lives on.
    func withHysteresis(_ change: PhaseChange) -> PhaseChange {
        var change = change
        change.upperEnd = end(of: .up, beyond: change)
        change.lowerEnd = end(of: .down, beyond: change)
        let up = Dictionary(rows(.up).map { ($0.x, $0.loss) }, uniquingKeysWith: { $1 })
        let down = Dictionary(rows(.down).map { ($0.x, $0.loss) }, uniquingKeysWith: { $1 })
        // Only this transition's own loop: another one's may overlap it.
        let low = change.lowerEnd?.outermost ?? change.location.value
        let high = change.upperEnd?.outermost ?? change.location.value
        change.hysteresis = up.keys.sorted().filter { x in
            guard x >= low, x <= high, let other = down[x] else { return false }
            return abs(other - up[x]!) > 1e3 * replica.lossTolerance
        }
        return change
    }

    private func rows(_ direction: Direction) -> [BranchPoint] {
        replica.rows.filter { $0.direction == direction }.compactMap(BranchPoint.init)
    }

    /// Follows a warm sweep from the transition on while it stays in the phase that it came from.
    private func end(of direction: Direction, beyond change: PhaseChange) -> PhaseChange.BranchEnd? {
        let all = direction == .up ? rows(.up) : rows(.down).reversed()
        let isPast: (BranchPoint) -> Bool = {
            direction == .up ? $0.x > change.location.value : $0.x < change.location.value
        }
        guard let start = all.firstIndex(where: isPast), start > 0 else { return nil }
        let lowest = Dictionary(replica.phases.map { ($0.control, $0.freeEnergy) }, uniquingKeysWith: { $1 })
        // A sweep that came to the transition in another state says nothing of this phase.
        let arrival = all[start - 1]
        guard arrival.loss <= (lowest[arrival.x] ?? arrival.loss) + 1e3 * replica.lossTolerance else { return nil }
        var branch = Array(all[..<start].suffix(4))
        for point in all[start...] {
            let isMetastable = point.loss > (lowest[point.x] ?? point.loss) + 10 * replica.lossTolerance
            guard isMetastable, isContinuous(branch[branch.count - 1], point, tolerance: replica.lossTolerance) else {
                let last = branch[branch.count - 1].x
                // The branch lives on to the transition at least, however early a sweep has lost it.
                let reached = direction == .up ? max(last, change.location.value) : min(last, change.location.value)
                let bracket = Interval(min(reached, point.x), max(reached, point.x))
                return .at(fold(of: branch, in: bracket), bracket: bracket, lastSeen: reached)
            }
            branch.append(point)
        }
        return .beyondGrid(branch[branch.count - 1].x)
    }

    /// The end of a branch as a fold. There F″ diverges like the inverse root of the distance, so that x as a function
    /// of F′ has a regular extremum: dx/dF′ = 1/F″ is extrapolated to zero. Where that leaves the bracket, the bracket
    /// is all that is known.
    private func fold(of branch: [BranchPoint], in bracket: Interval) -> Measured {
        let byBracket = Measured(bracket.middle, bracket.width / 2)
        let nodes = branch.suffix(3).reversed().compactMap { point -> HermitePolynomial.Node? in
            guard let slope = point.slope, let curvature = point.curvature, curvature != 0 else { return nil }
            return HermitePolynomial.Node(x: slope, [point.x, 1 / curvature])
        }
        guard nodes.count == 3, branch.last?.curvature != nil else { return byBracket }
        func extremum(_ count: Int) -> Double? {
            let polynomial = HermitePolynomial(Array(nodes.prefix(count)))
            let step = nodes[0].x - nodes[1].x
            let slopeAtNode = polynomial.values(at: nodes[0].x).slope
            // The nearest sign change of dx/dF′ past the last point, in steps of a fraction of the last one.
            var previous = nodes[0].x
            for k in 1...80 {
                let next = nodes[0].x + step * Double(k) / 8
                if (polynomial.values(at: next).slope < 0) != (slopeAtNode < 0) {
                    let range = min(previous, next)...max(previous, next)
                    guard let s = try? root(of: { polynomial.values(at: $0).slope }, in: range) else { return nil }
                    return polynomial.values(at: s).value
                }
                previous = next
            }
            return nil
        }
        guard let fine = extremum(3), let coarse = extremum(2), bracket.contains(fine) else { return byBracket }
        // Two extrapolations may agree by accident: a hundredth of the distance bridged is never claimed away.
        let error = min(abs(fine - coarse) + 0.01 * abs(fine - nodes[0].derivatives[0]), byBracket.error)
        return Measured(fine, error)
    }
}
