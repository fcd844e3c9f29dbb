import Foundation
import GRDB
import PhaseSpace
import Support
import Synchronization

/// A sweep's results in one SQLite file: observations, trajectories, where they come from, and checkpoints of chains
/// that are not finished. One writer at a time, any number of readers.
public final class Store: Sendable {
    public enum Access: Sendable {
        case reading
        case writing
        /// Like `writing`, with an empty store; an old one is moved aside (`store.sqlite.old`, then `.old.2`, …).
        case restarting
    }

    public let path: String
    let layout: StoreLayout
    let queue: DatabaseQueue
    /// Held by a writer until it closes.
    private let lock: Mutex<StoreLock?>
    /// Columns that the file has; a store of an older model may lack observables while it is only read.
    let presentColumns: Set<String>
    let presentSeries: [String]
    /// Of the present ones among the columns that checksums cover, in the order in which rows are read.
    let presentSeeds: [UInt64]

    /// Opens the store of a sweep; for writing it is made where there is none, folders included.
    /// - Throws: `StoreError`.
    public static func open(_ path: String, for plan: SweepPlan, _ access: Access) throws(StoreError) -> Store {
        try open(path, of: plan.spec.declaration, constants: plan.constants, record: plan.record, access)
    }

    /// The same for whatever sweep of a model has these constants.
    static func open(
        _ path: String, of model: ModelDeclaration, constants: JSONValue, record: JSONValue?, _ access: Access
    ) throws(StoreError) -> Store {
        try translating(path) { try Store(path, model, constants, record, access) }
    }

    /// Whether there is a store with more in it than a writer leaves that was killed while it began to make it.
    public static func exists(_ path: String) -> Bool {
        rollBack(path)
        return size(of: path) > 0
    }

    /// What the results of a store rest on, without a look at them; nil where there is no store, or a damaged one.
    public static func constants(of path: String) -> JSONValue? {
        guard exists(path) else { return nil }
        return (try? description(of: path))?.constants
    }

    /// What a store keeps of a model that was made at run time, with the number of its points; nil where there is no such
    /// store, or a damaged one.
    public static func record(of path: String) -> (record: JSONValue, points: Int)? {
        guard exists(path) else { return nil }
        return try? translating(path) {
            let queue = try connect(path, readonly: true)
            defer { try? queue.close() }
            return try queue.read { db in
                guard try db.tableExists("meta"), let text = try meta(db, "model") else {
                    throw StoreError.missing(path: path)
                }
                let points = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM observations") ?? 0
                return (try JSONValue(parsing: text), points)
            }
        }
    }

    /// What step limits are multiplied by in a store; 1 where there is none.
    public static func effort(of path: String) throws(StoreError) -> Int {
        guard exists(path) else { return 1 }
        return try translating(path) {
            let queue = try connect(path, readonly: true)
            defer { try? queue.close() }
            return try queue.read { db in
                guard try db.tableExists("meta") else { return 1 }
                return try meta(db, "effort").flatMap(Int.init) ?? 1
            }
        }
    }

    /// Who writes to the store right now; nil where nobody does.
    public static func writer(of path: String) -> String? { StoreLock.holder(ofStore: path) }

    private init(
        _ path: String, _ model: ModelDeclaration, _ constants: JSONValue, _ record: JSONValue?, _ access: Access
    ) throws {
        self.path = path
        layout = try StoreLayout(model)
        if access == .reading {
            lock = Mutex(nil)
            Self.rollBack(path)
            guard Self.size(of: path) > 0 else { throw StoreError.missing(path: path) }
        } else {
            lock = Mutex(try Self.lock(path))
            if access == .restarting { try Self.moveAside(path) }
        }
        let isNew = Self.size(of: path) == 0
        if !isNew { try Self.checkHeader(path) }
        queue = try Self.connect(path, readonly: access == .reading)
        if isNew {
            try Self.create(queue, layout, constants, record)
        } else {
            try Self.check(queue, path, constants)
            if access != .reading { try Self.migrate(queue, layout, constants, record) }
        }
        if access != .reading { try Self.useWriteAheadLog(queue) }
        (presentColumns, presentSeries) = try queue.read { [layout] db in
            let columns = Set(try db.columns(in: "observations").map(\.name))
            let steps = Set(try db.columns(in: "trajectories").map(\.name))
            return (columns, layout.series.filter(steps.contains))
        }
        presentSeeds = zip(layout.columns, layout.checksumSeeds).filter { [presentColumns] in
            presentColumns.contains($0.0)
        }.map(\.1)
    }

