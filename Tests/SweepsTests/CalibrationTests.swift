import Foundation
import PhaseSpace
import Sweeps
import Testing

/// What a dry run says of a sweep's time.
@Suite struct CalibrationTests {
    let bench = Workbench()

    private func plan(_ seed: UInt64, points: Int, _ more: String = "") throws -> SweepPlan {
        try bench.plan(
            "model: toy-equilibrium\nseed: \(seed)\ndirection: up\n"
                + "axes: {gamma: {from: 0.1, to: 1.5, points: \(points)}}\n" + more)
    }

    /// A warm chain's first point is trained from scratch: 90 times as long as the others, here.
    @Test func theFirstPointOfAWarmChainDoesNotStandForTheOthers() throws {
        let seed: UInt64 = 71
        Ears.onPoint.withLock { $0[seed] = { usleep($0.controls["gamma"] == .number(0.1) ? 180_000 : 2_000) } }
        defer { Ears.onPoint.withLock { $0[seed] = nil } }
        let estimate = try plan(seed, points: 64, "replicas: 40\n").estimateCost(threads: 1, budget: 0.2)
        // 40 (0.18 + 63 · 0.002) s, and not 40 · 64 · 0.18 s; a busy machine sleeps longer.
        #expect(estimate.seconds > 9 && estimate.seconds < 30, "\(estimate.seconds)")
        #expect(!estimate.isLowerBound && estimate.sentence.hasPrefix("about "), "\(estimate.sentence)")
    }

    @Test func aTrialThatIsCutOffSaysOrMore() throws {
        let seed: UInt64 = 72
        Ears.onPoint.withLock { $0[seed] = { _ in usleep(60_000) } }
        defer { Ears.onPoint.withLock { $0[seed] = nil } }
        let estimate = try plan(seed, points: 6, "refine: {axis: gamma, until: 1.0e-3}\n")
            .estimateCost(threads: 1, budget: 0.01)
        #expect(estimate.isLowerBound && estimate.calibrationPoints < 6)
        #expect(estimate.sentence.contains(" s or more on 1 thread"), "\(estimate.sentence)")
        #expect(estimate.sentence.contains("; `refine` adds to it)"), "\(estimate.sentence)")
    }
}
