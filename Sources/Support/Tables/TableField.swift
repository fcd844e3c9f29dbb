/// A piece of a table's line.
package struct TableField: Equatable {
    /// Without quotes and the blanks around it.
    package let text: String
    /// Where it begins, in bytes from the line's start.
    package let offset: Int
    package let isQuoted: Bool
}

/// What stands between the fields of a line.
package enum FieldSeparator: String, CaseIterable {
    // The order in which ties are decided.
    case tab, semicolon, comma
    /// Any number of blanks and tabs.
    case blanks

    /// The fields of a line. A field may stand in double quotes, with `""` or `\"` for a quote; a quote that is not
    /// closed is a letter like any other.
    package func fields(of line: Substring) -> [TableField] {
        let bytes = Array(line.utf8)
        var fields: [TableField] = []
        var at = 0
        while true {
            while at < bytes.count, isSkipped(bytes[at]) { at += 1 }
            if self == .blanks, at == bytes.count { return fields }
            let start = at
            var text: [UInt8] = []
            let isQuoted = at < bytes.count && bytes[at] == Self.quote && closes(bytes, from: at)
            if isQuoted { at = unquote(bytes, from: at, into: &text) }
            while at < bytes.count, !isEnd(bytes[at]) {
                text.append(bytes[at])
                at += 1
            }
            while !isQuoted, let last = text.last, last == Self.blank || last == Self.tabulator { text.removeLast() }
            fields.append(
                TableField(text: String(decoding: text, as: UTF8.self), offset: start, isQuoted: isQuoted))
            if at == bytes.count { return fields }
            if self != .blanks { at += 1 }
        }
    }

    private func isEnd(_ byte: UInt8) -> Bool {
        switch self {
        case .tab: byte == Self.tabulator
        case .semicolon: byte == UInt8(ascii: ";")
        case .comma: byte == UInt8(ascii: ",")
        case .blanks: byte == Self.blank || byte == Self.tabulator
        }
    }

    private func isSkipped(_ byte: UInt8) -> Bool {
        byte == Self.blank || (byte == Self.tabulator && self != .tab)
    }

    /// Whether the quote at `start` has a partner before an end of the field.
    private func closes(_ bytes: [UInt8], from start: Int) -> Bool {
        var text: [UInt8] = []
        let end = unquote(bytes, from: start, into: &text)
        guard end > start else { return false }
        return end == bytes.count || isEnd(bytes[end]) || isSkipped(bytes[end])
    }

    /// - Returns: the place behind the closing quote; `start` where there is none.
    private func unquote(_ bytes: [UInt8], from start: Int, into text: inout [UInt8]) -> Int {
        var at = start + 1
        while at < bytes.count {
            let next = at + 1 < bytes.count ? bytes[at + 1] : 0
            if bytes[at] == Self.quote {
                if next != Self.quote { return at + 1 }
                at += 1
            } else if bytes[at] == UInt8(ascii: "\\"), next == Self.quote {
                at += 1
            }
            text.append(bytes[at])
            at += 1
        }
        return start
    }

    private static let quote = UInt8(ascii: "\"")
    private static let blank = UInt8(ascii: " ")
    private static let tabulator = UInt8(ascii: "\t")

    /// As a sentence names it.
    package var words: String {
        switch self {
        case .tab: "tabs"
        case .semicolon: "semicolons"
        case .comma: "commas"
        case .blanks: "blanks"
        }
    }
}
