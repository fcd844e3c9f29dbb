/// Reads lines whose fields a separator divides.
struct DelimitedReader {
    /// A line that is neither empty nor a comment.
    struct Line {
        let number: Int
        let text: Substring
        var fields: [TableField]
        /// Number of empty lines above it, since the last line with something in it.
        let gap: Int
        /// The comments above it, since the last line that was none.
        let comments: [Substring]
    }

    let source: String
    let separator: FieldSeparator
    let decimal: DecimalSign
    var lines: [Line]
    let columnCount: Int
    var remarks: [String] = []

    init(_ text: [Substring], source: String, decimal: DecimalSign?) throws(TableError) {
        self.source = source
        var lines: [Line] = []
        var gap = 0
        var above: [Substring] = []
        for (index, line) in text.enumerated() {
            let content = line.utf8.drop { $0 == 0x20 || $0 == 0x09 }
            guard let first = content.first, !Self.isEmptyRow(content) else {
                gap += 1
                continue
            }
            if first == UInt8(ascii: "#") || first == UInt8(ascii: "%") || content.starts(with: "//".utf8) {
                let words = Substring(content).drop { "#%/ \t".contains($0) }
                if !words.isEmpty { above.append(words) }
                continue
            }
            lines.append(Line(number: index + 1, text: line, fields: [], gap: gap, comments: above))
            (gap, above) = (0, [])
        }
        guard !lines.isEmpty else {
            throw TableError(
                source: source, line: max(1, text.count), column: 1,
                message: "the table has no rows; a row has two numbers or more (control, value, error)")
        }
        separator = FieldSeparator.dividing(lines.map(\.text), decimal: decimal)
        for i in lines.indices { lines[i].fields = separator.fields(of: Self.withoutRemark(lines[i].text)) }
        Self.dropEmptyLastColumn(&lines, separator)
        columnCount = Self.commonest(lines.dropFirst(lines.count > 1 ? 1 : 0).map(\.fields.count))
        if let decimal {
            self.decimal = decimal
        } else {
            self.decimal = try Self.decimal(of: lines, separator: separator, columns: columnCount, source: source)
            if self.decimal == .comma { remarks.append("decimal commas") }
        }
        self.lines = lines
    }

    /// The first of those that are most often there.
    private static func commonest(_ counts: [Int]) -> Int {
        let tally = Dictionary(counts.map { ($0, 1) }, uniquingKeysWith: +)
        let most = tally.values.max()
        return counts.first { tally[$0] == most }!
    }

    /// Separators alone, as spreadsheets write an empty row.
    private static func isEmptyRow(_ content: Substring.UTF8View.SubSequence) -> Bool {
        content.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: ";") }
    }

    /// Without the comment behind a row of numbers.
    private static func withoutRemark(_ line: Substring) -> Substring {
        guard let mark = line.utf8.firstIndex(of: UInt8(ascii: "#")), mark > line.startIndex,
            let first = line.utf8.first(where: { $0 != 0x20 && $0 != 0x09 }),
            (0x30...0x39).contains(first) || "+-.".utf8.contains(first),
            [0x20, 0x09].contains(line.utf8[line.utf8.index(before: mark)])
        else { return line }
        return line[..<mark]
    }

    /// Some programs end each row with a separator.
    private static func dropEmptyLastColumn(_ lines: inout [Line], _ separator: FieldSeparator) {
        guard separator != .blanks else { return }
        while true {
            let rows = lines.dropFirst(lines.count > 1 ? 1 : 0)
            let width = rows.first!.fields.count
            guard width > 1, rows.allSatisfy({ $0.fields.count == width && $0.fields[width - 1].text.isEmpty })
            else { return }
            // A column that has a name is a column.
            if lines[0].fields.count >= width, !lines[0].fields[width - 1].text.isEmpty { return }
            for i in lines.indices where lines[i].fields.count == width { lines[i].fields.removeLast() }
        }
    }

    func cell(_ field: TableField) -> TableCell { TableCell(field, decimal: decimal) }

    func error(_ line: Line, _ field: Int, _ message: String) -> TableError {
        let offset = line.fields.indices.contains(field) ? line.fields[field].offset : 0
        return TableError(
            source: source, line: line.number, column: NumberTable.character(atByte: offset, of: line.text),
            message: message)
    }
}
