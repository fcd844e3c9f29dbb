import Foundation
import GRDB
import PhaseSpace
import Support

/// What a merge has put into a store.
public struct MergeReport: Sendable {
    /// Observations that were not there before.
    public internal(set) var added = 0
    /// Failed observations that gave way to done ones, or to others in canonical order.
    public internal(set) var replaced = 0
    /// Observations of the target afterwards, by outcome.
    public internal(set) var outcomes: [Outcome: Int] = [:]

    public var sentence: String {
        let parts = Outcome.allCases.compactMap { outcome in outcomes[outcome].map { "\($0) \(outcome.rawValue)" } }
        return "\(added) observations added, \(replaced) replaced; now \(outcomes.values.reduce(0, +))"
            + (parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))")
    }
}

extension ModelDeclaration {
    /// Of a store with these constants, which name its controls.
    func ofStore(with constants: JSONValue) -> ModelDeclaration {
        withControls(constants["controls"]?.list?.compactMap(\.text) ?? [])
    }
}

extension Store {
    /// Makes a store the union of itself and others, by the points' identities.
    ///
    /// The order of the others does not matter, and merging twice changes nothing: done beats failed, equal results
    /// are one, and of two failed ones the first in canonical order stays. All or nothing is merged.
    /// - Parameter declaring: the declaration of a model that was made at run time, from what a store keeps of it.
    /// - Throws: `StoreError.otherPhysics` where the stores are of different sweeps, `StoreError.conflict` where two
    ///   done results of a point differ.
    public static func merge(
        _ paths: [String], into target: String, models: [ModelDeclaration],
        declaring: (JSONValue) -> ModelDeclaration? = { _ in nil }
    ) throws(StoreError) -> MergeReport {
        let (model, constants) = try description(of: paths[0])
        let record = record(of: paths[0])?.record
        let known = models + [record.flatMap(declaring)].compactMap { $0 }
        guard let declaration = known.first(where: { $0.name == model })?.ofStore(with: constants) else {
            throw .failed(path: paths[0], detail: "of the model `\(model)`, which this version does not know")
        }
        var sources: [Store] = []
        for path in paths {
            sources.append(try Store.open(path, of: declaration, constants: constants, record: nil, .reading))
        }
        defer { for source in sources { try? source.close() } }
        let store = try Store.open(
            target, of: declaration, constants: constants, record: record, .writing)
        let report = try store.union(with: sources)
        try store.close()
        return report
    }

    private func union(with sources: [Store]) throws(StoreError) -> MergeReport {
        var report = MergeReport()
        try translating {
            try queue.write { db in
                for source in sources { try take(from: source, db, &report) }
            }
        }
        report.outcomes = try counts()
        return report
    }

    private func take(from source: Store, _ db: Database, _ report: inout MergeReport) throws {
        let lookUp = try db.cachedStatement(sql: "\(selection) WHERE identity = ?")
        let hasTrajectories = !layout.series.isEmpty || layout.hasBranches
        let rows = try source.queue.read { sourceDB in
            let cursor = try Row.fetchCursor(sourceDB, sql: source.selection)
            while let row = try cursor.next() {
                let new = try source.observation(row, sourceDB, hasTrajectories)
                lookUp.setUncheckedArguments([new.point.identity.hex])
                guard let found = try Row.fetchOne(lookUp) else {
                    try write(new, db)
                    report.added += 1
                    continue
                }
                let old = try observation(found, db, hasTrajectories)
                guard let better = try Self.better(old, new, path) else { continue }
                try write(better, db)
                if better.outcome != old.outcome || !Self.isSameResult(better, old) { report.replaced += 1 }
            }
            if try Self.meta(db, "spec_path") == nil, let path = try Self.meta(sourceDB, "spec_path") {
                try Self.setMeta(db, "spec_path", path)
            }
            let names = Provenance.columns.joined(separator: ", ")
            return try Row.fetchAll(sourceDB, sql: "SELECT \(names) FROM provenance ORDER BY run")
        }
        let same = Provenance.columns.map { "\($0) = ?" }.joined(separator: " AND ")
        let marks = Provenance.columns.map { _ in "?" }.joined(separator: ", ")
        for row in rows {
            let values = StatementArguments(row.databaseValues)
            if try Bool.fetchOne(db, sql: "SELECT 1 FROM provenance WHERE \(same)", arguments: values) == nil {
                try db.execute(
                    sql: "INSERT INTO provenance (\(Provenance.columns.joined(separator: ", "))) VALUES (\(marks))",
                    arguments: values)
            }
        }
    }

    /// The one of two observations of a point that stays; nil where that is the old one.
    private static func better(_ old: Observation, _ new: Observation, _ path: String) throws -> Observation? {
        if old.outcome.isDone != new.outcome.isDone { return new.outcome.isDone ? new : nil }
        if isSameResult(old, new) {
            // Time is no result, but the file should not depend on the order of merging either.
            return new.seconds < old.seconds ? new : nil
        }
        guard !old.outcome.isDone else {
            throw StoreError.conflict(
                path: path, point: inWords(old.point), results: [inFull(old), inFull(new)].sorted())
        }
        return inFull(new) < inFull(old) ? new : nil
    }

    private static func isSameResult(_ a: Observation, _ b: Observation) -> Bool {
        a.outcome == b.outcome && a.reason == b.reason && a.values == b.values && a.trajectory == b.trajectory
            && a.branch == b.branch
    }

    /// `converged; loss 0.5, squaredNorm 2`.
    private static func inFull(_ observation: Observation) -> String {
        let values = observation.values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        let steps = observation.trajectory.isEmpty ? "" : "; \(observation.trajectory.count) recorded steps"
        let reason = observation.reason.isEmpty ? "" : " (\(observation.reason))"
        return "\(observation.outcome.rawValue)\(reason); \(values.joined(separator: ", "))\(steps)"
    }
}
