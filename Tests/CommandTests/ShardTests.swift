import Foundation
import PhaseSpace
import Testing

/// Parts of a sweep, run apart and joined, are the sweep.
@Suite struct ShardTests {
    @Test func oneAndThreeShardsInAnyOrderGiveTheSameBytes() throws {
        let whole = try Landau()
        defer { whole.remove() }
        try whole.spec()
        #expect(try whole.run("run", "small.yaml").status == 0)
        let straight = try whole.run("export", "small.yaml").output
        for (shards, orders) in [(1, [[1]]), (3, [[1, 2, 3], [3, 1, 2], [2, 3, 1, 2]])] {
            for order in orders {
                let landau = try Landau()
                defer { landau.remove() }
                try landau.spec()
                for shard in 1...shards {
                    let result = try landau.run("run", "small.yaml", "--shard", "\(shard)/\(shards)")
                    #expect(result.status == 0, "\(result.errors)")
                    #expect(!landau.exists("results/small/store.sqlite"))
                }
                let status = try landau.run("status", "small.yaml")
                #expect(status.status == 0, "\(status.output)")
                #expect(status.output.contains("96 points: 96 done") && status.output.contains("shard 1/\(shards): "))
                let folders = order.map { "results/small/shard-\($0)-of-\(shards)" }
                let merged = try landau.run(["merge"] + folders)
                #expect(merged.status == 0, "\(merged.errors)")
                #expect(merged.output.contains("96 observations added, 0 replaced; now 96 (96 converged)"))
                #expect(try landau.run("export", "small.yaml").output == straight)
                let again = try landau.run(["merge"] + folders.reversed())
                #expect(again.output.contains("0 observations added, 0 replaced"))
                let run = try landau.run("run", "small.yaml")
                #expect(run.status == 0 && run.errors.contains("96 were there already"), "\(run.errors)")
                #expect(try landau.run("export", "small.yaml").output == straight)
            }
        }
    }

    /// A shard that is killed while it begins leaves a folder, and maybe an empty file.
    @Test func aShardWithoutResultsIsLeftOutOfTheUnion() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml", "--shard", "1/2").status == 0)
        let folder = landau.folder.appendingPathComponent("results/small/shard-2-of-2")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let shards = ["results/small/shard-2-of-2", "results/small/shard-1-of-2"]
        for _ in 0..<2 {
            let merged = try landau.run(["merge"] + shards)
            #expect(merged.status == 0, "\(merged.errors)")
            #expect(merged.errors.contains("shard-2-of-2/store.sqlite: no results yet; left out"))
            try landau.write("", to: "results/small/shard-2-of-2/store.sqlite")
        }
        #expect(try landau.run("run", "small.yaml").status == 0)
        let none = try landau.run("merge", shards[0])
        #expect(none.status == 2 && none.errors.contains("none of these stores has results yet"), "\(none.errors)")
        #expect(try landau.run("merge", shards[1], "results/small/shard-3-of-2").status == 2)
    }

    @Test func otherPhysicsAndOtherResultsAreRefused() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml", "--out", "a").status == 0)
        #expect(try landau.run("run", "small.yaml", "seed=4", "--out", "b").status == 0)
        let physics = try landau.run("merge", "a", "b", "--into", "c")
        #expect(physics.status == 2)
        #expect(physics.errors.contains(#"seed: "4" → "3""#), "\(physics.errors)")
        try FileManager.default.removeItem(at: landau.folder.appendingPathComponent("b"))
        #expect(try landau.run("run", "small.yaml", "--out", "b").status == 0)
        try landau.edit("b/store.sqlite", "UPDATE observations SET loss = 7.5 WHERE depth = 1 AND gamma = 0.1")
        let conflict = try landau.run("merge", "a", "b", "--into", "c")
        #expect(conflict.status == 2)
        #expect(conflict.errors.contains("different results of the point"), "\(conflict.errors)")
        #expect(conflict.errors.contains("loss 7.5") && conflict.errors.contains("depth = 1"))
        #expect(try landau.run("status", "small.yaml", "--out", "c").output.contains("0 done"))
    }

    @Test func doneBeatsFailed() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml", "--out", "a").status == 0)
        let straight = try landau.run("export", "small.yaml", "--out", "a").output
        #expect(try landau.run("run", "small.yaml", "--out", "b").status == 0)
        try landau.edit(
            "b/store.sqlite",
            "UPDATE observations SET outcome = 'capped', reason = 'a limit', loss = NULL WHERE depth = 2")
        for (order, into) in [(["a", "b"], "ab"), (["b", "a"], "ba")] {
            let merged = try landau.run(["merge"] + order + ["--into", into])
            // The grid, and three points in the interval where a jump may hide.
            #expect(merged.output.contains("now 99 (99 converged)"), "\(merged.errors)")
            #expect(try landau.run("export", "small.yaml", "--out", into).output == straight)
        }
    }

    @Test func cappedPointsAreTriedAgainWithDoubledLimits() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        #expect(try landau.run("run", "small.yaml").status == 0)
        let straight = try landau.run("export", "small.yaml").output
        try landau.edit(
            "results/small/store.sqlite",
            "UPDATE observations SET outcome = 'capped' WHERE depth = 1 AND direction = 'cold'")
        #expect(try landau.run("run", "small.yaml").errors.contains("96 were there already"))
        let retried = try landau.run("run", "small.yaml", "--retry", "capped")
        #expect(retried.errors.contains("16 points (16 converged)"), "\(retried.errors)")
        #expect(try landau.run("export", "small.yaml").output == straight)
        #expect(try landau.sql("results/small/store.sqlite", "SELECT value FROM meta WHERE name = 'effort'") == "2\n")
    }

    @Test(arguments: ["0/3", "4/3", "1", "a/b", "1/0", "-1/3", "1/2/3", "1/9999999999"])
    func impossibleShardsAreRefused(_ shard: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let result = try landau.run("run", "small.yaml", "--shard=\(shard)")
        #expect(result.status == 2)
        #expect(result.errors.contains("must be i/n"), "\(result.errors)")
    }

    @Test func storesOfSeveralPlacesNeedATarget() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let result = try landau.run("merge", "a/store.sqlite", "b/store.sqlite")
        #expect(result.status == 2 && result.errors.contains("--into DIR"), "\(result.errors)")
        let missing = try landau.run("merge", "a/store.sqlite", "--into", "c")
        #expect(missing.status == 2 && missing.errors.contains("no results yet"), "\(missing.errors)")
        let mistyped = try landau.run("merge", "nope", "--into", "c")
        #expect(mistyped.status == 2 && mistyped.errors.contains("nope: there is no such folder"), "\(mistyped.errors)")
    }
}
