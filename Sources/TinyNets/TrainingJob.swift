import PhaseSpace

/// One minimisation.
public struct TrainingJob: Sendable {
    public enum Start: Sendable, Hashable {
        /// From fresh weights: the fastest way down.
        case cold
        /// From a neighbour's minimum: small steps that stay on a metastable branch as long as it exists.
        case warm
    }

    /// The caller's own number for the job.
    public let tag: Int
    /// For a net through samples: the samples' moments and the weight decays.
    public let problem: DeepLinearProblem
    /// In the layout of the net's shape.
    public let initialWeights: [Double]
    public let start: Start
    /// Set for a net that is trained through samples.
    public let net: SampledNet?
    let packKind: PackKind
    let layout: WeightLayout

    /// A deep linear net on moments.
    public init(
        tag: Int, shape: DeepLinearShape, problem: DeepLinearProblem, initialWeights: [Double], start: Start
    ) {
        self.tag = tag
        self.problem = problem
        self.initialWeights = initialWeights
        self.start = start
        net = nil
        packKind = problem.isNoiseFree ? .noiseFree(shape) : .general(shape)
        layout = WeightLayout(shape)
    }

    /// A net with any activation through samples; its noise is in its frozen factors.
    /// - Parameter gammas: weight decay of each matrix, first layer first.
    /// - Precondition: there are as many gammas as matrices.
    public init(tag: Int, net: SampledNet, gammas: [Double], initialWeights: [Double], start: Start) {
        precondition(gammas.count == net.shape.depth + 1, "a net with D hidden layers has D + 1 gammas")
        self.tag = tag
        self.net = net
        self.initialWeights = initialWeights
        self.start = start
        problem = DeepLinearProblem(
            moments: net.moments, gammas: gammas, noises: Array(repeating: 0, count: gammas.count - 1))
        packKind = net.packKind
        layout = WeightLayout(net.shape)
    }

    /// The minima of piecewise linear activations sit on kinks, where no smooth method converges: the kink is rounded
    /// over a width that shrinks threefold at a time, from a twentieth of the inputs' size to 3e-8 of it, and then to
    /// nothing. A warm start begins late, so as to stay on its branch.
    var smoothings: [Double] {
        guard let net, !net.shape.activation.isSmooth else { return [0] }
        var widths = [0.05 * net.inputSize]
        while widths.count < 14 { widths.append(widths.last! / 3) }
        return (start == .warm ? Array(widths[6...]) : widths) + [0]
    }

    /// The Σ‖W‖² below which gradient flow certainly ends at the zero net; nil where there is no such certificate.
    var zeroBasinSquaredNorm: Double? {
        net.map { $0.zeroBasinSquaredNorm(gammas: problem.gammas) } ?? problem.zeroBasinSquaredNorm
    }

    /// The trivial phase, where it is a stationary point.
    /// - Parameter steps: that it took to get there.
    public func zeroMinimum(steps: Int = 0) -> Minimum? {
        let gammas = problem.gammas
        guard let net else {
            return problem.zeroNet(
                weights: Array(repeating: 0, count: layout.weightCount), loss: problem.moments.targetSecondMoment,
                lowestCurvature: problem.zeroNetLowestCurvature, steps: steps)
        }
        guard let weights = net.zeroNetWeights else { return nil }
        return problem.zeroNet(
            weights: weights, loss: net.zeroNetLoss, lowestCurvature: net.zeroNetLowestCurvature(gammas: gammas),
            steps: steps)
    }
}

/// Where a trainer gets its work and leaves its results. A trainer calls its queue from its own thread only.
public protocol TrainingQueue: AnyObject {
    /// The next job; nil where there is none left.
    func nextJob() -> TrainingJob?
    /// Takes a result.
    /// - Returns: a job to go on with at once, such as the next point of a warm chain.
    func finished(_ job: TrainingJob, _ minimum: Minimum) -> TrainingJob?
}

/// Where a minimisation ended.
///
/// A net of smooth units ends at the rounding floor of its gradient, which is below 1e-10 except in valleys along which
/// the loss changes by less than rounding; there it is below 1e-8 (both relative). Otherwise the minimum may sit on kinks: there the
/// gradient norm is that of the loss with its kinks rounded over 3e-8 of the inputs' size, layers are balanced to 1e-6,
/// the loss is good to about 1e-8, and there are no curvatures.
public struct Minimum: Sendable, Hashable {
    public let weights: [Double]
    /// Regularised loss.
    public let loss: Double
    /// Loss without its regulariser: E[(f − y)²].
    public let dataLoss: Double
    public let gradientNorm: Double
    /// `converged`, `stalled`, `diverged` or `capped`; `completed` where an optimiser ran its steps and nothing followed.
    public let outcome: Outcome
    /// A sentence; empty where the outcome is converged.
    public let reason: String
    /// R = Σ_l ‖W_l‖².
    public let squaredNorm: Double
    /// ‖W_l‖², first layer first: D + 1 numbers.
    public let layerSquaredNorms: [Double]
    /// ∂L/∂G, where G is the geometric mean of the layers' decays and their ratios are fixed: Σ (γ_l/G) ‖W_l‖². For
    /// equal decays this is dF/dγ = Σ‖W‖². For a single layer's own γ_l the slope is ‖W_l‖².
    public let lossSlope: Double
    /// d²F/dG² of the branch, −∇Rᵀ H⁺ ∇R with R = ∂L/∂G; nil where the Hessian is singular along ∇R (a spinodal, a
    /// critical point) and where no minimum was found.
    public let lossCurvature: Double?
    /// The lowest eigenvalue of the Hessian, as Lanczos sees it from one fixed start vector: an upper bound, within
    /// about 1e-6 of the largest eigenvalue. Zero up to rounding where the loss has a continuous symmetry. Nil where no
    /// minimum was found.
    public let lowestCurvature: Double?
    /// Evaluations of a gradient or of a Hessian-vector product.
    public let steps: Int

    public init(
        weights: [Double], loss: Double, dataLoss: Double, gradientNorm: Double, outcome: Outcome, reason: String,
        squaredNorm: Double, layerSquaredNorms: [Double], lossSlope: Double, lossCurvature: Double?,
        lowestCurvature: Double?, steps: Int
    ) {
        self.weights = weights
        self.loss = loss
        self.dataLoss = dataLoss
        self.gradientNorm = gradientNorm
        self.outcome = outcome
        self.reason = reason
        self.squaredNorm = squaredNorm
        self.layerSquaredNorms = layerSquaredNorms
        self.lossSlope = lossSlope
        self.lossCurvature = lossCurvature
        self.lowestCurvature = lowestCurvature
        self.steps = steps
    }
}

/// How hard to try. The defaults suit all the families of nets here.
public struct TrainingSettings: Sendable, Hashable {
    /// A minimum's gradient norm is at most this times max(1, ‖E[x y]‖, E[y²]).
    public var gradientTolerance = 1e-10
    /// Gradient-descent trials before the second-order method takes over at the latest.
    public var maximumDescentSteps = 512
    /// What cold starts move by in place of the descent; nil for the fastest way down.
    public var optimiser: Optimiser?
    /// Its steps at most.
    public var maximumOptimiserSteps = 20_000
    /// Trust-region steps before the run is capped.
    public var maximumNewtonSteps = 1000

    public init() {}
}
