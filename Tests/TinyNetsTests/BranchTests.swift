import Foundation
import Lanes
import PhaseSpace
import Testing
import TinyNets

@Suite struct BranchTests {
    private func path(
        depth: Int, width: Int, a: Double = 1.3, q: Double = 0.8, noise: Double, range: ClosedRange<Double>,
        stops: [Double] = []
    ) throws -> BranchPath {
        let shape = DeepLinearShape(inputs: 3, widths: Array(repeating: width, count: depth))
        let problem = { (gamma: Double) in
            isotropicProblem(inputs: 3, depth: depth, a: a, q: q, gamma: gamma, noise: noise)
        }
        let minimum = try #require(lowestMinimum(shape, problem(range.lowerBound)))
        return BranchFollower(shape: shape, range: range, problem: problem)
            .follow(from: minimum.weights, at: range.lowerBound, stops: stops)
    }

    /// γ*, spinodal and barrier in closed form.
    private func exact(depth: Int, alpha: Double, q: Double) -> (critical: Double, spinodal: Double) {
        let d = Double(depth)
        let (p, r) = (d / (d + 1), (d - 1) / (d + 1))
        return (
            pow(q / (d * d), p) * pow((d - 1) / alpha, r),
            pow(q * (d + 1) * (d + 1) / (4 * d * d), p) * pow((d - 1) / ((d + 1) * alpha), r)
        )
    }

    @Test(arguments: [2, 3, 4], [0, 0.7]) func foldAndMaxwellPointAreThoseOfTheClosedForm(
        depth: Int, noise: Double
    ) throws {
        let path = try path(depth: depth, width: 4, noise: noise, range: 0.04...1)
        #expect(path.end == .rangeEnd)
        let exact = exact(depth: depth, alpha: 1.3 * pow(1 + noise / 4, Double(depth)), q: 0.8)
        let maxwell = try #require(path.events(.maxwell).first)
        let fold = try #require(path.events(.fold).first)
        #expect(path.events(.maxwell).count == 1 && path.events(.fold).count == 1)
        for (point, expected) in [(maxwell, exact.critical), (fold, exact.spinodal)] {
            let uncertainty = try #require(point.uncertainty)
            #expect(uncertainty <= 1e-10 * expected)
            #expect(abs(point.control - expected) <= 3 * uncertainty)
        }
        let ratio = Double(depth + 1) / pow(4, Double(depth) / Double(depth + 1))
        #expect(abs(fold.control / maxwell.control / ratio - 1) < 1e-11)
        let barrier = try #require(path.events(.barrier).first)
        #expect(!barrier.isStable && barrier.loss > maxwell.loss && barrier.arcLength > fold.arcLength)
    }

    /// Two input directions of variance 1 and 1/κ, just beyond the critical end point κ = 50.94: the two folds lie within
    /// one part in ten thousand of γ.
    @Test func facingFoldsBesideACriticalEndPointAreFound() throws {
        func path(_ kappa: Double) throws -> BranchPath {
            let shape = DeepLinearShape(inputs: 2, widths: [3, 3])
            let moments = DataMoments(
                inputs: 2, inputSecondMoment: [1, 0, 0, 1 / kappa], crossMoment: [1, 0.3],
                targetSecondMoment: 1 + 0.09 * kappa)
            let problem = { (gamma: Double) in
                DeepLinearProblem(moments: moments, gammas: [gamma, gamma, gamma], noises: [0, 0])
            }
            let minimum = try #require(lowestMinimum(shape, problem(0.2)))
            return BranchFollower(shape: shape, range: 0.2...0.6, problem: problem)
                .follow(from: minimum.weights, at: 0.2)
        }
        let beyond = try path(51)
        #expect(beyond.events(.fold).count == 3)
        #expect(beyond.events(.maxwell).contains { abs($0.control - 0.3700159) < 1e-6 })
        let before = try path(50.9)
        #expect(before.events(.fold).count == 1 && before.events(.maxwell).count == 1)
    }

    @Test(arguments: [0, 0.5]) func oneHiddenLayerMeetsTheZeroNetWhereTheyCorrelate(noise: Double) throws {
        let path = try path(depth: 1, width: 4, noise: noise, range: 0.3...1.5)
        #expect(path.end == .zeroNet)
        #expect(path.events(.fold).isEmpty && path.events(.maxwell).isEmpty)
        let meeting = try #require(path.events(.branchPoint).first)
        #expect(abs(meeting.control - 0.8.squareRoot()) <= 3 * meeting.uncertainty!)
        // F″ drops by 2 q / (κ gᵀAg).
        let slope = try #require(path.normSlopeAtZeroNet)
        #expect(abs(slope + 2 * 1 / (1.3 * (1 + noise / 4))) < 1e-3)
        #expect(path.points.allSatisfy { $0.isStable })
    }

