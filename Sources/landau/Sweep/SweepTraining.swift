import ArgumentParser
import Foundation
import Kernels
import PhaseSpace
import Studies
import Support
import Sweeps

/// A sweep whose store is open and that trains what is not in it yet, until done or stopped by a signal.
final class SweepTraining {
    let plan: SweepPlan
    let store: Store
    private let runner: SweepRunner
    /// Alive as long as the training is.
    private let stops: (SignalWatch, Deadline?)
    /// Failures that cost points; they are said as they come.
    private(set) var hasFailures = false
    private(set) var left = 0
    /// Whether an error has come after which nothing can be trained.
    private var isStopped = false

    /// Makes the model, which reads its data, and opens the store.
    /// - Parameters:
    ///   - plan: where it has been made already; it is made anew where the store has another effort.
    ///   - sameResults: goes on with points of a program whose files have changed since.
    init(
        _ spec: SweepSpec, plan made: SweepPlan? = nil, into folder: String, access: Store.Access = .writing,
        threads: Int? = nil, retry: Set<Outcome> = [], sameResults: Bool = false
    ) throws {
        let path = folder + "/store.sqlite"
        let before = access == .writing ? try Store.effort(of: path) : 1
        let effort = retry.isEmpty ? before : Store.doubled(before)
        let plan = try effort == 1 ? made ?? SweepPlan(spec) : SweepPlan(spec, effort: effort)
        if access == .writing, !sameResults { try ProgramChange(since: path, plan)?.refuse() }
        store = try Store.open(path, for: plan, access)
        guard try (retry.isEmpty ? store.effort() : store.doubleEffort()) == effort else {
            throw Failure("\(path): another command has just doubled its step limits; the same command goes on")
        }
        self.plan = plan
        try store.begin(
            Provenance(
                of: plan, toolVersion: toolVersion,
                kernel: plan.model.record.map(ProgramChange.trainer) ?? KernelVariant.current.name,
                commandLine: CommandLine.arguments.joined(separator: " ")))
        runner = SweepRunner(
            plan: plan, store: store, threads: threads ?? spec.program?.workers, retry: retry,
            progress: .standardError())
        stops = (runner.cancel(onSignals: [SIGINT, SIGTERM, SIGUSR1]), Deadline.ofJob { [runner] in runner.cancel() })
    }

    var isCancelled: Bool { runner.isCancelled }

    /// Trains the grid, or one shard of it, and says how it went.
    /// - Throws: exit status 75 where a signal or the end of the cluster's job came first.
    func train(_ shard: Shard? = nil) throws {
        let summary = try runner.run(shard)
        note(summary.failures)
        complain(summary.sentence)
        left = summary.left
        isStopped = summary.wasStopped
        guard !summary.wasCancelled else {
            try close()
            throw ExitCode(.interrupted)
        }
    }

    /// Judges the sweep, training what `refine:` asks for.
    /// - Throws: as `train`.
    func report() throws -> SweepReport {
        let report = try SweepReport(plan: plan, store: store) { chains in
            guard !self.isStopped else { return false }
            let more = try self.runner.run(chains)
            self.isStopped = more.wasStopped
            self.note(more.failures)
            return !more.wasCancelled && more.left == 0
        }
        if report.probes > 0 {
            complain("\(counted(report.probes, "point")) more in intervals that may hide a transition")
        }
        if let refinement = report.refinement {
            complain(
                "\(counted(refinement.points, "point")) in \(counted(refinement.rounds, "round")) of refinement")
        }
        if runner.isCancelled {
            try close()
            throw ExitCode(.interrupted)
        }
        return report
    }

    /// Ends the training's workers and closes its store.
    func close() throws {
        runner.end()
        try store.close()
    }

    private func note(_ failures: [String]) {
        hasFailures = hasFailures || !failures.isEmpty
        for failure in failures { complain("landau: \(failure)") }
    }
}
