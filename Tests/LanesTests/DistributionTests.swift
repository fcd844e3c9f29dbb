import Foundation
import Lanes
import Testing

/// Kolmogorov–Smirnov distance of a sorted sample from a distribution function, times √n.
private func distance(_ sorted: [Double], _ cumulative: (Double) -> Double) -> Double {
    let n = Double(sorted.count)
    return sorted.enumerated().map { i, x in
        max(abs(cumulative(x) - Double(i) / n), abs(Double(i + 1) / n - cumulative(x)))
    }.max()! * n.squareRoot()
}

@Test func uniformsFillTheOpenUnitInterval() {
    var stream = RandomStream(seed: 1, key: 1, purpose: .noise)
    let sample = (0..<200_000).map { _ in stream.uniform() }.sorted()
    #expect(sample.first! > 0 && sample.last! < 1)
    // Exceeded by chance once in a thousand keys.
    #expect(distance(sample) { $0 } < 1.95)
}

@Test func normalsHaveTheMomentsAndTheShapeOfTheNormalDistribution() {
    var stream = RandomStream(seed: 1, key: 2, purpose: .noise)
    let n = 400_000
    let sample = stream.normals(n)
    func moment(_ k: Int) -> Double { sample.reduce(0) { $0 + pow($1, Double(k)) } / Double(n) }
    // Four standard errors: √(Var xᵏ / n).
    let error = 4 / Double(n).squareRoot()
    #expect(abs(moment(1)) < error)
    #expect(abs(moment(2) - 1) < error * 2.0.squareRoot())
    #expect(abs(moment(3)) < error * 15.0.squareRoot())
    #expect(abs(moment(4) - 3) < error * 96.0.squareRoot())
    #expect(distance(sample.sorted()) { 0.5 * erfc(-$0 / 2.0.squareRoot()) } < 1.95)
}

@Test(arguments: [2.0, 3, 4])
func normalTailsAreAsHeavyAsTheyShouldBe(threshold: Double) {
    var stream = RandomStream(seed: 9, key: 3, purpose: .noise)
    let n = 1_000_000
    let beyond = (0..<n).reduce(0) { count, _ in count + (abs(stream.normal()) > threshold ? 1 : 0) }
    let expected = Double(n) * erfc(threshold / 2.0.squareRoot())
    #expect(abs(Double(beyond) - expected) < 4 * expected.squareRoot())
}

@Test func neighbouringNormalsAreUncorrelated() {
    var stream = RandomStream(seed: 4, key: 4, purpose: .noise)
    let n = 400_000
    let sample = stream.normals(n + 5)
    for lag in 1...5 {
        let sum = (0..<n).reduce(0.0) { $0 + sample[$1] * sample[$1 + lag] }
        #expect(abs(sum) < 4 * Double(n).squareRoot())
    }
}

@Test func normalQuantileInvertsTheDistributionFunction() {
    for exponent in stride(from: -16.0, through: -0.31, by: 0.05) {
        let p = pow(10, exponent)
        let x = normalQuantile(p)
        #expect(abs(0.5 * erfc(-x / 2.0.squareRoot()) / p - 1) < 2e-13)
        if p > 1e-3 { #expect(abs(normalQuantile(1 - p) + x) < 1e-12) }
    }
    #expect(normalQuantile(0.5) == 0)
    #expect(normalQuantile(0) == -.infinity && normalQuantile(1) == .infinity)
    #expect(normalQuantile(-0.1).isNaN && normalQuantile(.nan).isNaN)
}

@Test func integersBelowABoundAreUnbiased() {
    var stream = RandomStream(seed: 5, key: 5, purpose: .batches)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[stream.integer(below: 7)] += 1 }
    for count in counts { #expect(abs(count - 10_000) < 400) }
}