    /// Ends the use of a store. After a writer's close the results are one plain file, without a write-ahead log
    /// beside it.
    public func close() throws(StoreError) {
        try Self.translating(path) {
            if lock.withLock({ $0 != nil }) {
                // A reader may hold the file right now; the log then stays beside it, which harms nobody.
                try? queue.writeWithoutTransaction { db in
                    try db.execute(sql: "PRAGMA busy_timeout = 0")
                    _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
                }
            }
            try queue.close()
            lock.withLock { $0 = nil }
        }
    }
}

// MARK: - Opening

extension Store {
    /// Undoes what a killed writer had begun, which a reader may not.
    private static func rollBack(_ path: String) {
        guard size(of: path + "-journal") > 0, StoreLock.holder(ofStore: path) == nil else { return }
        // A folder that is read-only keeps its journal; the reader then says so.
        let queue = try? connect(path, readonly: false)
        _ = try? queue?.read { db in try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") }
        try? queue?.close()
    }

    static func size(of path: String) -> Int {
        Path.size(of: path) ?? 0
    }

    private static func lock(_ path: String) throws -> StoreLock {
        let folder = Path.folder(of: path)
        if !folder.isEmpty {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw StoreError.unwritable(path: folder, detail: "the folder cannot be made")
            }
        }
        return try StoreLock.acquire(besideStore: path)
    }

