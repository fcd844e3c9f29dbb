import Foundation
import Support

/// An answer of exact theory as lines: `key  value`, members of members indented below their key.
struct AnswerText {
    let lines: [String]

    init(_ answer: JSONValue) { lines = Self.lines(of: answer) }

    private static func lines(of value: JSONValue) -> [String] {
        if let members = value.object {
            let width = members.filter { isShort($1) }.keys.map(\.count).max() ?? 0
            return members.flatMap { key, value -> [String] in
                guard isShort(value) else { return [key] + lines(of: value).map { "  " + $0 } }
                return [key.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + text(of: value)]
            }
        }
        guard let list = value.list else { return [text(of: value)] }
        return list.enumerated().flatMap { index, element -> [String] in
            let inner = lines(of: element)
            return inner.enumerated().map { ($0 == 0 ? "\(index + 1): " : "   ") + $1 }
        }
    }

    /// Whether it stands on the line of its key.
    private static func isShort(_ value: JSONValue) -> Bool {
        if let list = value.list { return list.allSatisfy { $0.list == nil && $0.object == nil } }
        return value.object == nil
    }

    private static func text(of value: JSONValue) -> String {
        switch value {
        case .null: "–"
        case .bool(let truth): truth ? "yes" : "no"
        case .number(let x): String(format: "%.10g", x)
        case .text(let text): text
        case .list(let list): list.isEmpty ? "none" : list.map(text).joined(separator: ", ")
        case .object: value.serialized()
        }
    }
}
