import ArgumentParser
import Foundation
import Models
import PhaseSpace
import Studies
import Support

struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Runs recipes and holds what comes out against what must.",
        discussion: """
            A recipe is a sweep with an `expect:` section. Recipes ship with Landau, and those below sweeps/ of the \
            working directory come before them. Without arguments the latter are listed or, where there are none, \
            the former; `all` runs those that are listed, a folder's name those in it. \
            The exit status is 1 where one fails.
            """)

    @Argument(
        help: "Recipes: all, weight-decay, weight-decay/depth, or the path of a sweep file.", completion: .recipes)
    var recipes: [String] = []
    @Flag(help: "With the overrides that each recipe lists under `quick:`.") var quick = false
    @Flag(help: "As JSON.") var json = false
    @Flag(help: "Start the programs of recipes that programs train, also where these are not named one by one.")
    var programs = false
    @OptionGroup var templates: TemplateOptions
    @Option(help: "Worker threads; without it one per processor this process may use.") var threads: Int?
    @Option(help: "The folder of all results; without it results in the working directory.") var out = "results"

    func run() throws {
        if let threads, threads < 1 { throw Failure("`--threads` must be at least 1, not \(threads)") }
        try templates.check()
        let known = KnownRecipes(models: allModels)
        guard !recipes.isEmpty else {
            if known.all.isEmpty { throw KnownRecipes.nothing }
            for recipe in known.all { print(recipe.name) }
            if !known.own.isEmpty, !known.shipped.isEmpty {
                complain("\(known.shipped.count) more ship with Landau, such as \(known.shipped[0].name)")
            }
            return
        }
        var failed: [String] = []
        var leftOut: [String: Failure] = [:]
        let chosen = try known.chosen(recipes)
        var documents: [JSONValue] = []
        for recipe in chosen {
            complain("\(recipe.name)\(quick ? ", quick" : "")")
            let checks: [RecipeCheck]
            let figures: String?
            do { (checks, figures) = try run(recipe) } catch let failure as Failure where failure.leavesOut {
                complain("landau: \(recipe.name) is LEFT OUT: \(failure)")
                leftOut[recipe.name] = failure
                continue
            } catch let failure where Recipe.isOwn(failure) {
                complain("landau: \(recipe.name): \(failure)")
                failed.append(recipe.name)
                continue
            }
            if !checks.allSatisfy(\.passed) { failed.append(recipe.name) }
            if json {
                documents.append([
                    "recipe": .text(recipe.name), "figures": figures.map(JSONValue.text) ?? .null,
                    "checks": .list(checks.map(\.json)),
                ])
            } else {
                print(RecipeTable(recipe: recipe.name, checks: checks).text)
                print(figures.map { "figures in \($0)\n" } ?? "")
                // Each table as soon as it is there, in step with what goes to standard error.
                if !flushStandardOutput() { throw unwritableOutput() }
            }
        }
        if json { print(JSONValue.list(documents).serialized()) }
        if !leftOut.isEmpty { complain("landau: left out: \(leftOut.keys.sorted().joined(separator: ", "))") }
        if leftOut.count == chosen.count, let failure = leftOut.values.first(where: { $0.status == .missingTool }) {
            throw ExitCode(failure.status)
        }
        if !failed.isEmpty {
            complain("landau: failed: \(failed.joined(separator: ", "))")
            throw ExitCode(.unfinished)
        }
    }

    /// - Returns: what came out, and the folder of the pictures; nil where there are none.
    private func run(_ recipe: Recipe) throws -> ([RecipeCheck], figures: String?) {
        let done = try RecipeRun(
            recipe, isQuick: quick, below: out, threads: threads,
            programs: programs || recipe.isNamed(among: recipes))
        // Pictures are no part of a verdict: without gnuplot the recipe is judged all the same.
        let figures = done.folder + "/figures"
        do {
            let drawn = try done.report.draw(
                into: figures, formats: [.svg, .png], templates: templates, quietly: true)
            return (done.checks, drawn > 0 ? figures : nil)
        } catch {
            complain("landau: \(error)")
            return (done.checks, nil)
        }
    }
}
