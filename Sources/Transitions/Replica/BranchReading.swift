import PhaseSpace

/// The transitions of the global phase along one followed branch, beside the zero net and the other branches.
struct BranchReading {
    private let rows: [BranchRow]
    /// Of the branches that emanate from the same one.
    private let others: [[BranchRow]]
    private let replica: ReplicaRows
    private let slopeName: String?
    private let orderParameterName: String
    private let amplitude: Amplitude

    init(
        _ branch: FollowedBranch, number: Int, _ replica: ReplicaRows, curve: Curve, observables: [Observable]
    ) {
        rows = branch.all[number]
        others = branch.all.enumerated().filter { $0.offset != number }.map(\.element)
        self.replica = replica
        slopeName = DerivativeNames(axis: branch.axis, observables: observables).slope
        orderParameterName = curve.key.orderParameter
        amplitude = Amplitude(orderParameter: orderParameterName, axis: branch.axis, observables: observables)
    }

    /// Of the minima on the branch at a control of the grid.
    func losses(at control: Double) -> [Measured] {
        rows.indices.dropLast().compactMap { i in
            let (a, b) = (rows[i], rows[i + 1])
            guard a.isStable, b.isStable, min(a.control, b.control) <= control, control <= max(a.control, b.control)
            else { return nil }
            return BranchStretch(rows, at: i, slopeName: slopeName)?.loss(at: control)
        }
    }

    func changes() -> [PhaseChange] {
        var changes: [PhaseChange] = []
        var paired: Set<Int> = []
        for (i, row) in rows.enumerated() {
            switch row.event {
            case .maxwell where !paired.contains(i):
                let twin = rows.indices.first { $0 > i && isTwin(rows[$0], of: row) }
                if let twin { paired.insert(twin) }
                if isLowest(row), row.isStable { changes.append(first(i, twin: twin)) }
            case .branchPoint where (i == 0 || i == rows.count - 1) && isLowest(row) && isStable(beside: i):
                changes.append(second(i))
            default: break
            }
        }
        return changes
    }

    // MARK: - Single changes

    /// A row, with its way along a branch.
    private typealias Place = (rows: [BranchRow], index: Int)

    private func isTwin(_ other: BranchRow, of row: BranchRow) -> Bool {
        other.event == .maxwell && other.control == row.control
    }

    /// - Parameter twin: number of the row of equal loss on the same branch.
    private func first(_ i: Int, twin: Int?) -> PhaseChange {
        let row = rows[i]
        let other =
            twin.map { Place(rows, $0) }
            ?? others.lazy.compactMap { rows in
                rows.firstIndex { isTwin($0, of: row) }.map { Place(rows, $0) }
            }.first
        var change = start(.first, i)
        let mine = side(row)
        let theirs = other.map { side($0.rows[$0.index]) } ?? zeroNetSide
        let isLower = isLowestBelow(i, mine, theirs, hasPartner: other != nil)
        (change.left, change.right) = isLower ? (mine, theirs) : (theirs, mine)
        if let a = change.left.slope, let b = change.right.slope {
            change.jump = Measured(a - b, change.location.error * abs((mine.curvature ?? 0)) + 1e-12 * abs(a - b))
        }
        change.vanishes = other == nil
        let myEnd = end(of: (rows, i), rising: isLower)
        var theirEnd = other.flatMap { end(of: $0, rising: !isLower) }
        if other == nil {
            if let last = rows.last, last.event == .branchPoint {
                theirEnd = end(at: last)
            } else if let last = rows.last, !last.isStable {
                // The unstable part separates the two phases for as long as it is there.
                theirEnd = .beyondGrid(last.control)
            }
        }
        (change.upperEnd, change.lowerEnd) = isLower ? (myEnd, theirEnd) : (theirEnd, myEnd)
        if let top = rows[i...].first(where: { $0.event == .barrier && $0.control == row.control }),
            let high = top.values[Observable.Name.loss], let low = row.values[Observable.Name.loss]
        {
            change.barrier = Measured(high - low, 1e-12 * abs(high) + change.location.error * abs(mine.slope ?? 0))
        }
        return change
    }

