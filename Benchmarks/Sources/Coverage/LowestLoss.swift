import Foundation
import GSLNumerics
import TinyNets

/// F(γ), the lowest loss of a net, from a pool of minima, without any help of the judge: nothing of it comes from a sweep.
///
/// γ weighs Σ‖W‖², so that the weights of every minimum bound F at all other γ by a straight line, and F is concave: F′
/// only falls. An interval in which F′ falls by more than F″ at its ends explains is halved until it is 3e-5 of γ
/// wide. What F′ falls by there is a jump.
final class LowestLoss {
    struct State {
        let gamma: Double
        let loss: Double
        let slope: Double
        let curvature: Double?
    }
    struct Jump {
        let low: State
        let high: State
        /// Where the tangents from both sides meet.
        var location: Double {
            let difference = low.slope - high.slope
            let x = (high.loss - low.loss + low.slope * low.gamma - high.slope * high.gamma) / difference
            return min(max(x, low.gamma), high.gamma)
        }
        var size: Double {
            let smooth = (abs(low.curvature ?? 0) + abs(high.curvature ?? 0)) / 2 * (high.gamma - low.gamma)
            return low.slope - high.slope - (low.curvature == nil ? 0 : smooth)
        }
    }

    /// Jumps below this are not looked for.
    static let smallest = 0.004
    private static let narrowest = 3e-5
    private static let pointLimit = 4000
    private static let stepLimit = 4000

    private let net: SampledNet
    private let numbers: RandomSequence
    private let trainer = LaneTrainer()
    private var pool: [Minimum] = []
    private var states: [Double: State] = [:]
    private let zeroLoss: Double
    /// Whether the last confirmation found nothing lower.
    private(set) var isSure = true

    init(_ net: SampledNet, range: ClosedRange<Double>, seed: UInt64) {
        self.net = net
        numbers = RandomSequence(seed: seed)
        zeroLoss = net.data.targets.reduce(0) { $0 + $1 * $1 } / Double(net.data.count)
        let ratio = range.upperBound / range.lowerBound
        let grid = (0...32).map { range.lowerBound * pow(ratio, Double($0) / 32) }
        for gamma in grid { learn(at: gamma, cold: 32) }
        if net.shape.activation.isSmooth { follow(grid) }
        for gamma in grid { learn(at: gamma, cold: 0) }
        refine()
    }

    /// By rising γ.
    var jumps: [Jump] { jumps(above: Self.smallest) }

    /// Whether F′ jumps by as much within an interval.
    func hasJump(of size: Double, in low: Double, _ high: Double) -> Bool {
        for gamma in [low, high] { learn(at: gamma, cold: 64) }
        refine(low...high, size)
        return jumps(above: size).contains { low <= $0.location && $0.location <= high }
    }

    private func jumps(above size: Double) -> [Jump] {
        intervals.filter { a, b in b.gamma - a.gamma <= Self.narrowest * b.gamma }
            .map { Jump(low: $0, high: $1) }.filter { $0.size > size }
    }

    /// 128 starts around each place, half of them a little below, until they find nothing new.
    func confirm(_ places: [Double]) {
        for _ in 0..<3 {
            isSure = true
            for place in Set(places + jumps.map(\.location)) {
                for gamma in [place * (1 - 1e-3), place * (1 + 1e-3)] {
                    let before = state(at: gamma).loss
                    learn(at: gamma, cold: 64)
                    if state(at: gamma).loss < before - 1e-8 * zeroLoss { isSure = false }
                }
            }
            refine()
            if isSure { return }
        }
    }

    /// The lowest state at a γ, from the pool.
    func state(at gamma: Double) -> State {
        if states[gamma] == nil { learn(at: gamma, cold: 0) }
        return states[gamma]!
    }

    /// Whether F″ jumps somewhere in an interval while F′ does not: a difference that does not shrink with the distance.
    func hasKink(in low: Double, _ high: Double) -> Bool {
        func difference(_ h: Double) -> Double {
            let s = [low - 2 * h, low - h, high + h, high + 2 * h].map { state(at: $0).slope }
            return abs((s[1] - s[0]) / h - (s[3] - s[2]) / h)
        }
        let h = max(2e-3 * low, high - low)
        let (far, near) = (difference(h), difference(h / 4))
        return near > 0.5 * far && near > 1e-3
    }

    // MARK: - Minima

    private var intervals: [(State, State)] {
        let sorted = states.values.sorted { $0.gamma < $1.gamma }
        return Array(zip(sorted, sorted.dropFirst()))
    }

    private func bound(_ minimum: Minimum, _ gamma: Double) -> Double { minimum.dataLoss + gamma * minimum.squaredNorm }

    /// The eight lowest at a γ that are not copies of each other.
    private func nearest(_ gamma: Double) -> [Minimum] {
        let bounds = pool.map { bound($0, gamma) }
        guard let lowest = bounds.min() else { return [] }
        // Copies of the lowest ones stand close together; sorting a part is enough.
        var reach = 1e-6 * zeroLoss
        var chosen: [Minimum] = []
        while true {
            chosen = []
            let near = pool.indices.filter { bounds[$0] <= lowest + reach }
                .sorted { (bounds[$0], $0) < (bounds[$1], $1) }
            for i in near where chosen.count < 8 {
                let isNew = chosen.allSatisfy {
                    abs($0.squaredNorm - pool[i].squaredNorm) > 1e-4 * max($0.squaredNorm, 1e-3)
                }
                if isNew { chosen.append(pool[i]) }
            }
            if chosen.count == 8 || near.count == pool.count { return chosen }
            reach *= 10
        }
    }

