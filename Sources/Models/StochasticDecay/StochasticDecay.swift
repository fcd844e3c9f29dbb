import Lanes
import PhaseSpace
import Support

/// The model `sgd-decay`: how the noise of stochastic gradients moves the weight-decay transition of a linear net with
/// one hidden layer. At a finite learning rate small weights multiply by random factors, and the zero net is stable
/// where their logarithms average below zero, which is below γ* = ‖E[xy]‖ of the loss itself.
public struct StochasticDecay: StaticModel {
    private let seed: UInt64

    public init(settings: ModelSettings) throws { seed = settings.seed }

    public static let declaration = ModelDeclaration(
        name: "sgd-decay",
        summary:
            "A linear net with one hidden layer under weight decay, trained by stochastic gradient descent on fresh "
            + "samples: the transition lies below the loss's own.",
        sources: [
            "[derived] first order in η: the top Lyapunov exponent of the zero net's random products is "
                + "2(‖g‖ − γ) − 2(η/S) Var(y ĝ·x)",
            "Ziyin & Ueda, Exact phase transitions in deep learning, arXiv 2205.12510 (the loss's own transition)",
        ],
        controls: Controls.all,
        observables: [
            Observable(.squaredNorm, symbol: "⟨Σ‖W‖²⟩", meaning: "mean over the second half of the run"),
            Observable(
                .growthRate, symbol: "Λ",
                meaning: "growth of small weights per unit of ηT: top Lyapunov exponent of the zero net"),
        ],
        orderParameter: .squaredNorm,
        trainingRule: "its nets move by stochastic gradient descent with `learningRate` and `batch`, since its "
            + "noise is the question")

    private static let stepLimit = 20_000_000.0

    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        let controls = ControlReader(controls)
        let (time, rate) = (try controls[Controls.time], try controls[Controls.learningRate])
        guard time / rate <= Self.stepLimit else {
            throw ControlError(
                control: "time", message: "`time` \(time) at `learningRate` \(rate) takes more than 20 million steps")
        }
    }

    public func packKey(of chain: Chain) -> String { "" }

    public func run(_ context: any RunContext) throws {
        while !context.isCancelled, let chain = context.nextChain() {
            for point in chain.points {
                do {
                    context.record(try observation(at: point, isCancelled: { context.isCancelled }))
                } catch is CancellationError {
                    return
                }
            }
        }
    }

    private func observation(at point: Point, isCancelled: () -> Bool) throws -> Observation {
        let descent = try StochasticDescent(point.reader)
        let key = point.identity.randomKey
        var samples = RandomStream(seed: seed, key: key, purpose: .batches)
        var start = RandomStream(seed: seed, key: key, purpose: .initialWeights)
        let outcome = try descent.run(samples: &samples, start: &start, isCancelled: isCancelled)
        guard outcome.squaredNorm.isFinite else {
            return Observation(
                point: point, outcome: .diverged,
                reason: "the weights exceed all bounds: the learning rate is too large")
        }
        return Observation(
            point: point, outcome: .completed,
            measured: [.squaredNorm: outcome.squaredNorm, .growthRate: outcome.growthRate],
            weights: { [weights = outcome.weights, width = descent.width, inputs = descent.inputs] in
                [
                    WeightArray("W1", shape: [width, inputs], weights.input),
                    WeightArray("W2", shape: [1, width], weights.output),
                ]
            })
    }

    // MARK: - Theory

    /// The transition of the loss itself, and of descent to first order in the learning rate.
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        let question = try Question(query, to: declaration, example: "{\"learningRate\": 0.01}")
        let asked: [any AnyControl] = [Controls.learningRate, Controls.batch, Controls.signal, Controls.labelNoise]
        try question.allowOnly(asked)
        let controls = try question.reader(of: asked)
        let limit = StochasticDescentLimit(
            signal: try controls[Controls.signal], labelNoise: try controls[Controls.labelNoise],
            learningRate: try controls[Controls.learningRate], batch: try controls[Controls.batch])
        let correction = limit.learningRate / Double(limit.batch) * limit.signalVariance / limit.signal
        // The step along a growing direction: the other orders fall with it, and at 1 the zero net is unstable anyway.
        let step = 2 * limit.learningRate * limit.signal
        let isSmall = max(correction, step) <= Self.largestCorrection
        let largest = min(
            Self.largestCorrection * Double(limit.batch) * limit.signal / limit.signalVariance,
            Self.largestCorrection / (2 * limit.signal))
        // By runs at small learning rates.
        let next = 3 * correction * max(correction, step)
        return [
            "claim": .text(Claim.toFirstOrder.word), "in": "learningRate",
            "claims": ["landscape": .text(Claim.exact.word), "signalVariance": .text(Claim.exact.word)],
            "landscape": .number(limit.signal), "gamma": isSmall ? .number(limit.threshold) : .null,
            "signalVariance": .number(limit.signalVariance), "relativeCorrection": .number(correction),
            "largestLearningRate": .number(largest),
            "sentence": .text(
                isSmall
                    ? "first order in the learning rate; the next order is about \(next) of ‖g‖"
                    : "the first order does not tell: it is answered up to a learning rate of \(largest)"),
        ]
    }

    /// Up to this share of ‖g‖ the first order is answered: the next one is then a few percent.
    static let largestCorrection = 0.1
}
