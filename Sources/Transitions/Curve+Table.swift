import Foundation
import PhaseSpace

/// A table that is no curve: which line and column, what is there, what would be right.
public struct TableError: Error, CustomStringConvertible, Equatable {
    public let source: String
    /// From 1.
    public let line: Int
    /// In characters, from 1.
    public let column: Int
    public let message: String
    public var description: String { "\(source):\(line):\(column): \(message)" }
}

/// Reads a curve from a table with the columns control, value and (optionally) the value's standard error, separated
/// by tabs, spaces or commas.
///
/// Empty lines and lines that begin with `#` do not count; a first line without numbers, or the last comment before
/// the data if it has as many words as there are columns, names the columns. `nan` marks a value that is missing.
/// Several lines with one control are one control's repeats. Rows with NaN become samples that are not done.
/// - Parameters:
///   - source: what errors call the table, such as the file's name.
///   - key: for a curve with a place in a sweep; nil names model, axis and order parameter after the table.
/// - Throws: `TableError` for a line that is none of this, and for a table without rows.
public func curve(fromTable text: String, source: String = "table", key: CurveKey? = nil) throws -> Curve {
    var rows: [[Double]] = []
    var names: [String] = []
    var lastComment: [String] = []
    var lineNumber = 0
    for raw in text.replacingOccurrences(of: "\r\n", with: "\n").split(
        separator: "\n", omittingEmptySubsequences: false)
    {
        lineNumber += 1
        let fields = fields(of: raw)
        guard let first = fields.first else { continue }
        if first.text.hasPrefix("#") {
            if rows.isEmpty {
                lastComment = raw.drop { $0 == "#" || $0.isWhitespace }.split { isSeparator($0) }.map(String.init)
            }
            continue
        }
        func fail(_ column: Int, _ message: String) -> TableError {
            TableError(source: source, line: lineNumber, column: column, message: message)
        }
        if rows.isEmpty, names.isEmpty, fields.allSatisfy({ Double($0.text) == nil }) {
            names = fields.map { String($0.text) }
            continue
        }
        guard fields.count == 2 || fields.count == 3 else {
            throw fail(
                fields.count > 3 ? fields[3].column : first.column,
                "a row has two or three numbers (control, value, error), not \(fields.count)")
        }
        if let count = rows.first?.count, fields.count != count {
            throw fail(
                fields[min(count, fields.count - 1)].column,
                "this row has \(fields.count) columns, the first one has \(count)")
        }
        let numbers = try fields.map { field in
            guard let x = Double(field.text) else { throw fail(field.column, "`\(field.text)` is not a number") }
            return x
        }
        guard numbers[0].isFinite else { throw fail(first.column, "the control must be finite, not \(first.text)") }
        if numbers.count == 3, numbers[2] < 0 {
            throw fail(fields[2].column, "a standard error is not negative, as \(fields[2].text) is")
        }
        rows.append(numbers)
    }
    guard let width = rows.first?.count else {
        throw TableError(
            source: source, line: max(1, lineNumber), column: 1,
            message: "the table has no rows; a row holds control, value and, if known, its error")
    }
    if names.isEmpty, lastComment.count == width { names = lastComment }
    func name(_ k: Int, _ fallback: String) -> String { names.count > k ? names[k] : fallback }
    let key =
        key
        ?? CurveKey(model: "table", fixed: [:], axis: name(0, "control"), orderParameter: name(1, "value"))
    let samples = rows.map { row in
        var values = [key.orderParameter: row[1]]
        if row.count > 2 { values[errorName(of: key.orderParameter)] = row[2] }
        let isDone = row[1].isFinite
        return CurveSample(
            control: row[0], replica: 0, direction: .cold, outcome: isDone ? .completed : .diverged,
            reason: isDone ? "" : "the table has no finite value here", values: isDone ? values : [:])
    }
    return Curve(key: key, samples: samples)
}

private func isSeparator(_ c: Character) -> Bool { c.isWhitespace || c == "," || c == ";" }

private func fields(of line: Substring) -> [(text: Substring, column: Int)] {
    line.split { isSeparator($0) }.map { field in
        (field, line.distance(from: line.startIndex, to: field.startIndex) + 1)
    }
}
