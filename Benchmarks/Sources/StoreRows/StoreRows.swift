import Foundation
import GRDB
import PhaseSpace
import Support
import Sweeps

/// What keeping an observation costs beside a bare prepared insert of the same row into the same table.
///
/// Both write in the runner's batches, to a write-ahead log; the bare one has its values bound beforehand. Rounds are
/// interleaved, medians count. usage: StoreRows [ROWS] [ROUNDS]
@main
struct StoreRows {
    static let batch = 2000

    static func main() throws {
        let numbers = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let rows = numbers.first ?? 100_000
        let rounds = numbers.dropFirst().first ?? 5
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("rows-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let plan = try plan(rows: rows, folder: folder)
        let observations = plan.points.prefix(rows).map(RowModel.observation(of:))

        var (ours, bare): ([Double], [Double]) = ([], [])
        var bytes = 0
        for round in 0..<rounds {
            let path = "\(folder)/store\(round).sqlite"
            ours.append(try ownSeconds(observations, plan, path))
            bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            bare.append(try bareSeconds(copying: path, to: "\(folder)/bare\(round).sqlite"))
        }
        let (own, rival) = (median(ours), median(bare))
        let document: JSONValue = [
            "rows": .number(Double(rows)), "rounds": .number(Double(rounds)), "seconds": .number(own),
            "bareSeconds": .number(rival), "ratio": .number(own / rival),
            "bytesPerRow": .number(Double(bytes) / Double(rows)),
        ]
        print(document.serialized(numbers: .shortest))
    }

    private static func plan(rows: Int, folder: String) throws -> SweepPlan {
        let spec = """
            model: rows
            axes:
              depth: {from: 1, to: \((rows + 999) / 1000), step: 1}
              gamma: {from: 0.001, to: 1, points: 1000, spacing: log}
            """
        let path = folder + "/rows.yaml"
        try spec.write(toFile: path, atomically: true, encoding: .utf8)
        return try SweepPlan(try SweepSpec.read(path: path, models: [ModelFamily(RowModel.self)]))
    }

    private static func ownSeconds(_ observations: [Observation], _ plan: SweepPlan, _ path: String) throws -> Double {
        let store = try Store.open(path, for: plan, .writing)
        let begun = processorSeconds()
        for start in stride(from: 0, to: observations.count, by: batch) {
            try store.record(Array(observations[start..<min(start + batch, observations.count)]))
        }
        let seconds = processorSeconds() - begun
        try store.close()
        return seconds
    }

    /// The same rows, in the order in which they were written, by one prepared statement.
    private static func bareSeconds(copying source: String, to path: String) throws -> Double {
        let original = try DatabaseQueue(path: source)
        let (creation, rows) = try original.read { db in
            let sql = try String.fetchOne(db, sql: "SELECT sql FROM sqlite_master WHERE name = 'observations'")!
            // Points come in no order of their identities, and that is what an index must bear.
            let rows = try Row.fetchAll(db, sql: "SELECT * FROM observations ORDER BY depth, gamma")
            return (sql, rows.map { Array($0.databaseValues) })
        }
        try original.close()
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: "PRAGMA synchronous = NORMAL")
            try db.execute(sql: creation)
        }
        let marks = Array(repeating: "?", count: rows[0].count).joined(separator: ", ")
        let arguments = rows.map { StatementArguments($0) }
        let begun = processorSeconds()
        for start in stride(from: 0, to: rows.count, by: batch) {
            try queue.write { db in
                let insert = try db.cachedStatement(sql: "INSERT OR REPLACE INTO observations VALUES (\(marks))")
                for index in start..<min(start + batch, rows.count) {
                    insert.setUncheckedArguments(arguments[index])
                    try insert.execute()
                }
            }
        }
        let seconds = processorSeconds() - begun
        try queue.close()
        return seconds
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return 0.5 * (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2])
    }

    /// Of this process: a shared machine's clock says little.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
