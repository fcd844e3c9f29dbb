import ArgumentParser
import Figures
import Foundation
import Models
import Sweeps

/// What every verb that works on a sweep takes.
struct SweepOptions: ParsableArguments {
    @Argument(help: "The sweep file.", completion: .file(extensions: ["yaml", "yml"])) var sweep: String
    @Argument(help: "Overrides: gamma=0.1,0.2  gamma=log(0.01,1,32)  replicas=4  data.samples=500") var overrides:
        [String] =
            []
    @Option(help: "The folder of the results; without it results/NAME in the working directory.") var out: String?

    /// - Parameters:
    ///   - effort: what step limits are multiplied by.
    ///   - withOverrides: false for the sweep as its file has it.
    func plan(effort: Int = 1, withOverrides: Bool = true) throws -> SweepPlan {
        if out == "" { throw Failure("`--out` is empty; it must name a folder, or be left away") }
        return SweepPlan(
            try SweepSpec.read(
                path: sweep, overrides: withOverrides ? overrides : [], models: allModels, figures: FigureWriter.names,
                effort: effort))
    }

    /// The plans of the sweep and of every further sweep file among the overrides.
    func plans() throws -> [SweepPlan] {
        let isFile = { (word: String) in !word.contains("=") && (word.hasSuffix(".yaml") || word.hasSuffix(".yml")) }
        return try ([sweep] + overrides.filter(isFile)).map { path in
            var options = self
            options.sweep = path
            options.overrides = overrides.filter { !isFile($0) }
            return try options.plan()
        }
    }

    func folder(of plan: SweepPlan) -> String { out ?? "results/\(plan.spec.name)" }
    func storePath(of plan: SweepPlan) -> String { folder(of: plan) + "/store.sqlite" }

    /// Shards that lie in the sweep's folder, with their stores.
    func shardStores(of plan: SweepPlan) throws -> [(shard: Shard, store: Store)] {
        let folder = folder(of: plan)
        return try Shard.shards(in: folder).compactMap { shard in
            let path = "\(folder)/\(shard.folder)/store.sqlite"
            return try openIfThere(path, plan).map { (shard, $0) }
        }
    }

    /// Nil where there is no store yet, or one that its writer has only begun to make.
    func openIfThere(_ path: String, _ plan: SweepPlan) throws -> Store? {
        do throws(StoreError) {
            return try Store.open(path, for: plan, .reading)
        } catch {
            if case .missing = error { return nil }
            throw error
        }
    }

    /// Opens what is there, for reading.
    func openForReading(_ plan: SweepPlan) throws -> Store {
        try Store.open(storePath(of: plan), for: plan, .reading)
    }
}
