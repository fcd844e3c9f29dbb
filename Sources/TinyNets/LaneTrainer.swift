import Kernels

/// Minimises deep linear nets of one shape, eight at a time, on the calling thread.
///
/// Cold starts descend in one pack of lanes and are finished by a trust-region Newton method in a second one; warm
/// starts go straight to the second. Lanes that are through are refilled from the queue at once. A result is a function
/// of its job alone: the same bits for every order of jobs, every neighbour in the pack and every kernel variant.
public struct LaneTrainer: Sendable {
    public let shape: DeepLinearShape
    public let settings: TrainingSettings
    public let variant: KernelVariant

    public init(
        shape: DeepLinearShape, settings: TrainingSettings = TrainingSettings(), variant: KernelVariant = .current
    ) {
        self.shape = shape
        self.settings = settings
        self.variant = variant
    }

    /// Trains until the queue is empty and all its jobs are finished, or until `isCancelled`, which is asked every few
    /// hundred microseconds for small nets; unfinished jobs are then dropped.
    ///
    /// - Precondition: every job's problem and weights fit the shape.
    public func run(queue: some TrainingQueue, isCancelled: () -> Bool = { false }) {
        let kernel = LaneKernel(variant)
        let descent = DescentPack(shape, kernel, settings)
        let newton = NewtonPack(shape, kernel, settings)
        var work = Work()
        while !isCancelled() {
            refill(descent, newton, &work, queue)
            if newton.isFull || (descent.occupied == 0 && newton.occupied > 0) {
                // A look at the queue costs little beside this many Hessian-vector products.
                for _ in 0..<32 {
                    let finished = newton.advance()
                    for lane in finished {
                        let run = newton.lanes[lane].run!
                        let minimum = newton.minimum(lane)
                        newton.release(lane)
                        work.report(run, minimum, to: queue)
                    }
                    if !finished.isEmpty { break }
                }
            } else if descent.occupied > 0 {
                for run in descent.advance() {
                    if run.isCollapsing {
                        work.report(run, run.zeroMinimum(shape: shape), to: queue)
                    } else {
                        work.descended.append(run)
                    }
                }
            } else {
                return
            }
        }
    }

    /// Runs on their way: from where they wait to the pack that they wait for.
    private struct Work {
        /// For the second-order method.
        var descended: [TrainingRun] = []
        /// Follow-ups, before the queue's own jobs.
        var followUps: [TrainingJob] = []
        var isQueueEmpty = false

        mutating func report(_ run: TrainingRun, _ minimum: Minimum, to queue: some TrainingQueue) {
            if let next = queue.finished(run.job, minimum) { followUps.append(next) }
        }
    }

    private func refill(
        _ descent: DescentPack, _ newton: NewtonPack, _ work: inout Work, _ queue: some TrainingQueue
    ) {
        var cold: [TrainingRun] = []
        while descent.occupied + cold.count < LanePack.laneCount && work.descended.count < LanePack.laneCount {
            guard let job = nextJob(&work, queue) else { break }
            precondition(
                job.initialWeights.count == shape.weightCount, "a job has as many weights as its net's shape")
            let run = TrainingRun(job)
            if !job.problem.isFinite || !job.initialWeights.allSatisfy(\.isFinite) {
                let reason = "The problem or the initial weights hold a number that is not finite."
                work.report(run, run.refusal(shape: shape, reason: reason), to: queue)
            } else if run.isCollapsing {
                work.report(run, run.zeroMinimum(shape: shape), to: queue)
            } else if job.start == .warm {
                work.descended.append(run)
            } else {
                cold.append(run)
            }
        }
        if !cold.isEmpty { descent.load(cold) }
        while !newton.isFull && !work.descended.isEmpty { newton.load(work.descended.removeFirst()) }
    }

    private func nextJob(_ work: inout Work, _ queue: some TrainingQueue) -> TrainingJob? {
        if !work.followUps.isEmpty { return work.followUps.removeFirst() }
        if work.isQueueEmpty { return nil }
        let job = queue.nextJob()
        work.isQueueEmpty = job == nil
        return job
    }
}
