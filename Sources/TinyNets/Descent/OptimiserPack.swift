import CLanes
import Kernels

/// What cold starts pass first: eight nets at a time on their way down.
protocol FirstPack: AnyObject {
    var occupied: Int { get }
    /// Puts runs into free lanes; the other lanes keep their state to the bit.
    func load(_ newRuns: [TrainingRun])
    /// Runs all lanes for a burst.
    /// - Returns: the runs that are through, with their weights.
    func advance() -> [TrainingRun]
}

/// Cold starts under the optimiser that a sweep names, in place of the fastest way down. A lane leaves when its gradient
/// is small, or when the steps are used up.
final class OptimiserPack: FirstPack {
    /// Relative gradient norm at which the second-order method takes over: far below that of the descent, since the sweep
    /// asks where this optimiser goes.
    static let handoverGradient = 1e-4

    private let pack: LanePack
    private let settings: TrainingSettings
    private let optimiser: Optimiser
    private var runs: [TrainingRun?]
    private var memories: [OptimiserMemory]
    private var steps: [Int]
    private(set) var occupied = 0

    init(_ kind: PackKind, _ kernel: LaneKernel, _ settings: TrainingSettings, _ optimiser: Optimiser) {
        pack = LanePack(kind, kernel)
        self.settings = settings
        self.optimiser = optimiser
        runs = Array(repeating: nil, count: LanePack.laneCount)
        memories = Array(repeating: OptimiserMemory(count: 0), count: LanePack.laneCount)
        steps = Array(repeating: 0, count: LanePack.laneCount)
    }

    func load(_ newRuns: [TrainingRun]) {
        let fields = pack.description.pointee
        for run in newRuns {
            guard let lane = runs.firstIndex(where: { $0 == nil }) else {
                preconditionFailure("a free lane for each run")
            }
            pack.set(run.job, lane: lane)
            // What nothing follows is the true loss's.
            fields.smoothing[lane] = optimiser.isPolished ? run.smoothings[0] : 0
            pack.scatter(run.weights, to: fields.point, lane: lane)
            // That gradient flow ends at zero says nothing of other ways down.
            run.isCollapsing = false
            runs[lane] = run
            memories[lane] = OptimiserMemory(count: pack.layout.weightCount)
            steps[lane] = 0
            occupied += 1
        }
    }

    func advance() -> [TrainingRun] {
        var through: [TrainingRun] = []
        for _ in 0..<DescentPack.burst where occupied > 0 {
            pack.gradient()
            for lane in 0..<LanePack.laneCount {
                guard let run = runs[lane] else { continue }
                if finish(run, lane) {
                    free(lane)
                    through.append(run)
                } else {
                    move(lane)
                }
            }
        }
        return through
    }

    private func move(_ lane: Int) {
        let fields = pack.description.pointee
        memories[lane].begin()
        for (i, place) in pack.strides(lane).enumerated() {
            fields.point[place] += memories[lane].move(i, gradient: fields.gradient[place], optimiser)
        }
        steps[lane] += 1
    }

    /// Whether a run is through; it then has its weights, and its minimum where nothing follows.
    private func finish(_ run: TrainingRun, _ lane: Int) -> Bool {
        let fields = pack.description.pointee
        let norm = pack.dot(fields.gradient, fields.gradient, lane: lane).squareRoot()
        let isFinite = fields.loss[lane].isFinite && norm.isFinite
        let isSettled =
            norm <= (optimiser.isPolished ? Self.handoverGradient : settings.gradientTolerance) * run.scale
        guard isSettled || !isFinite || steps[lane] >= settings.maximumOptimiserSteps else { return false }
        run.steps += steps[lane]
        guard isFinite else {
            run.minimum = run.refusal(
                reason: "The weights grew beyond all bounds under \(optimiser.rule.rawValue): take a smaller rate.")
            return true
        }
        run.weights = pack.gather(fields.point, count: pack.layout.weightCount, lane: lane)
        if optimiser.isPolished {
            run.isCollapsing = run.zeroBasin.map { pack.dot(fields.point, fields.point, lane: lane) < $0 } ?? false
        } else {
            run.minimum = minimum(run, lane, gradientNorm: norm, isSettled: isSettled)
        }
        return true
    }

    private func minimum(_ run: TrainingRun, _ lane: Int, gradientNorm: Double, isSettled: Bool) -> Minimum {
        let fields = pack.description.pointee
        let norms = pack.gather(fields.layer_norms, count: pack.layout.layerCount, lane: lane)
        let slope = zip(norms, run.job.problem.gammaRatios).reduce(0) { $0 + $1.0 * $1.1 }
        return Minimum(
            weights: run.weights, loss: fields.loss[lane], dataLoss: fields.data_loss[lane],
            gradientNorm: gradientNorm, outcome: isSettled ? .converged : .completed, reason: "",
            squaredNorm: norms.reduce(0, +), layerSquaredNorms: norms, lossSlope: slope, lossCurvature: nil,
            lowestCurvature: nil, steps: run.steps)
    }

    /// An empty lane computes on zeros: no denormals, nothing that is not a number.
    private func free(_ lane: Int) {
        runs[lane] = nil
        occupied -= 1
        pack.release(lane: lane)
        pack.fill(pack.description.pointee.point, with: 0, lane: lane)
    }
}
