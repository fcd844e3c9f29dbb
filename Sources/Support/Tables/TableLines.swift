import Foundation

/// The lines of a text that somebody's program has written.
///
/// Lines end with a line feed, a carriage return or both. A byte-order mark is skipped; one of UTF-16 is believed.
/// Blanks of every width are plain blanks.
package struct TableLines {
    package let lines: [Substring]

    /// - Throws: `TableError` for what is no text.
    package init(_ data: Data, source: String) throws(TableError) {
        let isWide = data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF])
        guard let text = String(data: data, encoding: isWide ? .utf16 : .utf8) else {
            throw Self.notText(data, source)
        }
        try self.init(text, source: source)
    }

    package init(_ text: String, source: String) throws(TableError) {
        var text = text
        if text.utf8.starts(with: [0xEF, 0xBB, 0xBF]) { text.unicodeScalars.removeFirst() }
        // Character by character this would be slow, and `\r\n` is one character.
        if text.utf8.contains(where: { $0 == 0x0D || $0 == 0xC2 || $0 == 0xE2 || $0 == 0xE3 }) {
            text = Self.plain(text)
        }
        var lines: [Substring] = []
        var start = text.startIndex
        while let end = text[start...].utf8.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(text[start..<end])
            start = text.utf8.index(after: end)
        }
        if start < text.endIndex { lines.append(text[start...]) }
        if let number = lines.firstIndex(where: { $0.utf8.contains(0) }) {
            throw TableError(
                source: source, line: number + 1, column: 1,
                message: "this is no text (a byte is 0); a table is text with a row on each line")
        }
        self.lines = lines
    }

    private static func plain(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var wasReturn = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\r": scalars.append("\n")
            case "\n": if !wasReturn { scalars.append("\n") }
            case "\u{A0}", "\u{2000}"..."\u{200A}", "\u{202F}", "\u{205F}", "\u{3000}": scalars.append(" ")
            default: scalars.append(scalar)
            }
            wasReturn = scalar == "\r"
        }
        return String(scalars)
    }

    private static func notText(_ data: Data, _ source: String) -> TableError {
        var line = 1
        var start = data.startIndex
        while let end = data[start...].firstIndex(of: 0x0A),
            String(data: data[start..<end], encoding: .utf8) != nil
        {
            line += 1
            start = end + 1
        }
        return TableError(
            source: source, line: line, column: 1,
            message: "this line is not text in UTF-8; where it is Latin-1, `iconv -f latin1 -t utf-8` makes it so")
    }
}
