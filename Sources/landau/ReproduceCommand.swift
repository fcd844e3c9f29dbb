import ArgumentParser
import Figures
import Foundation
import Models
import PhaseSpace
import Sweeps

struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Runs recipes and holds what comes out against what must.",
        discussion: """
            A recipe is a sweep with an `expect:` section. Without arguments the recipes below sweeps/ are listed; \
            `all` runs every one, a folder's name those in it. The exit status is 1 where one fails.
            """)

    @Argument(help: "Recipes: all, weight-decay, weight-decay/depth, or the path of a sweep file.") var recipes:
        [String] =
            []
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
        for recipe in try chosen(among: known) {
            complain("\(recipe.name)\(quick ? ", quick" : "")")
            let checks = try run(recipe)
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
        let overrides = quick ? try recipe.spec().quickOverrides : []
        let folder = out + (quick && !overrides.isEmpty ? "/quick/" : "/") + recipe.name
        let training = try SweepTraining(into: folder, threads: threads) {
            SweepPlan(try recipe.spec(overrides, effort: $0))
        }
        try training.train()
        let report = try training.report()
        let checks = RecipeJudge(plan: training.plan, store: training.store, report: report).checks()
        try training.store.close()
        // Pictures are no part of a verdict: without gnuplot the recipe is judged all the same.
        do { try report.draw(into: folder + "/figures", formats: [.svg, .png], quietly: true) } catch {
            complain("landau: \(error)")
        }
        return checks
    }

    private func chosen(among known: [Recipe]) throws -> [Recipe] {
        var found: [Recipe] = []
        for name in recipes {
            let matching =
                name == "all"
                ? known : known.filter { $0.name == name || $0.name.hasPrefix(name + "/") || $0.path == name }
            if !matching.isEmpty {
                found += matching.filter { recipe in !found.contains { $0.path == recipe.path } }
            } else if FileManager.default.fileExists(atPath: name) {
                let recipe = Recipe(path: name)
                guard !(try recipe.spec().expectations.isEmpty) else {
                    throw Failure("\(name): this sweep expects nothing; a recipe has an `expect:` section")
                }
                found.append(recipe)
            } else {
                throw Failure(
                    "there is no recipe `\(name)`\(nearestHint(to: name, among: known.map(\.name))); "
                        + "`landau reproduce` lists them")
            }
        }
        return found
    }
}

/// A sweep file that says what must come out.
struct Recipe {
    let path: String
    var name: String { SweepSpec.name(ofPath: path) }

    func spec(_ overrides: [String] = [], effort: Int = 1) throws -> SweepSpec {
        try SweepSpec.read(
            path: path, overrides: overrides, models: allModels, figures: FigureWriter.names, effort: effort)
    }

    /// The recipes below `sweeps/` in the working directory, by name.
    static func all() throws -> [Recipe] {
        let files = FileManager.default.enumerator(atPath: "sweeps")?.compactMap { $0 as? String } ?? []
        return files.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted().compactMap { file in
            let path = "sweeps/" + file
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            return text.contains(/(^|\n)expect:/) ? Recipe(path: path) : nil
        }
    }
}

/// Ours beside expected, a line each.
struct RecipeTable {
    let recipe: String
    let checks: [RecipeCheck]

    var text: String {
        var rows = [["", "ours", "± (95 %)", "expected", "deviation", "in errors", "verdict"]]
        for check in checks {
            rows.append([
                check.name, check.ours, Self.short(check.halfWidth), check.expected, Self.short(check.deviation),
                Self.short(check.errors), check.verdict,
            ])
        }
        let notes = checks.filter { !$0.reason.isEmpty }.map { "\($0.name): \($0.reason)" }
        let sources = Set(checks.map(\.source)).subtracting([""]).sorted().map { "source: \($0)" }
        return ([recipe, VerdictTable.aligned(rows)] + notes + sources).joined(separator: "\n")
    }

    private static func short(_ x: Double?) -> String { x.map { String(format: "%.2g", $0) } ?? "–" }
}
