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
    /// Four sweeps in which a coarse first look at the places cut the true exponent off, so that the interval of the finer
    /// ones lay below it.
    @Test(arguments: [6, 9, 10, 15]) func aTrueExponentThatACoarseGridCutsOffIsFoundAgain(_ number: UInt64) throws {
        let sweep = SyntheticSweep(shape: .ising, disorder: 0)
        let (curve, _) = sweep.draw(RandomSequence(seed: 28 * 1_000_003 + number))
        let found = verdict(for: curve).transitions
        try #require(found.count == 1 && found[0].order == .second)
        let exponent = try #require(found[0].exponent)
        #expect(try #require(exponent.interval).contains(0.125), "\(exponent)")
        #expect(abs(exponent.value - 0.125) < 0.01)
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
