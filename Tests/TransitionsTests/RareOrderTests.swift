import Foundation
import GSLNumerics
import PhaseSpace
import Testing
import Transitions

@Suite struct RareOrderTests {
    private func judge(_ samples: [CurveSample]) -> [Transition] {
        verdict(
            for: Curve(key: RidgePath.key, samples: samples), axisControl: RidgePath.gamma,
            observables: RidgePath.observables
        ).transitions
    }
    /// F = 1 + x below the jump, and higher above.
    private func jumping(_ xs: [Double], by height: Double) -> [Transition] {
        judge(
            xs.map { x in
                let isAbove = x > 1.0003
                return CurveSample(
                    control: x, replica: 0, direction: .cold, outcome: .converged,
                    values: [
                        "loss": log(1 + x) + (isAbove ? height : 0), "lossSlope": 1 / (1 + x),
                        "lossCurvature": -1 / ((1 + x) * (1 + x)), "squaredNorm": 1 / (1 + x),
                    ])
            })
    }
    private let coarse = (0...40).map { 0.5 + 0.025 * Double($0) }

    @Test func aJumpOfTheLossBetweenRefinedNeighboursIsZerothOrder() throws {
        for height in [0.3, -0.3] {
            let found = jumping(coarse + [1.005, 1.0025, 1.001, 1.0005, 0.9999, 1.0001], by: height)
            try #require(found.map(\.order) == [.zeroth], "\(found.map(\.sentence))")
            #expect(found[0].location!.covers(1.0003, width: 0.001))
            #expect(abs(found[0].evidence["lossJump"]!.number! - height) < 1e-3)
            #expect(found[0].sentence.contains(height > 0 ? "F itself rises by 0.3" : "F itself drops by 0.3"))
        }
    }
    @Test func withoutRefinementAJumpOfTheLossIsUndecided() {
        let found = jumping(coarse, by: 0.3)
        #expect(found.map(\.order) == [.undecided])
    }

    private func labels(_ replicas: Int, _ label: (Double, Int) -> Double) -> [Transition] {
        let key = CurveKey(model: "regimes", fixed: [:], axis: "eta", orderParameter: "regime")
        let samples = (0..<replicas).flatMap { r in
            (0..<30).map { k -> CurveSample in
                let x = 0.1 * Double(k)
                return CurveSample(
                    control: x, replica: r, direction: .cold, outcome: .completed, values: ["regime": label(x, r)])
            }
        }
        return verdict(for: Curve(key: key, samples: samples)).transitions
    }
    @Test func regimesHaveBoundariesWithBrackets() throws {
        let found = labels(1) { x, _ in x < 0.95 ? 0 : x < 2.05 ? 1 : 2 }
        try #require(found.map(\.order) == [.boundary, .boundary])
        #expect(found[0].location!.covers(0.95, width: 0.101) && found[1].location!.covers(2.05, width: 0.101))
        #expect(found[0].sentence.hasPrefix("boundary at eta = 0.95"))
        #expect(found[0].sentence.hasSuffix("regime changes from 0 to 1"))
    }
    @Test func boundariesOfReplicasAreAveraged() throws {
        let numbers = RandomSequence(seed: 9)
        var held = 0
        for _ in 0..<100 {
            let places = (0..<8).map { _ in 1.5 + 0.15 * numbers.normal() }
            let found = labels(8) { x, r in x < places[r] ? 3 : 7 }
            try #require(found.map(\.order) == [.boundary])
            if found[0].location!.covers(1.5, width: 1) { held += 1 }
        }
        #expect(held >= 90, "\(held) of 100")
    }
    @Test func aPeakOfTheCurvatureThatGrowsWithTheGridIsUndecided() {
        func judged(_ width: Double) -> [TransitionOrder] {
            judge(
                (0...60).map { k in
                    // Off the grid's points, or the narrow peak would be on one of them.
                    let x = -1.497 + 0.05 * Double(k)
                    let u = x / width
                    let sech = 1 / cosh(u)
                    return CurveSample(
                        control: x, replica: 0, direction: .cold, outcome: .converged,
                        values: [
                            "loss": 2 * x - width * log(cosh(u)), "lossSlope": 2 - tanh(u), "squaredNorm": 2 - tanh(u),
                            "lossCurvature": -sech * sech / width,
                        ])
                }
            ).map(\.order)
        }
        #expect(judged(0.4) == [.crossover])
        #expect(judged(0.03) == [.undecided])
    }
    @Test func exactDerivativesAreCheckedByDifferences() throws {
        let path = RidgePath(hiddenLayers: 2)
        let grid = RidgePath.logGrid(0.02, 1.5, 96)
        let right = try #require(judge(try path.samples(grid)).first)
        #expect(right.evidence["slopeDeviation"]!.number! < 1e-5)
        #expect(right.evidence["curvatureDeviation"]!.number! < 1e-2)
        let wrong = try path.samples(grid, directions: [.cold]).map { s in
            var values = s.values
            values["lossCurvature"]! *= 1.5
            return CurveSample(
                control: s.control, replica: 0, direction: .cold, outcome: .converged, values: values)
        }
        #expect(try #require(judge(wrong).first).evidence["curvatureDeviation"]!.number! > 0.2)
    }
}
