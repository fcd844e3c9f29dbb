import PhaseSpace
import Support
import Sweeps

/// One expectation of a recipe beside what came out.
package struct RecipeCheck {
    package let name: String
    /// A number as a person reads it, or a word.
    package let ours: String
    /// Half the width of our 95 % interval; nil where there is none.
    package let halfWidth: Double?
    package let expected: String
    /// Ours minus expected.
    package let deviation: Double?
    /// The deviation in standard errors of both.
    package let errors: Double?
    package let passed: Bool
    /// What was found out about a claim; nil for a number.
    package let finding: Expectation.Finding?
    /// Why there is nothing to compare; empty otherwise.
    package let reason: String
    package let source: String

    package var verdict: String {
        guard reason.isEmpty else { return "FAILED" }
        if let finding { return passed ? finding.rawValue : "\(finding.rawValue), FAILED" }
        return passed ? "ok" : "FAILED"
    }

    package var json: JSONValue {
        [
            "name": .text(name), "ours": .text(ours), "halfWidth": .optional(halfWidth), "expected": .text(expected),
            "deviation": .optional(deviation), "errors": .optional(errors), "passed": .bool(passed),
            "finding": finding.map { .text($0.rawValue) } ?? .null, "reason": .text(reason), "source": .text(source),
        ]
    }
}
