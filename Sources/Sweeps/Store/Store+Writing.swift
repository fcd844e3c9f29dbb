import Foundation
import GRDB
import PhaseSpace
import Support

/// Something to be kept.
enum StoreRecord: Sendable {
    case observation(Observation)
    /// What a model needs to go on with a chain, by the chain's identity.
    case checkpoint(PointIdentity, [UInt8])
    /// Every point of the chain is there: its checkpoint is of no more use.
    case finished(PointIdentity)
    /// Done once all records before it are kept.
    case action(@Sendable () -> Void)
}

extension Store {
    /// Notes where the following results come from.
    /// - Returns: the number of the run, from 1.
    @discardableResult
    public func begin(_ provenance: Provenance) throws(StoreError) -> Int {
        try translating {
            try queue.write { db in
                let marks = Provenance.columns.map { _ in "?" }.joined(separator: ", ")
                try db.execute(
                    sql: "INSERT INTO provenance (\(Provenance.columns.joined(separator: ", "))) VALUES (\(marks))",
                    arguments: StatementArguments(provenance.texts))
                let run = Int(db.lastInsertedRowID)
                if let path = provenance.specPath { try Self.setMeta(db, "spec_path", path) }
                return run
            }
        }
    }

    /// Keeps observations, in one transaction; those of a point that is there already are replaced.
    /// - Throws: `StoreError`; nothing is kept then.
    public func record(_ observations: [Observation]) throws(StoreError) {
        try write(observations.map(StoreRecord.observation))
    }

    func write(_ records: [StoreRecord]) throws(StoreError) {
        try translating {
            try queue.write { db in
                for record in records {
                    switch record {
                    case .observation(let observation): try write(observation, db)
                    case .checkpoint(let chain, let state):
                        try run(
                            try db.cachedStatement(sql: "INSERT OR REPLACE INTO checkpoints VALUES (?, ?)"),
                            [chain.hex.databaseValue, Data(state).databaseValue])
                    case .finished(let chain):
                        try run(
                            try db.cachedStatement(sql: "DELETE FROM checkpoints WHERE chain = ?"),
                            [chain.hex.databaseValue])
                    case .action: break
                    }
                }
            }
        }
    }

    func write(_ observation: Observation, _ db: Database) throws {
        let steps = layout.series.isEmpty ? [] : steps(of: observation)
        try run(try db.cachedStatement(sql: layout.insertObservation), arguments(of: observation, steps: steps))
        if !layout.series.isEmpty { try write(steps, of: observation, db) }
        if layout.hasBranches, observation.point.direction == .branch { try writeBranch(of: observation, db) }
    }

    private func run(_ statement: Statement, _ values: [DatabaseValue]) throws {
        statement.setUncheckedArguments(StatementArguments(values))
        try statement.execute()
    }

    /// Rows of the trajectory, in the order of the layout's step names.
    private func steps(of observation: Observation) -> [[DatabaseValue]] {
        observation.trajectory.map { row in
            [row.step.databaseValue] + layout.series.map { value(row.values[$0]) }
        }
    }

    private func write(_ steps: [[DatabaseValue]], of observation: Observation, _ db: Database) throws {
        let identity = observation.point.identity.hex.databaseValue
        try run(try db.cachedStatement(sql: "DELETE FROM trajectories WHERE identity = ?"), [identity])
        let insert = try db.cachedStatement(sql: layout.insertStep)
        for step in steps { try run(insert, [identity] + step) }
    }

    private func arguments(of observation: Observation, steps: [[DatabaseValue]]) -> [DatabaseValue] {
        let point = observation.point
        var values: [DatabaseValue] = []
        values.reserveCapacity(layout.columns.count)
        values.append(point.identity.hex.databaseValue)
        for control in layout.controls { values.append(value(point.controls[control.name])) }
        values.append(point.replica.databaseValue)
        values.append(point.direction.rawValue.databaseValue)
        values.append(observation.outcome.rawValue.databaseValue)
        values.append(Self.storable(observation.reason).databaseValue)
        values.append((observation.seconds.isFinite ? observation.seconds : 0).databaseValue)
        for name in layout.observables { values.append(value(observation.values[name])) }
        var checksum = RowChecksum()
        for (value, seed) in zip(values, layout.checksumSeeds) { checksum.add(value, seed: seed) }
        values.append(checksum.value.databaseValue)
        if !layout.series.isEmpty {
            values.append(layout.checksum(ofSteps: steps).databaseValue)
        }
        return values
    }

    /// A text as SQLite keeps it: one is cut off at a zero byte, and would then not be the one that was checked.
    private static func storable(_ text: String) -> String {
        text.utf8.contains(0) ? text.replacing("\0", with: "\u{FFFD}") : text
    }

    func value(_ control: ControlValue?) -> DatabaseValue {
        switch control {
        case .number(let x): x.databaseValue
        case .text(let text): Self.storable(text).databaseValue
        case .list(let numbers): JSONValue.numbers(numbers).serialized(numbers: .shortest).databaseValue
        case nil: .null
        }
    }

    /// Absent and not-a-number are both NULL; the outcome and its reason say why.
    private func value(_ x: Double?) -> DatabaseValue {
        guard let x, x.isFinite else { return .null }
        return x.databaseValue
    }

    /// The name of a value that has no column, if there is one: it would be lost.
    func undeclaredName(in observation: Observation) -> String? {
        if let name = observation.values.keys.first(where: { !layout.observableNames.contains($0) }) { return name }
        for row in observation.trajectory {
            if let name = row.values.keys.first(where: { !layout.seriesNames.contains($0) }) { return name }
        }
        return nil
    }
}
