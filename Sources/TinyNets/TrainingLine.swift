import Kernels

/// The two packs that a run passes: descent or an optimiser, then Newton.
final class TrainingLine {
    private let makeDescent: () -> any FirstPack
    private let makeNewton: () -> NewtonPack
    private lazy var descent = makeDescent()
    private lazy var newton = makeNewton()
    /// Runs before each pack.
    private var arrived: [TrainingRun] = []
    private var descended: [TrainingRun] = []
    private var count = 0

    /// Packs are made when the first run comes.
    init(_ trainer: LaneTrainer, kind: PackKind) {
        let kernel = LaneKernel(trainer.variant)
        makeDescent = {
            guard let optimiser = trainer.settings.optimiser else { return DescentPack(kind, kernel, trainer.settings) }
            return OptimiserPack(kind, kernel, trainer.settings, optimiser)
        }
        makeNewton = { NewtonPack(kind, kernel, trainer.settings) }
    }

    var isBusy: Bool { count > 0 }
    var hasRoom: Bool {
        count == 0 || (descent.occupied + arrived.count < LanePack.laneCount && descended.count < LanePack.laneCount)
    }

    func add(_ run: TrainingRun) {
        count += 1
        if run.job.start == .warm { descended.append(run) } else { arrived.append(run) }
    }

    /// Fills free lanes.
    func load() {
        if !arrived.isEmpty { descent.load(arrived) }
        arrived.removeAll(keepingCapacity: true)
        while !descended.isEmpty && !newton.isFull { newton.load(descended.removeFirst()) }
    }

    /// One burst of descent, or a stretch of the second-order method where its lanes are full or nothing else is left.
    func advance(_ intake: JobIntake<some TrainingQueue>) {
        guard newton.isFull || descent.occupied == 0 else {
            for run in descent.advance() {
                if let minimum = run.minimum {
                    report(run, minimum, intake)
                } else if run.isCollapsing, let zero = run.zeroMinimum {
                    report(run, zero, intake)
                } else {
                    descended.append(run)
                }
            }
            return
        }
        // A look at the queue costs little beside this many Hessian-vector products.
        for _ in 0..<32 where newton.occupied > 0 {
            let finished = newton.advance()
            for lane in finished {
                let run = newton.lanes[lane].run!
                let minimum = newton.minimum(lane)
                newton.release(lane)
                report(run, minimum, intake)
            }
            if !finished.isEmpty { break }
        }
    }

    private func report(_ run: TrainingRun, _ minimum: Minimum, _ intake: JobIntake<some TrainingQueue>) {
        count -= 1
        intake.report(run, minimum)
    }
}
