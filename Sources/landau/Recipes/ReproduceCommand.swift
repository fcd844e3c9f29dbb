import ArgumentParser
import Foundation
import PhaseSpace
import Support

struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Runs recipes and holds what comes out against what must.",
        discussion: """
            A recipe is a sweep with an `expect:` section. Without arguments the recipes below sweeps/ are listed; \
            `all` runs every one, a folder's name those in it. The exit status is 1 where one fails.
            """)

    @Argument(
        help: "Recipes: all, weight-decay, weight-decay/depth, or the path of a sweep file.", completion: .recipes)
    var recipes: [String] = []
    @Flag(help: "With the overrides that each recipe lists under `quick:`.") var quick = false
    @Flag(help: "As JSON.") var json = false
    @Option(help: "Worker threads; without it one per processor this process may use.") var threads: Int?
    @Option(help: "The folder of all results; without it results in the working directory.") var out = "results"

    func run() throws {
        if let threads, threads < 1 { throw Failure("`--threads` must be at least 1, not \(threads)") }
        let known = try Recipe.all()
        guard !recipes.isEmpty else {
            if known.isEmpty { throw Failure("there are no recipes in sweeps/ of this folder") }
            for recipe in known { print(recipe.name) }
            return
        }
        var failed: [String] = []
        var documents: [JSONValue] = []
        for recipe in try Recipe.chosen(recipes, among: known) {
            complain("\(recipe.name)\(quick ? ", quick" : "")")
            let checks: [RecipeCheck]
            do { checks = try run(recipe) } catch let failure where Recipe.isOwn(failure) {
                complain("landau: \(recipe.name): \(failure)")
                failed.append(recipe.name)
                continue
            }
            if !checks.allSatisfy(\.passed) { failed.append(recipe.name) }
            if json {
                documents.append(["recipe": .text(recipe.name), "checks": .list(checks.map(\.json))])
            } else {
                print(RecipeTable(recipe: recipe.name, checks: checks).text + "\n")
                // Each table as soon as it is there, in step with what goes to standard error.
                if !flushStandardOutput() { throw unwritableOutput() }
            }
        }
        if json { print(JSONValue.list(documents).serialized()) }
        if !failed.isEmpty {
            complain("landau: failed: \(failed.joined(separator: ", "))")
            throw ExitCode(.unfinished)
        }
    }

    private func run(_ recipe: Recipe) throws -> [RecipeCheck] {
        let done = try RecipeRun(recipe, isQuick: quick, below: out, threads: threads)
        // Pictures are no part of a verdict: without gnuplot the recipe is judged all the same.
        do { try done.report.draw(into: done.folder + "/figures", formats: [.svg, .png], quietly: true) } catch {
            complain("landau: \(error)")
        }
        return done.checks
    }
}

/// Ours beside expected, a line each.
struct RecipeTable {
    let recipe: String
    let checks: [RecipeCheck]

    var text: String {
        var rows = [["", "ours", "± (95 %)", "expected", "deviation", "in errors", "verdict"]]
        rows += checks.map(Self.cells)
        let notes = checks.filter { !$0.reason.isEmpty }.map { "\($0.name): \($0.reason)" }
        let sources = Set(checks.map(\.source)).subtracting([""]).sorted().map { "source: \($0)" }
        return ([recipe, VerdictTable.aligned(rows)] + notes + sources).joined(separator: "\n")
    }

    /// Name, ours, half of the interval, expected, deviation, in standard errors, verdict.
    static func cells(of check: RecipeCheck) -> [String] {
        [
            check.name, check.ours, short(check.halfWidth), check.expected, short(check.deviation), short(check.errors),
            check.verdict,
        ]
    }

    private static func short(_ x: Double?) -> String { x.map { String(format: "%.2g", $0) } ?? "–" }
}
