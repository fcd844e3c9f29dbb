import Foundation
import PhaseSpace

/// The loop that an up-sweep and a down-sweep of one curve enclose.
public struct HysteresisLoop: Sendable {
    public struct Row: Sendable, Hashable {
        public let control: Double
        /// Order parameter on the way up and on the way down, means over the replicas that have both.
        public let up: Double
        public let down: Double
    }
    /// At the controls that both sweeps have, rising.
    public let rows: [Row]
    /// ∫ |m_up − m_down| over the swept range, mean over replicas, with its 95 % interval: what the replicas differ by,
    /// and the grid's resolution of the jumps.
    public let area: Estimate
    /// Whether the sweeps still differ at the lowest and at the highest control: then the area is that of the swept
    /// range, not of a closed loop.
    public let isOpenBelow: Bool
    public let isOpenAbove: Bool

    /// Whether the two sweeps differ anywhere by more than a ten-thousandth of the order parameter.
    public var hasArea: Bool { area.value > 0 }
}

/// The hysteresis loop of a curve with warm sweeps both ways.
/// - Returns: nil where fewer than three controls have a done point of both directions.
public func hysteresisLoop(of curve: Curve) -> HysteresisLoop? {
    func values(_ direction: Direction, _ replica: Int) -> [Double: Double] {
        let rows = curve.samples.filter {
            $0.direction == direction && $0.replica == replica && $0.outcome.isDone && $0.control.isFinite
        }
        return Dictionary(
            rows.compactMap { row in
                row.values[curve.key.orderParameter].flatMap { $0.isFinite ? (row.control, $0) : nil }
            }, uniquingKeysWith: { first, _ in first })
    }
    var areas: [Measured] = []
    var sums: [Double: (up: Double, down: Double, count: Double)] = [:]
    var scale = 0.0
    for replica in Set(curve.samples.map(\.replica)).sorted() {
        let (up, down) = (values(.up, replica), values(.down, replica))
        let controls = up.keys.filter { down[$0] != nil }.sorted()
        guard controls.count >= 3 else { continue }
        let size = controls.reduce(0) { max($0, abs(up[$1]!), abs(down[$1]!)) }
        scale = max(scale, size)
        // Minima agree to rounding where the sweeps are in one state.
        let gaps = controls.map { x -> Double in
            let gap = abs(up[x]! - down[x]!)
            return gap > 1e-4 * size ? gap : 0
        }
        var (area, error) = (0.0, 0.0)
        for i in 0..<controls.count - 1 {
            let width = controls[i + 1] - controls[i]
            area += width * (gaps[i] + gaps[i + 1]) / 2
            // Where one sweep jumps within an interval the loop ends somewhere in it.
            if (gaps[i] == 0) != (gaps[i + 1] == 0) { error += width * abs(gaps[i + 1] - gaps[i]) / 2 }
        }
        areas.append(Measured(area, error))
        for x in controls {
            let old = sums[x] ?? (0, 0, 0)
            sums[x] = (old.up + up[x]!, old.down + down[x]!, old.count + 1)
        }
    }
    guard let area = pooled(areas) else { return nil }
    let rows = sums.sorted { $0.key < $1.key }.map { control, sum in
        HysteresisLoop.Row(control: control, up: sum.up / sum.count, down: sum.down / sum.count)
    }
    func isOpen(_ row: HysteresisLoop.Row) -> Bool { abs(row.up - row.down) > 1e-4 * scale }
    return HysteresisLoop(
        rows: rows, area: area, isOpenBelow: isOpen(rows[0]), isOpenAbove: isOpen(rows[rows.count - 1]))
}
