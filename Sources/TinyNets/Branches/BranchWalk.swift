import PhaseSpace

/// Steps along a branch from its first point until it leaves the control's range or meets the zero net.
struct BranchWalk {
    typealias Position = BranchFollower.Position

    let follower: BranchFollower
    /// c: what a change of the control counts beside a change of the weights.
    let unit: Double
    private(set) var positions: [Position] = []
    /// Arc length of each position.
    private(set) var arcLengths: [Double] = [0]
    private var settings: BranchFollower.Settings { follower.settings }

    init(_ follower: BranchFollower, start: Position) {
        self.follower = follower
        unit = max(norm(start.weights), 1e-3) / max(follower.span, 1e-300)
        let upwards = BranchFollower.Direction(weights: [], control: 1)
        if let first = follower.tangent(at: start, forward: upwards, unit: 1) {
            positions = [rescaled(first)]
        }
    }

    /// - Parameter forward: the sense of the first step; the start's own tangent, or its reverse.
    init(
        _ follower: BranchFollower, start: Position, forward: BranchFollower.Direction, unit: Double
    ) {
        self.follower = follower
        self.unit = unit
        var start = start
        start.tangent = forward
        positions = [start]
    }

    /// The same before its first step, into the other direction.
    var reversed: BranchWalk {
        guard let first = positions.first else { return self }
        return BranchWalk(follower, start: first, forward: first.tangent.reversed, unit: unit)
    }

    /// A branch that is known already.
    init(_ follower: BranchFollower, unit: Double, positions: [Position]) {
        self.follower = follower
        self.unit = unit
        self.positions = positions
        measure()
    }

    /// The first tangent is found in another metric.
    private func rescaled(_ position: Position) -> Position {
        var result = position
        let t = position.tangent
        let length = (dot(t.weights, t.weights) + unit * unit * t.control * t.control).squareRoot()
        let sign = t.control < 0 ? -1.0 : 1.0
        result.tangent = BranchFollower.Direction(
            weights: t.weights.map { sign * $0 / length }, control: sign * t.control / length)
        return result
    }

    // MARK: - Steps

    mutating func run(isCancelled: () -> Bool) -> BranchFollower.End {
        guard var last = positions.first else { return .lost("The branch has no direction at its start.") }
        var step = 0.02 * max(norm(last.weights), 1e-3)
        while positions.count < settings.maximumSteps {
            if isCancelled() { return .lost("The run was stopped.") }
            step = min(step, longest(last))
            guard let next = position(after: last, step: step), isNear(next, last, step) else {
                step *= 0.5
                if step < 1e-10 * max(norm(last.weights), 1e-3) {
                    return .lost("The corrector finds no next point beyond the control \(last.control).")
                }
                continue
            }
            arcLengths.append(arcLengths[arcLengths.count - 1] + distance(last, next))
            positions.append(next)
            last = next
            if !follower.range.contains(next.control) { return .rangeEnd }
            if meetsZeroNet { return .zeroNet }
            step *= 1.6
        }
        return .lost("The branch is longer than \(settings.maximumSteps) steps.")
    }

    /// By the tangent, the step on which control and norm change as much as they may.
    private func longest(_ position: Position) -> Double {
        let t = position.tangent
        let normRate = 2 * abs(dot(t.weights, position.weights)) / max(position.state.squaredNorm, 1e-300)
        // A decay is changed by a part of itself; a control that may vanish, by a part of its range.
        let least = follower.range.lowerBound > 0 ? 1e-3 : 0.5
        let controlRate = abs(t.control) / max(abs(position.control), least * follower.span)
        return min(
            settings.normStep / max(normRate, 1e-300), settings.controlStep / max(controlRate, 1e-300),
            0.2 * max(norm(position.weights), 1e-6))
    }

    private func position(after last: Position, step: Double) -> Position? {
        let t = last.tangent
        let weights = zip(last.weights, t.weights).map { $0 + step * $1 }
        let control = last.control + step * t.control
        return position(near: weights, control, across: t)
    }

    /// The point of the branch on the hyperplane through a place, with its tangent.
    func position(
        near weights: [Double], _ control: Double, across direction: BranchFollower.Direction
    ) -> Position? {
        let constraint = BranchFollower.Constraint(
            direction: direction, weights: weights, control: control, unit: unit)
        guard let found = follower.corrected(weights, control, constraint) else { return nil }
        return follower.tangent(at: found, forward: direction, unit: unit)
    }

