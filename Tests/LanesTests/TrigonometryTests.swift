import Foundation
import Lanes
import Testing

@Suite struct TrigonometryTests {
    /// Up to the largest double, dense about the multiples of π/2 of all sizes, where a poor reduction shows.
    private static let angles: [Double] = {
        let wide = spread(from: -20, to: 308, count: 40_000, key: 1) + spread(from: -3, to: 3, count: 40_000, key: 2)
        let near = (1..<20_000).flatMap { k -> [Double] in
            let x = Double(k) * Double.pi / 2
            return [x, x.nextUp, x.nextDown]
        }
        // The double that comes nearest to a multiple of π/2, and the largest of all.
        return wide + near + [0x1.6ac5b262ca1ffp849, Double.greatestFiniteMagnitude]
    }()

    @Test func sineAndCosineAreWithinOneUlp() {
        #expect(Self.angles.map { ulps(sine($0), Foundation.sin(Wide($0))) }.max()! < 1)
        #expect(Self.angles.map { ulps(cosine($0), Foundation.cos(Wide($0))) }.max()! < 1)
    }

    @Test func sineIsOddAndCosineEven() {
        for x in Self.angles { #expect(sine(-x) == -sine(x) && cosine(-x) == cosine(x)) }
        #expect(sine(-0.0).sign == .minus && sine(0) == 0 && cosine(0) == 1)
        for x in [Double.infinity, -.infinity, .nan] { #expect(sine(x).isNaN && cosine(x).isNaN) }
        #expect(sine(Double.leastNonzeroMagnitude) == Double.leastNonzeroMagnitude)
    }

    @Test func arctangentIsWithinTwoAndAHalfUlp() {
        let sizes = spread(from: -160, to: 160, count: 20_000, key: 3) + spread(from: -2, to: 2, count: 40_000, key: 4)
        let others = spread(from: -2, to: 2, count: sizes.count, key: 5)
        var worst = 0.0
        for (y, x) in zip(sizes, others) {
            worst = max(worst, ulps(arctangent(y, x), Foundation.atan2(Wide(y), Wide(x))))
            #expect(arctangent(-y, x) == -arctangent(y, x))
        }
        #expect(worst < 2.5)
    }

    @Test func arctangentKnowsTheSignsOfZerosAndInfinities() {
        let values = [0.0, -0.0, 1, -1, .infinity, -.infinity, 1e-310, .greatestFiniteMagnitude]
        for y in values {
            for x in values {
                let (ours, exact) = (arctangent(y, x), Foundation.atan2(y, x))
                #expect(abs(ours - exact) <= 2 * exact.ulp && ours.sign == exact.sign, "\(y) \(x)")
            }
            #expect(arctangent(y, .nan).isNaN && arctangent(.nan, y).isNaN)
        }
    }

    @Test func arcsineIsWithinThreeUlp() {
        let xs = spread(from: -12, to: 0, count: 40_000, key: 6) + (1...20_000).map { 1 - 1e-6 * Double($0) }
        #expect(xs.map { ulps(arcsine($0), Foundation.asin(Wide($0))) }.max()! < 3)
        #expect(arcsine(1) == Double.pi / 2 && arcsine(-1) == -Double.pi / 2 && arcsine(0) == 0)
        for x in [Double(1).nextUp, -2, .infinity, .nan] { #expect(arcsine(x).isNaN) }
    }
}
