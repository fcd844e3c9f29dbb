import PhaseSpace
import Testing
import TinyNets

/// Branches beyond the ends of others.
@Suite struct BranchFallTests {
    /// One tanh unit per sign of a bump and samples with no symmetry: several minima that exchange their ranks.
    private static let net: SampledNet = {
        let inputs = (0..<40).map { -2 + 4 * Double($0) / 39 }
        let targets = inputs.map { x in x > 0 ? 0.9 * x - 0.5 * x * x : 0.4 * x + 0.3 * x * x * x / 4 }
        return SampledNet(
            shape: try! SampledNetShape(inputs: 1, widths: [3], outputs: 1, activation: .tanh, hasBiases: true),
            data: SampledData(inputs: 1, outputs: 1, features: inputs, targets: targets))
    }()
    private static let range = 0.004...0.3
    private static let stops = [0.01, 0.03, 0.06, 0.1]

    private static func starts(_ gamma: Double, count: Int) -> [TrainingJob] {
        (0..<count).map { start in
            TrainingJob(
                tag: start, net: net, gammas: [gamma, gamma],
                initialWeights: randomWeights(net.shape, seed: UInt64(start + 1), scale: 0.4 + 0.1 * Double(start)),
                start: .cold)
        }
    }

    private static func lowest(_ gamma: Double, count: Int = 24) -> Minimum? {
        LaneTrainer().minima(of: starts(gamma, count: count)).values.filter { $0.outcome.isDone }
            .min { $0.loss < $1.loss }
    }

    /// The paths, with the controls at which training was asked for.
    private static func diagram() throws -> (paths: [BranchPath], falls: [(control: Double, isLowest: Bool)]) {
        let first = try #require(lowest(range.lowerBound))
        var falls: [(Double, Bool)] = []
        func train(_ loss: BranchLoss) -> [[Double]] {
            let control = loss.control
            let job = loss.weights.map { weights in
                TrainingJob(tag: 0, net: net, gammas: [control, control], initialWeights: weights, start: .warm)
            }
            if job != nil { falls.append((control, loss.isLowest)) }
            let fallen = job.flatMap { LaneTrainer().minima(of: [$0])[0] }
            let found = [fallen, loss.isLowest ? lowest(control) : nil]
            return found.compactMap { $0 }.filter { $0.outcome.isDone }.map(\.weights)
        }
        let paths = BranchFollower(net: net, range: range) { [$0, $0] }.followAll(
            from: first.weights, at: range.lowerBound, stops: stops, isSwitching: false, training: train)
        return (paths, falls)
    }

    @Test func fallsBeginBeyondFoldsAndReachWhatColdStartsReach() throws {
        let (paths, falls) = try Self.diagram()
        let folds = paths.flatMap { $0.events(.fold) }
        try #require(paths.count > 1 && !falls.isEmpty)
        for fall in falls where fall.isLowest {
            #expect(folds.contains { $0.control < fall.control && fall.control < 1.002 * $0.control })
        }
        for stop in Self.stops {
            let stable = paths.flatMap { $0.atStops[stop] ?? [] }.filter(\.isStable).map(\.loss)
            let cold = try #require(Self.lowest(stop)?.loss)
            #expect(abs((stable.min() ?? .infinity) - cold) < 1e-9, "\(stop)")
        }
    }

    @Test func coldMinimaChangeBranchesAtThePointsOfEqualLoss() throws {
        let points = try Self.diagram().paths.flatMap { $0.events(.maxwell) }
        var count = 0
        for (control, pair) in Dictionary(grouping: points, by: \.control) {
            try #require(pair.count == 2)
            #expect(abs(pair[0].loss - pair[1].loss) < 1e-12)
            #expect(pair.allSatisfy { $0.isStable && $0.uncertainty! < 1e-9 })
            let below = try #require(Self.lowest(control * 0.9999))
            let above = try #require(Self.lowest(control * 1.0001))
            // Where a third branch is lower, cold minima do not show it.
            guard abs(below.loss - pair[0].loss) < 1e-3 * control else { continue }
            count += 1
            let norms = pair.map(\.squaredNorm).sorted()
            #expect(abs(below.squaredNorm - norms[1]) < 0.05 * (norms[1] - norms[0]))
            #expect(abs(above.squaredNorm - norms[0]) < 0.05 * (norms[1] - norms[0]))
        }
        #expect(count == 2)
    }

    @Test func withoutTrainingThereIsTheFirstBranchAlone() throws {
        let first = try #require(Self.lowest(Self.range.lowerBound))
        let follower = BranchFollower(net: Self.net, range: Self.range) { [$0, $0] }
        let one = follower.follow(from: first.weights, at: Self.range.lowerBound)
        let all = follower.followAll(from: first.weights, at: Self.range.lowerBound, isSwitching: false)
        #expect(all.count == 1)
        #expect(all[0].points.map(\.control).prefix(10) == one.points.map(\.control).prefix(10))
    }
}
