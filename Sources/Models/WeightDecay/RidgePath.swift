import Lanes

/// All stationary points of a deep linear net with weight decay, on one line.
///
/// Every non-trivial stationary point of the loss is a ridge solution with effective ridge μ = G/tᴰ, where G is the
/// geometric mean of the layers' weight decays and t the squared norm of each (balanced) layer. Sweeping μ therefore
/// passes through all of them; decay G and loss F are explicit functions of μ, so that no landscape is searched.
///
/// Everything is a function of x = ln μ, because tᴰ over- and underflows long before depth 100. Data enter in the
/// eigenbasis of the input's second moment, noise and width only through κ = Π(1 + σ_l²/d_l), which scales the
/// eigenvalues. Source: the ridge-path form of Ziyin & Ueda's effective landscape (arXiv 2205.12510).
public struct RidgePath: Sendable, Hashable {
    /// Number of hidden layers D.
    public let depth: Int
    /// κ a_i of the modes that carry signal: positive.
    let alphas: [Double]
    /// g_i², of the same modes.
    let weights: [Double]
    /// What rounding took from each of them.
    private let weightErrors: [Double]
    /// E[y²].
    public let targetSecondMoment: Double
    /// A power of two in which α and μ are counted, so that their cubes are numbers; 1 for all but extreme data.
    private let unit: Double
    /// E[y²] − Σ g²/α: what is left of the loss without weight decay.
    let residual: Double

    /// - Parameters:
    ///   - inputVariances: eigenvalues a_i of E[xxᵀ]; positive wherever g_i is not 0.
    ///   - correlations: g_i, the components of E[xy] along their eigenvectors.
    ///   - noiseFactor: κ.
    ///   - unexplained: E[y²] − Σ g²/a where it is known better than by subtracting.
    public init(
        depth: Int, inputVariances: [Double], correlations: [Double], targetSecondMoment: Double,
        noiseFactor: Double = 1, unexplained: Double? = nil
    ) {
        self.depth = depth
        self.targetSecondMoment = targetSecondMoment
        let modes = zip(inputVariances, correlations).filter { $0.1 != 0 }
        let alphas = modes.map { $0.0 * noiseFactor }
        self.alphas = alphas
        let exponents = alphas.filter { $0 > 0 && $0.isFinite }.map { Int($0.exponent) }
        let middle = ((exponents.min() ?? 0) + (exponents.max() ?? 0)) / 2
        unit = abs(middle) > 150 ? Double(sign: .plus, exponent: middle, significand: 1) : 1
        weights = modes.map { $0.1 * $0.1 }
        weightErrors = modes.map { (-$0.1 * $0.1).addingProduct($0.1, $0.1) }
        let explained = modes.reduce(0) { $0 + $1.1 * $1.1 / $1.0 }
        residual = max(0, unexplained ?? targetSecondMoment - explained) + explained * ((noiseFactor - 1) / noiseFactor)
    }

    /// Whether no mode carries signal: then there is only the trivial phase.
    public var isSilent: Bool { weights.isEmpty }

    /// q = ‖E[xy]‖².
    public var signalStrength: Double { weights.reduce(0, +) }

    /// (‖g‖² − G²)/‖g‖², to rounding of the difference itself: the distance of one hidden layer from its transition.
    func criticalDistance(_ decay: Double) -> Double {
        // Neumaier's sum, which keeps what each addition rounds away.
        var (sum, rest) = (0.0, 0.0)
        let square = (-decay * decay, -(-decay * decay).addingProduct(decay, decay))
        for (term, error) in zip(weights, weightErrors) + [square] {
            let next = sum + term
            rest += (abs(sum) >= abs(term) ? (sum - next) + term : (term - next) + sum) + error
            sum = next
        }
        return (sum + rest) / signalStrength
    }

    /// g^T κA g over ‖g‖²: the quartic Landau coefficient of one hidden layer is this times ‖g‖²/γ².
    var meanVariance: Double { zip(alphas, weights).reduce(0) { $0 + $1.0 * ($1.1 / signalStrength) } }

    // MARK: - Functions of x = ln μ

    /// Beyond this ln μ powers of μ would overflow.
    private static let largestRidge = 100.0

    /// Σ g_i² / (α_i + μ)ᵖ for p = 2 or 3, in units.
    func moment(_ p: Int, _ x: Double) -> Double {
        let mu = exponential(x)
        var sum = 0.0
        for (alpha, weight) in zip(alphas, weights) {
            let d = (alpha + mu) / unit
            sum += weight / (p == 2 ? d * d : d * d * d)
        }
        return sum
    }

    /// ln of the squared norm t of each layer (for D = 0: of the predictor).
    func logNorm(_ x: Double) -> Double {
        guard x > Self.largestRidge else {
            let logMoment = logarithm(moment(2, x)) - (unit == 1 ? 0 : 2 * logarithm(unit))
            return logMoment / Double(depth + 1)
        }
        let sum = zip(alphas, weights).reduce(0) { $0 + $1.1 * square(1 / (1 + $1.0 * exponential(-x))) }
        return (logarithm(sum) - 2 * x) / Double(depth + 1)
    }