    /// Whether the branch, and not the phase of equal loss, is lower at controls below a row.
    private func isLowestBelow(
        _ i: Int, _ mine: PhaseChange.Side, _ theirs: PhaseChange.Side, hasPartner: Bool
    ) -> Bool {
        let row = rows[i]
        // What is the lower one before rises the faster.
        if let a = mine.slope, let b = theirs.slope, a != b { return a > b }
        if !hasPartner {
            for near in [i - 1, i + 1] where rows.indices.contains(near) {
                let values = rows[near].values
                guard abs(rows[near].control - row.control) > 1e-9 * abs(row.control),
                    let loss = values[Observable.Name.loss], let zero = values[Observable.Name.zeroNetLoss]
                else { continue }
                return (loss < zero) == (rows[near].control < row.control)
            }
        }
        return i > 0 ? rows[i - 1].control < row.control : rows.count > 1 && rows[1].control > row.control
    }

    /// Where a minimum ends on the way on which its control rises, or falls; nil for a minimum of one row.
    private func end(of place: Place, rising: Bool) -> PhaseChange.BranchEnd? {
        let (rows, i) = place
        // Rows of the same place tell no direction.
        func way(_ step: Int) -> Double? {
            stride(from: i + step, to: step > 0 ? rows.count : -1, by: step).lazy.map {
                rows[$0].control - rows[i].control
            }
            .first { abs($0) > 1e-9 * abs(rows[i].control) }
        }
        guard let step = [1, -1].first(where: { step in way(step).map { ($0 > 0) == rising } ?? false }) else {
            return nil
        }
        var last = rows[i]
        for index in stride(from: i + step, to: step > 0 ? rows.count : -1, by: step) {
            let row = rows[index]
            if row.event == .fold { return end(at: row) }
            if !row.isStable {
                if last.event == .branchPoint { return end(at: last) }
                let (a, b) = (min(last.control, row.control), max(last.control, row.control))
                return .at(Measured((a + b) / 2, (b - a) / 2), bracket: Interval(a, b), lastSeen: last.control)
            }
            last = row
        }
        return .beyondGrid(last.control)
    }

    /// At an end of the branch, where it meets another one.
    private func second(_ i: Int) -> PhaseChange {
        let row = rows[i]
        var change = start(.second, i)
        change.jump = slopeName == nil ? nil : Measured(0, 1e-9 * largestSlope)
        let beside = inwards(from: i)
        let ordered = beside.first { $0.event == nil }
        let isBelow = ordered.map { $0.control < row.control } ?? true
        var mine = ordered.map(side) ?? zeroNetSide
        var theirs = zeroNetSide
        if isBelowZeroNet(row) {
            mine.slope = slope(row)
            mine.orderParameter = orderParameter(row)
            let limit = slopeName == nil ? nil : curvature(towards: row, beside)
            mine.curvature = limit?.value
            theirs = mine
            let other = slopeName == nil ? nil : curvature(ofBranchMetAt: row)
            theirs.curvature = other?.value
            if let limit, let other {
                change.curvatureJump = Measured(
                    isBelow ? other.value - limit.value : limit.value - other.value, limit.error + other.error)
            }
        } else {
            change.vanishes = true
            mine.slope = slopeName == nil ? nil : 0
            mine.orderParameter = 0
            let curvature = row.values[Observable.Name.lossCurvature] ?? curvature(towards: row, beside)?.value
            mine.curvature = curvature
            if let curvature, slopeName != nil {
                change.curvatureJump = Measured(isBelow ? -curvature : curvature, 1e-3 * abs(curvature))
            }
            let points = beside.compactMap { point in
                orderParameter(point).map { (x: point.control, amplitude: amplitude.of($0)) }
            }.prefix(12)
            change.exponent = criticalExponent(of: Array(points), location: change.location)
        }
        (change.left, change.right) = isBelow ? (mine, theirs) : (theirs, mine)
        return change
    }

    /// The rows from an end of the branch on.
    private func inwards(from i: Int) -> [BranchRow] {
        i == 0 ? Array(rows.dropFirst()) : Array(rows[..<i].reversed())
    }

    private func isBelowZeroNet(_ row: BranchRow) -> Bool {
        guard let loss = row.values[Observable.Name.loss] else { return false }
        return loss < (row.values[Observable.Name.zeroNetLoss] ?? .infinity) - 10 * replica.lossTolerance
    }