    /// Whether a new point is a continuation and not a jump to another branch.
    private func isNear(_ next: Position, _ last: Position, _ step: Double) -> Bool {
        let gone = distance(last, next)
        let turn =
            dot(next.tangent.weights, last.tangent.weights)
            + unit * unit * next.tangent.control * last.tangent.control
        return turn > 0.96 && gone < 1.2 * step && gone > 0.8 * step
    }

    /// The branch through a point, followed both ways: by rising control at the point, but so that a meeting with the
    /// zero net is at the end.
    static func through(
        _ start: Position, _ follower: BranchFollower, isCancelled: () -> Bool
    ) -> (walk: BranchWalk, end: BranchFollower.End)? {
        var up = BranchWalk(follower, start: start)
        let end = up.run(isCancelled: isCancelled)
        guard let first = up.positions.first else { return nil }
        var down = BranchWalk(follower, start: first, forward: first.tangent.reversed, unit: up.unit)
        let other = down.run(isCancelled: isCancelled)
        if other == .zeroNet, end != .zeroNet {
            let before = up.endingInRange(end).dropFirst().map(\.reversed)
            return (BranchWalk(follower, unit: up.unit, positions: before.reversed() + down.positions), other)
        }
        let before = down.endingInRange(other).dropFirst().map(\.reversed)
        return (BranchWalk(follower, unit: up.unit, positions: before.reversed() + up.positions), end)
    }

    /// The positions with the last one, where it has left the range, moved to the range's end.
    private func endingInRange(_ end: BranchFollower.End) -> [Position] {
        guard end == .rangeEnd, let last = positions.last, positions.count > 1 else { return positions }
        let inner = positions[positions.count - 2]
        let bound = last.control > inner.control ? follower.range.upperBound : follower.range.lowerBound
        guard let fixed = follower.corrected(inner.weights, bound),
            let found = follower.tangent(at: fixed, forward: inner.tangent, unit: unit)
        else { return positions.dropLast() }
        return positions.dropLast() + [found]
    }

    // MARK: - Refinement

    /// Puts points where the control turns back within few steps: two folds that face each other, as beside a critical
    /// end point, may both lie between two points that the walk has taken for neighbours on a straight way.
    mutating func refine() {
        var index = 0
        var depth = Array(repeating: 0, count: max(0, positions.count - 1))
        while index + 1 < positions.count {
            guard depth[index] < 8, mayTurn(index), let middle = position(in: index, at: 0.5) else {
                index += 1
                continue
            }
            positions.insert(middle, at: index + 1)
            depth[index] += 1
            depth.insert(depth[index], at: index + 1)
        }
        measure()
    }

    private mutating func measure() {
        arcLengths = [0]
        for (a, b) in zip(positions, positions.dropFirst()) { arcLengths.append(arcLengths.last! + distance(a, b)) }
    }

    /// Whether the cubic through two points with their tangents has a control that nearly stops, or turns, in between.
    private func mayTurn(_ index: Int) -> Bool {
        let (a, b) = (positions[index], positions[index + 1])
        let (u, v) = (a.tangent.control, b.tangent.control)
        guard u * v > 0 else { return false }
        let sign = u < 0 ? -1.0 : 1.0
        let chord = (b.control - a.control) / distance(a, b)
        let least = (1...9).map { k in
            let x = Double(k) / 10
            return sign * (u * (1 - x) * (1 - 3 * x) + 6 * chord * x * (1 - x) - v * x * (2 - 3 * x))
        }.min()!
        return least < 0.5 * min(abs(u), abs(v))
    }

    /// The corrected point at a fraction of an interval, from the cubic through its ends and their tangents.
    func position(in interval: Int, at fraction: Double) -> Position? {
        let (a, b) = (positions[interval], positions[interval + 1])
        let h = distance(a, b)
        let x = fraction
        let (p, q) = ((1 + 2 * x) * (1 - x) * (1 - x), x * x * (3 - 2 * x))
        let (u, v) = (h * x * (1 - x) * (1 - x), h * x * x * (x - 1))
        let weights = a.weights.indices.map { k in
            p * a.weights[k] + q * b.weights[k] + u * a.tangent.weights[k] + v * b.tangent.weights[k]
        }
        let control = p * a.control + q * b.control + u * a.tangent.control + v * b.tangent.control
        let chord = BranchFollower.Direction(
            weights: zip(a.weights, b.weights).map { ($1 - $0) / h }, control: (b.control - a.control) / h)
        return position(near: weights, control, across: chord)
    }

