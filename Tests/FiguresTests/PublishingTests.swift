import Figures
import Foundation
import Testing

/// Figures in a paper.
@Suite struct PublishingTests {
    private static func isThere(_ program: String) -> Bool {
        (try? run(program, ["--version"], in: "/tmp").status == 0) ?? false
    }

    @Test(arguments: ["tikz", "cairolatex"]) func everyFigureCompilesUnderLaTeX(_ format: String) throws {
        guard Self.isThere("pdflatex") else {
            print("SKIPPED: everyFigureCompilesUnderLaTeX: apt-get install texlive-latex-base texlive-pictures")
            return
        }
        try withFolder { folder in
            var lines = [
                "\\documentclass{article}", "\\usepackage{graphicx,color}", "\\begin{document}",
            ]
            if format == "tikz" { lines.insert("\\usepackage{gnuplot-lua-tikz}", at: 2) }
            let figures = FigureWriter(templates: templates)
            for name in FigureWriter.names {
                // A title in which LaTeX would see commands.
                var input = try Synthetic.input(for: name, points: 16)
                input.title = "100% of $\\input{x}_y^z & #1 ~ {σ²}"
                let drawn = try figures.draw(
                    name, input, into: folder, formats: [try FigureFormat(named: format)])
                #expect(drawn.warnings == "")
                lines.append("\\noindent\\input{\(name)-\(format)}\\newpage")
            }
            try (lines + ["\\end{document}"]).joined(separator: "\n")
                .write(toFile: folder + "/paper.tex", atomically: true, encoding: .utf8)
            let ended = try run("pdflatex", ["-halt-on-error", "-interaction=nonstopmode", "paper.tex"], in: folder)
            let log = (try? String(contentsOfFile: folder + "/paper.log", encoding: .isoLatin1)) ?? ""
            #expect(
                ended.status == 0, "\(log.split(separator: "\n").filter { $0.hasPrefix("!") || $0.hasPrefix("l.") })")
            #expect(log.contains("(\(FigureWriter.names.count) pages"), "\(log.suffix(400))")
            // A missing letter is only a warning to LaTeX.
            #expect(!log.contains("Missing character"))
        }
    }

    @Test(arguments: [FigureWriter.columnWidth, FigureWriter.pageWidth]) func aPictureIsAsWideAsAsked(_ width: Double)
        throws
    {
        try withFolder { folder in
            let drawn = try FigureWriter(templates: templates, width: width).draw(
                "order-parameter", Synthetic.input(points: 16), into: folder, formats: [.svg, .png])
            let svg = try text(of: drawn.pictures[0])
            let pixels = try #require(svg.firstMatch(of: /width="(\d+)"/)).1
            #expect(abs(Double(pixels)! / 96 * 2.54 - width) < 0.03)
            // Bytes 16 to 19 of a PNG are its width in dots, here 300 to the inch.
            let png = try Data(contentsOf: URL(fileURLWithPath: drawn.pictures[1]))
            let dots = png[16..<20].reduce(0) { $0 << 8 | Int($1) }
            #expect(abs(Double(dots) / 300 * 2.54 - width) < 0.03)
        }
    }

    /// Smallest distance of two colours of the palette as somebody without red, green or blue cones sees them.
    ///
    /// Viénot, Brettel & Mollon, *Color Research and Application* 24 (1999), linear RGB, for red and green.
    @Test func coloursOfCurvesCanBeToldApartByEverybody() throws {
        let common = try text(of: templates.folder + "/common.gp")
        let colours = common.matches(of: /set linetype \d lc rgb '#(..)(..)(..)'/).map { match in
            [match.1, match.2, match.3].map { pow(Double(Int($0, radix: 16)!) / 255, 2.2) }
        }
        try #require(colours.count == 7)
        func seen(_ c: [Double], _ red: [Double], _ green: [Double]) -> [Double] {
            func mix(_ m: [Double]) -> Double { m[0] * c[0] + m[1] * c[1] + m[2] * c[2] }
            return [mix(red), mix(green), c[2]].map { pow(max(0, $0), 1 / 2.2) }
        }
        let protan = { seen($0, [0.11238, 0.88762, 0], [0.11238, 0.88762, 0]) }
        let deutan = { seen($0, [0.29275, 0.70725, 0], [0.29275, 0.70725, 0]) }
        for eye in [{ $0.map { pow($0, 1 / 2.2) } }, protan, deutan] {
            for (index, a) in colours.enumerated() {
                for b in colours[(index + 1)...] {
                    let distance = zip(eye(a), eye(b)).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
                    #expect(distance > 0.1, "\(a) \(b)")
                }
            }
        }
    }
}
