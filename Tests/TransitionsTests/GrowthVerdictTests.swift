import GSLNumerics
import PhaseSpace
import Testing
import Transitions

@Suite struct GrowthVerdictTests {
    private let observables = [
        Observable("squaredNorm", symbol: "Σ‖W‖²", meaning: ""), Observable("growthRate", symbol: "Λ", meaning: ""),
    ]

    /// Λ = 2 (0.98 − γ) with scatter; what is left scatters as much as it is large.
    private func judged(_ seed: UInt64, from low: Double = 0.9, to high: Double = 1.06) -> [Transition] {
        let numbers = RandomSequence(seed: seed)
        var samples: [CurveSample] = []
        for k in 0..<33 {
            let gamma = low + (high - low) * Double(k) / 32
            for replica in 0..<8 {
                let order = max(0, 2 * (0.98 - gamma)) * (1 + 0.2 * numbers.normal())
                samples.append(
                    CurveSample(
                        control: gamma, replica: replica, direction: .cold, outcome: .completed,
                        values: [
                            "squaredNorm": max(0, order), "growthRate": 2 * (0.98 - gamma) + 0.006 * numbers.normal(),
                        ]))
            }
        }
        let curve = Curve(
            key: CurveKey(model: "sgd-decay", fixed: [:], axis: "gamma", orderParameter: "squaredNorm"),
            samples: samples)
        return verdict(for: curve, axisControl: RidgePath.gamma, observables: observables).transitions
    }

    @Test func theIntervalOfTheZeroHoldsTheTruth() throws {
        var held = 0
        for seed in 1...100 as ClosedRange<UInt64> {
            let found = judged(seed)
            try #require(found.count == 1 && found[0].order == .second)
            if found[0].location!.covers(0.98, width: 0.01) { held += 1 }
        }
        #expect(held >= 90, "\(held) of 100")
    }

    @Test func aGridWithoutTheZeroDecidesNothing() {
        #expect(judged(1, from: 1, to: 1.06).map(\.order) == [.undecided])
    }
}
