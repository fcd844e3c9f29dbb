import Foundation
import GRDB
import PhaseSpace

/// The tables of a store for one model, and the SQL that speaks to them.
struct StoreLayout: Sendable {
    /// `PRAGMA application_id`: "LAND".
    static let applicationID = 0x4C41_4E44
    /// 1: observations without checksums. 2: with them.
    static let schema = 2

    static let leading = ["identity"]
    static let checksum = "checksum"
    /// Of the recorded steps of a point; only where the model records any.
    static let trajectoryChecksum = "trajectory_checksum"
    static let checksums = [checksum, trajectoryChecksum]
    static let trailing = ["replica", "direction", "outcome", "reason", "seconds"]

    let model: String
    let controls: [ControlParameter]
    let observables: [String]
    /// Observables that are also kept step by step.
    let series: [String]
    let observableNames: Set<String>
    let seriesNames: Set<String>
    /// Of each of `columns`, for checksums.
    let checksumSeeds: [UInt64]
    let hasFreeEnergy: Bool
    /// Whether the model follows branches.
    let hasBranches: Bool
    /// Columns of `observations` that a row's checksum covers.
    let columns: [String]
    // Written once: they are asked for with every row.
    let insertObservation: String
    let insertStep: String
    private let stepSeeds: [UInt64]

    init(_ declaration: ModelDeclaration) throws(StoreError) {
        model = declaration.name
        controls = declaration.controls
        observables = declaration.observables.map(\.name)
        series = declaration.observables.filter(\.isRecordedAlongTrajectory).map(\.name)
        observableNames = Set(observables)
        seriesNames = Set(series)
        hasFreeEnergy =
            observables.contains(Observable.Name.loss) && observables.contains(Observable.Name.zeroNetLoss)
        hasBranches = declaration.directions.contains(.branch)
        columns = Self.leading + controls.map(\.name) + Self.trailing + observables
        checksumSeeds = columns.map(RowChecksum.seed)
        insertObservation = Self.insertion("observations", columns + Self.checksumColumns(series))
        insertStep = Self.insertion("trajectories", ["identity", "step"] + series)
        stepSeeds = (["step"] + series).map(RowChecksum.seed)
        var seen: Set<String> = Set(Self.checksums)
        for name in columns where !seen.insert(name.lowercased()).inserted {
            throw .clashingColumns(model: model, name: name)
        }
    }

    var checksumColumns: [String] { Self.checksumColumns(series) }
    private static func checksumColumns(_ series: [String]) -> [String] { series.isEmpty ? [checksum] : checksums }
    /// Columns of a step that its checksum covers, as SQL.
    var stepNames: String { (["step"] + series).map(quoted).joined(separator: ", ") }

    /// - Parameter steps: values in the order of `stepNames`; the order of steps does not count.
    func checksum(ofSteps steps: [[DatabaseValue]]) -> Int64 {
        steps.reduce(0) { sum, values in
            var checksum = RowChecksum()
            for (value, seed) in zip(values, stepSeeds) { checksum.add(value, seed: seed) }
            // Mixed once more, so that values of two steps cannot change places.
            return sum &+ checksum.mixedValue
        }
    }

    // MARK: - SQL

    var creation: [String] {
        let controlColumns = controls.map { "\(quoted($0.name)) \(Self.affinity(of: $0)) NOT NULL" }
        let fixed = [
            "\"replica\" INTEGER NOT NULL", "\"direction\" TEXT NOT NULL", "\"outcome\" TEXT NOT NULL",
            "\"reason\" TEXT NOT NULL", "\"seconds\" REAL NOT NULL",
        ]
        let measured = observables.map { "\(quoted($0)) REAL" }
        let columns =
            ["\"identity\" TEXT PRIMARY KEY NOT NULL"] + controlColumns + fixed + measured
            + checksumColumns.map { "\(quoted($0)) INTEGER" }
        let steps = ["\"identity\" TEXT NOT NULL", "\"step\" INTEGER NOT NULL"] + series.map { "\(quoted($0)) REAL" }
        return [
            "CREATE TABLE observations (\(columns.joined(separator: ", "))) WITHOUT ROWID",
            """
            CREATE TABLE trajectories (\(steps.joined(separator: ", ")), PRIMARY KEY ("identity", "step")) WITHOUT ROWID
            """,
            """
            CREATE TABLE provenance (run INTEGER PRIMARY KEY, spec TEXT NOT NULL, spec_hash TEXT NOT NULL,
                overrides TEXT NOT NULL, physics TEXT NOT NULL, tool_version TEXT NOT NULL, seed TEXT NOT NULL,
                generator TEXT NOT NULL, kernel TEXT NOT NULL, host TEXT NOT NULL, command_line TEXT NOT NULL,
                started TEXT NOT NULL)
            """,
            "CREATE TABLE checkpoints (chain TEXT PRIMARY KEY NOT NULL, state BLOB NOT NULL)",
            "CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)",
            "PRAGMA application_id = \(Self.applicationID)",
        ] + branchCreation
    }

    /// Per controls and replica the lowest loss that any done row has reached, the zero net included.
    var freeEnergyView: [String] {
        guard hasFreeEnergy else { return [] }
        let keys = (controls.map(\.name) + ["replica"]).map(quoted).joined(separator: ", ")
        let (loss, zero) = (quoted(Observable.Name.loss), quoted(Observable.Name.zeroNetLoss))
        let done = Outcome.allCases.filter(\.isDone).map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return [
            "DROP VIEW IF EXISTS free_energy",
            """
            CREATE VIEW free_energy AS SELECT \(keys), \
            MIN(MIN(COALESCE(\(loss), \(zero)), COALESCE(\(zero), \(loss)))) AS free_energy \
            FROM observations WHERE outcome IN (\(done)) GROUP BY \(keys)
            """,
        ]
    }

    /// The columns of each table, in the order in which `creation` defines them.
    var columnsOfTables: [String: [String]] {
        let tables = creation.compactMap(TableDefinition.init).map { ($0.table, $0.columns) }
        return Dictionary(tables) { $1 }
    }

    static func insertion(_ table: String, _ columns: [String], orIgnore: Bool = false) -> String {
        let names = columns.map(quoted).joined(separator: ", ")
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        return "INSERT OR \(orIgnore ? "IGNORE" : "REPLACE") INTO \(table) (\(names)) VALUES (\(marks))"
    }

    /// A list-valued control is stored as JSON text; in a numeric column such a text stays a text.
    static func affinity(of control: ControlParameter) -> String {
        switch control.kind {
        case .real, .realPerLayer, .numbers: "REAL"
        case .integer, .integerPerLayer: "INTEGER"
        case .choice, .formula, .file, .name: "TEXT"
        }
    }
}

/// A name as an SQL identifier.
func quoted(_ name: String) -> String { "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }
