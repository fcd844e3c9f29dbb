import CLanes
import Kernels

/// The first way down for cold starts: eight nets in monotone gradient descent. A lane leaves when its net is certain
/// to collapse, when its gradient is small enough for the second-order method, or at the step limit.
final class DescentPack: FirstPack {
    /// Trials between two looks at the lanes.
    static let burst = 32

    let pack: LanePack
    private let settings: TrainingSettings
    private(set) var runs: [TrainingRun?]
    private var steps: [Int]
    private(set) var occupied = 0

    init(_ kind: PackKind, _ kernel: LaneKernel, _ settings: TrainingSettings) {
        pack = LanePack(kind, kernel)
        self.settings = settings
        runs = Array(repeating: nil, count: LanePack.laneCount)
        steps = Array(repeating: 0, count: LanePack.laneCount)
    }

    var isFull: Bool { occupied == LanePack.laneCount }

    /// Puts runs into free lanes and evaluates them; the other lanes keep their state to the bit.
    func load(_ newRuns: [TrainingRun]) {
        var arrived: [Int] = []
        let fields = pack.description.pointee
        for run in newRuns {
            let lane = runs.firstIndex { $0 == nil }!
            pack.set(run.job, lane: lane)
            fields.smoothing[lane] = run.smoothings[0]
            pack.scatter(run.weights, to: fields.point, lane: lane)
            runs[lane] = run
            steps[lane] = 0
            occupied += 1
            arrived.append(lane)
        }
        pack.gradient()
        for lane in arrived {
            pack.copy(fields.point, to: fields.base, lane: lane)
            pack.copy(fields.gradient, to: fields.base_gradient, lane: lane)
            let norm = pack.dot(fields.gradient, fields.gradient, lane: lane)
            fields.base_loss[lane] = fields.loss[lane]
            fields.base_norm[lane] = norm
            // A first step that moves the weights by a hundredth of their size.
            let size = pack.dot(fields.point, fields.point, lane: lane).squareRoot()
            fields.rate[lane] = norm > 0 ? 0.01 * size / norm.squareRoot() : 0
        }
    }

    /// Runs all lanes for a burst.
    /// - Returns: the runs that are through, with their weights.
    func advance() -> [TrainingRun] {
        let fields = pack.description.pointee
        pack.kernel.descend(pack.description, steps: DescentPack.burst)
        var through: [TrainingRun] = []
        for lane in 0..<LanePack.laneCount {
            guard let run = runs[lane] else { continue }
            steps[lane] += DescentPack.burst
            let norm = fields.base_norm[lane].squareRoot()
            let isFinite = fields.base_loss[lane].isFinite
            let isCollapsing =
                run.zeroBasin.map { pack.dot(fields.base, fields.base, lane: lane) < $0 } ?? false
            guard
                isCollapsing || !isFinite || norm <= TrainingRun.handoverGradient * run.scale
                    || steps[lane] >= settings.maximumDescentSteps
            else { continue }
            run.weights = pack.gather(fields.base, count: pack.layout.weightCount, lane: lane)
            run.steps += steps[lane]
            run.isCollapsing = isCollapsing
            runs[lane] = nil
            occupied -= 1
            clear(lane)
            through.append(run)
        }
        return through
    }

    /// An empty lane computes on zeros: no denormals, nothing that is not a number.
    private func clear(_ lane: Int) {
        let fields = pack.description.pointee
        pack.release(lane: lane)
        pack.fill(fields.base, with: 0, lane: lane)
        pack.fill(fields.base_gradient, with: 0, lane: lane)
        fields.rate[lane] = 0
    }
}

/// A job on its way through a trainer.
final class TrainingRun {
    /// Relative gradient norm at which the second-order method takes over.
    static let handoverGradient = 0.03

    let job: TrainingJob
    var weights: [Double]
    var steps = 0
    /// Whether gradient flow from the weights certainly ends at zero.
    var isCollapsing = false
    let zeroBasin: Double?
    /// The widths over which the activation's kink is rounded, one after the other; the last is 0, the true activation.
    let smoothings: [Double]
    /// max(1, ‖E[x y]‖, E[y²]).
    let scale: Double
    /// What a first pack ended with that nothing follows.
    var minimum: Minimum?

    init(_ job: TrainingJob) {
        self.job = job
        weights = job.initialWeights
        smoothings = job.smoothings
        zeroBasin = job.zeroBasinSquaredNorm
        scale = job.problem.moments.lossScale
        let squaredNorm = weights.reduce(0) { $0 + $1 * $1 }
        isCollapsing = zeroBasin.map { squaredNorm < $0 } ?? false
    }
}
