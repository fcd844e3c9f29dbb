extension NewtonPack {
    /// Relative size from which a negative curvature counts as a saddle's.
    private static var saddleThreshold: Double { 1e-8 }

    /// At a base whose gradient vanishes: is it a minimum?
    func startSpectrum(_ lane: Int) {
        startLanczos(lane)
        lanes[lane].lastRitzValue = .infinity
        lanes[lane].phase = .spectrum
    }

    private func startLanczos(_ lane: Int) {
        let state = lanes[lane]
        state.iterations = 0
        state.stiffness = 0
        pack.fill(fields.iterate, with: 0, lane: lane)
        pack.scatter(lanczosStart, to: fields.direction, lane: lane)
    }

    func chooseLanczosStep(_ lane: Int) {
        let state = lanes[lane]
        let k = state.iterations
        if state.phase == .escapeDirection {
            let part = state.ritzVector[k]
            for i in pack.strides(lane) {
                state.escape[i / LanePack.laneCount] += part * fields.direction[i]
            }
        }
        let along = pack.products[lane]
        state.run.steps += 1
        state.diagonal[k] = along
        state.stiffness = max(state.stiffness, abs(along))
        setStep(lane, 0, 1, 0, 1, -along, k > 0 ? -state.offDiagonal[k - 1] : 0)
    }

    func chooseLanczosTurn(_ lane: Int) {
        let state = lanes[lane]
        let coupling = pack.products[3 * LanePack.laneCount + lane].squareRoot()
        state.offDiagonal[state.iterations] = coupling
        state.stiffness = max(state.stiffness, coupling)
        state.iterations += 1
        let isExhausted = coupling <= 1e-13 * state.stiffness
        if state.phase == .escapeDirection {
            state.isIterationOver = state.iterations == state.ritzVector.count
        } else {
            state.isIterationOver = isExhausted || state.iterations == lanczosLimit || hasSettled(state)
        }
        if isExhausted || state.isIterationOver { setTurn(lane, 0, 1) } else { setTurn(lane, 1 / coupling, 0) }
    }

    /// Whether the lowest Ritz value has stopped falling; looks every 16 iterations.
    private func hasSettled(_ state: NewtonLane) -> Bool {
        guard state.iterations % 16 == 0 else { return false }
        let accuracy = 1e-8 * state.stiffness
        let value = Tridiagonal.lowest(state.diagonal, state.offDiagonal, state.iterations, accuracy: accuracy)
        defer { state.lastRitzValue = value }
        return state.lastRitzValue - value <= 3 * accuracy
    }

    func endSpectrum(_ lane: Int) {
        let state = lanes[lane]
        let n = state.iterations
        let size = max(1e-300, state.stiffness)
        let lowest = Tridiagonal.lowest(state.diagonal, state.offDiagonal, n, accuracy: 1e-14 * size)
        state.lowestCurvature = lowest
        guard lowest < -NewtonPack.saddleThreshold * size else {
            if state.isSmoothed { sharpen(lane) } else { startResponse(lane) }
            return
        }
        guard state.escapes < 20 else {
            state.outcome = .stalled
            state.reason = "The descent met more than 20 saddles; the last one's lowest curvature is \(lowest)."
            finish(lane)
            return
        }
        state.escapes += 1
        state.ritzVector = Tridiagonal.lowestVector(
            state.diagonal, state.offDiagonal, n, shift: lowest - 1e-10 * size)
        state.escape = Array(repeating: 0, count: pack.layout.weightCount)
        startLanczos(lane)
        state.phase = .escapeDirection
    }

    /// Leaves the saddle along its lowest curvature, to the side that the gradient favours.
    func endEscapeDirection(_ lane: Int) {
        let state = lanes[lane]
        let norm = state.escape.reduce(0) { $0 + $1 * $1 }.squareRoot()
        var slope = 0.0
        for (k, i) in pack.strides(lane).enumerated() { slope += fields.gradient[i] * state.escape[k] }
        let length = (slope > 0 ? -1 : 1) * state.firstRadius / norm
        for (k, i) in pack.strides(lane).enumerated() { fields.iterate[i] = length * state.escape[k] }
        state.slope = slope * length
        state.curvature = (state.lowestCurvature ?? 0) * state.firstRadius * state.firstRadius
        state.radius = state.firstRadius
        state.isEscaping = true
        state.isAtBorder = true
        state.shortenings = 0
        tryStep(lane)
    }
}
