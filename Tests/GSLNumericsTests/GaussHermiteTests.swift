import GSLNumerics
import Testing

@Suite struct GaussHermiteTests {
    @Test(arguments: [1, 2, 3, 8, 24, 60, 200]) func rulesAverageThePowersOfANormalNumber(_ order: Int) throws {
        let rule = try gaussHermite(order: order)
        #expect(rule.nodes.count == order && rule.weights.allSatisfy { $0 >= 0 && $0.isFinite })
        // E x²ᵏ = (2k − 1)!!
        var moment = 1.0
        for k in 0..<min(order, 12) {
            if k > 0 { moment *= Double(2 * k - 1) }
            var sum = 0.0
            for (x, weight) in zip(rule.nodes, rule.weights) {
                var power = weight
                for _ in 0..<2 * k { power *= x }
                sum += power
            }
            #expect(abs(sum / moment - 1) < 1e-12, "order \(order), power \(2 * k): \(sum), not \(moment)")
        }
    }

    @Test func rulesAreSymmetricToTheBit() throws {
        let rule = try gaussHermite(order: 25)
        #expect(rule.nodes == rule.nodes.reversed().map { -$0 } && rule.weights == rule.weights.reversed())
    }
}
