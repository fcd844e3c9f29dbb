import Foundation
import PhaseSpace
import Support
import Synchronization

/// What a sweep will cost, from running a few of its chains into nowhere.
public struct CostEstimate: Sendable {
    /// Wall-clock seconds of training on the given number of threads.
    public let seconds: Double
    public let threads: Int
    /// Bytes of the store.
    public let bytes: Double
    /// Points that the estimate rests on.
    public let calibrationPoints: Int
    /// Whether points of the trial took so long that it was cut off: the sweep may then take longer.
    public let isLowerBound: Bool
    /// Whether `refine:` will add points.
    public let isRefined: Bool

    public var sentence: String {
        let size = bytes >= 1e6 ? String(format: "%.1f MB", bytes / 1e6) : String(format: "%.0f kB", bytes / 1e3)
        let time =
            isLowerBound
            ? "\(duration(seconds)) or more" : (seconds < 1 ? "less than a second" : "about \(duration(seconds))")
        return "\(time) on \(threads) \(threads == 1 ? "thread" : "threads"), about \(size) of disk "
            + "(from \(calibrationPoints) points run for a try\(isRefined ? "; `refine` adds to it" : ""))"
    }
}

extension SweepPlan {
    /// Runs a few chains of the commonest kinds on the calling thread, keeps nothing of them, and scales up.
    ///
    /// - Parameter budget: seconds that the trial may take, about; a sweep of some minutes gets up to three times as many.
    public func estimateCost(threads: Int? = nil, budget: Double = 2) throws -> CostEstimate {
        let first = try roughCost(threads: threads, budget: budget)
        let longer = min(3 * budget, 0.03 * first.seconds)
        return longer > 1.5 * budget && !first.isLowerBound ? try roughCost(threads: threads, budget: longer) : first
    }

    private func roughCost(threads: Int?, budget: Double) throws -> CostEstimate {
        let threads = max(1, threads ?? availableProcessorCount())
        // A kind is what may share a pack, apart by direction: warm points begin near their minimum.
        var kinds: [String: [Int]] = [:]
        let stride = max(1, chainCount / 20_000)
        for index in Swift.stride(from: 0, to: chainCount, by: stride) {
            let chain = chains[index]
            let direction = chain.direction.isWarm ? "warm" : chain.direction.rawValue
            kinds["\(model.packKey(of: chain)) \(direction)", default: []].append(index)
        }
        func points(_ kind: [Int]) -> Int { kind.reduce(0) { $0 + length(ofChain: $1) } }
        let largest = kinds.sorted { (points($1.value), $0.key) < (points($0.value), $1.key) }.prefix(16).map(\.value)
        let worker = try model.worker(0)
        defer { worker.end() }
        var trials: [TrialContext] = []
        var (seconds, longest, scaledPoints) = (0.0, 0.0, 0)
        for kind in largest {
            func trial(pointsPerChain: Int, share: Double, chains: Int? = nil) throws -> TrialContext {
                let trial = TrialContext(
                    plan: self, chains: kind, pointsPerChain: pointsPerChain,
                    limit: chains, until: share * budget / Double(largest.count))
                try trial.run(worker)
                trials.append(trial)
                return trial
            }
            let length = length(ofChain: kind[0])
            let perChain: Double
            if chains[kind[0]].direction.isWarm, length > Self.trialLength {
                // The first point is trained from scratch, the others from their neighbours.
                let begun = try trial(pointsPerChain: 1, share: 0.4)
                let part = try trial(pointsPerChain: Self.trialLength, share: 0.6, chains: begun.handedOut)
                let warm = max(0, part.seconds(ofPoints: Self.trialLength) - begun.seconds(ofPoints: 1))
                perChain = begun.seconds(ofPoints: 1) + warm * Double(length - 1) / Double(Self.trialLength - 1)
            } else {
                perChain = try trial(pointsPerChain: length, share: 1).seconds(ofPoints: length)
            }
            seconds += perChain * Double(kind.count * stride)
            longest = max(longest, perChain)
            scaledPoints += points(kind) * stride
        }
        let rows = trials.reduce(0) { $0 + $1.recorded }
        let rowBytes = trials.reduce(0) { $0 + $1.bytes } / Double(max(1, rows))
        let total = seconds * Double(pointCount) / Double(max(1, scaledPoints))
        return CostEstimate(
            seconds: max(total / Double(threads), longest), threads: threads,
            bytes: rows == 0 ? 0 : 20_000 + rowBytes * Double(pointCount), calibrationPoints: rows,
            isLowerBound: trials.contains(where: \.wasCutOff), isRefined: spec.refinement != nil)
    }

