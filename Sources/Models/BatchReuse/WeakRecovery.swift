import GSLNumerics
import Lanes

/// The sample ratio α_c below which no first-order method finds any direction of a target with generative exponent 2, with
/// its standard error (0 for one direction, where it is a quadrature).
///
/// With G(y) = E[zzᵀ − I | y], 1/α_c is the largest eigenvalue of M ↦ E[G M G] on symmetric matrices: the linear stability
/// of approximate message passing (Barbier, Krzakala, Macris, Miolane, Zdeborová, arXiv 1708.03395; Troiani et al.,
/// arXiv 2405.15480).
/// - Throws: `GSLError` where the target has no finite values.
public func weakRecoveryRatio(_ target: Target) throws -> (value: Double, standardError: Double) {
    if target.dimension == 1 { return (1 / singleIndexStability(target), 0) }
    let estimates = try (0..<4).map { scramble in
        let samples = (0..<2).map { half in sample(target, scramble: 2 * scramble + half) }
        // Bins hide what varies inside them, in proportion to their width at a singular label.
        let (wide, narrow) = (try stability(samples, bins: 512), try stability(samples, bins: 1024))
        return (value: 1 / (2 * narrow - wide), narrow: 1 / narrow)
    }
    let value = try mean(estimates.map(\.value))
    // What a tenth of the extrapolation may have missed counts as error too.
    let missed = 0.1 * (value - (try mean(estimates.map(\.narrow))))
    let scatter = try standardError(estimates.map(\.value))
    return (value, (scatter * scatter + missed * missed).squareRoot())
}

/// E[(E[z² − 1 | y])²] by finding all points with the same label: they weigh by φ(z)/|y′(z)|. Stretches where the label
/// is constant are one value together.
private func singleIndexStability(_ target: Target) -> Double {
    let (cells, end) = (4000, 9.0)
    let width = 2 * end / Double(cells)
    // Shifted a little off the symmetric grid: a level through a node would count as two crossings or none.
    let nodes = (0...cells).map { -end + (Double($0) + 0.137) * width }
    let labels = target.values([nodes])
    let isFlat = (0..<cells).map { labels[$0] == labels[$0 + 1] }
    var flat: [Double: (mass: Double, moment: Double)] = [:]
    for i in 0..<cells where isFlat[i] {
        let z = (nodes[i] + nodes[i + 1]) / 2
        let mass = normalDensity(z) * width
        flat[labels[i], default: (0, 0)].mass += mass
        flat[labels[i]]!.moment += mass * (z * z - 1)
    }
    var sum = 0.0
    for group in flat.values.sorted(by: { $0.mass < $1.mass }) where group.mass > 0 {
        sum += group.moment * group.moment / group.mass
    }
    let middles = (0..<cells).map { (nodes[$0] + nodes[$0 + 1]) / 2 }
    let middleLabels = target.values([middles])
    for i in 0..<cells where !isFlat[i] {
        let level = middleLabels[i]
        var (mass, moment) = (0.0, 0.0)
        for j in 0..<cells where (labels[j] < level) != (labels[j + 1] < level) {
            let slope = (labels[j + 1] - labels[j]) / width
            let z = j == i ? middles[i] : crossing(labels, nodes, cell: j, level: level)
            let weight = normalDensity(z) / abs(slope)
            mass += weight
            moment += weight * (z * z - 1)
        }
        if mass > 0 { sum += normalDensity(middles[i]) * width * (moment / mass) * (moment / mass) }
    }
    return sum
}

private func crossing(_ labels: [Double], _ nodes: [Double], cell j: Int, level: Double) -> Double {
    nodes[j] + (nodes[j + 1] - nodes[j]) * (level - labels[j]) / (labels[j + 1] - labels[j])
}

