import Foundation

extension JSONValue {
    /// As a field of a table: empty for null, numbers with 17 digits, quoted where a sign asks for it (RFC 4180).
    public func field(separator: String) -> String {
        let text: String
        switch self {
        case .null: return ""
        case .text(let plain): text = plain
        default: text = serialized()
        }
        let isSpecial =
            text.unicodeScalars.contains { "\"\n\r".unicodeScalars.contains($0) } || text.contains(separator)
        return isSpecial ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
    }
}
