import GSLNumerics
import TinyNets

/// All that a deep linear net of one output sees of its data, along the principal axes of the inputs.
struct PrincipalInputs: Sendable {
    /// Eigenvalues a_i > 0 of E[xxᵀ]; as many as its rank.
    let variances: [Double]
    /// Components g_i of E[xy] along the axes.
    let correlations: [Double]
    /// E[y²].
    let targetSecondMoment: Double
    /// E[y²] − gᵀA⁻¹g where that is known better than by subtracting; nil elsewhere.
    let unexplained: Double?
    /// About the relative error of the smallest a_i.
    let relativeError: Double

    /// Up to this a number counts as exact.
    static let exactness = 1e-9

    /// - Parameters:
    ///   - targetSecondMoment: nil for gᵀA⁻¹g, which the inputs explain, and the noise.
    ///   - labelNoise: its standard deviation.
    init(variances: [Double], correlations: [Double], targetSecondMoment: Double?, labelNoise: Double = 0) {
        self.variances = variances
        self.correlations = correlations
        let explained = zip(variances, correlations).reduce(0) { $0 + ($1.0 > 0 ? $1.1 * $1.1 / $1.0 : 0) }
        self.targetSecondMoment = targetSecondMoment ?? explained + labelNoise * labelNoise
        unexplained = targetSecondMoment == nil ? labelNoise * labelNoise : nil
        relativeError = 0
    }

    /// From samples (n × d, row-major), by their own singular values: E[xxᵀ] would square the condition number. With
    /// X = U Σ Vᵀ √n: a = σ² and g = σ Uᵀy/√n, so that g²/a is what an axis explains, whatever σ.
    init(features: [Double], targets: [Double], columns: Int) throws {
        let (factor, rotated) = try pivotedFactor(features, columns: columns, targets)
        let system = try singularSystem(columns: try Self.square(factor))
        let scale = 1 / Double(targets.count).squareRoot()
        var (variances, correlations) = ([Double](), [Double]())
        for k in 0..<factor.rank {
            let deviation = system.values[k] * scale
            let part = zip(system.left[k], rotated).reduce(0) { $0 + $1.0 * $1.1 } * scale
            variances.append(deviation * deviation)
            correlations.append(deviation * part)
        }
        func mean(_ xs: some Sequence<Double>) -> Double { xs.reduce(0) { $0 + $1 * $1 } / Double(targets.count) }
        self.variances = variances
        self.correlations = correlations
        targetSecondMoment = mean(targets)
        unexplained = mean(rotated.dropFirst(factor.rank))
        let isComplete = factor.rank == columns
        let span = system.values.last.map { $0 > 0 ? system.values[0] / $0 : 1 } ?? 1
        // Where columns are combinations of others, all of them share the rounding of the largest.
        relativeError = 2 * max(factor.relativeError, isComplete ? 0 : factor.rounding * span)
    }

    /// The columns of a square matrix with the left singular vectors and the non-zero singular values of R.
    private static func square(_ factor: PivotedFactor) throws -> [[Double]] {
        let (d, r) = (factor.columns.count, factor.rank)
        guard r > 0 else { return [] }
        guard r < d else { return factor.columns }
        // With Rᵀ = Q S it is Sᵀ.
        let second = try pivotedFactor(factor.columns.flatMap { $0 }, columns: r, Array(repeating: 0, count: d)).factor
        guard second.rank == r else { return factor.columns.map { $0 + Array(repeating: 0, count: d - r) } }
        return (0..<r).map { i in second.columns.map { $0[i] } }
    }

    /// From moments. Axes whose variance is rounding of the largest carry nothing; independent inputs stay as they are.
    init(_ moments: DataMoments) throws {
        let d = moments.inputs
        let isDiagonal = (0..<d).allSatisfy { i in
            (0..<d).allSatisfy { $0 == i || moments.inputSecondMoment[i * d + $0] == 0 }
        }
        targetSecondMoment = moments.targetSecondMoment
        unexplained = nil
        guard !isDiagonal else {
            let rising = (0..<d).sorted { a, b in
                (moments.inputSecondMoment[a * (d + 1)], a) < (moments.inputSecondMoment[b * (d + 1)], b)
            }
            variances = rising.map { moments.inputSecondMoment[$0 * (d + 1)] }
            correlations = rising.map { moments.crossMoment[$0] }
            relativeError = 0
            return
        }
        let system = try symmetricEigenSystem(moments.inputSecondMoment, order: d)
        let rounding = 8 * Double(d) * Double.ulpOfOne * (system.values.last ?? 0)
        let axes = zip(system.values, system.vectors).filter { $0.0 > rounding }
        variances = axes.map(\.0)
        correlations = axes.map { zip($0.1, moments.crossMoment).reduce(0) { $0 + $1.0 * $1.1 } }
        relativeError = rounding / (variances.min() ?? 1)
    }
}
