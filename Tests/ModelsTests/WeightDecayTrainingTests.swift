import Foundation
import Models
import PhaseSpace
import Support
import Testing

/// Trained nets against exact theory from their own data.
@Suite struct WeightDecayTrainingTests {
    static func model(_ data: JSONValue, optimiser: JSONValue = [:]) throws -> WeightDecay {
        try WeightDecay(settings: ModelSettings(seed: 1, data: data, optimiser: optimiser, folder: "."))
    }
    static let sampled: JSONValue = ["teacher": "gaussian", "inputs": 5, "samples": 200]
    static func fixed(depth: Int) -> [String: ControlValue] {
        ["depth": .number(Double(depth)), "width": .number(8), "noise": .number(0.5), "labelNoise": .number(0.3)]
    }
    static let gammas = (0..<24).map { 0.02 * pow(75, Double($0) / 23) }

    @Test(arguments: 0...3) func trainedMinimaAreTheExactStationaryPoints(depth: Int) throws {
        let model = try Self.model(Self.sampled)
        let context = ListContext(
            chains(Self.fixed(depth: depth), gammas: Self.gammas, directions: [.cold, .up, .down], replicas: 2))
        try model.run(context)
        let rows = context.observations
        #expect(rows.count == 2 * 3 * Self.gammas.count)
        for row in rows {
            let place = "\(row.point.direction) γ \(row.point.controls["gamma"]!) replica \(row.point.replica)"
            #expect(row.outcome == .converged, "\(place): \(row.reason)")
            let theory = try #require(try model.theory(of: row.point.controls, .replica(row.point.replica)))
            let loss = try #require(row.values["loss"])
            if row.point.direction == .cold {
                #expect(relativeDeviation(loss, theory.values["loss"]!) < 1e-9, "\(place)")
            }
            let branch = try #require(theory.branch(nearestToLoss: loss)).values
            #expect(relativeDeviation(loss, branch["loss"]!) < 1e-9, "\(place)")
            #expect(
                abs(row.values["squaredNorm"]! - branch["squaredNorm"]!) < 1e-6 * max(1, branch["squaredNorm"]!),
                "\(place)")
            #expect(row.values["squaredNorm"] == row.values["lossSlope"])
            #expect(row.values["imbalance"]! < 1e-6, "\(place)")
            let gamma = row.point.controls["gamma"]!.number!
            let singular = try model.exactTransitions(
                of: CurveKey(
                    model: "weight-decay", fixed: row.point.controls.filter { $0.key != "gamma" }, axis: "gamma",
                    orderParameter: "squaredNorm"), .replica(row.point.replica))!
                .flatMap { [$0.location?.value, $0.spinodal?.value] }.compactMap { $0 }
            if singular.allSatisfy({ abs(gamma / $0 - 1) > 1e-3 }) {
                let curvature = try #require(row.values["lossCurvature"], "\(place)")
                #expect(
                    abs(curvature - branch["lossCurvature"]!) <= 1e-8 * max(1e-3, abs(branch["lossCurvature"]!)),
                    "\(place)")
            }
        }
    }

    @Test func upSweepStaysOrderedUpToTheSpinodalAndDownSweepNeverLeavesTheZeroNet() throws {
        let model = try Self.model(["teacher": "gaussian", "inputs": 5, "samples": "population"])
        let key = CurveKey(
            model: "weight-decay", fixed: Self.fixed(depth: 2), axis: "gamma", orderParameter: "squaredNorm")
        let exact = try #require(try model.exactTransitions(of: key, .population)?.last)
        let (critical, spinodal) = (exact.location!.value, exact.spinodal!.value)
        let grid = (0..<40).map { 0.8 * critical + (1.1 * spinodal - 0.8 * critical) * Double($0) / 39 }
        let context = ListContext(chains(Self.fixed(depth: 2), gammas: grid, directions: [.up, .down]))
        try model.run(context)
        for row in context.observations {
            let gamma = row.point.controls["gamma"]!.number!
            let isOrdered = row.values["squaredNorm"]! > 0.1
            #expect(isOrdered == (row.point.direction == .up && gamma < spinodal), "\(row.point.direction) γ \(gamma)")
        }
    }

    @Test func resultsDoNotDependOnPackingNorOnInterruption() throws {
        let model = try Self.model(Self.sampled, optimiser: ["starts": 6])
        let all = chains(
            Self.fixed(depth: 2), gammas: [0.1, 0.2, 0.3, 0.4], directions: [.cold, .up, .down], replicas: 2)
        func values(_ contexts: [ListContext]) -> [PointIdentity: [String: Double]] {
            Dictionary(
                contexts.flatMap(\.observations).map { ($0.point.identity, $0.values) }, uniquingKeysWith: { $1 })
        }
        let together = ListContext(all)
        try model.run(together)
        let backwards = ListContext(all.reversed())
        try model.run(backwards)
        let alone = all.map { ListContext([$0]) }
        for context in alone { try model.run(context) }
        #expect(values([together]).count == 24)
        #expect(values([together]) == values([backwards]))
        #expect(values([together]) == values(alone))
        let interrupted = ListContext(all, recordsBeforeCancelling: 9)
        try model.run(interrupted)
        #expect(interrupted.observations.count < 24)
        let resumed = ListContext(all, checkpoints: interrupted.checkpoints)
        try model.run(resumed)
        #expect(values([interrupted, resumed]) == values([together]))
        #expect(resumed.observations.count < 24)
    }

    @Test func netsThatNeedSamplesAreRefusedForThePopulation() throws {
        let model = try Self.model(["teacher": "gaussian", "inputs": 5, "samples": "population"])
        let linear = Self.fixed(depth: 1).merging(["gamma": .number(0.1)]) { $1 }
        try model.validate(linear)
        let error = #expect(throws: ControlError.self) {
            try model.validate(linear.merging(["activation": .text("tanh")]) { $1 })
        }
        #expect(error?.control == "samples" && error?.message.contains("set a number of samples") == true)
    }

    @Test func populationMomentsAreTheLimitOfManySamples() throws {
        let few = try GaussianTeacher(inputVariances: [1, 4], samples: 400_000, seed: 3, settings: "x")
        let all = try GaussianTeacher(inputVariances: [1, 4], samples: nil, seed: 3, settings: "x")
        let a = few.moments(replica: 0, signal: 2, labelNoise: 0.5)
        let b = all.moments(replica: 0, signal: 2, labelNoise: 0.5)
        #expect(abs(a.targetSecondMoment / b.targetSecondMoment - 1) < 0.02)
        for (x, y) in zip(a.crossMoment + a.inputSecondMoment, b.crossMoment + b.inputSecondMoment) {
            #expect(abs(x - y) < 0.05)
        }
        #expect(few.moments(replica: 1, signal: 2, labelNoise: 0.5) != a)
        #expect(few.moments(replica: 0, signal: 2, labelNoise: 0.5) == a)
    }
}
