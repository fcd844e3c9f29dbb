import Foundation
import PhaseSpace

/// Verdicts as a table for people, with their sentences below.
struct VerdictTable {
    let verdicts: [Verdict]
    /// Symbol of the swept control.
    let symbol: String

    var text: String {
        var rows = [
            ["curve", "order", "\(symbol)*", "± (95 %)", "jump of F′", "spinodal", "exact \(symbol)*", "deviation"]
        ]
        var sentences: [String] = []
        for verdict in verdicts {
            let label = Self.label(of: verdict)
            for (index, transition) in verdict.transitions.enumerated() {
                let theory = verdict.theory(for: index)
                let location = transition.location?.value
                rows.append([
                    index == 0 ? label : "", transition.order.rawValue, Self.number(location),
                    Self.number(transition.location?.interval.map { $0.width / 2 }, digits: 2),
                    Self.number(transition.jump?.value, digits: 5), Self.number(transition.spinodal?.value, digits: 5),
                    theory.map { $0.location.map { Self.number($0.value) } ?? $0.order.rawValue } ?? "–",
                    Self.deviation(location, theory?.location?.value),
                ])
                if !transition.sentence.isEmpty {
                    sentences.append((label.isEmpty ? "" : "\(label): ") + transition.sentence)
                }
            }
            for missed in Self.unmatchedTheory(of: verdict) {
                sentences.append(
                    (label.isEmpty ? "" : "\(label): ")
                        + "exact theory has a transition of order \(missed.order.rawValue) at \(symbol) = "
                        + "\(Self.number(missed.location?.value)) that this grid does not show")
            }
            let failed = verdict.leftOut
            if !failed.isEmpty {
                let parts = failed.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }
                sentences.append(
                    (label.isEmpty ? "" : "\(label): ") + "left out of the verdict: \(parts.joined(separator: ", "))"
                        + (verdict.leftOutReason.isEmpty
                            ? "" : " (\(verdict.leftOutReason.trimmingCharacters(in: ["."])))"))
            }
        }
        return Self.aligned(rows) + "\n\n" + sentences.joined(separator: "\n")
    }

    static func label(of verdict: Verdict) -> String {
        verdict.varying.compactMap { name in verdict.key.fixed[name].map { "\(name) \($0)" } }.joined(separator: ", ")
    }

    /// Exact transitions inside the grid that stand beside no found one.
    private static func unmatchedTheory(of verdict: Verdict) -> [Transition] {
        let matched = verdict.transitions.indices.compactMap { verdict.theory(for: $0)?.location?.value }
        return (verdict.theory ?? []).filter { transition in
            guard let x = transition.location?.value, let range = verdict.controls else { return false }
            return range.contains(x) && !matched.contains(x)
        }
    }

    private static func number(_ x: Double?, digits: Int = 7) -> String {
        guard let x else { return "–" }
        return String(format: "%.\(digits)g", x)
    }

    private static func deviation(_ ours: Double?, _ exact: Double?) -> String {
        guard let ours, let exact else { return "–" }
        return String(format: "%+.1e", ours - exact)
    }

    /// Columns padded to equal width, the first to the left, numbers to the right.
    static func aligned(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return column <= 1 ? cell + padding : padding + cell
            }.joined(separator: "  ").trimmingTrailingSpaces
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
