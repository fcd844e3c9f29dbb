import GSLNumerics
import PhaseSpace

/// Locates what happens between the steps of a walk, each by root finding on the arc length with corrected points.
struct BranchEvents {
    typealias Position = BranchFollower.Position
    typealias Point = BranchPath.Point

    let follower: BranchFollower
    private(set) var walk: BranchWalk
    /// Numbers of the positions at which the branch turns round.
    private var foldIndices: Set<Int> = []
    var positions: [Position] { walk.positions }

    /// Places at which the branch meets one of more symmetry, and the weights of that one there.
    var mirrors: [(control: Double, symmetricWeights: [Double])] {
        [(walk.beginning, positions.first), (walk.end, positions.last)].compactMap { end, position in
            guard end == .branchPoint, let position else { return nil }
            let across = position.tangent.weights
            let part = dot(across, position.weights) / max(dot(across, across), 1e-300)
            return (position.control, zip(position.weights, across).map { $0 - part * $1 })
        }
    }

    init(_ follower: BranchFollower, walk: BranchWalk) {
        self.follower = follower
        self.walk = walk
    }

    /// - Parameter isCancelled: asked between events; what is missing then is not told.
    mutating func add(to path: inout BranchPath, stops: [Double], isCancelled: () -> Bool) {
        guard positions.count > 1 else { return }
        if walk.end == .rangeEnd { cutAtRangeEnd(&path) }
        markMirrors(in: &path)
        var extra = takeFolds()
        extra += maxwellPoints(beside: stablePieces, isCancelled)
        if walk.end == .zeroNet, let meeting = ZeroNetMeeting(positions) {
            path.normSlopeAtZeroNet = meeting.normSlope
            extra.append(branchPoint(refined(meeting)))
        }
        path.points = (path.points + extra.filter { follower.range.contains($0.control) })
            .sorted { $0.arcLength < $1.arcLength }
        for stop in stops where !isCancelled() { path.atStops[stop] = stationaryPoints(at: stop) }
        if !isCancelled() { addSpectra(to: &path) }
    }

    // MARK: - Places between two steps

    /// A stationary point of the branch at a control, with the number of its interval.
    typealias Pass = (interval: Int, position: Position, arcLength: Double)

    private func passes(at control: Double, in intervals: some Sequence<Int>) -> [Pass] {
        intervals.compactMap { i in
            let (a, b) = (positions[i].control, positions[i + 1].control)
            if abs(a - control) <= 1e-13 * abs(control) { return (i, positions[i], walk.arcLengths[i]) }
            guard (a < control) != (b < control), b != control else { return nil }
            return pass(at: control, in: i)
        }
    }

    /// The stationary point of an interval's part of the branch at a control between those of its ends.
    func pass(at control: Double, in i: Int) -> Pass? {
        guard let fixed = walk.at(control: control, in: i),
            let exact = follower.tangent(at: fixed, forward: positions[i].tangent, unit: walk.unit)
        else { return nil }
        return (i, exact, walk.arcLengths[i] + walk.distance(positions[i], exact))
    }

    // MARK: - Events

    /// The last step leads out of the range: its point is moved to the range's end.
    private func cutAtRangeEnd(_ path: inout BranchPath) {
        let last = positions.count - 2
        let bound =
            follower.range.contains(positions[last].control)
            ? (positions[last + 1].control > follower.range.upperBound
                ? follower.range.upperBound : follower.range.lowerBound)
            : follower.range.lowerBound
        path.points.removeLast()
        for pass in passes(at: bound, in: [last]) where pass.arcLength > walk.arcLengths[last] {
            path.points.append(Point(pass.position, arcLength: pass.arcLength))
        }
    }

    private func markMirrors(in path: inout BranchPath) {
        func mark(_ index: Int, _ uncertainty: Double) {
            path.points[index].event = .branchPoint
            path.points[index].curvature = nil
            path.points[index].uncertainty = uncertainty
        }
        if walk.beginning == .branchPoint { mark(0, walk.beginningUncertainty) }
        if walk.end == .branchPoint { mark(path.points.count - 1, walk.endUncertainty) }
    }

    /// Folds as events; they become positions of the walk too, so that its pieces between them end where they end.
    private mutating func takeFolds() -> [Point] {
        var points: [Point] = []
        var i = 0
        while i + 1 < positions.count {
            let (a, b) = (positions[i].tangent.control, positions[i + 1].tangent.control)
            let isEnd =
                i == 0 && walk.beginning == .branchPoint || i + 2 == positions.count && walk.end == .branchPoint
            guard !isEnd, (a < 0) != (b < 0), let (found, arc) = walk.locate(i, tolerance: 1e-8, { $0.tangent.control })
            else {
                i += 1
                continue
            }
            points.append(fold(found, arc))
            if arc > walk.arcLengths[i], arc < walk.arcLengths[i + 1] {
                var position = found
                // Its lowest curvature is zero up to rounding: what lies between two folds is to count as unstable.
                position.isUnstable = true
                walk.insert(position, arcLength: arc, at: i + 1)
                i += 1
            }
            foldIndices.insert(i)
            i += 1
        }
        return points
    }

    private func fold(_ found: Position, _ arc: Double) -> Point {
        var point = Point(found, arcLength: arc)
        point.event = .fold
        // Across the fold the control is quadratic in the arc length; what is left is the gradient that is not zero.
        let response = abs(dot(found.tangent.weights, found.state.drive)) / max(norm(found.tangent.weights), 1e-300)
        point.uncertainty = max(found.state.gradientNorm / max(response, 1e-300), floor(found.control))
        return point
    }

