import ArgumentParser
import Explorer
import Figures
import Foundation
import Models
import PhaseSpace
import Studies
import Sweeps

struct GalleryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gallery",
        abstract: "Runs recipes and shows what comes out on a page: figures, verdicts, expectations.",
        discussion: """
            Without names the recipes below sweeps/ of the working directory are shown or, where it has none, those \
            that ship with Landau. A recipe runs in its quick form, unless its whole results \
            are there already. Into DIR go gallery.html, one file that needs no other; gallery.md; the pictures as SVG; \
            and a page of each recipe to explore. The exit status is 1 where a recipe fails.
            """)

    @Argument(
        help: "Recipes: all, weight-decay, weight-decay/depth, or the path of a sweep file.", completion: .recipes)
    var recipes: [String] = []
    @Option(help: "The folder of the pages.") var out = "results/gallery"
    @Option(help: "The folder of all results.") var results = "results"
    @Flag(help: "Run whole recipes, not their quick forms.") var full = false
    @OptionGroup var templates: TemplateOptions
    @Option(help: "Worker threads; without it one per processor this process may use.") var threads: Int?
    @Flag(help: "Start the programs of recipes that programs train; without it these are left out.") var programs =
        false
    @Option(help: "The page's title.") var title = "What Landau reproduces"

    func run() throws {
        if let threads, threads < 1 { throw Failure("`--threads` must be at least 1, not \(threads)") }
        if out.isEmpty { throw Failure("`--out` is empty; it must name a folder, or be left away") }
        // Before hours of training rather than after them.
        do { _ = try gnuplotVersion() } catch { throw SweepReport.failure(of: error) }
        try templates.check()
        let chosen = try KnownRecipes(models: allModels).chosen(recipes.isEmpty ? ["all"] : recipes)
        guard !chosen.isEmpty else { throw KnownRecipes.nothing }
        var page = GalleryPage(
            title: title,
            introduction:
                "Sweeps with their figures, and what came out beside what was expected. Exact theory is drawn "
                + "dashed; bars are standard errors over replicas; ± is a 95 % interval.")
        var broken: [String] = []
        // Pages of recipes are a gift: without D3 the gallery is what it was.
        let d3 = try? D3Library.text()
        if d3 == nil { complain("landau: pages of recipes are left out: D3 is not there (`apt-get install node-d3`)") }
        for recipe in chosen {
            do {
                let isQuick = try !full && !RecipeRun.isThere(recipe, below: results)
                complain("\(recipe.name)\(isQuick ? ", quick" : "")")
                let done = try RecipeRun(
                    recipe, isQuick: isQuick, below: results, threads: threads, programs: programs,
                    exploring: d3 != nil)
                page.entries.append(try entry(recipe, done, d3))
                complain("results and figures in \(done.folder)")
            } catch let failure as Failure where failure.leavesOut {
                complain("landau: \(recipe.name) is LEFT OUT: \(failure)")
            } catch let failure where Recipe.isOwn(failure) {
                complain("landau: \(recipe.name): \(failure)")
                broken.append(recipe.name)
            }
        }
        guard !page.entries.isEmpty else { throw ExitCode(.badInput) }
        print(try write(page.markdown, to: "gallery.md"))
        print(try write(page.html, to: "gallery.html"))
        let failed = broken + page.entries.filter { entry in entry.checks.contains { !$0.isPassed } }.map(\.name)
        if !failed.isEmpty {
            complain("landau: failed: \(failed.joined(separator: ", "))")
            throw ExitCode(.unfinished)
        }
    }

    private func entry(_ recipe: Recipe, _ done: RecipeRun, _ d3: String?) throws -> GalleryPage.Entry {
        let spec = done.spec
        var entry = GalleryPage.Entry(
            name: recipe.name, title: spec.title.isEmpty ? recipe.name : spec.title,
            command: "landau reproduce \(Self.shellWord(recipe.reference))\(done.isQuick ? " --quick" : "")")
        entry.checks = done.checks.map { check in
            GalleryPage.Check(
                cells: RecipeTable.cells(of: check).dropLast(), verdict: check.verdict, isPassed: check.passed)
        }
        entry.sources = Set(done.checks.map(\.source)).subtracting([""]).sorted()
        entry.notes = done.checks.filter { !$0.reason.isEmpty }.map { "\($0.name): \($0.reason)" }
        if let d3, let sweep = done.explored {
            let path = "explore/\(GalleryText.anchor(recipe.name)).html"
            let document = ExplorerPage(title: entry.title, .sweeps(ExplorerData([sweep])))
            _ = try write(document.html(d3: d3), to: path)
            entry.page = path
        }
        entry.verdicts = done.report.table
        entry.spec = spec.text
        let figures = FigureWriter(templates: try templates.find())
        let names = spec.figures.isEmpty ? ["order-parameter"] : spec.figures
        let input = try done.report.figureInput(for: names)
        for name in names {
            do throws(FigureError) {
                let drawn = try figures.draw(name, input, into: "\(done.folder)/figures/\(name)", formats: [.svg])
                let svg = try Self.text(of: drawn.pictures[0])
                let path = "figures/\(GalleryText.anchor(recipe.name))-\(name).svg"
                do { _ = try write(svg, to: path) } catch {
                    throw .cannotWrite(path: "\(out)/\(path)", reason: "\(error)")
                }
                entry.pictures.append(
                    .init(figure: name, caption: FigureWriter.caption(of: name), path: path, svg: svg))
            } catch {
                guard case .nothingToDraw = error else { throw SweepReport.failure(of: error) }
                entry.notes.append("\(error)")
            }
        }
        return entry
    }

    /// As a shell takes it for one word.
    private static func shellWord(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-".contains($0)) }
        return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }

    private static func text(of path: String) throws(FigureError) -> String {
        do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw .cannotWrite(path: path, reason: error.localizedDescription)
        }
    }

    private func write(_ text: String, to file: String) throws -> String {
        let path = "\(out)/\(file)"
        do {
            try FileManager.default.createDirectory(atPath: Path.folder(of: path), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Failure("\(path): cannot be written: \(error.localizedDescription)")
        }
        return path
    }
}
