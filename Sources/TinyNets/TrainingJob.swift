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
    public let problem: DeepLinearProblem
    /// In the layout of the shape.
    public let initialWeights: [Double]
    public let start: Start

    public init(tag: Int, problem: DeepLinearProblem, initialWeights: [Double], start: Start) {
        self.tag = tag
        self.problem = problem
        self.initialWeights = initialWeights
        self.start = start
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
public struct Minimum: Sendable, Hashable {
    public let weights: [Double]
    /// Regularised loss.
    public let loss: Double
    /// Loss without its regulariser: E[(f − y)²].
    public let dataLoss: Double
    public let gradientNorm: Double
    /// `converged`, `stalled`, `diverged` or `capped`.
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

/// How hard to try. The defaults suit every problem of the deep linear family.
public struct TrainingSettings: Sendable, Hashable {
    /// A minimum's gradient norm is at most this times max(1, ‖E[x y]‖, E[y²]).
    public var gradientTolerance = 1e-10
    /// Gradient-descent trials before the second-order method takes over at the latest.
    public var maximumDescentSteps = 512
    /// Trust-region steps before the run is capped.
    public var maximumNewtonSteps = 1000

    public init() {}
}
