import Foundation
import PhaseSpace
import Synchronization

/// What a sweep will cost, from running a few of its chains into nowhere.
public struct CostEstimate: Sendable {
    /// Wall-clock seconds on the given number of threads.
    public let seconds: Double
    public let threads: Int
    /// Bytes of the store.
    public let bytes: Double
    /// Points that the estimate rests on.
    public let calibrationPoints: Int

    public var sentence: String {
        let size = bytes >= 1e6 ? String(format: "%.1f MB", bytes / 1e6) : String(format: "%.0f kB", bytes / 1e3)
        let time = seconds < 1 ? "less than a second" : "about \(duration(seconds))"
        return "\(time) on \(threads) \(threads == 1 ? "thread" : "threads"), about \(size) of disk "
            + "(from \(calibrationPoints) points run for a try)"
    }
}

extension SweepPlan {
    /// Runs a few chains of the commonest kinds on the calling thread, keeps nothing of them, and scales up.
    ///
    /// - Parameter budget: seconds that the trial may take, about.
    public func estimateCost(threads: Int? = nil, budget: Double = 2) throws -> CostEstimate {
        let threads = max(1, threads ?? availableProcessorCount())
        // A kind is what may share a pack, apart by direction: warm points begin near their minimum.
        var kinds: [String: (chains: [Int], points: Int)] = [:]
        let stride = max(1, chainCount / 20_000)
        for index in Swift.stride(from: 0, to: chainCount, by: stride) {
            let chain = chains[index]
            let key = "\(spec.model.packKey(of: chain)) \(chain.direction.isWarm)"
            kinds[key, default: ([], 0)].chains.append(index)
            kinds[key]!.points += chain.points.count * stride
        }
        let largest = kinds.sorted { ($1.value.points, $0.key) < ($0.value.points, $1.key) }.prefix(16)
        var (tried, scaledPoints) = (0, 0)
        var (seconds, rowBytes, rows) = (0.0, 0.0, 0)
        for (_, kind) in largest {
            let trial = TrialContext(plan: self, chains: kind.chains, until: budget / Double(largest.count))
            let start = ContinuousClock.now
            try spec.model.run(trial)
            let spent = RunProgress.seconds(since: start)
            guard trial.recorded > 0 else { continue }
            tried += trial.recorded
            scaledPoints += kind.points
            seconds += spent / Double(trial.recorded) * Double(kind.points)
            rowBytes += trial.bytes
            rows += trial.recorded
        }
        guard tried > 0 else { return CostEstimate(seconds: 0, threads: threads, bytes: 0, calibrationPoints: 0) }
        let total = seconds * Double(pointCount) / Double(scaledPoints)
        return CostEstimate(
            seconds: total / Double(threads), threads: threads,
            bytes: 20_000 + rowBytes / Double(rows) * Double(pointCount), calibrationPoints: tried)
    }
}

/// Hands out chains spread over a list until its time is up, and weighs what it is given instead of keeping it.
private final class TrialContext: RunContext {
    private struct State {
        var handedOut = 0
        var recorded = 0
        var bytes = 0.0
    }
    private let state = Mutex(State())
    private let plan: SweepPlan
    private let chains: [Int]
    private let start = ContinuousClock.now
    private let budget: Double

    init(plan: SweepPlan, chains: [Int], until budget: Double) {
        self.plan = plan
        self.chains = chains
        self.budget = budget
    }

    var recorded: Int { state.withLock(\.recorded) }
    var bytes: Double { state.withLock(\.bytes) }
    private var isOver: Bool { RunProgress.seconds(since: start) > budget }

    func nextChain() -> Chain? {
        let number = state.withLock { state in
            state.handedOut += 1
            return state.handedOut - 1
        }
        guard number < chains.count, number == 0 || !isOver else { return nil }
        // Steps of the golden ratio visit the list evenly, however soon the time is up.
        let step = max(1, Int(Double(chains.count) * 0.618_033_988_75))
        let coprime = (step...).first { Self.greatestCommonDivisor($0, chains.count) == 1 }!
        return plan.chains[chains[number * coprime % chains.count]]
    }

    func record(_ observation: Observation) {
        state.withLock { state in
            state.recorded += 1
            state.bytes += Self.bytes(of: observation)
        }
    }

    /// A slow chain is cut off, but never before its first points are known.
    var isCancelled: Bool { isOver && recorded > 0 }
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
