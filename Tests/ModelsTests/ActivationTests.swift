import Foundation
import Models
import PhaseSpace
import Support
import Testing

/// Nets of every activation through the model, beside the thresholds that are known exactly.
@Suite struct ActivationTests {
    private static func fixed(_ activation: String, depth: Int = 1) -> [String: ControlValue] {
        [
            "activation": .text(activation), "depth": .number(Double(depth)), "width": .number(4), "noise": .number(0),
            "labelNoise": .number(0.2),
        ]
    }

    private static func key(_ activation: String) -> CurveKey {
        CurveKey(model: "weight-decay", fixed: fixed(activation), axis: "gamma", orderParameter: "squaredNorm")
    }

    private static let mirrored: JSONValue = [
        "teacher": "gaussian", "inputs": 3, "samples": 60, "symmetrized": "true",
    ]
    private static let plain: JSONValue = ["teacher": "gaussian", "inputs": 3, "samples": 60]

    @Test(arguments: ["tanh", "erf", "relu", "relu(1,-0.5)", "leakyRelu(0.2)", "swish", "gelu"])
    func trainedNetsCollapseWhereTheirThresholdIs(activation: String) throws {
        let model = try WeightDecayTrainingTests.model(Self.mirrored, optimiser: ["starts": 12])
        let exact = try #require(try model.exactTransitions(of: Self.key(activation), .replica(0))?.first)
        let critical = try #require(exact.location).value
        #expect(exact.order == .second)
        let context = ListContext(
            chains(
                Self.fixed(activation), gammas: [0.9, 0.99, 1.01].map { $0 * critical }, directions: [.cold],
                replicas: 1))
        try model.run(context)
        let norms = context.observations.sorted { $0.point.controls["gamma"]! < $1.point.controls["gamma"]! }
            .map { $0.values["squaredNorm"]! }
        #expect(norms.count == 3)
        #expect(norms[0] > 5 * norms[1] && norms[1] > 1e-4 && norms[2] == 0, "\(norms)")
    }

    @Test(arguments: ["swish", "gelu", "softplus", "shiftedErf(1)"])
    func activationsThatBendAtZeroHaveNoExactThresholdOnPlainData(activation: String) throws {
        let model = try WeightDecayTrainingTests.model(Self.plain)
        #expect(try model.exactTransitions(of: Self.key(activation), .replica(0)) == nil)
    }

    @Test(arguments: [
        ("softplus", false), ("shiftedErf(1)", false), ("gelu", false), ("relu(0.7,-1.3)", false), ("abs", false),
        ("tanh", true), ("gelu", true), ("erf", true),
    ])
    func biasesAndDepthTrainToMinima(activation: String, hasBiases: Bool) throws {
        let model = try WeightDecayTrainingTests.model(
            Self.plain, optimiser: ["starts": 6, "biases": hasBiases ? "true" : "false"])
        let context = ListContext(
            chains(Self.fixed(activation, depth: 2), gammas: [0.02], directions: [.cold], replicas: 1))
        try model.run(context)
        let row = try #require(context.observations.first)
        #expect(row.outcome == .converged, "\(row.reason)")
        #expect(row.values["loss"]! < row.values["zeroNetLoss"]!)
    }

    @Test func logisticLossWantsClasses() throws {
        let error = #expect(throws: ControlError.self) {
            try WeightDecayTrainingTests.model(Self.plain, optimiser: ["loss": "logistic"])
        }
        #expect(error!.message.contains("set `classes`"))
    }

    @Test func namesOfActivationsAreCheckedWithTheirNumbers() throws {
        let control = try #require(WeightDecay.declaration.controls.first { $0.name == "activation" })
        for name in ["tanh", "leakyRelu", "leakyRelu(0.1)", "relu(1, -0.5)", "shiftedErf(1e-1)"] {
            try control.check(.text(name))
        }
        for name in ["sine", "leakyRelu()", "leakyRelu(x)", "tanh(1)", "relu(1)", "relu(1,2,3)", "gelu("] {
            #expect(throws: ControlError.self, "\(name)") { try control.check(.text(name)) }
        }
        let answer = try WeightDecay.predict([
            "depth": 1, "activation": "abs", "data": ["inputs": [[1], [-2]], "targets": [1, 1]],
        ])
        // E[y |w x|] = 1.5 for both directions.
        #expect(answer["transition"]?["gamma"]?.number == 1.5)
    }
}
