import Foundation
import GSLNumerics
import Testing

@Suite struct SimplexMinimumTests {
    @Test func theMinimumOfRosenbrocksValleyIsFound() throws {
        let found = try simplexMinimum(
            of: { p in
                let (a, b) = (1 - p[0], p[1] - p[0] * p[0])
                return a * a + 100 * b * b
            }, start: [-1.2, 1], steps: [0.5, 0.5], tolerance: 1e-9)
        #expect(abs(found.x[0] - 1) < 1e-6 && abs(found.x[1] - 1) < 1e-6 && found.value < 1e-12)
    }
    @Test func infiniteValuesAreWalls() throws {
        let found = try simplexMinimum(
            of: { p in p[0] > 0 ? p[0] - log(p[0]) : .infinity }, start: [3], steps: [2], tolerance: 1e-8)
        #expect(abs(found.x[0] - 1) < 1e-6)
    }
    @Test func errorsOfTheFunctionAndBadArgumentsAreThrown() {
        struct Refusal: Error {}
        #expect(throws: Refusal.self) { try simplexMinimum(of: { _ in throw Refusal() }, start: [0], steps: [1]) }
        #expect(throws: GSLError.self) { try simplexMinimum(of: { _ in .nan }, start: [0], steps: [1]) }
        #expect(throws: GSLError.self) { try simplexMinimum(of: { $0[0] }, start: [0], steps: [0]) }
        #expect(throws: GSLError.self) { try simplexMinimum(of: { _ in 0 }, start: [], steps: []) }
        #expect(throws: GSLError.self) { try simplexMinimum(of: { _ in 0 }, start: [.nan], steps: [1]) }
        #expect(throws: GSLError.self) {
            try simplexMinimum(of: { $0[0] }, start: [0], steps: [1], maximumIterations: 50)
        }
    }
}

@Suite struct RandomSequenceTests {
    /// The first outputs of mt19937 with seed 5489 are 3499211612 and 581869302 (Matsumoto and Nishimura's reference).
    @Test func theSequenceIsTheMersenneTwisters() {
        let numbers = RandomSequence(seed: 5489)
        #expect(numbers.uniform() * 0x1p32 == 3_499_211_612)
        #expect(numbers.uniform() * 0x1p32 == 581_869_302)
    }
    @Test func equalSeedsGiveEqualSequences() {
        let (a, b, c) = (RandomSequence(seed: 7), RandomSequence(seed: 7), RandomSequence(seed: 8))
        let first = (0..<20).map { _ in a.normal() }
        #expect(first == (0..<20).map { _ in b.normal() })
        #expect(first != (0..<20).map { _ in c.normal() })
    }
    @Test func momentsAreThoseOfTheDistributions() throws {
        let numbers = RandomSequence(seed: 1)
        let normal = (0..<100_000).map { _ in numbers.normal() }
        #expect(abs(try mean(normal)) < 0.015)
        #expect(abs(try variance(normal) - 1) < 0.02)
        let counts = (0..<70_000).reduce(into: [Int](repeating: 0, count: 7)) { c, _ in
            c[numbers.index(below: 7)] += 1
        }
        #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
    }
}
