import PhaseSpace

// Branches that leave a branch point: where a branch loses or gains stability other than by turning round, an eigenvalue
// of the Hessian passes zero whose direction has less symmetry than the branch. The diagram steps off along that
// direction; both signs of it are images of each other. Where several directions pass zero together, as by the rotations
// of a linear net's hidden layers, one of them is taken. Eigenvalues are those of the whole Hessian, so that this is for
// small nets.
extension BranchCollection {
    /// Weights at most, of nets whose whole Hessian is looked at.
    static let weightLimit = 400

    /// The net whose weights are zero is a branch of its own, of which every point is known.
    mutating func takeZeroNet(_ isCancelled: () -> Bool) {
        guard let start = zeroNet(follower.range.lowerBound), !isKnown(start) else { return }
        let (low, high) = (follower.range.lowerBound, follower.range.upperBound)
        let controls = (0...64).map { low + (high - low) * Double($0) / 64 }
        guard let unit = walks.first?.unit else { return }
        let positions = controls.compactMap { zeroNet($0, unit: unit) }
        guard positions.count == controls.count else { return }
        take(BranchWalk(follower, unit: unit, positions: positions, end: .zeroNet), from: nil, isCancelled: isCancelled)
    }

    private func zeroNet(_ control: Double, unit: Double = 1) -> Position? {
        let state = follower.system.state(follower.system.zeroNetWeights(control), control)
        guard state.gradientNorm <= 1e-10 * follower.scale else { return nil }
        var position = Position(state: state)
        position.tangent = BranchFollower.Direction(
            weights: [Double](repeating: 0, count: follower.system.weightCount), control: 1 / unit)
        return position
    }

    mutating func stepOff(_ crossing: StabilityChanges.Crossing, _ isCancelled: () -> Bool) {
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
            walk.run(isCancelled: isCancelled)
            take(walk, from: crossing, isCancelled: isCancelled)
            return
        }
    }

    /// A branch that ends on another one knows the place from its own turn alone; the other one knows it better.
    mutating func sharpenEnds(at crossing: StabilityChanges.Crossing) {
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
            change(index) { $0.points[$0.points.count - 1] = point }
        }
    }
}
