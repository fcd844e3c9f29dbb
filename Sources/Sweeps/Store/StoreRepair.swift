import Foundation
import GRDB
import PhaseSpace
import Support

/// What a repair has rescued and what it could not.
public struct RepairReport: Sendable {
    /// Observations in the repaired store, by outcome.
    public internal(set) var rescued: [Outcome: Int] = [:]
    /// Pages whose content cannot be made out.
    public internal(set) var unreadablePages = 0
    /// Entries that cannot be read, whatever they were.
    public internal(set) var unreadable = 0
    /// Observations whose content is not what was written.
    public internal(set) var changed = 0
    /// Pages that the file should have and does not.
    public internal(set) var missingPages = 0
    public internal(set) var rescuedRuns = 0
    /// The schema that the store calls its own, where no version has written it.
    public internal(set) var wrongSchema: Int?

    public var sentences: [String] {
        let parts = Outcome.allCases.compactMap { outcome in rescued[outcome].map { "\($0) \(outcome.rawValue)" } }
        let total = rescued.values.reduce(0, +)
        let outcomes = parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
        var lines = ["rescued \(counted(total, "observation"))" + outcomes]
        lines.append("rescued the provenance of \(counted(rescuedRuns, "run"))")
        if let wrongSchema {
            lines.append(
                "put right: the store called itself of schema \(wrongSchema), but its tables are those of schema "
                    + "\(StoreLayout.schema)")
        }
        if missingPages > 0 { lines.append("lost: the file ends \(counted(missingPages, "page")) too early") }
        if unreadablePages > 0 { lines.append("lost: \(counted(unreadablePages, "page")) cannot be made out") }
        if unreadable > 0 {
            lines.append("lost: \(unreadable == 1 ? "1 entry" : "\(unreadable) entries") cannot be read")
        }
        if changed > 0 {
            lines.append(
                changed == 1
                    ? "left out: 1 observation is not as it was written"
                    : "left out: \(changed) observations are not as they were written")
        }
        return lines
    }
}

extension Store {
    /// Rescues what can be read of a damaged store, row by row from its pages, into a store of its own.
    ///
    /// Only rows that are as they were written come along, checkpoints never: chains that were under way begin anew.
    /// A store that calls itself of a newer schema is damaged where its tables are those of this one, and is refused
    /// otherwise.
    /// - Parameters:
    ///   - new: where the rescued store is made; must not exist.
    ///   - models: the models that the store may be of.
    ///   - declaring: the declaration of a model that was made at run time, from what a store keeps of it.
    public static func repair(
        _ path: String, into new: String, models: [ModelDeclaration],
        declaring: @escaping (JSONValue) -> ModelDeclaration? = { _ in nil }
    ) throws(StoreError) -> RepairReport {
        try translating(path) {
            guard let bytes = FileManager.default.contents(atPath: path) else { throw StoreError.missing(path: path) }
            guard size(of: new) == 0 else { throw StoreError.failed(path: new, detail: "is there already") }
            let log = FileManager.default.contents(atPath: path + "-wal") ?? Data()
            guard let pages = SQLitePages(bytes, log: log) else {
                throw StoreError.failed(path: path, detail: "the file holds nothing that could be rescued")
            }
            var repair = StoreRepair(pages: pages, declaring: declaring)
            try repair.readDescription(path, models)
            try repair.checkSchema(path)
            return try repair.write(to: new)
        }
    }
}

private struct StoreRepair {
    let pages: SQLitePages
    var report = RepairReport()
    /// What the file says of its tables: their columns may stand in another order than this version's.
    private var tables: [String: [String]] = [:]
    private var constants: JSONValue?
    /// What the store keeps of a model that was made at run time.
    private var record: JSONValue?
    private let declaring: (JSONValue) -> ModelDeclaration?
    private var provenance: [[DatabaseValue]] = []
    private var declaration: ModelDeclaration?
    /// What the file says of the version that wrote it; an update may have left an older word behind.
    private var schemas: Set<Int> = []
    /// Version 1 wrote no checksums.
    private var isWithoutChecksums: Bool { schemas.contains(1) }

    init(pages: SQLitePages, declaring: @escaping (JSONValue) -> ModelDeclaration?) {
        self.pages = pages
        self.declaring = declaring
        report.missingPages = max(0, pages.promisedPageCount - pages.pageCount)
    }

