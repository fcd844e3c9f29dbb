import Dispatch
import Foundation
import GSLNumerics
import PhaseSpace
import Synchronization
import Transitions

/// How often verdicts are right, and how often their 95 % intervals hold the truth, as a table in Markdown.
///
/// `swift run -c release --package-path Benchmarks Coverage [SWEEPS [SHAPE]]`: sweeps per row (100), and the
/// beginning of a shape's name to measure that alone. `Coverage nets [NETS [FIRST]]` measures trained nets.
@main
struct Coverage {
    static func main() throws {
        if CommandLine.arguments.dropFirst().first == "nets" {
            return try NetCoverage.main(Array(CommandLine.arguments.dropFirst(2)))
        }
        let perRow = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100
        print(
            "| shape | scatter | disorder | points | replicas | right | undecided | wrong | coverage | 95 % interval | bias | exponent covered | exponent |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|---|---|")
        var sums: [TransitionOrder: CoverageCount] = [:]
        let start = Date()
        let only = CommandLine.arguments.dropFirst(2).first
        for (row, sweep) in rows.enumerated() where only.map(sweep.shape.rawValue.hasPrefix) ?? true {
            let count = measure(sweep, sweeps: perRow, seed: UInt64(row + 1))
            sums[sweep.shape.order] = (sums[sweep.shape.order] ?? CoverageCount()) + count
            print(line(sweep, count))
        }
        print(
            "\n| order | sweeps | right | undecided | wrong | coverage | exponent's coverage | median width (steps) |")
        print("|---|---|---|---|---|---|---|---|")
        for order in [TransitionOrder.second, .first, .crossover, .none] {
            guard let sum = sums[order] else { continue }
            let hasPlace = order == .second || order == .first
            print(
                "| \(order.rawValue) | \(sum.sweeps) | \(percent(sum.right, sum.sweeps)) "
                    + "| \(percent(sum.undecided, sum.sweeps)) | \(percent(sum.wrong, sum.sweeps)) "
                    + "| \(hasPlace ? percent(sum.covered, sum.right) : "–") "
                    + "| \(order == .second ? percent(sum.exponentsCovered, sum.right) : "–") "
                    + "| \(hasPlace ? number((try? median(sum.widths)) ?? .nan) : "–") |")
        }
        print(String(format: "\n%.0f s", Date().timeIntervalSince(start)))
    }

    private static var rows: [SyntheticSweep] {
        var rows: [SyntheticSweep] = []
        for shape in SyntheticSweep.Shape.allCases {
            for replicas in [8, 16, 32] {
                rows.append(SyntheticSweep(shape: shape, replicas: replicas))
            }
            for noise in [0.005, 0.05] { rows.append(SyntheticSweep(shape: shape, noise: noise)) }
            for disorder in [0, 0.3, 2] { rows.append(SyntheticSweep(shape: shape, disorder: disorder)) }
            for points in [24, 96] { rows.append(SyntheticSweep(shape: shape, points: points)) }
            rows.append(SyntheticSweep(shape: shape, isLogarithmic: true))
        }
        return rows
    }

    /// Every sweep has a seed of its own, so that the count does not depend on the threads.
    static func measure(_ sweep: SyntheticSweep, sweeps: Int, seed: UInt64) -> CoverageCount {
        let total = Mutex(CoverageCount())
        DispatchQueue.concurrentPerform(iterations: sweeps) { k in
            let (curve, location) = sweep.draw(RandomSequence(seed: seed &* 1_000_003 &+ UInt64(k)))
            var one = CoverageCount()
            one.add(verdict(for: curve).transitions, of: sweep, location: location)
            total.withLock { [one] in $0 = $0 + one }
        }
        return total.withLock { $0 }
    }

    private static func line(_ sweep: SyntheticSweep, _ count: CoverageCount) -> String {
        let wrong = count.wrongOrders.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { " \($0.key.rawValue)" }.joined(separator: ",")
        let width = (try? median(count.widths)).map { number($0) + " steps" } ?? "–"
        let hasPlace = sweep.shape.order == .second || sweep.shape.order == .first
        let exponent =
            (try? mean(count.exponents.map(\.value))).map { value in
                number(value) + " ± " + number((try? median(count.exponents.map(\.halfWidth))) ?? .nan)
            } ?? "–"
        let bias = (try? mean(count.deviations)).map { String(format: "%+.2f", $0) } ?? "–"
        return "| \(sweep.shape.rawValue) | \(sweep.noise) | \(sweep.disorder) "
            + "| \(sweep.points)\(sweep.isLogarithmic ? " log" : "") | \(sweep.replicas) "
            + "| \(percent(count.right, count.sweeps)) | \(percent(count.undecided, count.sweeps)) "
            + "| \(percent(count.wrong, count.sweeps))\(wrong) "
            + "| \(hasPlace ? percent(count.covered, count.right) : "–") | \(hasPlace ? width : "–") "
            + "| \(hasPlace ? bias : "–") | \(sweep.shape.order == .second ? percent(count.exponentsCovered, count.right) : "–") | \(exponent) |"
    }

    private static func percent(_ part: Int, _ whole: Int) -> String {
        whole == 0 ? "–" : String(format: "%.1f %%", 100 * Double(part) / Double(whole))
    }
    private static func number(_ x: Double) -> String { String(format: "%.3g", x) }
}