    private func learn(at gamma: Double, cold: Int) {
        let gammas = Array(repeating: gamma, count: net.shape.depth + 1)
        var jobs = nearest(gamma).enumerated().map {
            TrainingJob(tag: $0.offset, net: net, gammas: gammas, initialWeights: $0.element.weights, start: .warm)
        }
        for _ in 0..<cold {
            jobs.append(
                TrainingJob(
                    tag: jobs.count, net: net, gammas: gammas, initialWeights: randomWeights(), start: .cold))
        }
        let found = trainer.minima(of: jobs).sorted { $0.key < $1.key }.map(\.value)
            .filter { $0.outcome.isDone && $0.squaredNorm > 1e-10 }.sorted { $0.loss < $1.loss }
        for minimum in found.prefix(4) where !pool.contains(where: { isCopy($0, of: minimum) }) { pool.append(minimum) }
        var state = states[gamma] ?? State(gamma: gamma, loss: zeroLoss, slope: 0, curvature: 0)
        if let lowest = found.first, lowest.loss < state.loss - 1e-13 {
            state = State(
                gamma: gamma, loss: lowest.loss, slope: lowest.lossSlope, curvature: lowest.lossCurvature)
        }
        states[gamma] = state
    }

    private func isCopy(_ a: Minimum, of b: Minimum) -> Bool {
        abs(a.dataLoss - b.dataLoss) < 1e-10 && abs(a.squaredNorm - b.squaredNorm) < 1e-9 * max(1, b.squaredNorm)
    }

    private func randomWeights() -> [Double] {
        let scale = exp(log(0.3) + numbers.uniform() * log(20))
        return zip(net.shape.allWidths, net.shape.allWidths.dropFirst()).flatMap { columns, rows in
            (0..<rows * columns).map { _ in scale * numbers.normal() / Double(columns).squareRoot() }
        }
    }

    /// Followed branches: round their folds, and from where minima are lost.
    private func follow(_ grid: [Double]) {
        guard let start = nearest(grid[0]).first else { return }
        let layers = net.shape.depth + 1
        var settings = BranchFollower.Settings()
        settings.maximumSteps = 600
        let follower = BranchFollower(net: net, range: grid[0]...grid[grid.count - 1], settings: settings) {
            Array(repeating: $0, count: layers)
        }
        let stops = grid.enumerated().filter { $0.offset % 4 == 0 }.map(\.element)
        var steps = 0
        let isCancelled = {
            steps += 1
            return steps > Self.stepLimit
        }
        let training = { (loss: BranchLoss) -> [[Double]] in
            let weights = loss.weights.map { [$0] } ?? self.nearest(loss.control).prefix(3).map(\.weights)
            return self.minima(from: weights, at: loss.control).map(\.weights)
        }
        let paths = follower.followAll(
            from: start.weights, at: grid[0], stops: stops, isSwitching: false, isCancelled: isCancelled,
            training: training)
        let points = paths.flatMap(\.points).filter { $0.isStable && $0.squaredNorm > 1e-10 }
        let gammas = Set(points.map(\.control)).sorted()
        for gamma in gammas {
            let weights = points.filter { $0.control == gamma }.map(\.weights)
            for minimum in minima(from: weights, at: gamma) where !pool.contains(where: { isCopy($0, of: minimum) }) {
                pool.append(minimum)
            }
        }
    }

    /// What warm starts lead to, the zero net left out.
    private func minima(from weights: [[Double]], at gamma: Double) -> [Minimum] {
        let gammas = Array(repeating: gamma, count: net.shape.depth + 1)
        let jobs = weights.enumerated().map {
            TrainingJob(tag: $0.offset, net: net, gammas: gammas, initialWeights: $0.element, start: .warm)
        }
        return trainer.minima(of: jobs).sorted { $0.key < $1.key }.map(\.value)
            .filter { $0.outcome.isDone && $0.squaredNorm > 1e-10 }
    }

    // MARK: - Intervals

    private func refine(_ range: ClosedRange<Double>? = nil, _ smallest: Double = smallest) {
        while states.count < Self.pointLimit {
            // What one place has learnt may be lower at others.
            for state in states.values.sorted(by: { $0.gamma < $1.gamma }) {
                let lowest = pool.reduce(zeroLoss) { min($0, bound($1, state.gamma)) }
                if lowest < state.loss - 1e-11 { learn(at: state.gamma, cold: 0) }
            }
            let all = intervals
            let open = all.indices.filter { i in
                let (a, b) = all[i]
                let isInside = range.map { a.gamma >= $0.lowerBound && b.gamma <= $0.upperBound } ?? true
                let neighbours = [i - 1, i + 1].filter(all.indices.contains).map { all[$0] }
                return isInside && isOpen(a, b, besides: neighbours, smallest)
            }
            if open.isEmpty { return }
            for (a, b) in open.map({ all[$0] }) { learn(at: (a.gamma * b.gamma).squareRoot(), cold: 0) }
        }
        isSure = false
    }

    /// - Parameter neighbours: on kinked losses, which have no F″, F′ of a smooth stretch falls as fast as beside it.
    private func isOpen(_ a: State, _ b: State, besides neighbours: [(State, State)], _ smallest: Double) -> Bool {
        let h = b.gamma - a.gamma
        guard h > Self.narrowest * b.gamma, abs(a.slope - b.slope) > smallest else { return false }
        guard let p = a.curvature, let q = b.curvature else {
            let rates = neighbours.map { ($0.slope - $1.slope) / ($1.gamma - $0.gamma) }
            return h > 0.01 * b.gamma || a.slope - b.slope - 1.5 * h * (rates.max() ?? 0) > smallest / 2
        }
        let first = b.slope - a.slope - h * (p + q) / 2
        let second = b.loss - a.loss - h * (a.slope + b.slope) / 2 - h * h * (p - q) / 12
        return max(abs(first), 2 * abs(second) / h) > smallest / 2
    }
}
