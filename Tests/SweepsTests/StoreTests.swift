import Foundation
import GRDB
import PhaseSpace
import Support
import Sweeps
import Testing

@Suite struct StoreTests {
    let bench = Workbench()
    static let text = "model: toy-equilibrium\nfixed: {depth: 2}\naxes: {gamma: [0.5, 1.5]}\n"

    private func open(_ plan: SweepPlan, _ access: Store.Access = .writing) throws -> Store {
        try Store.open(bench.storePath, for: plan, access)
    }
    private func filled(_ text: String = text, _ overrides: [String] = []) throws -> SweepPlan {
        let plan = try bench.plan(text, overrides)
        let store = try open(plan)
        _ = try SweepRunner(plan: plan, store: store, threads: 1).run()
        try store.close()
        return plan
    }
    /// The file as any other program sees it.
    private func sql<T: DatabaseValueConvertible>(_ query: String, _ type: T.Type) throws -> [T?] {
        try DatabaseQueue(path: bench.storePath).read { try Optional<T>.fetchAll($0, sql: query) }
    }
    private func execute(_ statement: String) throws {
        try DatabaseQueue(path: bench.storePath).writeWithoutTransaction { try $0.execute(sql: statement) }
    }

    @Test func observationsComeBackAsTheyWere() throws {
        let plan = try bench.plan(
            "model: toy-equilibrium\nfixed: {gamma: 0.1, depth: 2, noise: [0.1, 0.30000000000000004]}\n")
        let point = plan.points[0]
        let values = ["loss": 0.1 + 0.2, "squaredNorm": 1e-300, "overlap": Double.nan]
        let store = try open(plan)
        defer { try? store.close() }
        try store.record([
            Observation(point: point, outcome: .stalled, reason: "it's \"stuck\"\n", values: values, seconds: 0.25)
        ])
        let back = try #require(try store.observations().first)
        #expect(back.point == point)
        #expect(back.outcome == .stalled)
        #expect(back.reason == "it's \"stuck\"\n")
        #expect(back.values == ["loss": 0.1 + 0.2, "squaredNorm": 1e-300])
        #expect(back.seconds == 0.25)
        #expect(try store.outcomes() == [point.identity: .stalled])
        #expect(try store.counts() == [.stalled: 1])
    }

    @Test func hostileTextStaysText() throws {
        let hostile = [
            "'; DROP TABLE observations; --", "\"\"\"\"", "a\0b", "line\r\nline\tcell\u{0B}\u{85}\u{2028}",
            "\u{1B}[2J\u{7}",
            "=1+1,@x", "<script>&amp;</script>", String(repeating: "é\u{301}", count: 5_000),
            "\u{202E}\u{FEFF}😀\u{10FFFF}",
            "\\\\ \\n $(touch x) `touch x` %s %n", "NULL", "",
        ]
        let rows = 100_000
        let plan = try bench.plan(
            "model: toy-equilibrium\nfixed: {depth: 2}\naxes: {gamma: {from: 1, to: \(rows), points: \(rows)}}\n")
        let store = try open(plan)
        func text(_ k: Int) -> String { hostile[k % hostile.count == 7 && k > 100 ? 0 : k % hostile.count] }
        try store.record(
            plan.points.enumerated().map { k, point in
                Observation(point: point, outcome: .stalled, reason: text(k), values: ["loss": Double(k)])
            })
        try store.close()
        let reader = try open(plan, .reading)
        defer { try? reader.close() }
        try reader.verify()
        var seen = 0
        try reader.forEachObservation(of: plan.points) { observation in
            let expected = text(seen).replacing("\0", with: "\u{FFFD}")
            if observation.reason != expected { Issue.record("\(seen): \(observation.reason)") }
            seen += 1
        }
        #expect(seen == rows)
        var lines = 0
        try plan.export(from: reader, as: .jsonl) { text in
            for line in text.split(separator: "\n") {
                lines += 1
                if (try? JSONValue(parsing: String(line))) == nil { Issue.record("\(line.prefix(100))") }
            }
        }
        #expect(lines == rows)
    }

