/// The lines of a table, cell by cell.
///
/// Cells are separated by commas; where the first line has none, by semicolons or tabs, if it has some. A cell may stand in
/// double quotes, with `""` for a quote; it ends on its line. Lines end with a line feed, a carriage return or both. A
/// byte-order mark and blank lines are skipped.
struct CSVLines: Sequence, IteratorProtocol {
    struct Line {
        /// From 1.
        let number: Int
        /// Without quotes and the spaces around them.
        let cells: [String]
    }

    /// Why and where the iteration ended early.
    private(set) var failure: DataFileError?

    private let bytes: [UInt8]
    private let file: String
    private var position: Int
    private var number = 0
    private var separator = CSVLines.comma

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        separator = Self.separator(of: bytes[position...])
    }

    /// That of the first line that is not blank, outside of quotes.
    private static func separator(of bytes: ArraySlice<UInt8>) -> UInt8 {
        var found: Set<UInt8> = []
        var isQuoted = false
        var isBlank = true
        for byte in bytes {
            if isLineEnd(byte) {
                if isBlank { continue }
                break
            }
            if byte == quote { isQuoted.toggle() }
            if !isQuoted { found.insert(byte) }
            isBlank = isBlank && isSpace(byte)
        }
        return [comma, semicolon, tab].first(where: found.contains) ?? comma
    }

    mutating func next() -> Line? {
        while position < bytes.count, failure == nil {
            number += 1
            let start = position
            while position < bytes.count, !Self.isLineEnd(bytes[position]) { position += 1 }
            let line = bytes[start..<position]
            if position + 1 < bytes.count, bytes[position] == Self.carriageReturn, bytes[position + 1] == Self.lineFeed
            {
                position += 1
            }
            position += 1
            if line.allSatisfy(Self.isSpace) { continue }
            do throws(DataFileError) {
                return Line(number: number, cells: try cells(of: line))
            } catch { failure = error }
        }
        return nil
    }

    private func cells(of line: ArraySlice<UInt8>) throws(DataFileError) -> [String] {
        var cells: [String] = []
        var at = line.startIndex
        while true {
            while at < line.endIndex, isSpace(line[at]) { at += 1 }
            var cell: [UInt8] = []
            if at < line.endIndex, line[at] == Self.quote {
                (cell, at) = try quoted(line, from: at, column: cells.count + 1)
                while at < line.endIndex, isSpace(line[at]) { at += 1 }
                guard at == line.endIndex || line[at] == separator else {
                    throw refusal(
                        cells.count + 1, "\(separatorInWords) or the end of the line belongs after a closing quote")
                }
            } else {
                let start = at
                while at < line.endIndex, line[at] != separator {
                    if line[at] == Self.quote { throw refusal(cells.count + 1, "a quote stands within a cell") }
                    at += 1
                }
                cell = Array(line[start..<at])
                while let last = cell.last, isSpace(last) { cell.removeLast() }
            }
            guard let text = String(validating: cell, as: UTF8.self) else {
                throw refusal(cells.count + 1, "the cell is not text in UTF-8")
            }
            cells.append(text)
            if at == line.endIndex { return cells }
            at += 1
        }
    }

    private func quoted(
        _ line: ArraySlice<UInt8>, from start: Int, column: Int
    ) throws(DataFileError) -> (cell: [UInt8], end: Int) {
        var cell: [UInt8] = []
        var at = start + 1
        while at < line.endIndex {
            if line[at] == Self.quote {
                guard at + 1 < line.endIndex, line[at + 1] == Self.quote else { return (cell, at + 1) }
                at += 1
            }
            cell.append(line[at])
            at += 1
        }
        throw refusal(column, "a quote is opened here and not closed on this line")
    }

    private func refusal(_ column: Int, _ message: String) -> DataFileError {
        DataFileError(file: file, .cell(line: number, column: column), message: message)
    }

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let semicolon = UInt8(ascii: ";")
    private static let tab = UInt8(ascii: "\t")
    private var separatorInWords: String {
        separator == Self.comma ? "a comma" : separator == Self.semicolon ? "a semicolon" : "a tab"
    }
    /// Around a cell: a tab that separates is none.
    private func isSpace(_ byte: UInt8) -> Bool { Self.isSpace(byte) && byte != separator }
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
