import GSLNumerics
import Lanes
import PhaseSpace

extension VAE {
    public func packKey(of chain: Chain) -> String { "" }

    public func run(_ context: any RunContext) throws {
        while let chain = context.nextChain() {
            var weights: [Double]?
            for point in chain.points {
                if context.isCancelled { return }
                let start = ContinuousClock.now
                let net = try net(point.controls, replica: point.replica)
                let minimum: VAENet.Minimum
                do {
                    minimum = try trained(net, at: point, from: weights) { context.isCancelled }
                } catch is CancellationError {
                    return
                }
                if point.direction != .cold { weights = minimum.weights }
                let seconds = (ContinuousClock.now - start) / .seconds(1)
                context.record(try observation(point, net, minimum, seconds: seconds))
            }
        }
    }

    private var stepLimit: Int { 400 * settings.effort }

    private func trained(
        _ net: VAENet, at point: Point, from previous: [Double]?, isCancelled: () -> Bool
    ) throws -> VAENet.Minimum {
        try settings.trainingStarts.minimum(
            at: point, after: previous, coldStarts: starts,
            initialWeights: { initialWeights(net, point, start: $0) },
            descent: { try minimum(net, at: point, from: $0, isCancelled) })
    }

    /// The most that the loss may change with twice as many quadrature nodes, in units of itself.
    ///
    /// A decoder of steep units can tell the nodes apart and read more from the latent variable than its divergence pays
    /// for: such a minimum is one of the quadrature, not of the loss.
    static let quadratureTolerance = 1e-6

    private func minimum(
        _ net: VAENet, at point: Point, from start: [Double], _ isCancelled: () -> Bool
    ) throws -> VAENet.Minimum {
        var minimum = try net.minimum(from: start, limit: stepLimit, isCancelled: isCancelled)
        let error = try quadratureError(net, at: point, minimum)
        if let error, minimum.outcome == .converged,
            abs(error) > Self.quadratureTolerance * max(1, abs(minimum.loss))
        {
            minimum.outcome = .stalled
            minimum.reason =
                "the net tells the quadrature's nodes apart: twice as many change the loss by \(error); set more `nodes`"
        }
        return minimum
    }

    private func quadratureError(_ net: VAENet, at point: Point, _ minimum: VAENet.Minimum) throws
        -> Double?
    {
        guard net.activation == .tanh else { return nil }
        let finer = try self.net(point.controls, replica: point.replica, nodes: 2 * nodes)
        return finer.value(minimum.weights).loss - minimum.loss
    }

    /// Small enough for tanh units to begin as linear ones, which do not tell quadrature nodes apart.
    private static let initialScale = 0.4

    /// Matrices whose elements have the deviation `initialScale`/√columns, biases of 0; the posterior starts as the prior.
    private func initialWeights(_ net: VAENet, _ point: Point, start: Int) -> [Double] {
        var stream = settings.trainingStarts.initialNumbers(point, start: start)
        let shape = net.shape
        let prior = logarithm(net.encoderVariance)
        var weights = (0..<net.weightCount).map { index in
            if index >= shape.logVariance { return prior }
            if index >= shape.encoderInBias { return 0 }
            let columns =
                index < shape.encoderOut
                ? shape.inputs
                : index < shape.decoderIn
                    ? shape.hidden : index < shape.decoderOut ? shape.latent : shape.hidden
            return Self.initialScale * stream.normal() / Double(columns).squareRoot()
        }
        guard net.activation == .relu, start % 2 == 0 else { return weights }
        // ReLU units of one sign only leave a net that is dead to half of what it sees: every other start begins near a
        // linear net, of nearly opposite pairs.
        let units = shape.units
        for index in units.indices where index % shape.hidden % 2 == 1 {
            let (first, second) = (units[index - 1], units[index])
            for (a, b) in zip(first.incoming + first.outgoing, second.incoming + second.outgoing) {
                weights[b] = 0.1 * weights[b] - weights[a]
            }
        }
        return weights
    }

    private func observation(
        _ point: Point, _ net: VAENet, _ minimum: VAENet.Minimum, seconds: Double
    ) throws -> Observation {
        let (d, k) = (net.shape.inputs, net.shape.latent)
        let value = minimum.value
        let covariance = (0..<d * d).map { index in
            let (i, j) = (index / d, index % d)
            return (value.outputSecondMoment[index] + value.outputSecondMoment[j * d + i]) / 2
                - value.outputMean[i] * value.outputMean[j]
        }
        let powers = try symmetricEigenSystem(covariance, order: d).values.reversed().map { max(0, $0) }
        let deviations = net.variances(minimum.weights).map { $0.squareRoot() }
        let means = try VAESamples(inputs: k, values: value.means, shares: net.shares, components: nil)
        let signals = try symmetricEigenSystem(means.secondMoment, order: k).values
        let power = net.power + net.lostVariance
        var measured: Measured = [
            .loss: value.loss, .lossSlope: value.divergence,
            .zeroNetLoss: power / (2 * net.decoderVariance),
            .distortion: value.loss - net.beta * value.divergence, .divergence: value.divergence,
            .outputVariance: powers.reduce(0, +),
            .activeModes: Double(signals.count { $0 > 1e-6 * net.encoderVariance }),
            .meanDeviation: deviations.reduce(0, +) / Double(k),
            .gradientNorm: minimum.gradientNorm, .lowestCurvature: minimum.lowestCurvature,
            .trainingSteps: Double(minimum.steps),
        ]
        measured[.lossCurvature] = minimum.curvature
        if net.decay == 0,
            let linear = try linearTheory(Setting(point.reader), .replica(point.replica)),
            let loss = linear.values(beta: net.beta)[.loss]
        {
            measured[.gain] = loss - value.loss
        }
        measured[.quadratureError] = try quadratureError(net, at: point, minimum)
        for (index, power) in powers.prefix(LinearVAE.namedModes).enumerated() {
            measured[.mode(index + 1)] = power.squareRoot()
        }
        return Observation(
            point: point, outcome: minimum.outcome, reason: minimum.reason, measured: measured,
            weights: { [shape = net.shape, weights = minimum.weights] in shape.arrays(of: weights) }, seconds: seconds)
    }
}
