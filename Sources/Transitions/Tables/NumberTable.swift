import Foundation

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

/// Rows of numbers in a text, separated by tabs, spaces, commas or semicolons.
///
/// Empty lines and lines that begin with `#` do not count; a first line without numbers, or the last comment before
/// the data if it has as many words as there are columns, names the columns.
struct NumberTable {
    struct Row {
        let numbers: [Double]
        /// As they were written.
        let texts: [String]
        let line: Int
        /// In characters, from 1.
        let columns: [Int]
    }

    let source: String
    private(set) var rows: [Row] = []
    private(set) var names: [String] = []

    /// - Parameters:
    ///   - widths: how many columns there may be; every row has as many as the first.
    ///   - meaning: what a row holds, for errors, such as `two numbers (control, value)`.
    /// - Throws: `TableError`.
    init(_ text: String, source: String, widths: ClosedRange<Int>, meaning: String) throws {
        self.source = source
        var lastComment: [String] = []
        var lineNumber = 0
        for raw in text.replacingOccurrences(of: "\r\n", with: "\n").split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            lineNumber += 1
            let fields = Self.fields(of: raw)
            guard let first = fields.first else { continue }
            if first.text.hasPrefix("#") {
                if rows.isEmpty {
                    lastComment = raw.drop { $0 == "#" || $0.isWhitespace }.split { Self.isSeparator($0) }
                        .map(String.init)
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
            guard widths.contains(fields.count) else {
                let column = fields.count > widths.upperBound ? fields[widths.upperBound].column : first.column
                throw fail(column, "a row has \(meaning), not \(fields.count)")
            }
            if let count = rows.first?.numbers.count, fields.count != count {
                throw fail(
                    fields[min(count, fields.count - 1)].column,
                    "this row has \(fields.count) columns, the first one has \(count)")
            }
            let numbers = try fields.map { field in
                guard let x = Double(field.text) else { throw fail(field.column, "`\(field.text)` is not a number") }
                return x
            }
            rows.append(
                Row(
                    numbers: numbers, texts: fields.map { String($0.text) }, line: lineNumber,
                    columns: fields.map(\.column)))
        }
        guard let width = rows.first?.numbers.count else {
            throw TableError(
                source: source, line: max(1, lineNumber), column: 1,
                message: "the table has no rows; a row has \(meaning)")
        }
        if names.isEmpty, lastComment.count == width { names = lastComment }
    }

    func name(_ column: Int, _ fallback: String) -> String { names.count > column ? names[column] : fallback }

    func error(in row: Row, column: Int, _ message: String) -> TableError {
        TableError(source: source, line: row.line, column: row.columns[column], message: message)
    }

    private static func isSeparator(_ c: Character) -> Bool { c.isWhitespace || c == "," || c == ";" }

    private static func fields(of line: Substring) -> [(text: Substring, column: Int)] {
        line.split { isSeparator($0) }.map { field in
            (field, line.distance(from: line.startIndex, to: field.startIndex) + 1)
        }
    }
}
