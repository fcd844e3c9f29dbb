/// Text for pictures. The only way by which names, titles and labels enter a script.
package enum ScriptText {
    /// A gnuplot expression that stands for exactly this text: in single quotes nothing is executed, expanded or
    /// interpreted. Line ends become line ends of the picture; other control characters are dropped.
    package static func quoted(_ text: String) -> String {
        var pieces = ["'"]
        for character in text {
            switch character {
            case "\n": pieces += ["'.\"\\n\".'"]
            // gnuplot 5.4 takes a doubled quote at the beginning of a text for an empty one, and what follows for
            // commands. So no quote stands within quotes: the character is joined on by its octal code.
            case "'": pieces += ["'.\"\\047\".'"]
            default: pieces.append(printable(String(character)))
            }
        }
        return (pieces + ["'"]).joined()
    }

    /// The text on one line without control characters, nor marks that turn the direction of writing.
    package static func printable(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .lineSeparator, .paragraphSeparator: result.append(" ")
            case .control: if scalar == "\n" || scalar == "\t" { result.append(" ") }
            case .format, .surrogate, .privateUse, .unassigned: break
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// The same text for LaTeX: its special characters escaped, mathematical symbols as mathematics.
    package static func latex(_ text: String) -> String {
        var result = ""
        for character in text { result += latexForms[character] ?? String(character) }
        return result
    }

    private static let latexForms: [Character: String] = {
        var forms: [Character: String] = [
            "\\": "\\textbackslash{}", "{": "\\{", "}": "\\}", "$": "\\$", "%": "\\%", "&": "\\&", "#": "\\#",
            "_": "\\_", "^": "\\textasciicircum{}", "~": "\\textasciitilde{}", "`": "\\textasciigrave{}",
            "\"": "''", "<": "\\textless{}", ">": "\\textgreater{}", "|": "\\textbar{}",
            "\n": "\\\\", "*": "$^{*}$", "‖": "$\\|$", "⁻": "$^{-}$",
            "′": "$^{\\prime}$", "″": "$^{\\prime\\prime}$", "−": "$-$", "×": "$\\times$", "·": "$\\cdot$",
            "±": "$\\pm$", "≤": "$\\leq$", "≥": "$\\geq$", "→": "$\\to$", "∂": "$\\partial$", "√": "$\\surd$",
            "∞": "$\\infty$", "≈": "$\\approx$", "…": "\\ldots{}", "⟨": "$\\langle$", "⟩": "$\\rangle$",
        ]
        let letters = [
            "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
            "θ": "theta", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho",
            "σ": "sigma", "τ": "tau", "φ": "varphi", "χ": "chi", "ψ": "psi", "ω": "omega", "Γ": "Gamma",
            "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
        ]
        for (letter, name) in letters { forms[Character(letter)] = "$\\\(name)$" }
        for (digit, sign) in "₀₁₂₃₄₅₆₇₈₉".enumerated() { forms[sign] = "$_{\(digit)}$" }
        for (digit, sign) in "⁰¹²³⁴⁵⁶⁷⁸⁹".enumerated() { forms[sign] = "$^{\(digit)}$" }
        return forms
    }()

    /// Breaks a text between words so that no line is longer than `length` characters, where words allow.
    package static func wrapped(_ text: String, at length: Int) -> String {
        var lines: [String] = []
        for word in printable(text).split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= length {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines.joined(separator: "\n")
    }
}