    @Test func withoutHiddenLayersTheBranchHasNoEnd() throws {
        let path = try path(depth: 0, width: 1, noise: 0, range: 0.1...3)
        #expect(path.end == .rangeEnd)
        #expect(path.points.last?.control == 3)
        #expect(path.points.allSatisfy { $0.isStable && $0.event == nil })
        let g = 0.8.squareRoot()
        for point in path.points {
            let exact = 1.5 * 0.8 / 1.3 - g * g / (1.3 + point.control)
            #expect(abs(point.loss - exact) < 1e-13)
        }
    }

    @Test func slopesAndCurvaturesAreThoseOfTheLossAlongTheBranch() throws {
        let stops = (0..<9).map { 0.2 + 1e-3 * Double($0) }
        let path = try path(depth: 2, width: 3, noise: 0.4, range: 0.1...0.3, stops: stops)
        let points = try stops.map { try #require(path.atStops[$0]?.first) }
        for k in 1..<8 {
            let difference = (points[k + 1].loss - points[k - 1].loss) / 2e-3
            #expect(abs(points[k].slope - difference) < 1e-5)
            #expect(abs(points[k].slope / points[k].squaredNorm - 1) < 1e-12)
            let second = (points[k + 1].slope - points[k - 1].slope) / 2e-3
            #expect(abs(points[k].curvature! - second) < 1e-4)
            #expect(points[k].control == stops[k])
        }
    }

    @Test func neuronNoiseIsAControlToo() throws {
        // Without noise hidden layers may be turned at will, with noise not: the branch begins at some noise.
        // At depth 2 noise lowers γ*: at fixed γ the ordered branch ends at the κ where its spinodal is γ.
        let shape = DeepLinearShape(inputs: 2, widths: [4, 4])
        let problem = { (noise: Double) in
            isotropicProblem(inputs: 2, depth: 2, a: 1, q: 1, gamma: 0.3, noise: noise)
        }
        let minimum = try #require(lowestMinimum(shape, problem(0.2)))
        let path = BranchFollower(shape: shape, range: 0.2...6, problem: problem).follow(from: minimum.weights, at: 0.2)
        let fold = try #require(path.events(.fold).first)
        // γ_sp = (9q/16)^{2/3} (1/(3α))^{1/3} with α = (1 + σ²/4)².
        let alpha = 81.0 / 256 / (3 * 0.3 * 0.3 * 0.3)
        #expect(abs(fold.control - 4 * (alpha.squareRoot() - 1)) < 1e-8)
    }

    @Test func tanhNetsHaveTheirSpinodalToo() throws {
        var stream = RandomStream(seed: 5, key: 1, purpose: .data)
        let (n, d) = (60, 3)
        let features = stream.normals(n * d)
        let targets = (0..<n).map { 0.9 * features[$0 * d] - 0.4 * features[$0 * d + 1] + 0.1 * stream.normal() }
        let shape = try SampledNetShape(inputs: d, widths: [5, 5], activation: .tanh)
        let net = SampledNet(
            shape: shape, data: SampledData(inputs: d, features: features, targets: targets))
        func job(_ gamma: Double, _ weights: [Double], _ start: TrainingJob.Start, tag: Int = 0) -> TrainingJob {
            TrainingJob(
                tag: tag, net: net, gammas: [gamma, gamma, gamma], initialWeights: weights, start: start)
        }
        let cold = JobList((0..<8).map { job(0.15, randomWeights(shape, seed: UInt64($0)), .cold, tag: $0) })
        LaneTrainer().run(queue: cold)
        let best = try #require(cold.minima.values.filter { $0.outcome.isDone }.min { $0.loss < $1.loss })
        let path = BranchFollower(net: net, range: 0.15...1) { [$0, $0, $0] }.follow(from: best.weights, at: 0.15)
        let fold = try #require(path.events(.fold).first)
        let maxwell = try #require(path.events(.maxwell).first)
        #expect(fold.control > maxwell.control)
        #expect(abs(maxwell.loss - net.moments.targetSecondMoment) < 1e-13)
        // Training from the branch's own weights stays below the fold and falls to the zero net above it.
        for (factor, isOrdered) in [(0.999, true), (1.001, false)] {
            let list = JobList([job(factor * fold.control, fold.weights, .warm)])
            LaneTrainer().run(queue: list)
            #expect(list.minima[0]!.outcome == .converged)
            #expect((list.minima[0]!.squaredNorm > 0.1) == isOrdered, "\(factor)")
        }
    }

    @Test func aStartThatIsNoStationaryPointIsRefused() {
        let shape = DeepLinearShape(inputs: 2, widths: [3, 3])
        let path = BranchFollower(shape: shape, range: 0.1...1) { gamma in
            isotropicProblem(inputs: 2, depth: 2, a: 1, q: 1, gamma: gamma, noise: 0)
        }.follow(from: Array(repeating: .nan, count: shape.weightCount), at: 0.1)
        guard case .lost = path.end else {
            Issue.record("the branch ends by \(path.end)")
            return
        }
        #expect(path.points.isEmpty)
    }
}
