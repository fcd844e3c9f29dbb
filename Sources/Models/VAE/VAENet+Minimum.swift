import GSLNumerics
import PhaseSpace

extension VAENet {
    /// A trained VAE.
    struct Minimum: TrainedMinimum {
        let weights: [Double]
        let value: Value
        /// d²L/dβ² along the branch of minima, −∇RᵀH⁺∇R; nil where it diverges.
        let curvature: Double?
        let gradientNorm: Double
        let lowestCurvature: Double
        var outcome: Outcome
        var reason: String
        let steps: Int
        var loss: Double { value.loss }
    }

    /// The norm of the gradient, in the coordinates of `VAEChart`, that a minimum must reach; a hundred times as much where
    /// the loss is so flat that no step lowers it any more.
    var gradientTolerance: Double {
        1e-8 * max(1, power / decoderVariance)
    }

    /// Quasi-Newton steps before Newton's method, whose steps cost three times as much and gain far more near a minimum.
    private static let coarseSteps = 60

    /// From some weights: quasi-Newton descent, then Newton's method in a trust region, in the coordinates of `VAEChart`.
    /// - Throws: `CancellationError` once `isCancelled` says so.
    func minimum(from start: [Double], limit: Int, isCancelled: () -> Bool) throws -> Minimum {
        // GSL asks for loss and gradient of one place in turn.
        var last = (weights: start, value: value(start))
        func known(_ weights: [Double]) -> Value {
            // Once stopped, what GSL still asks for costs nothing.
            if weights != last.weights, !isCancelled() { last = (weights, value(weights)) }
            return last.value
        }
        let coarse = try quasiNewtonMinimum(
            of: { known($0).loss }, gradient: { known($0).gradient }, start: start, gradientTolerance: 1e-3,
            maximumIterations: min(limit, Self.coarseSteps))
        if isCancelled() { throw CancellationError() }
        var state = try State(self, coarse.x, value(coarse.x, curvature: true))
        var radius = 0.5
        var (steps, failures) = (coarse.iterations, 0)
        // Steps that gained nothing since the gradient's norm was last halved, and that norm.
        var (flats, norm) = (0, state.gradientNorm)
        while steps < limit {
            if isCancelled() { throw CancellationError() }
            if state.gradientNorm <= gradientTolerance, !state.mayFall { break }
            steps += 1
            if let next = try step(from: state, &radius) {
                // Where nothing is left to gain, ReLU nets can wander from kink to kink for ever.
                let isLost = isFlat(state.value.loss - next.value.loss, state) && next.gradientNorm > 0.5 * norm
                state = next
                flats = isLost ? flats + 1 : 0
                if !isLost { norm = state.gradientNorm }
                if flats > 20 { break }
                failures = 0
            } else {
                failures += 1
                if failures > 25 { break }
            }
        }
        return certified(state, steps, limit)
    }

    /// Weights with the quadratic model of the loss about them.
    private struct State {
        let value: Value
        let chart: VAEChart
        /// In the chart.
        let slope: [Double]
        let system: SymmetricEigenSystem
        let gradientNorm: Double
        private let saddleShare: Double
        private let isSmooth: Bool
        var weights: [Double] { chart.origin }

        /// - Parameter value: with its Hessian.
        init(_ net: VAENet, _ weights: [Double], _ value: Value) throws {
            // States are kept, Hessians are not.
            self.value = value.withoutHessian
            // A pair of opposite ReLU units is a point where third derivatives jump: on its other side the curvature is
            // another.
            isSmooth = net.activation != .relu
            saddleShare = isSmooth ? 1e-6 : 1e-4
            chart = VAEChart(net.shape, at: weights)
            slope = net.pulledBack(value.gradient, chart)
            let hessian = chart.pulledBack(hessian: value.hessian ?? [], gradient: value.gradient)
            system = try symmetricEigenSystem(hessian, order: weights.count)
            gradientNorm = norm(slope)
        }

        var largest: Double { max(abs(system.values.first ?? 0), abs(system.values.last ?? 0)) }
        /// Whether a direction of negative curvature is worth a try; near a collapse it may be weak and yet lead far. Where no
        /// step along it lowers the loss, it is none.
        var mayFall: Bool { isSaddle || isSmooth && (system.values.first ?? 0) < -1e-9 * largest }
        var isSaddle: Bool { (system.values.first ?? 0) < -saddleShare * largest }
    }

