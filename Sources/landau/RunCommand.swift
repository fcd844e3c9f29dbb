import ArgumentParser
import Figures
import Foundation
import Kernels
import PhaseSpace
import Sweeps

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Trains what is not in the store yet, prints verdicts, draws figures.",
        discussion: "The same command again continues where it was stopped.")

    @OptionGroup var options: SweepOptions
    @Flag(help: "Say what would be run, and run nothing.") var dryRun = false
    @Flag(help: "With --dry-run: do not run a few chains for the estimate of time and disk.") var noCalibration = false
    @Flag(help: "Start afresh; the old store is kept beside the new one as store.sqlite.old.") var restart = false
    @Option(help: "Worker threads; without it one per processor this process may use.") var threads: Int?
    @Option(
        help: "Run failed points of this outcome again (stalled, diverged, capped, dead), with doubled step limits.")
    var retry: String?
    @Option(help: "Run one part of n of the chains, into a store of its own: 2/4 is the second of four.")
    var shard: String?

    func run() throws {
        try checkKernel()
        if let threads, threads < 1 { throw Failure("`--threads` must be at least 1, not \(threads)") }
        let retried = try retriedOutcomes()
        let shard = try chosenShard()
        var plan = try options.plan()
        let folder = options.folder(of: plan) + (shard.map { "/" + $0.folder } ?? "")
        if dryRun {
            print(Self.description(of: plan, folder: folder))
            if !noCalibration { print(try plan.estimateCost(threads: threads).sentence) }
            return
        }
        let store = try Store.open(
            folder + "/store.sqlite", for: plan, restart ? .restarting : .writing)
        let effort = try retried.isEmpty ? store.effort() : store.doubleEffort()
        if effort > 1 { plan = try options.plan(effort: effort) }
        try store.begin(
            Provenance(
                of: plan, toolVersion: toolVersion, kernel: KernelVariant.current.name,
                commandLine: CommandLine.arguments.joined(separator: " ")))
        let runner = SweepRunner(
            plan: plan, store: store, threads: threads, retry: retried, progress: .standardError())
        let watch = runner.cancel(onSignals: [SIGINT, SIGTERM, SIGUSR1])
        defer { withExtendedLifetime(watch) {} }
        let deadline = Deadline.ofJob { runner.cancel() }
        defer { withExtendedLifetime(deadline) {} }
        let summary = try shard.map { try runner.run(plan.chains.shard($0)) } ?? runner.run()
        for failure in summary.failures { complain("landau: \(failure)") }
        complain(summary.sentence)
        guard !summary.wasCancelled else {
            try store.close()
            throw ExitCode(.interrupted)
        }
        if let shard {
            try store.close()
            print("shard \(shard) is in \(folder); `landau merge` joins the shards")
        } else {
            var failures: [String] = []
            let report = try SweepReport(plan: plan, store: store) { chains in
                let more = try runner.run(chains)
                failures += more.failures
                return !more.wasCancelled && more.left == 0
            }
            try store.close()
            for failure in failures { complain("landau: \(failure)") }
            if runner.isCancelled { throw ExitCode(.interrupted) }
            print(report.table)
            try report.draw(into: folder + "/figures", formats: [.svg, .pdf, .png])
            if !report.isRefined { throw ExitCode(.unfinished) }
        }
        if summary.left > 0 || !summary.failures.isEmpty { throw ExitCode(.unfinished) }
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
        lines.append(
            "  replicas: \(spec.replicas); directions: \(spec.directions.map(\.rawValue).joined(separator: ", "))")
        lines.append("\(plan.pointCount) points in \(plan.chains.count) chains; results in \(folder)")
        return lines.joined(separator: "\n")
    }
}
