import ArgumentParser
import Figures
import Foundation
import Models
import PhaseSpace
import Support
import Sweeps

/// A sweep file that says what must come out.
struct Recipe {
    let path: String
    var name: String { SweepSpec.name(ofPath: path) }

    func spec(_ overrides: [String] = []) throws -> SweepSpec {
        try SweepSpec.read(path: path, overrides: overrides, models: allModels, figures: FigureWriter.names)
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

    /// Whether an error concerns one recipe, so that others can go on: all but a wish to stop.
    static func isOwn(_ error: any Error) -> Bool { !(error is ExitCode) }

    /// The recipes that these names mean, each once.
    ///
    /// - Parameter names: `all`, a folder's name, a recipe's, or the path of a sweep file.
    static func chosen(_ names: [String], among known: [Recipe]) throws -> [Recipe] {
        var found: [Recipe] = []
        for name in names {
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

/// A recipe that has been trained, judged and held against what it expects.
struct RecipeRun {
    let folder: String
    let spec: SweepSpec
    let report: SweepReport
    let checks: [RecipeCheck]
    let isQuick: Bool

    /// Trains what is not there yet; quick runs have a folder of their own.
    /// - Throws: exit status 75 where it was stopped; `Failure` where the recipe expects something of curves or points
    ///   that it does not have.
    init(_ recipe: Recipe, isQuick: Bool, below out: String, threads: Int?) throws {
        let whole = try recipe.spec()
        let overrides = isQuick ? whole.quickOverrides : []
        self.isQuick = !overrides.isEmpty
        folder = Self.folder(of: recipe, isQuick: self.isQuick, below: out)
        let chosen = overrides.isEmpty ? whole : try recipe.spec(overrides)
        for note in chosen.notes { complain("landau: note: \(note)") }
        let plan = try SweepPlan(chosen)
        // Before hours of training rather than after them.
        let mistakes = plan.mistakenExpectations(except: try SweepPlan(reading: whole, constants: nil))
        guard mistakes.isEmpty else { throw Failure(mistakes.map { "\($0)" }.joined(separator: "\n")) }
        let training = try SweepTraining(chosen, plan: plan, into: folder, threads: threads)
        try training.train()
        report = try training.report()
        checks = RecipeJudge(plan: training.plan, store: training.store, report: report).checks()
        spec = training.plan.spec
        try training.close()
    }

    static func folder(of recipe: Recipe, isQuick: Bool, below out: String) -> String {
        out + (isQuick ? "/quick/" : "/") + recipe.name
    }

    /// Whether the whole recipe, not its quick form, has been trained already.
    static func isThere(_ recipe: Recipe, below out: String) throws -> Bool {
        let path = folder(of: recipe, isQuick: false, below: out) + "/store.sqlite"
        guard Store.exists(path) else { return false }
        let plan = try SweepPlan(reading: try recipe.spec(), constants: Store.constants(of: path))
        // Results of another version of the recipe are not its own.
        guard let store = try? Store.open(path, for: plan, .reading) else { return false }
        return try plan.status(in: store).isComplete
    }
}
