import GRDB
import PhaseSpace

// Names with an underscore: controls and observables have none, so nothing can clash.
extension StoreLayout {
    private static let branchLeading = ["identity", "branch_row", "arc_length", "branch_replica"]
    private static let branchTrailing = ["is_stable", "branch_event", "control_uncertainty"]

    /// Columns of `branches`: whose branch, where on it, every control there, what is special, observables.
    var branchColumns: [String] {
        Self.branchLeading + controls.map(\.name) + Self.branchTrailing + observables
    }

    /// A store of a model that follows no branches has no such table.
    var branchCreation: [String] {
        guard hasBranches else { return [] }
        let leading = [
            "\"identity\" TEXT NOT NULL", "\"branch_row\" INTEGER NOT NULL", "\"arc_length\" REAL NOT NULL",
            "\"branch_replica\" INTEGER NOT NULL",
        ]
        let set = controls.map { "\(quoted($0.name)) \(Self.affinity(of: $0)) NOT NULL" }
        let trailing = [
            "\"is_stable\" INTEGER NOT NULL", "\"branch_event\" TEXT", "\"control_uncertainty\" REAL",
        ]
        let columns = leading + set + trailing + observables.map { "\(quoted($0)) REAL" }
        return [
            """
            CREATE TABLE IF NOT EXISTS branches (\(columns.joined(separator: ", ")), \
            PRIMARY KEY ("identity", "branch_row")) WITHOUT ROWID
            """
        ]
    }

    var insertBranchRow: String { Self.insertion("branches", branchColumns) }
}

extension Store {
    /// Replaces the branch of a chain's first point.
    func writeBranch(of observation: Observation, _ db: Database) throws {
        let identity = observation.point.identity.hex
        try db.cachedStatement(sql: "DELETE FROM branches WHERE identity = ?").execute(arguments: [identity])
        guard let branch = observation.branch else { return }
        let insert = try db.cachedStatement(sql: layout.insertBranchRow)
        for (number, row) in branch.all.flatMap({ $0 }).enumerated() {
            var controls = observation.point.controls
            controls[branch.axis] = .number(row.control)
            var values: [DatabaseValue] = [
                identity.databaseValue, number.databaseValue, row.arcLength.databaseValue,
                observation.point.replica.databaseValue,
            ]
            values += layout.controls.map { value(controls[$0.name]) }
            values += [
                row.isStable.databaseValue, row.event?.rawValue.databaseValue ?? .null,
                row.uncertainty?.databaseValue ?? .null,
            ]
            values += layout.observables.map { row.values[$0]?.databaseValue ?? .null }
            insert.setUncheckedArguments(StatementArguments(values))
            try insert.execute()
        }
    }

    /// Chains whose branch is there, by their first point.
    func chainsWithBranches() throws(StoreError) -> Set<PointIdentity> {
        try translating {
            try queue.read { db in
                guard try db.tableExists("branches") else { return [] }
                let identities = try String.fetchAll(db, sql: "SELECT DISTINCT identity FROM branches")
                return Set(identities.compactMap(PointIdentity.init(ifHex:)))
            }
        }
    }

    /// The branch that was followed from a chain's first point along a control, by arc length.
    func branch(of point: PointIdentity, along axis: String) throws(StoreError) -> [BranchRow] {
        try translating { try queue.read { db in try branch(of: point, along: axis, db) } }
    }

    /// The branch of an observation, along the one control that changes on it; nil where none was followed.
    func branch(of point: Point, _ db: Database) throws -> FollowedBranch? {
        guard try db.tableExists("branches") else { return nil }
        for control in layout.controls {
            let sql = "SELECT COUNT(DISTINCT \(quoted(control.name))) FROM branches WHERE identity = ?"
            guard try Int.fetchOne(db, sql: sql, arguments: [point.identity.hex]) ?? 0 > 1 else { continue }
            let rows = try branch(of: point.identity, along: control.name, db)
            return FollowedBranch(axis: control.name, replica: point.replica, rows: rows)
        }
        return nil
    }

    func branch(of point: PointIdentity, along axis: String, _ db: Database) throws -> [BranchRow] {
        let present = Set(try db.columns(in: "branches").map(\.name))
        let observables = layout.observables.filter(present.contains)
        let names = (["arc_length", axis, "is_stable", "branch_event", "control_uncertainty"] + observables)
            .map(quoted).joined(separator: ", ")
        let select = try db.cachedStatement(sql: "SELECT \(names) FROM branches WHERE identity = ? ORDER BY branch_row")
        let cursor = try Row.fetchCursor(select, arguments: [point.hex])
        var rows: [BranchRow] = []
        while let row = try cursor.next() {
            var values: [String: Double] = [:]
            for (i, name) in observables.enumerated() {
                if let x: Double = try row.valueIfPresent(5 + i, of: path) { values[name] = x }
            }
            let event: String? = try row.valueIfPresent(3, of: path)
            rows.append(
                BranchRow(
                    arcLength: try row.value(0, of: path), control: try row.value(1, of: path),
                    isStable: try row.value(2, of: path), event: event.flatMap(BranchEvent.init(rawValue:)),
                    uncertainty: try row.valueIfPresent(4, of: path), values: values))
        }
        return rows
    }
}
