import PhaseSpace

/// Follows the branches that emanate from a branch's branch points, and from theirs: a whole bifurcation diagram from one
/// start.
///
/// A branch point is where a branch loses or gains stability other than by turning round: an eigenvalue of the Hessian
/// passes zero whose direction has less symmetry than the branch. The diagram steps off along that direction; both signs
/// of it are images of each other. Where several directions pass zero together, as by the rotations of a linear net's
/// hidden layers, one of them is taken. Eigenvalues are those of the whole Hessian, so that this is for small nets.
struct BranchSwitching {
    typealias Position = BranchFollower.Position

    /// Branches at most.
    static let limit = 24
    /// Weights at most, of nets whose whole Hessian is looked at.
    static let weightLimit = 400

    private let follower: BranchFollower
    private let stops: [Double]
    private(set) var paths: [BranchPath] = []
    private var walks: [BranchWalk] = []
    private var seeds: [Seed] = []

    /// Where a branch begins that has not been followed yet.
    private enum Seed {
        /// The more symmetric branch that another one has ended on.
        case through(weights: [Double], control: Double)
        /// A step off a branch point.
        case off(StabilityChanges.Crossing)
    }

    init(_ follower: BranchFollower, stops: [Double]) {
        self.follower = follower
        self.stops = stops
    }

    /// - Parameter start: of the first branch, towards rising values of the control.
    mutating func run(from start: Position, isCancelled: () -> Bool) {
        var walk = BranchWalk(follower, start: start)
        if start.control >= follower.range.upperBound { walk = walk.reversed }
        let end = walk.run(isCancelled: isCancelled)
        take(walk, end, from: nil)
        while !seeds.isEmpty, paths.count < Self.limit, !isCancelled() {
            followBranch(seeds.removeFirst(), isCancelled)
        }
    }

    // MARK: - Branches

    private mutating func followBranch(_ seed: Seed, _ isCancelled: () -> Bool) {
        switch seed {
        case .through(let weights, let control): followThrough(weights, control, isCancelled)
        case .off(let crossing): stepOff(crossing, isCancelled)
        }
    }

    /// The same branch on both sides of a point of it.
    private mutating func followThrough(_ weights: [Double], _ control: Double, _ isCancelled: () -> Bool) {
        if norm(weights) == 0 { return takeZeroNet() }
        guard let start = follower.corrected(weights, control * (1 + 1e-6)), !isKnown(start) else { return }
        var up = BranchWalk(follower, start: start)
        let end = up.run(isCancelled: isCancelled)
        guard let first = up.positions.first else { return }
        var down = BranchWalk(follower, start: first, forward: first.tangent.reversed, unit: up.unit)
        let other = down.run(isCancelled: isCancelled)
        var before = down.positions.dropFirst().map { position in
            var position = position
            position.tangent = position.tangent.reversed
            return position
        }
        if other == .rangeEnd, let last = before.last, let inner = before.dropLast().last ?? up.positions.first {
            let bound =
                last.control > inner.control ? follower.range.upperBound : follower.range.lowerBound
            before.removeLast()
            if let fixed = follower.corrected(inner.weights, bound),
                let found = follower.tangent(at: fixed, forward: inner.tangent, unit: up.unit)
            {
                before.append(found)
            }
        }
        take(BranchWalk(follower, unit: up.unit, positions: before.reversed() + up.positions), end, from: nil)
    }

    /// The net whose weights are zero is a branch of its own, of which every point is known.
    private mutating func takeZeroNet() {
        let zero = [Double](repeating: 0, count: follower.system.weightCount)
        guard let start = zeroNet(zero, follower.range.lowerBound), !isKnown(start) else { return }
        let (low, high) = (follower.range.lowerBound, follower.range.upperBound)
        let controls = (0...64).map { low + (high - low) * Double($0) / 64 }
        guard let unit = walks.first?.unit else { return }
        let positions = controls.compactMap { zeroNet(zero, $0, unit: unit) }
        guard positions.count == controls.count else { return }
        take(BranchWalk(follower, unit: unit, positions: positions), .zeroNet, from: nil)
    }

    private func zeroNet(_ zero: [Double], _ control: Double, unit: Double = 1) -> Position? {
        let state = follower.system.state(zero, control)
        guard state.gradientNorm <= 1e-10 * follower.scale else { return nil }
        var position = Position(state: state)
        position.tangent = BranchFollower.Direction(weights: zero, control: 1 / unit)
        return position
    }

