/// What a gallery shows: sweeps with their figures, what was expected of them, and what came out.
package struct GalleryPage: Sendable {
    /// A drawn figure.
    package struct Picture: Sendable {
        /// As in a spec's `figures:`.
        package let figure: String
        package let caption: String
        /// The SVG's path, seen from the page.
        package let path: String
        package let svg: String

        package init(figure: String, caption: String, path: String, svg: String) {
            (self.figure, self.caption, self.path, self.svg) = (figure, caption, path, svg)
        }
    }

    /// An expectation beside what came out.
    package struct Check: Sendable {
        /// Name, ours, half of the interval, expected, deviation, in standard errors.
        package let cells: [String]
        package let verdict: String
        package let isPassed: Bool

        package init(cells: [String], verdict: String, isPassed: Bool) {
            (self.cells, self.verdict, self.isPassed) = (cells, verdict, isPassed)
        }
    }

    /// One sweep.
    package struct Entry: Sendable {
        /// `weight-decay/depth`
        package let name: String
        package let title: String
        /// What makes the results and figures, as typed in a shell.
        package let command: String
        package var checks: [Check] = []
        /// Papers that expected values come from.
        package var sources: [String] = []
        /// The verdict table with its sentences, for a font of one width.
        package var verdicts = ""
        /// The sweep file.
        package var spec = ""
        package var pictures: [Picture] = []
        /// The page in which it is explored, seen from the gallery; empty where there is none.
        package var page = ""
        /// Why a figure is not there.
        package var notes: [String] = []

        package init(name: String, title: String, command: String) {
            (self.name, self.title, self.command) = (name, title, command)
        }

        /// The folder part of the name.
        var group: String { name.contains("/") ? String(name.prefix { $0 != "/" }) : "sweeps" }
        var isPassed: Bool { checks.allSatisfy(\.isPassed) }
        var result: String {
            let failed = checks.count { !$0.isPassed }
            if checks.isEmpty { return "" }
            return failed == 0
                ? "\(checks.count) of \(checks.count) as expected" : "\(failed) of \(checks.count) failed"
        }
    }

    package let title: String
    /// Sentences below the title.
    package let introduction: String
    package var entries: [Entry] = []

    package init(title: String, introduction: String) { (self.title, self.introduction) = (title, introduction) }

    static let columns = ["what", "ours", "± (95 %)", "expected", "deviation", "in errors", "verdict"]

    /// Entries by group, groups and entries in the order of their first appearance.
    var groups: [(name: String, entries: [Entry])] {
        var result: [(name: String, entries: [Entry])] = []
        for entry in entries {
            if let place = result.firstIndex(where: { $0.name == entry.group }) {
                result[place].entries.append(entry)
            } else {
                result.append((entry.group, [entry]))
            }
        }
        return result
    }

    var summary: String {
        let checks = entries.flatMap(\.checks)
        let failed = checks.count { !$0.isPassed }
        let figures = entries.map(\.pictures.count).reduce(0, +)
        let judged = failed == 0 ? "all as expected" : "\(failed) failed"
        return "\(entries.count) sweeps, \(figures) figures, \(checks.count) checks: \(judged)"
    }
}
