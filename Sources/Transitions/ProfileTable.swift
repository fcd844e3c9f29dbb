import Foundation

/// χ² of every replica for trial places and shapes of one family, the amplitudes fitted: all that is needed to locate
/// the transition of any subset of the replicas.
struct ProfileTable {
    let family: ShapeFamily
    /// By replica: each has trial places about its own transition, as many and as far apart as the others'.
    let places: [[Double]]
    let shapes: [ShapeNumbers]
    /// By shape, replica, place.
    let chi: [[[Double]]]
    /// By shape, replica, place: what integrating over the amplitudes instead of fitting them adds to χ² (the
    /// logarithm of the columns' volume). With amplitudes for every replica the best fit alone would be biased however
    /// many replicas there are.
    let volume: [[[Double]]]

    init(_ family: ShapeFamily, _ window: EnsembleWindow, places: [[Double]], shapes: [ShapeNumbers]) {
        self.family = family
        self.places = places
        self.shapes = shapes
        var chi = [[[Double]]](
            repeating: [[Double]](
                repeating: [Double](repeating: 0, count: places[0].count), count: window.replicaCount),
            count: shapes.count)
        var volume = chi
        let isCommon = places.allSatisfy { $0 == places[0] }
        for group in window.groups {
            let ts = group.points.map { window.ts[$0] }
            func basis(_ shape: ShapeNumbers, _ place: Double) -> OrthonormalBasis {
                OrthonormalBasis(family.columns(at: ts, place: place, shape: shape))
            }
            for (k, shape) in shapes.enumerated() {
                for j in places[0].indices {
                    let common = isCommon ? basis(shape, places[0][j]) : nil
                    for member in group.members {
                        let basis = common ?? basis(shape, places[member.replica][j])
                        chi[k][member.replica][j] = basis.remainder(of: member.ys)
                        volume[k][member.replica][j] = basis.logVolume
                    }
                }
            }
        }
        self.chi = chi
        self.volume = volume
    }

    /// Over all places and shapes that the window allows, coarsely: two places to a grid step.
    init(_ family: ShapeFamily, _ window: EnsembleWindow) {
        let step = 1 / Double(window.ts.count - 1)
        let margin = 4
        let (low, high) = (window.ts[margin - 1], window.ts[window.ts.count - margin])
        let count = family.hasPlace ? 2 * (window.ts.count - 2 * margin) : 1
        let places = (0..<count).map { low + (high - low) * (Double($0) + 0.5) / Double(count) }
        self.init(
            family, window, places: [[Double]](repeating: places, count: window.replicaCount),
            shapes: Self.grid(family.exponents(step: step), family.corrections))
    }

    private static func grid(_ exponents: [Double], _ corrections: [Double]) -> [ShapeNumbers] {
        exponents.flatMap { e in corrections.map { ShapeNumbers(exponent: e, correction: $0) } }
    }

    /// Σ over replicas of the smallest χ² that a shape reaches.
    func total(_ shape: Int) -> Double { chi[shape].reduce(0) { $0 + $1.min()! } }
    var bestShape: Int {
        let totals = shapes.indices.map(total)
        return totals.indices.min { totals[$0] < totals[$1] }!
    }
    /// The best place of each replica with the best common shape.
    var bestPlaces: [Double] {
        zip(chi[bestShape], places).map { row, places in places[row.indices.min { row[$0] < row[$1] }!] }
    }

    /// The part of the table that a difference in χ² does not exclude, on a finer grid.
    /// - Parameter tolerance: that difference.
    /// - Returns: nil where that would be no finer.
    func refined(
        in window: EnsembleWindow, tolerance: Double = 20, exponentCount: Int = 9, correctionCount: Int = 5,
        placeCount: Int = 31
    ) -> ProfileTable? {
        guard family.hasPlace else { return nil }
        let totals = shapes.indices.map(total)
        let best = totals.min()!
        let alive = shapes.indices.filter { totals[$0] <= best + tolerance }
        let count = places[0].count
        // Lower and upper index of what is possible for each replica.
        let ranges = places.indices.map { r -> (low: Int, high: Int) in
            var (low, high) = (count, 0)
            for k in alive {
                let row = chi[k][r]
                let least = row.min()!
                low = min(low, row.firstIndex { $0 <= least + tolerance }!)
                high = max(high, row.lastIndex { $0 <= least + tolerance }!)
            }
            return (max(0, low - 1), min(count - 1, high + 1))
        }
        let oldStep = places[0][1] - places[0][0]
        let intervals = ranges.map { $0.high - $0.low }.max()!
        let step = oldStep * Double(intervals) / Double(placeCount - 1)
        let isPlaceFiner = step < 0.7 * oldStep
        let exponents = Self.ends(alive.map { shapes[$0].exponent }, among: shapes.map(\.exponent))
        let corrections = Self.ends(alive.map { shapes[$0].correction }, among: shapes.map(\.correction))
        let isShapeFiner =
            exponents.intervals.map { $0 < 0.7 * Double(exponentCount - 1) } ?? false
            || corrections.intervals.map { $0 < 0.7 * Double(correctionCount - 1) } ?? false
        guard isPlaceFiner || isShapeFiner else { return nil }
        let newPlaces =
            isPlaceFiner
            ? zip(ranges, places).map { range, places in
                let middle = (places[range.low] + places[range.high]) / 2
                return (0..<placeCount).map { middle + step * (Double($0) - Double(placeCount - 1) / 2) }
            } : places
        let newExponents =
            exponents.intervals == nil
            ? [exponents.low]
            : (0..<exponentCount).map { k in
                exponents.low * pow(exponents.high / exponents.low, Double(k) / Double(exponentCount - 1))
            }
        let newCorrections =
            corrections.intervals == nil
            ? [corrections.low]
            : (0..<correctionCount).map { k in
                corrections.low + (corrections.high - corrections.low) * Double(k) / Double(correctionCount - 1)
            }
        return ProfileTable(family, window, places: newPlaces, shapes: Self.grid(newExponents, newCorrections))
    }

    /// The range of the values that are alive with one neighbour on each side, and how many of the table's intervals
    /// it takes; nil where the table has one value only.
    private static func ends(
        _ alive: [Double], among all: [Double]
    ) -> (low: Double, high: Double, intervals: Double?) {
        let values = Set(all).sorted()
        guard values.count > 1 else { return (values[0], values[0], nil) }
        let first = max(0, values.firstIndex(of: alive.min()!)! - 1)
        let last = min(values.count - 1, values.firstIndex(of: alive.max()!)! + 1)
        return (values[first], values[last], Double(last - first))
    }

    /// Residuals of the best fits, in standard deviations, summed over replicas at each point and divided by the root
    /// of their number: independent errors give one each.
    func stackedResiduals(in window: EnsembleWindow) -> [Double] {
        let (k, best) = (bestShape, bestPlaces)
        var sums = [Double](repeating: 0, count: window.ts.count)
        var counts = [Double](repeating: 0, count: window.ts.count)
        for group in window.groups {
            let ts = group.points.map { window.ts[$0] }
            for member in group.members {
                let columns = family.columns(at: ts, place: best[member.replica], shape: shapes[k])
                for (i, e) in zip(group.points, OrthonormalBasis(columns).residuals(of: member.ys)) {
                    sums[i] += e
                    counts[i] += 1
                }
            }
        }
        return zip(sums, counts).map { $1 > 0 ? $0 / $1.squareRoot() : 0 }
    }
}
