import GSLNumerics
import Lanes
import PhaseSpace

extension LinearVAE {
    public func packKey(of chain: Chain) -> String { "" }

    public func run(_ context: any RunContext) throws {
        while let chain = context.nextChain() {
            var weights: [Double]?
            for point in chain.points {
                if context.isCancelled { return }
                let start = ContinuousClock.now
                let net = try net(point.reader, replica: point.replica)
                let minimum = try trained(net, at: point, from: weights)
                if point.direction != .cold { weights = minimum.weights }
                let seconds = (ContinuousClock.now - start) / .seconds(1)
                context.record(try observation(point, net, minimum, seconds: seconds))
            }
        }
    }

    private var stepLimit: Int { 20_000 * settings.effort }

    private func trained(
        _ net: LinearVAENet, at point: Point, from previous: [Double]?
    ) throws -> LinearVAENet.Minimum {
        try settings.trainingStarts.minimum(
            at: point, after: previous, coldStarts: try settings.reader[TrainingControls.starts],
            initialWeights: { initialWeights(net, point, start: $0) },
            descent: { try net.minimum(from: $0, limit: stepLimit) })
    }

    /// Encoder and decoder of a scale at which their product is of order one; the posterior starts as the prior.
    private func initialWeights(_ net: LinearVAENet, _ point: Point, start: Int) -> [Double] {
        var stream = settings.trainingStarts.initialNumbers(point, start: start)
        let scale = 1 / Double(net.moments.inputs + net.moments.outputs).squareRoot()
        let prior = logarithm(net.encoderVariance)
        let matrices = net.decoder(net.latent)
        return (0..<net.weightCount).map { $0 < matrices ? scale * stream.normal() : prior }
    }

    private func observation(
        _ point: Point, _ net: LinearVAENet, _ minimum: LinearVAENet.Minimum, seconds: Double
    ) throws -> Observation {
        let gram = net.decoderGram(minimum.weights)
        let system = try symmetricEigenSystem(gram, order: net.latent)
        let amplitudes = system.values.reversed().map { max(0, $0).squareRoot() }
        let deviations = net.deviations(minimum.weights)
        var measured: Measured = [
            .loss: minimum.loss, .lossSlope: minimum.divergence,
            .zeroNetLoss: net.moments.targetSecondMoment / (2 * net.decoderVariance),
            .distortion: minimum.loss - net.beta * minimum.divergence, .divergence: minimum.divergence,
            .decoderSquaredNorm: amplitudes.reduce(0) { $0 + $1 * $1 },
            .activeModes: Double(amplitudes.count { $0 > 1e-4 * (1 + (amplitudes.first ?? 0)) }),
            .meanDeviation: deviations.reduce(0, +) / Double(deviations.count),
            .gradientNorm: minimum.gradientNorm, .lowestCurvature: minimum.lowestCurvature,
            .trainingSteps: Double(minimum.steps),
        ]
        measured[.lossCurvature] = minimum.curvature
        for (index, amplitude) in amplitudes.prefix(Self.namedModes).enumerated() {
            measured[.mode(index + 1)] = amplitude
        }
        return Observation(
            point: point, outcome: minimum.outcome, reason: minimum.reason, measured: measured,
            weights: { net.arrays(of: minimum.weights) }, seconds: seconds)
    }
}