    /// F″ of the branch of more symmetry that this one ends on: it has the same loss and slope there, and goes on.
    private func curvature(ofBranchMetAt row: BranchRow) -> Measured? {
        guard let loss = row.values[Observable.Name.loss], let slope = slope(row) else { return nil }
        for other in others {
            for i in other.indices.dropLast() {
                let (a, b) = (other[i], other[i + 1])
                guard (a.control < row.control) != (b.control < row.control),
                    let passing = BranchStretch(other, at: i, slopeName: slopeName)?.values(at: row.control),
                    abs(passing.loss - loss) <= 1e-6 * max(abs(loss), abs(slope * row.control)),
                    abs(passing.slope - slope) <= 1e-3 * abs(slope), let curvature = passing.curvature
                else { continue }
                return curvature
            }
        }
        return nil
    }

    /// The limit of F″ along the branch, by the parabola through the three nearest rows that know it.
    private func curvature(towards row: BranchRow, _ beside: [BranchRow]) -> Measured? {
        let known = beside.filter { $0.event == nil }.compactMap { point in
            point.values[Observable.Name.lossCurvature].map { (x: point.control - row.control, y: $0) }
        }.prefix(3)
        guard known.count == 3 else { return nil }
        func extrapolated(_ points: ArraySlice<(x: Double, y: Double)>) -> Double {
            points.indices.reduce(0) { sum, a in
                sum
                    + points.indices.filter { $0 != a }.reduce(points[a].y) {
                        $0 * points[$1].x / (points[$1].x - points[a].x)
                    }
            }
        }
        let value = extrapolated(known)
        return value.isFinite ? Measured(value, abs(value - extrapolated(known.prefix(2))) + 1e-8 * abs(value)) : nil
    }

    private func start(_ order: TransitionOrder, _ i: Int) -> PhaseChange {
        let row = rows[i]
        let error = row.uncertainty ?? 0
        var change = PhaseChange(
            order: order, location: Measured(row.control, error),
            bracket: Interval(row.control - error, row.control + error))
        change.pointsUsed = rows.count
        change.isFromBranch = true
        return change
    }

    private func end(at row: BranchRow) -> PhaseChange.BranchEnd {
        let error = row.uncertainty ?? 0
        return .at(
            Measured(row.control, error), bracket: Interval(row.control - 2 * error, row.control + 2 * error),
            lastSeen: row.control)
    }

    // MARK: - Values

    private var zeroNetSide: PhaseChange.Side {
        var side = PhaseChange.Side(isZeroNet: true)
        side.slope = slopeName == nil ? nil : 0
        side.curvature = slopeName == nil ? nil : 0
        side.orderParameter = 0
        return side
    }

    private func side(_ row: BranchRow) -> PhaseChange.Side {
        var side = PhaseChange.Side(isZeroNet: false)
        side.slope = slope(row)
        side.curvature = slopeName == nil ? nil : row.values[Observable.Name.lossCurvature]
        side.orderParameter = orderParameter(row)
        return side
    }

    private func slope(_ row: BranchRow) -> Double? { slopeName.flatMap { row.values[$0] } }
    private func orderParameter(_ row: BranchRow) -> Double? { row.values[orderParameterName] }
    private var largestSlope: Double { rows.compactMap(slope).reduce(0) { max($0, abs($1)) } }

    private func isStable(beside i: Int) -> Bool { inwards(from: i).first { $0.event == nil }?.isStable ?? false }

    /// Whether neither the zero net nor another stable part of a branch lies below a row.
    private func isLowest(_ row: BranchRow) -> Bool {
        guard let loss = row.values[Observable.Name.loss] else { return false }
        let tolerance = 1e-7 * max(abs(loss), 10 * replica.lossTolerance)
        if let zero = row.values[Observable.Name.zeroNetLoss], zero < loss - 10 * replica.lossTolerance { return false }
        for branch in [rows] + others {
            for i in branch.indices.dropLast() where branch[i].isStable && branch[i + 1].isStable {
                let (a, b) = (branch[i], branch[i + 1])
                guard (a.control < row.control) != (b.control < row.control), a.control != row.control,
                    b.control != row.control,
                    let upper = BranchStretch(branch, at: i, slopeName: slopeName)?.upperBound(at: row.control)
                else { continue }
                if upper < loss - tolerance { return false }
            }
        }
        return true
    }
}
