import Foundation
import GSLNumerics
import PhaseSpace
import Support
import Testing
import Transitions

/// Tables written in one of many notations and then spoilt: read as they were meant, or refused.
@Suite struct TableMutationTests {
    /// More in long runs.
    private static let count = Int(ProcessInfo.processInfo.environment["LANDAU_MUTANTS"] ?? "") ?? 3000

    /// A table whose numbers are known.
    private struct Specimen {
        var text: String
        let controls: [Double]
        let values: [Double]
        let errors: [Double]?
    }

    private static func specimen(_ random: RandomSequence) -> Specimen {
        func pick<T>(_ choices: [T]) -> T {
            choices[random.index(below: choices.count)]
        }
        let count = 10 + random.index(below: 12)
        let separator = pick(["\t", ",", ";", " ", "  ", ", "])
        let hasErrors = pick([true, false])
        let controls = (0..<count).map { Double($0 + 1) / 2 }
        let values = controls.map { _ in (random.uniform() * 900 + 100).rounded() / 1000 }
        let errors = hasErrors ? controls.map { _ in (random.uniform() * 90 + 10).rounded() / 1000 } : nil
        let usesComma = [";", "\t"].contains(separator) && pick([true, false, false])
        let style = pick(["%.4f", "%.6e", "fortran"])
        func write(_ x: Double) -> String {
            let text =
                style == "fortran"
                ? String(format: "%.6e", x).replacing("e", with: "D") : String(format: style, x)
            return usesComma ? text.replacing(".", with: ",") : text
        }
        let names =
            pick([["T", "M"], ["weight decay", "test accuracy"], ["β \"x\"", "⟨|m|⟩"]]) + (hasErrors ? ["err"] : [])
        let isQuoted = names[0].contains(" ")
        let header = names.map { name in
            isQuoted || name.contains(",")
                ? "\"" + name.replacing("\"", with: "\"\"") + "\"" : name
        }
        var lines: [String] = []
        let index = pick([0, 0, 0, 1, 2])
        switch index {
        case 1 where separator != " " && separator != "  ": lines.append(([""] + header).joined(separator: separator))
        case 2: lines.append(header.joined(separator: separator))
        default:
            let head = pick(["", "# ", "none"])
            if head != "none" { lines.append(head + header.joined(separator: separator)) }
        }
        let hasIndex = index == 2 || index == 1 && separator != " " && separator != "  "
        for i in controls.indices {
            let row = [controls[i], values[i]] + (errors.map { [$0[i]] } ?? [])
            lines.append(((hasIndex ? ["\(i)"] : []) + row.map(write)).joined(separator: separator))
        }
        let end = pick(["\n", "\r\n"])
        return Specimen(
            text: pick(["", "\u{FEFF}"]) + lines.joined(separator: end) + pick([end, ""]), controls: controls,
            values: values, errors: errors)
    }

    private static func read(_ text: String) -> (sentence: String, reading: TableReading?) {
        do {
            let reading = try TableReading(NumberTable(Data(text.utf8), source: "t"))
            return (reading.sentence, reading)
        } catch let error as TableError {
            return ("\(error)", nil)
        } catch {
            Issue.record("not an error of a table: \(error)")
            return ("", nil)
        }
    }

    private static func isTrue(_ reading: TableReading, _ specimen: Specimen) -> Bool {
        func near(_ a: [Double], _ b: [Double]) -> Bool {
            a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 * abs($1) }
        }
        return reading.curves.count == 1 && near(reading.points.map(\.control), specimen.controls)
            && near(reading.points.map(\.value), specimen.values)
            && (specimen.errors.map { near(reading.points.compactMap(\.error), $0) }
                ?? reading.points.allSatisfy { $0.error == nil })
    }

    @Test func everyNotationIsReadAsItWasMeantOrRefused() {
        let random = RandomSequence(seed: 17)
        var accepted = 0
        for _ in 0..<Self.count {
            let specimen = Self.specimen(random)
            let (sentence, reading) = Self.read(specimen.text)
            if let reading {
                accepted += 1
                #expect(Self.isTrue(reading, specimen), "\(sentence)\n\(specimen.text)")
            }
        }
        #expect(accepted > Self.count * 8 / 10, "\(accepted)")
    }

    /// One field, line or separator is changed: no number may move into another column.
    @Test func spoiltTablesAreReadInTheirColumnsOrRefused() {
        let random = RandomSequence(seed: 18)
        let pieces = [
            ",", ";", "\t", " ", "\"", "\n", "\n\n\n", "\r", "#", "-", "nan", "inf", "NA", "?", "x", "1e999", "0x1",
            "γ",
            "{", "[", "=", "\u{0}", "%", "1,5", "(", "D+00", "\u{A0}",
        ]
        func below(_ count: Int) -> Int { random.index(below: count) }
        var accepted = 0
        for _ in 0..<Self.count {
            let specimen = Self.specimen(random)
            var bytes = Array(specimen.text.utf8)
            for _ in 0...below(3) {
                let at = below(bytes.count + 1)
                switch below(3) {
                case 0: bytes.insert(contentsOf: pieces[below(pieces.count)].utf8, at: at)
                case 1: bytes.removeSubrange(at..<min(bytes.count, at + below(8)))
                default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 12)], at: at)
                }
            }
            guard let text = String(validating: bytes, as: UTF8.self) else { continue }
            guard let reading = Self.read(text).reading else { continue }
            accepted += 1
            // Each change spoils two rows at most; in all others each number stands in its column.
            let strangers = reading.points.count { point in
                !specimen.controls.indices.contains { i in
                    abs(specimen.controls[i] - point.control) < 1e-5 && abs(specimen.values[i] - point.value) < 1e-5
                        && (point.error == nil || specimen.errors.map { abs($0[i] - point.error!) < 1e-5 } ?? false)
                }
            }
            #expect(strangers <= 6, "\(reading.sentence)\n\(text)")
        }
        #expect(accepted > Self.count / 20, "\(accepted)")
    }
}
