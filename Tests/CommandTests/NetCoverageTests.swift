import Foundation
import Testing
import TinyNets

/// Verdicts on trained nets against the nets' lowest loss: a few of the nets that the benchmark `Coverage nets` draws.
@Suite struct NetCoverageTests {
    /// Loss 1 − 2u + u² + 3γ u^(2/3) of the product u of the weights: at γ = 2^(−4/3) the minimum at u = ½ is level with
    /// the zero net, and Σ‖W‖² = 3 u^(2/3) drops to 0.
    @Test func lowestLossKnowsTheJumpOfADeepLinearNet() throws {
        let shape = try SampledNetShape(inputs: 1, widths: [3, 3], activation: .linear)
        let net = SampledNet(shape: shape, data: SampledData(inputs: 1, features: [1, -1], targets: [1, -1]))
        let lowest = LowestLoss(net, range: 0.02...1.5, seed: 1)
        lowest.confirm([])
        #expect(lowest.isSure)
        let jump = try #require(lowest.jumps.first)
        #expect(lowest.jumps.count == 1)
        #expect(abs(jump.location - pow(2, -4.0 / 3)) < 1e-6)
        #expect(abs(jump.size - 3 * pow(2, -2.0 / 3)) < 1e-3)
        #expect(!lowest.hasJump(of: 0.001, in: 0.1, 0.2))
    }

    /// - Parameter found: jumps of F′ above 0.05 that the net has.
    @Test(arguments: [(0, 1), (2, 1), (6, 0)])
    func transitionsAreNeitherMissedNorInvented(_ number: Int, _ found: Int) throws {
        let landau = try Landau()
        defer { landau.remove() }
        let count = try NetCoverage(of: Landau.executable, in: landau.folder).measure(RandomNet(number: number))
        #expect(count.setAside == 0 && count.jumps[0].found == found, "\(count.remarks)")
        #expect(count.jumps[1].wrong == 0 && count.jumps[1].missed == 0, "\(count.remarks)")
        #expect(count.invented == 0, "\(count.remarks)")
        #expect(count.claims > 0)
    }
}
