import Foundation

/// How a plain scalar reads as a number.
///
/// YAML 1.1 and 1.2 disagree on `010`, `1:30`, `0x1F` and `1_000`: such texts are refused rather than guessed at.
enum SpecNumber: Equatable {
    case number(Double)
    /// Looks like a number but is none that all readers agree on; the sentence says what to write.
    case refused(String)
    case text

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var at = 0
        if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") { at = 1 }
        let unsigned = text.utf8.dropFirst(at)
        let digits = { (i: inout Int) -> Int in
            let start = i
            while i < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[i]) { i += 1 }
            return i - start
        }
        let mantissaStart = at
        let whole = digits(&at)
        var fraction = 0
        if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
            at += 1
            fraction = digits(&at)
        }
        let mantissaEnd = at
        if whole + fraction > 0, at < bytes.count, bytes[at] == UInt8(ascii: "e") || bytes[at] == UInt8(ascii: "E") {
            at += 1
            if at < bytes.count, bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") { at += 1 }
            if digits(&at) == 0 { at = 0 }
        }
        guard whole + fraction > 0, at == bytes.count else {
            self = Self.lookAlike(text, String(decoding: Array(unsigned), as: UTF8.self))
            return
        }
        if whole > 1, bytes[mantissaStart] == UInt8(ascii: "0") {
            self = .refused("`\(text)` has a leading zero, which some YAML readers take for octal; leave it out")
            return
        }
        let isZero = bytes[mantissaStart..<mantissaEnd].allSatisfy {
            !(UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0)
        }
        guard let x = Double(text), x.isFinite, isZero || x != 0 else {
            self = .refused("`\(text)` is out of the range of double precision")
            return
        }
        self = .number(x)
    }

    private static func lookAlike(_ text: String, _ unsigned: String) -> SpecNumber {
        let lower = unsigned.lowercased()
        if [".inf", ".nan", "inf", "nan", "infinity"].contains(lower) {
            return .refused("`\(text)` is not a finite number")
        }
        guard let first = lower.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return .text
        }
        let rest = lower.dropFirst(2)
        if lower.hasPrefix("0x") || lower.hasPrefix("0o") || lower.hasPrefix("0b"), rest.allSatisfy(\.isHexDigit) {
            return .refused("`\(text)` must be written as a decimal number")
        }
        if lower.contains(":"), lower.allSatisfy({ "0123456789:._".contains($0) }) {
            return .refused("`\(text)` is a base-60 number to some YAML readers; write a decimal number")
        }
        if lower.contains("_"), lower.allSatisfy({ "0123456789_.e+-".contains($0) }) {
            return .refused("`\(text)` must be written without `_`")
        }
        return .text
    }
}

extension Double {
    /// The nearest number of 12 significant decimal digits: hosts whose `pow` differs in the last bit then agree.
    var roundedToTwelveDigits: Double {
        guard self != 0 else { return 0 }
        return Double(String(format: "%.11e", self)) ?? self
    }
}
