import Foundation
import OrderedCollections

/// A JSON document as a value: the settings of a `data:` section, the evidence of a verdict, a question to `predict`
/// and its answer. Objects keep the order in which their members were put.
public enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// Not finite numbers have no JSON form: they are written as `null`.
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object(OrderedDictionary<String, JSONValue>)

    /// The member of an object; nil for a missing member and for anything that is no object.
    public subscript(_ key: String) -> JSONValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }
    public var number: Double? { if case .number(let x) = self { x } else { nil } }
    public var text: String? { if case .text(let s) = self { s } else { nil } }
    public var bool: Bool? { if case .bool(let b) = self { b } else { nil } }
    public var list: [JSONValue]? { if case .list(let l) = self { l } else { nil } }
    public var object: OrderedDictionary<String, JSONValue>? { if case .object(let o) = self { o } else { nil } }
    /// All elements of a list of numbers; nil where one element is something else.
    public var numbers: [Double]? {
        guard let list else { return nil }
        let numbers = list.compactMap(\.number)
        return numbers.count == list.count ? numbers : nil
    }
    public var isNull: Bool { self == .null }

    /// A number, or null where there is none.
    public static func optional(_ x: Double?) -> JSONValue { x.map(JSONValue.number) ?? .null }
    public static func numbers(_ xs: [Double]) -> JSONValue { .list(xs.map(JSONValue.number)) }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .text(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(OrderedDictionary(elements, uniquingKeysWith: { $1 }))
    }
    public init(nilLiteral: ()) { self = .null }
}

// MARK: - Text

extension JSONValue {
    public enum NumberFormat: Sendable {
        /// 17 significant digits: every double comes back as it was, and columns look alike.
        case seventeenDigits
        /// The shortest text that reads back as the same double.
        case shortest
    }

    /// One line of JSON.
    public func serialized(numbers: NumberFormat = .seventeenDigits) -> String {
        var out = ""
        write(to: &out, numbers: numbers, sortingKeys: false)
        return out
    }

    /// The text that identities are hashed from: sorted keys, no white space, shortest numbers.
    public var canonical: String {
        var out = ""
        write(to: &out, numbers: .shortest, sortingKeys: true)
        return out
    }

    private func write(to out: inout String, numbers: NumberFormat, sortingKeys: Bool) {
        switch self {
        case .null: out += "null"
        case .bool(let b): out += b ? "true" : "false"
        case .number(let x): out += Self.text(of: x, numbers)
        case .text(let s): out += Self.quoted(s)
        case .list(let elements):
            out += "["
            for (i, element) in elements.enumerated() {
                if i > 0 { out += "," }
                element.write(to: &out, numbers: numbers, sortingKeys: sortingKeys)
            }
            out += "]"
        case .object(let members):
            out += "{"
            let keys = sortingKeys ? members.keys.sorted() : Array(members.keys)
            for (i, key) in keys.enumerated() {
                if i > 0 { out += "," }
                out += Self.quoted(key) + ":"
                members[key]!.write(to: &out, numbers: numbers, sortingKeys: sortingKeys)
            }
            out += "}"
        }
    }

    private static func text(of x: Double, _ format: NumberFormat) -> String {
        guard x.isFinite else { return "null" }
        if x == x.rounded(), abs(x) < 1e15 { return String(Int64(x)) }
        return switch format {
        case .seventeenDigits: String(format: "%.17g", x)
        case .shortest: "\(x)"
        }
    }

    private static func quoted(_ s: String) -> String {
        // Nearly every text is plain: looking at bytes is much quicker than at characters.
        if s.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
            return "\"" + s + "\""
        }
        var out = "\""
        for scalar in s.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20: out += String(format: "\\u%04x", scalar.value)
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

// MARK: - Reading

/// Why a text is no JSON.
public struct JSONError: Error, CustomStringConvertible, Equatable {
    public let description: String
}

extension JSONValue {
    /// Reads one JSON document. Members of objects come back in the order of their keys.
    public init(parsing text: String) throws(JSONError) {
        let tree: Any
        do {
            tree = try JSONSerialization.jsonObject(with: Data(text.utf8), options: [.fragmentsAllowed])
        } catch {
            let detail = (error as NSError).userInfo["NSDebugDescription"] as? String
            throw JSONError(description: "not valid JSON: \(detail ?? "\(error)")")
        }
        self = try Self.value(of: tree)
    }

    private static func value(of tree: Any) throws(JSONError) -> JSONValue {
        switch tree {
        case is NSNull: return .null
        case let s as String: return .text(s)
        case let number as NSNumber:
            // Foundation bridges true and 1 to the same class: only the stored type tells them apart.
            if String(cString: number.objCType) == "c" || number === kTrue || number === kFalse {
                return .bool(number.boolValue)
            }
            // Foundation keeps many-digit numbers as decimals, whose own way to a double is off by some last bits.
            if let decimal = number as? NSDecimalNumber, let exact = Double(decimal.stringValue) {
                return .number(exact)
            }
            return .number(number.doubleValue)
        case let elements as [Any]:
            var list: [JSONValue] = []
            for element in elements { list.append(try value(of: element)) }
            return .list(list)
        case let members as [String: Any]:
            var object = OrderedDictionary<String, JSONValue>()
            for key in members.keys.sorted() { object[key] = try value(of: members[key]!) }
            return .object(object)
        default: throw JSONError(description: "a JSON value of an unknown kind")
        }
    }

    private static let kTrue = NSNumber(value: true)
    private static let kFalse = NSNumber(value: false)
}
