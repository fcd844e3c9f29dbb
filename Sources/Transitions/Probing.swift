import Foundation
import PhaseSpace

/// Where points are trained before a verdict stands: in the grid's intervals whose two ends cannot be, or need not be,
/// on one smooth curve.
///
/// A metastable window is often narrower than a grid's interval. What F″ at the two ends leaves unexplained of the step of
/// F′ says in which intervals to look, and points there decide between a jump, a kink and a steep change. On smooth curves,
/// and where nothing but the transition to the zero net happens, no point is asked for.
public struct Probing: Sendable {
    /// Values of the control that a replica lacks.
    public struct Request: Sendable {
        /// Nil for all replicas: those that have the same data look together.
        public let replica: Int?
        /// Rising.
        public let values: [Double]
    }

    /// Each divides suspect intervals by four, or shrinks them to the error of a place.
    public static let roundLimit = 5
    private static let division = 4
    private let grid: [Double]

    /// - Parameter curve: the sweep's, before any probe.
    public init(_ curve: Curve) {
        grid = Set(curve.samples.filter(\.counts).map(\.control)).sorted()
    }

    /// Points for one replica at most.
    private var pointLimit: Int { max(48, grid.count) }

    /// - Parameter observables: the model's; without exact F′ and F″ along the axis there are no requests.
    public func requests(for curve: Curve, observables: [Observable]) -> [Request] {
        guard curve.branches.isEmpty, grid.count >= fewestControls else { return [] }
        let amplitude = Amplitude(
            orderParameter: curve.key.orderParameter, axis: curve.key.axis, observables: observables)
        let all = replicas(of: curve, observables: observables, isPooled: true)
        let isShared = all.contains { !$0.sharedRows.isEmpty }
        return (isShared ? Array(all.prefix(1)) : all).compactMap { replica in
            guard replica.rows.contains(where: { $0.slope != nil && $0.curvature != nil }) else { return nil }
            let values = values(for: replica, amplitude)
            return values.isEmpty ? nil : Request(replica: isShared ? nil : replica.replica, values: values)
        }
    }

    private func values(for replica: ReplicaRows, _ amplitude: Amplitude) -> [Double] {
        let known = Set((replica.rows + replica.sharedRows).map(\.control))
        let room = pointLimit - known.count { !grid.contains($0) }
        guard room > 0, replica.phases.count >= fewestControls else { return [] }
        let finder = PhaseChangeFinder(replica, amplitude: amplitude)
        let (contradictions, steps) = finder.contradictions
        guard contradictions <= max(1, steps / 5) else { return [] }
        let changes = finder.changes()
        let tangents = replica.isConcave ? replica.tangents : []
        var wanted: [(places: [Double], size: Double)] = []
        for i in finder.phases.indices.dropLast() {
            let interval = Interval(finder.phases[i].control, finder.phases[i + 1].control)
            let step = self.step(at: interval.low)
            guard interval.width > step / 200 else { continue }
            let inside = changes.filter { $0.bracket == interval }
            func ask(_ places: [Double], _ size: Double) { wanted.append((places, size)) }
            if inside.contains(where: { $0.isUndercut(by: tangents, replica) }) {
                ask(parts(of: interval), .infinity)
            } else if let end = changes.first(where: { $0.vanishes && $0.bracket.holds(interval) }) {
                if finder.hidesJump(end) { ask(places(about: end.location, in: interval), .infinity) }
            } else if finder.hasMissed(i), interval.width > step {
                ask(parts(of: interval), finder.steps[i]?.unexplained ?? 0)
            } else if finder.steps.isSuspect(i) {
                let size = finder.steps[i]?.unexplained ?? 0
                if let jump = inside.first(where: { finder.hasOwnStep($0, i) && $0.isSharp }) {
                    // A claimed place is trained: a second transition, or a lower minimum, would show beside it.
                    let reach = max(4 * jump.location.error, 0.02 * interval.width)
                    if interval.width > 0.05 * step {
                        ask([jump.location.value - reach, jump.location.value + reach], size)
                    }
                } else if !inside.contains(where: { $0.order == .second }) || interval.width > 0.3 * step {
                    ask(parts(of: interval), size)
                }
            }
        }
        var values: [Double] = []
        for (places, _) in wanted.sorted(by: { ($1.size, $0.places[0]) < ($0.size, $1.places[0]) }) {
            let new = places.map(Self.rounded).filter {
                !known.contains($0) && grid[0] < $0 && $0 < grid[grid.count - 1]
            }
            if values.count + new.count <= room { values += new }
        }
        return Set(values).sorted()
    }

    private func parts(of interval: Interval) -> [Double] {
        (1..<Self.division).map { interval.low + interval.width * Double($0) / Double(Self.division) }
    }

    /// The place with its error on both sides, where that is narrower than parts of the interval.
    private func places(about location: Measured, in interval: Interval) -> [Double] {
        let reach = max(2 * location.error, 0.01 * interval.width)
        let places = [-reach, 0, reach].map { location.value + $0 }
        return reach < 0.2 * interval.width && places.allSatisfy { interval.low < $0 && $0 < interval.high }
            ? places : parts(of: interval)
    }

    /// The width of the grid's own interval.
    private func step(at x: Double) -> Double {
        let i = min(max(1, grid.firstIndex { $0 > x } ?? grid.count - 1), grid.count - 1)
        return grid[i] - grid[i - 1]
    }

    /// Twelve significant digits, as axis values have.
    private static func rounded(_ x: Double) -> Double { Double(String(format: "%.12g", x)) ?? x }
}

extension Interval {
    fileprivate func holds(_ other: Interval) -> Bool { low <= other.low && other.high <= high }
}

extension PhaseChange {
    /// Whether the jump stands far above its error.
    fileprivate var isSharp: Bool { jump.map { abs($0.value) > 10 * $0.error } ?? false }

    /// Whether some row proves that F is lower where two phases are said to meet: a third one is there.
    func isUndercut(by tangents: [Tangent], _ replica: ReplicaRows) -> Bool {
        guard order == .first, let loss = commonLoss else { return false }
        let x = location.value
        let allowance = 1e3 * replica.lossTolerance + 3 * location.error * abs((left.slope ?? 0) - (right.slope ?? 0))
        return tangents.contains { $0.loss(at: x) < loss - allowance }
    }
}
