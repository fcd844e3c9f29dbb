import Foundation
import Testing

/// What `delete` takes and what it leaves.
@Suite struct DeleteTests {
    private func make(_ landau: Landau, _ folder: String) throws {
        try FileManager.default.createDirectory(
            at: landau.folder.appendingPathComponent(folder), withIntermediateDirectories: true)
    }

    @Test func whatASweepHasWrittenGoes() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml", "--shard", "1/2").status == 0)
        #expect(try landau.run("run", "small.yaml", "--shard", "2/2").status == 0)
        #expect(try landau.run("submit", "small.yaml", "--shards", "2", "--dry-run").status == 0)
        #expect(try landau.run("merge", "results/small/shard-1-of-2", "results/small/shard-2-of-2").status == 0)
        #expect(try landau.run("run", "small.yaml").status == 0)
        let formats = ["plot", "small.yaml", "--format", "svg,pdf,png,tikz,cairolatex,dumb"]
        #expect(try landau.run(formats).status == 0)
        #expect(try landau.run("run", "small.yaml", "depth=1", "--restart").status == 0)
        let result = try landau.run("delete", "small.yaml")
        #expect(result.status == 0 && result.output.hasPrefix("removed results/small ("), "\(result.errors)")
        #expect(result.errors.isEmpty && !landau.exists("results/small"), "\(result.errors)")
    }

    @Test func whatIsNotTheSweepsStaysAndIsNamed() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml", "depth=2", "--out", "mine").status == 0)
        try make(landau, "mine/nested")
        #expect(try landau.run("run", "small.yaml", "depth=1", "--out", "mine/nested").status == 0)
        let own = [
            "mine/notes.txt", "mine/submit.sh", "mine/store.sqlite.copy", "mine/figures/order-parameter/own.tsv",
            "mine/figures/order-parameter/order-parameter.odt", "mine/figures/mine.svg",
        ]
        for file in own { try landau.write("mine", to: file) }
        // A link leads elsewhere.
        try make(landau, "elsewhere")
        for file in ["figure.gp", "histogram.svg"] { try landau.write("mine", to: "elsewhere/\(file)") }
        try FileManager.default.createSymbolicLink(
            atPath: landau.folder.path + "/mine/figures/histogram",
            withDestinationPath: landau.folder.path + "/elsewhere")
        let result = try landau.run("delete", "small.yaml", "--out", "mine")
        #expect(result.status == 0 && result.output.hasSuffix("files in mine\n"), "\(result.output)")
        for name in [
            "notes.txt", "submit.sh", "nested/", "store.sqlite.copy", "figures/order-parameter/own.tsv",
            "figures/histogram",
        ] { #expect(result.errors.contains(name), "\(name): \(result.errors)") }
        for file in own + ["elsewhere/figure.gp", "elsewhere/histogram.svg", "mine/nested/store.sqlite"] {
            #expect(landau.exists(file), "\(file)")
        }
        #expect(!landau.exists("mine/store.sqlite") && !landau.exists("mine/figures/order-parameter/figure.gp"))
        #expect(!landau.exists("mine/figures/order-parameter/points.tsv"))
        #expect(try landau.run("delete", "small.yaml", "--out", "mine").errors.contains("holds no results"))
    }

    @Test func aShardThatIsBeingWrittenIsNotRemoved() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml", "--shard", "1/2").status == 0)
        #expect(try landau.run("run", "small.yaml", "--shard", "2/2").status == 0)
        let lock = landau.folder.path + "/results/small/shard-2-of-2/store.sqlite.lock"
        try "process 1 on here\n".write(toFile: lock, atomically: true, encoding: .utf8)
        let descriptor = open(lock, O_RDWR)
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let result = try landau.run("delete", "small.yaml")
        #expect(result.status == 2 && result.errors.contains("in use by process 1 on here"), "\(result.errors)")
        for shard in ["shard-1-of-2", "shard-2-of-2"] { #expect(landau.exists("results/small/\(shard)/store.sqlite")) }
        close(descriptor)
        #expect(try landau.run("delete", "small.yaml").status == 0)
        #expect(!landau.exists("results/small"))
    }

    @Test func aDatabaseOfAnotherProgramIsNotRemoved() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        try make(landau, "other")
        try landau.sql("other/store.sqlite", "CREATE TABLE mine (x)")
        let result = try landau.run("delete", "small.yaml", "--out", "other")
        #expect(result.status == 2 && result.errors.contains("not one of Landau's"), "\(result.errors)")
        #expect(landau.exists("other/store.sqlite"))
    }
}