    private func square(_ x: Double) -> Double { x * x }

    /// ln of the weight decay G at which the ridge μ is stationary.
    func logDecay(_ x: Double) -> Double { x + Double(depth) * logNorm(x) }

    /// E[y²] − F: how far the stationary point lies below the trivial phase.
    ///
    /// Summed mode by mode in the form (α − (D−1)μ)/(α+μ)², so that nothing cancels at the transition.
    func depthBelowOrigin(_ x: Double) -> Double {
        guard x <= Self.largestRidge else { return freeEnergyBelowOrigin(x) }
        let mu = exponential(x)
        var sum = 0.0
        for (alpha, weight) in zip(alphas, weights) {
            let s = (alpha + mu) / unit
            sum += weight * ((alpha - Double(depth - 1) * mu) / unit) / (s * s)
        }
        return sum / unit
    }

    /// Has the sign of d ln G / d ln μ: positive on stable branches, zero at folds, negative on unstable ones.
    func stability(_ x: Double) -> Double {
        let mu = exponential(x)
        let d = Double(depth)
        var sum = 0.0
        for (alpha, weight) in zip(alphas, weights) {
            let s = (alpha + mu) / unit
            sum += weight * (((d + 1) * alpha - (d - 1) * mu) / unit) / (s * s * s)
        }
        return sum
    }

    /// The same where μ may overflow.
    private func freeEnergyBelowOrigin(_ x: Double) -> Double {
        let inverse = exponential(-x)
        return zip(alphas, weights).reduce(0) { sum, mode in
            let e = mode.0 * inverse
            return sum + mode.1 * inverse * (e - Double(depth - 1)) / square(1 + e)
        }
    }

    /// r = μ Σg²/(α+μ)³ / Σg²/(α+μ)².
    func ratio(_ x: Double) -> Double {
        guard x > Self.largestRidge else { return exponential(x) / unit * moment(3, x) / moment(2, x) }
        let parts = zip(alphas, weights).map { (weight: $0.1, share: 1 / (1 + $0.0 * exponential(-x))) }
        return parts.reduce(0) { $0 + $1.weight * square($1.share) * $1.share }
            / parts.reduce(0) { $0 + $1.weight * square($1.share) }
    }

    /// 1 − r, which vanishes at the transition of one hidden layer, as a sum of positive terms.
    private func restOfRatio(_ x: Double) -> Double {
        let inverse = exponential(-x)
        let parts = zip(alphas, weights).map { (weight: $0.1, e: $0.0 * inverse) }
        return parts.reduce(0) { $0 + $1.weight * $1.e / (square(1 + $1.e) * (1 + $1.e)) }
            / parts.reduce(0) { $0 + $1.weight / square(1 + $1.e) }
    }

    /// Σ (g²/α) f(μ/(α+μ)): sums of positive terms, which keep the digits of what is far below E[y²].
    private func unexplained(_ x: Double, _ f: (Double) -> Double) -> Double {
        let inverse = exponential(-x)
        return zip(alphas, weights).reduce(0) { $0 + $1.1 / $1.0 * f(1 / (1 + $1.0 * inverse)) }
    }

    /// The stationary point with ridge μ = eˣ.
    func stationaryPoint(_ x: Double) -> StationaryPoint {
        let d = Double(depth)
        let t = exponential(logNorm(x))
        let decay = exponential(logDecay(x))
        let r = ratio(x)
        return StationaryPoint(
            logRidge: x, decay: decay, layerSquaredNorm: t,
            freeEnergy: residual + unexplained(x) { $0 * (1 + d * (1 - $0)) },
            slope: (d + 1) * t,
            curvature: -2 * (t / decay) * r / (depth == 1 ? restOfRatio(x) : 1 - 2 * d * r / (d + 1)),
            dataLoss: residual + unexplained(x) { $0 * $0 },
            isStable: stability(x) > 0)
    }
}

/// A stationary point of the regularised loss away from the origin.
public struct StationaryPoint: Sendable, Hashable {
    /// ln μ, its coordinate on the ridge path.
    let logRidge: Double
    /// G, the geometric mean of the layers' weight decays.
    public let decay: Double
    /// t: γ_l ‖W_l‖² = G t for every layer; for D = 0 the predictor's squared norm.
    public let layerSquaredNorm: Double
    /// Loss F, E[y²] included.
    public let freeEnergy: Double
    /// dF/dG = (D+1) t along the branch.
    public let slope: Double
    /// d²F/dG² along the branch; −∞ at a fold.
    public let curvature: Double
    /// F less the regulariser.
    public let dataLoss: Double
    /// Whether it is a local minimum.
    public let isStable: Bool
}
