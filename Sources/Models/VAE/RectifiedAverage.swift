/// The exact average for ReLU: moments of rectified normal numbers, any number of latent variables.
///
/// For normal X, Y let G = E[X⁺Y⁺] as a function of the means x and y. Derivatives of G up to the fourth are closed forms
/// of P = P(X > 0, Y > 0), of one-dimensional probabilities and of densities at 0. Averages with the noise ν follow by
/// Stein's rule, E[f(h) ν_a] = s_a Σ_i B_ia E[∂f/∂h_i]. The posterior's variances do not depend on the sample, nor then do
/// the correlations.
final class RectifiedAverage: DecoderAverage {
    private let layer: DecoderLayer
    private let deviations: [Double]
    /// i < j, row by row.
    private let pairs: [RectifiedPair]
    /// s_a B_ia, like the weights.
    private let reach: [Double]
    private let units: UnsafeMutablePointer<RectifiedUnit>

    init(_ layer: DecoderLayer) {
        self.layer = layer
        let (h, k) = (layer.hidden, layer.latent)
        func covariance(_ i: Int, _ j: Int) -> Double {
            (0..<k).reduce(0) { $0 + layer.weights[i * k + $1] * layer.weights[j * k + $1] * layer.variances[$1] }
        }
        // A unit without weights has no direction; so small a spread stands for none.
        let deviations = (0..<h).map { max(covariance($0, $0).squareRoot(), 1e-100) }
        self.deviations = deviations
        pairs = (0..<h).flatMap { i in
            (i + 1..<h).map { j in
                RectifiedPair(i, j, covariance: covariance(i, j), deviations[i], deviations[j])
            }
        }
        reach = layer.weights.indices.map { layer.weights[$0] * layer.variances[$0 % k] }
        units = .allocate(capacity: h)
    }

    deinit { units.deallocate() }

    func fill(_ moments: DecoderMoments, mean: UnsafePointer<Double>, pull: UnsafePointer<Double>) {
        let (h, k) = (layer.hidden, layer.latent)
        let directions = k + 1
        moments.clear()
        for i in 0..<h {
            var centre = layer.biases[i]
            for a in 0..<k { centre += layer.weights[i * k + a] * mean[a] }
            let unit = RectifiedUnit(centre, deviations[i])
            units[i] = unit
            let own = layer.gram[i * h + i]
            moments.first[i] = unit.first
            moments.second[i * h + i] = unit.second
            moments.force[i * directions] = 2 * own * unit.first - 2 * pull[i] * unit.probability
            addNoise(
                2 * own * unit.probability - 2 * pull[i] * unit.density, to: moments.force + i * directions, along: i)
            if moments.wantsCurvature { addOwn(i, unit, own, pull[i], moments) }
        }
        for pair in pairs {
            let (i, j) = (pair.i, pair.j)
            let g = pair.derivatives(units[i], units[j], up: moments.wantsCurvature)
            moments.second[i * h + j] = g.value
            moments.second[j * h + i] = g.value
            let coupling = 2 * layer.gram[i * h + j]
            let (x, y) = (moments.force + i * directions, moments.force + j * directions)
            x[0] += coupling * g.x
            y[0] += coupling * g.y
            addNoise(coupling * g.xx, to: x, along: i)
            addNoise(coupling * g.xy, to: x, along: j)
            addNoise(coupling * g.xy, to: y, along: i)
            addNoise(coupling * g.yy, to: y, along: j)
            if moments.wantsCurvature { addPair(pair, g, coupling, moments) }
        }
    }

    /// Stein's rule: adds s_a B_ia times a mean derivative to the entries of ν_1 … ν_k.
    private func addNoise(_ derivative: Double, to row: UnsafeMutablePointer<Double>, along unit: Int) {
        let k = layer.latent
        for a in 0..<k { row[a + 1] += derivative * reach[unit * k + a] }
    }

