import Lanes
import PhaseSpace

/// What the descriptions of one curve decide.
struct SingleDecision {
    var order: TransitionOrder
    /// In the series' own units; the middle and the 95 % interval.
    var place: Double?
    var interval: Interval?
    /// Exponent or width: middle and ends.
    var shape: [Double] = []
    /// The description that won, and the strongest of another order.
    var winner: Int
    var rival: TransitionOrder?
    /// Logarithm of the odds against the rival.
    var lead = 0.0
    /// The largest jump that the data leave at 95 %, over the span.
    var largestJump: Double?
    /// Where undecided: why, without the curve's names.
    var reason: Reason?

    enum Reason {
        /// Two orders describe the data alike.
        case tie
        /// The place is within two steps of the end of the grid.
        case end
        /// Continuous, but a large jump is not excluded.
        case unresolvedJump
        /// Smooth, but a transition of a size that matters is not excluded; an error this much smaller would tell.
        case notExcluded(TransitionOrder, factor: Double)
        /// A step that is small beside the table's range, under errors that are estimates.
        case smallStep
        /// A power law that a step, or a smooth curve, resembles.
        case smallExponent, largeExponent
        /// With the same scatter everywhere the verdict is another.
        case unevenScatter
        /// Nothing fits within the errors.
        case nothingFits
    }
}

extension SingleJudgement {
    /// Logarithm of the odds that decide, measured in docs/coverage.md.
    static let decisiveLead = 4.0
    /// How much likelihood `none` may leave to jumps and kinks that matter.
    static let tolerance = 0.04
    /// Sizes that `none` excludes: of a jump, over the span; of a change of slope, over the mean slope.
    static let (smallJump, smallKink) = (0.1, 0.5)
    /// A jump that may be larger than this leaves the order open.
    static let openJump = 0.3

    func decision() -> SingleDecision {
        let own: [TransitionOrder: Double] = [
            .none: evidence(of: .none), .second: evidence(of: .second), .first: evidence(of: .first),
            .crossover: evidence(of: .crossover, jumpAbove: 0, onsetAbove: 0),
        ]
        let ranked = Self.orders.sorted { own[$0]! > own[$1]! }
        var winner = ranked[0]
        let largeFirst = evidence(of: .first, jumpAbove: Self.openJump, onsetAbove: 0)
        // A jump too small to matter does not take the word from a continuous description.
        if winner == .first, own[ranked[1]]! > own[.first]! - Self.decisiveLead * caution, largeFirst < own[ranked[1]]!
        {
            winner = ranked[1]
        }
        var isEither = false
        let jumpScan = finest[best(.first)!]
        let isRootedJump =
            jumpScan.description.powers == [0.5]
            && abs(jumpScan.amplitude[jumpScan.best]) > 4 * jumpScan.amplitudeError[jumpScan.best]
        // Nor does one that fits no better: a kink inside an interval of the grid is a jump across it, too.
        let continuous = Self.orders.filter { $0 != .first }.compactMap { best($0) }
        if winner == .first, let next = continuous.map({ finest[$0].least }).min(),
            next - finest[best(.first)!].least < 3 * Self.decisiveLead * caution
        {
            winner = ranked[1]
            // Beside the square root of a fold a jump is a choice of exponents, not of the grid's intervals.
            isEither =
                own[.first]! - own[winner]! > Self.decisiveLead
                && isRootedJump
        }
        var decision = SingleDecision(order: winner, winner: best(winner)!)
        if winner == .none { return smooth(decision, own[.none]!) }
        var rivals = own
        rivals[winner] = nil
        // What looks like a jump may be a small exponent: first order takes the longer odds.
        if winner == .first { rivals[.second]! += Self.decisiveLead }
        if winner == .second { rivals[.first] = min(largeFirst + 1, own[.first]! + 1) }
        if winner == .crossover { rivals[.first] = largeFirst }
        let rival = Self.orders.filter { rivals[$0] != nil }.max { rivals[$0]! < rivals[$1]! }!
        decision.rival = rival
        decision.lead = own[winner]! - rivals[rival]!
        let q = quantiles(winner, [Self.tail, 0.5, 1 - Self.tail])
        let ends = q.places.map { series.control(series.place($0)) }
        decision.place = ends[1]
        decision.interval = Interval(ends[0], ends[2])
        decision.shape = q.shapes
        func undecided(_ reason: SingleDecision.Reason) -> SingleDecision {
            decision.order = .undecided
            decision.reason = reason
            return decision
        }
        if isEither { decision.rival = .first }
        guard decision.lead > Self.decisiveLead * caution, !isEither else { return undecided(.tie) }
        guard q.places[1] >= 2, q.places[1] <= Double(series.grid.count) - 3 else { return undecided(.end) }
        if winner == .first {
            let bracket = firstBracket()
            decision.interval = bracket
            decision.place = (bracket.low + bracket.high) / 2
        }
        if winner == .second {
            let jump = largestJump(beside: own[.second]!)
            decision.largestJump = jump
            if jump > Self.openJump { return undecided(.unresolvedJump) }
        }
        return decision
    }

