import Foundation
import GSLNumerics
import Testing

@Suite struct SobolTests {
    /// All points of a scramble, one column per dimension.
    private func columns(dimension: Int, bits: Int, seed: UInt64) -> [[Double]] {
        var generator = SplitMix(state: seed)
        let sobol = ScrambledSobol(dimension: dimension, bits: bits, using: &generator)
        return (0..<dimension).map { j in
            var column = [Double](repeating: 0, count: sobol.count)
            column.withUnsafeMutableBufferPointer { buffer in
                // In two parts, so that a start in the middle is tried too.
                let middle = sobol.count / 3
                sobol.fill(UnsafeMutableBufferPointer(rebasing: buffer[..<middle]), dimension: j, from: 0)
                sobol.fill(UnsafeMutableBufferPointer(rebasing: buffer[middle...]), dimension: j, from: middle)
            }
            return column
        }
    }

    @Test func everyDimensionHasOnePointInEachIntervalOfEqualLength() {
        for (j, column) in columns(dimension: 90, bits: 8, seed: 1).enumerated() {
            #expect(Set(column.map { Int($0 * 256) }).count == 256, "dimension \(j + 1)")
        }
    }

    @Test func theFirstTwoDimensionsFillEveryElementaryBox() {
        let points = columns(dimension: 2, bits: 8, seed: 2)
        for split in 0...8 {
            let boxes = zip(points[0], points[1]).map { x, y in
                [Int(x * Double(1 << split)), Int(y * Double(1 << (8 - split)))]
            }
            #expect(Set(boxes).count == 256, "2^-\(split) by 2^-\(8 - split)")
        }
    }

    @Test func aProductOverManyDimensionsIsIntegratedBetterThanByChance() {
        func estimates(_ dimension: Int) -> [Double] {
            (0..<16).map { seed in
                let points = columns(dimension: dimension, bits: 12, seed: UInt64(100 + seed))
                var sum = 0.0
                for i in points[0].indices {
                    var product = 1.0
                    for j in 0..<dimension { product *= 1 + (points[j][i] - 0.5) / Double(j + 1) }
                    sum += product
                }
                return sum / Double(points[0].count)
            }
        }
        for dimension in [5, 40, 60] {
            let values = estimates(dimension)
            let mean = values.reduce(0, +) / 16
            let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 15).squareRoot()
            #expect(abs(mean - 1) < 5 * deviation / 4)
            // Random points: variance Π(1 + 1/(12 j²)) − 1 ≈ 0.145.
            #expect(deviation < 0.2 * (0.145 / 4096).squareRoot(), "\(dimension) dimensions: \(deviation)")
        }
    }

    @Test func gaussLegendreIntegratesPolynomialsExactly() throws {
        let rule = try gaussLegendre(order: 5)
        for power in 0...9 {
            let sum = zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(power)) }
            #expect(abs(sum - (power % 2 == 0 ? 2 / Double(power + 1) : 0)) < 1e-14)
        }
    }
}

private struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
