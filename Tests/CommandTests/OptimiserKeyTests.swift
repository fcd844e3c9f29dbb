import Foundation
import Testing

/// `training: {optimiser: …}` of a sweep file.
@Suite struct OptimiserKeyTests {
    private static let head = """
        model: weight-decay
        seed: 3
        fixed: {depth: 1, width: 3, activation: tanh}
        data: {teacher: gaussian, inputs: 2, samples: 16}
        axes: {gamma: [0.05, 0.2, 0.6]}
        figures: []

        """

    private func rows(_ landau: Landau, _ name: String) throws -> [[Substring]] {
        let export = try landau.run("export", "\(name).yaml")
        #expect(export.status == 0, "\(export.errors)")
        return export.output.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }

    private func column(_ name: String, _ rows: [[Substring]]) throws -> [String] {
        let place = try #require(rows.first?.firstIndex { $0 == name })
        return rows.dropFirst().map { String($0[place]) }
    }

    @Test(arguments: ["descent", "momentum", "adam"]) func polishedStartsEndInTheMinimaOfTheFastWay(_ rule: String)
        throws
    {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(Self.head, to: "plain.yaml")
        try landau.write(Self.head + "training: {optimiser: \(rule), rate: 0.02}\n", to: "ruled.yaml")
        for name in ["plain", "ruled"] {
            #expect(try landau.run("run", "\(name).yaml", "--threads", "1").status == 0)
        }
        let (plain, ruled) = (try rows(landau, "plain"), try rows(landau, "ruled"))
        #expect(try column("outcome", ruled) == ["converged", "converged", "converged"])
        for (a, b) in zip(try column("loss", plain), try column("loss", ruled)) {
            let (a, b) = (try #require(Double(a)), try #require(Double(b)))
            #expect(abs(a - b) <= 1e-9 * max(1, abs(a)))
        }
        #expect(try column("trainingSteps", plain) != column("trainingSteps", ruled))
    }

    @Test func withoutPolishAPointIsWhereTheOptimiserEnds() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(
            Self.head + "training: {optimiser: adam, rate: 0.001, polish: false, starts: 1}\n", to: "raw.yaml")
        #expect(try landau.run("run", "raw.yaml", "--threads", "1").status == 0)
        let rows = try rows(landau, "raw")
        for (outcome, curvature) in zip(try column("outcome", rows), try column("lowestCurvature", rows)) {
            #expect(["completed", "converged"].contains(outcome))
            if outcome == "completed" { #expect(curvature.isEmpty) }
        }
    }

    @Test func aDefaultRateStandsInNoIdentity() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(Self.head + "training: {optimiser: momentum}\n", to: "short.yaml")
        try landau.write(Self.head + "training: {optimiser: momentum, rate: 0.01, polish: true}\n", to: "long.yaml")
        #expect(try landau.run("run", "short.yaml", "--threads", "1").status == 0)
        let status = try landau.run("status", "long.yaml", "--out", "results/short")
        #expect(status.status == 0 && status.output.contains(", 0 left"), "\(status)")
    }

    @Test func whatDoesNotFitIsRefusedWithTheReason() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let cases = [
            ("training: {rate: 0.1}\n", "`rate` belongs to `optimiser`"),
            ("training: {optimiser: adem}\n", "adam"),
            ("training: {optimiser: adam, rate: 0}\n", "`rate` must be"),
            ("training: {optimiser: adam, polish: false}\ndirection: [cold, up]\n", "warm sweeps and branches"),
        ]
        for (keys, words) in cases {
            try landau.write(Self.head + keys, to: "wrong.yaml")
            let run = try landau.run("run", "wrong.yaml", "--dry-run", "--no-calibration")
            #expect(
                run.status == 2 && run.errors.contains("wrong.yaml:") && run.errors.contains(words), "\(run.errors)")
        }
        for model in [
            "vae", "linear-vae", "training-dynamics", "sgd-decay", "edge-of-chaos", "batch-reuse", "catapult-map",
        ] {
            #expect(try landau.run("new", model, "\(model).yaml").status == 0)
            let run = try landau.run("run", "\(model).yaml", "training.optimiser=adam", "--dry-run", "--no-calibration")
            #expect(
                run.status == 2 && run.errors.contains("`optimiser` is no training key of \(model)"), "\(run.errors)")
            #expect(run.errors.contains(model == "catapult-map" ? "the map is" : ": its nets"), "\(run.errors)")
        }
    }
}
