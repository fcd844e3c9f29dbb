import Lanes
import Testing

@Suite struct NormalFillTests {
    @Test(arguments: [0, 1, 2, 7, 8, 1000, 4097], [UInt64(0), 1, 2, 5])
    func aFilledBufferHoldsTheDeviatesThatAreDrawnOneByOne(_ count: Int, _ start: UInt64) {
        var one = RandomStream(seed: 3, key: 5, purpose: .noise, substream: 7, index: start)
        var other = one
        var buffer = [Double](repeating: 0, count: count)
        buffer.withUnsafeMutableBufferPointer { one.fillNormals($0) }
        #expect(buffer == other.normals(count))
        #expect(one.index == other.index && one.next() == other.next())
    }

    @Test func quantilesOfManyAreThoseOfOne() {
        let exponents = (1...1000).map { -Double($0) / 70 }
        let low = exponents.map { exponential($0 * 2.5) / 2 }
        let all = low + low.map { 1 - $0 }.filter { $0 < 1 } + (1..<1000).map { Double($0) / 1000 }
        var values = all
        values.withUnsafeMutableBufferPointer { replaceByNormalQuantiles($0) }
        #expect(values == all.map { normalQuantile($0) })
    }

    @Test(arguments: [1, 2, 3, 10, 1000]) func chiHasTheMomentsOfALength(_ n: Int) {
        var stream = RandomStream(seed: 1, key: UInt64(n), purpose: .data)
        let squares = (0..<20_000).map { _ in
            let x = stream.chi(n)
            return x * x
        }
        let mean = squares.reduce(0, +) / 20_000
        let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
        // Mean n and variance 2n; the variance of squares scatters by about (2 + 12/n)^½ over √N.
        #expect(abs(mean - Double(n)) < 5 * (2 * Double(n) / 20_000).squareRoot())
        #expect(abs(variance / (2 * Double(n)) - 1) < 0.13)
    }
}
