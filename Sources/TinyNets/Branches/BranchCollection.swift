import PhaseSpace

/// The branches that are found from one start: the start's own, those that leave its branch points (switching), and those
/// that lie beyond its folds (falls).
struct BranchCollection {
    typealias Position = BranchFollower.Position

    /// Branches and points of them at most.
    static let limit = 24
    static let pointLimit = 8000

    let follower: BranchFollower
    let stops: [Double]
    /// Whether branch points are looked for and the branches that leave them followed.
    let isSwitching: Bool
    private(set) var paths: [BranchPath] = []
    private(set) var walks: [BranchWalk] = []
    /// With the walks that the paths were made from.
    private(set) var events: [BranchEvents] = []
    /// Arc length from a path's first point to its walk's.
    private(set) var offsets: [Double] = []
    private var seeds: [Seed] = []
    /// Paths whose ends training has gone on from.
    var fallen = 0

    /// Where a branch begins that has not been followed yet.
    private enum Seed {
        /// The more symmetric branch that another one has ended on.
        case through(weights: [Double], control: Double)
        /// A step off a branch point.
        case off(StabilityChanges.Crossing)
    }

    init(_ follower: BranchFollower, stops: [Double], isSwitching: Bool) {
        self.follower = follower
        self.stops = stops
        self.isSwitching = isSwitching
    }

    /// - Parameter start: of the first branch, towards rising values of the control.
    mutating func run(from start: Position, isCancelled: () -> Bool) {
        var walk = BranchWalk(follower, start: start)
        if start.control >= follower.range.upperBound { walk = walk.reversed }
        walk.run(isCancelled: isCancelled)
        take(walk, from: nil, isCancelled: isCancelled)
        followSeeds(isCancelled)
    }

    /// Whether no more branches are followed.
    var isFull: Bool {
        paths.count >= Self.limit || walks.reduce(0) { $0 + $1.positions.count } >= Self.pointLimit
    }

    /// - Parameter start: of a branch that is not known, anywhere on it; followed both ways.
    mutating func run(through start: Position, isCancelled: () -> Bool) {
        guard let walk = BranchWalk.through(start, follower, isCancelled: isCancelled) else { return }
        take(walk, from: nil, isCancelled: isCancelled)
        followSeeds(isCancelled)
    }

    private mutating func followSeeds(_ isCancelled: () -> Bool) {
        while !seeds.isEmpty, !isFull, !isCancelled() {
            switch seeds.removeFirst() {
            case .through(let weights, let control): followThrough(weights, control, isCancelled)
            case .off(let crossing): stepOff(crossing, isCancelled)
            }
        }
    }

    /// The same branch on both sides of a point of it.
    private mutating func followThrough(_ weights: [Double], _ control: Double, _ isCancelled: () -> Bool) {
        if follower.system.hasZeroNet, weights == follower.system.zeroNetWeights(control) {
            return takeZeroNet(isCancelled)
        }
        guard let start = follower.corrected(weights, control * (1 + 1e-6)), !isKnown(start),
            let walk = BranchWalk.through(start, follower, isCancelled: isCancelled)
        else { return }
        take(walk, from: nil, isCancelled: isCancelled)
    }

    /// Whether a point lies on a branch that has been followed, or on its image under a symmetry.
    func isKnown(_ position: Position) -> Bool { walks.contains { holds($0, position) } }

    private func holds(_ walk: BranchWalk, _ position: Position) -> Bool {
        let norm = position.state.squaredNorm
        let largest = walk.positions.reduce(0) { max($0, $1.state.squaredNorm) }
        return walk.positions.indices.dropLast().contains { i in
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

    // MARK: - What is on a branch

    mutating func take(
        _ walk: BranchWalk, from crossing: StabilityChanges.Crossing?, isCancelled: () -> Bool
    ) {
        var walk = walk
        guard !walk.positions.isEmpty else { return }
        if walk.positions[0].state.squaredNorm > 0 { walk.refine() }
        var path = BranchPath(points: walk.points, end: walk.end)
        var events = BranchEvents(follower, walk: walk)
        events.add(to: &path, stops: stops, isCancelled: isCancelled)
        if isSwitching {
            seeds += events.mirrors.map { .through(weights: $0.symmetricWeights, control: $0.control) }
            if walk.end == .zeroNet, let last = path.points.last, last.event == .branchPoint {
                seeds.append(.through(weights: last.weights, control: last.control))
            }
        }
        if paths.count > 1 { removeParts(of: walk) }
        walks.append(walk)
        self.events.append(events)
        if isSwitching { takeBranchPoints(of: walk, &path) } else { events.addLosses(to: &path) }
        path.points.sort { $0.arcLength < $1.arcLength }
        let offset = crossing.map { walk.distance($0.position, walk.positions[0]) } ?? 0
        offsets.append(offset)
        if let crossing {
            path.begin(
                at: crossing.position, isStable: crossing.isStable, uncertainty: crossing.uncertainty, distance: offset)
        }
        path.evaluations = follower.system.evaluations
        paths.append(path)
    }

    /// Drops branches, but the first one, that were lost on the way of one that has been followed farther.
    private mutating func removeParts(of walk: BranchWalk) {
        for i in walks.indices.dropFirst().reversed() {
            let positions = walks[i].positions
            guard case .lost = walks[i].end, positions.count < walk.positions.count,
                [0, positions.count / 2, positions.count - 1].allSatisfy({ holds(walk, positions[$0]) })
            else { continue }
            walks.remove(at: i)
            paths.remove(at: i)
            events.remove(at: i)
            offsets.remove(at: i)
            if i < fallen { fallen -= 1 }
        }
    }

    private mutating func takeBranchPoints(of walk: BranchWalk, _ path: inout BranchPath) {
        for crossing in StabilityChanges(follower, walk).all {
            var point = BranchPath.Point(crossing.position, arcLength: crossing.arcLength)
            point.event = .branchPoint
            point.uncertainty = crossing.uncertainty
            point.isStable = crossing.isStable
            path.points.append(point)
            sharpenEnds(at: crossing)
            seeds.append(.off(crossing))
        }
    }

    /// Replaces the last point of a path, or adds points to it.
    mutating func change(_ number: Int, _ change: (inout BranchPath) -> Void) { change(&paths[number]) }
}