    /// Tails of the intervals' posterior: a little less than 2.5 %, since a place is only given where the order came
    /// out, which leaves the clearer tables.
    static let tail = 0.022

    private func smooth(_ decision: SingleDecision, _ own: Double) -> SingleDecision {
        var decision = decision
        let limits: [(TransitionOrder, Double)] = [.first, .second, .crossover].map {
            ($0, evidence(of: $0, jumpAbove: Self.smallJump, onsetAbove: Self.smallKink, inner: 0.1) - own)
        }
        let against = limits.reduce(0) { $0 + exponential($1.1) }
        guard against >= Self.tolerance else { return decision }
        let worst = limits.max { $0.1 < $1.1 }!
        decision.order = .undecided
        decision.rival = worst.0
        decision.lead = -worst.1
        // χ² between two descriptions grows with the inverse square of the errors.
        let gain = logarithm(against / Self.tolerance)
        let distance = max(1, 2 * -worst.1)
        decision.reason = .notExcluded(worst.0, factor: max(0.1, 1 / (1 + 2 * gain / distance).squareRoot()))
        return decision
    }

    /// The jump, over the span, above which one twentieth of the likelihood lies.
    func largestJump(beside own: Double) -> Double {
        let first = evidence(of: .first)
        let all = max(own, first) + logarithmOnePlus(exponential(-abs(own - first)))
        func isAbove(_ jump: Double) -> Bool {
            evidence(of: .first, jumpAbove: jump, onsetAbove: 0) - all > logarithm(0.05)
        }
        var (low, high) = (0.0, 1.0)
        guard !isAbove(1) else { return 1 }
        for _ in 0..<10 {
            let middle = (low + high) / 2
            if isAbove(middle) { low = middle } else { high = middle }
        }
        return high
    }

    /// The grid's intervals that hold 95 % of a jump's likelihood, from the first to the last of them.
    private func firstBracket() -> Interval {
        let top = evidence(of: .first)
        var weights = [Double](repeating: 0, count: series.grid.count)
        for k in scans.indices where scans[k].description.order == .first && evidence[k] > top - 10 {
            let scan = finest[k]
            let cells = scan.chiSquared.map { exponential(-($0 - scan.least) / 2) }
            let total = cells.reduce(0, +)
            for cell in cells.indices {
                let interval = min(series.grid.count - 2, Int(scan.places[cell / scan.shapes.count]))
                weights[interval] += exponential(evidence[k] - top) * cells[cell] / total
            }
        }
        let total = weights.reduce(0, +)
        var kept: [Int] = []
        var sum = 0.0
        for k in weights.indices.sorted(by: { weights[$0] > weights[$1] }) where sum < 0.95 * total {
            kept.append(k)
            sum += weights[k]
        }
        return Interval(series.control(series.grid[kept.min()!]), series.control(series.grid[kept.max()! + 1]))
    }
}
