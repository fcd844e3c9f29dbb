import Foundation
import Models
import PhaseSpace
import Support
import Testing

@Suite struct ModeTheoryTests {
    private func model(_ data: JSONValue, optimiser: JSONValue = [:]) throws -> WeightDecay {
        try WeightDecay(settings: ModelSettings(seed: 1, data: data, optimiser: optimiser, folder: "."))
    }
    private let modes: JSONValue = [
        "teacher": "gaussian", "inputs": 4, "samples": "population", "modes": [1, 0.7, 0.4],
    ]
    private func controls(depth: Int, width: Int = 5) -> [String: ControlValue] {
        ["depth": .number(Double(depth)), "width": .number(Double(width)), "noise": .number(0)]
    }

    private func thresholds(depth: Int, width: Int = 5) throws -> [Double] {
        let key = CurveKey(
            model: "weight-decay", fixed: controls(depth: depth, width: width), axis: "gamma",
            orderParameter: "squaredNorm")
        return try #require(try model(modes).exactTransitions(of: key, .replica(0))).compactMap { $0.location?.value }
    }

    @Test func oneHiddenLayerLosesEachModeAtItsSingularValue() throws {
        for (found, expected) in zip(try thresholds(depth: 1), [0.4, 0.7, 1]) {
            #expect(abs(found - expected) < 1e-12)
        }
        #expect(try thresholds(depth: 1).count == 3)
        #expect(try thresholds(depth: 1, width: 2).count == 2)
    }

    @Test func deeperNetsLoseThemAtPowersOfIt() throws {
        for (found, s) in zip(try thresholds(depth: 2), [0.4, 0.7, 1]) {
            #expect(abs(found - 0.3968502630 * pow(s, 4 / 3.0)) < 1e-9)
        }
    }

    @Test(arguments: [1, 2]) func trainedNetsOfSeveralOutputsReachTheExactLoss(depth: Int) throws {
        let model = try model(modes, optimiser: ["starts": 16])
        let context = ListContext(
            chains(controls(depth: depth), gammas: [0.05, 0.3, 0.6], directions: [.cold]))
        try model.run(context)
        #expect(context.observations.count == 3)
        for row in context.observations {
            let exact = try #require(try model.theory(of: row.point.controls, .replica(0))).values
            #expect(abs(row.values["loss"]! - exact["loss"]!) < 1e-9, "\(row.point.controls["gamma"]!)")
            #expect(abs(row.values["squaredNorm"]! - exact["squaredNorm"]!) < 1e-5)
        }
    }

    // MARK: - Data that controls shape

    @Test func theConditionNumberShapesGivenMoments() throws {
        let model = try model(["correlations": [1, 0.3]])
        var controls = controls(depth: 2)
        controls["conditionNumber"] = .number(60)
        let key = CurveKey(
            model: "weight-decay", fixed: controls, axis: "gamma", orderParameter: "squaredNorm")
        let found = try #require(try model.exactTransitions(of: key, .population)).compactMap { $0.location?.value }
        #expect(found.count == 2)
        #expect(abs(found[0] - 0.3814342315) < 1e-9 && abs(found[1] - 0.4468759495) < 1e-9)
    }

    @Test func controlsOfDataThatDoNotHaveThemAreRefused() throws {
        func refusal(_ data: JSONValue, _ extra: [String: ControlValue]) throws -> String? {
            let model = try model(data)
            let all = controls(depth: 1).merging(extra) { $1 }.merging(["gamma": .number(0.1)]) { $1 }
            do { try model.validate(all) } catch { return error.message }
            return nil
        }
        let formula: JSONValue = ["teacher": "z1 + c*He3(z1)", "inputs": 1, "samples": 20]
        #expect(try refusal(formula, [:])?.contains("set this control") == true)
        #expect(try refusal(formula, ["c": .number(1)]) == nil)
        #expect(try refusal(modes, ["c": .number(1)])?.contains("named by no formula") == true)
        #expect(try refusal(modes, ["conditionNumber": .number(3)]) == nil)
        #expect(
            try refusal(["correlations": [1, 1], "inputVariances": [1, 2]], ["conditionNumber": .number(3)])?
                .contains("exclude each other") == true)
        #expect(
            try refusal(["correlations": [1, 1], "targetSecondMoment": 2], ["conditionNumber": .number(3)])?
                .contains("`targetSecondMoment` 2.0 is below 4.0") == true)
    }

    // MARK: - Stochastic gradients

    @Test func smallWeightsGrowAsTheFirstOrderInTheLearningRateSays() throws {
        let model = try StochasticDecay(settings: ModelSettings(seed: 3, data: [:], optimiser: [:], folder: ""))
        let context = ListContext(
            chains(
                [
                    "learningRate": .number(0.01), "batch": .number(4), "time": .number(1000), "width": .number(2),
                    "inputs": .number(2), "signal": .number(1), "labelNoise": .number(1),
                ], gammas: [0.5, 1.2], directions: [.cold]))
        try model.run(context)
        for row in context.observations {
            let gamma = row.point.controls["gamma"]!.number!
            // 2(s − γ) − 2(η/S)(2s² + σ²); the standard error is 2 (Var/(S η T · 1/η))^½ = 0.0055.
            #expect(abs(row.values["growthRate"]! - (2 * (1 - gamma) - 0.015)) < 0.025)
            #expect((row.values["squaredNorm"]! > 0.1) == (gamma < 1))
        }
        let answer = try StochasticDecay.predict(["learningRate": 0.02, "labelNoise": 0.1])
        #expect(abs(answer["gamma"]!.number! - 0.9598) < 1e-12)
    }
}
