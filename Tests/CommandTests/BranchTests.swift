import Foundation
import GRDB
import PhaseSpace
import Support
import Testing

@Suite struct BranchTests {
    private static let sweep = """
        model: weight-decay
        seed: 2
        fixed: {width: 3, noise: 0.4}
        data: {inputVariances: [0.5, 1.3, 2.4], correlations: [0.8, -0.5, 1.1], targetSecondMoment: 4}
        axes:
          depth: [1, 2]
          gamma: {from: 0.1, to: 1.8, points: 12}
        direction: [cold, branch]
        figures: [bifurcation]

        """

    private func verdicts(_ landau: Landau, _ file: String) throws -> [JSONValue] {
        let result = try landau.run("transitions", file, "--json")
        #expect(result.status == 0, "\(result.errors)")
        return try #require(try JSONValue(parsing: result.output).list)
    }

    @Test func aBranchSweepLocatesTransitionsOfTrainedNetsToTheCorrectorsAccuracy() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(Self.sweep, to: "branch.yaml")
        let run = try landau.run("run", "branch.yaml")
        #expect(run.status == 0, "\(run.errors)")
        #expect(landau.exists("results/branch/figures/bifurcation/bifurcation.svg"))
        let found = try verdicts(landau, "branch.yaml")
        try #require(found.count == 2)
        #expect(found.map { $0["order"]?.text } == ["second", "first"])
        for transition in found {
            let exact = try #require(transition["theory"]?["location"]?.number)
            let location = try #require(transition["location"]?.number)
            let interval = try #require(transition["interval"]?.numbers)
            #expect(abs(location - exact) < 1e-10)
            #expect(interval[0] <= exact && exact <= interval[1] && interval[1] - interval[0] < 1e-9)
            #expect(transition["evidence"]?["method"] == "branches followed round their folds")
        }
        let (spinodal, exact) = (found[1]["spinodal"]?.number, found[1]["theory"]?["spinodal"]?.number)
        #expect(abs((spinodal ?? .nan) - (exact ?? .nan)) < 1e-10)
        #expect(abs(found[1]["barrier"]!.number! - found[1]["theory"]!["barrier"]!.number!) < 1e-9)
        #expect(!found[1]["sentence"]!.text!.contains("down-sweep"))
    }

    @Test func pitchforksOfTwoModesAreTransitionsOfSecondOrder() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let text = """
            model: weight-decay
            fixed: {depth: 1, width: 3}
            data: {teacher: gaussian, inputs: 3, modes: [1, 0.6], samples: population}
            axes: {gamma: {from: 0.1, to: 1.3, points: 13}}
            direction: branch
            training: {branches: all}
            figures: [bifurcation]

            """
        try landau.write(text, to: "fork.yaml")
        let run = try landau.run("run", "fork.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let found = try verdicts(landau, "fork.yaml")
        try #require(found.count == 2)
        for (transition, exact) in zip(found, [0.6, 1]) {
            #expect(transition["order"] == "second")
            let interval = try #require(transition["interval"]?.numbers)
            #expect(interval[0] <= exact && exact <= interval[1] && interval[1] - interval[0] < 1e-8)
            #expect(abs((transition["curvatureJump"]?.number ?? .nan) - 2) < 1e-3)
            #expect(transition["evidence"]?["method"] == "branches followed round their folds")
        }
        // Both modes, the stronger, none, the weaker; the points themselves lie on the lowest.
        let store = "results/fork/store.sqlite"
        #expect(try landau.sql(store, "SELECT COUNT(*) FROM branches WHERE arc_length = 0") == "4\n")
        let norms = try landau.sql(store, "SELECT printf('%.6f', squaredNorm) FROM observations ORDER BY gamma")
            .split(separator: "\n").compactMap { Double($0) }
        for (k, norm) in norms.enumerated() {
            let gamma = 0.1 + 0.1 * Double(k)
            #expect(abs(norm - 2 * max(0, 1 - gamma) - 2 * max(0, 0.6 - gamma)) < 1e-5)
        }
        #expect(try landau.text(of: "results/fork/figures/bifurcation/events.tsv").contains("branch point"))
        try landau.write(text.replacing("width: 3", with: "width: 90"), to: "wide.yaml")
        _ = try landau.run("run", "wide.yaml")
        #expect(try landau.run("export", "wide.yaml").output.contains("nets of up to 400 weights"))
    }

    /// Two layers: the net of both modes ends at the weaker one's spinodal and meets no other branch. The stronger mode
    /// alone, on which training falls from there, is lower from the weaker one's γ* on.
    @Test func aBranchThatTrainingFallsOnHasTheTransitionsBeyondAFold() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(
            """
            model: weight-decay
            fixed: {depth: 2, width: 3}
            data: {teacher: gaussian, inputs: 3, modes: [1, 0.6], samples: population}
            axes: {gamma: {from: 0.05, to: 0.55, points: 11}}
            direction: branch

            """, to: "fall.yaml")
        let run = try landau.run("run", "fall.yaml")
        #expect(run.status == 0, "\(run.errors)")
        let found = try verdicts(landau, "fall.yaml")
        try #require(found.count == 2)
        for (transition, strength) in zip(found, [0.6, 1]) {
            // γ* = (s²/4)^{2/3} and γ_sp = 3/4^{2/3} γ* of each mode by itself.
            let critical = pow(strength * strength / 4, 2.0 / 3)
            #expect(transition["order"] == "first")
            #expect(abs((transition["location"]?.number ?? .nan) - critical) < 1e-12)
            #expect(abs((transition["spinodal"]?.number ?? .nan) - 3 / pow(4, 2.0 / 3) * critical) < 1e-11)
            #expect(transition["evidence"]?["method"] == "branches followed round their folds")
        }
        #expect(run.output.contains("the branch above stays a minimum to the branch's end"))
        let store = "results/fall/store.sqlite"
        #expect(try landau.sql(store, "SELECT COUNT(*) FROM branches WHERE arc_length = 0") == "2\n")
        // Past the fold the points lie on the second branch.
        let norm = try landau.sql(store, "SELECT squaredNorm FROM observations WHERE abs(gamma - 0.3) < 1e-9")
        let norms = try landau.sql(
            store, "SELECT squaredNorm FROM branches WHERE branch_event = 'maxwell' AND gamma > 0.3")
        #expect((Double(norm.dropLast()) ?? 0) > (Double(norms.dropLast()) ?? .infinity))
        // A single branch: beyond its end the points are trained, and the grid shows what it does not tell.
        try landau.write(
            try landau.text(of: "fall.yaml") + "training: {branches: one}\n", to: "one.yaml")
        let one = try landau.run("run", "one.yaml")
        #expect(one.status == 0 && one.errors.contains("11 points (11 converged)"), "\(one.output) \(one.errors)")
        let single = "results/one/store.sqlite"
        #expect(try landau.sql(single, "SELECT COUNT(*) FROM branches WHERE arc_length = 0") == "1\n")
        #expect(try landau.sql(single, "SELECT COUNT(*) FROM observations WHERE squaredNorm < 1e-9") != "0\n")
    }

    /// One tanh unit on z + c He3(z): the line of spinodals in the plane of c and γ, crossed along either axis.
    @Test func aBranchAlongADataControlEndsWhereTheOneAlongTheDecayEnds() throws {
        let landau = try Landau()
        defer { landau.remove() }
        func sweep(_ fixed: String, _ axis: String) -> String {
            """
            model: weight-decay
            fixed: {activation: tanh, depth: 1, width: 1, \(fixed)}
            data: {teacher: "z1 + c*He3(z1)", inputs: 1, samples: 1024, draws: lattice, symmetrized: true}
            axes: {\(axis)}
            direction: branch

            """
        }
        try landau.write(sweep("gamma: 1.05", "c: {from: -1.2, to: -0.6, points: 7}"), to: "c.yaml")
        let along = try landau.run("run", "c.yaml")
        #expect(along.status == 0, "\(along.errors)")
        let first = try verdicts(landau, "c.yaml")[0]
        #expect(first["order"] == "first")
        let (c, place) = (try #require(first["spinodal"]?.number), try #require(first["location"]?.number))
        for (value, member) in [(c, "spinodal"), (place, "location")] {
            try landau.write(sweep("c: \(value)", "gamma: {from: 0.8, to: 1.2, points: 9}"), to: "gamma.yaml")
            #expect(try landau.run("run", "gamma.yaml", "--restart").status == 0)
            let other = try verdicts(landau, "gamma.yaml")[0]
            #expect(other["order"] == "first")
            #expect(abs((other[member]?.number ?? .nan) - 1.05) < 1e-9, "\(member)")
        }
    }

    /// The branch is that of a trained net, which there is for a strong teacher only.
    @Test func aBranchBeginsAtTheUpperEndWhereOnlyThatIsTrained() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(
            """
            model: weight-decay
            fixed: {width: 3, depth: 2, gamma: 0.2}
            data: {teacher: gaussian, inputs: 2, samples: population}
            axes: {signal: {from: 0.1, to: 1.1, points: 9}}
            direction: branch

            """, to: "signal.yaml")
        let run = try landau.run("run", "signal.yaml")
        #expect(run.status == 0 && run.output.contains("the branch above stays metastable down to"), "\(run.output)")
        let found = try verdicts(landau, "signal.yaml")[0]
        #expect(found["order"] == "first" && found["spinodal"] == .null)
        // γ* = (‖w‖²/4)^{2/3} and γ_sp = 3/4^{2/3} γ*, turned round.
        #expect(abs((found["location"]?.number ?? .nan) - 2 * pow(0.2, 0.75)) < 1e-9)
        #expect(abs((found["lowerSpinodal"]?.number ?? .nan) - 2 * pow(0.2 / 3 * pow(4, 2.0 / 3), 0.75)) < 1e-9)
    }

    @Test func theTableOfBranchesHoldsEveryRowWithItsControls() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(Self.sweep, to: "branch.yaml")
        #expect(try landau.run("run", "branch.yaml").status == 0)
        let path = landau.folder.appendingPathComponent("results/branch/store.sqlite").path
        let queue = try DatabaseQueue(path: path)
        let rows = try queue.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM branches WHERE depth = 2 ORDER BY branch_row")
        }
        #expect(rows.count > 20)
        let arcs = rows.map { $0["arc_length"] as Double }
        #expect(arcs == arcs.sorted() && arcs[0] == 0)
        #expect(rows.allSatisfy { $0["width"] as Double? == 3 && $0["gradientNorm"] as Double? ?? 1 < 1e-10 })
        let events = rows.compactMap { $0["branch_event"] as String? }
        #expect(events.sorted() == ["barrier", "fold", "maxwell"])
        let fold = try #require(rows.firstIndex { $0["branch_event"] as String? == "fold" })
        #expect(rows[..<fold].allSatisfy { $0["is_stable"] as Bool })
        #expect(rows[(fold + 1)...].allSatisfy { !($0["is_stable"] as Bool) })
        let peak = rows.map { $0["gamma"] as Double }.max()
        #expect(peak == rows[fold]["gamma"] as Double)
    }

    @Test func branchesAreTheSameForAnyNumberOfThreadsAndSurviveAMerge() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(Self.sweep, to: "branch.yaml")
        #expect(try landau.run("run", "branch.yaml", "--threads", "1").status == 0)
        #expect(try landau.run("run", "branch.yaml", "--threads", "2", "--out", "other").status == 0)
        func branches(_ folder: String) throws -> [Row] {
            let path = landau.folder.appendingPathComponent(folder + "/store.sqlite").path
            return try DatabaseQueue(path: path).read { db in
                try Row.fetchAll(db, sql: "SELECT * FROM branches ORDER BY identity, branch_row")
            }
        }
        let first = try branches("results/branch")
        #expect(try first == branches("other"))
        let merged = try landau.run(
            "merge", "results/branch/store.sqlite", "other/store.sqlite", "--into", "merged")
        #expect(merged.status == 0, "\(merged.errors)")
        #expect(try first == branches("merged"))
    }
}
