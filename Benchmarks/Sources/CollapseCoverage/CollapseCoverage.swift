import Foundation
import GSLNumerics
import PhaseSpace
import Transitions

/// How often the 95 % intervals of a collapse hold the truth, as a table in Markdown.
///
/// `swift run -c release --package-path Benchmarks CollapseCoverage [STUDIES [SEED]]`
@main
struct CollapseCoverage {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        let studies = Int(arguments.first ?? 200)
        let numbers = RandomSequence(seed: arguments.dropFirst().first ?? 1)
        var rows: [String: Count] = [:]
        var (refused, misfits) = (0, 0)
        var qualities: [Double] = []
        let start = Date()
        for _ in 0..<studies {
            let study = SyntheticStudy(numbers)
            guard let found = try? collapse(of: study.data(numbers)) else {
                refused += 1
                continue
            }
            if !found.isCollapse { misfits += 1 }
            qualities.append(found.quality)
            let ratio = study.betaOverNu / study.inverseNu
            for (name, estimate, exact) in [
                ("critical point", found.critical, study.critical), ("ν", found.nu, 1 / study.inverseNu),
                ("β/ν", found.betaOverNu, study.betaOverNu), ("β", found.beta, ratio),
            ] {
                guard let estimate, let interval = estimate.interval else { continue }
                let miss = abs(estimate.value - exact) / interval.width
                rows[name, default: Count()].add(interval.contains(exact), miss)
                if name != "β" {
                    rows["\(study.sizes.count) sizes", default: Count()].add(interval.contains(exact), miss)
                    rows["\(study.shape)", default: Count()].add(interval.contains(exact), miss)
                }
            }
        }
        print("| | intervals | hold the truth | off by more than their width |\n|---|---|---|---|")
        for (name, count) in rows.sorted(by: { $0.key < $1.key }) {
            let share = 100 * Double(count.held) / Double(count.made)
            print("| \(name) | \(count.made) | \(String(format: "%.1f %%", share)) | \(count.far) |")
        }
        print(
            "\n\(studies) studies: \(refused) refused, \(misfits) without a good fit, "
                + String(
                    format: "median S %.2f, %.0f s", (try? median(qualities)) ?? .nan, Date().timeIntervalSince(start)))
    }

    private struct Count {
        var (made, held, far) = (0, 0, 0)
        mutating func add(_ holds: Bool, _ miss: Double) {
            made += 1
            if holds { held += 1 }
            if miss > 1 { far += 1 }
        }
    }
}
