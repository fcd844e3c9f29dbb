import Lanes
import Models
import PhaseSpace
import Support
import Testing
import TinyNets

/// What is refused before it can do harm.
@Suite struct LimitTests {
    @Test func aVAEThatDoesNotFitIntoMemoryIsRefusedWithTheNumber() throws {
        func model(_ inputs: Int) throws -> VAE {
            let data: JSONValue = [
                "teacher": "gaussian", "inputVariances": .numbers(Array(repeating: 1, count: inputs)), "samples": 10,
            ]
            return try VAE(settings: ModelSettings(seed: 1, data: data, optimiser: [:], folder: "."))
        }
        let controls: [String: ControlValue] = [
            "activation": .text("relu"), "hidden": .number(64), "latent": .number(2),
        ]
        try model(20).validate(controls)
        let error = #expect(throws: ControlError.self) { try model(784).validate(controls) }
        // 2 · 64 · 784 weights between inputs and hidden units.
        #expect(error?.control == "hidden" && error?.message.contains("about 4") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("GB, and at most 8 are allowed; lower `hidden`") == true)
    }

    @Test func aListOfVariancesIsNoWayAroundTheLimitOfInputs() {
        let data: JSONValue = [
            "teacher": "gaussian", "inputVariances": .numbers(Array(repeating: 1, count: 65)), "samples": "population",
        ]
        let settings = ModelSettings(seed: 1, data: data, optimiser: [:], folder: ".")
        #expect(throws: ControlError.self) { try WeightDecay(settings: settings) }
        #expect(throws: ControlError.self) { try LinearVAE(settings: settings) }
    }

    @Test(arguments: [1, 2, 4]) func aWrongNumberOfDecaysEndsAtTheInitialiser(_ count: Int) async {
        // Heap corruption may pass unnoticed: the initialiser must not return.
        await #expect(processExitsWith: .failure) { [count] in
            let shape = try SampledNetShape(inputs: 1, widths: [2, 2], activation: .tanh)
            let net = SampledNet(shape: shape, data: SampledData(inputs: 1, features: [1, 2], targets: [1, 2]))
            _ = TrainingJob(
                tag: 0, net: net, gammas: Array(repeating: 0.1, count: count),
                initialWeights: Array(repeating: 0.1, count: shape.weightCount), start: .cold)
        }
    }

    @Test func theRightNumberOfDecaysIsTaken() async {
        await #expect(processExitsWith: .success) {
            let shape = try SampledNetShape(inputs: 1, widths: [2, 2], activation: .tanh)
            let net = SampledNet(shape: shape, data: SampledData(inputs: 1, features: [1, 2], targets: [1, 2]))
            _ = TrainingJob(
                tag: 0, net: net, gammas: [0.1, 0.1, 0.1],
                initialWeights: Array(repeating: 0.1, count: shape.weightCount), start: .cold)
        }
    }

    @Test func theKeyOfFrozenNoiseIsPinned() {
        // Stored results rest on these numbers: they never change.
        let words = [[8, 8], [3], []].map { String(WeightDecay.noiseKey(widths: $0), radix: 16) }
        #expect(words == ["e68ce0f366f2729c", "6d033ece6645de5", "4f53cda18c2baa0c"])
    }

    @Test func aChainWithoutANetSaysWhy() throws {
        let model = try WeightDecayTrainingTests.model(WeightDecayTrainingTests.sampled)
        let fixed = WeightDecayTrainingTests.fixed(depth: 1)
        let wrong = fixed.merging(["noise": .list([0.1, 0.2])]) { $1 }
        let context = ListContext(
            chains(fixed, gammas: [0.1], directions: [.cold]) + chains(wrong, gammas: [0.2], directions: [.cold]))
        let error = #expect(throws: ControlError.self) { try model.run(context) }
        #expect(error?.control == "noise")
        #expect(context.observations.count == 1)
    }
}
