import Foundation
import PhaseSpace
import Testing
import Transitions

private func judge(_ samples: [CurveSample]) -> [Transition] {
    verdict(
        for: Curve(key: RidgePath.key, samples: samples), axisControl: RidgePath.gamma,
        observables: RidgePath.observables
    ).transitions
}
private func sample(
    _ gamma: Double, _ values: [String: Double], _ outcome: Outcome = .converged, replica: Int = 0
) -> CurveSample {
    CurveSample(control: gamma, replica: replica, direction: .cold, outcome: outcome, values: values)
}

@Suite struct BadInputTests {
    @Test func emptyAndFailedCurvesAreUndecided() {
        for samples in [[], (1...9).map { sample(Double($0), ["loss": 1], .diverged) }] {
            let found = judge(samples)
            #expect(found.count == 1 && found[0].order == .undecided && found[0].location == nil)
            #expect(found[0].sentence.hasPrefix("undecided: "))
        }
    }
    @Test func notANumberIsNoEvidence() {
        let nan = Double.nan
        let found = judge(
            (1...20).map {
                sample(Double($0), ["loss": nan, "lossSlope": nan, "squaredNorm": nan, "zeroNetLoss": nan])
            })
        #expect(found.count == 1 && found[0].order == .undecided)
        let infinite = judge((1...20).map { sample(Double($0), ["squaredNorm": .infinity]) })
        #expect(infinite.count == 1 && infinite[0].order == .undecided)
        let nowhere = judge([sample(nan, ["squaredNorm": 1]), sample(.infinity, ["squaredNorm": 2])])
        #expect(nowhere.count == 1 && nowhere[0].order == .undecided)
    }
    @Test func constantDataAreUndecided() {
        let flat = judge((1...20).map { sample(Double($0), ["squaredNorm": 2]) })
        #expect(flat.count == 1 && flat[0].order == .undecided)
        let flatLoss = judge((1...20).map { sample(Double($0), ["loss": 2, "lossSlope": 0, "squaredNorm": 0]) })
        #expect(flatLoss.count == 1 && flatLoss[0].order == .undecided)
        #expect(flatLoss[0].sentence == "undecided: the loss is the same at every point")
    }
    @Test func fewPointsAreUndecided() throws {
        for count in 1...4 {
            let found = judge(try RidgePath(hiddenLayers: 2).samples(RidgePath.logGrid(0.1, 0.6, 4).prefix(count) + []))
            #expect(found.count == 1 && found[0].order == .undecided)
            #expect(found[0].sentence.contains("only \(count) controls have a done point"))
        }
    }
    @Test func oneSidedDataAreUndecided() throws {
        for depth in 1...3 {
            let path = RidgePath(hiddenLayers: depth)
            let below = judge(try path.samples(RidgePath.logGrid(0.02, 0.25, 40)))
            #expect(below.count == 1 && below[0].order == .undecided)
            #expect(below[0].sentence.contains("heads for the zero net"))
            let above = judge(try path.samples(RidgePath.logGrid(1.1, 3, 40)))
            #expect(above.count == 1 && above[0].order == .undecided)
            #expect(above[0].sentence.contains("every point is in the zero net"))
        }
    }
    @Test func aTransitionAtTheGridsEdgeIsUndecided() throws {
        let path = RidgePath(hiddenLayers: 2)
        let found = judge(try path.samples([0.38] + RidgePath.logGrid(0.41, 1.5, 30), directions: [.cold]))
        #expect(found.count == 1 && found[0].order == .undecided)
        #expect(found[0].location!.covers(0.3968502630))
        #expect(found[0].sentence.contains("too few points on the ordered side"))
    }
    @Test func trainingThatLosesTheOrderedBranchIsNoTransition() throws {
        // Cold starts that fail from γ = 0.2 on, long before the losses meet at 0.397.
        let samples = try RidgePath(hiddenLayers: 2).samples(RidgePath.logGrid(0.02, 1.5, 96), directions: [.cold])
            .map { s in
                s.control < 0.2
                    ? s : sample(s.control, ["loss": 3, "zeroNetLoss": 3, "squaredNorm": 0, "lossSlope": 0])
            }
        let found = judge(samples)
        #expect(found.count == 1 && found[0].order == .undecided)
        #expect(found[0].sentence.contains("training lost the lower branch"))
    }
    @Test func noiseNeverCrashesOrInventsAnOrder() {
        var numbers = Sequence01(3)
        for trial in 0..<200 {
            let count = 1 + trial % 40
            let samples = (0..<count).map { k in
                sample(
                    Double(k % 23) * 0.1 - 0.5,
                    [
                        "loss": numbers.next(), "zeroNetLoss": trial % 3 == 0 ? 2 : numbers.next(),
                        "lossSlope": numbers.next() - 0.5, "squaredNorm": numbers.next(),
                        "lossCurvature": 10 * numbers.next(),
                    ], replica: k % 2)
            }
            let found = judge(samples)
            #expect(!found.isEmpty)
            #expect(found.allSatisfy { $0.order != .second }, "\(found.map(\.sentence))")
        }
    }
}
