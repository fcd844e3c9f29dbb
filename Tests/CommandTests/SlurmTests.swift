import Foundation
import Testing

/// A job array on a real Slurm that the test starts and stops.
@Suite(.serialized) struct SlurmTests {
    /// Four shards on two nodes, one of them killed and put back into the queue.
    @Test func aJobArrayGivesTheBytesOfASingleMachine() throws {
        guard let slurm = try LocalSlurm.start() else { return }
        defer { slurm.stop() }
        let landau = try Landau()
        defer { landau.remove() }
        let spec = ["depth: [1, 2]": "depth: [1, 2, 3]", "seed: 3": "seed: 3\nreplicas: 32\ntraining: {starts: 400}"]
        // A name that a careless script would run.
        try landau.spec(as: "it's $(touch canary) `x` 100%j", replacing: spec)
        let file = "it's $(touch canary) `x` 100%j.yaml"
        #expect(try landau.run("run", file, "points=1", "--out", "none").status == 2)
        #expect(try landau.run("run", file, "--out", "straight", "--threads", "2").status == 0)
        let straight = try landau.run("export", file, "--out", "straight").output

        let submit = try landau.run(["submit", file, "--shards", "4", "--time", "10"], environment: slurm.environment)
        #expect(submit.status == 0, "\(submit.errors)")
        let job = try #require(submit.output.firstMatch(of: /job (\d+): 4 shards in 4 tasks/)?.1)
        // A task that still waits has no identity of its own yet, and Slurm would take the whole array for it.
        // The first two begin together and have the whole of their work before them.
        try slurm.waitUntilRunning(["\(job)_1", "\(job)_2"], seconds: 60)
        try slurm.killTask("\(job)_2", seconds: 10)
        try slurm.run("scontrol", "requeue", "\(job)_1")
        try slurm.waitUntilEmpty(seconds: 300)
        let logs = try FileManager.default.subpathsOfDirectory(atPath: landau.folder.path)
            .filter { $0.hasSuffix(".log") }
        let text = try logs.map { try landau.text(of: $0) }.joined(separator: "\n")
        #expect(logs.count >= 5, "\(logs)")
        let status = try landau.run("status", file)
        #expect(status.status == 0, "\(status.output)\n\(text)")
        #expect(status.output.contains("shard 4/4: "))
        #expect(try landau.run("export", file).output == straight, "\(text)")
        #expect(!landau.exists("canary") && text.contains("observations added"), "\(text)")
    }