    private func pulledBack(_ gradient: [Double], _ chart: VAEChart) -> [Double] {
        chart.pulledBack(gradient, at: gradient.map { _ in 0 }, weights: chart.origin)
    }

    /// The step that minimises the quadratic model inside the trust radius, if it lowers the loss or, where the loss is
    /// flat to rounding, the gradient; nil where it does not, with a smaller radius.
    private func step(from state: State, _ radius: inout Double) throws -> State? {
        let curvatures = state.system.values
        let parts = state.system.vectors.map { vector in zip(vector, state.slope).reduce(0) { $0 + $1.0 * $1.1 } }
        let lowest = curvatures.first ?? 0
        let floor = 1e-12 * state.largest
        // Along the eigenvectors, with the curvatures shifted.
        func move(_ shift: Double) -> [Double] {
            curvatures.indices.map { curvatures[$0] + shift > floor ? -parts[$0] / (curvatures[$0] + shift) : 0 }
        }
        var shift = max(0, -lowest) + (state.mayFall ? 1e-3 * abs(lowest) : floor)
        var along = move(shift)
        if norm(along) > radius {
            var (low, high) = (shift, shift + norm(state.slope) / radius)
            for _ in 0..<60 {
                shift = (low + high) / 2
                if norm(move(shift)) > radius { low = shift } else { high = shift }
            }
            along = move(high)
        } else if state.mayFall {
            // A slope without a part along the saddle's own direction: the rest of the radius goes there.
            let missing = (radius * radius - along.reduce(0) { $0 + $1 * $1 }).squareRoot()
            along[0] += parts[0] > 0 ? -missing : missing
        }
        var predicted = 0.0
        var change = [Double](repeating: 0, count: weightCount)
        for (index, vector) in state.system.vectors.enumerated() {
            predicted -= along[index] * (parts[index] + 0.5 * curvatures[index] * along[index])
            for i in change.indices { change[i] += along[index] * vector[i] }
        }
        // Most trials are accepted: the Hessian is asked for at once.
        let trial = state.chart.weights(change)
        let value = value(trial, curvature: true)
        let gain = state.value.loss - value.loss
        let isFlat = self.isFlat(gain, state)
        let length = norm(along)
        guard value.loss.isFinite, isFlat || gain > 0 else {
            radius = length / 4
            return nil
        }
        let next = try State(self, trial, value)
        if isFlat, next.gradientNorm >= state.gradientNorm {
            radius = length / 4
            return nil
        }
        if !isFlat {
            if gain < 0.25 * predicted {
                radius = length / 2
            } else if gain > 0.75 * predicted, length > 0.9 * radius {
                radius = min(2 * radius, 4)
            }
        }
        return next
    }

    /// Whether a change of the loss is below its rounding.
    private func isFlat(_ gain: Double, _ state: State) -> Bool { abs(gain) <= 1e-13 * max(1, abs(state.value.loss)) }

    private func certified(_ state: State, _ steps: Int, _ limit: Int) -> Minimum {
        let lowest = state.system.values.first ?? 0
        let isExhausted = steps < limit
        let isConverged = state.gradientNorm <= (isExhausted ? 100 : 1) * gradientTolerance && !state.isSaddle
        let outcome: Outcome =
            !state.value.loss.isFinite
            ? .diverged : isConverged ? .converged : steps >= limit ? .capped : .stalled
        let reason: String =
            switch outcome {
            case .converged: ""
            case .capped: "the limit of \(limit) steps came first, at ‖∇‖ = \(state.gradientNorm)"
            case .diverged: "the loss is not finite"
            default:
                "no step lowers the loss any more, at ‖∇‖ = \(state.gradientNorm), lowest curvature \(lowest)"
            }
        let source = pulledBack(state.value.divergenceGradient, state.chart)
        var curvature: Double? = 0
        for (eigenvalue, vector) in zip(state.system.values, state.system.vectors) {
            let part = zip(vector, source).reduce(0) { $0 + $1.0 * $1.1 }
            if abs(eigenvalue) > 1e-7 * state.largest {
                curvature? -= part * part / eigenvalue
            } else if abs(part) > 1e-4 * norm(source), norm(source) > 1e-6 {
                curvature = nil
            }
        }
        return Minimum(
            weights: state.weights, value: state.value, curvature: isConverged ? curvature : nil,
            gradientNorm: state.gradientNorm, lowestCurvature: lowest, outcome: outcome, reason: reason, steps: steps)
    }
}

private func norm(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
