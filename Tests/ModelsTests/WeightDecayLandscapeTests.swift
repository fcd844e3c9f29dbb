import Foundation
import Models
import OrderedCollections
import PhaseSpace
import Testing

/// The ridge path against a plain search of the effective landscape, which knows nothing of it.
@Suite struct WeightDecayLandscapeTests {
    struct Problem: Sendable, CustomTestStringConvertible {
        let depth: Int
        let a: [Double]
        let g: [Double]
        let gamma: Double
        var testDescription: String { "D \(depth) a \(a) g \(g) γ \(gamma)" }

        var target: Double { 1.1 * zip(a, g).reduce(0) { $0 + $1.1 * $1.1 / $1.0 } }

        /// Lowest loss over 40,000 layer norms, refined by golden sections, the trivial phase included.
        func lowestLoss() -> Double {
            func loss(_ logNorm: Double) -> Double {
                let t = exp(logNorm)
                let power = exp(Double(depth) * logNorm)
                return target + Double(depth) * gamma * t
                    - zip(a, g).reduce(0) { $0 + $1.1 * $1.1 * power / ($1.0 * power + gamma) }
            }
            let grid = (0...40_000).map { -30 + 45 * Double($0) / 40_000 }
            let values = grid.map(loss)
            var lowest = target
            for i in 1..<grid.count - 1 where values[i] <= values[i - 1] && values[i] <= values[i + 1] {
                var (low, high) = (grid[i - 1], grid[i + 1])
                while high - low > 1e-10 {
                    let (p, q) = (low + 0.382 * (high - low), low + 0.618 * (high - low))
                    if loss(p) < loss(q) { high = q } else { low = p }
                }
                lowest = min(lowest, loss(low))
            }
            return lowest
        }
    }

    /// 200 problems over eight decades of condition number, from a fixed sequence.
    static let problems: [Problem] = {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func uniform() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) * 0x1p-53
        }
        return (0..<200).map { index in
            let modes = 1 + index % 5
            let a = (0..<modes).map { _ in pow(10, -6 + 8 * uniform()) }
            let g = a.map { $0.squareRoot() * (2 * uniform() - 1) }
            return Problem(depth: 1 + index % 9, a: a, g: g, gamma: pow(10, -5 + 5 * uniform()))
        }
    }()

    @Test(arguments: problems) func globalMinimumIsTheLowestOfTheLandscape(_ problem: Problem) throws {
        let answer = try WeightDecay.predict([
            "depth": .number(Double(problem.depth)), "gamma": .number(problem.gamma),
            "inputVariances": .numbers(problem.a), "correlations": .numbers(problem.g),
            "targetSecondMoment": .number(problem.target),
        ])
        let ours = try #require(answer["freeEnergy"]?.number)
        #expect(relativeDeviation(ours, problem.lowestLoss()) < 1e-11)
        // Minima and unstable points alternate between the origin and infinity.
        let minima = try #require(answer["minima"]?.list).count
        let unstable = try #require(answer["unstable"]?.list).count
        #expect(answer["originStable"] == .bool(problem.depth > 1 || minima == 0))
        #expect(minima == (problem.depth > 1 ? unstable : minima))
        // The transition is where the phase changes.
        if let critical = answer["transition"]?["gamma"]?.number, abs(critical / problem.gamma - 1) > 1e-9 {
            #expect(answer["phase"]?.text == (problem.gamma < critical ? "ordered" : "trivial"))
        }
    }
}
