import Foundation
import GSLNumerics
import PhaseSpace
import Transitions

/// How often verdicts on tables of one value a control are right: the tables of docs/coverage.md.
///
/// `swift run -c release --package-path Benchmarks SingleCurves [tables per row] [seed] [kind of errors …]`
///
/// Every row draws from a sequence of its own, so that the kinds may be measured apart.
@main struct SingleCurves {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        let numbers = arguments.compactMap { UInt64($0) }
        let count = numbers.first.map { Int($0) } ?? 50
        let seed = numbers.dropFirst().first ?? 1
        let wanted = arguments.compactMap { SyntheticTable.Errors(rawValue: $0) }
        print("| shape | errors | error | right | undecided | wrong | coverage | median width (steps) |")
        print("|---|---|---|---|---|---|---|---|")
        var all = Row()
        for (i, errors) in SyntheticTable.Errors.allCases.enumerated() where wanted.isEmpty || wanted.contains(errors) {
            for (j, shape) in errors.shapes.enumerated() {
                for (k, error) in errors.sizes.enumerated() {
                    let random = RandomSequence(seed: 1_000_000 * seed + UInt64(10_000 * i + 100 * j + k))
                    var row = Row()
                    for _ in 0..<count {
                        row.add(SyntheticTable(shape, error: error, errors: errors, random), shape.order)
                    }
                    all.add(row, continuous: shape.order == .second)
                    print("| \(shape.rawValue) | \(errors.rawValue) | \(error) | \(row.text(count)) |")
                    fflush(nil)
                }
            }
        }
        print("\nall \(all.total) tables: \(all.text(all.total))")
    }
}

private struct Row {
    var right = 0
    var undecided = 0
    var wrong: [String: Int] = [:]
    var located = 0
    var covered = 0
    var widths: [Double] = []
    var total = 0

    mutating func add(_ table: SyntheticTable, _ order: TransitionOrder) {
        total += 1
        let found = tableVerdict(for: table.curve, options: table.options).verdict.transitions
        if found.contains(where: { $0.order == .undecided }) {
            undecided += 1
        } else if found.count == 1, found[0].order == order {
            right += 1
            guard order == .first || order == .second, let interval = found[0].location?.interval else { return }
            located += 1
            if interval.contains(table.place) { covered += 1 }
            let width = table.isLogarithmic ? log(interval.high / interval.low) / 2 : interval.width
            widths.append(width / table.step)
        } else {
            wrong[found.map(\.order.rawValue).joined(separator: "+"), default: 0] += 1
        }
    }

    /// Coverage is summed over continuous rows alone.
    mutating func add(_ row: Row, continuous: Bool) {
        total += row.total
        right += row.right
        undecided += row.undecided
        wrong.merge(row.wrong, uniquingKeysWith: +)
        guard continuous else { return }
        located += row.located
        covered += row.covered
        widths += row.widths
    }

    func text(_ count: Int) -> String {
        func part(_ n: Int, of all: Int) -> String { String(format: "%.1f %%", 100 * Double(n) / Double(all)) }
        let failures = wrong.values.reduce(0, +)
        let names = wrong.isEmpty ? "" : " (\(wrong.keys.sorted().joined(separator: ", ")))"
        let coverage = located > 0 ? "\(part(covered, of: located)) of \(located)" : "–"
        let width = widths.isEmpty ? "–" : String(format: "%.2f", widths.sorted()[widths.count / 2])
        return "\(part(right, of: count)) | \(part(undecided, of: count)) | \(part(failures, of: count))\(names) | "
            + "\(coverage) | \(width)"
    }
}
