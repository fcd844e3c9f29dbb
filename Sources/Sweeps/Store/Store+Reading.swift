import Foundation
import GRDB
import PhaseSpace
import Support

extension Store {
    /// How each point ended that is there.
    /// - Parameters:
    ///   - verifying: reads every row whole and checks that it is as it was written.
    ///   - isCancelled: asked now and then; the rest is left out when it says so.
    public func outcomes(
        verifying: Bool = false, isCancelled: () -> Bool = { false }
    ) throws(StoreError) -> [PointIdentity: Outcome] {
        try translating {
            try queue.read { db in
                var outcomes: [PointIdentity: Outcome] = [:]
                let count = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM observations") ?? 0
                outcomes.reserveCapacity(count)
                let sql = verifying ? selection : "SELECT identity, outcome FROM observations"
                let column = verifying ? layout.controls.count + 3 : 1
                let rows = try Row.fetchCursor(db, sql: sql)
                let names = Outcome.allCases.map { (outcome: $0, bytes: Array($0.rawValue.utf8)) }
                while let row = try rows.next() {
                    if outcomes.count % 1024 == 0, isCancelled() { break }
                    if verifying { try verify(row) }
                    // Texts are looked at where they lie: this is done for every row of a large store.
                    let known = try row.withUnsafeData(atIndex: column) { data in
                        data?.withUnsafeBytes { name in names.first { name.elementsEqual($0.bytes) }?.outcome }
                    }
                    guard let outcome = known else {
                        throw unknown("outcome", (try? row.value(column, of: path)) ?? "")
                    }
                    outcomes[try identity(of: row)] = outcome
                }
                return outcomes
            }
        }
    }

    /// How each point ended, with one observable where it has it.
    func ruleRows(of observable: String) throws(StoreError) -> RuleRows {
        try translating {
            try queue.read { db in
                var found: RuleRows = [:]
                let column = presentColumns.contains(observable) ? quoted(observable) : "NULL"
                let rows = try Row.fetchCursor(db, sql: "SELECT identity, outcome, \(column) FROM observations")
                while let row = try rows.next() {
                    let name: String = try row.value(1, of: path)
                    guard let outcome = Outcome(rawValue: name) else { throw unknown("outcome", name) }
                    found[try identity(of: row)] = (outcome, try row.valueIfPresent(2, of: path))
                }
                return found
            }
        }
    }

    /// Checks that every row is as it was written: a row whose key has changed is found by nobody.
    public func verify() throws(StoreError) {
        guard presentColumns.contains(StoreLayout.checksum) else { return }
        try translating {
            try queue.read { db in
                let rows = try Row.fetchCursor(db, sql: selection)
                while let row = try rows.next() { try verify(row) }
            }
        }
    }

    /// The observations of some points, in the order of the points; those that are not there yet are left out.
    /// All are read from one state of the store, however long it takes.
    public func forEachObservation(
        of points: some Sequence<Point>, withTrajectories: Bool = false, _ body: (Observation) throws -> Void
    ) throws {
        try queue.read { db in
            let select = try translating { try db.cachedStatement(sql: "\(selection) WHERE identity = ?") }
            for point in points {
                let found: Observation? = try translating {
                    select.setUncheckedArguments([point.identity.hex])
                    return try Row.fetchOne(select).map { try observation($0, db, withTrajectories) }
                }
                if let found { try body(found) }
            }
        }
    }

    /// The observations with these values of controls, in no particular order; all of them for an empty pattern.
    public func observations(
        matching controls: [String: ControlValue] = [:], replica: Int? = nil, direction: Direction? = nil,
        withTrajectories: Bool = false
    ) throws(StoreError) -> [Observation] {
        var conditions: [String] = []
        var values: [DatabaseValue] = []
        for (name, value) in controls.sorted(by: { $0.key < $1.key }) {
            guard layout.controls.contains(where: { $0.name == name }) else { return [] }
            conditions.append("\(quoted(name)) = ?")
            values.append(self.value(value))
        }
        if let replica {
            conditions.append("\"replica\" = ?")
            values.append(replica.databaseValue)
        }
        if let direction {
            conditions.append("\"direction\" = ?")
            values.append(direction.rawValue.databaseValue)
        }
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        return try translating {
            try queue.read { db in
                let rows = try Row.fetchCursor(db, sql: selection + filter, arguments: StatementArguments(values))
                var observations: [Observation] = []
                while let row = try rows.next() { observations.append(try observation(row, db, withTrajectories)) }
                return observations
            }
        }
    }