    /// The point of the branch at a control between those of an interval's ends.
    func at(control: Double, in interval: Int) -> Position? {
        let (a, b) = (positions[interval], positions[interval + 1])
        let h = distance(a, b)
        // By the cubic alone: near a pitchfork the weights go with the root of the control.
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let x = 0.5 * (low + high)
            let value =
                (1 + 2 * x) * (1 - x) * (1 - x) * a.control + x * x * (3 - 2 * x) * b.control
                + h * x * (1 - x) * ((1 - x) * a.tangent.control - x * b.tangent.control)
            if (value < control) == (a.control < b.control) { low = x } else { high = x }
        }
        guard let near = position(in: interval, at: 0.5 * (low + high)) else { return nil }
        return follower.corrected(near.weights, control)
    }

    /// The walk up to an arc length.
    mutating func cut(at arcLength: Double) {
        let count = arcLengths.prefix { $0 <= arcLength }.count
        positions.removeLast(positions.count - count)
        arcLengths.removeLast(arcLengths.count - count)
    }

    /// The same walk with a point more.
    mutating func insert(_ position: Position, arcLength: Double, at index: Int) {
        positions.insert(position, at: index)
        arcLengths.insert(arcLength, at: index)
    }

    func distance(_ a: Position, _ b: Position) -> Double {
        let weights = zip(a.weights, b.weights).map { $0 - $1 }
        let control = unit * (a.control - b.control)
        return (dot(weights, weights) + control * control).squareRoot()
    }

    /// The weights have nearly gone while the control stays away from the end of its range.
    private var meetsZeroNet: Bool {
        let last = positions[positions.count - 1]
        let largest = positions.reduce(0) { max($0, $1.state.squaredNorm) }
        return last.state.squaredNorm < 1e-4 * largest
            && last.control > follower.range.lowerBound + 1e-3 * (follower.range.upperBound - follower.range.lowerBound)
            && ZeroNetMeeting(positions) != nil
    }

    // MARK: - Points

    var points: [BranchPath.Point] {
        zip(positions, arcLengths).map { BranchPath.Point($0, arcLength: $1) }
    }
}

/// Where a branch whose weights vanish meets the zero net: the control as a polynomial of R = Σ‖W‖² at R = 0.
struct ZeroNetMeeting {
    let control: Double
    let uncertainty: Double
    /// dR/da there.
    let normSlope: Double

    init(control: Double, uncertainty: Double, normSlope: Double) {
        self.control = control
        self.uncertainty = uncertainty
        self.normSlope = normSlope
    }

    init?(_ positions: [BranchFollower.Position]) {
        let tail = positions.suffix(7).map { (r: $0.state.squaredNorm, a: $0.control) }
        guard tail.count == 7, zip(tail, tail.dropFirst()).allSatisfy({ $0.r > $1.r }) else { return nil }
        let far = Self.extrapolated(Array(tail.dropFirst()))
        let near = Self.extrapolated(Array(tail.dropFirst(2)))
        let last = tail[6]
        let distance = abs(far - last.a)
        uncertainty = max(4 * abs(far - near), 1e-13 * abs(far))
        control = far
        normSlope = last.r / (last.a - far)
        // A branch that runs into the origin at vanishing decay has no limit like this.
        guard uncertainty < 1e-2 * max(distance, 1e-9 * abs(far)) || uncertainty < 1e-9 * abs(far) else { return nil }
    }

    /// Neville's scheme.
    private static func extrapolated(_ points: [(r: Double, a: Double)]) -> Double {
        var values = points.map(\.a)
        for level in 1..<points.count {
            for i in 0..<points.count - level {
                let (x, y) = (points[i].r, points[i + level].r)
                values[i] = (x * values[i + 1] - y * values[i]) / (x - y)
            }
        }
        return values[0]
    }
}
