import GSLNumerics
import Lanes

/// Where the transitions of replicas lie on the mean, from a table of their χ².
///
/// The replicas' own places are taken as normal about the mean place with an unknown spread τ, and each is known as
/// well as its χ² says: nearly exactly, to a grid interval (a jump), or hardly at all. The estimate is the mean of the
/// likelihood over mean place, τ and shape, which is smooth in the data, so that leaving out one replica at a time
/// (jackknife) gives its standard error whatever the source of scatter is; the interval is Student's. With few replicas
/// that error is itself uncertain: where the likelihood's own width is larger, that counts.
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
        let mean: Int
        let spread: Double
    }

    init(_ table: ProfileTable, noiseScale: Double = 1) {
        let step = table.places[0].count > 1 ? table.places[0][1] - table.places[0][0] : 0
        let lowest = table.places.map { $0[0] }.min()!
        let highest = table.places.map { $0[$0.count - 1] }.max()!
        let means = (0..<101).map { lowest + (highest - lowest) * Double($0) / 100 }
        let meanStep = (highest - lowest) / 100
        resolution = max(step, meanStep)
        // Trial places stand for the stretch about them: no spread is smaller than that.
        let least = 0.6 * resolution
        let spreads = (0..<10).map { least * power(max(1, (highest - lowest) / (2 * least)), Double($0) / 9) }
        let totals = table.shapes.indices.map(table.total)
        let best = totals.min()!
        let alive = table.shapes.indices.filter { totals[$0] <= best + 30 * noiseScale }
        let replicaCount = table.chi[0].count
        var cells: [Cell] = []
        for k in alive {
            for spread in spreads { for j in means.indices { cells.append(Cell(shape: k, mean: j, spread: spread)) } }
        }
        // Logarithm of each replica's likelihood in every cell.
        var logs = [[Double]](repeating: [], count: replicaCount)
        for r in 0..<replicaCount {
            logs[r].reserveCapacity(cells.count)
            let places = table.places[r]
            let kernels = spreads.map { spread in
                means.map { mean in
                    places.map { place in
                        let z = (place - mean) / spread
                        return exponential(-z * z / 2) * step / (spread * 2.5066282746310002)
                    }
                }
            }
            for k in alive {
                let halves = zip(table.chi[k][r], table.volume[k][r]).map { -($0 / noiseScale + $1) / 2 }
                let top = halves.max()!
                let likelihood = halves.map { exponential($0 - top) }
                for kernel in kernels {
                    for row in kernel {
                        var sum = 0.0
                        for i in row.indices { sum += row[i] * likelihood[i] }
                        logs[r].append(top + logarithm(max(sum, 1e-290)))
                    }
                }
            }
        }
        var total = [Double](repeating: 0, count: cells.count)
        for row in logs { for c in total.indices { total[c] += row[c] } }
        func estimate(without left: Int?) -> Moments {
            var sums = total
            if let left { for c in sums.indices { sums[c] -= logs[left][c] } }
            var top = -Double.infinity
            for s in sums { top = max(top, s) }
            var moments = Moments()
            for (c, s) in sums.enumerated() where s > top - 40 {
                let cell = cells[c]
                moments.add(
                    exponential(s - top), place: means[cell.mean], shape: table.shapes[cell.shape].exponent,
                    spread: cell.spread)
            }
            return moments
        }
        let all = estimate(without: nil)
        (place, shape, spread) = (all.place, all.shape, all.spread)
        let n = Double(replicaCount)
        let left = (0..<replicaCount).map { estimate(without: $0) }
        let t = (try? studentQuantile(0.975, degreesOfFreedom: max(1, n - 1))) ?? .infinity
        func halfWidth(_ xs: [Double], _ deviation: Double) -> Double {
            let jackknife = ((n - 1) * (n - 1) / n * ((try? variance(xs)) ?? 0)).squareRoot()
            return t * max(jackknife, deviation)
        }
        // A jump's likelihood has the width of the grid's interval, which its caller adds.
        let isBracket = table.family.order == .first
        placeError = halfWidth(left.map(\.place), isBracket ? 0 : all.placeDeviation)
        shapeError = halfWidth(left.map(\.shape), all.shapeDeviation)
    }
}

/// Weighted means and standard deviations.
private struct Moments {
    private var weight = 0.0
    private var sums = (place: 0.0, shape: 0.0, spread: 0.0)
    private var squares = (place: 0.0, shape: 0.0)

    mutating func add(_ p: Double, place: Double, shape: Double, spread: Double) {
        weight += p
        sums = (sums.place + p * place, sums.shape + p * shape, sums.spread + p * spread)
        squares = (squares.place + p * place * place, squares.shape + p * shape * shape)
    }
    var place: Double { sums.place / weight }
    var shape: Double { sums.shape / weight }
    var spread: Double { sums.spread / weight }
    var placeDeviation: Double { max(0, squares.place / weight - place * place).squareRoot() }
    var shapeDeviation: Double { max(0, squares.shape / weight - shape * shape).squareRoot() }
}
