import Foundation

/// A table of anybody's making: columns with names, and rows of numbers, in one or more blocks.
///
/// Read are columns separated by tabs, semicolons, commas or blanks (decided once, from all rows), and JSON lines.
/// Lines that begin with `#`, `%` or `//` are comments; the names may stand in one, or in a line of their own. Two
/// empty lines begin a new block, as gnuplot has it.
public struct NumberTable: Sendable {
    public struct Row: Sendable {
        public let cells: [TableCell]
        /// From 1.
        public let line: Int
        /// Where each cell begins, in bytes from the line's start; empty for JSON.
        let offsets: [Int]
    }

    public struct Block: Sendable {
        /// The last comment above the block's first row; empty where there is none.
        public let label: String
        public let rows: [Row]
    }

    /// A column that numbers the rows and belongs to no measurement, as data frames write it.
    public struct Index: Sendable {
        public let column: Int
        /// How it is to be left out when the table is written.
        public let remedy: String
    }

    /// What errors call the table.
    public let source: String
    /// One for each column; empty where the table names none.
    public let names: [String]
    public let columnCount: Int
    /// None of them is empty.
    public let blocks: [Block]
    public let index: Index?
    public let decimal: DecimalSign
    /// What had to be guessed, as sentences without a full stop.
    public let remarks: [String]
    let lines: [Substring]

    /// - Parameter decimal: nil takes points, and commas where nothing else is possible.
    /// - Throws: `TableError`.
    public init(_ data: Data, source: String, decimal: DecimalSign? = nil) throws(TableError) {
        try self.init(try TableLines(data, source: source), source: source, decimal: decimal)
    }

    public init(_ text: String, source: String, decimal: DecimalSign? = nil) throws(TableError) {
        try self.init(try TableLines(text, source: source), source: source, decimal: decimal)
    }

    private init(_ lines: TableLines, source: String, decimal: DecimalSign?) throws(TableError) {
        let content: TableContent
        if let json = try JSONLinesReader(lines.lines, source: source) {
            content = try json.content()
        } else {
            content = try DelimitedReader(lines.lines, source: source, decimal: decimal).content()
        }
        self.source = source
        self.lines = lines.lines
        names = content.names
        columnCount = content.columnCount
        blocks = content.blocks
        index = content.index
        self.decimal = content.decimal
        remarks = content.remarks
    }

    public var rows: [Row] { blocks.flatMap(\.rows) }

    /// The name of a column, or `column 3` where it has none.
    public func name(_ column: Int) -> String {
        names.indices.contains(column) && !names[column].isEmpty ? names[column] : "column \(column + 1)"
    }

    /// An error at a cell.
    public func error(in row: Row, column: Int, _ message: String) -> TableError {
        let line = lines.indices.contains(row.line - 1) ? lines[row.line - 1] : ""
        let offset = row.offsets.indices.contains(column) ? row.offsets[column] : 0
        return TableError(
            source: source, line: row.line, column: Self.character(atByte: offset, of: line), message: message)
    }

    /// An error at a column as a whole: at its first cell.
    public func error(column: Int, _ message: String) -> TableError {
        error(in: blocks[0].rows[0], column: column, message)
    }

    /// As it is written in the file.
    public func text(in row: Row, column: Int) -> String {
        if case .text(let text) = row.cells[column] { return text }
        guard row.offsets.indices.contains(column) else { return row.cells[column].number.map { "\($0)" } ?? "null" }
        let rest = lines[row.line - 1].utf8.dropFirst(row.offsets[column])
        let ends: Set<UInt8> = decimal == .comma ? [0x20, 0x09, 0x3B] : [0x20, 0x09, 0x3B, 0x2C]
        return String(decoding: rest.prefix { !ends.contains($0) }, as: UTF8.self)
    }

    static func character(atByte offset: Int, of line: Substring) -> Int {
        String(decoding: line.utf8.prefix(offset), as: UTF8.self).count + 1
    }
}

/// What a reader of one notation hands over.
struct TableContent {
    var names: [String]
    var columnCount: Int
    var blocks: [NumberTable.Block]
    var index: NumberTable.Index?
    var decimal = DecimalSign.point
    var remarks: [String] = []
}
