import Foundation
import GSLNumerics
import Testing

private struct Refusal: Error, Equatable {}

@Suite struct RootTests {
    @Test func rootsOfElementaryFunctionsAreGoodToLastDigits() throws {
        let problems: [(f: (Double) -> Double, bracket: ClosedRange<Double>, root: Double)] = [
            ({ $0 * $0 - 2 }, 0...2, 2.0.squareRoot()),
            ({ cos($0) - $0 }, 0...1, 0.7390851332151607),
            ({ exp($0) - 1e100 }, 0...300, 230.25850929940457),
            ({ 1e-200 * ($0 - 1) }, -5...7, 1),
            ({ $0 - 1e-12 }, 0...1, 1e-12),
            ({ ($0 - 1) * ($0 - 1) * ($0 - 1) }, 0...2.7, 1),
        ]
        for (f, bracket, expected) in problems {
            let x = try root(of: f, in: bracket)
            #expect(abs(x - expected) <= 4e-15 * expected)
        }
    }
    @Test func aSmallBracketAroundZeroNeedsAnAbsoluteTolerance() throws {
        let x = try root(of: { exp($0) - 1 }, in: -1...2, absoluteTolerance: 1e-14)
        #expect(abs(x) <= 1e-14)
    }
    @Test func aTightToleranceEndsAtTheSmallestBracket() throws {
        let x = try root(of: { $0 * $0 - 2 }, in: 1...2, relativeTolerance: 0)
        #expect(abs(x - 2.0.squareRoot()) <= 2.0.ulp)
    }
    @Test func anEndPointMayBeTheRoot() throws {
        #expect(try root(of: { $0 }, in: 0...1) == 0)
        #expect(try root(of: { $0 - 1 }, in: 0...1) == 1)
        #expect(try root(of: { _ in 0 }, in: 3...3) == 3)
    }
    @Test func aBracketWithoutSignChangeIsRefusedWithTheValues() {
        let error = #expect(throws: GSLError.self) { try root(of: { $0 * $0 + 1 }, in: -1...2) }
        #expect("\(error!)" == "no sign change in [-1.0, 2.0]: f is 2.0 at the low end and 5.0 at the high")
    }
    @Test func numbersThatAreNotFiniteAreRefused() {
        #expect(throws: GSLError.self) { try root(of: { $0 }, in: -1...Double.infinity) }
        #expect(throws: GSLError.self) { try root(of: { 1 / $0 }, in: 0...1) }
        #expect(throws: GSLError.self) { try root(of: { $0 < 0.2 ? -1 : .nan }, in: 0...1) }
        #expect(throws: GSLError.self) { try root(of: { $0 }, in: -1...1, relativeTolerance: .nan) }
    }
    @Test func anErrorOfTheFunctionComesThrough() {
        #expect(throws: Refusal.self) {
            try root(of: { if $0 > 0.3 && $0 < 0.9 { throw Refusal() } else { return $0 - 0.5 } }, in: 0...1)
        }
    }
    @Test func aRootOutOfReachSaysSo() {
        #expect(throws: GSLError.self) { try root(of: { $0 - 0.3 }, in: -1e300...1e301, maximumIterations: 2) }
    }
}

@Suite struct MinimumTests {
    @Test func minimaAreGoodToTheRootOfThePrecision() throws {
        let parabola = try minimum(of: { ($0 - 0.3) * ($0 - 0.3) + 2 }, in: -1...4, guess: 1)
        #expect(abs(parabola.x - 0.3) < 2e-8)
        #expect(parabola.value == 2)
        let atZero = try minimum(of: { 1 + $0 * $0 }, in: -1...1.7, guess: 0.4)
        #expect(abs(atZero.x) < 1e-7)
        let cosine = try minimum(of: { cos($0) }, in: 2...5, guess: 3)
        #expect(abs(cosine.x - .pi) < 2e-8)
        #expect(abs(cosine.value + 1) < 1e-15)
    }
    @Test func aGuessThatBracketsNothingIsRefused() {
        let error = #expect(throws: GSLError.self) { try minimum(of: { $0 }, in: 0...1, guess: 0.5) }
        #expect("\(error!)".contains("is not below f at both ends"))
        #expect(throws: GSLError.self) { try minimum(of: { $0 * $0 }, in: -1...1, guess: 2) }
        #expect(throws: GSLError.self) { try minimum(of: { _ in 1 }, in: -1...1, guess: 0) }
        #expect(throws: GSLError.self) { try minimum(of: { _ in .nan }, in: -1...1, guess: 0) }
        #expect(throws: GSLError.self) { try minimum(of: { $0 }, in: -1...1, guess: .nan) }
    }
    @Test func anErrorOfTheFunctionComesThrough() {
        #expect(throws: Refusal.self) {
            try minimum(of: { if abs($0) < 0.2 { throw Refusal() } else { return abs($0) } }, in: -1...2, guess: 0.5)
        }
    }
}
