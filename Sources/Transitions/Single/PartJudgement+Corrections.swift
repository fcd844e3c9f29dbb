import GSLNumerics
import PhaseSpace

extension PartJudgement {
    /// An onset's place and exponent with what corrections beyond the first may move them by.
    ///
    /// A power law with one correction is all that is fitted. What it leaves out shows where only the half of the values
    /// nearer to the place is fitted: place and exponent then move by more than the scatter of that half explains, and
    /// about as much again is left. Under errors below `exactness` that is not enough: clean curves of mean-field theory,
    /// condensation and percolation were seen off by a tenth of a step, their exponents by 8 %.
    func withCorrections(_ decision: SingleDecision) -> SingleDecision {
        guard decision.order == .second, let place = decision.place, decision.shape.count == 3 else { return decision }
        var decision = decision
        if ((try? median(series.errors)) ?? .infinity) < Self.exactness * tableSpan {
            decision.widen(
                place: 0.1 * (series.xs[series.count - 1] - series.xs[0]) / Double(series.grid.count - 1),
                shape: 0.08 * decision.shape[1])
        }
        let below = series.xs.firstIndex { $0 >= place } ?? series.count
        let (left, right) = ((below + 1) / 2, (series.count - below + 1) / 2)
        let fewest = 6
        let low = max(0, below - max(left, fewest))
        let high = min(series.count, below + max(right, fewest))
        guard high - low >= 12, Double(high - low) < 0.8 * Double(series.count) else { return decision }
        let half = series.part(low..<high)
        guard half.grid.count >= 10, half.span > 0 else { return decision }
        let judgement = SingleJudgement(half)
        guard judgement.best(.second) != nil else { return decision }
        let q = judgement.quantiles(.second, [SingleJudgement.tail, 0.5, 1 - SingleJudgement.tail])
        let places = q.places.map { half.control(half.place($0)) }
        let (moved, bent) = (abs(places[1] - place), abs(q.shapes[1] - decision.shape[1]))
        decision.widen(
            place: moved > (places[2] - places[0]) / 2 ? 2 * moved : 0,
            shape: bent > (q.shapes[2] - q.shapes[0]) / 2 ? 2 * bent : 0)
        return decision
    }

    /// Errors below this part of the range say less than what the description leaves out.
    static let exactness = 3e-3
}

extension SingleDecision {
    fileprivate mutating func widen(place: Double, shape bent: Double) {
        interval = interval.map { Interval($0.low - place, $0.high + place) }
        shape = [max(0.01, shape[0] - bent), shape[1], shape[2] + bent]
    }
}
