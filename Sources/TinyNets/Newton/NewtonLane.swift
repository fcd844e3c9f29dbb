import PhaseSpace

/// The state of one lane of a `NewtonPack`: which part of the second-order method its net is in.
final class NewtonLane {
    enum Phase {
        case empty
        /// The base is to be evaluated for the first time.
        case arriving
        /// Conjugate gradients for the trust-region step.
        case solving
        /// The point is base plus iterate.
        case trying
        /// Back at the base after a step that was not taken: there is nothing left to gain, or no way on.
        case atFloor, stuck
        /// Lanczos for the lowest eigenvalue; then once more for its vector, where that is negative.
        case spectrum, escapeDirection
        /// Conjugate gradients for H⁻¹ ∇R.
        case response
        /// The result waits to be taken.
        case done
    }

    var phase = Phase.empty
    var run: TrainingRun!

    // The base.
    var loss = 0.0
    var gradientNorm = 0.0
    var weightNorm = 0.0

    // Trust region.
    var radius = 0.0
    var newtonSteps = 0
    /// The step in hand: g·x and x·Hx, whether it ends at the region's border, and how often it was shortened.
    var slope = 0.0
    var curvature = 0.0
    var isAtBorder = false
    var shortenings = 0
    /// Steps taken after the gradient met the tolerance.
    var polishSteps = 0
    /// Whether the step in hand leaves a saddle, and how many saddles there were.
    var isEscaping = false
    var escapes = 0

    /// Which of the run's smoothings the loss has, and the gradient norm at the end of the one before; infinite where
    /// that did not converge.
    var stage = 0
    var smoothedGradientNorm = Double.infinity
    /// The loss at a look some steps ago, and whether it has hardly fallen since.
    var watchedLoss = Double.infinity
    var watchedStep = 0
    var isIdle = false
    /// The lowest minimum before a push, and the number of pushes.
    var kept: Minimum?
    var pushes = 0

    // Conjugate gradients and Lanczos.
    var iterations = 0
    var isIterationOver = false
    var residualSquared = 0.0
    var iterateSquared = 0.0
    var target = 0.0
    /// The largest |d·Hd| / d·d seen at this base.
    var stiffness = 0.0
    let diagonal: UnsafeMutablePointer<Double>
    let offDiagonal: UnsafeMutablePointer<Double>
    /// The lowest Ritz value at the last look.
    var lastRitzValue = 0.0
    /// The lowest Ritz vector in Lanczos's basis, and as weights; empty until a saddle is met.
    var ritzVector: [Double] = []
    var escape: [Double] = []

    // Results.
    var lowestCurvature: Double?
    var lossCurvature: Double?
    var outcome = Outcome.converged
    var reason = ""

    init(capacity: Int) {
        diagonal = .allocate(capacity: capacity)
        offDiagonal = .allocate(capacity: capacity)
    }
    deinit {
        diagonal.deallocate()
        offDiagonal.deallocate()
    }

    func reset(_ run: TrainingRun) {
        self.run = run
        phase = .arriving
        newtonSteps = 0
        polishSteps = 0
        stage = 0
        watchedLoss = .infinity
        watchedStep = 0
        isIdle = false
        kept = nil
        pushes = 0
        smoothedGradientNorm = .infinity
        escapes = 0
        isEscaping = false
        isIterationOver = false
        stiffness = 0
        lowestCurvature = nil
        lossCurvature = nil
        outcome = .converged
        reason = ""
    }

    var isSmoothed: Bool { stage < run.smoothings.count - 1 }
    var isWarm: Bool { run.job.start == .warm && run.job.problem.depth > 1 }

    /// A warm start must not step over a barrier: steps stay a small part of the weights.
    var largestRadius: Double { isWarm ? 0.1 * weightNorm : 10 * (weightNorm + 1) }
    var firstRadius: Double { isWarm ? 0.05 * weightNorm : 0.2 * (weightNorm + 0.1) }
}
