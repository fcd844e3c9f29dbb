import Lanes

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
    init(_ family: ShapeFamily, _ window: EnsembleWindow, isForEstimate: Bool = false) {
        let step = 1 / Double(window.ts.count - 1)
        let margin = 4
        let (low, high) = (window.ts[margin - 1], window.ts[window.ts.count - margin])
        let count = family.hasPlace ? 2 * (window.ts.count - 2 * margin) : 1
        let places = (0..<count).map { low + (high - low) * (Double($0) + 0.5) / Double(count) }
        self.init(
            family, window, places: [[Double]](repeating: places, count: window.replicaCount),
            shapes: Self.grid(
                family.exponents(step: step, isForEstimate: isForEstimate), family.corrections))
    }

    private static func grid(_ exponents: [Double], _ corrections: [Double]) -> [ShapeNumbers] {
        exponents.flatMap { e in corrections.map { ShapeNumbers(exponent: e, correction: $0) } }
    }

    /// Σ over replicas of the smallest χ² that a shape reaches, by a parabola between the trial places.
    func total(_ shape: Int) -> Double {
        chi[shape].reduce(0) { sum, row in
            let j = row.indices.min { row[$0] < row[$1] }!
            guard j > 0, j + 1 < row.count else { return sum + row[j] }
            let bend = row[j - 1] + row[j + 1] - 2 * row[j]
            let slope = row[j + 1] - row[j - 1]
            let drop = bend > 0 ? slope * slope / (8 * bend) : 0
            // At a step or a cusp of χ² a parabola would promise far more than there is.
            return sum + row[j] - (drop < 1 ? drop : 0)
        }
    }
    var bestShape: Int {
        let totals = shapes.indices.map(total)
        return totals.indices.min { totals[$0] < totals[$1] }!
    }
    /// The best place of each replica with the best common shape.
    var bestPlaces: [Double] {
        zip(chi[bestShape], places).map { row, places in places[row.indices.min { row[$0] < row[$1] }!] }
    }

    /// The part of the table that a difference in χ² does not exclude, on a finer grid.
    /// - Parameters:
    ///   - tolerance: that difference.
    ///   - exponentRange: where an end of the trial exponents is not excluded, the finer ones go beyond it, within this
    ///     range. A coarse grid of places may have cut off the true exponent, which no finer grid inside would bring back.
    /// - Returns: nil where that would be no finer.
    func refined(
        in window: EnsembleWindow, tolerance: Double = 20, exponentCount: Int = 9, placeCount: Int = 31,
        within exponentRange: ClosedRange<Double>? = nil
    ) -> ProfileTable? {
        guard family.hasPlace else { return nil }
        let ridge = ridge()
        let best = ridge.map(\.total).min()!
        let alive = ridge.indices.filter { ridge[$0].total <= best + tolerance }
        let count = places[0].count
        // Lower and upper index of what is possible for each replica.
        let ranges = places.indices.map { r -> (low: Int, high: Int) in
            var (low, high) = (count, 0)
            for k in alive.map({ ridge[$0].shape }) {
                let row = chi[k][r]
                let least = row.min()!
                low = min(low, row.firstIndex { $0 <= least + tolerance }!)
                high = max(high, row.lastIndex { $0 <= least + tolerance }!)
            }
            return (max(0, low - 1), min(count - 1, high + 1))
        }
        let oldStep = places[0][1] - places[0][0]
        let step = oldStep * Double(ranges.map { $0.high - $0.low }.max()!) / Double(placeCount - 1)
        let isPlaceFiner = step < 0.7 * oldStep
        let (first, last) = (max(0, alive[0] - 1), min(ridge.count - 1, alive[alive.count - 1] + 1))
        var (lowest, highest) = (ridge[first].exponent, ridge[last].exponent)
        if let exponentRange, ridge.count > 1 {
            let ratio = ridge[1].exponent / ridge[0].exponent
            if alive[0] == 0 { lowest = max(exponentRange.lowerBound, min(lowest, lowest / (ratio * ratio))) }
            if alive[alive.count - 1] == ridge.count - 1 {
                highest = min(exponentRange.upperBound, max(highest, highest * ratio * ratio))
            }
        }
        let isExtended = lowest < ridge[first].exponent || highest > ridge[last].exponent
        let isShapeFiner = ridge.count > 1 && Double(last - first) < 0.7 * Double(exponentCount - 1)
        let isCorrectionFiner = alive.contains { ridge[$0].width < 0.7 * ridge[$0].oldWidth }
        guard isPlaceFiner || isShapeFiner || isCorrectionFiner || isExtended else { return nil }
        let newPlaces =
            isPlaceFiner
            ? zip(ranges, places).map { range, places in
                let middle = (places[range.low] + places[range.high]) / 2
                return (0..<placeCount).map { middle + step * (Double($0) - Double(placeCount - 1) / 2) }
            } : places
        let exponents =
            ridge.count == 1
            ? [ridge[0].exponent]
            : (0..<exponentCount).map { k in
                lowest * power(highest / lowest, Double(k) / Double(exponentCount - 1))
            }
        let shapes = exponents.flatMap { exponent -> [ShapeNumbers] in
            let (correction, width) = Self.correction(at: exponent, on: ridge)
            guard width > 0 else { return [ShapeNumbers(exponent: exponent, correction: correction)] }
            return (-2...2).map {
                ShapeNumbers(exponent: exponent, correction: max(-0.95, correction + width * Double($0) / 2))
            }
        }
        return ProfileTable(family, window, places: newPlaces, shapes: shapes)
    }

    /// The best correction for one exponent: exponent and correction make up for each other, so that the good fits lie
    /// on a narrow ridge that no rectangular grid follows.
    private struct RidgePoint {
        let exponent: Double
        /// Index of the best shape with this exponent.
        let shape: Int
        let total: Double
        let correction: Double
        /// Corrections within this distance fit nearly as well.
        let width: Double
        let oldWidth: Double
    }

    private func ridge() -> [RidgePoint] {
        let totals = shapes.indices.map(total)
        return Dictionary(grouping: shapes.indices) { shapes[$0].exponent }.sorted { $0.key < $1.key }
            .map { exponent, group in
                let best = group.min { totals[$0] < totals[$1] }!
                guard group.count >= 3 else {
                    return RidgePoint(
                        exponent: exponent, shape: best, total: totals[best], correction: shapes[best].correction,
                        width: 0, oldWidth: 0)
                }
                // χ² is a parabola in the correction, which is nearly an amplitude.
                let middle = min(max(group.firstIndex(of: best)!, 1), group.count - 2)
                let nodes = [group[middle], group[middle - 1], group[middle + 1]].map {
                    HermitePolynomial.Node(x: shapes[$0].correction, [totals[$0]])
                }
                let (low, high) = (shapes[group[0]].correction, shapes[group[group.count - 1]].correction)
                let oldWidth = (high - low) / 2
                let parabola = HermitePolynomial(nodes)
                let at = parabola.values(at: nodes[0].x)
                guard at.curvature > 0, oldWidth > 0 else {
                    return RidgePoint(
                        exponent: exponent, shape: best, total: totals[best], correction: shapes[best].correction,
                        width: oldWidth, oldWidth: oldWidth)
                }
                let top = min(max(nodes[0].x - at.slope / at.curvature, low), high)
                return RidgePoint(
                    exponent: exponent, shape: best, total: min(totals[best], parabola.values(at: top).value),
                    correction: top, width: min(oldWidth, (24 / at.curvature).squareRoot()), oldWidth: oldWidth)
            }
    }

    private static func correction(at exponent: Double, on ridge: [RidgePoint]) -> (Double, width: Double) {
        let k = min(max(1, ridge.firstIndex { $0.exponent >= exponent } ?? ridge.count - 1), ridge.count - 1)
        guard k > 0 else { return (ridge[0].correction, ridge[0].width) }
        let (a, b) = (ridge[k - 1], ridge[k])
        let t = logarithm(exponent / a.exponent) / logarithm(b.exponent / a.exponent)
        // The ridge bends between two exponents.
        let bend = 0.15 * abs(b.correction - a.correction)
        return (a.correction + t * (b.correction - a.correction), max(a.width, b.width) + bend)
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