    /// No location is trusted beyond this.
    private func floor(_ control: Double) -> Double { 1e-12 * abs(control) }

    /// Runs of intervals on which the branch is stable as far as its own motion goes: from fold to fold.
    var stablePieces: [Range<Int>] {
        var pieces: [Range<Int>] = []
        for i in 0..<positions.count - 1 {
            let isStable = !positions[i].isUnstable || !positions[i + 1].isUnstable
            guard isStable else { continue }
            if let last = pieces.last, last.upperBound == i, !foldIndices.contains(i) {
                pieces[pieces.count - 1] = last.lowerBound..<i + 1
            } else {
                pieces.append(i..<i + 1)
            }
        }
        return pieces
    }

    private func maxwellPoints(beside pieces: [Range<Int>], _ isCancelled: () -> Bool) -> [Point] {
        var points: [Point] = []
        for piece in pieces {
            for i in piece {
                let gaps = [i, i + 1].map { positions[$0].state.loss - positions[$0].state.zeroNetLoss }
                guard (gaps[0] < 0) != (gaps[1] < 0), gaps.contains(where: { abs($0) > 1e-11 * follower.scale }),
                    let (found, arc) = walk.locate(i, tolerance: 1e-12, { $0.state.loss - $0.state.zeroNetLoss }),
                    !found.isUnstable
                else { continue }
                let state = found.state
                points.append(maxwell(found, arc, otherLoss: state.zeroNetLoss, otherSlope: state.zeroNetSlope))
                points += barrier(at: found.control, in: i + 1..<positions.count - 1)
            }
        }
        for (first, piece) in pieces.enumerated() {
            for other in pieces[(first + 1)...] where !isCancelled() {
                points += maxwellPoints(of: piece, and: other)
            }
        }
        return points
    }

    /// A point at which another stable piece has equal loss.
    func maxwell(_ pass: Pass, beside other: Pass) -> Point {
        let state = other.position.state
        return maxwell(pass.position, pass.arcLength, otherLoss: state.loss, otherSlope: state.slope)
    }

    private func maxwell(_ found: Position, _ arc: Double, otherLoss: Double, otherSlope: Double) -> Point {
        var point = Point(found, arcLength: arc)
        point.event = .maxwell
        let jump = abs(found.state.slope - otherSlope)
        let rounding = 1e-15 * follower.scale + abs(found.state.loss - otherLoss)
        point.uncertainty = max(rounding / max(jump, 1e-300), floor(found.control))
        return point
    }

    /// The first unstable point at a control on a part of the branch.
    private func barrier(at control: Double, in intervals: Range<Int>) -> [Point] {
        for i in intervals where positions[i].isUnstable || positions[i + 1].isUnstable {
            for pass in passes(at: control, in: [i]) where pass.position.isUnstable {
                var point = Point(pass.position, arcLength: pass.arcLength)
                point.event = .barrier
                point.uncertainty = floor(control)
                return [point]
            }
        }
        return []
    }

    /// Where two stable parts of the branch, each from fold to fold, have equal loss.
    private func maxwellPoints(of piece: Range<Int>, and other: Range<Int>) -> [Point] {
        EqualLosses(of: self, piece, and: self, other).all.flatMap { first, second in
            [maxwell(first, beside: second), maxwell(second, beside: first)]
                + barrier(at: first.position.control, in: first.interval + 1..<other.lowerBound)
        }
    }

    /// The zero net loses its stability where a branch leaves it: its lowest curvature locates the point far better
    /// than the branch, whose own weights vanish there.
    private func refined(_ meeting: ZeroNetMeeting) -> ZeroNetMeeting {
        guard follower.system.isZeroNetUnique(meeting.control) else { return meeting }
        let zero = follower.system.zeroNetWeights(meeting.control)
        let reach = max(100 * meeting.uncertainty, 1e-7 * abs(meeting.control))
        var size = 0.0
        let root = try? GSLNumerics.root(
            of: { control in
                let spectrum = follower.system.spectra(of: [(zero, control)], limit: follower.settings.lanczosLimit)[0]
                size = spectrum.size
                return spectrum.lowest
            }, in: meeting.control - reach...meeting.control + reach, relativeTolerance: 1e-14)
        guard let root else { return meeting }
        return ZeroNetMeeting(
            control: root, uncertainty: 1e-14 * max(size, abs(root)) + 1e-13 * abs(root),
            normSlope: meeting.normSlope)
    }

    /// The zero net itself is the last point of a branch that meets it.
    private func branchPoint(_ meeting: ZeroNetMeeting) -> Point {
        let zero = follower.system.zeroNetWeights(meeting.control)
        var position = Position(state: follower.system.state(zero, meeting.control))
        position.motionCurvature = positions[positions.count - 1].motionCurvature
        let last = positions.count - 1
        var point = Point(position, arcLength: walk.arcLengths[last] + walk.distance(positions[last], position))
        point.event = .branchPoint
        point.uncertainty = max(meeting.uncertainty, floor(meeting.control))
        return point
    }

    private func stationaryPoints(at stop: Double) -> [Point] {
        let stable = (0..<positions.count - 1).filter {
            !positions[$0].isUnstable || !positions[$0 + 1].isUnstable
        }
        return passes(at: stop, in: stable).map { Point($0.position, arcLength: $0.arcLength) }
    }
}
