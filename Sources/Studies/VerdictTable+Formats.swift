import Figures
import Foundation
import PhaseSpace
import Support

extension VerdictTable {
    /// Tables of verdicts for other programs and for papers.
    package enum Format: String, CaseIterable {
        /// A line a transition; numbers as they are in JSON.
        case csv
        /// A `tabular`: order, location with its 95 % half-width, jump, spinodal and theory, without sentences.
        case latex
    }

    package func text(as format: Format) -> String {
        switch format {
        case .csv: csv
        case .latex: latex
        }
    }

    private var varying: [String] {
        var names: [String] = []
        for name in verdicts.flatMap(\.varying) where !names.contains(name) { names.append(name) }
        return names
    }

    private static let numbers = [
        "jump", "curvatureJump", "latentHeat", "spinodal", "lowerSpinodal", "exponent",
    ]

    private var csv: String {
        let varying = varying
        let head =
            varying + ["axis", "order", "location", "low", "high"] + Self.numbers
            + ["theoryOrder", "theoryLocation", "claim", "sentence"]
        let rows = verdicts.flatMap(\.json).map { verdict -> [JSONValue] in
            let interval = verdict["interval"]?.numbers ?? []
            let theory = verdict["theory"]
            func members(_ names: [String], of value: JSONValue?) -> [JSONValue] {
                names.map { name -> JSONValue in value?[name] ?? JSONValue.null }
            }
            var row = members(varying, of: verdict["curve"])
            row += members(["axis", "order", "location"], of: verdict)
            row += [JSONValue.optional(interval.first), JSONValue.optional(interval.last)]
            row += members(Self.numbers, of: verdict)
            row += members(["order", "location", "claim"], of: theory)
            row += members(["sentence"], of: verdict)
            return row
        }
        let lines = [head.map(JSONValue.text)] + rows
        return lines.map { line in line.map { $0.field(separator: ",") }.joined(separator: ",") }
            .joined(separator: "\n")
    }

    private var latex: String {
        let varying = varying
        let place = ScriptText.latex("\(symbol)*")
        let head = varying.map(ScriptText.latex) + ["order", place, "jump of $F'$", "spinodal", "theory"]
        let columns = String(repeating: "l", count: varying.count + 1) + "rrrr"
        var lines = [
            "\\begin{tabular}{\(columns)}", "\\hline", head.joined(separator: " & ") + " \\\\", "\\hline",
        ]
        for verdict in verdicts {
            for (index, transition) in verdict.transitions.enumerated() {
                let theory = verdict.theory(for: index)
                let curve = varying.map { name -> String in
                    guard index == 0, let value = verdict.key.fixed[name] else { return "" }
                    return ScriptText.latex("\(value)")
                }
                let cells: [String] = [
                    transition.order.rawValue, Self.tex(transition.location), Self.tex(transition.jump?.value, 5),
                    Self.tex(transition.spinodal?.value, 5), Self.tex(theory?.claimedLocation?.value, 7),
                ]
                lines.append((curve + cells).joined(separator: " & ") + " \\\\")
            }
        }
        return (lines + ["\\hline", "\\end{tabular}"]).joined(separator: "\n")
    }

    private static func tex(_ estimate: Estimate?) -> String {
        guard let estimate else { return "--" }
        guard let width = estimate.interval?.width, width > 0 else { return tex(estimate.value, 7) }
        return "\(tex(estimate.value, 7).dropLast()) \\pm \(tex(width / 2, 2).dropFirst())"
    }

    /// In mathematics; powers of ten as such.
    private static func tex(_ x: Double?, _ digits: Int) -> String {
        guard let x else { return "--" }
        let parts = String(format: "%.\(digits)g", x).split(separator: "e")
        guard parts.count == 2, let power = Int(parts[1]) else { return "$\(parts[0])$" }
        return "$\(parts[0]) \\times 10^{\(power)}$"
    }
}
