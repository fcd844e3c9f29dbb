import Foundation
import PhaseSpace
import Support
import TinyNets

/// Turns chains into training jobs for the lanes of one worker, and finished jobs into observations.
///
/// A cold point is a number of independent starts of which the lowest minimum counts, the zero net included. A warm
/// chain begins with a cold point and then hands each minimum on to the next point; a branch is followed from a cold
/// point. Jobs of several chains share the lanes; no job's result depends on its neighbours.
final class ChainQueue: TrainingQueue {
    private let model: WeightDecay
    private let shape: SampledNetShape
    private let context: any RunContext
    private var runs: [Int: ChainRun] = [:]
    private var nextTag = 0
    /// The chain whose starts are being handed out.
    private var opening: ChainRun?
    private var pendingFirst: Chain?
    /// Why a chain has no net; the first one.
    private(set) var failure: (any Error)?

    /// What is under way for one chain.
    private final class ChainRun {
        let tag: Int
        let chain: Chain
        let begun = ContinuousClock.now
        var index = 0
        var net: Net
        var startsLeft: Int
        var startsUnderWay = 0
        /// Whether a branch is to begin at the last of the chain's points.
        var beginsAtLast = false
        var nextStart = 0
        /// Minima of the starts, by start number.
        var minima: [Int: Minimum] = [:]
        /// Wide starts, and some that are known to lie below the zero net, after the random ones.
        var orderedStarts: [[Double]] = []
        /// Where a resumed chain goes on from.
        var resumedWeights: [Double]?

        var point: Point { chain.points[index] }

        init(tag: Int, chain: Chain, net: Net, starts: Int) {
            self.tag = tag
            self.chain = chain
            self.net = net
            startsLeft = starts
        }
    }

    /// Start numbers are packed into tags beside the chain's number.
    private static let startsPerChain = 1 << 20

    init(model: WeightDecay, shape: SampledNetShape, first: Chain, context: any RunContext) {
        self.model = model
        self.shape = shape
        self.context = context
        pendingFirst = first
    }

    // MARK: - Jobs

    func nextJob() -> TrainingJob? {
        while true {
            if let run = opening {
                if let weights = run.resumedWeights {
                    opening = nil
                    run.resumedWeights = nil
                    return warmJob(run, from: weights)
                }
                if run.startsLeft > 0 { return startJob(run) }
                opening = nil
            }
            guard let chain = pendingFirst ?? context.nextChain() else { return nil }
            pendingFirst = nil
            open(chain)
        }
    }

    private func open(_ chain: Chain) {
        guard let net = net(at: chain.points[0]) else { return }
        let run = ChainRun(
            tag: nextTag, chain: chain, net: net, starts: model.startCount(depth: shape.depth))
        nextTag += 1
        do { run.orderedStarts = try model.furtherStarts(at: chain.points[0], net: net) } catch {
            failure = failure ?? error
            return
        }
        run.startsLeft += run.orderedStarts.count
        if chain.direction.isWarm, let saved = context.checkpoint(of: chain).flatMap(ChainCheckpoint.init(bytes:)),
            saved.nextIndex < chain.points.count, saved.weights.count == shape.weightCount
        {
            run.index = saved.nextIndex
            run.resumedWeights = saved.weights
            run.startsLeft = 0
        }
        runs[run.tag] = run
        opening = run
    }

    private func net(at point: Point) -> Net? {
        do { return try model.net(at: point, shape: shape) } catch {
            failure = failure ?? error
            return nil
        }
    }

    private func startJob(_ run: ChainRun) -> TrainingJob {
        let start = run.nextStart
        run.nextStart += 1
        run.startsLeft -= 1
        run.startsUnderWay += 1
        return run.net.job(
            tag: run.tag * Self.startsPerChain + start,
            initialWeights: model.initialWeights(
                run.point, start: start, net: run.net, ordered: run.orderedStarts), start: .cold)
    }

    private func warmJob(_ run: ChainRun, from weights: [Double]) -> TrainingJob? {
        guard let net = net(at: run.point) else { return nil }
        run.net = net
        let initial = run.chain.direction == .down ? model.kicked(weights, run.point) : weights
        return net.job(
            tag: run.tag * Self.startsPerChain + Self.startsPerChain - 1, initialWeights: initial, start: .warm)
    }

    // MARK: - Results

