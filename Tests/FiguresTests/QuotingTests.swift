import Figures
import Foundation
import PhaseSpace
import Testing

@Suite struct QuotingTests {
    /// Words that gnuplot, a shell or LaTeX would act on, had they the chance.
    static func canaries(_ folder: String) -> [String] {
        [
            "`touch \(folder)/a`", "$(touch \(folder)/b)", "'; system('touch \(folder)/c'); '",
            "\"; system(\"touch \(folder)/d\")", "x'\n!touch \(folder)/e\n'", "@title @x_label",
            "| < > & # % _{a} ^2 \\n ~",
            "} { }", "\\", "''", "trailing '", "{/=30 large}", "$points", "e\ne\nexit",
        ]
    }

    @Test func textOfTheUserIsNeverExecutedAndAppearsAsItIs() throws {
        try withFolder { folder in
            let watched = folder + "/watched"
            try FileManager.default.createDirectory(atPath: watched, withIntermediateDirectories: true)
            for (number, canary) in Self.canaries(watched).enumerated() {
                var input = try Synthetic.input(depths: [1, 2], points: 8, replicas: 2, title: canary)
                for index in input.curves.indices {
                    let curve = input.curves[index]
                    let key = CurveKey(
                        model: "m", fixed: ["formula": .text("\(canary) \(index)")], axis: "gamma",
                        orderParameter: "squaredNorm")
                    input.curves[index] = Curve(key: key, samples: curve.samples, varying: ["formula"])
                }
                input.axis = ControlParameter(
                    "gamma", symbol: canary, kind: .real(0...1), defaultValue: nil, meaning: canary)
                input.controls = [input.axis]
                for name in ["order-parameter", "loss-derivatives", "effective-landscape"] {
                    let drawn = try FigureWriter(templates: templates).draw(
                        name, input, into: "\(folder)/\(number)/\(name)",
                        formats: name == "order-parameter" ? FigureFormat.allCases : [.svg])
                    #expect(drawn.warnings == "", "\(canary)")
                    if canary.count < 40 {
                        let shown = canary.replacing("\n", with: " ").split(separator: " ").joined(separator: " ")
                        let picture = SVGText(try text(of: drawn.pictures[0]))
                        #expect(picture.lines.contains(shown), "\(shown) in \(picture.lines)")
                    }
                    let script = try run("gnuplot", ["figure.gp"], in: drawn.folder)
                    #expect(script.status == 0)
                    #expect(script.errors == "", "\(canary)")
                }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: watched) == [])
        }
    }

    @Test func controlCharactersAndTurnedWritingAreDropped() {
        #expect(ScriptText.printable("a\u{1b}[31mb\u{202e}c\u{0}\u{7f}d\te") == "a[31mbcd e")
        #expect(ScriptText.quoted("it's\r") == #"'it'."\047".'s'"#)
    }

    @Test func onlySymbolsHaveSubscripts() {
        #expect(ScriptText.enhanced("label noise σ_y, η_t λ_t") == "label noise σ_{y}, η_{t} λ_{t}")
        #expect(ScriptText.enhanced("E_test M_1_2 x_1") == "E_{test} M_{1,2} x_{1}")
        #expect(ScriptText.enhanced("my_control x_label {a}^2") == #"my\_control x\_label \{a\}\^2"#)
        #expect(ScriptText.latex("σ_y of my_control") == #"$\sigma$$_{\mathrm{y}}$ of my\_control"#)
    }

    @Test func latexActsOnNothingInAText() {
        #expect(
            ScriptText.latex("\\input{x} $y$ 50% ab_b^c~#&") == "\\textbackslash{}input\\{x\\} \\$y\\$ 50\\% ab\\_b"
                + "\\textasciicircum{}c\\textasciitilde{}\\#\\&")
        #expect(ScriptText.latex("γ* = 10⁻⁵") == "$\\gamma$$^{*}$ = 10$^{-}$$^{5}$")
    }
}

/// The texts of an SVG picture.
private struct SVGText {
    let lines: [String]
    init(_ svg: String) {
        var found: [String] = []
        for part in svg.components(separatedBy: "<text>").dropFirst() {
            let content = part.components(separatedBy: "</text>")[0]
            let plain = content.replacing(/<[^>]*>/, with: "").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
                .replacing("&amp;", with: "&").replacing("\u{a0}", with: " ")
            found.append(plain.split(separator: " ").joined(separator: " "))
        }
        lines = found
    }
}
