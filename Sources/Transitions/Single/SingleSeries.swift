import GSLNumerics
import Lanes
import PhaseSpace

/// One value with its error at each of many controls: what a description is fitted to.
struct SingleSeries {
    /// Rising, not necessarily distinct: repeated rows are replicas, each with its own error. On a logarithmic axis, the
    /// logarithms of the controls.
    let xs: [Double]
    let ys: [Double]
    /// Standard deviation of each value.
    var errors: [Double]
    /// Whether the errors came with the table.
    let isStated: Bool
    /// The controls from 0 to 1.
    let ts: [Double]
    /// Distinct elements of `ts`, rising: the grid.
    let grid: [Double]
    /// Largest minus smallest value.
    let span: Double

    init(xs: [Double], ys: [Double], errors: [Double], isStated: Bool) {
        (self.xs, self.ys, self.errors, self.isStated) = (xs, ys, errors, isStated)
        let (low, width) = (xs[0], xs[xs.count - 1] - xs[0])
        ts = xs.map { ($0 - low) / width }
        grid = ts.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
        span = ys.max()! - ys.min()!
    }

    /// No table is trusted beyond this part of its span, noiseless ones included.
    static let finest = 2e-4

    var count: Int { ts.count }
    func control(_ t: Double) -> Double { xs[0] + t * (xs[xs.count - 1] - xs[0]) }

    /// The place between grid points of a fractional index, so that every interval counts alike on uneven grids.
    func place(_ index: Double) -> Double {
        let k = min(max(0, Int(index)), grid.count - 2)
        return grid[k] + (index - Double(k)) * (grid[k + 1] - grid[k])
    }
    /// The fractional index of a place.
    func index(_ place: Double) -> Double {
        let k = max(0, min(grid.count - 2, (grid.lastIndex { $0 <= place } ?? 0)))
        return Double(k) + (place - grid[k]) / (grid[k + 1] - grid[k])
    }

    func part(_ range: Range<Int>) -> SingleSeries {
        SingleSeries(
            xs: Array(xs[range]), ys: Array(ys[range]), errors: Array(errors[range]), isStated: isStated)
    }

    /// How far each value lies from the cubic through its four neighbours (the line through two, on short grids), in
    /// units in which independent errors of one standard deviation give one.
    static func deviations(_ xs: [Double], _ ys: [Double]) -> [(index: Int, size: Double)] {
        guard xs.count >= 4 else { return [] }
        let reach = xs.count >= 9 ? 2 : 1
        return (reach..<xs.count - reach).compactMap { i in
            let neighbours = (i - reach...i + reach).filter { $0 != i }
            guard zip(i - reach..<i + reach, i - reach + 1...i + reach).allSatisfy({ xs[$0] < xs[$1] }) else {
                return nil
            }
            var (value, square) = (0.0, 1.0)
            for a in neighbours {
                let weight = neighbours.filter { $0 != a }.reduce(1.0) { $0 * (xs[i] - xs[$1]) / (xs[a] - xs[$1]) }
                value += weight * ys[a]
                square += weight * weight
            }
            return (i, abs(ys[i] - value) / square.squareRoot())
        }
    }

    /// Scatter of a single value about its neighbours.
    static func scatter(_ xs: [Double], _ ys: [Double]) -> Double {
        1.4826 * ((try? median(deviations(xs, ys).map(\.size))) ?? 0)
    }

    /// The same along the curve, where there are values enough to tell: what fluctuates most at a transition is not
    /// judged by the calm on its sides.
    static func localScatter(_ xs: [Double], _ ys: [Double]) -> [Double] {
        let all = scatter(xs, ys)
        let deviations = deviations(xs, ys)
        guard deviations.count >= 24 else { return [Double](repeating: all, count: xs.count) }
        let half = max(6, deviations.count / 10)
        return xs.indices.map { i in
            let middle = min(max(0, i - 2), deviations.count - 1)
            let low = max(0, min(middle - half, deviations.count - 2 * half - 1))
            let window = deviations[low..<min(deviations.count, low + 2 * half + 1)].map(\.size)
            let local = 1.4826 * ((try? median(window)) ?? 0)
            // Half a median's worth of its own error on either side says nothing.
            return local > 1.6 * all || local < 0.6 * all ? max(local, 0.2 * all) : all
        }
    }
}
