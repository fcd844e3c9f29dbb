import ArgumentParser
import Explorer
import PhaseSpace
import Studies
import Sweeps

extension Recipe {
    /// - Parameters:
    ///   - programs: where the declaration of a program comes from.
    ///   - folder: of the recipe's results.
    func spec(_ overrides: [String] = [], programs: ProgramSource, folder: String = "") throws -> SweepSpec {
        try spec(overrides, start: programs.starter(folder: folder))
    }

    /// Whether an error concerns one recipe, so that others can go on: all but a wish to stop.
    static func isOwn(_ error: any Error) -> Bool { !(error is ExitCode) }
}

/// A recipe that has been trained, judged and held against what it expects.
struct RecipeRun {
    let folder: String
    let spec: SweepSpec
    let report: SweepReport
    let checks: [RecipeCheck]
    let isQuick: Bool
    /// For a page of its own, where it was asked for.
    let explored: ExplorerSweep?

    /// Trains what is not there yet; quick runs have a folder of their own.
    /// - Throws: exit status 75 where it was stopped; `Failure` where the recipe expects something of curves or points
    ///   that it does not have.
    init(_ recipe: Recipe, isQuick: Bool, below out: String, threads: Int?, programs: Bool, exploring: Bool = false)
        throws
    {
        let own = Self.folder(of: recipe, isQuick: isQuick && recipe.hasQuickForm, below: out)
        let host = ProgramSource.host(results: own, workers: threads)
        let source: ProgramSource = programs ? .started(host) : .none
        let whole = try recipe.spec(programs: source)
        let overrides = isQuick ? whole.quickOverrides : []
        self.isQuick = !overrides.isEmpty
        folder = Self.folder(of: recipe, isQuick: self.isQuick, below: out)
        let chosen = overrides.isEmpty ? whole : try recipe.spec(overrides, programs: source)
        for note in chosen.notes { complain("landau: note: \(note)") }
        let plan = try SweepPlan(chosen)
        // Before hours of training rather than after them.
        let mistakes = plan.mistakenExpectations(except: try SweepPlan(reading: whole, constants: nil))
        guard mistakes.isEmpty else { throw Failure(mistakes.map { "\($0)" }.joined(separator: "\n")) }
        let training = try SweepTraining(chosen, plan: plan, into: folder, threads: threads)
        try training.train()
        report = try training.report()
        checks = RecipeJudge(plan: training.plan, store: training.store, report: report).checks()
        explored =
            exploring ? try report.explorerSweep(plan: training.plan, store: training.store, folder: folder) : nil
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
        let own = Self.folder(of: recipe, isQuick: false, below: out)
        let plan = try SweepPlan(
            reading: try recipe.spec(programs: .stored, folder: own), constants: Store.constants(of: path))
        // Results of another version of the recipe, or revision of its model, are not its own.
        guard plan.revisionNote == nil, let store = try? Store.open(path, for: plan, .reading) else { return false }
        return try plan.status(in: store).isComplete
    }
}