    /// Number of points by outcome, whatever sweep they belong to.
    public func counts() throws(StoreError) -> [Outcome: Int] {
        try translating {
            try queue.read { db in
                var counts: [Outcome: Int] = [:]
                for row in try Row.fetchAll(db, sql: "SELECT outcome, COUNT(*) FROM observations GROUP BY outcome") {
                    let name: String = try row.value(0, of: path)
                    guard let outcome = Outcome(rawValue: name) else { throw unknown("outcome", name) }
                    counts[outcome] = try row.value(1, of: path)
                }
                return counts
            }
        }
    }

    /// The recorded steps of a point, by rising step.
    public func trajectory(of point: PointIdentity) throws(StoreError) -> [TrajectoryRow] {
        try translating { try queue.read { db in try trajectory(of: point, db) } }
    }

    /// One element per run that wrote to the store, the first run first.
    public func provenance() throws(StoreError) -> [Provenance] {
        try translating {
            try queue.read { db in
                let names = Provenance.columns.joined(separator: ", ")
                return try Row.fetchAll(db, sql: "SELECT \(names) FROM provenance ORDER BY run").compactMap { row in
                    Provenance(texts: try Provenance.columns.indices.map { try row.value($0, of: path) })
                }
            }
        }
    }

    /// The overrides of the last run that wrote to a store; nil where there is no store, or a damaged one.
    public static func overrides(of path: String) -> [String]? {
        guard exists(path) else { return nil }
        return try? translating(path) {
            let queue = try connect(path, readonly: true)
            defer { try? queue.close() }
            return try queue.read { db in
                let sql = "SELECT overrides FROM provenance ORDER BY run DESC LIMIT 1"
                guard try db.tableExists("provenance"), let text = try String.fetchOne(db, sql: sql) else { return [] }
                return try JSONValue(parsing: text).list?.compactMap(\.text) ?? []
            }
        }
    }

    /// Chains that an earlier run left unfinished, with something to go on from.
    func checkpointedChains() throws(StoreError) -> Set<PointIdentity> {
        try translating {
            try queue.read { db in
                Set(
                    try String.fetchAll(db, sql: "SELECT chain FROM checkpoints").compactMap(PointIdentity.init(ifHex:))
                )
            }
        }
    }

    /// What was last saved for a chain that is not finished.
    func checkpoint(of chain: PointIdentity) throws(StoreError) -> [UInt8]? {
        try translating {
            try queue.read { db in
                let sql = "SELECT state FROM checkpoints WHERE chain = ?"
                return try Data.fetchOne(db, sql: sql, arguments: [chain.hex]).map(Array.init)
            }
        }
    }

    // MARK: - Rows

    var selection: String {
        let columns = (layout.columns + [StoreLayout.checksum]).filter(presentColumns.contains)
        return "SELECT \(columns.map(quoted).joined(separator: ", ")) FROM observations"
    }

