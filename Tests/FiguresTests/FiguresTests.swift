import Figures
import Foundation
import PhaseSpace
import Testing

@Suite struct FiguresTests {
    let figures = FigureWriter(templates: templates)

    /// Draws all formats and expects pictures that are not empty, without a warning.
    private func drawAll(_ name: String, _ input: FigureInput, as folder: String, width: Double = 8.6) throws {
        try withFolder(folder) { folder in
            let drawn = try FigureWriter(templates: templates, width: width).draw(
                name, input, into: folder, formats: FigureFormat.allCases)
            #expect(drawn.warnings == "")
            #expect(drawn.pictures.count == FigureFormat.allCases.count)
            for picture in drawn.pictures {
                let size = try FileManager.default.attributesOfItem(atPath: picture)[.size] as! Int
                #expect(size > 1000, "\(picture)")
            }
        }
    }

    @Test(arguments: FigureWriter.names) func everyScriptRunsWithoutWarnings(_ name: String) throws {
        try drawAll(name, Synthetic.input(for: name), as: "complete-\(name)")
    }

    @Test(arguments: ["order-parameter", "loss-derivatives"])
    func aSingleCurveWithoutTheoryIsDrawn(_ name: String) throws {
        var input = try Synthetic.input(depths: [2], replicas: 1, title: "")
        input.theory = [CurveTheory()]
        try drawAll(name, input, as: "bare-\(name)")
    }

    @Test(arguments: [
        "order-parameter", "loss-derivatives", "effective-landscape", "phase-diagram", "transition-line", "hysteresis",
        "trapping",
    ])
    func manyCurvesOnAWidePageAreDrawn(_ name: String) throws {
        try drawAll(name, Synthetic.input(depths: Array(0...9), points: 60), as: "many-\(name)", width: 17.8)
    }

    @Test func aRealControlOfAPhaseDiagramIsInterpolated() throws {
        try drawAll("phase-diagram", Synthetic.noiseInput(), as: "noise-panels")
        try drawAll("phase-diagram", Synthetic.noiseInput(widths: [8]), as: "noise")
        try drawAll("transition-line", Synthetic.noiseInput(), as: "noise-lines")
        try drawAll("trapping", Synthetic.noiseInput(), as: "noise-trapping")
    }

    @Test(arguments: FigureWriter.names) func theFolderRebuildsThePictureByteForByteElsewhere(_ name: String) throws {
        try withFolder { folder in
            let drawn = try figures.draw(
                name, Synthetic.input(for: name, points: 40), into: folder + "/drawn", formats: [.svg])
            let copy = folder + "/copy of it"
            try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
            for source in drawn.sources {
                try FileManager.default.copyItem(
                    atPath: source, toPath: copy + "/" + URL(fileURLWithPath: source).lastPathComponent)
            }
            let ended = try run("gnuplot", ["figure.gp"], in: copy)
            #expect(ended.status == 0)
            #expect(ended.errors == "")
            #expect(try text(of: "\(copy)/\(name).svg") == text(of: drawn.pictures[0]))
            let pdf = try run("gnuplot", ["-e", "format='pdf'", "figure.gp"], in: copy)
            #expect(pdf.status == 0)
            #expect(FileManager.default.fileExists(atPath: "\(copy)/\(name).pdf"))
        }
    }

    @Test func theScriptLoadsNothing() throws {
        try withFolder { folder in
            for name in FigureWriter.names {
                let input = try Synthetic.input(for: name, points: 20)
                let drawn = try figures.draw(name, input, into: "\(folder)/\(name)", formats: [])
                let script = try text(of: drawn.sources[0])
                for word in ["load ", "call ", "cd ", "system", "shell", "'/", "\"/", "../"] {
                    #expect(!script.contains(word), "\(name): \(word)")
                }
                #expect(drawn.pictures == [])
            }
        }
    }

    @Test func pointsAreTheMeanOverReplicasOfTheGlobalPhase() throws {
        try withFolder { folder in
            let drawn = try figures.draw(
                "order-parameter", Synthetic.input(depths: [1], points: 30), into: folder, formats: [])
            let path = try #require(drawn.sources.first { $0.hasSuffix("/points.tsv") })
            let rows = try text(of: path).split(separator: "\n").filter { !$0.hasPrefix("#") }
                .map { $0.split(separator: "\t").map { Double($0)! } }
            #expect(rows.count == 30)
            for row in rows {
                let norms = (0..<5).map { IsotropicNet(depth: 1, q: Synthetic.q($0)).global(at: row[1]).slope }
                let mean = norms.reduce(0, +) / 5
                let variance = norms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
                #expect(abs(row[2] - mean) <= 1e-12)
                #expect(abs(row[3] - (variance / 5).squareRoot()) <= 1e-12)
                #expect(row[4] == 5)
            }
        }
    }

    @Test func textForATerminalHasTheAskedSizeAndNamesTheAxes() throws {
        let drawn = try figures.drawText("order-parameter", Synthetic.input(), columns: 90, rows: 28)
        let lines = drawn.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count >= 28 && lines.count <= 30)
        #expect(lines.map(\.count).max()! <= 90, "\(drawn)")
        #expect(drawn.contains("weight decay γ"))
        #expect(drawn.contains("Σ‖W‖²"))
        #expect(drawn.contains("D = 3"))
    }

    @Test func theMisspeltFigureIsAnsweredWithTheNearestName() throws {
        let input = try Synthetic.input(depths: [1], points: 5)
        let error = try #require(throws: FigureError.self) {
            try figures.drawText("phase-diagramm", input)
        }
        #expect(error == .unknownFigure("phase-diagramm"))
        #expect(error.description.contains("did you mean `phase-diagram`?"))
        #expect(throws: FigureError.unknownFormat("pgng")) { try FigureFormat(named: "pgng") }
        #expect(FigureError.unknownFormat("pgng").description.contains("did you mean `png`?"))
    }
}