    func finished(_ job: TrainingJob, _ minimum: Minimum) -> TrainingJob? {
        let (tag, start) = job.tag.quotientAndRemainder(dividingBy: Self.startsPerChain)
        guard let run = runs[tag] else { return nil }
        if start == Self.startsPerChain - 1 { return recordWarm(run, minimum, initial: job.initialWeights) }
        run.startsUnderWay -= 1
        run.minima[start] = minimum
        if run.beginsAtLast, run.startsLeft > 0 { return startJob(run) }
        guard run.startsLeft == 0, run.startsUnderWay == 0 else { return nil }
        return recordCold(run)
    }

    private func recordCold(_ run: ChainRun) -> TrainingJob? {
        let byStart = run.minima.sorted { $0.key < $1.key }.map(\.value)
        let best = model.best(ofStarts: byStart, run.net)
        let random = byStart.prefix(model.startCount(depth: shape.depth))
        let ordered = Double(random.count { $0.outcome.isDone && $0.squaredNorm > 1e-6 }) / Double(random.count)
        let steps = byStart.reduce(0) { $0 + $1.steps }
        if run.chain.direction == .branch {
            if best.squaredNorm <= 1e-12, let job = beginAtLast(run) { return job }
            let begun = run.begun
            runs[run.tag] = nil
            let follower = BranchChain(model: model, chain: run.chain, net: run.net, begun: begun)
            for observation in follower.observations(
                from: best, atLast: run.beginsAtLast, isCancelled: { context.isCancelled })
            {
                context.record(observation)
            }
            return nil
        }
        record(run, best, orderedFraction: ordered, steps: steps)
        run.minima = [:]
        return advance(run, from: best.weights)
    }

    /// Where order is at the upper end of an axis, as of a teacher's `signal`, a branch of it begins there.
    /// - Returns: the first start there; nil where there is no such end, or it was tried.
    private func beginAtLast(_ run: ChainRun) -> TrainingJob? {
        let last = run.chain.points.count - 1
        guard DataAlongAxis.contains(run.chain.axis), !run.beginsAtLast, last > 0,
            let net = try? model.net(at: run.chain.points[last], shape: shape)
        else { return nil }
        run.beginsAtLast = true
        run.index = last
        run.net = net
        run.minima = [:]
        run.nextStart = 0
        run.orderedStarts = []
        run.startsLeft = model.startCount(depth: shape.depth)
        return startJob(run)
    }

    private func recordWarm(_ run: ChainRun, _ minimum: Minimum, initial: [Double]) -> TrainingJob? {
        record(run, minimum, orderedFraction: nil, steps: minimum.steps)
        // After a failure the chain goes on from where the point began, not from a broken net.
        return advance(run, from: minimum.outcome.isDone ? minimum.weights : initial)
    }

    private func record(_ run: ChainRun, _ minimum: Minimum, orderedFraction: Double?, steps: Int) {
        context.record(
            model.observation(
                run.point, minimum, net: run.net, problem: run.net.problem, orderedFraction: orderedFraction,
                steps: steps,
                seconds: elapsed(since: run.begun)))
    }

    private func advance(_ run: ChainRun, from weights: [Double]) -> TrainingJob? {
        run.index += 1
        guard run.index < run.chain.points.count else {
            runs[run.tag] = nil
            return nil
        }
        context.save(checkpoint: ChainCheckpoint(nextIndex: run.index, weights: weights).bytes, of: run.chain)
        return warmJob(run, from: weights)
    }
}

/// Where a warm chain stands: the index of its next point and the weights that it starts from.
struct ChainCheckpoint: Equatable {
    let nextIndex: Int
    let weights: [Double]

    init(nextIndex: Int, weights: [Double]) {
        self.nextIndex = nextIndex
        self.weights = weights
    }

    /// Little-endian 64-bit words: the index, then the bit patterns of the weights.
    var bytes: [UInt8] {
        ([UInt64(nextIndex)] + weights.map(\.bitPattern)).flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
    }

    init?(bytes: [UInt8]) {
        guard bytes.count >= 8, bytes.count % 8 == 0 else { return nil }
        let words = stride(from: 0, to: bytes.count, by: 8).map { offset in
            (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
        }
        nextIndex = Int(truncatingIfNeeded: words[0])
        weights = words.dropFirst().map { Double(bitPattern: $0) }
    }
}
