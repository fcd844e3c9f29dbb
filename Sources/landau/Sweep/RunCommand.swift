import ArgumentParser
import Figures
import Kernels
import PhaseSpace
import Support
import Sweeps

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Trains what is not in the store yet, prints verdicts, draws figures.",
        discussion: "The same command again continues where it was stopped.")

    @OptionGroup var options: SweepOptions
    @Flag(help: "Say what would be run, and run nothing.") var dryRun = false
    @Flag(help: "With --dry-run: do not run a few chains for the estimate of time and disk.") var noCalibration = false
    @Flag(help: "Start afresh; the old store is kept beside the new one as store.sqlite.old, then .old.2, …")
    var restart = false
    @Option(help: "Worker threads; without it one per processor this process may use.") var threads: Int?
    @Option(
        help:
            "Run points of this outcome again (stalled, diverged, capped, dead, failed), with doubled step limits.",
        completion: .list(Outcome.allCases.filter { !$0.isDone }.map(\.rawValue)))
    var retry: String?
    @Option(help: "Run one part of n of the chains, into a store of its own: 2/4 is the second of four.")
    var shard: String?
    @Flag(help: "The program that trains has changed, and its results have not: go on with the points that are there.")
    var sameResults = false
    @OptionGroup var templates: TemplateOptions
    @Flag(help: "Draw the order parameter in the terminal while points arrive.") var watch = false

    func run() throws {
        try checkKernel()
        try templates.check()
        if let threads, threads < 1 { throw Failure("`--threads` must be at least 1, not \(threads)") }
        let retried = try retriedOutcomes()
        let shard = try chosenShard()
        let folder = options.folder + (shard.map { "/" + $0.folder } ?? "")
        let host = ProgramSource.host(results: dryRun ? nil : folder, workers: threads)
        let programs = ProgramSource.started(host)
        var isBegun = false
        defer { if !isBegun { host.forget() } }
        if !dryRun, let writer = Store.writer(of: folder + "/store.sqlite") {
            throw StoreError.locked(path: folder + "/store.sqlite", holder: writer)
        }
        let spec = try options.spec(programs: programs)
        if dryRun {
            let plan = try SweepPlan(spec)
            print(Self.description(of: plan, folder: folder))
            let whole = try spec.overrides.isEmpty ? nil : options.spec(withOverrides: false, programs: programs)
            let plain = try whole.map { try SweepPlan(reading: $0, constants: nil) }
            for mistake in plan.mistakenExpectations(except: plain) { complain("landau: \(mistake)") }
            if !noCalibration {
                let most = plan.spec.replicaRule == nil ? "" : "with all replicas everywhere: "
                print(most + (try plan.estimateCost(threads: threads ?? spec.program?.workers).sentence))
            }
            return
        }
        let training = try SweepTraining(
            spec, into: folder, access: restart ? .restarting : .writing, threads: threads, retry: retried,
            sameResults: sameResults)
        isBegun = true
        let watched = watch ? SweepWatch(training.plan, store: folder + "/store.sqlite", templates) : nil
        defer { watched?.end() }
        try training.train(shard)
        var isRefined = true
        if let shard {
            try training.close()
            print("shard \(shard) is in \(folder); `landau merge` joins the shards")
        } else {
            let report = try training.report()
            watched?.end()
            try training.close()
            print(report.table)
            try report.draw(into: folder + "/figures", formats: [.svg, .pdf, .png], templates: templates)
            isRefined = report.isRefined
        }
        if !isRefined || training.left > 0 || training.hasFailures { throw ExitCode(.unfinished) }
    }

    private func chosenShard() throws -> Shard? {
        guard let shard else { return nil }
        if let chosen = Shard(shard) { return chosen }
        throw Failure("`--shard` must be i/n with 1 ≤ i ≤ n ≤ \(Shard.limit), such as 2/4, not `\(shard)`")
    }

    private func retriedOutcomes() throws -> Set<Outcome> {
        guard let retry else { return [] }
        let failed = Outcome.allCases.filter { !$0.isDone }
        guard let outcome = failed.first(where: { $0.rawValue == retry }) else {
            let names = failed.map(\.rawValue)
            throw Failure(
                "`--retry` must be one of \(names.joined(separator: ", ")), not `\(retry)`\(nearestHint(to: retry, among: names))"
            )
        }
        return [outcome]
    }

    private func checkKernel() throws {
        do { _ = try KernelVariant.fromEnvironment() } catch { throw Failure("\(error)") }
    }

    static func description(of plan: SweepPlan, folder: String) -> String {
        let spec = plan.spec
        var lines = [
            "\(spec.title.isEmpty ? spec.name : spec.title)", "model \(spec.declaration.name), seed \(spec.seed)",
        ]
        for dimension in spec.dimensions {
            lines.append("  \(dimension.controls.joined(separator: ", ")): \(dimension.values.count) values")
        }
        let replicas = spec.replicaRule?.sentence ?? "\(spec.replicas)"
        lines.append("  replicas: \(replicas); directions: \(spec.directions.map(\.rawValue).joined(separator: ", "))")
        let fewest = spec.replicaRule.map { "\(plan.pointCount / spec.replicas * $0.from) to " } ?? ""
        lines.append("\(fewest)\(plan.pointCount) points in \(plan.chains.count) chains; results in \(folder)")
        return lines.joined(separator: "\n")
    }
}
