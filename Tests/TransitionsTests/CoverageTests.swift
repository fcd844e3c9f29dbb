import GSLNumerics
import PhaseSpace
import Testing
import Transitions

/// A small version of the coverage benchmark.
@Suite struct CoverageTests {
    private func measured(_ sweeps: [SyntheticSweep], times: Int) -> CoverageCount {
        var count = CoverageCount()
        for (k, sweep) in sweeps.enumerated() {
            for i in 0..<times {
                let (curve, location) = sweep.draw(RandomSequence(seed: UInt64(1000 * k + i)))
                count.add(verdict(for: curve).transitions, of: sweep, location: location)
            }
        }
        return count
    }

    @Test func intervalsOfContinuousTransitionsHoldTheTruth() {
        let count = measured(
            [
                SyntheticSweep(shape: .squareRoot), SyntheticSweep(shape: .squareRoot, noise: 0.05, replicas: 8),
                SyntheticSweep(shape: .linear, disorder: 2), SyntheticSweep(shape: .ising, points: 32),
            ], times: 8)
        #expect(count.wrong == 0 && count.right >= 29, "\(count.right) of \(count.sweeps)")
        // More than six misses of 32 have a probability below 1e-3.
        #expect(count.covered >= count.right - 6, "\(count.covered) of \(count.right)")
        #expect(count.exponentsCovered >= count.right - 8, "\(count.exponentsCovered) of \(count.right)")
    }
    /// Replicas with one transition in common: a coarse first look at the places must not cut the true exponent off.
    @Test func intervalsOfSmallExponentsHoldThemWithoutDisorder() {
        let count = measured([SyntheticSweep(shape: .ising, noise: 0.008, disorder: 0)], times: 16)
        #expect(count.wrong == 0 && count.right >= 14, "\(count.right) of \(count.sweeps)")
        // More than four misses of 16 have a probability below 1e-3.
        #expect(count.exponentsCovered >= count.right - 4, "\(count.exponentsCovered) of \(count.right)")
    }
    /// A power law with a small exponent and a branch that ends at its fold differ in little more than their curvature.
    @Test(arguments: [6, 9, 10, 15]) func aSmallExponentInMoreScatterIsNoJump(_ number: UInt64) {
        let (curve, _) = SyntheticSweep(shape: .ising, disorder: 0).draw(RandomSequence(seed: 28 * 1_000_003 + number))
        let found = verdict(for: curve).transitions
        #expect(found.count == 1 && [.second, .undecided].contains(found[0].order), "\(found.map(\.sentence))")
    }
    @Test func intervalsOfJumpsHoldTheTruthWithinTwoSteps() throws {
        let count = measured(
            [
                SyntheticSweep(shape: .jump), SyntheticSweep(shape: .jump, noise: 0.05),
                SyntheticSweep(shape: .jump, disorder: 0, replicas: 8), SyntheticSweep(shape: .fold),
            ], times: 8)
        #expect(count.wrong == 0 && count.right >= 29, "\(count.right) of \(count.sweeps)")
        #expect(count.covered >= count.right - 5, "\(count.covered) of \(count.right)")
        #expect(try median(count.widths) < 2)
    }
    @Test func smoothCurvesAreNoTransitions() {
        let count = measured(
            [
                SyntheticSweep(shape: .crossover), SyntheticSweep(shape: .decay),
                SyntheticSweep(shape: .decay, noise: 0.05),
            ],
            times: 6)
        #expect(count.wrong == 0 && count.right >= 16, "\(count.right) of \(count.sweeps)")
    }
}