    func observation(_ row: Row, _ db: Database, _ withTrajectory: Bool) throws -> Observation {
        var controls: [String: ControlValue] = [:]
        for (i, control) in layout.controls.enumerated() {
            controls[control.name] = try controlValue(row[i + 1] as DatabaseValue, of: control)
        }
        var at = layout.controls.count + 1
        let directionName: String = try row.value(at + 1, of: path)
        let outcomeName: String = try row.value(at + 2, of: path)
        guard let direction = Direction(rawValue: directionName) else { throw unknown("direction", directionName) }
        guard let outcome = Outcome(rawValue: outcomeName) else { throw unknown("outcome", outcomeName) }
        let identity = try identity(of: row)
        try verify(row)
        let point = Point(
            controls: controls, replica: try row.value(at, of: path), direction: direction, identity: identity)
        let reason: String = try row.value(at + 3, of: path)
        let seconds: Double = try row.value(at + 4, of: path)
        at += 5
        var values: [String: Double] = [:]
        for name in layout.observables where presentColumns.contains(name) {
            if let x: Double = try row.valueIfPresent(at, of: path) { values[name] = x }
            at += 1
        }
        return Observation(
            point: point, outcome: outcome, reason: reason, values: values,
            trajectory: withTrajectory ? try trajectory(of: identity, db) : [],
            branch: withTrajectory && direction == .branch ? try branch(of: point, db) : nil, seconds: seconds)
    }

    private func identity(of row: Row) throws -> PointIdentity {
        let identity = try row.withUnsafeData(atIndex: 0) { data in
            data.flatMap { $0.withUnsafeBytes { PointIdentity(hexDigits: $0) } }
        }
        guard let identity else { throw StoreError.damaged(path: path, detail: "a row without a point's identity") }
        return identity
    }

    /// - Throws: `StoreError.damaged` where the row is not as it was written.
    private func verify(_ row: Row) throws {
        guard presentColumns.contains(StoreLayout.checksum) else { return }
        guard checksum(of: row) == Int64.fromDatabaseValue(row[row.count - 1]) else {
            throw StoreError.damaged(path: path, detail: "the row of point \(try identity(of: row)) has changed")
        }
    }

    private func checksum(of row: Row) -> Int64 {
        var checksum = RowChecksum()
        for (value, seed) in zip(row.databaseValues, presentSeeds) { checksum.add(value, seed: seed) }
        return checksum.value
    }

    private func controlValue(_ value: DatabaseValue, of control: ControlParameter) throws -> ControlValue {
        switch value.storage {
        case .double(let x): return .number(x)
        case .int64(let n): return .number(Double(n))
        case .string(let text):
            guard control.isNumeric else { return .text(text) }
            guard let numbers = (try? JSONValue(parsing: text))?.numbers else {
                throw StoreError.damaged(path: path, detail: "`\(control.name)` is neither a number nor a list of them")
            }
            return .list(numbers)
        case .null, .blob: throw StoreError.damaged(path: path, detail: "a control without a value")
        }
    }

    private func trajectory(of point: PointIdentity, _ db: Database) throws -> [TrajectoryRow] {
        let names = (["step"] + presentSeries).map(quoted).joined(separator: ", ")
        let select = try db.cachedStatement(sql: "SELECT \(names) FROM trajectories WHERE identity = ? ORDER BY step")
        let rows = try Row.fetchCursor(select, arguments: [point.hex])
        var steps: [TrajectoryRow] = []
        var stored: [[DatabaseValue]] = []
        while let row = try rows.next() {
            var values: [String: Double] = [:]
            for (i, name) in presentSeries.enumerated() {
                if let x: Double = try row.valueIfPresent(i + 1, of: path) { values[name] = x }
            }
            steps.append(TrajectoryRow(step: try row.value(0, of: path), values: values))
            stored.append(Array(row.databaseValues))
        }
        if presentSeries == layout.series, presentColumns.contains(StoreLayout.trajectoryChecksum) {
            let sql = "SELECT \(quoted(StoreLayout.trajectoryChecksum)) FROM observations WHERE identity = ?"
            let check = try Int64.fetchOne(try db.cachedStatement(sql: sql), arguments: [point.hex])
            if let check, check != layout.checksum(ofSteps: stored) {
                throw StoreError.damaged(path: path, detail: "the trajectory of point \(point) has changed")
            }
        }
        return steps
    }

    private func unknown(_ what: String, _ name: String) -> StoreError {
        .damaged(path: path, detail: "an unknown \(what) `\(name)`")
    }
}
