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
        withSubscripts(text) { plain in
            plain.map { latexForms[$0] ?? String($0) }.joined()
        } subscripted: {
            "$_{\\mathrm{\($0)}}$"
        }
    }

    /// The same text for gnuplot's enhanced mode: nothing in it is markup but the subscripts of symbols.
    package static func enhanced(_ text: String) -> String {
        withSubscripts(text) { plain in
            plain.map { "\\{}^_@&~".contains($0) ? "\\\($0)" : String($0) }.joined()
        } subscripted: {
            "_{\($0)}"
        }
    }

    /// A symbol is one letter: `σ_y`, `λ_min`, `M_1_2`, `x_1`. The underscores of `my_control` and `x_label` are none of a
    /// symbol's.
    private static func withSubscripts(
        _ text: String, plain: (Substring) -> String, subscripted: (String) -> String
    ) -> String {
        var result = ""
        var rest = text.startIndex
        for match in text.matches(of: /(\p{L})((?:_[A-Za-z0-9]+)+)/) {
            if match.range.lowerBound > text.startIndex {
                let before = text[text.index(before: match.range.lowerBound)]
                if before.isLetter || before.isNumber || before == "_" { continue }
            }
            let isName = match.output.1.allSatisfy { $0.isASCII && $0.isLowercase } && match.output.2.count > 2
            if isName { continue }
            result += plain(text[rest..<match.output.1.endIndex])
            result += subscripted(match.output.2.split(separator: "_").joined(separator: ","))
            rest = match.range.upperBound
        }
        return result + plain(text[rest...])
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
