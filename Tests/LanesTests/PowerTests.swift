import Foundation
import Lanes
import Testing

@Suite struct PowerTests {
    @Test func powersAreWithinTwoUlp() {
        let bases =
            spread(from: -307, to: 308, count: 40_000, key: 11) + spread(from: -1, to: 1, count: 40_000, key: 12)
        let exponents = spread(from: -3, to: 0.5, count: 80_000, key: 13)
        var worst = 0.0
        for (base, exponent) in zip(bases.map(abs), exponents) {
            let exact = Foundation.pow(Wide(base), Wide(exponent))
            guard exact > 1e-300, exact < 1e300 else { continue }
            worst = max(worst, ulps(power(base, exponent), exact))
        }
        // Where the result nearly overflows an exponent's rounding is magnified most.
        for base in spread(from: -5, to: 5, count: 20_000, key: 14).map(abs) {
            for size in [1e-290, 1e-30, 1e30, 1e300] {
                let exponent = Foundation.log(size) / Foundation.log(base)
                guard exponent.rounded() != exponent else { continue }
                worst = max(worst, ulps(power(base, exponent), Foundation.pow(Wide(base), Wide(exponent))))
            }
        }
        #expect(worst < 2)
    }

    @Test func wholePowersAreExactWhereADoubleHoldsThem() {
        for base in 1...30 {
            var exact = 1.0
            for exponent in 0...64 {
                guard exact < 0x1p53 else { break }
                #expect(power(Double(base), Double(exponent)) == exact)
                #expect(power(-Double(base), Double(exponent)) == (exponent % 2 == 0 ? exact : -exact))
                exact *= Double(base)
            }
        }
        for exponent in -60...60 {
            #expect(power(2, Double(exponent)) == Double(sign: .plus, exponent: exponent, significand: 1))
        }
        let bases = spread(from: -4, to: 4, count: 2000, key: 15)
        let worst = bases.flatMap { base in
            (-64...64).map { ulps(power(base, Double($0)), Foundation.pow(Wide(base), Wide($0))) }
        }.max()!
        #expect(worst < 1)
    }

    @Test func squareRootsAreExact() {
        for x in spread(from: -300, to: 300, count: 2000, key: 16).map(abs) { #expect(power(x, 0.5) == x.squareRoot()) }
    }

    @Test func limitsAreThoseOfTheStandard() {
        let bases = [
            0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 1e300, Double.leastNonzeroMagnitude, .infinity, -.infinity, .nan,
        ]
        let exponents = [
            0.0, -0.0, 1, -1, 0.5, -0.5, 2, 3, -3, 1e10, -1e10, 1e300, -1e300, .infinity, -.infinity, .nan,
        ]
        for base in bases {
            for exponent in exponents {
                let (ours, exact) = (power(base, exponent), Foundation.pow(base, exponent))
                if exact.isNaN {
                    #expect(ours.isNaN, "\(base) ^ \(exponent)")
                } else {
                    let agrees = ours == exact || abs(ours - exact) <= 2 * exact.ulp
                    #expect(agrees && ours.sign == exact.sign, "\(base) ^ \(exponent): \(ours), not \(exact)")
                }
            }
        }
    }

    @Test func logarithmOfOnePlusIsWithinThreeUlp() {
        let sizes = spread(from: -30, to: 300, count: 40_000, key: 17) + spread(from: -4, to: 1, count: 40_000, key: 18)
        let worst = sizes.filter { $0 > -1 }.map { ulps(logarithmOnePlus($0), Foundation.log1p(Wide($0))) }.max()!
        #expect(worst < 3)
        #expect(logarithmOnePlus(-1) == -.infinity && logarithmOnePlus(.infinity) == .infinity)
        #expect(logarithmOnePlus(0) == 0 && logarithmOnePlus(-2).isNaN && logarithmOnePlus(.nan).isNaN)
    }
}
