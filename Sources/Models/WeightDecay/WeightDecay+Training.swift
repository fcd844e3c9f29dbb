import GSLNumerics
import Lanes
import PhaseSpace
import TinyNets

extension WeightDecay {
    public func packKey(of chain: Chain) -> String {
        guard let setting = try? Setting(chain.points[0].reader) else { return "" }
        return "\(setting.activation) \(setting.widths)"
    }

    public func run(_ context: any RunContext) throws {
        guard let first = context.nextChain() else { return }
        let setting = try Setting(first.points[0].reader)
        let shape = try SampledNetShape(
            inputs: inputCount, widths: setting.widths, outputs: outputCount, activation: setting.activation,
            hasBiases: hasBiases)
        let queue = ChainQueue(model: self, shape: shape, first: first, context: context)
        LaneTrainer(settings: trainingSettings).run(queue: queue) { context.isCancelled }
        if let failure = queue.failure { throw failure }
    }

    var trainingSettings: TrainingSettings {
        var limits = TrainingSettings()
        // Not the descent's limit: where it hands over decides the path, and converged points must stay as they are.
        limits.maximumNewtonSteps *= settings.effort
        limits.optimiser = optimiser
        return limits
    }

    /// The net at a point of the sweep.
    func net(at point: Point, shape: SampledNetShape) throws -> Net {
        let controls = point.reader
        let setting = try Setting(controls)
        guard let moments = try moments(controls, .replica(point.replica)) else {
            preconditionFailure("the data of a replica have moments")
        }
        let problem = DeepLinearProblem(
            moments: moments, gammas: setting.gammas,
            noises: setting.noises)
        if isOnMoments(setting) { return Net(shape: shape, problem: problem, sampled: nil) }
        return Net(
            shape: shape, problem: problem,
            sampled: try sampledNet(controls, replica: point.replica, shape: shape))
    }

    func startCount(depth: Int) -> Int { starts ?? [1, 8, 16][safe: depth] ?? 32 }

    /// Fresh weights for one start.
    ///
    /// Biases start at 0. Singular values are of the order of the norm B = ‖w_OLS‖^{1/(D+1)} that a balanced net needs without decay,
    /// times 1, 2 and ½ in turn: small starts of deep nets are trapped by the zero net, and ill-conditioned inputs
    /// hide minima of large norm.
    /// - Parameter ordered: weights of starts after the random ones.
    func initialWeights(_ point: Point, start: Int, net: Net, ordered: [[Double]] = []) -> [Double] {
        if let weights = ordered[safe: start - startCount(depth: net.shape.depth)] { return weights }
        // Every value has been checked when the sweep was planned.
        guard let initScale = try? point.reader[Controls.initScale] else { preconditionFailure("a scale is a number") }
        let scale = [1, 2, 0.5][start % 3] * initScale
        let norm = net.problem.moments.leastSquaresNorm
        let shape = net.shape
        let base = norm > 0 ? power(norm, 1 / Double(shape.depth + 1)) : 1
        var stream = settings.trainingStarts.initialNumbers(point, start: start)
        var weights: [Double] = []
        weights.reserveCapacity(shape.weightCount)
        for (columns, rows) in zip(shape.allWidths, shape.allWidths.dropFirst()) {
            let deviation = scale * base / Double(max(rows, columns)).squareRoot()
            for _ in 0..<rows * columns { weights.append(deviation * stream.normal()) }
            if shape.hasBiases { weights += Array(repeating: 0, count: rows) }
        }
        return weights
    }

    /// The kick of norm 1e-6 that a down-sweep gives at each point, so that an unstable zero net is left.
    func kicked(_ weights: [Double], _ point: Point) -> [Double] {
        let (numbers, norm) = settings.trainingStarts.kick(point, count: weights.count)
        return zip(weights, numbers).map { $0 + 1e-6 * $1 / norm }
    }