    /// Points of a warm chain that a trial runs, spread over the whole of it.
    private static let trialLength = 9
}

/// Hands out chains spread over a list until its time is up, and weighs what it is given instead of keeping it.
///
/// Chains that are under way when the time is up go on to their end: those that take long are the ones under way, and
/// without them the rest would look cheaper than the sweep is.
private final class TrialContext: RunContext {
    private struct State {
        var handedOut = 0
        var recorded = 0
        var bytes = 0.0
        var isCutOff = false
        /// Points of the chains that were handed out.
        var points = 0
        var spent = 0.0
    }
    private let state = Mutex(State())
    private let plan: SweepPlan
    private let chains: [Int]
    private let pointsPerChain: Int
    private let limit: Int
    private let start = ContinuousClock.now
    private let budget: Double

    /// - Parameters:
    ///   - pointsPerChain: longer chains are thinned to so many points.
    ///   - limit: the most chains that are handed out; all where nil.
    init(plan: SweepPlan, chains: [Int], pointsPerChain: Int, limit: Int?, until budget: Double) {
        self.plan = plan
        self.chains = chains
        self.pointsPerChain = pointsPerChain
        self.limit = min(limit ?? chains.count, chains.count)
        self.budget = budget
    }

    func run(_ worker: any ModelWorker) throws {
        try worker.run(self)
        state.withLock { $0.spent = RunProgress.seconds(since: start) }
    }

    var handedOut: Int { state.withLock(\.handedOut) }
    var recorded: Int { state.withLock(\.recorded) }
    var bytes: Double { state.withLock(\.bytes) }
    var wasCutOff: Bool { state.withLock { $0.isCutOff && $0.recorded < $0.points } }

    /// Seconds of so many points of a chain; a lower bound where the trial was cut off.
    func seconds(ofPoints count: Int) -> Double {
        state.withLock { state in
            let points = state.recorded > 0 ? state.recorded : state.points
            return points == 0 ? 0 : state.spent * Double(count) / Double(points)
        }
    }

    func nextChain() -> Chain? {
        let isOver = RunProgress.seconds(since: start) > budget
        let next = state.withLock { state -> Int? in
            guard state.handedOut < limit, state.handedOut == 0 || !isOver else { return nil }
            state.handedOut += 1
            return state.handedOut - 1
        }
        guard let number = next else { return nil }
        // Steps of the golden ratio visit the list evenly, however soon the time is up.
        let step = max(1, Int(Double(chains.count) * 0.618_033_988_75))
        let coprime = (step...).first { Self.greatestCommonDivisor($0, chains.count) == 1 }!
        let chain = plan.chains[chains[number * coprime % chains.count]]
        state.withLock { $0.points += min(pointsPerChain, chain.points.count) }
        guard pointsPerChain < chain.points.count else { return chain }
        let last = Double(chain.points.count - 1) / Double(max(1, pointsPerChain - 1))
        return Chain(points: (0..<pointsPerChain).map { chain.points[Int(Double($0) * last)] }, axis: chain.axis)
    }

    func record(_ observation: Observation) {
        state.withLock { state in
            state.recorded += 1
            state.bytes += Self.bytes(of: observation)
        }
    }

    /// Nobody waits for ever, if a little longer for the first point.
    var isCancelled: Bool {
        let time = RunProgress.seconds(since: start)
        guard time > 2.5 * budget else { return false }
        return state.withLock { state in
            if state.recorded > 0 || time > 10 * budget { state.isCutOff = true }
            return state.isCutOff
        }
    }
    func checkpoint(of chain: Chain) -> [UInt8]? { nil }
    func save(checkpoint: [UInt8], of chain: Chain) {}

    /// SQLite's record format: a byte per column and eight per number, in pages that are two thirds full.
    private static func bytes(of observation: Observation) -> Double {
        let controls = observation.point.controls.values.reduce(0) { bytes, value in
            switch value {
            case .number(let x): bytes + (x == x.rounded() ? 2 : 8)
            case .text(let text): bytes + text.utf8.count
            case .list(let numbers): bytes + 8 * numbers.count
            }
        }
        let measured = observation.values.values.reduce(0) { $0 + ($1 == $1.rounded() && abs($1) < 1e9 ? 2 : 8) }
        let columns = observation.point.controls.count + observation.values.count + 8
        let row = 64 + 32 + controls + measured + columns + observation.reason.utf8.count
        let steps = observation.trajectory.reduce(0) { $0 + 72 + 9 * $1.values.count }
        return Double(row + steps) / 0.67
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }
}
