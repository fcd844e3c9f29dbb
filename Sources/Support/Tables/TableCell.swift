/// What stands in a field of a table.
public enum TableCell: Hashable, Sendable {
    /// Finite, or an infinity that was written as one.
    case number(Double)
    /// `nan`: missing, or what a run that has diverged leaves.
    case notANumber
    /// Nothing, or a word for nothing: `NA`, `N/A`, `null`, `none`, `?`, `-`, `.`
    case missing
    case text(String)

    public var number: Double? { if case .number(let x) = self { x } else { nil } }
    public var isText: Bool { if case .text = self { true } else { false } }
}

/// The sign between a number's whole part and its fraction.
public enum DecimalSign: String, Sendable, CaseIterable {
    case point = "."
    case comma = ","
}

extension TableCell {
    /// Reads decimal numbers with an optional sign and exponent (`1e-3`, Fortran's `0.1D-02` and `0.123-104`),
    /// infinities, nan, and the words for what is missing. What else Swift reads as a number, such as `0x10`, is text.
    package init(_ field: TableField, decimal: DecimalSign) {
        let text = field.text
        if let x = Self.number(text, decimal: decimal) {
            self = .number(x)
        } else {
            self = Self.words[text.lowercased()] ?? .text(text)
        }
    }

    /// A number with this decimal sign; nil for anything else.
    package static func number(_ text: String, decimal: DecimalSign) -> Double? {
        var bytes: [UInt8] = []
        var hasDigit = false
        var exponentAt: Int?
        var commas = 0
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9":
                hasDigit = true
                bytes.append(UInt8(scalar.value))
            case "+", "-", "\u{2212}":
                // Fortran leaves the letter away where an exponent has three digits.
                if hasDigit, exponentAt == nil {
                    guard text.utf8.count - bytes.count == 4, bytes.contains(UInt8(ascii: ".")) else { return nil }
                    exponentAt = bytes.count
                    bytes.append(UInt8(ascii: "e"))
                }
                bytes.append(scalar == "+" ? UInt8(ascii: "+") : UInt8(ascii: "-"))
            case "." where decimal == .point: bytes.append(UInt8(ascii: "."))
            case "," where decimal == .comma:
                commas += 1
                bytes.append(UInt8(ascii: "."))
            case "e", "E", "d", "D", "q", "Q":
                guard hasDigit, exponentAt == nil else { return nil }
                exponentAt = bytes.count
                bytes.append(UInt8(ascii: "e"))
            default: return nil
            }
        }
        guard hasDigit, commas <= 1 else { return nil }
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        return Double(String(decoding: bytes, as: UTF8.self))
    }

    private static let words: [String: TableCell] = {
        var words: [String: TableCell] = [:]
        for word in [
            "", "na", "n/a", "#n/a", "<na>", "null", "none", "nil", "missing", "?", "-", "--", "---", ".", "–", "—",
        ] { words[word] = .missing }
        for word in ["nan", "+nan", "-nan", "nan(ind)", "-nan(ind)", "1.#qnan", "-1.#qnan", "1.#ind", "-1.#ind"] {
            words[word] = .notANumber
        }
        for word in ["inf", "infinity", "1.#inf", "∞"] {
            words[word] = .number(.infinity)
            words["+" + word] = .number(.infinity)
            words["-" + word] = .number(-.infinity)
        }
        words["true"] = .number(1)
        words["false"] = .number(0)
        return words
    }()
}
