extension NewtonPack {
    /// Starts conjugate gradients for H x = r where r and d are set; ends at a residual norm of `target`.
    private func startConjugateGradients(_ lane: Int, relativeTarget: Double) {
        let state = lanes[lane]
        pack.fill(fields.iterate, with: 0, lane: lane)
        state.iterations = 0
        state.residualSquared = pack.dot(fields.residual, fields.residual, lane: lane)
        state.iterateSquared = 0
        state.target = relativeTarget * state.residualSquared.squareRoot()
        state.isAtBorder = false
    }

    /// The trust-region step from the base, where the gradient was just evaluated.
    func startSolving(_ lane: Int) {
        let state = lanes[lane]
        for i in pack.strides(lane) {
            fields.residual[i] = -fields.gradient[i]
            fields.direction[i] = -fields.gradient[i]
        }
        // Superlinear convergence; never so tight that rounding grows along the loss's symmetries.
        let forcing = max(1e-4, min(0.1, (state.gradientNorm / state.run.scale).squareRoot()))
        startConjugateGradients(lane, relativeTarget: forcing)
        state.phase = .solving
    }

    /// H⁻¹ ∇R at a verified minimum.
    func startResponse(_ lane: Int) {
        let state = lanes[lane]
        let ratios = state.run.job.problem.gammaRatios
        // Biases are not decayed.
        for array in [fields.residual!, fields.direction!] { pack.fill(array, with: 0, lane: lane) }
        for (l, matrix) in pack.layout.matrices.enumerated() {
            for index in matrix {
                let i = index * LanePack.laneCount + lane
                let slope = 2 * ratios[l] * fields.point[i]
                fields.residual[i] = slope
                fields.direction[i] = slope
            }
        }
        startConjugateGradients(lane, relativeTarget: 1e-11)
        state.phase = .response
        if state.residualSquared == 0 {
            state.lossCurvature = 0
            finish(lane)
        }
    }

    func chooseConjugateStep(_ lane: Int) {
        let state = lanes[lane]
        let n = LanePack.laneCount
        let (along, length, overlap) = (
            pack.products[lane], pack.products[n + lane], pack.products[2 * n + lane]
        )
        state.run.steps += 1
        state.iterations += 1
        state.stiffness = max(state.stiffness, abs(along) / length)
        if state.phase == .response {
            let isFlat = along <= 1e-10 * state.stiffness * length
            // A direction in which the loss is flat and ∇R is not: no response.
            let step = isFlat ? 0 : state.residualSquared / along
            state.isIterationOver = isFlat
            state.isAtBorder = isFlat
            setStep(lane, 1, step, 1, -step, 0, 0)
            return
        }
        let isFlat = along <= 1e-12 * state.stiffness * length
        var step = isFlat ? .infinity : state.residualSquared / along
        let radius = state.radius * state.radius
        if isFlat && along > -1e-12 * state.stiffness * length && state.iterations > 1 {
            step = 0
            state.isIterationOver = true
        } else if state.iterateSquared + step * (2 * overlap + step * length) >= radius || step == .infinity {
            // The positive root of ‖x + step d‖ = radius.
            let rest = max(0, radius - state.iterateSquared)
            let root = (overlap * overlap + length * rest).squareRoot()
            step = overlap > 0 ? rest / (overlap + root) : (root - overlap) / length
            state.isAtBorder = true
            state.isIterationOver = true
        }
        setStep(lane, 1, step, 1, -step, 0, 0)
    }

    func chooseConjugateTurn(_ lane: Int) {
        let state = lanes[lane]
        let n = LanePack.laneCount
        let residualSquared = pack.products[3 * n + lane]
        state.iterateSquared = pack.products[4 * n + lane]
        let limit = state.phase == .response ? 4 * pack.layout.weightCount + 50 : 2 * pack.layout.weightCount + 20
        if state.isIterationOver || residualSquared <= state.target * state.target
            || state.iterations >= min(limit, 2000)
        {
            state.isIterationOver = true
            setTurn(lane, 0, 1)
        } else {
            setTurn(lane, 1, residualSquared / state.residualSquared)
        }
        state.residualSquared = residualSquared
    }

    func endResponse(_ lane: Int) {
        let state = lanes[lane]
        // Conjugate gradients' error enters F″ squared; a residual a millionth of ∇R leaves it far below 1e-8.
        let isSolved = state.residualSquared <= 1e10 * state.target * state.target
        if isSolved {
            let ratios = state.run.job.problem.gammaRatios
            var sum = pack.dot(fields.iterate, fields.residual, lane: lane)
            for (l, matrix) in pack.layout.matrices.enumerated() {
                for index in matrix {
                    let i = index * LanePack.laneCount + lane
                    sum += fields.iterate[i] * 2 * ratios[l] * fields.point[i]
                }
            }
            state.lossCurvature = -sum
        }
        finish(lane)
    }
}
