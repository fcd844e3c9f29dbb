import Foundation
import GSLNumerics
import Testing

/// Coefficients, in rising order, of the polynomial with given real roots.
private func polynomial(withRoots roots: [Double], leading: Double = 1) -> [Double] {
    roots.reduce([leading]) { p, r in
        var next = [Double](repeating: 0, count: p.count + 1)
        for (k, c) in p.enumerated() {
            next[k + 1] += c
            next[k] -= c * r
        }
        return next
    }
}

@Suite struct PolynomialTests {
    @Test func realRootsOfKnownPolynomials() throws {
        let problems: [[Double]] = [
            [1, 2, 3], [-5, 0, 5], [0, 0, 7], [0.5], [-2, -1, 1, 2, 3, 4, 5], [1e-8, 1, 1e8],
            [1e-3, 1e-2, 0.1, 1, 1e5],
            [-1e12, 3e-9, 4],
        ]
        for roots in problems {
            for leading in [1.0, -3e-200, 7e150] {
                let found = try realPolynomialRoots(polynomial(withRoots: roots, leading: leading))
                try #require(found.count == roots.count, "\(roots) gave \(found)")
                for (x, expected) in zip(found, roots.sorted()) {
                    #expect(abs(x - expected) <= 1e-12 * abs(expected), "\(roots) gave \(found)")
                }
            }
        }
    }
    @Test func coefficientsOfAnyMagnitudeWork() throws {
        let tiny = try realPolynomialRoots([-2e-300, 0, 1e-300])
        #expect(tiny.count == 2 && abs(tiny[1] - 2.0.squareRoot()) < 1e-15)
        let spread = try realPolynomialRoots([-1e-200, 0, 1e200])
        #expect(spread.count == 2 && abs(spread[1] / 1e-200 - 1) < 1e-14)
        let steep = try realPolynomialRoots([-8e240, 0, 0, 1])
        #expect(steep.count == 1 && abs(steep[0] / 2e80 - 1) < 1e-14)
    }
    @Test func doubleRootsCountTwice() throws {
        let roots = try realPolynomialRoots([1, -2, 1])
        #expect(roots.count == 2)
        #expect(roots.allSatisfy { abs($0 - 1) < 1e-7 })
    }
    @Test func complexRootsComeInPairs() throws {
        #expect(try realPolynomialRoots([1, 0, 1]).isEmpty)
        let roots = try complexPolynomialRoots([1, 0, 0, 0, 1])
        #expect(roots.count == 4)
        for z in roots {
            #expect(abs(z.magnitude - 1) < 1e-15)
            #expect(abs(abs(z.real) - 0.5.squareRoot()) < 1e-15)
        }
        #expect(try realPolynomialRoots([2, 0, 3, 0, 1]).isEmpty)
    }
    @Test func stationaryPointsOfTheTwoLayerIsotropicNet() throws {
        // αB⁴ − ‖g‖B + γ = 0 with α = ‖g‖ = 1 at the Maxwell point: t* = B² = 0.62996052.
        let gamma = 0.3968502629920499
        let roots = try realPolynomialRoots([gamma, -1, 0, 0, 1])
        #expect(roots.count == 2)
        #expect(abs(roots[1] * roots[1] - 0.6299605249474366) < 1e-14)
    }
    @Test func degenerateInputIsRefusedOrTrivial() throws {
        #expect(try realPolynomialRoots([3]).isEmpty)
        #expect(try realPolynomialRoots([3, 0, 0]).isEmpty)
        #expect(try realPolynomialRoots([0, 0, 2]) == [0, 0])
        for bad in [[], [0, 0], [1, .nan], [.infinity, 1]] as [[Double]] {
            #expect(throws: GSLError.self) { try realPolynomialRoots(bad) }
            #expect(throws: GSLError.self) { try complexPolynomialRoots(bad) }
        }
    }
}
