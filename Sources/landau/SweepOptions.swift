import ArgumentParser
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

    func plan() throws -> SweepPlan {
        SweepPlan(try SweepSpec.read(path: sweep, overrides: overrides, models: allModels))
    }

    func folder(of plan: SweepPlan) -> String { out ?? "results/\(plan.spec.name)" }
    func storePath(of plan: SweepPlan) -> String { folder(of: plan) + "/store.sqlite" }

    /// Opens what is there, for reading.
    func openForReading(_ plan: SweepPlan) throws -> Store {
        try Store.open(storePath(of: plan), for: plan, .reading)
    }
}
