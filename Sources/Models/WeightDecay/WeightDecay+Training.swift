import GSLNumerics
import Lanes
import PhaseSpace
import TinyNets

extension WeightDecay {
    public func packKey(of chain: Chain) -> String {
        guard let setting = try? Setting(chain.points[0].controls) else { return "" }
        return "\(setting.activation) \(setting.widths)"
    }

    public func run(_ context: any RunContext) throws {
        guard let first = context.nextChain() else { return }
        let setting = try Setting(first.points[0].controls)
        let inputs = moments(first.points[0].controls, .replica(first.points[0].replica))!.inputs
        let shape = try SampledNetShape(
            inputs: inputs, widths: setting.widths, outputs: outputCount, activation: setting.activation,
            hasBiases: hasBiases)
        let queue = ChainQueue(model: self, shape: shape, first: first, context: context)
        LaneTrainer(settings: trainingSettings).run(queue: queue) { context.isCancelled }
        if let failure = queue.failure { throw failure }
    }

    var trainingSettings: TrainingSettings {
        var limits = TrainingSettings()
        // Not the descent's limit: where it hands over decides the path, and converged points must stay as they are.
        limits.maximumNewtonSteps *= settings.effort
        return limits
    }

    /// The net at a point of the sweep.
    func net(at point: Point, shape: SampledNetShape) throws -> Net {
        let setting = try Setting(point.controls)
        let problem = DeepLinearProblem(
            moments: moments(point.controls, .replica(point.replica))!, gammas: setting.gammas,
            noises: setting.noises)
        if isOnMoments(setting) { return Net(shape: shape, problem: problem, sampled: nil) }
        return Net(
            shape: shape, problem: problem,
            sampled: try sampledNet(point.controls, replica: point.replica, shape: shape))
    }

    func startCount(depth: Int) -> Int { starts ?? [1, 8, 16][safe: depth] ?? 32 }

    /// Fresh weights for one start.
    ///
    /// Biases start at 0. Singular values are of the order of the norm B = ‖w_OLS‖^{1/(D+1)} that a balanced net needs without decay,
    /// times 1, 2 and ½ in turn: small starts of deep nets are trapped by the zero net, and ill-conditioned inputs
    /// hide minima of large norm.
    func initialWeights(_ point: Point, start: Int, net: Net) -> [Double] {
        let scale = [1, 2, 0.5][start % 3] * (point.controls["initScale"]?.number ?? 1)
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

    /// The observables of a trained minimum.
    func observation(
        _ point: Point, _ minimum: Minimum, net: Net, problem: DeepLinearProblem, orderedFraction: Double?, steps: Int,
        seconds: Double
    ) -> Observation {
        let gammas = problem.gammas
        let decayed = zip(gammas, minimum.layerSquaredNorms).map { $0 * $1 }
        let decay = problem.meanGamma
        let share = decayed.reduce(0, +) / Double(gammas.count)
        var values: [String: Double] = [
            Observable.Name.loss: minimum.loss,
            Observable.Name.lossSlope: minimum.lossSlope,
            Observable.Name.zeroNetLoss: net.zeroNetLoss,
            "dataLoss": minimum.dataLoss,
            "squaredNorm": minimum.squaredNorm,
            "layerSquaredNorm": share / decay,
            "gradientNorm": minimum.gradientNorm,
            "trainingSteps": Double(steps),
        ]
        values[Observable.Name.lossCurvature] = minimum.lossCurvature
        values["lowestCurvature"] = minimum.lowestCurvature
        values[Observable.Name.orderedFraction] = orderedFraction
        values["imbalance"] = share > 0 ? (decayed.max()! - decayed.min()!) / share : 0
        if let setting = try? Setting(point.controls) {
            if let width = setting.widths.first, setting.widths.allSatisfy({ $0 == width }),
                gammas.allSatisfy({ $0 == gammas[0] })
            {
                values["weightAmplitude"] = minimum.layerSquaredNorms.last!.squareRoot() / Double(width)
            }
            if let test = testSamples(replica: point.replica) {
                (values["testLoss"], values["testError"]) = testLoss(of: minimum.weights, net.shape, on: test)
            }
        }
        return Observation(
            point: point, outcome: minimum.outcome, reason: minimum.reason, values: values, seconds: seconds)
    }
}

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