    private static func moveAside(_ path: String) throws {
        // A second restart must not overwrite what the first one kept.
        let kept = Path.unused(path + ".old")
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            let old = kept + suffix
            do { try FileManager.default.moveItem(atPath: path + suffix, toPath: old) } catch {
                throw StoreError.unwritable(path: old, detail: "the old store cannot be moved there")
            }
        }
    }

    /// SQLite cannot tell a cut-off store from a file of something else; its first bytes can.
    private static func checkHeader(_ path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path) else { throw StoreError.readOnly(path: path) }
        defer { try? file.close() }
        let header = (try? file.read(upToCount: 100)) ?? Data()
        guard header.starts(with: Data("SQLite format 3\0".utf8)) else { throw StoreError.notADatabase(path: path) }
        if header.count < 100 { throw StoreError.damaged(path: path, detail: "the file is cut off") }
    }

    static func connect(_ path: String, readonly: Bool) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(10)
        // Opening reads all pages to check them; with room for a usual store they are not read again afterwards.
        configuration.prepareDatabase {
            try $0.execute(sql: "PRAGMA cache_size = -65536")
            // A file from elsewhere may define views and triggers.
            try $0.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static func create(
        _ queue: DatabaseQueue, _ layout: StoreLayout, _ constants: JSONValue, _ record: JSONValue?
    ) throws {
        try queue.write { db in
            for sql in layout.creation + layout.freeEnergyView { try db.execute(sql: sql) }
            try setMeta(db, "schema", String(StoreLayout.schema))
            try setMeta(db, "constants", constants.canonical)
            if let record { try setMeta(db, "model", record.serialized(numbers: .shortest)) }
        }
    }

    private static func check(_ queue: DatabaseQueue, _ path: String, _ constants: JSONValue) throws {
        try queue.read { db in
            guard try Int.fetchOne(db, sql: "PRAGMA application_id") == StoreLayout.applicationID else {
                throw StoreError.foreign(path: path)
            }
            let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
            guard verdict == "ok" else { throw StoreError.damaged(path: path, detail: verdict) }
            guard let schema = try meta(db, "schema").flatMap(Int.init), let before = try meta(db, "constants") else {
                throw StoreError.damaged(path: path, detail: "its description is missing")
            }
            guard schema <= StoreLayout.schema else {
                throw StoreError.newerSchema(path: path, found: schema, known: StoreLayout.schema)
            }
            let old = try JSONValue(parsing: before)
            let (found, known) = (Physics.revision(in: old), Physics.revision(in: constants))
            if found != known {
                let points = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM observations") ?? 0
                throw StoreError.otherRevision(path: path, found: found, known: known, points: points)
            }
            let differences = differences(from: old, to: constants)
            guard differences.isEmpty else { throw StoreError.otherPhysics(path: path, differences: differences) }
        }
    }

    /// A model may have gained observables since the store was made.
    private static func migrate(
        _ queue: DatabaseQueue, _ layout: StoreLayout, _ constants: JSONValue, _ record: JSONValue?
    ) throws {
        try queue.write { db in
            for sql in layout.branchCreation { try db.execute(sql: sql) }
            let branches = layout.hasBranches ? [("branches", layout.observables)] : []
            let growing = [("observations", layout.observables), ("trajectories", layout.series)] + branches
            for (table, names) in growing {
                let present = Set(try db.columns(in: table).map(\.name))
                for name in names where !present.contains(name) {
                    try db.execute(sql: "ALTER TABLE \(table) ADD COLUMN \(quoted(name)) REAL")
                }
            }
            let present = Set(try db.columns(in: "observations").map(\.name))
            for name in layout.checksumColumns where !present.contains(name) {
                try db.execute(sql: "ALTER TABLE observations ADD COLUMN \(quoted(name)) INTEGER")
            }
            if !present.contains(StoreLayout.checksum) { try addChecksums(layout, db) }
            for sql in layout.freeEnergyView { try db.execute(sql: sql) }
            try setMeta(db, "schema", String(StoreLayout.schema))
            try setMeta(db, "constants", constants.canonical)
            if let record { try setMeta(db, "model", record.serialized(numbers: .shortest)) }
        }
    }

    /// What an older version wrote is believed as it is now.
    private static func addChecksums(_ layout: StoreLayout, _ db: Database) throws {
        let function = DatabaseFunction("row_checksum", pure: true) { values in
            var checksum = RowChecksum()
            for (value, seed) in zip(values, layout.checksumSeeds) { checksum.add(value, seed: seed) }
            return checksum.value
        }
        db.add(function: function)
        let columns = layout.columns.map(quoted).joined(separator: ", ")
        try db.execute(sql: "UPDATE observations SET \(quoted(StoreLayout.checksum)) = row_checksum(\(columns))")
        db.remove(function: function)
    }

    private static func useWriteAheadLog(_ queue: DatabaseQueue) throws {
        try queue.writeWithoutTransaction { db in
            let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            // In a write-ahead log a crash of the machine may cost the last batches, never the file; a file system
            // without shared memory has no such log, and there only full synchronisation is safe.
            if mode == "wal" { try db.execute(sql: "PRAGMA synchronous = NORMAL") }
        }
    }

    /// What a store says of itself.
    /// - Throws: `StoreError` where it is damaged, or no store.
    static func description(of path: String) throws(StoreError) -> (model: String, constants: JSONValue) {
        try translating(path) {
            guard size(of: path) > 0 else { throw StoreError.missing(path: path) }
            try checkHeader(path)
            let queue = try connect(path, readonly: true)
            defer { try? queue.close() }
            return try queue.read { db in
                guard try Int.fetchOne(db, sql: "PRAGMA application_id") == StoreLayout.applicationID else {
                    throw StoreError.foreign(path: path)
                }
                guard let text = try meta(db, "constants"), let constants = try? JSONValue(parsing: text),
                    let model = constants["model"]?.text
                else { throw StoreError.damaged(path: path, detail: "its description is missing") }
                return (model, constants)
            }
        }
    }

    /// The effort after this one, bounded.
    public static func doubled(_ effort: Int) -> Int { min(1 << 20, 2 * effort) }

    /// Doubles the effort that step limits are multiplied by, for good.
    /// - Returns: the new one.
    public func doubleEffort() throws(StoreError) -> Int {
        try translating {
            try queue.write { db in
                let effort = Self.doubled(try Self.meta(db, "effort").flatMap(Int.init) ?? 1)
                try Self.setMeta(db, "effort", String(effort))
                return effort
            }
        }
    }

    /// What step limits are multiplied by in this store; 1 unless capped points were tried again.
    public func effort() throws(StoreError) -> Int {
        try translating { try queue.read { db in try Self.meta(db, "effort").flatMap(Int.init) ?? 1 } }
    }

    static func meta(_ db: Database, _ name: String) throws -> String? {
        try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name])
    }

    static func setMeta(_ db: Database, _ name: String, _ value: String) throws {
        try db.execute(sql: "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", arguments: [name, value])
    }
}
