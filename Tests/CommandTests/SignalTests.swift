import Foundation
import PhaseSpace
import Support
import Testing

/// A run that is stopped, by whatever means, loses nothing and goes on with the same command.
@Suite(.serialized) struct SignalTests {
    /// Takes about two seconds on one thread with 24 replicas.
    private func longSpec(_ landau: Landau, replicas: Int = 24) throws {
        try landau.spec(replacing: [
            "depth: [1, 2]": "depth: [1, 2, 3]", "points: 16": "points: 64", "width: 4": "width: 8",
            "[order-parameter, phase-diagram]": "[]",
            "seed: 3": "seed: 3\nreplicas: \(replicas)\ntraining: {starts: 24}",
        ])
    }

    private func straightExport() throws -> String {
        let landau = try Landau()
        defer { landau.remove() }
        try longSpec(landau)
        #expect(try landau.run("run", "small.yaml", "--threads", "2").status == 0)
        return try landau.run("export", "small.yaml").output
    }

    /// Until a process has used so many seconds of a processor, however busy the machine is; or has ended.
    private func waitUntil(_ process: Int32, hasUsed seconds: Double) {
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        while let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) {
            // Behind the name, which may hold blanks: user and system time are the twelfth and thirteenth.
            let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
            guard fields.count > 13, fields[1] != "Z", let user = Double(fields[12]), let system = Double(fields[13])
            else { return }
            if (user + system) / ticks >= seconds { return }
            usleep(2_000)
        }
    }

    private func points(_ landau: Landau) throws -> Int {
        let status = try landau.run("status", "small.yaml", "--json")
        #expect(status.errors.isEmpty, "\(status.errors)")
        return Int(try #require(try JSONValue(parsing: status.output)["done"]?.number))
    }

    @Test func stoppedRunsGoOnAndExportTheSameBytes() throws {
        let straight = try straightExport()
        #expect(straight.split(separator: "\n").count == 3 * 64 * 24 * 3 + 1)
        let landau = try Landau()
        defer { landau.remove() }
        try longSpec(landau)
        var before = 0
        for signal in [SIGINT, SIGTERM, SIGUSR1] {
            let running = try landau.start(["run", "small.yaml", "--threads", "1"])
            waitUntil(running.process.processIdentifier, hasUsed: 0.4)
            kill(running.process.processIdentifier, signal)
            let result = try running.result()
            #expect(result.status == 75, "\(result.errors)")
            #expect(result.errors.contains("stopped, the same command goes on"), "\(result.errors)")
            #expect(result.output.isEmpty)
            let now = try points(landau)
            #expect(now > before && now < 3 * 64 * 24 * 3)
            before = now
        }
        #expect(try landau.run("run", "small.yaml", "--threads", "7").status == 0)
        #expect(try landau.run("export", "small.yaml").output == straight)
    }

    @Test func aSecondSignalEndsTheRunAtOnce() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try longSpec(landau)
        let running = try landau.start(["run", "small.yaml", "--threads", "1"])
        waitUntil(running.process.processIdentifier, hasUsed: 0.3)
        // Stopped, the process cannot end after the first signal: it finds two when it goes on.
        kill(running.process.processIdentifier, SIGSTOP)
        kill(running.process.processIdentifier, SIGINT)
        kill(running.process.processIdentifier, SIGTERM)
        kill(running.process.processIdentifier, SIGCONT)
        let result = try running.result()
        #expect(result.status == -SIGINT || result.status == -SIGTERM, "\(result.status)")
        #expect(try landau.run("run", "small.yaml").status == 0)
    }

    @Test func aRunEndsBeforeItsClusterJobDoes() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try longSpec(landau, replicas: 240)
        // The run leaves 20 s to spare: two to three seconds are its own, of the ten or more it would need.
        let end = String(Int(Date().timeIntervalSince1970) + 23)
        let result = try landau.run("run", "small.yaml", "--threads", "1", environment: ["SLURM_JOB_END_TIME": end])
        #expect(result.status == 75, "\(result.errors)")
        #expect(try points(landau) > 0)
    }

    @Test func killsBetweenBatchesOfReplicasLoseNothing() throws {
        func make() throws -> Landau {
            let landau = try Landau()
            try longSpec(landau, replicas: 24)
            let text = try landau.text(of: "small.yaml").replacing("samples: population", with: "samples: 50")
            try landau.write(
                text + "\nstopWhen: {observable: loss, relative: 0.06, from: 4, step: 2}\n", to: "small.yaml")
            return landau
        }
        let whole = try make()
        defer { whole.remove() }
        #expect(try whole.run("run", "small.yaml", "--threads", "2").status == 0)
        let straight = try whole.run("export", "small.yaml").output
        let rows = straight.split(separator: "\n").count - 1
        #expect(rows > 3 * 64 * 4 * 3 && rows < 3 * 64 * 24 * 3, "\(rows)")
        let status = try whole.run("status", "small.yaml")
        #expect(status.status == 0 && status.output.contains("error as small as asked at "), "\(status.output)")
        let landau = try make()
        defer { landau.remove() }
        var random = SplitMix(state: 21)
        for kills in 0..<8 {
            let running = try landau.start(["run", "small.yaml", "--threads", "\(kills % 2 + 1)"])
            usleep(100_000 + UInt32(random.next() % 300_000))
            kill(running.process.processIdentifier, SIGKILL)
            _ = try running.result()
        }
        #expect(try landau.run("run", "small.yaml", "--threads", "7").status == 0)
        #expect(try landau.run("export", "small.yaml").output == straight)
    }

    @Test func twentyKillsLoseNothing() throws {
        let straight = try straightExport()
        let landau = try Landau()
        defer { landau.remove() }
        try longSpec(landau)
        var random = SplitMix(state: 20)
        var kills = 0
        var before = 0
        while kills < 20 {
            let running = try landau.start(["run", "small.yaml", "--threads", "2"])
            usleep(UInt32(random.next() % 150_000))
            kill(running.process.processIdentifier, SIGKILL)
            let result = try running.result()
            // Whoever is through before the kill begins anew: twenty runs shall be killed.
            if result.status == 0 {
                #expect(try landau.run("export", "small.yaml").output == straight)
                #expect(try landau.run("delete", "small.yaml").status == 0)
                before = 0
                continue
            }
            #expect(result.status == -SIGKILL, "\(result.errors)")
            kills += 1
            let now = landau.exists("results/small/store.sqlite") ? try points(landau) : 0
            #expect(now >= before)
            before = now
        }
        #expect(try landau.run("run", "small.yaml", "--threads", "2").status == 0)
        #expect(try landau.run("export", "small.yaml").output == straight)
    }
}

/// Numbers that a test can repeat.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
