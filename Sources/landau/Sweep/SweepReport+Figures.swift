import Figures
import Studies

extension SweepReport {
    /// Draws the spec's figures and says where they are.
    /// - Throws: `Failure` with status 3 where gnuplot is missing.
    /// - Parameter quietly: without saying where.
    /// - Returns: how many there were to draw.
    @discardableResult
    func draw(
        into folder: String, formats: [FigureFormat], templates: TemplateOptions, quietly: Bool = false
    ) throws -> Int {
        if spec.figures.isEmpty {
            if !quietly {
                complain(
                    "no figures: the spec's `figures` names none; "
                        + "`landau plot \(spec.path) --figure order-parameter` draws one")
            }
            return 0
        }
        return try Self.draw(
            try figureInput(for: spec.figures), spec.figures, FigureWriter(templates: try templates.find()),
            into: folder, formats: formats, quietly: quietly)
    }

    /// Draws named figures, each into a folder of its own, and says where they are; what has nothing to show is said.
    /// - Returns: how many there were to draw.
    @discardableResult
    static func draw(
        _ input: FigureInput, _ names: [String], _ writer: FigureWriter, into folder: String, formats: [FigureFormat],
        quietly: Bool = false
    ) throws -> Int {
        try drawEach(of: names) { name throws(FigureError) in
            let drawn = try writer.draw(name, input, into: "\(folder)/\(name)", formats: formats)
            if !drawn.warnings.isEmpty { complain("landau: gnuplot: \(drawn.warnings)") }
            if !quietly { print(drawn.pictures.joined(separator: "  ")) }
        }
    }

    /// Says of each figure that has nothing to show why.
    /// - Returns: the number of the others.
    static func drawEach(of names: [String], _ draw: (String) throws(FigureError) -> Void) throws -> Int {
        var count = 0
        for name in names {
            do throws(FigureError) {
                try draw(name)
                count += 1
            } catch {
                guard case .nothingToDraw = error else { throw failure(of: error) }
                complain("landau: \(error)")
            }
        }
        return count
    }

    static func failure(of error: FigureError) -> Failure {
        if case .gnuplotNotInstalled = error { return Failure("\(error)", status: .missingTool) }
        return Failure("\(error)")
    }
}