    /// Finds the tables' definitions, what the results rest on, and where they come from.
    mutating func readDescription(_ path: String, _ models: [ModelDeclaration]) throws {
        var fromProvenance: JSONValue?
        var found: JSONValue?
        (report.unreadablePages, report.unreadable) = pages.forEachRecord { record in
            guard record.hasRowID else { return }
            let texts = record.values.map { String.fromDatabaseValue($0) }
            if record.values.count == 5, texts[0] == "table", let name = texts[1],
                let definition = texts[4].flatMap(TableDefinition.init), definition.table == name
            {
                tables[name] = definition.columns
            } else if record.values.count == 2, texts[0] == "constants", let text = texts[1] {
                constants = (try? JSONValue(parsing: text)) ?? constants
            } else if record.values.count == 2, texts[0] == "model", let text = texts[1] {
                found = (try? JSONValue(parsing: text)) ?? found
            } else if record.values.count == 2, texts[0] == "schema" {
                if let schema = texts[1].flatMap(Int.init) { schemas.insert(schema) }
            } else if record.values.count == Provenance.columns.count + 1,
                let row = Provenance(texts: texts.dropFirst().map { $0 ?? "" }), row.specHash == sha256(row.spec)
            {
                provenance.append(Array(record.values.dropFirst()))
                fromProvenance = (try? JSONValue(parsing: row.physics)) ?? fromProvenance
            }
        }
        record = found
        let models = models + [record.flatMap(declaring)].compactMap { $0 }
        if let stored = constants, let other = fromProvenance, stored != other {
            // One of the two has changed; the identities of the rows rest on the other.
            let right = [stored, other].first { ConstantsWitness($0, models)?.confirms(pages) ?? false }
            constants = right ?? stored
        }
        constants = constants ?? fromProvenance
        declaration = constants.flatMap { found in
            models.first { $0.name == found["model"]?.text }?.ofStore(with: found)
        }
        guard declaration != nil else {
            throw StoreError.failed(
                path: path, detail: "nothing in the file says which sweep it is of; what it held must be trained anew")
        }
    }

    /// - Throws: `StoreError` where a newer version has written the store.
    mutating func checkSchema(_ path: String) throws {
        guard let schema = schemas.min(), schema > StoreLayout.schema else { return }
        guard try knownTables() else {
            throw StoreError.failed(
                path: path,
                detail: "written by a newer version (schema \(schema)), with tables that this one does not know; "
                    + "update Landau")
        }
        report.wrongSchema = schema
    }

    /// Whether this version could have defined the file's tables.
    private func knownTables() throws -> Bool {
        let known = try StoreLayout(declaration!).columnsOfTables
        return tables.allSatisfy { name, columns in
            name.hasPrefix("sqlite_") || known[name].map { Set($0).isSuperset(of: columns) } ?? false
        }
    }

    /// The columns of a table in the order of the file's records; this version's where the file does not say.
    private func columns(of table: String, _ layout: StoreLayout) -> [String] {
        let known = layout.columnsOfTables[table] ?? []
        // The key comes first, whatever has been added since.
        let keys = table == "observations" ? 1 : 2
        guard let found = tables[table], Set(found).count == found.count, Set(known).isSuperset(of: found),
            found.prefix(keys).elementsEqual(known.prefix(keys))
        else { return known }
        return found
    }

    /// Makes the new store and fills it.
    mutating func write(to path: String) throws -> RepairReport {
        let layout = try StoreLayout(declaration!)
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.write { db in
            for sql in layout.creation { try db.execute(sql: sql) }
            try Store.setMeta(db, "schema", String(StoreLayout.schema))
            try Store.setMeta(db, "constants", constants!.canonical)
            var writer = RescueWriter(
                layout, columns: columns(of: "observations", layout), steps: columns(of: "trajectories", layout),
                isWithoutChecksums: isWithoutChecksums)
            _ = try pages.forEachRecord { record in
                if !record.hasRowID { try writer.take(record.values, db) }
            }
            try writer.checkTrajectories(db)
            report.changed = writer.changed
            for row in provenance {
                try db.execute(
                    sql: StoreLayout.insertion("provenance", Provenance.columns), arguments: StatementArguments(row))
            }
            report.rescuedRuns = provenance.count
            for row in try Row.fetchAll(db, sql: "SELECT outcome, COUNT(*) FROM observations GROUP BY outcome") {
                if let outcome = Outcome(rawValue: row[0]) { report.rescued[outcome] = row[1] }
            }
        }
        try queue.close()
        // Opening it as a writer checks it.
        try Store.open(path, of: declaration!, constants: constants!, record: record, .writing).close()
        return report
    }
}

