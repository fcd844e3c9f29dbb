import Foundation
import GSLNumerics
import Models
import PhaseSpace
import Testing

@Suite struct MeanFieldTests {
    static let tanh = MeanField(activation: .tanh, weightVariance: 2.25, biasVariance: 0.05)

    @Test(arguments: [0.1, 0.889, 3.0, 12.0])
    func trapezoidalSumsAgreeWithAdaptiveQuadrature(q: Double) throws {
        func mean(_ f: (Double) -> Double) throws -> Double {
            try integral(of: { f($0) * exp(-$0 * $0 / 2) }, from: -12, to: 12, relativeTolerance: 1e-12).value
                / (2 * .pi).squareRoot()
        }
        let square = try mean { pow(Foundation.tanh(q.squareRoot() * $0), 2) }
        #expect(abs(Self.tanh.variance(after: q) - (2.25 * square + 0.05)) < 1e-11)
        let c = 0.3
        let product = try mean { x in
            let inner = try! mean { y in
                Foundation.tanh(q.squareRoot() * (c * x + (1 - c * c).squareRoot() * y))
            }
            return Foundation.tanh(q.squareRoot() * x) * inner
        }
        let expected = (2.25 * product + 0.05) / (2.25 * square + 0.05)
        #expect(abs(Self.tanh.correlation(after: c, variance: q) - expected) < 1e-10)
    }

    @Test(arguments: SignalActivation.Name.allCases.map(\.rawValue))
    func slopesOfTheMapsAreTheirDerivatives(name: String) throws {
        let phi = try #require(SignalActivation(name: name))
        let field = MeanField(activation: phi, weightVariance: 1.3, biasVariance: 0.2)
        let (q, c, h) = (0.8, 0.4, 1e-5)
        let slope = (field.variance(after: q + h) - field.variance(after: q - h)) / (2 * h)
        #expect(abs(field.varianceSlope(at: q) - slope) < 1e-8)
        // χ is the slope at the fixed variance, where q′ = q.
        let rise = field.correlation(after: c + h, variance: q) - field.correlation(after: c - h, variance: q)
        let ratio = q / field.variance(after: q)
        #expect(abs(field.susceptibility(correlation: c, variance: q) * ratio - rise / (2 * h)) < 1e-8)
    }

    @Test(arguments: [
        (0.001, 1.189_189_59), (0.01, 1.424_205_29), (0.1, 1.986_072_64), (0.3, 2.505_127_19), (1, 3.443_210_91),
    ])
    func tanhEdgeOfChaosIsWhereItWasFoundIndependently(biasVariance: Double, weightVariance: Double) throws {
        let point = try SignalActivation.tanh.criticalPoint(biasVariance: biasVariance)
        #expect(abs(point.weightVariance - weightVariance) < 1e-8)
        let field = MeanField(
            activation: .tanh, weightVariance: point.weightVariance, biasVariance: biasVariance)
        #expect(abs(try field.fixedPoint().susceptibility - 1) < 1e-9)
    }

    @Test func withoutBiasesTheTanhEdgeIsAtOne() throws {
        #expect(try SignalActivation.tanh.criticalPoint(biasVariance: 0).weightVariance == 1)
        #expect(try SignalActivation.tanh.criticalPoint(biasVariance: 1e-9).weightVariance < 1.01)
        let ordered = try MeanField(activation: .tanh, weightVariance: 0.9, biasVariance: 0).fixedPoint()
        #expect(ordered.variance == 0 && ordered.correlation == nil)
        let chaotic = try MeanField(activation: .tanh, weightVariance: 2, biasVariance: 0).fixedPoint()
        #expect(chaotic.phase == .chaotic && chaotic.correlation == 0)
    }

