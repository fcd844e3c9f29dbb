import Foundation
import GSLNumerics
import PhaseSpace
import Transitions

/// How often verdicts on tables of one value a control are right: the tables of docs/coverage.md.
///
/// `swift run -c release --package-path Benchmarks SingleCurves [tables per row] [seed]`
@main struct SingleCurves {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let count = arguments.first ?? 50
        let numbers = RandomSequence(seed: UInt64(arguments.dropFirst().first ?? 1))
        print("| shape | errors | error | right | undecided | wrong | coverage | median width (steps) |")
        print("|---|---|---|---|---|---|---|---|")
        for errors in SyntheticTable.Errors.allCases {
            for shape in SyntheticTable.Shape.allCases {
                for error in [0.01, 0.03, 0.1] {
                    var row = Row()
                    for _ in 0..<count {
                        row.add(SyntheticTable(shape, error: error, errors: errors, numbers), shape.order)
                    }
                    print("| \(shape.rawValue) | \(errors.rawValue) | \(error) | \(row.text(count)) |")
                }
            }
        }
        for shape in [SyntheticTable.Shape.squareRoot, .jump, .decay] {
            var row = Row()
            for _ in 0..<count {
                row.add(SyntheticTable(shape, error: 0.01, errors: .stated, isLogarithmic: true, numbers), shape.order)
            }
            print("| \(shape.rawValue) | stated, controls spaced by ratio | 0.01 | \(row.text(count)) |")
        }
    }
}

private struct Row {
    var right = 0
    var undecided = 0
    var wrong: [String: Int] = [:]
    var located = 0
    var covered = 0
    var widths: [Double] = []

    mutating func add(_ table: SyntheticTable, _ order: TransitionOrder) {
        let found = tableVerdict(for: table.curve).verdict.transitions
        if found.contains(where: { $0.order == .undecided }) {
            undecided += 1
        } else if found.count == 1, found[0].order == order {
            right += 1
            guard let interval = found[0].location?.interval else { return }
            located += 1
            if interval.contains(table.place) { covered += 1 }
            let isLogarithmic = table.place > 2
            widths.append(
                (isLogarithmic ? log(interval.high / interval.low) / 2 : interval.width) / table.step)
        } else {
            wrong[found.map(\.order.rawValue).joined(separator: "+"), default: 0] += 1
        }
    }

    func text(_ count: Int) -> String {
        func part(_ n: Int, of all: Int) -> String { String(format: "%.1f %%", 100 * Double(n) / Double(all)) }
        let failures = wrong.values.reduce(0, +)
        let names = wrong.isEmpty ? "" : " (\(wrong.keys.sorted().joined(separator: ", ")))"
        let coverage = located > 0 ? part(covered, of: located) : "–"
        let width = widths.isEmpty ? "–" : String(format: "%.2f", widths.sorted()[widths.count / 2])
        return "\(part(right, of: count)) | \(part(undecided, of: count)) | \(part(failures, of: count))\(names) | "
            + "\(coverage) | \(width)"
    }
}
