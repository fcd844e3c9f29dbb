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
    /// E[y²].
    public let targetSecondMoment: Double

    /// - Parameters:
    ///   - inputVariances: eigenvalues a_i of E[xxᵀ].
    ///   - correlations: g_i, the components of E[xy] along their eigenvectors.
    ///   - noiseFactor: κ.
    /// Modes whose |g_i| is below 1e-12 of the largest carry no signal: rounding left them in a singular direction.
    public init(
        depth: Int, inputVariances: [Double], correlations: [Double], targetSecondMoment: Double,
        noiseFactor: Double = 1
    ) {
        self.depth = depth
        self.targetSecondMoment = targetSecondMoment
        let threshold = 1e-12 * (correlations.map(abs).max() ?? 0)
        let modes = zip(inputVariances, correlations).filter { abs($0.1) > threshold }
        alphas = modes.map { $0.0 * noiseFactor }
        weights = modes.map { $0.1 * $0.1 }
    }

    /// Whether no mode carries signal: then there is only the trivial phase.
    public var isSilent: Bool { weights.isEmpty }

    /// q = ‖E[xy]‖².
    public var signalStrength: Double { weights.reduce(0, +) }

    /// g^T κA g: the quartic Landau coefficient of one hidden layer is this over γ².
    var signalVariance: Double { zip(alphas, weights).reduce(0) { $0 + $1.0 * $1.1 } }

    // MARK: - Functions of x = ln μ

    /// Σ g_i² / (α_i + μ)ᵖ.
    func moment(_ p: Int, _ x: Double) -> Double {
        let mu = exponential(x)
        var sum = 0.0
        for (alpha, weight) in zip(alphas, weights) {
            let d = alpha + mu
            sum += weight / (p == 1 ? d : p == 2 ? d * d : d * d * d)
        }
        return sum
    }

    /// ln of the squared norm t of each layer (for D = 0: of the predictor).
    func logNorm(_ x: Double) -> Double { logarithm(moment(2, x)) / Double(depth + 1) }

    /// ln of the weight decay G at which the ridge μ is stationary.
    func logDecay(_ x: Double) -> Double { x + Double(depth) * logNorm(x) }

    /// E[y²] − F: how far the stationary point lies below the trivial phase.
    ///
    /// Summed mode by mode in the form (α − (D−1)μ)/(α+μ)², so that nothing cancels at the transition.
    func depthBelowOrigin(_ x: Double) -> Double {
        let mu = exponential(x)
        var sum = 0.0
        for (alpha, weight) in zip(alphas, weights) {
            sum += weight * (alpha - Double(depth - 1) * mu) / ((alpha + mu) * (alpha + mu))
        }
        return sum
    }

    /// Has the sign of d ln G / d ln μ: positive on stable branches, zero at folds, negative on unstable ones.
    func stability(_ x: Double) -> Double {
        let mu = exponential(x)
        let d = Double(depth)
        var sum = 0.0
        for (alpha, weight) in zip(alphas, weights) {
            let s = alpha + mu
            sum += weight * ((d + 1) * alpha - (d - 1) * mu) / (s * s * s)
        }
        return sum
    }

    /// r = μ Σg²/(α+μ)³ / Σg²/(α+μ)².
    func ratio(_ x: Double) -> Double { exponential(x) * moment(3, x) / moment(2, x) }

    /// The stationary point with ridge μ = eˣ.
    func stationaryPoint(_ x: Double) -> StationaryPoint {
        let d = Double(depth)
        let mu = exponential(x)
        let w2 = moment(2, x)
        let t = exponential(logarithm(w2) / (d + 1))
        let decay = exponential(logDecay(x))
        let r = ratio(x)
        return StationaryPoint(
            logRidge: x, decay: decay, layerSquaredNorm: t,
            freeEnergy: targetSecondMoment - depthBelowOrigin(x),
            slope: (d + 1) * t,
            curvature: -2 * (t / decay) * r / (1 - 2 * d * r / (d + 1)),
            dataLoss: targetSecondMoment - moment(1, x) - mu * w2,
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