    @Test func homogeneousNetsExplodeInsteadOfBecomingChaotic() throws {
        for name in ["linear", "relu", "leakyRelu", "abs"] {
            let phi = SignalActivation(name: name)!
            let edge = try phi.criticalPoint(biasVariance: 0.3).weightVariance
            let above = MeanField(activation: phi, weightVariance: 1.1 * edge, biasVariance: 0.3)
            #expect(try above.fixedPoint().phase == .exploding)
            #expect(try above.fixedPoint().variance == nil)
            let below = MeanField(activation: phi, weightVariance: 0.9 * edge, biasVariance: 0.3)
            #expect(try below.fixedPoint().phase == .ordered)
        }
    }

    @Test(arguments: ["relu", "leakyRelu", "abs"])
    func tangentKernelRatiosTendToOneQuarter(name: String) {
        let kernel = CriticalKernel(asymmetry: SignalActivation(name: name)!.asymmetry!)
        let ratios = [10, 100, 1000, 10_000].map { kernel.tangentKernel(correlation: -0.4, matrices: $0) / Double($0) }
        #expect(abs(ratios[3] - 0.25) < 1e-3)
        let errors = ratios.map { abs($0 - 0.25) }
        #expect(zip(errors, errors.dropFirst()).allSatisfy { $0 > $1 })
    }

    /// A finite net's own numbers scatter about theory by about 1/√width; both phases, the edge, and a bias.
    @Test(arguments: [(1.0, 0.3), (2.25, 0.05), (1.76095463960674, 0.05)])
    func wideNetsFollowMeanFieldTheory(weightVariance: Double, biasVariance: Double) throws {
        let controls: [String: ControlValue] = [
            "weightVariance": .number(weightVariance), "biasVariance": .number(biasVariance),
            "activation": .text("tanh"), "width": .number(20_000), "depth": .number(30),
            "inputVariance": .number(1), "inputCorrelation": .number(0.3), "leak": .number(0.1),
        ]
        let model = try EdgeOfChaos(settings: ModelSettings(seed: 1, data: [:], optimiser: [:], folder: ""))
        let context = ListContext([chain(controls, model: "edge-of-chaos")])
        try model.run(context)
        let row = try #require(context.observations.first)
        let field = MeanField(activation: .tanh, weightVariance: weightVariance, biasVariance: biasVariance)
        var (q, c) = (1.0, 0.3)
        for _ in 1..<30 { (q, c) = (field.variance(after: q), field.correlation(after: c, variance: q)) }
        #expect(row.outcome == .completed)
        #expect(abs(row.values["variance"]! - q) < 0.03)
        #expect(abs(row.values["correlation"]! - c) < 0.03)
        let chi = try field.fixedPoint().susceptibility
        #expect(abs(row.values["lyapunovExponent"]! - log(chi) / 2) < 0.01)
    }

    @Test func anExplodingNetAndADyingOneSayWhere() throws {
        func outcome(_ activation: String, _ weightVariance: Double) throws -> Observation {
            let controls: [String: ControlValue] = [
                "weightVariance": .number(weightVariance), "biasVariance": .number(0), "width": .number(50),
                "activation": .text(activation), "depth": .number(2000), "inputVariance": .number(1),
                "inputCorrelation": .number(0.3), "leak": .number(0.1),
            ]
            let model = try EdgeOfChaos(settings: ModelSettings(seed: 1, data: [:], optimiser: [:], folder: ""))
            let context = ListContext([chain(controls, model: "edge-of-chaos")])
            try model.run(context)
            return context.observations[0]
        }
        let exploding = try outcome("relu", 4)
        #expect(exploding.outcome == .diverged && exploding.reason.contains("beyond all bounds from layer"))
        let dying = try outcome("relu", 0.5)
        #expect(dying.outcome == .dead && dying.reason.contains("no signal is left"))
    }
}

/// A chain of one cold point.
func chain(_ controls: [String: ControlValue], model: String, replica: Int = 0, seed: UInt64 = 1) -> Chain {
    let identity = Physics(model: model, seed: seed, data: [:], settings: [:])
        .identity(controls: controls, replica: replica, direction: .cold, grid: nil)
    return Chain(
        points: [Point(controls: controls, replica: replica, direction: .cold, identity: identity)], axis: "")
}
