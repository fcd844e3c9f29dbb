import ArgumentParser
import Figures
import Foundation
import Models
import Support
import Sweeps

/// What every verb that works on a sweep takes.
struct SweepOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The sweep file, or a folder of results, which knows its sweep and overrides.", valueName: "sweep"),
        completion: .file(extensions: ["yaml", "yml"]))
    var named: String = ""
    @Argument(help: "Overrides: gamma=0.1,0.2  gamma=log(0.01,1,32)  replicas=4  data.samples=500") var overrides:
        [String] =
            []
    @Option(help: "The folder of the results; without it results/NAME in the working directory.") var out: String?

    /// `--out DIR` alone names results, too.
    var sweep: String {
        get { named.isEmpty ? out ?? "" : named }
        set { named = newValue }
    }

    func validate() throws {
        if named.isEmpty, out == nil { throw ValidationError("Missing expected argument '<sweep>'") }
    }

    /// Whether `sweep` is a folder of results, not a file.
    var isFolder: Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: sweep, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// The sweep file, parsed.
    /// - Parameters:
    ///   - withOverrides: false for the sweep as its file has it.
    ///   - programs: where the declaration of a sweep's program comes from.
    func spec(withOverrides: Bool = true, programs: ProgramSource = .stored) throws -> SweepSpec {
        if out == "" { throw Failure("`--out` is empty; it must name a folder, or be left away") }
        if named.isEmpty, !isFolder { throw Failure("\(sweep): there is no such folder of results") }
        let added = withOverrides ? overrides : []
        let start = programs.starter(folder: folder)
        let spec =
            isFolder
            ? try SweepSpec.read(
                try RecordedSweep(in: sweep), overrides: added, models: allModels, figures: FigureWriter.names,
                start: start)
            : try SweepSpec.read(
                path: sweep, overrides: added, models: allModels, figures: FigureWriter.names, start: start)
        if withOverrides { for note in spec.notes { complain("landau: note: \(note)") } }
        return spec
    }

    /// The plan with its model, which reads its data and checks all combinations, for what the sweep's store holds.
    func plan(programs: ProgramSource = .stored) throws -> SweepPlan {
        let spec = try spec(programs: programs)
        return noted(try SweepPlan(spec, reading: constants(of: spec)))
    }

    /// The plan of what the sweep's store, or one of its shards', holds: without a model, so that no data are read.
    func planForReading(programs: ProgramSource = .stored) throws -> SweepPlan {
        let spec = try spec(programs: programs)
        return noted(try SweepPlan(reading: spec, constants: constants(of: spec)))
    }

    /// What the sweep's results, or those of one of its shards, rest on; nil where there are none.
    private func constants(of spec: SweepSpec) -> JSONValue? {
        let folder = folder(of: spec)
        let stores = [folder] + Shard.shards(in: folder).map { "\(folder)/\($0.folder)" }
        return stores.lazy.compactMap { Store.constants(of: $0 + "/store.sqlite") }.first
    }

    private func noted(_ plan: SweepPlan) -> SweepPlan {
        if let note = plan.revisionNote { complain("landau: note: \(note)") }
        return plan
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

    func folder(of spec: SweepSpec) -> String { out ?? (isFolder ? sweep : "results/\(spec.name)") }
    /// The same before the file is read.
    var folder: String { out ?? (isFolder ? sweep : "results/\(SweepSpec.name(ofPath: sweep))") }
    func storePath(of spec: SweepSpec) -> String { folder(of: spec) + "/store.sqlite" }

    /// Shards that lie in the sweep's folder, with their stores.
    func shardStores(of plan: SweepPlan) throws -> [(shard: Shard, store: Store)] {
        let folder = folder(of: plan.spec)
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
        try Store.open(storePath(of: plan.spec), for: plan, .reading)
    }
}
