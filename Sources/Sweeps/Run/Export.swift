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
        let separator = format == .tsv ? "\t" : ","
        if format != .jsonl {
            try write(header.map { field(.text($0), separator) }.joined(separator: separator) + "\n")
        }
        func line(_ observation: Observation) throws {
            let point = observation.point
            var values = names.map { point.controls[$0]?.json ?? .null }
            values += [
                .number(Double(point.replica)), .text(point.direction.rawValue),
                .text(observation.outcome.rawValue), .text(observation.reason),
            ]
            values += measured.map { .optional(observation.values[$0]) }
            if timings { values.append(.number(observation.seconds)) }
            if format == .jsonl {
                let object = JSONValue.object(OrderedDictionary(uniqueKeysWithValues: zip(header, values)))
                try write(object.serialized() + "\n")
            } else {
                try write(values.map { field($0, separator) }.joined(separator: separator) + "\n")
            }
        }
        if let points {
            try store.forEachObservation(of: points, line)
        } else {
            try store.forEachObservation(of: try self.points(in: store), line)
        }
    }
}

private func field(_ value: JSONValue, _ separator: String) -> String {
    let text: String
    switch value {
    case .null: return ""
    case .text(let plain): text = plain
    default: text = value.serialized()
    }
    let isSpecial = text.unicodeScalars.contains { "\"\n\r".unicodeScalars.contains($0) } || text.contains(separator)
    return isSpecial ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
}
