import Foundation
import PhaseSpace
import Support
import Sweeps
import Testing

@Suite struct ResultTests {
    let bench = Workbench()

    // MARK: - Export

    private func store(_ plan: SweepPlan) throws -> Store {
        let store = try Store.open(bench.storePath, for: plan, .writing)
        _ = try SweepRunner(plan: plan, store: store, threads: 2).run()
        return store
    }

    @Test func exportsHoldEveryColumnWithSeventeenDigits() throws {
        let plan = try bench.plan(
            "model: toy-equilibrium\nfixed: {fault: dead, noise: [0.1, 2], depth: 2}\naxes: {gamma: [0.3, 1.1]}\n")
        let store = try store(plan)
        defer { try? store.close() }
        let csv = try plan.export(from: store, .csv).split(separator: "\n").map(String.init)
        #expect(
            csv[0] == "gamma,depth,width,noise,activation,fault,replica,direction,outcome,reason,"
                + "loss,zeroNetLoss,squaredNorm,overlap")
        #expect(
            csv[1].hasPrefix(#"0.29999999999999999,2,4,"[0.10000000000000001,2]",linear,dead,0,cold,converged,,0."#))
        #expect(
            csv[2] == #"1.1000000000000001,2,4,"[0.10000000000000001,2]",linear,dead,0,cold,dead,"#
                + #""layer 1, ""all"" units",,,,"#)
        let tsv = try plan.export(from: store, .tsv)
        #expect(tsv.contains("1.1000000000000001\t2\t4\t[0.10000000000000001,2]\tlinear\tdead\t0\tcold\tdead\t"))
        let json = try plan.export(from: store, .jsonl).split(separator: "\n").map {
            try JSONValue(parsing: String($0))
        }
        #expect(json[0]["gamma"] == .number(0.3))
        #expect(json[0]["noise"]?.numbers == [0.1, 2])
        #expect(json[1]["reason"] == .text("layer 1, \"all\" units"))
        #expect(json[1]["loss"] == .null)
    }

    @Test func secondsAreExportedOnlyWhenAsked() throws {
        let plan = try bench.plan("model: toy-equilibrium\nfixed: {gamma: 1}\n")
        let store = try store(plan)
        defer { try? store.close() }
        #expect(try !plan.export(from: store).contains("seconds"))
        #expect(try plan.export(from: store, timings: true).contains(",seconds\n"))
    }

    // MARK: - Curves

    @Test func curvesRunAlongTheAxisAndNameWhatVaries() throws {
        let plan = try bench.plan(
            """
            model: toy-equilibrium
            fixed: {fault: dead}
            axes: {gamma: [1.1, 0.3], depth: [1, 2], width: [8]}
            zip: {size: {noise: [0, 0.5], activation: [linear, tanh]}}
            along: gamma
            replicas: 2
            direction: [cold, down]
            """)
        let store = try store(plan)
        defer { try? store.close() }
        let curves = try plan.curves(in: store)
        #expect(curves.count == 4)
        #expect(curves[0].varying == ["depth", "noise", "activation"])
        #expect(
            curves.map(\.label) == [
                "depth = 1, noise = 0, activation = linear", "depth = 1, noise = 0.5, activation = tanh",
                "depth = 2, noise = 0, activation = linear", "depth = 2, noise = 0.5, activation = tanh",
            ])
        for curve in curves {
            #expect(curve.key.axis == "gamma")
            #expect(curve.key.fixed["gamma"] == nil)
            #expect(curve.key.fixed["width"] == .number(8))
            #expect(curve.samples.map(\.control) == [0.3, 0.3, 0.3, 0.3, 1.1, 1.1, 1.1, 1.1])
            #expect(curve.samples.map(\.replica) == [0, 0, 1, 1, 0, 0, 1, 1])
            // Failed points are on the curve, with their reason.
            #expect(
                curve.samples.filter { $0.outcome == .dead }.map(\.reason)
                    == Array(repeating: "layer 1, \"all\" units", count: 4))
        }
    }

    // MARK: - Dynamics

    @Test func trajectoriesOfAModelOfDynamicsComeBack() throws {
        let plan = try bench.plan(
            "model: toy-dynamics\nfixed: {steps: 6}\naxes: {learningRate: [0.5, 1.5, 20e-1, 9]}\n")
        let store = try store(plan)
        defer { try? store.close() }
        #expect(try store.counts() == [.completed: 3, .diverged: 1])
        for point in plan.points {
            let eta = try point.number("learningRate")
            var exact: [Double] = [1]
            while exact.count < 7, abs(exact.last!) <= 100 { exact.append(exact.last! - eta * exact.last!) }
            let rows = try store.trajectory(of: point.identity)
            let recorded = exact.filter { abs($0) <= 100 }
            #expect(rows.map(\.step) == Array(0..<recorded.count))
            #expect(rows.map { $0.values["x"] } == recorded)
            #expect(rows.map { $0.values["loss"] } == recorded.map { $0 * $0 / 2 })
        }
        let found = try store.observations(matching: ["learningRate": .number(9)], withTrajectories: true)
        #expect(found.count == 1)
        #expect(found[0].outcome == .diverged)
        #expect(found[0].values.isEmpty)
        #expect(found[0].trajectory.count == 3)
    }

    @Test func aReplacedObservationBringsItsOwnTrajectory() throws {
        let plan = try bench.plan("model: toy-dynamics\nfixed: {steps: 6}\naxes: {learningRate: [0.5]}\n")
        let store = try store(plan)
        defer { try? store.close() }
        let rows = [TrajectoryRow(step: 100, values: ["x": 2])]
        try store.record([Observation(point: plan.points[0], outcome: .capped, values: [:], trajectory: rows)])
        #expect(try store.trajectory(of: plan.points[0].identity) == rows)
        #expect(try store.counts() == [.capped: 1])
    }

    // MARK: - Status

    @Test func statusCountsWhatThePlanAsksFor() throws {
        let text = "model: toy-equilibrium\naxes: {gamma: [0.3, 0.4, 1.1]}\n"
        let plan = try bench.plan(text)
        #expect(try plan.status(in: nil).left == 3)
        let store = try store(plan)
        defer { try? store.close() }
        #expect(try plan.status(in: store).writer != nil)
        let other = try bench.plan(text, ["gamma=0.3,2,3"])
        let status = try other.status(in: store)
        #expect((status.planned, status.done, status.left, status.others) == (3, 1, 2, 2))
    }
}
