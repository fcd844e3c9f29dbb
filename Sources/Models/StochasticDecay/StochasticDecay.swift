import Lanes
import PhaseSpace
import Support

/// The model `sgd-decay`: how the noise of stochastic gradients moves the weight-decay transition of a linear net with
/// one hidden layer. At a finite learning rate small weights multiply by random factors, and the zero net is stable
/// where their logarithms average below zero, which is below γ* = ‖E[xy]‖ of the loss itself.
public struct StochasticDecay: Model {
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
        controls: [
            ControlParameter(
                "gamma", symbol: "γ", kind: .real(0...1e3, excludingLow: true), defaultValue: nil,
                meaning: "weight decay: multiplies Σ‖W‖² without ½",
                exclusion:
                    "without decay no minimum is singled out, and Σ‖W‖² drifts for ever; take a small γ such as 1e-6"),
            ControlParameter(
                "learningRate", symbol: "η", kind: .real(0...1, excludingLow: true), defaultValue: .number(0.01),
                meaning: "θ ← θ − η ∇, constant"),
            ControlParameter(
                "batch", symbol: "S", kind: .integer(1...1024), defaultValue: .number(1),
                meaning: "fresh samples of each step"),
            ControlParameter(
                "time", symbol: "ηT", kind: .real(1...1e6), defaultValue: .number(2000),
                meaning: "learning rate times number of steps; the second half is averaged over"),
            ControlParameter(
                "width", symbol: "d₀", kind: .integer(1...64), defaultValue: .number(4), meaning: "hidden neurons"),
            ControlParameter(
                "inputs", symbol: "d", kind: .integer(1...64), defaultValue: .number(5), meaning: "input dimension"),
            ControlParameter(
                "signal", symbol: "‖g‖", kind: .real(0...100, excludingLow: true), defaultValue: .number(1),
                meaning: "y = signal·x₁ + labelNoise·ε with x ~ N(0, I): ‖E[xy]‖"),
            ControlParameter(
                "labelNoise", symbol: "σ_y", kind: .real(0...100), defaultValue: .number(0),
                meaning: "standard deviation of the target's noise"),
        ],
        observables: [
            Observable("squaredNorm", symbol: "⟨Σ‖W‖²⟩", meaning: "mean over the second half of the run"),
            Observable(
                "growthRate", symbol: "Λ",
                meaning: "growth of small weights per unit of ηT: top Lyapunov exponent of the zero net"),
        ],
        orderParameter: "squaredNorm",
        starterSpec: """
            # The transition that stochastic gradient descent sees. Run it with: landau run FILE
            title: Noise of gradients lowers the transition
            model: sgd-decay                       # `landau models sgd-decay` lists controls and observables
            seed: 1
            fixed:
              learningRate: 0.01                   # the loss itself has its transition at γ = 1
              labelNoise: 0                        # σ_y, standard deviation of noise of the target
            axes:
              gamma: {from: 0.9, to: 1.06, points: 33}
            replicas: 16
            orderParameter: squaredNorm
            figures: [order-parameter]
            """ + "\n")

    private static let stepLimit = 20_000_000.0

    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        guard let time = controls["time"]?.number, let rate = controls["learningRate"]?.number else { return }
        guard time / rate <= Self.stepLimit else {
            throw ControlError(
                control: "time", message: "`time` \(time) at `learningRate` \(rate) takes more than 20 million steps")
        }
    }

    public func packKey(of chain: Chain) -> String { "" }

    public func run(_ context: any RunContext) throws {
        while !context.isCancelled, let chain = context.nextChain() {
            for point in chain.points { context.record(observation(at: point)) }
        }
    }

    private func observation(at point: Point) -> Observation {
        let descent = StochasticDescent(point.controls)
        let key = point.identity.randomKey
        var samples = RandomStream(seed: seed, key: key, purpose: .batches)
        var start = RandomStream(seed: seed, key: key, purpose: .initialWeights)
        let outcome = descent.run(samples: &samples, start: &start)
        guard outcome.squaredNorm.isFinite else {
            return Observation(
                point: point, outcome: .diverged,
                reason: "the weights exceed all bounds: the learning rate is too large",
                values: [:])
        }
        return Observation(
            point: point, outcome: .completed,
            values: ["squaredNorm": outcome.squaredNorm, "growthRate": outcome.growthRate])
    }

    // MARK: - Theory

    /// The transition of the loss itself, and of descent to first order in the learning rate.
    public static func predict(_ query: JSONValue) throws -> JSONValue {
        let question = try Question(query, to: declaration, example: "{\"learningRate\": 0.01}")
        let names = ["learningRate", "batch", "signal", "labelNoise"]
        try question.allowOnly(names)
        let controls = try question.controls(names)
        let descent = StochasticDescent(controls)
        let correction = descent.learningRate / Double(descent.batch) * descent.signalVariance / descent.signal
        // The step along a growing direction: the other orders fall with it, and at 1 the zero net is unstable anyway.
        let step = 2 * descent.learningRate * descent.signal
        let isSmall = max(correction, step) <= Self.largestCorrection
        let largest = min(
            Self.largestCorrection * Double(descent.batch) * descent.signal / descent.signalVariance,
            Self.largestCorrection / (2 * descent.signal))
        // By runs at small learning rates.
        let next = 3 * correction * max(correction, step)
        return [
            "claim": .text(Claim.toFirstOrder.word), "in": "learningRate",
            "claims": ["landscape": .text(Claim.exact.word), "signalVariance": .text(Claim.exact.word)],
            "landscape": .number(descent.signal), "gamma": isSmall ? .number(descent.firstOrderThreshold) : .null,
            "signalVariance": .number(descent.signalVariance), "relativeCorrection": .number(correction),
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

extension StochasticDescent {
    fileprivate init(_ controls: [String: ControlValue]) {
        func number(_ name: String) -> Double { controls[name]?.number ?? 0 }
        self.init(
            inputs: Int(number("inputs")), width: Int(number("width")), signal: number("signal"),
            labelNoise: number("labelNoise"), gamma: number("gamma"), learningRate: number("learningRate"),
            batch: Int(number("batch")),
            steps: max(2, Int((number("time") / max(number("learningRate"), 1e-300)).rounded())))
    }
}
