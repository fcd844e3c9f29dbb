import PhaseSpace

/// Transitions of several curves, joined to a line over a second control.
public struct TransitionLine: Sendable {
    public struct Point: Sendable {
        /// Value of the second control.
        public let other: Double
        public let transition: Transition
        public init(other: Double, transition: Transition) {
            self.other = other
            self.transition = transition
        }
        public var order: TransitionOrder { transition.order }
        var location: Double { transition.location?.value ?? .nan }
    }
    /// By rising second control; all have a location.
    public let points: [Point]
    /// Where the order changes along the line, and where the line ends inside the plane.
    public let specialPoints: [SpecialPoint]
}

/// A point of a transition line at which something changes.
public struct SpecialPoint: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// First order on one side, second on the other.
        case tricritical = "tricritical point"
        /// A line of first-order transitions between two phases ends, as that between liquid and gas does.
        case criticalEnd = "critical end point"
    }
    public let kind: Kind
    /// Value of the second control there, with an interval of its extrapolation, inside the bracket of its two
    /// neighbouring curves.
    public let other: Estimate
    /// Value of the swept control there.
    public let location: Estimate?
    public let bracket: Interval

    /// `tricritical point at c = -0.7500 ± 0.0003`, as a sentence.
    public func sentence(other name: String, axis: String) -> String {
        let place = Words.measured(other)
        return "\(kind.rawValue) at \(name) = \(place)" + (location.map { ", \(axis) = \(Words.measured($0))" } ?? "")
    }
}

/// What one curve contributes to the lines of a plane.
public struct PlaneRow: Sendable {
    public let other: Double
    public let transitions: [Transition]
    /// The swept range.
    public let controls: ClosedRange<Double>?

    public init(other: Double, transitions: [Transition], controls: ClosedRange<Double>?) {
        self.other = other
        self.transitions = transitions
        self.controls = controls
    }

    fileprivate var located: [Transition] {
        transitions.filter { $0.location != nil }.sorted { $0.location!.value < $1.location!.value }
    }
}

/// Joins the transitions of neighbouring curves to lines, each to the nearest continuation of a line that keeps the
/// lines from crossing, and locates tricritical and critical end points on them.
/// - Parameter isContinuous: false where the second control takes whole numbers only: then a line has no points
///   between them, and no special points.
public func transitionLines(_ rows: [PlaneRow], isContinuous: Bool = true) -> [TransitionLine] {
    let rows = rows.sorted { $0.other < $1.other }
    var open: [[TransitionLine.Point]] = []
    var closed: [[TransitionLine.Point]] = []
    for row in rows {
        let found = row.located.map { TransitionLine.Point(other: row.other, transition: $0) }
        // By rising location, as the found ones are.
        open.sort { $0.last!.location < $1.last!.location }
        let pairs = matching(open.map { continuation(of: $0, at: row.other) }, found.map(\.location))
        var next: [[TransitionLine.Point]] = []
        for (j, point) in found.enumerated() {
            if let i = pairs.firstIndex(of: j) { next.append(open[i] + [point]) } else { next.append([point]) }
        }
        for (i, line) in open.enumerated() where pairs[i] == nil { closed.append(line) }
        open = next
    }
    let lines = (closed + open).sorted {
        ($0[0].other, $0[0].location) < ($1[0].other, $1[0].location)
    }
    return lines.map { points in
        let places = LineEnds(points: points, rows: rows)
        return TransitionLine(
            points: points, specialPoints: isContinuous ? places.tricritical + places.criticalEnds : [])
    }
}

/// Where a line would go on, by the straight line through its last two points.
private func continuation(of line: [TransitionLine.Point], at other: Double) -> Double {
    let last = line[line.count - 1]
    guard line.count > 1 else { return last.location }
    let before = line[line.count - 2]
    let slope = (last.location - before.location) / (last.other - before.other)
    return last.location + slope * (other - last.other)
}

/// For each of the left numbers the index of its partner on the right, so that the order is kept, as many as can have
/// a partner have one, and the distances are smallest in sum.
private func matching(_ left: [Double], _ right: [Double]) -> [Int?] {
    if left.count > right.count {
        let turned = matching(right, left)
        return left.indices.map { turned.firstIndex(of: $0) }
    }
    // best[i][j]: the smallest sum for the first i on the left among the first j on the right.
    var best = [[Double]](
        repeating: [Double](repeating: .infinity, count: right.count + 1), count: left.count + 1)
    for j in 0...right.count { best[0][j] = 0 }
    for i in 0..<left.count {
        for j in i..<right.count {
            best[i + 1][j + 1] = min(best[i + 1][j], best[i][j] + abs(left[i] - right[j]))
        }
    }
    var result = [Int?](repeating: nil, count: left.count)
    var (i, j) = (left.count, right.count)
    while i > 0, j > 0 {
        if best[i][j] == best[i][j - 1] {
            j -= 1
        } else {
            result[i - 1] = j - 1
            (i, j) = (i - 1, j - 1)
        }
    }
    return result
}
