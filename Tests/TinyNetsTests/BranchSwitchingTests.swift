import Foundation
import PhaseSpace
import Testing
import TinyNets

/// Bifurcation diagrams from one start.
@Suite struct BranchSwitchingTests {
    /// y_k = s_k x_k on inputs of variance 1: the modes of a linear net with one hidden layer decouple, each with weights
    /// √(s_k − γ) in both layers below γ = s_k and none above.
    private func diagram(modes: [Double], width: Int, range: ClosedRange<Double>) throws -> [BranchPath] {
        let d = modes.count
        var (features, targets): ([Double], [Double]) = ([], [])
        for k in 0..<d {
            for sign in [-1.0, 1] {
                let x = (0..<d).map { $0 == k ? sign * Double(d).squareRoot() : 0 }
                features += x
                targets += zip(modes, x).map { $0 * $1 }
            }
        }
        let net = SampledNet(
            shape: try SampledNetShape(inputs: d, widths: [width], outputs: d, activation: .linear),
            data: SampledData(inputs: d, outputs: d, features: features, targets: targets))
        let gamma = range.lowerBound
        var weights = [Double](repeating: 0, count: 2 * d * width)
        for k in 0..<d {
            let amplitude = (modes[k] - gamma).squareRoot()
            weights[k * d + k] = amplitude
            weights[d * width + k * width + k] = amplitude
        }
        return BranchFollower(net: net, range: range) { [$0, $0] }.followAll(from: weights, at: gamma)
    }

    /// Which modes a branch has, by Σ‖W‖² = 2 Σ (s_k − γ).
    private func members(_ path: BranchPath, of modes: [Double]) -> [Int]? {
        (0..<1 << modes.count).map { set in modes.indices.filter { set >> $0 & 1 == 1 } }.first { set in
            path.points.allSatisfy { point in
                let expected = set.reduce(0) { $0 + 2 * (modes[$1] - point.control) }
                return abs(point.squaredNorm - expected) < 1e-7
            }
        }
    }

    @Test(arguments: [[1, 0.7], [1, 0.75, 0.4]]) func everySetOfModesIsABranchWithTheStabilityOfItsOthers(
        modes: [Double]
    ) throws {
        let paths = try diagram(modes: modes, width: modes.count + 1, range: 0.1...1.3)
        var found: Set<[Int]> = []
        for path in paths {
            let set = try #require(members(path, of: modes))
            #expect(found.insert(set).inserted, "\(set) twice")
            let others = modes.indices.filter { !set.contains($0) }
            for point in path.points where point.event == nil {
                // At the threshold itself rounding decides.
                if modes.contains(where: { abs($0 - point.control) < 1e-9 }) { continue }
                // A mode that is missing below its threshold is an unstable direction.
                #expect(point.isStable == others.allSatisfy { modes[$0] < point.control }, "\(set) at \(point.control)")
            }
            for point in path.events(.branchPoint) {
                let nearest = modes.map { abs($0 - point.control) }.min()!
                let uncertainty = try #require(point.uncertainty)
                #expect(nearest <= uncertainty && uncertainty < 1e-8)
            }
        }
        #expect(found.count == 1 << modes.count)
    }

    @Test(arguments: [0, 0.5]) func theZeroNetLosesItsStabilityWhereTheOrderedBranchLeavesIt(noise: Double) throws {
        let shape = DeepLinearShape(inputs: 3, widths: [4])
        let problem = { (gamma: Double) in
            isotropicProblem(inputs: 3, depth: 1, a: 1.3, q: 0.8, gamma: gamma, noise: noise)
        }
        let minimum = try #require(lowestMinimum(shape, problem(0.3)))
        let stops = [0.5, 1.2]
        let paths = BranchFollower(shape: shape, range: 0.3...1.5, problem: problem)
            .followAll(from: minimum.weights, at: 0.3, stops: stops)
        let zero = try #require(paths.first { $0.points.allSatisfy { $0.squaredNorm == 0 } })
        let critical = 0.8.squareRoot()
        for point in zero.points where point.event == nil { #expect(point.isStable == (point.control > critical)) }
        let exchange = try #require(zero.events(.branchPoint).first)
        #expect(zero.events(.branchPoint).count == 1)
        #expect(abs(exchange.control - critical) <= exchange.uncertainty! && exchange.uncertainty! < 1e-8)
        #expect(zero.atStops[0.5]?.first?.isStable == false && zero.atStops[1.2]?.first?.isStable == true)
        // Without noise what leaves the zero net is the branch that has met it, its hidden layer turned. Noise lets the
        // number of units count: one alone has κ = 1 + σ², where four share 1 + σ²/4, and is no minimum.
        #expect(paths.count == (noise == 0 ? 2 : 3))
        if noise > 0 {
            let single = paths[2].points
            let near = try #require(single.dropFirst().first)
            let slope = near.squaredNorm / (critical - near.control)
            #expect(abs(slope - 2 / (1.3 * (1 + noise))) < 1e-2)
            #expect(single.allSatisfy { $0.event != nil || !$0.isStable })
        }
    }

    @Test func aNetWithoutBranchPointsHasOneBranch() throws {
        let shape = DeepLinearShape(inputs: 3, widths: [3, 3])
        let problem = { (gamma: Double) in
            isotropicProblem(inputs: 3, depth: 2, a: 1.3, q: 0.8, gamma: gamma, noise: 0.3)
        }
        let minimum = try #require(lowestMinimum(shape, problem(0.1)))
        let follower = BranchFollower(shape: shape, range: 0.1...0.9, problem: problem)
        let all = follower.followAll(from: minimum.weights, at: 0.1)
        let one = follower.follow(from: minimum.weights, at: 0.1)
        #expect(all.count == 1)
        #expect(all[0].points.map(\.control) == one.points.map(\.control))
        #expect(all[0].points.map(\.isStable) == one.points.map(\.isStable))
    }
}