    /// The lowest of a cold point's minima, by start, and of the zero net.
    func best(ofStarts byStart: [Minimum], _ net: Net) -> Minimum {
        let done = byStart.filter { $0.outcome.isDone }
        // Without a converged start the lowest loss is reported with its own outcome and reason.
        let candidates = done.isEmpty ? byStart.filter { $0.loss.isFinite } : done
        // Equal minima differ by rounding: the first start wins among those.
        var best = (candidates.isEmpty ? byStart : candidates)[0]
        for minimum in candidates.dropFirst() where minimum.loss < best.loss - 1e-12 * max(1, abs(best.loss)) {
            best = minimum
        }
        return net.shape.depth > 0 ? lowerOfZeroNet(best, net) : best
    }

    /// The zero net is always a candidate, whether or not a start has reached it; a tie is the zero net's. A point
    /// without a converged start stays failed: that its zero net is a minimum says nothing of the global phase.
    private func lowerOfZeroNet(_ minimum: Minimum, _ net: Net) -> Minimum {
        guard let zero = net.zeroMinimum(net.problem) else { return minimum }
        guard minimum.outcome.isDone, minimum.squaredNorm > 0, minimum.loss >= zero.loss - 1e-13 * max(1, zero.loss)
        else { return minimum }
        return zero
    }

    /// A trained minimum as an observation.
    func observation(
        _ point: Point, _ minimum: Minimum, net: Net, problem: DeepLinearProblem, orderedFraction: Double?, steps: Int,
        seconds: Double
    ) -> Observation {
        var values = measured(minimum, at: point, net: net, problem: problem)
        values[.orderedFraction] = orderedFraction
        values[.trainingSteps] = Double(steps)
        let (shape, weights) = (net.shape, minimum.weights)
        return Observation(
            point: point, outcome: minimum.outcome, reason: minimum.reason, measured: values,
            weights: { shape.arrays(of: weights) }, seconds: seconds)
    }

    /// The observables of a minimum, whatever led to it.
    func measured(_ minimum: Minimum, at point: Point, net: Net, problem: DeepLinearProblem) -> Measured {
        let gammas = problem.gammas
        let decayed = zip(gammas, minimum.layerSquaredNorms).map { $0 * $1 }
        let share = decayed.reduce(0, +) / Double(gammas.count)
        var values: Measured = [
            .loss: minimum.loss, .lossSlope: minimum.lossSlope, .zeroNetLoss: net.zeroNetLoss,
            .dataLoss: minimum.dataLoss, .squaredNorm: minimum.squaredNorm,
            .layerSquaredNorm: share / problem.meanGamma, .gradientNorm: minimum.gradientNorm,
        ]
        values[.lossCurvature] = minimum.lossCurvature
        values[.lowestCurvature] = minimum.lowestCurvature
        values[.imbalance] = share > 0 ? spread(decayed) / share : 0
        let widths = net.shape.widths
        if let width = widths.first, widths.allSatisfy({ $0 == width }), gammas.allSatisfy({ $0 == gammas[0] }) {
            values[.weightAmplitude] = minimum.layerSquaredNorms[gammas.count - 1].squareRoot() / Double(width)
        }
        if let test = testSamples(replica: point.replica) {
            (values[.testLoss], values[.testError]) = testLoss(of: minimum.weights, net.shape, on: test)
        }
        return values
    }
}

/// Largest less smallest.
private func spread(_ values: [Double]) -> Double { (values.max() ?? 0) - (values.min() ?? 0) }

extension Array {
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension DataMoments {
    /// Norm of the least-squares predictor A⁺g, directions without input variance left out.
    var leastSquaresNorm: Double {
        guard let system = try? symmetricEigenSystem(inputSecondMoment, order: inputs) else { return 0 }
        let floor = 1e-10 * max(0, system.values.last ?? 0)
        let square = zip(system.values, system.vectors).reduce(0) { sum, axis in
            let correlation = zip(axis.1, crossMoment).reduce(0) { $0 + $1.0 * $1.1 }
            return sum + (axis.0 > floor ? correlation * correlation / (axis.0 * axis.0) : 0)
        }
        return square.squareRoot()
    }
}
