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
    /// How it has ended at its last position, and at its first one where it was walked from within.
    private(set) var end = BranchFollower.End.rangeEnd
    private(set) var beginning: BranchFollower.End?
    /// How far the controls of branch points at its ends may be off.
    private(set) var endUncertainty = 0.0
    private(set) var beginningUncertainty = 0.0
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
    init(_ follower: BranchFollower, unit: Double, positions: [Position], end: BranchFollower.End) {
        self.follower = follower
        self.unit = unit
        self.positions = positions
        self.end = end
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

    mutating func run(isCancelled: () -> Bool) {
        end = walk(isCancelled)
        if end == .branchPoint, let fold = turns.last { cut(atFold: fold) }
    }

    /// Numbers of the positions before those at which the control turns round.
    private var turns: [Int] = []

    private mutating func walk(_ isCancelled: () -> Bool) -> BranchFollower.End {
        guard var last = positions.first else { return .lost("The branch has no direction at its start.") }
        var step = 0.02 * max(norm(last.weights), 1e-3)
        var isTurned = false
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
            if (last.tangent.control < 0) != (next.tangent.control < 0) {
                turns.append(positions.count - 2)
                isTurned = true
            }
            last = next
            if !follower.range.contains(next.control) { return .rangeEnd }
            if meetsZeroNet { return .zeroNet }
            if isTurned, let isMirror = isMirrored {
                if isMirror { return .branchPoint }
                isTurned = false
            }
            if isClosed { return .closed }
            step *= 1.6
        }
        return .lost("The branch is longer than \(settings.maximumSteps) steps.")
    }

    /// Whether the way back from the last fold is the mirror image of the way there: points of equal loss and norm at the
    /// same control. Nil where the way there does not tell.
    private var isMirrored: Bool? {
        let fold = turns[turns.count - 1]
        let here = positions[positions.count - 1]
        let interval = (0..<fold).last { i in
            (positions[i].control < here.control) != (positions[i + 1].control < here.control)
        }
        return interval.flatMap { at(control: here.control, in: $0) }.map { isImage(here, of: $0) }
    }

    private func isImage(_ a: Position, of b: Position) -> Bool {
        abs(a.state.loss - b.state.loss) <= 1e-10 * follower.scale
            && abs(a.state.squaredNorm - b.state.squaredNorm) <= 1e-6 * b.state.squaredNorm
    }

    /// Whether the last step has led past the first position, or an image of it, in its direction.
    private var isClosed: Bool {
        let count = positions.count
        guard count > 8, let first = positions.first, turns.count > 1 else { return false }
        let (a, b) = (positions[count - 2], positions[count - 1])
        guard (a.control < first.control) != (b.control < first.control),
            (b.control > a.control) == (first.tangent.control > 0), let here = at(control: first.control, in: count - 2)
        else { return false }
        return isImage(here, of: first)
    }

    /// Ends the walk where it meets the branch of more symmetry. At that place itself corrected points may as well lie on
    /// the other branch: it is extrapolated from both sides, on which the control is the same function of its rate's
    /// square.
    private mutating func cut(atFold index: Int) {
        let (a, b) = (positions[index].tangent.control, positions[index + 1].tangent.control)
        let middle = a / (a - b)
        let parts = [0.6, 0.4, 0.25, 0.15]
        let before = parts.compactMap { position(in: index, at: middle * (1 - $0)) }
        let after = parts.compactMap { position(in: index, at: middle + (1 - middle) * $0) }
        func extrapolated(_ positions: [Position]) -> Double {
            extrapolatedToZero(
                positions.map { (x: $0.tangent.control * $0.tangent.control, y: $0.control) }.sorted { $0.x > $1.x })
        }
        guard before.count == parts.count, after.count == parts.count, let near = before.last,
            before.allSatisfy({ ($0.tangent.control < 0) == (a < 0) }),
            after.allSatisfy({ ($0.tangent.control < 0) == (b < 0) })
        else { return cutAtTurn(index) }
        let control = extrapolated(before + after)
        let length = 2 * (near.control - control) / near.tangent.control
        let weights = zip(near.weights, near.tangent.weights).map { $0 - length * $1 }
        guard control.isFinite, abs(length) < distance(positions[index], positions[index + 1]),
            var found = follower.corrected(weights, control)
        else { return cutAtTurn(index) }
        found.tangent = BranchFollower.Direction(weights: near.tangent.weights, control: 0)
        endUncertainty =
            2 * max(abs(control - extrapolated(before)), abs(control - extrapolated(after))) + 1e-11 * abs(control)
        let arc = arcLengths[index] + distance(positions[index], found)
        positions.removeLast(positions.count - index - 1)
        arcLengths.removeLast(arcLengths.count - index - 1)
        positions.append(found)
        arcLengths.append(arc)
    }

    /// The same where that does not succeed.
    private mutating func cutAtTurn(_ index: Int) {
        guard let (found, arc) = locate(index, tolerance: 1e-8, { $0.tangent.control }) else { return }
        positions.removeLast(positions.count - index - 1)
        arcLengths.removeLast(arcLengths.count - index - 1)
        endUncertainty = 1e-4 * abs(found.control - positions[index].control) + 1e-8 * abs(found.control)
        if arc > arcLengths[index] {
            positions.append(found)
            arcLengths.append(arc)
        }
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
    static func through(_ start: Position, _ follower: BranchFollower, isCancelled: () -> Bool) -> BranchWalk? {
        var up = BranchWalk(follower, start: start)
        up.run(isCancelled: isCancelled)
        guard let first = up.positions.first else { return nil }
        if up.end == .closed { return up }
        var down = BranchWalk(follower, start: first, forward: first.tangent.reversed, unit: up.unit)
        down.run(isCancelled: isCancelled)
        return down.end == .zeroNet && up.end != .zeroNet
            ? BranchWalk(back: up, on: down) : BranchWalk(back: down, on: up)
    }

    /// Two walks from one position, the first one turned round.
    private init(back: BranchWalk, on: BranchWalk) {
        follower = on.follower
        unit = on.unit
        positions = back.endingInRange.dropFirst().map(\.reversed).reversed() + on.positions
        (beginning, beginningUncertainty) = (back.end, back.endUncertainty)
        (end, endUncertainty) = (on.end, on.endUncertainty)
        measure()
    }

    /// The positions with the last one, where it has left the range, moved to the range's end.
    private var endingInRange: [Position] {
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
        return follower.system.hasZeroNet && last.state.squaredNorm < 1e-4 * largest
            && last.control > follower.range.lowerBound + 1e-3 * (follower.range.upperBound - follower.range.lowerBound)
            && ZeroNetMeeting(positions) != nil
    }

    // MARK: - Points

    var points: [BranchPath.Point] {
        zip(positions, arcLengths).map { BranchPath.Point($0, arcLength: $1) }
    }
}
