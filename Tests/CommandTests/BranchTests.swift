import Foundation
import GRDB
import PhaseSpace
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
