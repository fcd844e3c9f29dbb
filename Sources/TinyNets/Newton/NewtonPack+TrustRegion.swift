extension NewtonPack {
    func arrive(_ lane: Int) {
        let state = lanes[lane]
        state.run.steps += 1
        adoptPoint(lane)
        state.radius = state.firstRadius
        guard state.loss.isFinite && state.gradientNorm.isFinite else {
            state.outcome = .diverged
            state.reason = "The loss at the initial weights is not a finite number."
            finish(lane)
            return
        }
        if endsOnKink(state) { endOnKink(lane) } else { goOn(lane) }
    }

    /// Makes the evaluated point the base.
    private func adoptPoint(_ lane: Int) {
        let state = lanes[lane]
        pack.copy(fields.point, to: fields.base, lane: lane)
        state.loss = fields.loss[lane]
        state.gradientNorm = pack.dot(fields.gradient, fields.gradient, lane: lane).squareRoot()
        let squaredNorm = pack.dot(fields.point, fields.point, lane: lane)
        state.weightNorm = squaredNorm.squareRoot()
        if let basin = state.run.zeroBasin, squaredNorm < basin { state.run.isCollapsing = true }
    }

    private func isWithinTolerance(_ state: NewtonLane) -> Bool {
        state.gradientNorm <= tolerance(state)
    }

    /// Differences of the loss that are too small to compare points by.
    func resolution(_ state: NewtonLane) -> Double { 1e-12 * max(state.run.scale, abs(state.loss)) }

    /// A smoothed ReLU's Hessian is stiff and its gradient rounds sooner.
    private func tolerance(_ state: NewtonLane) -> Double {
        (state.isSmoothed ? max(1e-8, settings.gradientTolerance) : settings.gradientTolerance) * state.run.scale
    }

    /// From an evaluated base: collapse, the spectrum, or one more step.
    private func goOn(_ lane: Int) {
        let state = lanes[lane]
        if state.isSmoothed { watchProgress(state) }
        if state.run.isCollapsing {
            finish(lane)
        } else if state.isSmoothed && (isWithinTolerance(state) || state.isIdle) {
            if looksForSaddle(state) { startSpectrum(lane) } else { sharpen(lane) }
        } else if isWithinTolerance(state)
            && (state.polishSteps >= 6 || state.gradientNorm <= 1e-15 * state.run.scale)
        {
            startSpectrum(lane)
        } else if state.newtonSteps >= settings.maximumNewtonSteps {
            state.outcome = .capped
            state.reason =
                "The limit of \(settings.maximumNewtonSteps) trust-region steps came first; the gradient norm is "
                + "\(state.gradientNorm)."
            finish(lane)
        } else {
            startSolving(lane)
        }
    }

    /// Conjugate gradients are through: the iterate is the step.
    func proposeStep(_ lane: Int) {
        let state = lanes[lane]
        state.slope = pack.dot(fields.gradient, fields.iterate, lane: lane)
        // The residual is −g − Hx.
        state.curvature = -state.slope - pack.dot(fields.residual, fields.iterate, lane: lane)
        state.shortenings = 0
        tryStep(lane)
    }

    func tryStep(_ lane: Int) {
        let state = lanes[lane]
        for i in pack.strides(lane) { fields.point[i] = fields.base[i] + fields.iterate[i] }
        state.phase = .trying
        isStale = true
    }

    func judgeTrial(_ lane: Int) {
        let state = lanes[lane]
        state.run.steps += 1
        let loss = fields.loss[lane]
        let norm = pack.dot(fields.gradient, fields.gradient, lane: lane).squareRoot()
        let predicted = -(state.slope + 0.5 * state.curvature)
        let agreement = (state.loss - loss) / predicted
        let resolution = resolution(state)
        let isResolved = predicted > resolution
        let isGood: Bool
        if isResolved {
            // A warm start takes no step that its quadratic model does not describe.
            isGood = state.isWarm ? agreement >= 0.5 && agreement <= 1.5 : agreement >= 0.1
        } else {
            // The loss no longer tells the two points apart; the gradient does.
            isGood = norm < state.gradientNorm && loss <= state.loss + resolution
        }
        guard isGood else {
            rejectTrial(lane)
            return
        }
        let length = pack.dot(fields.iterate, fields.iterate, lane: lane).squareRoot()
        let isPolishing = isWithinTolerance(state) && !state.isEscaping
        let oldNorm = state.gradientNorm
        state.newtonSteps += 1
        if state.isEscaping {
            state.isEscaping = false
            state.polishSteps = 0
        }
        adoptPoint(lane)
        if isResolved && agreement < 0.25 {
            state.radius = 0.5 * length
        } else if state.isAtBorder && (agreement > 0.75 || !isResolved) {
            state.radius = 2 * max(length, state.radius)
        }
        state.radius = min(state.radius, state.largestRadius)
        if isPolishing {
            state.polishSteps = norm > 0.5 * oldNorm ? 6 : state.polishSteps + 1
        }
        goOn(lane)
    }

    /// Shortens the step, down to where there is no more to gain.
    private func rejectTrial(_ lane: Int) {
        let state = lanes[lane]
        state.shortenings += 1
        if state.isSmoothed && !state.isEscaping && isModelExhausted(state) {
            pack.copy(fields.base, to: fields.point, lane: lane)
            sharpen(lane)
            return
        }
        let isAtFloor = isWithinTolerance(state) && !state.isEscaping
        if isAtFloor || state.shortenings > 40 {
            pack.copy(fields.base, to: fields.point, lane: lane)
            state.phase = isAtFloor ? .atFloor : .stuck
            isStale = true
            return
        }
        for i in pack.strides(lane) { fields.iterate[i] *= 0.25 }
        state.slope *= 0.25
        state.curvature *= 0.0625
        state.isAtBorder = false
        state.radius = pack.dot(fields.iterate, fields.iterate, lane: lane).squareRoot()
        tryStep(lane)
    }

    /// Relative gradient norm at which a point that no step improves counts as a minimum: in a valley so flat that its
    /// floor is uneven by rounding the gradient has no deeper floor to be brought to.
    private static var flatValleyGradient: Double { 1e-8 }

    /// Back at the base, evaluated again, after the last step was refused.
    func settle(_ lane: Int) {
        let state = lanes[lane]
        if state.phase == .atFloor {
            startSpectrum(lane)
            return
        }
        if state.isSmoothed {
            sharpen(lane)
            return
        }
        if state.smoothedGradientNorm < .infinity {
            endOnKink(lane)
            return
        }
        if !state.isEscaping && state.gradientNorm <= Self.flatValleyGradient * state.run.scale {
            startSpectrum(lane)
            return
        }
        state.outcome = .stalled
        state.reason =
            state.isEscaping
            ? "The gradient vanishes at a saddle (lowest curvature \(state.lowestCurvature ?? 0)) and no step along it "
                + "lowers the loss."
            : "No step lowers the loss although the gradient norm \(state.gradientNorm) is above the tolerance "
                + "\(tolerance(state))."
        finish(lane)
    }
}
