import GSLNumerics
import Lanes
import TinyNets

/// A net with one hidden layer of saturating units and its samples: what one unit w does.
struct SaturatingNet {
    let unit: SaturatingUnit
    let dimension: Int
    /// Inputs without repetition up to the sign, none of them 0, with Σ ± y / n of their samples; where that is 0, left out.
    let rows: [[Double]]
    let weights: [Double]
    /// All inputs, with their share of the samples: E[φ²] = Σ share φ².
    let allRows: [[Double]]
    let shares: [Double]
    /// Σ ± y / n of them.
    private let sums: [Double]
    /// E[y²].
    let targetSquare: Double
    /// E[xy].
    let correlation: [Double]

    init(_ unit: SaturatingUnit, _ samples: SampledData) {
        self.unit = unit
        dimension = samples.inputs
        let n = Double(samples.count)
        var index: [[Double]: Int] = [:]
        var (distinct, sums, sizes, counts): ([[Double]], [Double], [Double], [Double]) = ([], [], [], [])
        for s in 0..<samples.count {
            let row = Array(samples.features[s * samples.inputs..<(s + 1) * samples.inputs])
            guard let lead = row.first(where: { $0 != 0 }) else { continue }
            let key = row.map { (lead < 0 ? -$0 : $0) + 0 }
            let place = index[key] ?? distinct.count
            if place == distinct.count {
                index[key] = place
                distinct.append(key)
                sums.append(0)
                sizes.append(0)
                counts.append(0)
            }
            sums[place] += lead < 0 ? -samples.targets[s] : samples.targets[s]
            sizes[place] += abs(samples.targets[s])
            counts[place] += 1
        }
        (allRows, shares) = (distinct, counts.map { $0 / n })
        self.sums = sums.map { $0 / n }
        let kept = distinct.indices.filter { abs(sums[$0]) > 4 * Double.ulpOfOne * sizes[$0] }
        (rows, weights) = (kept.map { distinct[$0] }, kept.map { sums[$0] / n })
        targetSquare = samples.targets.reduce(0) { $0 + $1 * $1 } / n
        var moment = [Double](repeating: 0, count: samples.inputs)
        var size = 0.0
        for (x, weight) in zip(rows, weights) {
            for k in x.indices { moment[k] += weight * x[k] }
            size += abs(weight) * euclideanNorm(x)
        }
        // Below the rounding of its sum a correlation is none.
        correlation = euclideanNorm(moment) > 4 * Double.ulpOfOne * size ? moment : moment.map { _ in 0 }
    }

    /// c ‖E[xy]‖: below it the zero net is unstable.
    var stability: Double { unit.slope * euclideanNorm(correlation) }

    /// A bound on |E[y φ(w·x)]|/|w|.
    var crudeBound: Double { unit.slope * zip(rows, weights).reduce(0) { $0 + abs($1.1) * euclideanNorm($1.0) } }

    /// The highest γ at which a net lowers the loss, (2 E[y f] − E[f²])/Σ(v² + |w|²), over nets of so many units: a lower
    /// bound of the threshold of all nets that are as wide. Found by ascents.
    func highestDecay(units: Int) throws -> Double { try bestNet(units: units).decay }

    /// The net of that γ, nil where none lowers the loss: output weights, then input weights, unit by unit.
    func bestNet(units: Int) throws -> (decay: Double, weights: [Double]?) {
        // All numbers of a net: output weights, then input weights, unit by unit.
        func decay(_ net: [Double], wantsGradient: Bool) -> (value: Double, gradient: [Double]) {
            let d = dimension
            let cost = innerProduct(net, net)
            guard cost > 0 else { return (0, net.map { _ in 0 }) }
            var outputs = [Double](repeating: 0, count: allRows.count)
            var (activity, inputs): ([[Double]], [[Double]]) = ([], [])
            for j in 0..<units {
                let w = Array(net[units + j * d..<units + (j + 1) * d])
                inputs.append(allRows.map { innerProduct($0, w) })
                activity.append(unit.values(inputs[j]))
                for i in outputs.indices { outputs[i] += net[j] * activity[j][i] }
            }
            var gain = 0.0
            for i in outputs.indices { gain += 2 * sums[i] * outputs[i] - shares[i] * outputs[i] * outputs[i] }
            let value = gain / cost
            guard wantsGradient else { return (value, []) }
            var gradient = net.map { -2 * value * $0 / cost }
            let residuals = outputs.indices.map { 2 * (sums[$0] - shares[$0] * outputs[$0]) / cost }
            for j in 0..<units {
                for i in outputs.indices {
                    gradient[j] += residuals[i] * activity[j][i]
                    let slope = residuals[i] * net[j] * unit.derivative(inputs[j][i], value: activity[j][i])
                    for k in 0..<d { gradient[units + j * d + k] += slope * allRows[i][k] }
                }
            }
            return (value, gradient)
        }
        // Units this long cannot pay: γ |w|² < E[y²].
        let length = (targetSquare / max(stability, crudeBound / 30)).squareRoot()
        let evaluations = min(6000, Self.ascentWork / (units * (allRows.count * (dimension + 8) + 100)))
        let ascents = max(2, min(32, evaluations / 150))
        var stream = RandomStream(seed: 1, key: 1, purpose: .initialWeights)
        var starts: [(value: Double, net: [Double])] = []
        for index in 0..<2 * ascents {
            let spread = length * power(2, -Double(index % 6)) / Double(units).squareRoot()
            var net = stream.normals(units * (dimension + 1)).map { spread * $0 }
            for j in 0..<units {
                let w = units + j * dimension..<units + (j + 1) * dimension
                let size = euclideanNorm(Array(net[w]))
                // As much in the one weight as in the others together.
                for k in w where size > 0 { net[k] *= abs(net[j]) / size }
                let h = zip(rows, weights).reduce(0) { $0 + $1.1 * innerProduct($1.0, Array(net[w])) }
                if index % 2 == 0, h != 0 { net[j] = h > 0 ? abs(net[j]) : -abs(net[j]) }
            }
            starts.append((decay(net, wantsGradient: false).value, net))
        }
        starts.sort { $0.value > $1.value }
        var best: (decay: Double, weights: [Double]?) = (0, nil)
        let scale = crudeBound
        for start in starts.prefix(ascents) {
            let found = try quasiNewtonMinimum(
                of: { -decay($0, wantsGradient: false).value / scale },
                gradient: { decay($0, wantsGradient: true).gradient.map { -$0 / scale } }, start: start.net,
                firstStep: 0.1 * euclideanNorm(start.net), gradientTolerance: 1e-9, maximumIterations: 150)
            let reached = decay(found.x, wantsGradient: false).value
            if reached > best.decay { best = (reached, found.x) }
        }
        return best
    }

