import Foundation
import GSLNumerics
import PhaseSpace
import Transitions

/// How often verdicts on tables of one value a control are right: the page docs/generated/single-curves.md.
///
/// `swift run -c release --package-path Benchmarks SingleCurves [tables per row] [seed] [kind of errors[=tables] …]`
///
/// Every row draws from a sequence of its own, so that the kinds may be measured apart.
@main struct SingleCurves {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        let numbers = arguments.compactMap { UInt64($0) }
        let count = numbers.first.map { Int($0) } ?? 50
        let seed = numbers.dropFirst().first ?? 1
        var wanted: [SyntheticTable.Errors: Int] = [:]
        for word in arguments where UInt64(word) == nil {
            let parts = word.split(separator: "=").map(String.init)
            guard let errors = parts.first.flatMap(SyntheticTable.Errors.init(rawValue:)) else {
                fatalError("`\(word)` is none of \(SyntheticTable.Errors.allCases.map(\.rawValue))")
            }
            wanted[errors] = parts.dropFirst().first.flatMap { Int($0) } ?? count
        }
        print(
            """
            # Verdicts on tables of one value a control

            Made by `make coverage-tables`, `SingleCurves \(arguments.joined(separator: " "))`;
            [what the columns mean](../coverage.md#tables-of-one-value-a-control).

            | shape | errors | error | right | undecided | wrong | coverage | median width (steps) |
            |---|---|---|---|---|---|---|---|
            """)
        var totals: [(name: String, row: Row)] = []
        var jumps = Row()
        for (i, errors) in SyntheticTable.Errors.allCases.enumerated() where wanted.isEmpty || wanted[errors] != nil {
            var all = Row()
            for (j, shape) in errors.shapes.enumerated() {
                for (k, error) in errors.sizes.enumerated() {
                    let random = RandomSequence(seed: 1_000_000 * seed + UInt64(10_000 * i + 100 * j + k))
                    var row = Row()
                    for _ in 0..<(wanted[errors] ?? count) {
                        row.add(SyntheticTable(shape, error: error, errors: errors, random), shape.order)
                    }
                    all.add(row, hasIntervals: shape.order == .second)
                    if shape.order == .first { jumps.add(row, hasIntervals: true) }
                    print("| \(shape.rawValue) | \(errors.rawValue) | \(error) | \(row.text) |")
                    fflush(nil)
                }
            }
            totals.append((errors.rawValue, all))
        }
        var all = Row()
        for total in totals { all.add(total.row, hasIntervals: true) }
        if totals.count > 1 { totals.append(("all", all)) }
        print(
            """

            Coverage and width of the continuous transitions, kink or onset:

            | errors | tables | right | undecided | wrong | coverage | median width (steps) |
            |---|---|---|---|---|---|---|
            """)
        for total in totals { print("| \(total.name) | \(total.row.total) | \(total.row.text) |") }
        print("\n| jumps | coverage | median width (steps) |\n|---|---|---|\n| all | \(jumps.intervals) |")
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
        } else if found.count == 1, table.orders.contains(found[0].order) {
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

    /// Intervals are summed where asked.
    mutating func add(_ row: Row, hasIntervals: Bool) {
        total += row.total
        right += row.right
        undecided += row.undecided
        wrong.merge(row.wrong, uniquingKeysWith: +)
        guard hasIntervals else { return }
        located += row.located
        covered += row.covered
        widths += row.widths
    }

    private func part(_ n: Int, of all: Int) -> String {
        String(format: "%.1f %%", 100 * Double(n) / Double(max(1, all)))
    }
    /// Coverage and median width, as two cells.
    var intervals: String {
        guard located > 0 else { return "– | –" }
        return "\(part(covered, of: located)) of \(located) | "
            + String(format: "%.2f", widths.sorted()[widths.count / 2])
    }
    var text: String {
        let names = wrong.isEmpty ? "" : " (\(wrong.keys.sorted().joined(separator: ", ")))"
        let failures = part(wrong.values.reduce(0, +), of: total)
        return "\(part(right, of: total)) | \(part(undecided, of: total)) | \(failures)\(names) | \(intervals)"
    }
}
