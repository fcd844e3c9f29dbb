import PhaseSpace

/// What the order of a curve's rows tells: a sweep there and back, a fold, or nothing.
struct FileOrder {
    /// Stretches of rows along which the control does not turn, as indices.
    private let runs: [Range<Int>]
    private let points: [TablePoint]

    init(_ points: [TablePoint]) {
        self.points = points
        var runs: [Range<Int>] = []
        var start = 0
        var heading = 0.0
        for i in points.indices.dropFirst() {
            let step = points[i].control - points[i - 1].control
            guard step != 0 else { continue }
            if heading != 0, (step > 0) != (heading > 0) {
                runs.append(start..<i)
                start = i
            }
            heading = step
        }
        if !points.isEmpty { runs.append(start..<points.count) }
        self.runs = runs
    }

    /// - Parameter points: get the direction of their sweep where there are two.
    func course(_ points: inout [TablePoint]) -> TableCurve.Course {
        // Repeats of a grid jump back to its start in a single step: such a run has one row at most.
        guard (2...6).contains(runs.count), runs.allSatisfy({ $0.count >= 3 }), points.allSatisfy(\.isFinite),
            continues
        else { return .plain }
        guard runs.count == 2, sharesControls else { return .folded }
        if isMirrored { return .mirrored }
        if isReflected { return .folded }
        let first: Direction = isRising(runs[0]) ? .up : .down
        for i in runs[0] { points[i].direction = first }
        for i in runs[1] { points[i].direction = first == .up ? .down : .up }
        return .loop
    }

    private func isRising(_ run: Range<Int>) -> Bool {
        points[run.lowerBound].control < points[run.upperBound - 1].control
    }

    /// Whether the steps at the turns are as small as those beside them.
    private var continues: Bool {
        let low = points.map(\.control).min()!
        let span = points.map(\.control).max()! - low
        return runs.dropFirst().allSatisfy { run in
            abs(points[run.lowerBound].control - points[run.lowerBound - 1].control) < 0.25 * span
        }
    }

    /// Values of both runs at the controls that they share, and whether these are nearly all.
    private var pairs: [(there: Double, back: Double)] {
        func values(_ run: Range<Int>) -> [Double: Double] {
            Dictionary(run.map { (points[$0].control, points[$0].value) }, uniquingKeysWith: { a, _ in a })
        }
        let (there, back) = (values(runs[0]), values(runs[1]))
        return there.keys.sorted().compactMap { x in back[x].map { (there[x]!, $0) } }
    }
    private var sharesControls: Bool { 10 * pairs.count >= 8 * min(runs[0].count, runs[1].count) }

    private var largest: Double { points.reduce(0) { max($0, abs($1.value)) } }
    private var isMirrored: Bool {
        let (pairs, largest) = (pairs, largest)
        return pairs.allSatisfy { abs($0.there + $0.back) < 0.05 * largest }
            && pairs.contains { abs($0.there - $0.back) > 0.2 * largest }
    }

    /// Whether both runs lie symmetrically about one value: the two sides of a fold.
    private var isReflected: Bool {
        let sums = pairs.map { $0.there + $0.back }
        let gaps = pairs.map { abs($0.there - $0.back) }
        guard let most = sums.max(), let least = sums.min(), let widest = gaps.max() else { return false }
        let span = points.map(\.value).max()! - points.map(\.value).min()!
        return most - least < 0.05 * widest && widest > 0.2 * span
    }
}
