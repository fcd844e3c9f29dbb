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
        /// A power law that rests on one value.
        case singleValue
        /// With the same scatter everywhere the verdict is another.
        case unevenScatter
        /// Smooth, and fastest inside the grid: a crossover is that, too.
        case steepest(Double)
        /// Nothing fits within the errors.
        case nothingFits
    }
}

extension SingleJudgement {
    /// Logarithm of the odds that decide, measured in docs/coverage.md.
    static let decisiveLead = 4.0
    /// What a jump must have beside that against an onset, which may have a small exponent; and by how much its χ² must be
    /// the least. Of 300 onsets with β = 1/8, under errors of 0.01 to 0.1, none came nearer than 2.6 and 1.2 to both.
    static let (smallExponentOdds, leastGain) = (3.0, 9.6)
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
            next - finest[best(.first)!].least < (series.isStated ? Self.leastGain : 14) * caution
        {
            winner = ranked[1]
            // Beside the square root of a fold a jump is a choice of exponents, not of the grid's intervals.
            isEither =
                own[.first]! - own[winner]! > Self.decisiveLead
                && isRootedJump
        }
        var decision = SingleDecision(order: winner, winner: best(winner)!)
        if winner == .none { return smooth(decision, own[.none]!) }
        let q = quantiles(winner, [Self.tail, 0.5, 1 - Self.tail])
        var rivals = own
        rivals[winner] = nil
        // What looks like a jump may be a small exponent: first order takes the longer odds.
        if winner == .first { rivals[.second]! += series.isStated ? Self.smallExponentOdds : 5 }
        if winner == .second {
            rivals[.first] = min(largeFirst + 1, own[.first]! + 1)
            // A small exponent is told from a jump by the curvature of the branch beside it, which a jump may have, too.
            // Where the disordered side is constant, it tells them apart.
            let plain =
                scans.indices.filter {
                    scans[$0].description.kind == .onset && scans[$0].description.background == 0
                }.map { evidence[$0] }.max() ?? -.infinity
            if q.shapes[1] < Self.smallExponent, plain < own[.second]! - Self.decisiveLead {
                rivals[.first] = max(rivals[.first]!, curvedJumpEvidence())
            }
        }
        if winner == .crossover { rivals[.first] = largeFirst }
        let rival = Self.orders.filter { rivals[$0] != nil }.max { rivals[$0]! < rivals[$1]! }!
        decision.rival = rival
        decision.lead = own[winner]! - rivals[rival]!
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

    /// Below this exponent a jump between curved branches is a rival.
    static let smallExponent = 0.35

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

    /// Logarithm of the likelihood of jumps between branches more curved than those that are compared everywhere.
    private func curvedJumpEvidence() -> Double {
        Description.curvedJumps.filter { $0.amplitudeCount + 2 <= series.count }.map {
            DescriptionScan($0, series).evidence(count: series.count)
        }.max() ?? -.infinity
    }

    /// Whether a continuous onset still is likelier than a large jump without the two values beside its place: one value
    /// halfway down a step, as the average over two phases is, makes it a power law with a small exponent.
    func isOnset(without place: Double) -> Bool {
        let above = series.xs.firstIndex { $0 > place } ?? series.count
        let kept = series.xs.indices.filter { $0 != above && $0 != above - 1 }
        guard kept.count >= 10 else { return false }
        let rest = SingleSeries(
            xs: kept.map { series.xs[$0] }, ys: kept.map { series.ys[$0] }, errors: kept.map { series.errors[$0] },
            isStated: series.isStated)
        guard rest.span > 0 else { return false }
        let judgement = SingleJudgement(rest)
        return judgement.evidence(of: .second)
            > judgement.evidence(of: .first, jumpAbove: Self.openJump, onsetAbove: 0)
    }

    /// Where a fitted smooth curve that rises or falls throughout is steepest, if that lies inside the grid and is half as
    /// steep again as both ends: the outer sevenths of the grid, in the mean.
    func steepestPlace(_ i: Int) -> Double? {
        let fit = fitted(i)
        var points: [(t: Double, y: Double)] = []
        for (t, y) in zip(series.ts, fit) where points.last.map({ t > $0.t }) ?? true { points.append((t, y)) }
        guard points.count >= 6 else { return nil }
        func slope(_ a: Int, _ b: Int) -> Double { (points[b].y - points[a].y) / (points[b].t - points[a].t) }
        let steps = points.indices.dropLast()
        let total = points[points.count - 1].y - points[0].y
        let back = steps.reduce(0) { $0 + max(0, -(points[$1 + 1].y - points[$1].y) * (total < 0 ? -1 : 1)) }
        guard let steepest = steps.max(by: { abs(slope($0, $0 + 1)) < abs(slope($1, $1 + 1)) }),
            back < 0.15 * abs(total)
        else { return nil }
        let outer = max(1, points.count / 7)
        let ends = max(abs(slope(0, outer)), abs(slope(points.count - 1 - outer, points.count - 1)))
        let place = (points[steepest].t + points[steepest + 1].t) / 2
        guard (0.1...0.9).contains(place), abs(slope(steepest, steepest + 1)) > 1.5 * ends else { return nil }
        return series.control(place)
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
