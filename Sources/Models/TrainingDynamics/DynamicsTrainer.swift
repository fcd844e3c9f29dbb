import Kernels
import PhaseSpace
import TinyNets

/// Where a trainer's runs come from and go to.
public protocol DynamicsQueue: AnyObject {
    /// The next run with the pack's shape and number of samples; nil when none is left.
    func nextRun() throws -> DynamicsRun?
    /// The run in this lane has ended.
    func finished(_ run: DynamicsRun, lane: Int)
}

/// Trains nets of one shape in the lanes of one pack; a lane that has ended is filled again at once.
public final class DynamicsTrainer {
    private let pack: SampledNetPack
    private let curvature: TopCurvature
    private var runs: [DynamicsRun?]

    /// - Parameter precision: that of gradients and curvature; weights move in double precision, so that small steps
    ///   are not lost.
    public init(shape: SampledNetShape, sampleCount: Int, precision: TrainingPrecision = .double) {
        let isSingle = precision == .single
        pack = SampledNetPack(
            shape: shape, sampleCount: sampleCount, hasOwnData: true,
            kernel: SampledKernel(.current, isSingle ? .single : .double))
        // Rounding of the products bounds what an eigenvalue can be known to.
        curvature = TopCurvature(pack: pack, tolerance: isSingle ? 1e-4 : 1e-6)
        runs = Array(repeating: nil, count: pack.laneCount)
    }

    /// Runs until the queue is empty, or `isCancelled`: what is under way then is given up.
    public func run(_ queue: any DynamicsQueue, isCancelled: () -> Bool = { false }) throws {
        while !isCancelled() {
            for lane in runs.indices where runs[lane] == nil {
                guard let run = try queue.nextRun() else { break }
                runs[lane] = run
                pack.setData(run.data, lane: lane)
                pack.setWeights(run.weights, lane: lane)
            }
            guard runs.contains(where: { $0 != nil }) else { return }
            pack.evaluate()
            var tasks: [TopCurvature.Task] = []
            for (lane, run) in runs.enumerated() {
                guard let run else { continue }
                // The pack's loss is the mean square itself.
                try run.take(loss: pack.loss(lane: lane) / 2, gradient: pack.gradient(lane: lane).map { $0 / 2 })
                if let task = run.curvatureTask(lane: lane) { tasks.append(task) }
            }
            if !tasks.isEmpty { try curvature.solve(&tasks) }
            for task in tasks { runs[task.lane]?.take(curvature: task) }
            for (lane, run) in runs.enumerated() {
                guard let run else { continue }
                if run.advance() {
                    pack.setWeights(run.weights, lane: lane)
                } else {
                    queue.finished(run, lane: lane)
                    runs[lane] = nil
                }
            }
        }
    }
}
