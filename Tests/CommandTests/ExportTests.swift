import Foundation
import PhaseSpace
import Support
import Testing

/// Nets, recorded steps and parts of the points.
@Suite struct ExportTests {
    private static func nets(_ text: String) throws -> [JSONValue] {
        try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    private static func numbers(_ array: JSONValue) -> [Double] {
        array.number.map { [$0] } ?? (array.list ?? []).flatMap(numbers)
    }

    @Test func netsHaveTheObservablesThatTheStoreHolds() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(
            """
            model: weight-decay
            fixed: {width: 3, noise: 0.5}
            data: {teacher: gaussian, inputs: 2, samples: population}
            axes: {depth: [1, 2], gamma: {from: 0.1, to: 0.6, points: 4}}
            direction: [cold, up, down, branch]
            replicas: 2
            figures: []
            """, to: "mine.yaml")
        #expect(try landau.run("run", "mine.yaml").status == 0)
        let rows = try Self.nets(try landau.run("export", "mine.yaml", "--format", "jsonl").output)
        let nets = try Self.nets(try landau.run("export", "results/mine", "--weights").output)
        #expect(nets.count == rows.count)
        #expect(rows.count == 2 * 4 * 4 * 2)
        for (net, row) in zip(nets, rows) {
            for key in ["depth", "gamma", "replica", "direction", "outcome"] { #expect(net[key] == row[key]) }
            let arrays = try #require(net["weights"]?.object)
            let depth = Int(try #require(row["depth"]?.number))
            #expect(Array(arrays.keys) == (1...depth + 1).map { "W\($0)" })
            let square = arrays.values.flatMap(Self.numbers).reduce(0) { $0 + $1 * $1 }
            let stored = try #require(row["squaredNorm"]?.number)
            #expect(abs(square - stored) <= 1e-12 * max(1, stored))
            #expect(arrays["W1"]?.list?.count == 3)
            #expect(arrays["W1"]?.list?.allSatisfy { $0.list?.count == 2 } == true)
        }
        #expect(nets.contains { Self.numbers($0["weights"]?["W1"] ?? .null).contains { $0 != 0 } })
    }

    @Test func oneNetIsAskedForByItsPlace() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml", "direction=up").status == 0)
        let one = try Self.nets(
            try landau.run(
                "export", "results/small", "--weights", "--where", "depth=1", "--where", "gamma=0.52", "--where",
                "replica=0"
            ).output)
        #expect(one.count == 1)
        #expect(one.first?["depth"] == 1)
        #expect(one.first?["direction"] == "up")
        let part = try landau.run("export", "results/small", "--where", "depth=1", "--where", "replica=0")
        let whole = try landau.run("export", "results/small")
        let rest = part.output.split(separator: "\n").dropFirst()
        #expect(!rest.isEmpty)
        #expect(rest.allSatisfy { whole.output.contains($0) })
        #expect(rest.count < whole.output.split(separator: "\n").count - 1)
    }

    @Test(arguments: [
        (["--where", "depht=1"], "did you mean `depth`"),
        (["--where", "depth=77"], "no point of the sweep has `depth` 77"),
        (["--where", "replica=9"], "`replica` must be a whole number"), (["--where", "depth"], "key=value"),
        (["--where", "depth=1", "--where", "depth=2"], "asked for twice"),
        (["--where", "direction=branch"], "the sweep has no direction `branch`"),
        (["--weights", "--trajectories"], "two exports"), (["--weights", "--format", "csv"], "formats: jsonl, npz"),
        (["--format", "npz"], "formats: csv, tsv, jsonl"),
    ])
    func whatCannotBeAskedForIsRefused(_ words: [String], _ sentence: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml").status == 0)
        let result = try landau.run(["export", "small.yaml"] + words)
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(sentence), "\(result.errors)")
    }

    @Test func aNetThatGivesOtherNumbersIsNotHandedOut() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml").status == 0)
        try landau.edit("results/small/store.sqlite", "UPDATE observations SET squaredNorm = squaredNorm + 1e-9")
        let result = try landau.run("export", "small.yaml", "--weights")
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("trained again it gives squaredNorm"), "\(result.errors)")
    }

    @Test func pointsThatAreNoNetsHaveNoWeights() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(
            "model: catapult-map\nfixed: {steps: 100}\naxes: {relativeRate: [2.1, 3]}\nfigures: []\n", to: "map.yaml")
        #expect(try landau.run("run", "map.yaml").status == 0)
        let result = try landau.run("export", "map.yaml", "--weights")
        #expect(result.status == 2)
        #expect(result.errors.contains("keeps no weights"), "\(result.errors)")
    }

    @Test func everyModelOfNetsHasThem() throws {
        for name in ["tangent-kernel", "stochastic-descent", "linear-autoencoder", "autoencoder", "smooth-nets"] {
            let landau = try Landau()
            defer { landau.remove() }
            let sweep = try #require(SmallSweep.all.first { $0.name == name })
            try landau.write(sweep.text, to: "mine.yaml")
            #expect(try landau.run("run", "mine.yaml").status != 2)
            let rows = try Self.nets(try landau.run("export", "mine.yaml", "--format", "jsonl").output)
            let result = try landau.run("export", "mine.yaml", "--weights")
            #expect(result.status == 0, "\(name): \(result.errors)")
            let nets = try Self.nets(result.output)
            #expect(nets.count == rows.count)
            for net in nets where ["converged", "completed"].contains(net["outcome"]?.text) {
                #expect(net["weights"]?.object?.isEmpty == false, "\(name)")
            }
            // Independent of how they were handed out.
            for (net, row) in zip(nets, rows) where name == "linear-autoencoder" {
                let square = Self.numbers(net["weights"]?["U"] ?? .null).reduce(0) { $0 + $1 * $1 }
                let stored = try #require(row["decoderSquaredNorm"]?.number)
                #expect(abs(square - stored) <= 1e-10 * max(1, stored))
            }
        }
    }

    @Test func recordedStepsAreATable() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let sweep = try #require(SmallSweep.all.first { $0.name == "tangent-kernel" })
        try landau.write(sweep.text, to: "mine.yaml")
        #expect(try landau.run("run", "mine.yaml").status != 2)
        let table = try landau.run("export", "mine.yaml", "--trajectories", "--where", "replica=1")
        let lines = table.output.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let head = try #require(lines.first).map(String.init)
        let (step, replica) = (try #require(head.firstIndex(of: "step")), try #require(head.firstIndex(of: "replica")))
        #expect(Set(lines.dropFirst().map { $0[replica] }).count == 1)
        let count = try landau.sql(
            "results/mine/store.sqlite",
            "SELECT COUNT(*) FROM trajectories t JOIN observations o ON o.identity = t.identity WHERE o.replica = 1")
        #expect(Int(count.dropLast()) == lines.count - 1)
        #expect(lines.dropFirst().first?[step].hasPrefix("0") == true)
        try landau.spec()
        #expect(try landau.run("run", "small.yaml").status == 0)
        let none = try landau.run("export", "small.yaml", "--trajectories")
        #expect(none.status == 0)
        #expect(none.errors.contains("no steps are recorded"))
    }
}