    /// Multiplications that ascents are stopped by, some hundredths of a second.
    private static let ascentWork = 5_000_000

    /// The γ at which one unit of input weights w ceases to lower a lower bound of the loss, in which E[f²] is replaced by
    /// E[y f]²/E[y²]: γ² + q γ = (E[y φ]/|w|)² with q = E[y φ]²/E[y²]. Its supremum bounds the thresholds of nets of all
    /// widths.
    private func boundingDecay(_ w: [Double]) -> (value: Double, gradient: [Double]) {
        let d = dimension
        let square = innerProduct(w, w)
        guard square > 0 else { return (0, w.map { _ in 0 }) }
        let inputs = rows.map { innerProduct($0, w) }
        let activity = unit.values(inputs)
        var h = 0.0
        var dh = [Double](repeating: 0, count: d)
        for (i, weight) in weights.enumerated() {
            h += weight * activity[i]
            let slope = weight * unit.derivative(inputs[i], value: activity[i])
            for k in 0..<d { dh[k] += slope * rows[i][k] }
        }
        let q = h * h / targetSquare
        let ratio = h * h / square
        let root = (q * q + 4 * ratio).squareRoot()
        guard root > 0 else { return (0, w.map { _ in 0 }) }
        let gradient = (0..<d).map { k in
            let dq = 2 * h * dh[k] / targetSquare
            return (-dq + (q * dq + 4 * h * dh[k] / square - 4 * ratio * w[k] / square) / root) / 2
        }
        // The smaller of two numbers of one size, without cancellation.
        return (2 * ratio / (q + root), gradient)
    }

    /// The highest bound of one unit that ascents find: a guess at an upper bound of the threshold.
    func highestBoundingDecay() throws -> Double {
        let length = (targetSquare / max(stability, crudeBound / 100)).squareRoot()
        let heavy = rows.indices.sorted {
            abs(weights[$0]) * euclideanNorm(rows[$0]) > abs(weights[$1]) * euclideanNorm(rows[$1])
        }
        var stream = RandomStream(seed: 2, key: 1, purpose: .initialWeights)
        let evaluations = min(6000, Self.ascentWork / (rows.count * (dimension + 8) + 100))
        let directions =
            [unitVector(correlation)].compactMap { $0 }
            + heavy.prefix(evaluations / 40).compactMap { unitVector(rows[$0]) }
            + (0..<max(4, evaluations / 40)).compactMap { _ in unitVector(stream.normals(dimension)) }
        var starts = directions.map { direction in
            (0..<10).map { k -> (value: Double, w: [Double]) in
                let w = direction.map { length * power(2, -Double(k)) * $0 }
                return (boundingDecay(w).value, w)
            }.max { $0.value < $1.value }!
        }
        starts.sort { $0.value > $1.value }
        var best = starts[0].value
        guard best > 0 else { return 0 }
        let scale = best
        for start in starts.prefix(max(2, min(16, evaluations / 200))) {
            let found = try quasiNewtonMinimum(
                of: { -boundingDecay($0).value / scale },
                gradient: { boundingDecay($0).gradient.map { -$0 / scale } }, start: start.w,
                firstStep: 0.1 * euclideanNorm(start.w), gradientTolerance: 1e-9, maximumIterations: 100)
            best = max(best, boundingDecay(found.x).value)
        }
        return best
    }
}
