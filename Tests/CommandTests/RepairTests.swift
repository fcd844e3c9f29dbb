import Foundation
import PhaseSpace
import Testing

/// Damaged stores: found, said, rescued.
@Suite struct RepairTests {
    private let store = "results/small/store.sqlite"

    private func run(_ landau: Landau) throws -> (straight: String, bytes: Data) {
        try landau.spec(replacing: ["[order-parameter, phase-diagram]": "[]"])
        #expect(try landau.run("run", "small.yaml", "replicas=4").status == 0)
        let straight = try landau.run("export", "small.yaml", "replicas=4").output
        return (straight, try Data(contentsOf: landau.folder.appendingPathComponent(store)))
    }

    /// Repairs the store, runs the sweep again, and compares with the straight run.
    private func repairsAndGoesOn(_ landau: Landau, _ straight: String, atLeast least: Int, _ what: String) throws {
        let repaired = try landau.run("repair", store)
        #expect(repaired.status == 0, "\(what): \(repaired.errors)")
        #expect(repaired.output.contains("rescued "), "\(what)")
        let rescued = Int(repaired.output.split(separator: " ")[1]) ?? -1
        #expect(rescued >= least, "\(what): \(repaired.output)")
        #expect(repaired.output.contains("`landau status` counts the points that are missing"), "\(what)")
        let again = try landau.run("run", "small.yaml", "replicas=4")
        #expect(again.status == 0, "\(what): \(again.errors)")
        #expect(try landau.run("export", "small.yaml", "replicas=4").output == straight, "\(what)")
    }

