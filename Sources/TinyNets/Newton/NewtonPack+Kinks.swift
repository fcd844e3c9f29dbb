import Lanes

// Minima on the kinks of piecewise linear activations. A rounded kink has a gradient that is a mixture of the two sides' gradients; as the
// rounding shrinks, a point where it vanishes becomes one where the smallest subgradient does.

extension NewtonPack {
    /// A saddle of the true loss may have no smooth neighbourhood: it is looked for while the kinks are still round, at
    /// every fourth smoothing and at the last but one.
    func looksForSaddle(_ state: NewtonLane) -> Bool {
        let left = state.run.smoothings.count - 1 - state.stage
        return left % 4 == 2
    }

    /// The next smoothing, from the minimum of the last.
    func sharpen(_ lane: Int) {
        let state = lanes[lane]
        let isConverged =
            state.gradientNorm <= max(1e-8, settings.gradientTolerance) * state.run.scale || state.isIdle
            || isModelExhausted(state)
        state.smoothedGradientNorm = isConverged ? state.gradientNorm : .infinity
        state.stage += 1
        state.watchedLoss = .infinity
        state.isIdle = false
        state.isEscaping = false
        fields.smoothing[lane] = state.run.smoothings[state.stage]
        state.phase = .arriving
        isStale = true
    }

    /// Whether the quadratic model, minimised inside the trust region, promises no decrease above 1e-12.
    func isModelExhausted(_ state: NewtonLane) -> Bool {
        !state.isAtBorder && -(state.slope + 0.5 * state.curvature) <= resolution(state)
    }

    /// Twenty steps that gain no more than 1e-12 between them are enough.
    func watchProgress(_ state: NewtonLane) {
        if state.watchedLoss == .infinity {
            state.watchedLoss = state.loss
            state.watchedStep = state.newtonSteps
        } else if state.newtonSteps >= state.watchedStep + 20 {
            state.isIdle = state.watchedLoss - state.loss <= resolution(state)
            state.watchedLoss = state.loss
            state.watchedStep = state.newtonSteps
        }
    }

    /// Whether the true loss's gradient is large at a point where the sharpest smoothed one vanished.
    func endsOnKink(_ state: NewtonLane) -> Bool {
        state.run.smoothings.count > 1 && !state.isSmoothed && state.smoothedGradientNorm < .infinity
            && state.gradientNorm > 1e-5 * state.run.scale
    }

    /// The result where a kink holds the minimum: its certificates are the smoothed gradient and the layers' balance.
    func endOnKink(_ lane: Int) {
        let state = lanes[lane]
        if isBalanced(lane) {
            state.gradientNorm = min(state.gradientNorm, state.smoothedGradientNorm)
            // Curvatures are those of a smooth loss.
            state.lowestCurvature = nil
        } else {
            state.outcome = .stalled
            state.reason =
                "The descent ended on a kink of the activation where the layers' norms are not balanced to 1e-6."
        }
        finish(lane)
    }

    /// Pushes a net with kinks that has converged by a thousandth and lets it descend again, as long as that finds lower
    /// losses.
    ///
    /// A unit whose weights vanish is on the kink of every sample at once. Rounded, it looks like a linear unit of slope
    /// ½, and its curvature does not tell whether some direction of its weights lowers the true loss.
    /// - Returns: whether it has been pushed once more.
    func pushOffKinks(_ lane: Int) -> Bool {
        let state = lanes[lane]
        guard state.run.smoothings.count > 1, !state.run.isCollapsing else { return false }
        let isLower = state.kept.map { state.loss < $0.loss - resolution(state) } ?? true
        if state.outcome == .converged && isLower { state.kept = current(lane) }
        guard state.outcome == .converged, isLower, state.pushes < 8 else { return false }
        state.pushes += 1
        var stream = RandomStream(seed: 0, key: 1, purpose: .curvature, substream: state.pushes)
        let size = 1e-3 * max(0.1, state.weightNorm) / Double(pack.layout.weightCount).squareRoot()
        for i in pack.strides(lane) { fields.point[i] += size * stream.normal() }
        // Rounded over less than the push moves the units.
        state.stage = state.run.smoothings.count - 7
        state.watchedLoss = .infinity
        state.isIdle = false
        state.polishSteps = 0
        state.newtonSteps = 0
        state.lowestCurvature = nil
        state.lossCurvature = nil
        state.smoothedGradientNorm = .infinity
        fields.smoothing[lane] = state.run.smoothings[state.stage]
        state.phase = .arriving
        isStale = true
        return true
    }

    /// Whether γ_l ‖W_l‖² is the same in all layers to 1e-6, as at every stationary point of a net whose activation
    /// scales with its input.
    private func isBalanced(_ lane: Int) -> Bool {
        let norms = pack.gather(fields.layer_norms, count: pack.layout.layerCount, lane: lane)
        let shares = zip(norms, lanes[lane].run.job.problem.gammas).map { $0 * $1 }
        return shares.max()! - shares.min()! <= 1e-6 * shares.max()!
    }
}