/// The largest eigenvalue from bins of equal mass in y. Two independent samples give the two factors G, so that the noise
/// of neither adds to the product.
private func stability(_ samples: [(points: [[Double]], labels: [Double])], bins: Int) throws -> Double {
    let k = samples[0].points.count
    let sorted = samples.flatMap(\.labels).sorted()
    // Labels with few values share a bin with their equals.
    var edges: [Double] = []
    for b in 1..<bins {
        let edge = sorted[b * sorted.count / bins]
        if edge > edges.last ?? -.infinity { edges.append(edge) }
    }
    let pairs = (0..<k).flatMap { i in (i..<k).map { (i, $0) } }
    let conditional = samples.map { sample -> (mass: [Double], moments: [[Double]]) in
        var mass = [Double](repeating: 0, count: edges.count + 1)
        var moments = mass.map { _ in [Double](repeating: 0, count: pairs.count) }
        for m in sample.labels.indices {
            let bin = upperBound(edges, sample.labels[m])
            mass[bin] += 1
            for (q, (i, j)) in pairs.enumerated() {
                moments[bin][q] += sample.points[i][m] * sample.points[j][m] - (i == j ? 1 : 0)
            }
        }
        return (mass, moments)
    }
    let total = Double(samples[0].labels.count)
    // Symmetric matrices in an orthonormal basis: off-diagonal units carry a factor √½.
    var operatorMatrix = [Double](repeating: 0, count: pairs.count * pairs.count)
    for bin in 0...edges.count {
        let (a, b) = (conditional[0], conditional[1])
        guard a.mass[bin] > 0, b.mass[bin] > 0 else { continue }
        func matrix(_ c: (mass: [Double], moments: [[Double]])) -> [[Double]] {
            var g = [[Double]](repeating: [Double](repeating: 0, count: k), count: k)
            for (q, (i, j)) in pairs.enumerated() {
                g[i][j] = c.moments[bin][q] / c.mass[bin]
                g[j][i] = g[i][j]
            }
            return g
        }
        let (g, h) = (matrix(a), matrix(b))
        let weight = (a.mass[bin] + b.mass[bin]) / (2 * total)
        for (q, (i, j)) in pairs.enumerated() {
            for (r, (l, m)) in pairs.enumerated() {
                // Tr(E_q G E_r H), symmetrised over both.
                let plain = g[j][l] * h[m][i] + g[i][l] * h[m][j] + g[j][m] * h[l][i] + g[i][m] * h[l][j]
                let norm = (i == j ? 0.5 : 0.5.squareRoot()) * (l == m ? 0.5 : 0.5.squareRoot())
                operatorMatrix[q * pairs.count + r] += weight * plain * norm
            }
        }
    }
    let n = pairs.count
    for q in 0..<n {
        for r in 0..<q {
            let middle = (operatorMatrix[q * n + r] + operatorMatrix[r * n + q]) / 2
            operatorMatrix[q * n + r] = middle
            operatorMatrix[r * n + q] = middle
        }
    }
    return try symmetricEigenSystem(operatorMatrix, order: n).values.last!
}

private func sample(_ target: Target, scramble: Int) -> (points: [[Double]], labels: [Double]) {
    var stream = RandomStream(seed: 2, key: UInt64(scramble), purpose: .resampling)
    let points = normalPoints(dimension: target.dimension, bits: 16, using: &stream)
    return (points, target.values(points))
}

private func upperBound(_ edges: [Double], _ x: Double) -> Int {
    var (low, high) = (0, edges.count)
    while low < high {
        let middle = (low + high) / 2
        if edges[middle] <= x { low = middle + 1 } else { high = middle }
    }
    return low
}

/// Quasi-random points of the standard normal distribution, one column per dimension.
func normalPoints(dimension: Int, bits: Int, using stream: inout RandomStream) -> [[Double]] {
    let sobol = ScrambledSobol(dimension: dimension, bits: bits, using: &stream)
    let count = sobol.count
    return (0..<dimension).map { j in
        [Double](unsafeUninitializedCapacity: count) { buffer, filled in
            sobol.fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]), dimension: j, from: 0)
            replaceByNormalQuantiles(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
            filled = count
        }
    }
}