/// Sorts records into observations and steps of trajectories, and keeps those that are whole.
private struct RescueWriter {
    private let columns: [String]
    private let steps: [String]
    private let seeds: [UInt64]
    private let outcome: Int
    private let direction: Int
    private let checksum: Int?
    private let controls: Int
    private let layout: StoreLayout
    private let isWithoutChecksums: Bool
    var changed = 0

    init(_ layout: StoreLayout, columns: [String], steps: [String], isWithoutChecksums: Bool) {
        self.isWithoutChecksums = isWithoutChecksums
        self.columns = columns
        self.steps = steps
        seeds = columns.map(RowChecksum.seed)
        outcome = columns.firstIndex(of: "outcome") ?? 0
        direction = columns.firstIndex(of: "direction") ?? 0
        checksum = columns.firstIndex(of: StoreLayout.checksum)
        controls = layout.controls.count
        self.layout = layout
    }

    mutating func take(_ values: [DatabaseValue], _ db: Database) throws {
        guard let name = values.first.flatMap(String.fromDatabaseValue), Self.isIdentity(name) else { return }
        if values.count > controls + StoreLayout.trailing.count, values.count > max(outcome, direction),
            values.count <= columns.count, let text = String.fromDatabaseValue(values[direction]),
            let direction = Direction(rawValue: text)
        {
            // A branch is whole or of no use, and quickly followed again.
            if direction != .branch { try takeObservation(values, db) }
        } else if !layout.series.isEmpty, values.count >= 2, values.count <= steps.count,
            Int.fromDatabaseValue(values[1]) != nil
        {
            try db.execute(
                sql: StoreLayout.insertion("trajectories", Array(steps.prefix(values.count)), orIgnore: true),
                arguments: StatementArguments(values))
        }
    }

    private mutating func takeObservation(_ values: [DatabaseValue], _ db: Database) throws {
        guard let name = String.fromDatabaseValue(values[outcome]), let ended = Outcome(rawValue: name),
            let sum = checksum(of: values)
        else {
            changed += 1
            return
        }
        let before = try String.fetchOne(
            db, sql: "SELECT outcome FROM observations WHERE identity = ?", arguments: [values[0]])
        // A page that was given up may still hold the row as it was before its point was tried again.
        if let before = before.flatMap(Outcome.init(rawValue:)), before.isDone || !ended.isDone { return }
        var row = Array(zip(columns, values)).filter { $0.0 != StoreLayout.checksum }
        row.append((StoreLayout.checksum, sum.databaseValue))
        try db.execute(
            sql: StoreLayout.insertion("observations", row.map(\.0)), arguments: StatementArguments(row.map(\.1)))
    }

    /// Nil for a row that is not as it was written. What an older version wrote is believed as it is now.
    private func checksum(of values: [DatabaseValue]) -> Int64? {
        var sum = RowChecksum()
        for (i, value) in values.enumerated() where !StoreLayout.checksums.contains(columns[i]) {
            sum.add(value, seed: seeds[i])
        }
        let stored = checksum.flatMap { $0 < values.count ? Int64.fromDatabaseValue(values[$0]) : nil }
        return stored == sum.value || stored == nil && isWithoutChecksums ? sum.value : nil
    }

    /// An observation whose trajectory is not whole is not whole.
    mutating func checkTrajectories(_ db: Database) throws {
        guard !layout.series.isEmpty else { return }
        let column = quoted(StoreLayout.trajectoryChecksum)
        let rows = try Row.fetchAll(
            db, sql: "SELECT identity, \(column) FROM observations WHERE \(column) IS NOT NULL")
        for row in rows {
            let identity: String = row[0]
            let steps = try Row.fetchAll(
                db, sql: "SELECT \(layout.stepNames) FROM trajectories WHERE identity = ?", arguments: [identity])
            guard layout.checksum(ofSteps: steps.map { Array($0.databaseValues) }) != row[1] as Int64 else { continue }
            changed += 1
            for table in ["observations", "trajectories"] {
                try db.execute(sql: "DELETE FROM \(table) WHERE identity = ?", arguments: [identity])
            }
        }
    }

    private static func isIdentity(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }
}
