import PhaseSpace

/// Special points of one line, from how the jumps beside them vanish.
///
/// Near a tricritical point the jump of F′ on the first-order side and the inverse jump of F″ on the second-order side
/// fall to zero linearly (Landau's expansion to sixth order: the quartic coefficient changes sign); near a critical end
/// point the square of the jump does.
struct LineEnds {
    let points: [TransitionLine.Point]
    /// All curves of the plane, by rising second control.
    let rows: [PlaneRow]

    // MARK: - Tricritical

    var tricritical: [SpecialPoint] {
        let decided = points.filter { $0.order == .first || $0.order == .second }
        return zip(decided, decided.dropFirst()).compactMap { a, b in
            guard a.order != b.order else { return nil }
            let bracket = Interval(a.other, b.other)
            let below = decided.filter { $0.other <= a.other }.reversed().prefix { $0.order == a.order }
            let above = decided.filter { $0.other >= b.other }.prefix { $0.order == b.order }
            let estimates = [vanishing(Array(below), tricriticalMeasure), vanishing(Array(above), tricriticalMeasure)]
            let place = joined(estimates.compactMap { $0 }, in: bracket)
            return special(.tricritical, place, bracket, beside: [Array(below.prefix(3)), Array(above.prefix(3))])
        }
    }

    /// What vanishes linearly at a tricritical point.
    private func tricriticalMeasure(_ point: TransitionLine.Point) -> Double? {
        switch point.order {
        case .first: point.transition.jump.map { abs($0.value) }
        case .second: point.transition.curvatureJump.flatMap { $0.value == 0 ? nil : 1 / abs($0.value) }
        default: nil
        }
    }

    // MARK: - Critical end

    var criticalEnds: [SpecialPoint] {
        let isSquared: (TransitionLine.Point) -> Double? = { $0.transition.jump.map { $0.value * $0.value } }
        return [points, points.reversed()].compactMap { line -> SpecialPoint? in
            // A crossover goes on where the line of transitions has ended, and next to its end jumps are too small to tell.
            let first = Array(line.drop { $0.order == .crossover || $0.order == .undecided })
            guard let end = first.first, end.order == .first, let next = neighbour(of: end, beyond: first) else {
                return nil
            }
            let near = Array(first.prefix { $0.order == .first })
            let bracket = Interval(min(end.other, next.other), max(end.other, next.other))
            let place = joined([vanishing(near, isSquared)].compactMap { $0 }, in: bracket)
            return special(.criticalEnd, place, bracket, beside: [Array(near.prefix(3))])
        }
    }

    /// The curve next to the line's end, if the transition would lie inside its range.
    private func neighbour(of end: TransitionLine.Point, beyond line: [TransitionLine.Point]) -> PlaneRow? {
        let isRising = line.count < 2 || line[1].other > end.other
        let unsure = Set(points.filter { $0.order == .undecided }.map(\.other))
        let known = rows.filter { !unsure.contains($0.other) }
        let next = isRising ? known.last { $0.other < end.other } : known.first { $0.other > end.other }
        // A line of one point has no direction: neither side is its end.
        guard line.count >= 2, let next, let range = next.controls,
            !next.transitions.contains(where: { $0.order == .undecided && $0.location == nil })
        else { return nil }
        let slope = (line[1].location - end.location) / (line[1].other - end.other)
        return range.contains(end.location + slope * (next.other - end.other)) ? next : nil
    }

    // MARK: - Extrapolation

    /// The second control as a polynomial of what vanishes, at zero: through the two and the three nearest points,
    /// whose difference is the error.
    /// - Parameter points: the nearest first.
    private func vanishing(
        _ points: [TransitionLine.Point], _ measure: (TransitionLine.Point) -> Double?
    ) -> Measured? {
        let known = points.prefix(4).compactMap { point in measure(point).map { (x: $0, other: point.other) } }
        guard known.count >= 2, Set(known.map(\.x)).count == known.count,
            zip(known, known.dropFirst()).allSatisfy({ $0.x < $1.x })
        else { return nil }
        func extrapolated(_ count: Int) -> Double {
            HermitePolynomial(known.prefix(count).map { .init(x: $0.x, [$0.other]) }).values(at: 0).value
        }
        let fine = extrapolated(known.count)
        let coarse = known.count > 2 ? extrapolated(known.count - 1) : known[0].other
        return Measured(fine, abs(fine - coarse) + 1e-9 * abs(fine))
    }

    /// The estimates weighted by their errors, as far as the bracket allows; its middle without any.
    private func joined(_ estimates: [Measured], in bracket: Interval) -> Measured {
        let inside = estimates.filter {
            $0.value >= bracket.low - $0.error && $0.value <= bracket.high + $0.error && $0.error < bracket.width
        }
        guard !inside.isEmpty else { return Measured(bracket.middle, bracket.width / 2) }
        let weights = inside.map { 1 / ($0.error * $0.error) }
        let total = weights.reduce(0, +)
        let value = zip(inside, weights).reduce(0) { $0 + $1.0.value * $1.1 } / total
        let apart = inside.reduce(0) { max($0, abs($1.value - value)) }
        let least = inside.map(\.error).min()!
        return Measured(min(max(value, bracket.low), bracket.high), max(least, apart))
    }

    private func special(
        _ kind: SpecialPoint.Kind, _ place: Measured, _ bracket: Interval, beside near: [[TransitionLine.Point]]
    ) -> SpecialPoint {
        let low = max(place.value - place.error, bracket.low)
        let high = min(place.value + place.error, bracket.high)
        let other = Estimate(place.value, Interval(min(low, place.value), max(high, place.value)))
        return SpecialPoint(kind: kind, other: other, location: location(at: place, near), bracket: bracket)
    }

    /// The lines on the two sides of a tricritical point have one tangent and different curvatures: each is continued
    /// on its own.
    private func location(at place: Measured, _ sides: [[TransitionLine.Point]]) -> Estimate? {
        let found = sides.compactMap { location(at: place, $0) }
        guard let best = found.min(by: { $0.error < $1.error }) else { return nil }
        let half = found.reduce(best.error) { max($0, min($1.error, abs($1.value - best.value))) }
        return Estimate(best.value, Interval(best.value - half, best.value + half))
    }

    private func location(at place: Measured, _ near: [TransitionLine.Point]) -> Measured? {
        let nodes = near.sorted { abs($0.other - place.value) < abs($1.other - place.value) }
            .map { HermitePolynomial.Node(x: $0.other, [$0.location]) }
        guard nodes.count >= 2 else { return nil }
        let fine = HermitePolynomial(nodes).values(at: place.value)
        let coarse = HermitePolynomial(Array(nodes.dropLast())).values(at: place.value)
        let own = near.reduce(0) { max($0, ($1.transition.location?.interval?.width ?? 0) / 2) }
        let error = abs(fine.value - coarse.value) + abs(fine.slope) * place.error + own + 1e-12 * abs(fine.value)
        return Measured(fine.value, error)
    }
}
