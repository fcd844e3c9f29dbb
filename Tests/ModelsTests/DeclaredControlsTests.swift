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
    ]

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
