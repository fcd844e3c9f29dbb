import Kernels

/// Minimises nets, eight of one shape at a time, on the calling thread.
///
/// Cold starts descend in one pack of lanes, under an optimiser where the settings name one, and are finished by a trust-region Newton method in a second one; warm
/// starts go straight to the second. Every shape, and linear nets without noise, with noise and nets through samples
/// have packs of their own. Lanes that are through are refilled from the queue at once. A result is a function of its job
/// alone: the same bits for every order of jobs, every neighbour in the pack and every kernel variant.
public struct LaneTrainer: Sendable {
    public let settings: TrainingSettings
    public let variant: KernelVariant

    public init(settings: TrainingSettings = TrainingSettings(), variant: KernelVariant = .current) {
        self.settings = settings
        self.variant = variant
    }

    /// Trains until the queue is empty and all its jobs are finished, or until `isCancelled`, which is asked every few
    /// hundred microseconds for small nets; unfinished jobs are then dropped.
    ///
    /// - Precondition: every job's problem and weights fit its shape.
    public func run(queue: some TrainingQueue, isCancelled: () -> Bool = { false }) {
        let lines = TrainingLines(self)
        let intake = JobIntake(queue)
        while !isCancelled() {
            refill(lines, intake)
            var isBusy = false
            for line in lines.all where line.isBusy {
                line.advance(intake)
                isBusy = true
            }
            if !isBusy { return }
        }
    }

    /// Trains all jobs.
    /// - Returns: their minima by tag; without those that were stopped.
    public func minima(of jobs: [TrainingJob], isCancelled: () -> Bool = { false }) -> [Int: Minimum] {
        let list = JobList(jobs)
        run(queue: list, isCancelled: isCancelled)
        return list.minima
    }

    /// Takes jobs while every line has room, because only a job itself tells which line it is for.
    private func refill<Queue: TrainingQueue>(_ lines: TrainingLines, _ intake: JobIntake<Queue>) {
        while lines.all.allSatisfy(\.hasRoom), let job = intake.next() {
            precondition(job.initialWeights.count == job.layout.weightCount, "a job has as many weights as its shape")
            let run = TrainingRun(job)
            if !job.problem.isFinite || !job.initialWeights.allSatisfy(\.isFinite) {
                let reason = "The problem or the initial weights hold a number that is not finite."
                intake.report(run, run.refusal(reason: reason))
            } else if run.isCollapsing, settings.optimiser == nil || job.start == .warm, let zero = run.zeroMinimum {
                intake.report(run, zero)
            } else {
                lines.line(for: job.packKind).add(run)
            }
        }
        for line in lines.all { line.load() }
    }
}

/// A line for each kind of net that has come so far, in the order of coming.
private final class TrainingLines {
    private let trainer: LaneTrainer
    private var indices: [PackKind: Int] = [:]
    private(set) var all: [TrainingLine] = []

    init(_ trainer: LaneTrainer) { self.trainer = trainer }

    func line(for kind: PackKind) -> TrainingLine {
        if let index = indices[kind] { return all[index] }
        indices[kind] = all.count
        all.append(TrainingLine(trainer, kind: kind))
        return all[all.count - 1]
    }
}

/// The queue, with the follow-ups of finished jobs before its own.
final class JobIntake<Queue: TrainingQueue> {
    private let queue: Queue
    private var followUps: [TrainingJob] = []
    private var isQueueEmpty = false

    init(_ queue: Queue) { self.queue = queue }

    func next() -> TrainingJob? {
        if !followUps.isEmpty { return followUps.removeFirst() }
        if isQueueEmpty { return nil }
        let job = queue.nextJob()
        isQueueEmpty = job == nil
        return job
    }

    func report(_ run: TrainingRun, _ minimum: Minimum) {
        if let next = queue.finished(run.job, minimum) { followUps.append(next) }
    }
}

private final class JobList: TrainingQueue {
    private var jobs: ArraySlice<TrainingJob>
    private(set) var minima: [Int: Minimum] = [:]

    init(_ jobs: [TrainingJob]) { self.jobs = jobs[...] }

    func nextJob() -> TrainingJob? { jobs.popFirst() }

    func finished(_ job: TrainingJob, _ minimum: Minimum) -> TrainingJob? {
        minima[job.tag] = minimum
        return nil
    }
}
