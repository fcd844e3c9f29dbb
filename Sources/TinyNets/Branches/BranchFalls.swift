import PhaseSpace

/// A place at which to look for minima: where one has just been lost, or a stop.
public struct BranchLoss {
    /// Of the lost minimum at its end; nil at a stop.
    public let weights: [Double]?
    /// The first control without it, or the stop.
    public let control: Double
    /// Whether no known minimum is lower there.
    public let isLowest: Bool
}

// Branches beyond the ends of others: where a minimum is lost, at a fold or to an unstable direction, training goes on to
// another one, whose branch need not meet the first.
extension BranchCollection {
    /// - Parameter training: see `BranchFollower.followAll`.
    mutating func goOn(by training: (BranchLoss) -> [[Double]], isCancelled: () -> Bool) {
        fall(by: training, isCancelled)
        for stop in stops where !isCancelled() {
            follow(training(BranchLoss(weights: nil, control: stop, isLowest: true)), at: stop, isCancelled)
            fall(by: training, isCancelled)
        }
    }

    private mutating func fall(by training: (BranchLoss) -> [[Double]], _ isCancelled: () -> Bool) {
        while fallen < paths.count, !isFull, !isCancelled() {
            let edges = edges(of: fallen)
            fallen += 1
            for edge in edges where !isFull && !isCancelled() { follow(training(edge), at: edge.control, isCancelled) }
        }
    }

    private mutating func follow(_ minima: [[Double]], at control: Double, _ isCancelled: () -> Bool) {
        for weights in minima where !isFull && !isCancelled() {
            guard let start = follower.corrected(weights, control), !isKnown(start) else { continue }
            run(through: start, isCancelled: isCancelled)
        }
    }

    private func edges(of number: Int) -> [BranchLoss] {
        let points = paths[number].points
        var edges: [BranchLoss] = []
        /// From a point the way on which its minimum came.
        func add(_ point: BranchPath.Point, from stable: BranchPath.Point) {
            let sign = point.control < stable.control ? -1.0 : 1.0
            let beyond = point.control + sign * 1e-3 * max(abs(point.control), 1e-3 * follower.span)
            let control = min(max(beyond, follower.range.lowerBound), follower.range.upperBound)
            guard control != point.control else { return }
            edges.append(BranchLoss(weights: point.weights, control: control, isLowest: isLowest(point)))
        }
        for (i, point) in points.enumerated() {
            let before = i > 0 ? points[i - 1] : nil
            let after = i + 1 < points.count ? points[i + 1] : nil
            // At its end a branch meets one of more symmetry there.
            let isMeeting = point.event == .branchPoint && (before == nil || after == nil) && point.squaredNorm > 0
            if point.event == .fold || isMeeting {
                if let before, before.isStable { add(point, from: before) }
                if let after, after.isStable { add(point, from: after) }
            } else if !point.isStable, !point.isUnstableInMotion {
                // Lost to a direction that the branch itself does not move in.
                for stable in [before, after] {
                    guard let stable, stable.isStable, stable.event != .fold else { continue }
                    edges.append(BranchLoss(weights: point.weights, control: point.control, isLowest: isLowest(stable)))
                }
            }
        }
        if case .lost = paths[number].end, points.count > 1, points[points.count - 1].isStable {
            add(points[points.count - 1], from: points[points.count - 2])
        }
        if case .lost = events[number].walk.beginning, points.count > 1, points[0].isStable {
            add(points[0], from: points[1])
        }
        return edges
    }

    /// Whether neither the zero net nor a minimum on another known branch lies below a point.
    private func isLowest(_ point: BranchPath.Point) -> Bool {
        point.loss <= point.zeroNetLoss + 1e-6 * follower.scale && isLowest(point.loss, at: point.control)
    }

    private func isLowest(_ loss: Double, at control: Double) -> Bool {
        events.allSatisfy { branch in
            branch.losses(at: control).allSatisfy { loss <= $0 + 1e-6 * follower.scale }
        }
    }

    /// Puts the points of equal loss of minima on different branches on both of them, where no third branch is lower.
    mutating func addEqualLosses(isCancelled: () -> Bool) {
        for i in events.indices {
            for j in events.indices.dropFirst(i + 1) where !isCancelled() {
                for piece in events[i].stablePieces {
                    for other in events[j].stablePieces where !isCancelled() {
                        let all = EqualLosses(
                            of: events[i], piece, and: events[j], other, counts: { isLowest($1, at: $0) }
                        ).all
                        for (a, b) in all {
                            let pair = [events[i].maxwell(a, beside: b), events[j].maxwell(b, beside: a)]
                            let points = follower.judged(pair)
                            guard points.allSatisfy(\.isStable) else { continue }
                            add(points[0], to: i)
                            add(points[1], to: j)
                        }
                    }
                }
            }
        }
    }

    private mutating func add(_ point: BranchPath.Point, to number: Int) {
        var point = point
        point.arcLength += offsets[number]
        change(number) { path in
            let next = path.points.firstIndex { $0.arcLength > point.arcLength }
            path.points.insert(point, at: next ?? path.points.count)
        }
    }
}
