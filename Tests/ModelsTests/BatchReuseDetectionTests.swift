import Foundation
import Models
import PhaseSpace
import Testing

/// Detection against a run's own noise, runs in the limit of infinite dimension, and the escape of small overlaps.
@Suite struct BatchReuseDetectionTests {
    private static let cubic = BatchReuse.controls([
        "target": .text("He3(z)/sqrt(6)"), "activation": .text("erf"), "secondLayer": .number(0.5),
        "sampleRatio": .number(3), "learningRate": .number(1), "ridge": .number(1), "steps": .number(2),
        "dimension": .number(2000),
    ])

    private static let quartic = BatchReuse.controls([
        "target": .text("He4(z)/sqrt(24)"), "activation": .text("relu"), "ridge": .number(1), "steps": .number(8),
        "learningRate": .number(0.2), "initialOverlap": .number(0.02), "inputs": .text("mean-field"),
        "sampleRatio": .number(3),
    ])

    private static func model() -> BatchReuse {
        BatchReuse(settings: ModelSettings(seed: 1, data: [:], optimiser: [:], folder: ""))
    }

    private func observations(_ controls: [String: ControlValue], replicas: Int) throws -> [Observation] {
        let model = Self.model()
        try model.validate(controls)
        let context = ListContext((0..<replicas).map { chain(controls, model: "batch-reuse", replica: $0) })
        try model.run(context)
        return context.observations
    }

    /// Overlaps of fresh batches have mean zero: over their standard errors they scatter by one.
    @Test func freshBatchesScatterByTheirOwnStandardErrors() throws {
        let runs = try observations(Self.cubic.merging(["protocol": .text("one-pass")]) { $1 }, replicas: 200)
        let ratios = runs.map { $0.values["signalToNoise"]! }
        let square = ratios.reduce(0) { $0 + $1 * $1 } / Double(ratios.count)
        #expect(abs(square - 1) < 0.4)
        #expect(runs.count { $0.values["detection"]! > 0 } <= 4)
    }

    @Test func theStandardErrorOfARunIsThatOfTheTheory() throws {
        let runs = try observations(Self.cubic, replicas: 48)
        let theory = try #require(try Self.model().theory(of: Self.cubic, .population)).values
        func standardError(_ values: [String: Double]) -> Double { abs(values["M_1_1"]!) / values["signalToNoise"]! }
        let mean = runs.map { standardError($0.values) }.reduce(0, +) / Double(runs.count)
        #expect(abs(mean / standardError(theory) - 1) < 0.1)
        #expect(runs.allSatisfy { $0.values["detection"] == 1 })
    }

    @Test func atTheExactBoundaryTheSignalIsThreeStandardErrors() throws {
        let fixed = Self.cubic.filter { $0.key != "sampleRatio" }
        let key = CurveKey(model: "batch-reuse", fixed: fixed, axis: "sampleRatio", orderParameter: "detection")
        let transitions = try #require(try Self.model().exactTransitions(of: key, .population))
        let place = try #require(transitions.first?.location?.value)
        #expect(transitions.allSatisfy { $0.order == .boundary })
        let there = try #require(try Self.model().theory(of: key.controls(at: place), .population))
        #expect(abs(there.values["signalToNoise"]! - 3) < 1e-3)
    }

    @Test func runsInTheLimitScatterAboutTheExactTwoSteps() throws {
        let runs = try observations(Self.cubic.merging(["inputs": .text("mean-field")]) { $1 }, replicas: 8)
        let overlaps = runs.map { $0.values["M_1_1"]! }
        let mean = overlaps.reduce(0, +) / 8
        // By quadrature.
        #expect(abs(mean + 0.151_000_332_150) < 2e-4)
        #expect(Set(overlaps).count == 8)
    }

    /// Growth ratios after eight steps, from an independent solution of the mean-field equations.
    @Test(arguments: [(3.0, 0.268, 0.024, 1.0), (10, 1.52, 0.13, 2)])
    func smallOverlapsEscapeOnlyWithEnoughSamples(ratio: Double, growth: Double, error: Double, escape: Double) throws {
        let runs = try observations(Self.quartic.merging(["sampleRatio": .number(ratio)]) { $1 }, replicas: 4)
        let mean = runs.map { $0.values["overlapGrowth"]! }.reduce(0, +) / 4
        #expect(abs(mean - growth) < 4 * error)
        #expect(runs.allSatisfy { $0.values["escape"] == escape })
    }

    @Test func belowTheWeakRecoveryRatioADirectionIsOutOfReach() throws {
        let fixed = Self.quartic.filter { $0.key != "sampleRatio" }
        let key = CurveKey(model: "batch-reuse", fixed: fixed, axis: "sampleRatio", orderParameter: "escape")
        let transitions = try #require(try Self.model().exactTransitions(of: key, .population))
        let place = try #require(transitions.first?.location?.value)
        for (factor, escape) in [(0.99, 0.0), (1.01, 1.0)] {
            let run = try observations(
                Self.quartic.merging(["sampleRatio": .number(factor * place), "steps": .number(2)]) { $1 }, replicas: 1)
            #expect(run[0].values["escape"] == escape)
        }
    }

    @Test func withoutAnInitialOverlapNothingEscapes() throws {
        let run = try observations(Self.cubic, replicas: 1)[0]
        #expect(run.values["escape"] == nil && run.values["overlapGrowth"] == nil)
    }

    /// Which samples a random batch holds must not add noise to the mean-field solution: the first step learns nothing.
    @Test func randomBatchesOfAnOddTargetLearnNothingAtTheFirstStep() throws {
        let controls = Self.cubic.merging([
            "inputs": .text("mean-field"), "protocol": .text("replacement"), "batches": .number(5),
        ]) { $1 }
        for run in try observations(controls, replicas: 2) {
            #expect(abs(run.trajectory[1].values["M_1_1"]!) < 1e-3)
        }
    }

    @Test func aRandomStartHasNoLimit() {
        let controls = Self.cubic.merging(["inputs": .text("mean-field"), "initialisation": .text("random")]) { $1 }
        #expect(throws: ControlError.self) { try Self.model().validate(controls) }
    }

    @Test func tooLongAStepDivergesInTheLimitToo() throws {
        let controls = Self.cubic.merging([
            "inputs": .text("mean-field"), "learningRate": .number(1000), "ridge": .number(1), "steps": .number(8),
        ]) { $1 }
        let run = try observations(controls, replicas: 1)[0]
        #expect(run.outcome == .diverged && run.reason.contains("in step"))
        #expect(run.trajectory.allSatisfy { $0.values.values.allSatisfy(\.isFinite) })
    }
}