    private mutating func stepOff(_ crossing: StabilityChanges.Crossing, _ isCancelled: () -> Bool) {
        let (branchPoint, direction) = (crossing.position, crossing.direction)
        let largest = walks.flatMap(\.positions).reduce(0) { max($0, norm($1.weights)) }
        guard let unit = walks.first?.unit else { return }
        let sense = BranchFollower.Direction(weights: direction, control: 0)
        for part in [0.05, 0.02, 0.005] {
            let length = part * max(norm(branchPoint.weights), 0.5 * largest)
            let target = zip(branchPoint.weights, direction).map { $0 + length * $1 }
            let constraint = BranchFollower.Constraint(
                direction: sense, weights: target, control: branchPoint.control, unit: unit)
            guard let found = follower.corrected(target, branchPoint.control, constraint),
                norm(zip(found.weights, branchPoint.weights).map { $0 - $1 }) < 2 * length,
                let start = follower.tangent(at: found, forward: sense, unit: unit)
            else { continue }
            guard !isKnown(start), follower.range.contains(start.control) else { return }
            var walk = BranchWalk(follower, start: start, forward: start.tangent, unit: unit)
            let end = walk.run(isCancelled: isCancelled)
            take(walk, end, from: crossing)
            return
        }
    }

    /// Whether a point lies on a branch that has been followed, or on its image under a symmetry.
    private func isKnown(_ position: Position) -> Bool {
        let norm = position.state.squaredNorm
        let largest = walks.flatMap(\.positions).reduce(0) { max($0, $1.state.squaredNorm) }
        return walks.contains { walk in
            walk.positions.indices.dropLast().contains { i in
                let (a, b) = (walk.positions[i], walk.positions[i + 1])
                let (low, high) = (min(a.control, b.control), max(a.control, b.control))
                let reach = 1e-12 * abs(high)
                guard low - reach <= position.control, position.control <= high + reach else { return false }
                // A look at the ends first: a corrector at every interval would be dear.
                let norms = [a.state.squaredNorm, b.state.squaredNorm]
                let slack = abs(norms[0] - norms[1]) + 1e-6 * largest
                guard norm > norms.min()! - slack, norm < norms.max()! + slack else { return false }
                let there: Position? =
                    b.control == a.control
                    ? a : walk.at(control: position.control, in: i)
                guard let there else { return false }
                return abs(there.state.loss - position.state.loss) <= 1e-10 * follower.scale
                    && abs(there.state.squaredNorm - norm) <= 1e-6 * max(norm, 1e-6 * largest)
            }
        }
    }

    // MARK: - What is on a branch

    private mutating func take(_ walk: BranchWalk, _ end: BranchFollower.End, from crossing: StabilityChanges.Crossing?)
    {
        var walk = walk
        guard !walk.positions.isEmpty else { return }
        if norm(walk.positions[0].weights) > 0 { walk.refine() }
        var path = BranchPath(points: walk.points, end: end)
        var events = BranchEvents(follower, walk: walk, end: end, isSwitching: true)
        events.add(to: &path, stops: stops)
        if let cut = events.mirrorImage {
            walk.cut(at: cut.arcLength)
            seeds.append(.through(weights: cut.symmetricWeights, control: cut.position.control))
        }
        if end == .zeroNet, let last = path.points.last, last.event == .branchPoint {
            seeds.append(.through(weights: last.weights, control: last.control))
        }
        walks.append(walk)
        for crossing in StabilityChanges(follower, walk).all {
            var point = BranchPath.Point(crossing.position, arcLength: crossing.arcLength)
            point.event = .branchPoint
            point.uncertainty = crossing.uncertainty
            point.isStable = crossing.isStable
            path.points.append(point)
            sharpenEnds(at: crossing)
            seeds.append(.off(crossing))
        }
        path.points.sort { $0.arcLength < $1.arcLength }
        if let crossing {
            path.begin(
                at: crossing.position, isStable: crossing.isStable, uncertainty: crossing.uncertainty,
                distance: walk.distance(crossing.position, walk.positions[0]))
        }
        path.evaluations = follower.system.evaluations
        paths.append(path)
    }
}

extension BranchSwitching {
    /// A branch that ends on another one knows the place from its own turn alone; the other one knows it better.
    private mutating func sharpenEnds(at crossing: StabilityChanges.Crossing) {
        let state = crossing.position.state
        for index in paths.indices {
            guard let last = paths[index].points.last, last.event == .branchPoint, last.squaredNorm > 0,
                abs(last.control - state.control) <= 1e-6 * abs(state.control),
                abs(last.loss - state.loss) <= 1e-6 * follower.scale,
                abs(last.squaredNorm - state.squaredNorm) <= 1e-4 * last.squaredNorm
            else { continue }
            var point = BranchPath.Point(crossing.position, arcLength: last.arcLength)
            point.event = .branchPoint
            point.curvature = nil
            point.uncertainty = crossing.uncertainty
            point.isStable = last.isStable
            point.lowestCurvature = last.lowestCurvature
            paths[index].points[paths[index].points.count - 1] = point
        }
    }
}