    /// The same for a sweep that a program trains: its states lie in the shard's own folder.
    @Test func aJobArrayOfAProgramGivesTheBytesOfASingleMachine() throws {
        guard let slurm = try LocalSlurm.start() else { return }
        defer { slurm.stop() }
        let landau = try Landau()
        defer { landau.remove() }
        try landau.write(
            """
            import random, time
            import landau_nets as landau
            def train(chain):
                w = chain.state if chain.state is not None else 0.5 + random.Random(chain.seeds["init"]).random()
                for point in chain:
                    time.sleep(0.05)
                    for _ in range(60):  # so few steps that the end depends on the beginning
                        w -= 0.05 * (2 * point["gamma"] * w - 4 * w * (1 - w * w))
                    yield point.completed(loss=(1 - w * w) ** 2 + point["gamma"] * w * w, squaredNorm=w * w)
                    chain.save(w)
            landau.serve(train, name="slow", version="1", controls={"gamma": landau.real(low=0)},
                         observables={"loss": landau.free_energy(), "squaredNorm": landau.observable()},
                         order_parameter="squaredNorm", directions=["cold", "up", "down"], saves=True)

            """, to: "it's $(touch canary).py")
        try landau.write(
            """
            model: "./it's $(touch canary).py"
            axes:
              gamma: {from: 0.2, to: 3, points: 40}
            along: gamma
            direction: [up, down]
            replicas: 8

            """, to: "slow.yaml")
        let environment = slurm.environment.merging(["LANDAU_SHARE": Landau.root.path]) { $1 }
        #expect(
            try landau.run(["run", "slow.yaml", "--out", "straight", "--threads", "2"], environment: environment).status
                == 0)
        let straight = try landau.run("export", "slow.yaml", "--out", "straight").output
        let submit = try landau.run(["submit", "slow.yaml", "--shards", "4", "--time", "10"], environment: environment)
        #expect(submit.status == 0, "\(submit.errors)")
        let job = try #require(submit.output.firstMatch(of: /job (\d+): 4 shards in 4 tasks/)?.1)
        try slurm.waitUntilRunning(["\(job)_1", "\(job)_2"], seconds: 60)
        try slurm.killTask("\(job)_2", seconds: 10)
        try slurm.run("scontrol", "requeue", "\(job)_1")
        try slurm.waitUntilEmpty(seconds: 300)
        let status = try landau.run("status", "slow.yaml")
        #expect(status.status == 0 && status.output.contains("640 done"), "\(status.output)")
        #expect(try landau.run("export", "slow.yaml").output == straight)
        #expect(!landau.exists("canary"))
    }

    @Test func aTaskStopsBeforeItsLimitAndIsPutBackIntoTheQueue() throws {
        guard let slurm = try LocalSlurm.start() else { return }
        defer { slurm.stop() }
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: [
            "seed: 3": "seed: 3\nreplicas: 64\ntraining: {starts: 200}", "depth: [1, 2]": "depth: [3, 4]",
        ])
        let submit = try landau.run(["submit", "small.yaml", "--shards", "1"], environment: slurm.environment)
        #expect(submit.status == 0, "\(submit.errors)")
        let job = try #require(submit.output.firstMatch(of: /job (\d+): 1 shards? in 1 task/)?.1)
        try slurm.waitUntilRunning(["\(job)_1"], seconds: 60)
        usleep(1_000_000)
        // The signal that Slurm itself sends before the time limit.
        _ = try slurm.run("scancel", "--batch", "--signal=USR1", "\(job)_1")
        try slurm.waitUntilEmpty(seconds: 240)
        let log = try landau.text(of: "results/small/shards-\(job)-1.log")
        #expect(log.contains("stopped, the same command goes on"), "\(log)")
        #expect(log.contains("were there already"), "\(log)")
        #expect(try landau.run("status", "small.yaml").status == 0)
    }

    @Test func moreShardsThanAnArrayHoldsRunSeveralToATask() throws {
        guard let slurm = try LocalSlurm.start(maximumArraySize: 3) else { return }
        defer { slurm.stop() }
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let submit = try landau.run(["submit", "small.yaml", "--shards", "5"], environment: slurm.environment)
        #expect(submit.output.contains("5 shards in 2 tasks"), "\(submit.errors)")
        try slurm.waitUntilEmpty(seconds: 300)
        #expect(try landau.run("status", "small.yaml").output.contains("96 points: 96 done"))
        for shard in 1...5 { #expect(landau.exists("results/small/shard-\(shard)-of-5/store.sqlite")) }
    }

    @Test func withoutSlurmTheStatusIsThreeAndTheInstallCommandIsSaid() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let result = try landau.run(["submit", "small.yaml", "--shards", "2"], environment: ["PATH": "/nonexistent"])
        #expect(result.status == 3)
        #expect(result.errors.contains("apt-get install slurm-client"), "\(result.errors)")
        let refused = try landau.run("submit", "small.yaml", "--shards", "0")
        #expect(refused.status == 2 && refused.errors.contains("`--shards` must be in 1…"))
    }

    @Test func theScriptsQuoteEveryWord() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let name = "a'b $(touch canary) \"c\"\n`touch canary` ; touch canary #"
        try landau.spec(as: name)
        let out = landau.folder.appendingPathComponent("out '$(touch canary)'").path
        let dry = try landau.run(
            "submit", name + ".yaml", "--shards", "2", "--dry-run", "--out", out, "title=`touch canary`")
        #expect(dry.status == 0, "\(dry.errors)")
        for shard in ["1", "2"] {
            let array = try landau.shell(out + "/submit.sh", environment: ["SLURM_ARRAY_TASK_ID": shard])
            #expect(array.status == 0, "\(array.errors)")
        }
        let merge = try landau.shell(out + "/merge.sh")
        #expect(merge.status == 0, "\(merge.errors)")
        #expect(merge.output.contains("now 96 (96 converged)") && merge.output.contains("second"))
        #expect(!landau.exists("canary") && !FileManager.default.fileExists(atPath: out + "/canary"))
    }

    @Test func templatesThatWereNamedAreThoseOfTheTasks() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let missing = try landau.run("submit", "small.yaml", "--shards", "2", "--dry-run", "--plots", "nowhere")
        #expect(missing.status == 2 && missing.errors.contains("nowhere"), "\(missing)")
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../plots").standardized
        try FileManager.default.copyItem(at: source, to: landau.folder.appendingPathComponent("own plots"))
        let dry = try landau.run("submit", "small.yaml", "--shards", "2", "--dry-run", "--plots", "own plots")
        #expect(dry.status == 0, "\(dry)")
        let merge = try String(
            contentsOf: landau.folder.appendingPathComponent("results/small/merge.sh"), encoding: .utf8)
        #expect(merge.contains("LANDAU_PLOTS=") && merge.contains("/own plots"), "\(merge)")
    }
}