    @Test func truncatedStoresAreRescuedAndCompleted() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let (straight, bytes) = try run(landau)
        let file = landau.folder.appendingPathComponent(store)
        for part in [0.3, 0.5, 0.7, 0.9, 0.99] {
            try bytes.prefix(Int(Double(bytes.count) * part)).write(to: file)
            let refused = try landau.run("run", "small.yaml", "replicas=4")
            #expect(refused.status == 2 && refused.errors.contains("landau repair"), "\(refused.errors)")
            try repairsAndGoesOn(landau, straight, atLeast: part > 0.6 ? 100 : 0, "cut to \(part)")
        }
        // The header alone tells nothing of the sweep.
        try bytes.prefix(600).write(to: file)
        let hopeless = try landau.run("repair", store)
        #expect(hopeless.status == 2)
        #expect(hopeless.errors.contains("must be trained anew"), "\(hopeless.errors)")
    }

    @Test func flippedBitsAreNeverExported() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let (straight, bytes) = try run(landau)
        let file = landau.folder.appendingPathComponent(store)
        var random = SplitMix(state: 5)
        var (noticed, harmless) = (0, 0)
        for round in 0..<24 {
            var damaged = bytes
            for _ in 0..<4 { damaged[Int(random.next() % UInt64(bytes.count))] ^= UInt8(1 << (random.next() % 8)) }
            try damaged.write(to: file)
            let export = try landau.run("export", "small.yaml", "replicas=4")
            guard export.status != 0 else {
                // The flips hit free space, or seconds and provenance, which are no results.
                #expect(export.output == straight, "round \(round)")
                harmless += 1
                continue
            }
            noticed += 1
            #expect(export.status == 2 && !export.errors.isEmpty, "\(export.errors)")
            guard export.errors.contains("landau repair") else { continue }
            try repairsAndGoesOn(landau, straight, atLeast: 0, "round \(round)")
        }
        #expect(noticed > 5, "\(noticed) noticed, \(harmless) harmless")
    }

    @Test func aChangedNumberIsNoticedByTheRunAndLeftOutByTheRepair() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let (straight, _) = try run(landau)
        try landau.sql(
            store, "UPDATE observations SET loss = loss + 1e-9 WHERE depth = 2 AND replica = 1 AND gamma = 0.1")
        for verb in ["run", "export", "transitions"] {
            let refused = try landau.run(verb, "small.yaml", "replicas=4")
            #expect(refused.status == 2 && refused.errors.contains("has changed"), "\(refused.errors)")
        }
        let repaired = try landau.run("repair", "results/small", "--into", "rescued.sqlite")
        #expect(repaired.output.contains("rescued 393 observations (393 converged)"), "\(repaired.output)")
        #expect(repaired.output.contains("left out: 3 observations are not as they were written"))
        #expect(landau.exists("rescued.sqlite") && !landau.exists(store + ".damaged"))
        try repairsAndGoesOn(landau, straight, atLeast: 381, "in place")
        #expect(landau.exists(store + ".damaged"))
    }

    @Test func aTextThatBecameABlobIsLeftOut() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let (straight, _) = try run(landau)
        try landau.sql(
            store, "UPDATE observations SET activation = CAST(activation AS BLOB) WHERE depth = 2 AND replica = 1")
        #expect(try landau.run("export", "small.yaml", "replicas=4").status == 2)
        try repairsAndGoesOn(landau, straight, atLeast: 300, "a blob")
    }

    @Test(arguments: ["'activation', 'activatinn'", "'\"seed\":\"3\"', '\"seed\":\"2\"'"])
    func constantsThatChangedAreTakenFromTheRunThatTheRowsConfirm(_ change: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        let (straight, _) = try run(landau)
        try landau.sql(store, "UPDATE meta SET value = replace(value, \(change)) WHERE name = 'constants'")
        let refused = try landau.run("run", "small.yaml", "replicas=4")
        #expect(refused.status == 2 && refused.errors.contains("are of another sweep"), "\(refused.errors)")
        try repairsAndGoesOn(landau, straight, atLeast: 384, change)
    }

    @Test func aNewerSchemaWithTheTablesOfThisOneIsDamage() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let (straight, _) = try run(landau)
        try landau.sql(store, "UPDATE meta SET value = '6' WHERE name = 'schema'")
        let refused = try landau.run("run", "small.yaml", "replicas=4")
        #expect(refused.status == 2 && refused.errors.contains("schema 6, this one knows 2"), "\(refused.errors)")
        #expect(refused.errors.contains("landau repair"))
        let repaired = try landau.run("repair", store, "--into", "rescued.sqlite")
        #expect(repaired.output.contains("called itself of schema 6, but its tables are those of schema 2"))
        try repairsAndGoesOn(landau, straight, atLeast: 384, "schema 6")
    }

    @Test(arguments: [
        "CREATE TABLE spectra (identity TEXT PRIMARY KEY)", "ALTER TABLE provenance ADD COLUMN commit_hash TEXT",
        "ALTER TABLE observations ADD COLUMN spread REAL",
    ])
    func aStoreOfANewerVersionIsNotRepaired(_ change: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        _ = try run(landau)
        for sql in ["UPDATE meta SET value = '3' WHERE name = 'schema'", change] { try landau.sql(store, sql) }
        let before = try Data(contentsOf: landau.folder.appendingPathComponent(store))
        let refused = try landau.run("repair", store)
        #expect(refused.status == 2 && refused.errors.contains("written by a newer version"), "\(refused.errors)")
        #expect(try Data(contentsOf: landau.folder.appendingPathComponent(store)) == before)
        #expect(!landau.exists(store + ".rescued") && !landau.exists(store + ".damaged"))
    }

    @Test func textOfTheFileIsNotExecuted() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let (straight, _) = try run(landau)
        let canary = landau.folder.path + "/canary.sqlite"
        let planted = "; ATTACH DATABASE ''\(canary)'' AS c; CREATE TABLE c.planted (x)"
        try landau.sqlWithoutTransaction(
            store, "PRAGMA writable_schema = ON",
            "UPDATE sqlite_master SET sql = sql || '\(planted)' WHERE name = 'observations'")
        try repairsAndGoesOn(landau, straight, atLeast: 384, "planted")
        #expect(!landau.exists("canary.sqlite"))
    }

    /// What is no text, number or identity where one belongs, in a store without checksums.
    @Test(arguments: [
        "outcome = x'ff00'", "direction = x'ff'", "seconds = 'soon'", "replica = 'first'", "reason = x'ff'",
        "loss = 'low'", "identity = x'00'", "outcome = 'finished'", "gamma = '[1,'",
    ])
    func aValueOfAnotherTypeIsDamage(_ change: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: ["[order-parameter, phase-diagram]": "[]"])
        #expect(try landau.run("run", "small.yaml", "depth=1").status == 0)
        try landau.edit(
            store, "UPDATE observations SET \(change) WHERE identity = (SELECT MIN(identity) FROM observations)")
        let statuses = try ["export", "transitions", "status", "run"].map { verb in
            let result = try landau.run(verb, "small.yaml", "depth=1")
            #expect([0, 1, 2].contains(result.status), "\(verb): \(result.status) \(result.errors)")
            return result.status == 2 && result.errors.contains("damaged")
        }
        #expect(statuses.contains(true), "nobody noticed that \(change)")
    }

    @Test func whatIsNoStoreIsNotRepaired() throws {
        let landau = try Landau()
        defer { landau.remove() }
        for (name, text) in [
            ("none.sqlite", nil), ("empty.sqlite", ""), ("text.sqlite", String(repeating: "gamma", count: 999)),
        ] {
            if let text { try landau.write(text, to: name) }
            let result = try landau.run("repair", name)
            #expect(result.status == 2 && !result.errors.isEmpty, "\(name): \(result.errors)")
            #expect(!landau.exists(name + ".rescued"))
        }
    }

    @Test(arguments: [1, 2]) func storesOfEveryReleasedSchemaExportTheSameBytes(_ schema: Int) throws {
        let landau = try Landau()
        defer { landau.remove() }
        let fixture = Bundle.module.url(forResource: "schema-\(schema)", withExtension: nil, subdirectory: "Stores")!
        let copy = landau.folder.appendingPathComponent("results/small")
        try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: fixture.appendingPathComponent("store.sqlite"), to: copy.appendingPathComponent("store.sqlite"))
        try FileManager.default.copyItem(
            at: fixture.appendingPathComponent("small.yaml"), to: landau.folder.appendingPathComponent("small.yaml"))
        let export = try String(contentsOf: fixture.appendingPathComponent("export.csv"), encoding: .utf8)
        // Observables that came later are columns at other places, empty in old rows.
        #expect(try columns(of: export, from: landau.run("export", "small.yaml").output) == export)
        let run = try landau.run("run", "small.yaml")
        #expect(run.errors.contains("30 were there already"), "\(run.errors)")
        #expect(try columns(of: export, from: landau.run("export", "small.yaml").output) == export)
        #expect(try landau.sql(store, "SELECT value FROM meta WHERE name = 'schema'") == "2\n")
        // A sweep made anew finds the minima of then; its initial weights may be others.
        #expect(try landau.run("run", "small.yaml", "--restart").status == 0)
        let anew = try losses(landau.run("export", "small.yaml").output)
        let then = try losses(export)
        #expect(anew.count == 30 && then.count == 30)
        for (a, b) in zip(anew, then) { #expect(abs(a - b) <= 1e-9 * max(1, abs(b))) }
    }

    /// A table's columns that another one has too.
    private func columns(of old: String, from table: String) throws -> String {
        let names = try #require(old.split(separator: "\n").first).split(separator: ",")
        let rows = table.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let places = try names.map { name in try #require(rows[0].firstIndex(of: name)) }
        return rows.map { row in places.map { row[$0] }.joined(separator: ",") + "\n" }.joined()
    }

    /// The column `loss` of an exported table.
    private func losses(_ table: String) throws -> [Double] {
        let lines = table.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let column = try #require(lines.first?.firstIndex(of: "loss"))
        return lines.dropFirst().compactMap { Double($0[column]) }
    }
}