    /// What unit i brings to the averages of the second derivatives without any other.
    private func addOwn(_ i: Int, _ unit: RectifiedUnit, _ own: Double, _ pull: Double, _ moments: DecoderMoments) {
        let (h, directions) = (layer.hidden, layer.latent + 1)
        let slope = moments.slope + i * directions
        slope[0] = unit.probability
        addNoise(unit.density, to: slope, along: i)
        // φ' φ = φ.
        for a in 0..<directions { moments.cross[(i * directions + a) * h + i] = 0 }
        moments.cross[i * directions * h + i] = unit.first
        for a in 0..<layer.latent {
            moments.cross[(i * directions + a + 1) * h + i] = unit.probability * reach[i * layer.latent + a]
        }
        add(
            Derivatives(
                value: 2 * own * unit.probability - 2 * pull * unit.density,
                x: 2 * own * unit.density - 2 * pull * unit.densitySlope, y: 0,
                xx: 2 * own * unit.densitySlope - 2 * pull * unit.densityCurvature, xy: 0, yy: 0),
            1, i, i, noise: i, i, moments)
    }

    private func addPair(_ pair: RectifiedPair, _ g: PairDerivatives, _ coupling: Double, _ moments: DecoderMoments) {
        let (i, j, h, k) = (pair.i, pair.j, layer.hidden, layer.latent)
        let directions = k + 1
        // E[φ'_i φ_j ν̃] and the other way round.
        moments.cross[i * directions * h + j] = g.x
        moments.cross[j * directions * h + i] = g.y
        for a in 0..<k {
            let (x, y) = (reach[i * k + a], reach[j * k + a])
            moments.cross[(i * directions + a + 1) * h + j] = g.xx * x + g.xy * y
            moments.cross[(j * directions + a + 1) * h + i] = g.xy * x + g.yy * y
        }
        add(
            Derivatives(value: g.xy, x: g.xxy, y: g.xyy, xx: g.xxxy, xy: g.xxyy, yy: g.xyyy), coupling, i, j, noise: i,
            j, moments)
        add(
            Derivatives(value: g.xx, x: g.xxx, y: g.xxy, xx: g.xxxx, xy: g.xxxy, yy: g.xxyy), coupling, i, i, noise: i,
            j, moments)
        add(
            Derivatives(value: g.yy, x: g.xyy, y: g.yyy, xx: g.xxyy, xy: g.xyyy, yy: g.yyyy), coupling, j, j, noise: i,
            j, moments)
    }

    /// A mean and its derivatives by the means of two units.
    private struct Derivatives {
        let value: Double
        let x: Double
        let y: Double
        let xx: Double
        let xy: Double
        let yy: Double
    }

    /// Adds a second derivative by h_i and h_j, which depends on the inputs x and y, times 1, ν_a and ν_a ν_b.
    private func add(
        _ f: Derivatives, _ factor: Double, _ i: Int, _ j: Int, noise x: Int, _ y: Int, _ moments: DecoderMoments
    ) {
        let k = layer.latent
        let (directions, inputs) = (k + 1, moments.inputs)
        let (rows, columns) = (i * directions, j * directions)
        func put(_ a: Int, _ b: Int, _ value: Double) {
            moments.curvature[(rows + a) * inputs + columns + b] += value
            if i != j { moments.curvature[(columns + b) * inputs + rows + a] += value }
        }
        put(0, 0, factor * f.value)
        for a in 0..<k {
            let (xa, ya) = (reach[x * k + a], reach[y * k + a])
            let once = factor * (f.x * xa + f.y * ya)
            put(0, a + 1, once)
            put(a + 1, 0, once)
            for b in 0..<k {
                let (xb, yb) = (reach[x * k + b], reach[y * k + b])
                let twice = f.xx * xa * xb + f.xy * (xa * yb + ya * xb) + f.yy * ya * yb
                put(a + 1, b + 1, factor * (twice + (a == b ? layer.variances[a] * f.value : 0)))
            }
        }
    }
}
