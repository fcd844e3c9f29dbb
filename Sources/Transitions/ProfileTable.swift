import Foundation

/// χ² of every replica for trial places and shapes of one family, the amplitudes fitted: all that is needed to locate
/// the transition of any subset of the replicas.
struct ProfileTable {
    let family: ShapeFamily
    let places: [Double]
    let shapes: [Double]
    /// By shape, replica, place.
    let chi: [[[Double]]]

    init(_ family: ShapeFamily, _ window: EnsembleWindow, places: [Double], shapes: [Double]) {
        self.family = family
        self.places = places
        self.shapes = shapes
        var chi = [[[Double]]](
            repeating: [[Double]](
                repeating: [Double](repeating: 0, count: places.count), count: window.replicaCount),
            count: shapes.count)
        for group in window.groups {
            let ts = group.points.map { window.ts[$0] }
            for (k, shape) in shapes.enumerated() {
                for (j, place) in places.enumerated() {
                    let basis = OrthonormalBasis(family.columns(at: ts, place: place, shape: shape))
                    for member in group.members { chi[k][member.replica][j] = basis.remainder(of: member.ys) }
                }
            }
        }
        self.chi = chi
    }

    /// Over all places and shapes that the window allows, coarsely: four places to a grid step.
    init(_ family: ShapeFamily, _ window: EnsembleWindow) {
        let step = 1 / Double(window.ts.count - 1)
        let margin = 4
        let (low, high) = (window.ts[margin - 1], window.ts[window.ts.count - margin])
        let count = family.hasPlace ? 4 * (window.ts.count - 2 * margin) : 1
        let places = (0..<count).map { low + (high - low) * (Double($0) + 0.5) / Double(count) }
        self.init(family, window, places: places, shapes: family.shapes(step: step))
    }

    /// Σ over replicas of the smallest χ² that a shape reaches.
    func total(_ shape: Int) -> Double { chi[shape].reduce(0) { $0 + $1.min()! } }
    var bestShape: Int { shapes.indices.min { total($0) < total($1) }! }
    /// The best place of each replica with the best common shape.
    var bestPlaces: [Double] {
        chi[bestShape].map { row in places[row.indices.min { row[$0] < row[$1] }!] }
    }

    /// The part of the table that a difference in χ² of twenty does not exclude, on a finer grid.
    /// - Returns: nil where that would be no finer.
    func refined(in window: EnsembleWindow, shapeCount: Int = 11, placeCount: Int = 121) -> ProfileTable? {
        let best = total(bestShape)
        let alive = shapes.indices.filter { total($0) <= best + 20 }
        var (low, high) = (Int.max, 0)
        for k in alive {
            for row in chi[k] {
                let least = row.min()!
                low = min(low, row.firstIndex { $0 <= least + 20 }!)
                high = max(high, row.lastIndex { $0 <= least + 20 }!)
            }
        }
        (low, high) = (max(0, low - 1), min(places.count - 1, high + 1))
        let (firstShape, lastShape) = (max(0, alive[0] - 1), min(shapes.count - 1, alive[alive.count - 1] + 1))
        let step = (places[high] - places[low]) / Double(placeCount - 1)
        let isFinerInPlace = high > low && step < 0.7 * (places[1] - places[0])
        let ratio = shapes.count > 1 ? shapes[lastShape] / shapes[firstShape] : 1
        let isFinerInShape =
            shapes.count > 1 && Double(lastShape - firstShape) < 0.7 * Double(max(shapeCount, shapes.count) - 1)
        guard isFinerInPlace || isFinerInShape else { return nil }
        let newPlaces =
            isFinerInPlace ? (0..<placeCount).map { places[low] + step * Double($0) } : places
        let newShapes =
            shapes.count > 1
            ? (0..<shapeCount).map {
                shapes[firstShape] * pow(ratio, Double($0) / Double(shapeCount - 1))
            } : shapes
        return ProfileTable(family, window, places: newPlaces, shapes: newShapes)
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