    @Test func otherProgramsReadAColumnPerControlAndObservable() throws {
        _ = try filled("model: toy-equilibrium\naxes: {depth: [2], gamma: [0.5, 1.5], noise: [0.5, [0.1, 0.2]]}\n")
        #expect(try sql("SELECT gamma FROM observations ORDER BY gamma", Double.self) == [0.5, 0.5, 1.5, 1.5])
        #expect(
            try sql("SELECT noise FROM observations WHERE typeof(noise) = 'text'", String.self)
                == ["[0.1,0.2]", "[0.1,0.2]"])
        // What does not apply is NULL, never a number or a text.
        #expect(
            try sql("SELECT DISTINCT typeof(overlap) FROM observations WHERE gamma > 1", String.self) == ["null"])
        #expect(try sql("SELECT value FROM meta WHERE name = 'schema'", String.self) == ["2"])
        #expect(FileManager.default.fileExists(atPath: bench.storePath + "-wal") == false)
    }

    @Test func theFreeEnergyIsTheLowestOfAllDirectionsAndTheZeroNet() throws {
        let text = "model: toy-equilibrium\nfixed: {depth: 2}\naxes: {gamma: [0.5, 0.9, 1.1, 1.5]}\n"
        let plan = try filled(text + "direction: [cold, up, down]\n")
        let store = try open(plan, .reading)
        defer { try? store.close() }
        let lowest = try [0.5, 0.9, 1.1, 1.5].map { gamma in
            let rows = try store.observations(matching: ["gamma": .number(gamma)])
            #expect(rows.count == 3)
            return rows.flatMap { [$0.values["loss"]!, $0.values["zeroNetLoss"]!] }.min()
        }
        #expect(try sql("SELECT free_energy FROM free_energy ORDER BY gamma", Double.self) == lowest)
        // The metastable branch at 1.1 lies above the zero net.
        #expect(lowest[2] == 1)
    }

    @Test func provenanceSaysWhereResultsComeFrom() throws {
        let plan = try bench.plan(Self.text, ["depth=1"])
        let store = try open(plan)
        defer { try? store.close() }
        let started = Date(timeIntervalSince1970: 1_800_000_000)
        let provenance = Provenance(
            of: plan, toolVersion: "1.0", kernel: "avx2", commandLine: "landau run 'a b.yaml'", started: started)
        #expect(try store.begin(provenance) == 1)
        #expect(try store.begin(provenance) == 2)
        #expect(try store.provenance() == [provenance, provenance])
        #expect(provenance.generator == "Philox4x32-10")
        #expect(provenance.specHash == sha256(Self.text))
    }

    // MARK: - Refusals

    @Test func changedPhysicsIsRefusedWithWhatDiffers() throws {
        _ = try filled(Self.text, ["data.samples=500"])
        let other = try bench.plan(Self.text, ["data.samples=1000", "seed=2", "depth=1", "optimiser.tolerance=0.5"])
        for access in [Store.Access.writing, .reading] {
            let error = #expect(throws: StoreError.self) { try open(other, access) }
            #expect(
                error
                    == .otherPhysics(
                        path: bench.storePath,
                        differences: [
                            "data.samples: 500 → 1000", "fixed.depth: 2 → 1", #"seed: "1" → "2""#,
                            "settings.optimiser.tolerance: 1e-10 → 0.5",
                        ]))
            #expect(error?.description.contains("--restart") == true)
        }
    }

    @Test func aFixedControlMayBecomeAnAxis() throws {
        _ = try filled()
        let wider = try bench.plan(Self.text, ["depth=2,3"])
        let store = try open(wider)
        defer { try? store.close() }
        let summary = try SweepRunner(plan: wider, store: store, threads: 1).run()
        #expect(summary.recorded == 2)
        #expect(summary.alreadyDone == 2)
    }

    @Test func restartBeginsAnewAndKeepsTheOldStoreAside() throws {
        _ = try filled()
        let other = try bench.plan(Self.text, ["seed=2"])
        let store = try open(other, .restarting)
        #expect(try store.outcomes().isEmpty)
        try store.close()
        #expect(FileManager.default.fileExists(atPath: bench.storePath + ".old"))
    }

    @Test func aFileOfSomethingElseIsLeftAlone() throws {
        let plan = try bench.plan(Self.text)
        try FileManager.default.createDirectory(atPath: bench.folder + "/results", withIntermediateDirectories: true)
        let bytes = Data("gamma,loss\n0.5,1\n".utf8)
        try bytes.write(to: URL(fileURLWithPath: bench.storePath))
        #expect(throws: StoreError.notADatabase(path: bench.storePath)) { try open(plan) }
        #expect(FileManager.default.contents(atPath: bench.storePath) == bytes)

        try FileManager.default.removeItem(atPath: bench.storePath)
        try execute("CREATE TABLE songs (title TEXT)")
        let database = FileManager.default.contents(atPath: bench.storePath)
        #expect(throws: StoreError.foreign(path: bench.storePath)) { try open(plan) }
        #expect(FileManager.default.contents(atPath: bench.storePath) == database)
    }

    @Test func aTruncatedStoreIsDamaged() throws {
        let plan = try filled()
        let whole = try #require(FileManager.default.contents(atPath: bench.storePath))
        for length in [60, 4096, whole.count / 2, whole.count - 4096] {
            try whole.prefix(length).write(to: URL(fileURLWithPath: bench.storePath))
            let error = #expect(throws: StoreError.self) { try open(plan) }
            guard case .damaged = error else {
                Issue.record("cut to \(length) bytes: \(String(describing: error))")
                continue
            }
        }
    }

    @Test func overwrittenPagesAreDamage() throws {
        let plan = try filled()
        var bytes = try #require(FileManager.default.contents(atPath: bench.storePath))
        for i in 4096..<8192 { bytes[i] = 0xA5 }
        try bytes.write(to: URL(fileURLWithPath: bench.storePath))
        let error = #expect(throws: StoreError.self) { try open(plan, .reading) }
        guard case .damaged = error else { throw try #require(error) }
    }

    @Test func aStoreOfANewerVersionIsRefused() throws {
        let plan = try filled()
        try execute("UPDATE meta SET value = '7' WHERE name = 'schema'")
        #expect(throws: StoreError.newerSchema(path: bench.storePath, found: 7, known: 2)) { try open(plan) }
    }

    @Test func aStoreThatIsNotThereHasNoResults() throws {
        let plan = try bench.plan(Self.text)
        #expect(throws: StoreError.missing(path: bench.storePath)) { try open(plan, .reading) }
    }

    @Test func oneWriterAtATimeAndReadersBeside() throws {
        let plan = try bench.plan(Self.text)
        let writer = try open(plan)
        let error = #expect(throws: StoreError.self) { try open(plan) }
        guard case .locked(_, let holder) = error else { throw try #require(error) }
        #expect(holder.hasPrefix("process \(getpid()) on "))
        #expect(Store.writer(of: bench.storePath) == holder)
        let reader = try open(plan, .reading)
        try writer.record([Observation(point: plan.points[0], outcome: .converged, values: ["loss": 1])])
        #expect(try reader.outcomes().count == 1)
        let start = ContinuousClock.now
        try writer.close()
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(try reader.outcomes().count == 1)
        try open(plan).close()
        try reader.close()
    }

    @Test func aKilledHolderIsTakenOver() throws {
        let plan = try filled()
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        holder.arguments = ["--exclusive", "--close", bench.storePath + ".lock", "sleep", "3"]
        try holder.run()
        for _ in 0..<500 where Store.writer(of: bench.storePath) == nil { usleep(10_000) }
        #expect(throws: StoreError.locked(path: bench.storePath, holder: "another process")) { try open(plan) }
        kill(holder.processIdentifier, SIGKILL)
        for _ in 0..<500 where Store.writer(of: bench.storePath) != nil { usleep(10_000) }
        try open(plan).close()
    }

    @Test func theLockGoesWithItsHolder() throws {
        let plan = try bench.plan(Self.text)
        do {
            let writer = try open(plan)
            try writer.close()
        }
        #expect(Store.writer(of: bench.storePath) == nil)
        // What a dead process leaves behind is a file that nobody holds.
        try "process 1 on nowhere since ever\n".write(
            toFile: bench.storePath + ".lock", atomically: true, encoding: .utf8)
        try open(plan).close()
    }

    @Test func whatACrashLeavesBehindIsWhole() throws {
        let plan = try bench.plan(Self.text)
        let writer = try open(plan)
        try writer.record(plan.points.map { Observation(point: $0, outcome: .converged, values: ["loss": 1]) })
        // The file and its log as they are while the writer lives are what a killed writer would leave.
        let copy = bench.folder + "/copy.sqlite"
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: bench.storePath + suffix, toPath: copy + suffix)
        }
        try writer.close()
        let reader = try Store.open(copy, for: plan, .reading)
        #expect(try reader.counts() == [.converged: 2])
        try reader.close()
        let next = try Store.open(copy, for: plan, .writing)
        #expect(try next.counts() == [.converged: 2])
        try next.close()
    }

    @Test func aFolderThatCannotBeMadeIsAnError() throws {
        let plan = try bench.plan(Self.text)
        try "a file".write(toFile: bench.folder + "/results", atomically: true, encoding: .utf8)
        #expect(
            throws: StoreError.unwritable(path: bench.folder + "/results", detail: "the folder cannot be made")
        ) { try open(plan) }
    }

    // MARK: - Older stores

    @Test func aStoreWithoutANewObservableGainsItsColumn() throws {
        let plan = try filled()
        // Such a store's checksums do not cover what it does not have.
        try execute(
            """
            DROP VIEW free_energy;
            ALTER TABLE observations DROP COLUMN overlap;
            ALTER TABLE observations DROP COLUMN checksum;
            UPDATE meta SET value = '1' WHERE name = 'schema'
            """)
        let reader = try open(plan, .reading)
        #expect(try reader.observations().allSatisfy { $0.values["overlap"] == nil && $0.values["loss"] != nil })
        try reader.close()
        let writer = try open(plan)
        defer { try? writer.close() }
        #expect(try writer.observations().allSatisfy { $0.values["overlap"] == nil && $0.values["loss"] != nil })
        try writer.record([Observation(point: plan.points[0], outcome: .converged, values: ["overlap": 0.5])])
        #expect(try writer.observations(matching: ["gamma": .number(0.5)]).first?.values == ["overlap": 0.5])
    }
}
