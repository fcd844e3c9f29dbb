import GSLNumerics
import PhaseSpace

/// Finds the singular points of one replica's F by continuing the branches left and right of every grid interval into
/// it. Where F′ of both continuations agree, F agrees too at a second-order point and differs at a first-order one,
/// whose place is where F agrees (Maxwell's rule).
struct PhaseChangeFinder {
    let replica: ReplicaRows
    let phases: [GlobalPhase]
    /// Controls left out because training missed the global minimum there.
    let missed: [Double]
    let largestSlope: Double
    private let smallestJump: Double
    /// Estimated errors are multiplied by this before anything is believed.
    private let caution = 3.0

    private let orderParameterIsSlope: Bool
    private let amplitude: Amplitude
    let steps: SlopeSteps

    init(_ replica: ReplicaRows, amplitude: Amplitude) {
        self.replica = replica
        self.amplitude = amplitude
        (phases, missed) = Self.withoutMissedMinima(replica)
        steps = SlopeSteps(phases, tolerance: replica.lossTolerance, scatter: replica.scatter)
        let slopes = phases.compactMap(\.slope).map(abs)
        let chords = zip(phases, phases.dropFirst()).map { a, b in
            abs(b.freeEnergy - a.freeEnergy) / (b.control - a.control)
        }
        largestSlope = slopes.max() ?? chords.max() ?? 0
        // Slopes of polynomials through losses alone are good to a percent at best.
        smallestJump = (slopes.isEmpty ? 1e-2 : 1e-4) * largestSlope
        let scale = largestSlope
        orderParameterIsSlope =
            phases.contains { $0.slope != nil }
            && phases.allSatisfy { phase in
                guard let slope = phase.slope, let order = phase.orderParameter else { return true }
                return abs(slope - order) <= 1e-9 * scale
            }
    }

    func changes() -> [PhaseChange] {
        var found: [(interval: Int, change: PhaseChange, weight: Double)] = []
        for i in phases.indices.dropLast() {
            guard let (change, weight) = checked(assess(i), i) else { continue }
            if let last = found.last {
                // A peak of F″ that the grid does not resolve shows on both of its flanks.
                if i - last.interval <= 3, change.order == .undecided, last.change.order == .undecided {
                    found[found.count - 1] = (i, joined(last.change, change), max(weight, last.weight))
                    continue
                }
                // The continuation next to a singular interval straddles it and may echo it: the clearer one counts.
                let isOwn = hasOwnStep(last.change, last.interval) && hasOwnStep(change, i)
                if last.interval == i - 1, !isOwn {
                    if weight <= last.weight { continue }
                    found.removeLast()
                }
            }
            found.append((i, change, weight))
        }
        return found.map { $0.change.order == .first ? withHysteresis($0.change) : $0.change }
    }

    // MARK: - One interval

    private func assess(_ i: Int) -> (PhaseChange, Double)? {
        let (a, b) = (phases[i], phases[i + 1])
        if a.isZeroNet && b.isZeroNet { return nil }
        let bracket = Interval(a.control, b.control)
        let isDeath = a.isZeroNet != b.isZeroNet
        let nodesLeft = branch(i, by: -1)
        let nodesRight = branch(i + 1, by: 1)
        let (left, isLeftSeen) = continuation(nodesLeft, a, extendedTo: b)
        let (right, isRightSeen) = continuation(nodesRight, b, extendedTo: a)
        guard let left, let right else {
            guard isDeath else { return nil }
            let middle = (a.control + b.control) / 2
            var change = PhaseChange(
                order: .undecided, location: Measured(middle, bracket.width / 2), bracket: bracket,
                reason: "the grid has too few points on the ordered side of it to continue the branch")
            change.vanishes = true
            return (change, .infinity)
        }
        let pair = BranchPair(
            left: left, right: right, bracket: bracket, tolerance: replica.lossTolerance,
            scatter: replica.scatter)
        if !isDeath && !isSingular(pair) { return nil }
        // The zero net is known everywhere: what must have been seen past the transition is the other branch.
        let isSeen = (isLeftSeen || a.isZeroNet) && (isRightSeen || b.isZeroNet)
        var change = decide(pair, isDeath: isDeath, caution: isSeen ? caution : 4 * caution)
        if change.order == .second, isDeath {
            let nodes = a.isZeroNet ? nodesRight : nodesLeft
            let place = change.location.value
            change.location.error += vanishingPoint(nodes).map { abs($0 - place) } ?? bracket.width
            // Without the nearest point the extrapolation is at least 27 times worse where the branch is smooth.
            change.location.error += 0.3 * (vanishingPoint(Array(nodes.dropFirst())).map { abs($0 - place) } ?? 0)
        }
        if !isDeath && change.order == .undecided && abs(pair.gap(bracket.middle).slope) < 0.1 * largestSlope
            && lossJump(pair) == nil
        {
            return nil
        }
        if !isDeath, change.order == .second, let jump = change.curvatureJump?.value,
            isRounded(nodesLeft, besideJump: jump) || isRounded(nodesRight, besideJump: jump)
        {
            change.order = .undecided
            change.reason = "F″ begins to change before the kink: a crossover that the grid does not resolve"
        }
        let x = change.location.value
        change.commonLoss = max(left.values(at: x).value, right.values(at: x).value)
        change.left = side(left, at: x, i, by: -1)
        change.right = side(right, at: x, i + 1, by: 1)
        if change.order == .second, isDeath { change.exponent = criticalExponent(change, i) }
        change.vanishes = isDeath
        change.pointsUsed = nodesLeft.prefix(3).count + nodesRight.prefix(3).count
        let weight = isDeath ? Double.infinity : abs(pair.gap(bracket.middle).slope)
        return (change, weight)
    }

