/// A value that a script's block of variables gives to the template.
package enum ScriptValue {
    case number(Double)
    case integer(Int)
    /// Drawn text. LaTeX formats get an escaped form of it.
    case text(String)
    case numbers([Double])
    case integers([Int])
    case texts([String])

    fileprivate func assignment(to name: String) -> String {
        switch self {
        case .number(let x): "\(name) = \(x)"
        case .integer(let n): "\(name) = \(n)"
        case .text(let text): "\(name) = \(Self.expression(text))"
        case .numbers(let xs): Self.array(name, xs.map { "\($0)" })
        case .integers(let ns): Self.array(name, ns.map(String.init))
        case .texts(let texts): Self.array(name, texts.map(Self.expression))
        }
    }

    private static func expression(_ text: String) -> String {
        let plain = ScriptText.quoted(text)
        let latex = ScriptText.quoted(ScriptText.latex(text))
        let enhanced = ScriptText.quoted(ScriptText.enhanced(text))
        let drawn = plain == enhanced ? plain : "is_text ? \(plain) : \(enhanced)"
        return plain == latex && plain == enhanced ? plain : "is_latex ? \(latex) : \(drawn)"
    }

    // A loop that runs no times, from 1 to a count of 0, has its expressions looked at once all the same: behind the last
    // element stands one that nobody shows. (gnuplot has no empty arrays either.)
    private static func array(_ name: String, _ elements: [String]) -> String {
        "array \(name)[\(elements.count + 1)] = [\((elements + ["0"]).joined(separator: ", "))]"
    }
}

/// A figure before it is drawn: a template, the values that it needs, and the tables that it plots.
package struct FigureScript {
    package let figure: String
    package var variables: [(name: String, value: ScriptValue)] = []
    package var tables: [FigureTable] = []

    package init(_ figure: String) { self.figure = figure }

    package mutating func set(_ name: String, _ value: ScriptValue) { variables.append((name, value)) }

    /// Where the template finds its tables.
    package enum Source {
        /// The files of the figure's folder.
        case files
        /// Data blocks, sent before the script.
        case dataBlocks
    }

    /// What the line begins with that lists the tables, those without rows too.
    static let tableList = "# Tables: "

    /// The whole script; reads nothing but the tables.
    package func text(reading source: Source, commands: String) -> String {
        var lines = [
            "# Rebuild this picture: gnuplot figure.gp",
            "# In another format: gnuplot -e \"format='pdf'\" figure.gp (svg, pdf, png, tikz, cairolatex, dumb)",
            Self.tableList + tables.map(\.fileName).joined(separator: " "),
            "if (!exists('format')) format = 'svg'",
            "is_latex = (format eq 'tikz' || format eq 'cairolatex')",
            "is_text = (format eq 'dumb')",
            "name = \(ScriptText.quoted(figure))",
        ]
        // A loop over an empty table runs no times, but gnuplot looks into the table all the same, and warns.
        let filled = tables.first { !$0.rows.isEmpty }
        for table in tables {
            guard let read = table.rows.isEmpty ? filled : table else { continue }
            let place = source == .files ? read.fileName : "$" + read.name
            lines.append("\(table.name) = \(ScriptText.quoted(place))")
        }
        lines += variables.map { $0.value.assignment(to: $0.name) }
        return lines.joined(separator: "\n") + "\n\n" + commands
    }
}
