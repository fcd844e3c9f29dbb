import Foundation
import PhaseSpace

/// Verdicts as a table for people, with their sentences below.
package struct VerdictTable {
    package let verdicts: [Verdict]
    /// Symbol of the swept control.
    package let symbol: String

    package init(verdicts: [Verdict], symbol: String) {
        self.verdicts = verdicts
        self.symbol = symbol
    }

    package var text: String {
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
                    theory.map(Self.cell) ?? "–", Self.deviation(location, theory?.claimedLocation?.value),
                ])
                if !transition.sentence.isEmpty {
                    sentences.append((label.isEmpty ? "" : "\(label): ") + transition.sentence)
                }
            }
            sentences += asides(of: verdict).map { (label.isEmpty ? "" : "\(label): ") + $0 }
            sentences += theorySentences(of: verdict).map { (label.isEmpty ? "" : "\(label): ") + $0 }
            let failed = verdict.leftOut
            if !failed.isEmpty {
                let parts = failed.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }
                sentences.append(
                    (label.isEmpty ? "" : "\(label): ") + "left out of the verdict: \(parts.joined(separator: ", "))"
                        + (verdict.leftOutReason.isEmpty
                            ? "" : " (\(verdict.leftOutReason.trimmingCharacters(in: ["."])))")
                        + (failed[.capped] == nil ? "" : "; `landau run FILE --retry capped` goes on with them"))
            }
        }
        return Self.aligned(rows) + "\n\n" + sentences.joined(separator: "\n")
    }

    /// What only some replicas have, and what they all missed.
    private func asides(of verdict: Verdict) -> [String] {
        guard let evidence = verdict.transitions.first?.evidence else { return [] }
        var asides: [String] = []
        let total = evidence["replicas"]?.number.map { Self.number($0) } ?? "the"
        for place in evidence["inFewReplicasNear"]?.list ?? [] {
            guard let x = place["control"]?.number, let count = place["replicas"]?.number else { continue }
            asides.append(
                "also in \(Self.number(count)) of \(total) replicas near \(symbol) = \(Self.number(x, digits: 4))")
        }
        if let missed = evidence["missedMinima"]?.numbers, !missed.isEmpty {
            asides.append(
                "all starts missed the lowest minimum at \(missed.count == 1 ? "1 point" : "\(missed.count) points") near \(symbol) = "
                    + missed.prefix(3).map { Self.number($0, digits: 4) }.joined(separator: ", ")
                    + (missed.count > 3 ? ", …" : "") + ": left out there; more `starts` help")
        }
        let hidden = verdict.transitions.compactMap { transition -> String? in
            guard transition.order == .second, let x = transition.location?.value, x != 0,
                let jump = transition.evidence["largestJumpNotExcluded"]?.number,
                let kink = transition.curvatureJump?.value, jump > 0.01 * abs(kink * x)
            else { return nil }
            return "largest jump not excluded at \(symbol) = \(Self.number(x, digits: 4)): "
                + "\(Self.number(jump, digits: 2))"
        }
        return asides + hidden
    }

    package static func label(of verdict: Verdict) -> String {
        verdict.varying.compactMap { name in verdict.key.fixed[name].map { "\(name) \($0)" } }.joined(separator: ", ")
    }

    /// What the column of theory shows: a location, a bound of one, the order where there is none.
    private static func cell(_ theory: Transition) -> String {
        switch theory.claim {
        case .bound:
            switch (theory.lowerBound, theory.upperBound) {
            case (let low?, let high?): return "\(number(low)) … \(number(high))"
            case (let low?, nil): return "≥ \(number(low))"
            case (nil, let high?): return "≤ \(number(high))"
            case (nil, nil): return "–"
            }
        case .toFirstOrder: return theory.location.map { "≈ \(number($0.value))" } ?? "–"
        case .local: return "–"
        case nil, .exact, .estimate, .upToPowers:
            return theory.location.map { number($0.value) } ?? theory.order.rawValue
        }
    }

    /// What theory says beyond the column: claimed transitions inside the grid that stand beside no found one, and how
    /// sure it is where that is less than exact.
    private func theorySentences(of verdict: Verdict) -> [String] {
        let matched = verdict.transitions.indices.compactMap { verdict.theory(for: $0)?.claimedLocation?.value }
        return (verdict.theory ?? []).flatMap { transition -> [String] in
            let claim = transition.claim ?? .exact
            var sentences: [String] = []
            if let x = transition.claimedLocation?.value, verdict.controls?.contains(x) ?? false, !matched.contains(x) {
                sentences.append(
                    (claim == .exact ? "exact theory" : "theory (\(claim.word))")
                        + " has a transition of order \(transition.order.rawValue) at \(symbol) = "
                        + "\(Self.number(x)) that this grid does not show")
            }
            if claim != .exact {
                let what = claim == .bound ? "a bound" : claim == .estimate ? "an estimate" : claim.word
                sentences.append("theory is \(what)" + (transition.sentence.isEmpty ? "" : ": \(transition.sentence)"))
            }
            return sentences
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
    package static func aligned(_ rows: [[String]]) -> String {
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
