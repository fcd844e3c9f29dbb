import Foundation
import OrderedCollections
import PhaseSpace
import Support

public enum ExportFormat: String, Sendable, CaseIterable {
    /// Comma-separated, quoted where needed, first line names (RFC 4180 with plain line feeds).
    case csv
    /// The same with tabs.
    case tsv
    /// One JSON object per line; what does not apply is null.
    case jsonl
}

extension SweepPlan {
    /// Writes observations line by line: every control, replica, direction, outcome, reason, every observable.
    ///
    /// The order is the plan's, numbers have 17 digits, and nothing depends on the run: two stores with the same
    /// results give the same bytes.
    /// - Parameters:
    ///   - points: which points, in which order; without them those that results rest on.
    ///   - timings: adds the seconds that each point took, the one thing that differs from run to run.
    public func export(
        from store: Store, as format: ExportFormat, points: (any Sequence<Point>)? = nil, timings: Bool = false,
        to write: (String) throws -> Void
    ) throws {
        try store.verify()
        let names = spec.declaration.controls.map(\.name)
        let measured = spec.declaration.observables.map(\.name)
        let header = names + ["replica", "direction", "outcome", "reason"] + measured + (timings ? ["seconds"] : [])
        let table = ExportTable(header, format)
        if let header = table.header { try write(header) }
        func line(_ observation: Observation) throws {
            let point = observation.point
            var values = names.map { point.controls[$0]?.json ?? .null }
            values += [
                .number(Double(point.replica)), .text(point.direction.rawValue),
                .text(observation.outcome.rawValue), .text(observation.reason),
            ]
            values += measured.map { .optional(observation.values[$0]) }
            if timings { values.append(.number(observation.seconds)) }
            try write(table.line(values))
        }
        if let points {
            try store.forEachObservation(of: points, line)
        } else {
            try store.forEachObservation(of: try self.points(in: store), line)
        }
    }
}

extension SweepPlan {
    /// Writes the recorded steps of points, a line a step: every control, replica, direction, step, every observable that
    /// is recorded along the way.
    /// - Returns: the number of lines.
    @discardableResult
    public func exportTrajectories(
        from store: Store, as format: ExportFormat, points: some Sequence<Point>, to write: (String) throws -> Void
    ) throws -> Int {
        try store.verify()
        let names = spec.declaration.controls.map(\.name)
        let measured = spec.declaration.observables.filter(\.isRecordedAlongTrajectory).map(\.name)
        let table = ExportTable(names + ["replica", "direction", "step"] + measured, format)
        var count = 0
        if let header = table.header { try write(header) }
        try store.forEachObservation(of: points, withTrajectories: true) { observation in
            let point = observation.point
            let place =
                names.map { point.controls[$0]?.json ?? .null }
                + [.number(Double(point.replica)), .text(point.direction.rawValue)]
            for row in observation.trajectory {
                count += 1
                try write(
                    table.line(place + [.number(Double(row.step))] + measured.map { .optional(row.values[$0]) }))
            }
        }
        return count
    }
}

/// Lines of a table in one of the formats.
private struct ExportTable {
    private let names: [String]
    private let format: ExportFormat
    private var separator: String { format == .tsv ? "\t" : "," }

    init(_ names: [String], _ format: ExportFormat) { (self.names, self.format) = (names, format) }

    /// Nil where lines name their members themselves.
    var header: String? {
        format == .jsonl
            ? nil : names.map { JSONValue.text($0).field(separator: separator) }.joined(separator: separator) + "\n"
    }

    func line(_ values: [JSONValue]) -> String {
        guard format == .jsonl else {
            return values.map { $0.field(separator: separator) }.joined(separator: separator) + "\n"
        }
        return JSONValue.object(OrderedDictionary(uniqueKeysWithValues: zip(names, values))).serialized() + "\n"
    }
}
