import Foundation
import Models
import PhaseSpace
import Support
import Synchronization
import Testing

/// A model reads what it declares and nothing else: whatever a reader is asked for is heard.
@Suite(.serialized) struct DeclaredControlsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let model: String
        var controls: [String: ControlValue] = [:]
        var data: JSONValue = [:]
        let axis: String
        var testDescription: String { "\(model) \(data.canonical)" }
    }

    static let teacher: JSONValue = ["teacher": "gaussian", "inputs": 2, "samples": 8]
    static let cases = [
        Case(model: "catapult-map", controls: ["relativeRate": .number(3)], axis: "relativeRate"),
        Case(
            model: "catapult-map", controls: ["relativeRate": .number(3), "schedule": .text("geometry")],
            axis: "relativeRate"),
        Case(
            model: "training-dynamics", controls: ["depth": .number(1), "width": .number(4), "steps": .number(3)],
            axis: "outputScale"),
        Case(model: "sgd-decay", controls: ["gamma": .number(1), "time": .number(2)], axis: "gamma"),
        Case(
            model: "linear-vae", controls: ["beta": .number(1)],
            data: ["teacher": "gaussian", "inputs": 2, "inputVariances": [2, 1], "samples": 8], axis: "beta"),
        Case(
            model: "linear-vae", controls: ["beta": .number(1)], data: ["modes": [2, 1]], axis: "beta"),
        Case(
            model: "vae", controls: ["beta": .number(1), "hidden": .number(1), "latent": .number(1)],
            data: ["teacher": "gaussian", "inputVariances": [2, 1], "samples": 8], axis: "beta"),
        Case(
            model: "edge-of-chaos",
            controls: ["weightVariance": .number(2), "width": .number(8), "depth": .number(4)], axis: "weightVariance"),
        Case(
            model: "batch-reuse",
            controls: [
                "target": .text("z1*z2"), "sampleRatio": .number(1), "learningRate": .number(0.5), "steps": .number(2),
                "dimension": .number(40),
            ], axis: "dimension"),
        Case(
            model: "weight-decay", controls: ["gamma": .number(0.1), "depth": .number(1), "width": .number(2)],
            data: teacher, axis: "gamma"),
        Case(
            model: "weight-decay",
            controls: [
                "gamma": .number(0.1), "depth": .number(1), "width": .number(2), "activation": .text("tanh"),
                "noise": .number(0.1), "c": .number(0.3), "conditionNumber": .number(2),
            ], data: ["teacher": "z1 + c*He3(z1)", "inputs": 2, "samples": 8, "draws": "lattice"], axis: "gamma"),
        Case(
            model: "weight-decay", controls: ["gamma": .number(0.1), "depth": .number(2), "width": .number(2)],
            data: ["inputVariances": [1, 2], "correlations": [1, 0.5]], axis: "gamma"),
    ]

    @Test func everyModelHasACase() {
        #expect(Set(Self.cases.map(\.model)) == Set(allModels.map { $0.declaration.name }))
    }

    @Test(arguments: cases) func noModelReadsAControlThatItDoesNotDeclare(_ asked: Case) throws {
        let family = try #require(allModels.first { $0.declaration.name == asked.model })
        let declaration = family.declaration
        let settings = SettingSection.allCases.flatMap { declaration.keys(of: $0) }
        let declared = Set((declaration.controls + declaration.dataKeys + settings).map(\.name))
        var data = asked.data.object ?? [:]
        for key in declaration.dataKeys where data[key.name] == nil { data[key.name] = key.defaultValue?.json }
        let heard = Mutex<Set<String>>([])
        // Other tests read controls on threads of their own.
        nonisolated(unsafe) let thread = Thread.current
        ControlReader.onRead { name in
            if Thread.current === thread { heard.withLock { _ = $0.insert(name) } }
        }
        defer { ControlReader.onRead(nil) }
        do {
            let model = try family.make(
                ModelSettings(seed: 1, data: .object(data), optimiser: [:], folder: ""))
            var controls = asked.controls
            for control in declaration.controls where controls[control.name] == nil {
                controls[control.name] = control.defaultValue
            }
            try model.validate(controls)
            let point = Point(
                controls: controls, replica: 0, direction: .cold, identity: PointIdentity(hex: sha256(asked.model)))
            let context = ListContext([Chain(points: [point], axis: asked.axis)])
            try model.run(context)
            #expect(context.observations.count == 1)
            _ = try model.theory(of: controls, .replica(0))
            let key = CurveKey(
                model: asked.model, fixed: controls.filter { $0.key != asked.axis }, axis: asked.axis,
                orderParameter: declaration.orderParameter)
            _ = try model.exactTransitions(of: key, .replica(0))
            for name in declaration.theoryCurves.keys {
                _ = try model.theoryCurves(named: name, of: key, over: [1, 2], .replica(0))
            }
        }
        #expect(heard.withLock { !$0.isEmpty && $0.isSubset(of: declared) }, "\(heard.withLock { $0 })")
    }
}
