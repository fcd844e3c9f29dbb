import Foundation
import GSLNumerics
import Testing

@Suite struct StatisticsTests {
    @Test func momentsAndQuantilesOfASmallSample() throws {
        let xs = [4.0, 1, 3, 2]
        #expect(try mean(xs) == 2.5)
        #expect(abs(try variance(xs) - 5.0 / 3) < 1e-15)
        #expect(abs(try standardError(xs) - (5.0 / 12).squareRoot()) < 1e-15)
        #expect(try median(xs) == 2.5)
        #expect(try quantile(xs, 0) == 1)
        #expect(try quantile(xs, 1) == 4)
        #expect(try quantile(xs, 1.0 / 3) == 2)
        #expect(abs(try studentHalfWidth(xs) - 3.182446305284263 * (5.0 / 12).squareRoot()) < 1e-12)
    }
    @Test func samplesThatDecideNothingAreRefused() throws {
        #expect(throws: GSLError.self) { try mean([]) }
        #expect(throws: GSLError.self) { try mean([1, .nan]) }
        #expect(throws: GSLError.self) { try variance([1]) }
        #expect(throws: GSLError.self) { try median([]) }
        #expect(throws: GSLError.self) { try quantile([1], 1.5) }
        #expect(throws: GSLError.self) { try studentHalfWidth([1, 2], level: 1) }
        #expect(try mean([7]) == 7)
        #expect(try variance([3, 3, 3]) == 0)
    }
    @Test func correlationKnowsItsLimits() throws {
        #expect(abs(try correlation([1, 2, 3], [2, 4, 6]) - 1) < 1e-15)
        #expect(abs(try correlation([1, 2, 3], [3, 2, 1]) + 1) < 1e-15)
        #expect(abs(try correlation([1, 2, 3, 4], [1, -1, -1, 1])) < 1e-15)
        #expect(throws: GSLError.self) { try correlation([1, 1], [1, 2]) }
        #expect(throws: GSLError.self) { try correlation([1, 2], [1, 2, 3]) }
    }
    @Test func quantilesOfDistributionsMatchTheTables() throws {
        let table = [
            (1.0, 12.706204736174694), (2, 4.302652729749462), (10, 2.228138851986274), (15, 2.131449545559774),
        ]
        for (degrees, expected) in table {
            #expect(abs(try studentQuantile(0.975, degreesOfFreedom: degrees) - expected) < 1e-9 * expected)
            #expect(abs(try studentQuantile(0.025, degreesOfFreedom: degrees) + expected) < 1e-9 * expected)
        }
        #expect(try studentQuantile(0.5, degreesOfFreedom: 3) == 0)
        #expect(abs(try normalQuantile(0.975) - 1.959963984540054) < 1e-12)
        #expect(abs(try normalCDF(1.959963984540054) - 0.975) < 1e-15)
        #expect(try normalCDF(-.infinity) == 0)
        #expect(throws: GSLError.self) { try normalCDF(.nan) }
        #expect(throws: GSLError.self) { try normalQuantile(1) }
        #expect(throws: GSLError.self) { try studentQuantile(0.9, degreesOfFreedom: 0) }
    }
    @Test func theVersionIsGSLsOwn() { #expect(GSLNumerics.version.hasPrefix("2.")) }
}

@Suite struct LinearFitTests {
    @Test func exactDataGiveTheirCoefficients() throws {
        let xs = [0.0, 1, 2, 3, 4]
        let line = try lineFit(xs, xs.map { 3 - 2 * $0 })
        #expect(abs(line.coefficients[0] - 3) < 1e-14 && abs(line.coefficients[1] + 2) < 1e-14)
        #expect(line.chiSquared < 1e-27 && line.degreesOfFreedom == 3)
        let cubic = try polynomialFit(xs, xs.map { 1 + $0 * $0 * $0 }, degree: 3)
        for (c, expected) in zip(cubic.coefficients, [1, 0, 0, 1.0]) { #expect(abs(c - expected) < 1e-12) }
    }
    @Test func errorsFollowResidualsOrWeights() throws {
        // y = 0, 1, 1, 2: slope 0.6, residuals ∓0.1, ±0.3 …; s² = 0.2/2, Σ(x − x̄)² = 5.
        let fit = try lineFit([0, 1, 2, 3], [0, 1, 1, 2])
        #expect(abs(fit.coefficients[1] - 0.6) < 1e-14)
        #expect(abs(fit.standardError(1) - 0.02.squareRoot()) < 1e-14)
        let weighted = try lineFit([0, 1, 2, 3], [0, 1, 1, 2], weights: [4, 4, 4, 4])
        #expect(abs(weighted.standardError(1) - 0.05.squareRoot()) < 1e-14)
        let ignoring = try lineFit([0, 1, 2, 9], [0, 1, 2, 100], weights: [1, 1, 1, 0])
        #expect(abs(ignoring.coefficients[1] - 1) < 1e-13)
    }
    @Test func fitsThatAreNotDeterminedAreRefused() {
        #expect(throws: GSLError.self) { try lineFit([1], [1]) }
        #expect(throws: GSLError.self) { try lineFit([1, 1, 1], [1, 2, 3]) }
        #expect(throws: GSLError.self) { try lineFit([1, 2], [1, .nan]) }
        #expect(throws: GSLError.self) { try lineFit([1, 2, 3], [1, 2, 3], weights: [1, -1, 1]) }
        #expect(throws: GSLError.self) { try linearFit(rows: [[1, 2], [1]], [1, 2]) }
        #expect(throws: GSLError.self) { try linearFit(rows: [], []) }
    }
}
