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

    /// Each divides the suspect intervals by four.
    public static let roundLimit = 4
    private static let division = 4
    private let grid: [Double]

    /// - Parameter curve: the sweep's, before any probe.
    public init(_ curve: Curve) {
        grid = Set(curve.samples.filter(\.counts).map(\.control)).sorted()
    }

    /// Points for one replica at most.
    private var pointLimit: Int { max(12, grid.count / 2) }

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
        let (contradictions, steps) = replica.contradictions
        guard contradictions <= max(1, steps / 5) else { return [] }
        let finder = PhaseChangeFinder(replica, amplitude: amplitude)
        let changes = finder.changes()
        let tangents = replica.isConcave ? replica.tangents : []
        var intervals: [(interval: Interval, size: Double)] = []
        for i in finder.phases.indices.dropLast() {
            let interval = Interval(finder.phases[i].control, finder.phases[i + 1].control)
            let step = self.step(at: interval.low)
            guard interval.width > step / 200 else { continue }
            let inside = changes.filter { $0.bracket == interval }
            if inside.contains(where: { $0.isUndercut(by: tangents, replica) }) {
                intervals.append((interval, .infinity))
            } else if finder.hasMissed(i), interval.width > step {
                intervals.append((interval, finder.steps[i]?.unexplained ?? 0))
            } else if finder.steps.isSuspect(i) {
                let isTold = inside.contains { finder.hasOwnStep($0, i) && $0.isSharp || $0.order == .second }
                if isTold, interval.width <= 0.3 * step { continue }
                intervals.append((interval, finder.steps[i]?.unexplained ?? 0))
            }
        }
        var values: [Double] = []
        for (interval, _) in intervals.sorted(by: { ($1.size, $0.interval.low) < ($0.size, $1.interval.low) }) {
            let places = (1..<Self.division).map { part in
                Self.rounded(interval.low + interval.width * Double(part) / Double(Self.division))
            }.filter { !known.contains($0) }
            if values.count + places.count <= room { values += places }
        }
        return values.sorted()
    }

    /// The width of the grid's own interval.
    private func step(at x: Double) -> Double {
        let i = min(max(1, grid.firstIndex { $0 > x } ?? grid.count - 1), grid.count - 1)
        return grid[i] - grid[i - 1]
    }

    /// Twelve significant digits, as axis values have.
    private static func rounded(_ x: Double) -> Double { Double(String(format: "%.12g", x)) ?? x }
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
