import Foundation
import Models
import PhaseSpace
import Testing

@Suite struct BatchReuseSimulationTests {
    private static let cubic = BatchReuse.controls([
        "target": .text("He3(z)/sqrt(6)"), "activation": .text("erf"), "secondLayer": .number(0.5),
        "sampleRatio": .number(3), "learningRate": .number(1), "ridge": .number(1), "steps": .number(4),
        "dimension": .number(500),
    ])

    /// Observations of replicas at some controls.
    private func observations(
        _ controls: [String: ControlValue], replicas: Int, seed: UInt64 = 1
    ) throws -> [Observation] {
        let physics = Physics(model: "batch-reuse", seed: seed, data: [:], settings: [:])
        let model = BatchReuse(settings: ModelSettings(seed: seed, data: [:], optimiser: [:], folder: ""))
        try model.validate(controls)
        let chains = (0..<replicas).map { replica in
            Chain(
                points: [
                    Point(
                        controls: controls, replica: replica, direction: .cold,
                        identity: physics.identity(
                            controls: controls, replica: replica, direction: .cold, grid: nil))
                ], axis: "learningRate")
        }
        let context = ListContext(chains)
        try model.run(context)
        return context.observations
    }

    private func average(_ observations: [Observation], _ name: String, step: Int) -> (mean: Double, error: Double) {
        let xs = observations.map { $0.trajectory[step].values[name]! }
        let mean = xs.reduce(0, +) / Double(xs.count)
        let variance = xs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(xs.count - 1)
        return (mean, (variance / Double(xs.count)).squareRoot())
    }

    @Test(arguments: ["reuse", "one-pass", "cyclic", "replacement"])
    func runsAtFiniteDimensionScatterAboutTheTheory(_ name: String) throws {
        var controls = Self.cubic.merging(["protocol": .text(name), "dimension": .number(2000)]) { $1 }
        if name == "cyclic" || name == "replacement" { controls["batches"] = .number(2) }
        let runs = try observations(controls, replicas: 48)
        let model = BatchReuse(settings: ModelSettings(seed: 1, data: [:], optimiser: [:], folder: ""))
        let key = CurveKey(
            model: "batch-reuse", fixed: controls.filter { $0.key != "learningRate" }, axis: "learningRate",
            orderParameter: "subspaceScore")
        let theory = try #require(model.theoryCurves(named: "trajectory", of: key, over: [1], .population).first)
        for name in ["M_1_1", "Q_1_1", "generalisationError"] {
            let column = try #require(theory.columns.firstIndex(of: name))
            for step in 1...4 {
                let (mean, error) = average(runs, name, step: step)
                // The theory's own error is below a tenth of that of 48 runs; corrections are of order 1/d.
                #expect(abs(mean - theory.rows[step][column]) < 4.5 * error + 1e-3, "\(name) at step \(step)")
            }
        }
    }

    @Test func lazilyRevealedAndFullyDrawnDataHaveOneLaw() throws {
        // A bounded label: its errors' variances are known well from a hundred runs.
        let bounded = Self.cubic.merging([
            "target": .text("tanh(z1 + He3(z2))"), "activation": .text("relu"), "secondLayer": .number(1),
            "learningRate": .number(0.2), "ridge": .number(0), "dimension": .number(150), "steps": .number(3),
        ]) { $1 }
        let lazy = try observations(bounded, replicas: 150)
        let drawn = try observations(bounded.merging(["inputs": .text("gaussian-explicit")]) { $1 }, replicas: 150)
        for name in ["M_1_1", "M_1_2", "Q_1_1", "trainingError"] {
            for step in name == "trainingError" ? 0...2 : 1...3 {
                let (a, b) = (average(lazy, name, step: step), average(drawn, name, step: step))
                let error = (a.error * a.error + b.error * b.error).squareRoot()
                #expect(abs(a.mean - b.mean) < 4.5 * error, "\(name) at step \(step)")
                // The ratio of two such deviations scatters by 6 %, a little more beyond the normal distribution.
                #expect(abs(log(a.error / b.error)) < 0.33, "\(name) at step \(step)")
            }
        }
    }

    @Test func inputsOfOtherDistributionsFollowTheSameTheory() throws {
        let runs = try observations(
            Self.cubic.merging(["dimension": .number(300), "inputs": .text("rademacher"), "steps": .number(2)]) { $1 },
            replicas: 40)
        let (mean, error) = average(runs, "M_1_1", step: 2)
        #expect(abs(mean - -0.151) < 4.5 * error + 0.02)
    }

    @Test func equalKeysGiveEqualRunsAndReplicasDiffer() throws {
        let (a, b) = (try observations(Self.cubic, replicas: 2), try observations(Self.cubic, replicas: 2))
        #expect(a.map(\.values) == b.map(\.values))
        #expect(a[0].values != a[1].values)
        // The first step of both protocols looks at the same batch.
        let fresh = try observations(Self.cubic.merging(["protocol": .text("one-pass")]) { $1 }, replicas: 2)
        #expect(
            Set(a.map { $0.trajectory[1].values["M_1_1"] }) == Set(fresh.map { $0.trajectory[1].values["M_1_1"] }))
    }

    @Test func tooLargeAStepDiverges() throws {
        let runs = try observations(
            Self.cubic.merging([
                "activation": .text("relu"), "secondLayer": .number(1), "learningRate": .number(5), "ridge": .number(0),
                "sampleRatio": .number(20), "steps": .number(30),
            ]) { $1 }, replicas: 1)
        #expect(runs[0].outcome == .diverged && runs[0].reason.contains("the weights grew beyond"))
        #expect(runs[0].values.isEmpty)
        #expect(runs[0].trajectory.allSatisfy { $0.values.values.allSatisfy(\.isFinite) })
    }

    @Test(arguments: [
        (["target": ControlValue.text("z1 +")], "target", "character 5"),
        (["secondLayer": .list([1, 2])], "secondLayer", "2 values for 1 hidden"),
        (["batches": .number(2)], "batches", "belongs to the protocols"),
        (["initialisation": .text("symmetric")], "initialisation", "an even `hidden`"),
        (["dimension": .number(5)], "dimension", "at least 7"),
        (["dimension": .number(10_000_000), "sampleRatio": .number(100)], "dimension", "GB"),
    ]) func controlsThatDoNotFitAreRefused(_ changed: [String: ControlValue], _ name: String, _ reason: String) {
        let model = BatchReuse(settings: ModelSettings(seed: 1, data: [:], optimiser: [:], folder: ""))
        let error = #expect(throws: ControlError.self) {
            try model.validate(Self.cubic.merging(changed) { $1 })
        }
        #expect(error?.control == name && error?.message.contains(reason) == true, "\(String(describing: error))")
    }
}
