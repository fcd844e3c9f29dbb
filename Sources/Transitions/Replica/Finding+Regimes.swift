import GSLNumerics
import PhaseSpace

extension OrderParameterSeries {
    /// Whether the values are labels of regimes: exact whole numbers, at most ten different ones.
    var isCategorical: Bool {
        noise == 0 && span > 0 && ms.allSatisfy { $0 == $0.rounded() } && Set(ms).count <= 10
    }

    /// Controls between which the regime changes. Stretches of a single point that return to the regime before them are
    /// flicker beside a boundary and belong to it.
    func regimeChanges() -> [PhaseChange] {
        var steady = ms
        for i in steady.indices.dropFirst().dropLast()
        where steady[i] != steady[i - 1] && steady[i - 1] == steady[i + 1] {
            steady[i] = steady[i - 1]
        }
        return (0..<max(0, xs.count - 1)).compactMap { i in
            guard steady[i] != steady[i + 1] else { return nil }
            // Flicker widens the bracket to the last point that is beyond doubt.
            var (low, high) = (i, i + 1)
            while low > 0, ms[low] != steady[i] || (low > 1 && ms[low - 1] != steady[low - 1]) { low -= 1 }
            while high + 1 < xs.count, ms[high] != steady[i + 1] || ms[high + 1] != steady[high + 1] { high += 1 }
            let bracket = Interval(xs[low], xs[high])
            var change = PhaseChange(
                order: .boundary, location: Measured(bracket.middle, bracket.width / 2), bracket: bracket)
            change.left.orderParameter = steady[i]
            change.right.orderParameter = steady[i + 1]
            change.pointsUsed = xs.count
            return change
        }
    }
}

/// Whether the maximum of |F″| grows as the grid gets finer, as it does at a singular point: its height on all points
/// against that on every other one.
func sharpens(_ points: [(x: Double, y: Double)]) -> Bool {
    guard let full = points.map(\.y).max(), let peak = points.indices.max(by: { points[$0].y < points[$1].y })
    else { return false }
    // The half of the points without the peak: what a grid of twice the step would have seen.
    let coarse = points.indices.filter { $0 % 2 != peak % 2 }.map { points[$0].y }.max() ?? 0
    return full > 1.25 * coarse
}
