import ArgumentParser
import Figures
import Studies

/// What every verb that draws takes.
struct TemplateOptions: ParsableArguments {
    @Option(
        help: "The folder of the figures' templates, instead of those that ship with Landau. gnuplot executes them.",
        completion: .directory)
    var plots: String?

    /// - Throws: `Failure` that lists where it looked.
    func find() throws -> FigureTemplates {
        if plots == "" { throw Failure("`--plots` is empty; it must name a folder, or be left away") }
        do { return try FigureTemplates.find(plots) } catch { throw SweepReport.failure(of: error) }
    }

    /// Refuses a folder that was named and holds no templates: before hours of training rather than after them.
    func check() throws {
        if plots != nil { _ = try find() }
    }
}
