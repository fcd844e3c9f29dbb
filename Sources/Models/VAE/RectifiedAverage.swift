/// The exact average for ReLU: moments of rectified normal numbers, any number of latent variables.
///
/// For normal X, Y with P = P(X > 0, Y > 0): E[X⁺Y⁺] and its derivatives follow from P by integration by parts,
/// ∂E[X⁺Y⁺]/∂Cov(X, Y) = P. The posterior's variances do not depend on the sample, nor then do the correlations.
struct RectifiedAverage: DecoderAverage {
    let layer: DecoderLayer
    private let deviations: [Double]
    /// i < j, row by row.
    private let pairs: [Pair]

    private struct Pair {
        let i: Int
        let j: Int
        let covariance: Double
        let normal: BivariateNormal
        /// √(1 − ρ²).
        let rest: Double
    }

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
                let shared = covariance(i, j)
                let normal = BivariateNormal(correlation: shared / (deviations[i] * deviations[j]))
                let square = (1 - normal.correlation) * (1 + normal.correlation)
                return Pair(i: i, j: j, covariance: shared, normal: normal, rest: max(square.squareRoot(), 1e-100))
            }
        }
    }

    func add(_ sample: DecoderSample, to sums: inout DecoderSums) {
        let (h, k) = (layer.hidden, layer.latent)
        var units: [Unit] = []
        units.reserveCapacity(h)
        // ∂q by the mean and by the variance of each unit's input.
        var centreForces = [Double](repeating: 0, count: h)
        for i in 0..<h {
            var centre = layer.biases[i]
            for a in 0..<k { centre += layer.weights[i * k + a] * sample.mean[a] }
            let unit = Unit(centre, deviations[i])
            units.append(unit)
            sums.first[i] = unit.first
            sums.second[i * h + i] += sample.weight * unit.second
            let own = layer.gram[i * h + i]
            centreForces[i] = 2 * own * unit.first - 2 * sample.pull[i] * unit.probability
            spread(sample.weight * (own * unit.probability - sample.pull[i] * unit.densityAtZero), i, i, &sums)
        }
        for pair in pairs {
            let (x, y) = (units[pair.i], units[pair.j])
            let r = pair.normal.correlation
            let both = pair.normal.probability(x.ratio, y.ratio)
            let yAtKink = (y.ratio - r * x.ratio) / pair.rest
            let xAtKink = (x.ratio - r * y.ratio) / pair.rest
            let (yAbove, xAbove) = (normalProbability(yAtKink), normalProbability(xAtKink))
            // E[Y⁺ 1(X > 0)] and E[X⁺ 1(Y > 0)].
            let yPart =
                y.mean * both + y.deviation * y.deviation * y.densityAtZero * xAbove
                + pair.covariance * x.densityAtZero * yAbove
            let xPart =
                x.mean * both + x.deviation * x.deviation * x.densityAtZero * yAbove
                + pair.covariance * y.densityAtZero * xAbove
            // p_X(0) E[Y⁺ | X = 0], and the other way round.
            let yKink =
                x.densityAtZero * y.deviation * pair.rest * (yAtKink * yAbove + normalDensity(yAtKink))
            let xKink =
                y.densityAtZero * x.deviation * pair.rest * (xAtKink * xAbove + normalDensity(xAtKink))
            let product = x.mean * yPart + pair.covariance * both + x.deviation * x.deviation * yKink
            sums.second[pair.i * h + pair.j] += sample.weight * product
            sums.second[pair.j * h + pair.i] += sample.weight * product
            let coupling = 2 * layer.gram[pair.i * h + pair.j]
            centreForces[pair.i] += coupling * yPart
            centreForces[pair.j] += coupling * xPart
            spread(sample.weight * coupling * both, pair.i, pair.j, &sums)
            spread(sample.weight * coupling * yKink / 2, pair.i, pair.i, &sums)
            spread(sample.weight * coupling * xKink / 2, pair.j, pair.j, &sums)
        }
        for a in 0..<k { sums.mean[a] = 0 }
        for i in 0..<h {
            sums.biases[i] += sample.weight * centreForces[i]
            for a in 0..<k {
                sums.weights[i * k + a] += sample.weight * centreForces[i] * sample.mean[a]
                sums.mean[a] += centreForces[i] * layer.weights[i * k + a]
            }
        }
    }

    /// Passes ∂q/∂Cov(h_i, h_j) on to the weights and variances, Cov = Σ_a B_ia B_ja s_a.
    private func spread(_ force: Double, _ i: Int, _ j: Int, _ sums: inout DecoderSums) {
        let k = layer.latent
        for a in 0..<k {
            let (x, y) = (layer.weights[i * k + a], layer.weights[j * k + a])
            sums.weights[i * k + a] += force * layer.variances[a] * y
            sums.weights[j * k + a] += force * layer.variances[a] * x
            sums.variances[a] += force * x * y
        }
    }
}

/// A rectified normal number X⁺.
private struct Unit {
    let mean: Double
    let deviation: Double
    let ratio: Double
    /// P(X > 0).
    let probability: Double
    /// The density of X at 0.
    let densityAtZero: Double
    /// E X⁺ and E (X⁺)².
    let first: Double
    let second: Double

    init(_ mean: Double, _ deviation: Double) {
        self.mean = mean
        self.deviation = deviation
        ratio = mean / deviation
        probability = normalProbability(ratio)
        let density = normalDensity(ratio)
        densityAtZero = density / deviation
        first = mean * probability + deviation * density
        second = (mean * mean + deviation * deviation) * probability + mean * deviation * density
    }
}
