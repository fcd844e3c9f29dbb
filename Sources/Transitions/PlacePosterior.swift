import Foundation
import GSLNumerics

/// Where the transitions of replicas lie on the mean, from a table of their χ².
///
/// The replicas' own places are taken as normal about the mean place with an unknown spread τ, and each is known as
/// well as its χ² says: nearly exactly, to a grid interval (a jump), or hardly at all. The estimate is the mean of the
/// likelihood over mean place, τ and shape, which is smooth in the data, so that leaving out one replica at a time
/// (jackknife) gives its standard error whatever the source of scatter is; the interval is Student's.
struct PlacePosterior {
    let place: Double
    let placeError: Double
    /// The shape's exponent or width.
    let shape: Double
    let shapeError: Double
    /// The replicas' standard deviation about the mean place.
    let spread: Double
    /// Distance of neighbouring trial places.
    let resolution: Double

    private struct Cell {
        let shape: Int
        let place: Int
        let spread: Double
    }

    init(_ table: ProfileTable, noiseScale: Double = 1) {
        let places = table.places
        let step = places.count > 1 ? places[1] - places[0] : 0
        resolution = step
        let range = step * Double(places.count - 1)
        let spreads = [0] + (0..<9).map { 0.7 * step * pow(max(1, range / (1.4 * step)), Double($0) / 8) }
        let totals = table.shapes.indices.map(table.total)
        let best = totals.min()!
        let alive = table.shapes.indices.filter { totals[$0] <= best + 30 * noiseScale }
        let replicaCount = table.chi[0].count
        var cells: [Cell] = []
        for k in alive {
            for spread in spreads { for j in places.indices { cells.append(Cell(shape: k, place: j, spread: spread)) } }
        }
        // Logarithm of each replica's likelihood in every cell.
        var logs = [[Double]](repeating: [], count: replicaCount)
        for r in 0..<replicaCount {
            logs[r].reserveCapacity(cells.count)
            for k in alive {
                let halves = zip(table.chi[k][r], table.volume[k][r]).map { -($0 / noiseScale + $1) / 2 }
                let top = halves.max()!
                let likelihood = halves.map { exp($0 - top) }
                for spread in spreads {
                    if spread == 0 {
                        logs[r] += halves
                        continue
                    }
                    let reach = min(places.count - 1, Int(5 * spread / step) + 1)
                    let kernel = (0...reach).map { d in
                        let z = Double(d) * step / spread
                        return exp(-z * z / 2) * step / (spread * 2.5066282746310002)
                    }
                    for j in places.indices {
                        var sum = 0.0
                        for i in max(0, j - reach)...min(places.count - 1, j + reach) {
                            sum += kernel[abs(i - j)] * likelihood[i]
                        }
                        logs[r].append(top + log(max(sum, 1e-290)))
                    }
                }
            }
        }
        var total = [Double](repeating: 0, count: cells.count)
        for row in logs { for c in total.indices { total[c] += row[c] } }
        func means(without left: Int?) -> (place: Double, shape: Double, spread: Double) {
            var (weight, place, shape, spread) = (0.0, 0.0, 0.0, 0.0)
            var top = -Double.infinity
            var sums = total
            if let left { for c in sums.indices { sums[c] -= logs[left][c] } }
            for s in sums { top = max(top, s) }
            for (c, s) in sums.enumerated() where s > top - 40 {
                let p = exp(s - top)
                weight += p
                place += p * places[cells[c].place]
                shape += p * table.shapes[cells[c].shape].exponent
                spread += p * cells[c].spread
            }
            return (place / weight, shape / weight, spread / weight)
        }
        let all = means(without: nil)
        (place, shape, spread) = all
        let n = Double(replicaCount)
        let left = (0..<replicaCount).map { means(without: $0) }
        func halfWidth(_ xs: [Double]) -> Double {
            guard n > 1, let v = try? variance(xs), let t = try? studentQuantile(0.975, degreesOfFreedom: n - 1)
            else { return 0 }
            return t * ((n - 1) * (n - 1) / n * v).squareRoot()
        }
        placeError = halfWidth(left.map(\.place))
        shapeError = halfWidth(left.map(\.shape))
    }
}
