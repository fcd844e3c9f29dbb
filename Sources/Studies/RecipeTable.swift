import Foundation

/// Ours beside expected, a line each.
package struct RecipeTable {
    package let recipe: String
    package let checks: [RecipeCheck]

    package init(recipe: String, checks: [RecipeCheck]) {
        self.recipe = recipe
        self.checks = checks
    }

    package var text: String {
        var rows = [["", "ours", "± (95 %)", "expected", "deviation", "in errors", "verdict"]]
        rows += checks.map(Self.cells)
        let notes = checks.filter { !$0.reason.isEmpty }.map { "\($0.name): \($0.reason)" }
        let sources = Set(checks.map(\.source)).subtracting([""]).sorted().map { "source: \($0)" }
        return ([recipe, VerdictTable.aligned(rows)] + notes + sources).joined(separator: "\n")
    }

    /// Name, ours, half of the interval, expected, deviation, in standard errors, verdict.
    package static func cells(of check: RecipeCheck) -> [String] {
        [
            check.name, check.ours, short(check.halfWidth), check.expected, short(check.deviation), short(check.errors),
            check.verdict,
        ]
    }

    private static func short(_ x: Double?) -> String { x.map { String(format: "%.2g", $0) } ?? "–" }
}