    /// Whether the point next to a kink already lies off the continuation of those behind it: on a branch that ends in
    /// a kink it does not, in a rounded one it does.
    /// - Parameter nodes: the nearest first.
    private func isRounded(_ nodes: [BranchPoint], besideJump jump: Double) -> Bool {
        guard let own = nodes.first, let curvature = own.curvature,
            let behind = BranchContinuation(nearest: Array(nodes.dropFirst()))
        else { return false }
        let miss = abs(behind.values(at: own.x).curvature - curvature)
        return miss > caution * (behind.errors(at: own.x).curvature + replica.scatter.curvature) + 0.03 * abs(jump)
    }

    private func isSingular(_ pair: BranchPair) -> Bool {
        let middle = pair.bracket.middle
        let gap = pair.gap(middle)
        let error = pair.error(middle)
        let curvature = max(abs(pair.left.values(at: middle).curvature), abs(pair.right.values(at: middle).curvature))
        return abs(gap.value) > caution * error.value + 10 * replica.lossTolerance
            || abs(gap.slope) > caution * error.slope + smallestJump
            || abs(gap.curvature) > caution * error.curvature + 0.02 * curvature
    }

    /// - Parameter jumpCaution: for a jump, which a continuation alone may fake.
    private func decide(_ pair: BranchPair, isDeath: Bool, caution jumpCaution: Double) -> PhaseChange {
        let crossing = pair.crossing(caution: jumpCaution, slopeFloor: smallestJump)
        let kink = pair.kink(caution: caution, isCertain: isDeath)
        func undecided(_ reason: String) -> PhaseChange {
            PhaseChange(
                order: .undecided, location: Measured(pair.bracket.middle, pair.bracket.width / 2),
                bracket: pair.bracket, reason: reason)
        }
        switch (crossing, kink) {
        case (let crossing?, nil):
            var change = PhaseChange(order: .first, location: crossing.location, bracket: pair.bracket)
            change.jump = crossing.jump
            return change
        case (nil, let kink?):
            // A jump this small would still look like a kink.
            guard kink.undetectableJump <= 0.1 * largestSlope else {
                return undecided("the grid is too coarse to tell a kink of F from a small jump of F′")
            }
            var change = PhaseChange(order: .second, location: kink.location, bracket: pair.bracket)
            change.curvatureJump = kink.curvatureJump
            change.jump = Measured(0, kink.undetectableJump)
            return change
        case (.some, .some): return undecided("the grid is too coarse to tell a kink of F from a jump of F′")
        case (nil, nil):
            if let jump = lossJump(pair), isRefined(pair.bracket) {
                var change = PhaseChange(
                    order: .zeroth, location: Measured(pair.bracket.middle, pair.bracket.width / 2),
                    bracket: pair.bracket)
                change.lossJump = jump
                return change
            }
            return undecided(
                "the branches on its two sides, continued into it, do not meet clearly: the grid is too coarse, "
                    + "or training lost the lower branch")
        }
    }

    /// F right minus left in the middle of the interval, where neither side's slope bridges the gap.
    private func lossJump(_ pair: BranchPair) -> Measured? {
        let middle = pair.bracket.middle
        let gap = pair.gap(middle)
        let bridge = pair.bracket.width * max(abs(pair.left.values(at: middle).slope), abs(gap.slope))
        let error = pair.error(middle).value
        guard abs(gap.value) > 5 * (error + replica.lossTolerance) + bridge else { return nil }
        return Measured(-gap.value, error + bridge)
    }

    /// Whether the interval is at most a tenth of the usual one: refinement has been there, and found no lower branch.
    private func isRefined(_ bracket: Interval) -> Bool {
        let widths = zip(phases, phases.dropFirst()).map { $1.control - $0.control }
        return (try? median(widths)).map { bracket.width <= 0.1 * $0 } ?? false
    }

    /// Where F′ of a branch reaches zero by the inverse function x(F′), whose error is independent of that of F′(x).
    private func vanishingPoint(_ nodes: [BranchPoint]) -> Double? {
        let inverse = nodes.prefix(2).compactMap { point -> HermitePolynomial.Node? in
            guard let slope = point.slope, let curvature = point.curvature, curvature != 0 else { return nil }
            return HermitePolynomial.Node(x: slope, [point.x, 1 / curvature])
        }
        guard inverse.count >= 2, Set(inverse.map(\.x)).count == inverse.count else { return nil }
        return HermitePolynomial(inverse).values(at: 0).value
    }

    private func side(
        _ continuation: BranchContinuation, at x: Double, _ i: Int, by step: Int
    ) -> PhaseChange.Side {
        let values = continuation.values(at: x)
        let own = phases[i]
        var side = PhaseChange.Side(isZeroNet: own.isZeroNet)
        side.slope = values.slope
        side.curvature = values.curvature
        if own.isZeroNet {
            side.orderParameter = own.orderParameter
        } else if orderParameterIsSlope {
            side.orderParameter = values.slope
        } else {
            let points = (0..<3).map { i + step * $0 }.filter(phases.indices.contains).map { phases[$0] }
                .prefix { !$0.isZeroNet && $0.orderParameter != nil }
            if !points.isEmpty {
                let polynomial = HermitePolynomial(points.map { .init(x: $0.control, [$0.orderParameter!]) })
                side.orderParameter = polynomial.values(at: x).value
            }
        }
        return side
    }

    /// β of the order parameter on the ordered side of a continuous transition.
    private func criticalExponent(_ change: PhaseChange, _ i: Int) -> Exponent? {
        let ordered =
            change.left.isZeroNet ? Array(phases[(i + 1)...]) : Array(phases[...i].reversed())
        let points = ordered.prefix { !$0.isZeroNet }.compactMap { phase in
            phase.orderParameter.map { (x: phase.control, amplitude: amplitude.of($0)) }
        }
        return Transitions.criticalExponent(of: points, location: change.location)
    }

    // MARK: - Branches

    /// The points of the branch that phase `i` is on, walking away from the interval.
    private func branch(_ i: Int, by step: Int) -> [BranchPoint] {
        var points: [BranchPoint] = []
        var k = i
        while phases.indices.contains(k), !phases[k].isZeroNet, points.count < 4 {
            points.append(BranchPoint(phases[k]))
            k += step
        }
        return points
    }

    /// The branch with its point of the interval's far end, if a row was seen there.
    private func continuation(
        _ nodes: [BranchPoint], _ own: GlobalPhase, extendedTo other: GlobalPhase
    ) -> (BranchContinuation?, isSeen: Bool) {
        if own.isZeroNet { return (BranchContinuation(zeroNet: replica.zeroNet, near: own.control), false) }
        guard let first = nodes.first else { return (nil, false) }
        let plain = BranchContinuation(nearest: nodes)
        guard let metastable = metastablePoint(continuing: first, at: other, plain),
            let interpolated = BranchContinuation(nearest: [first, metastable] + nodes.dropFirst())
        else { return (plain, false) }
        return (interpolated, true)
    }

    /// A row at `other` that lies on the branch of `point` although it is not the global phase there.
    private func metastablePoint(
        continuing point: BranchPoint, at other: GlobalPhase, _ plain: BranchContinuation?
    ) -> BranchPoint? {
        let expected = plain?.values(at: other.control).value
        let surprise = plain.map { 10 * $0.errors(at: other.control).value + 100 * replica.lossTolerance }
        let candidates = replica.rows(at: other.control).compactMap(BranchPoint.init).filter {
            guard $0.loss > other.freeEnergy + 10 * replica.lossTolerance else { return false }
            if $0.slope != nil, point.slope != nil {
                return isContinuous(point, $0, tolerance: replica.lossTolerance)
            }
            // Losses alone: only what the branch itself foretells.
            guard let expected, let surprise else { return false }
            return abs($0.loss - expected) <= surprise
        }
        let near = expected ?? point.loss
        return candidates.min { abs($0.loss - near) < abs($1.loss - near) }
    }
}

/// Whether two points can lie on one branch: by the mean value theorem ΔF/Δx lies between the slopes at its ends
/// (F′ is monotonic along a branch between neighbouring controls). Without slopes nothing speaks against it.
func isContinuous(_ p: BranchPoint, _ q: BranchPoint, tolerance: Double) -> Bool {
    guard let u = p.slope, let v = q.slope else { return true }
    let chord = (q.loss - p.loss) / (q.x - p.x)
    // Between controls with nearly equal slopes F′ may pass through an extremum.
    let slack = 0.02 * abs(u - v) + 2 * tolerance / abs(q.x - p.x) + 1e-9 * max(abs(u), abs(v))
    return chord >= min(u, v) - slack && chord <= max(u, v) + slack
}

extension Interval {
    var middle: Double { low + (high - low) / 2 }
}
