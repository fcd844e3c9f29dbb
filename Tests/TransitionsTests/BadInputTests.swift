import Foundation
import GSLNumerics
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

    /// A second-order curve of sixteen noisy replicas, spoilt in one way after the other.
    @Test func spoiltEnsemblesAreUndecidedOrStillRight() throws {
        let sweep = SyntheticSweep(shape: .squareRoot)
        let (curve, location) = sweep.draw(RandomSequence(seed: 11))
        func judged(_ samples: [CurveSample]) -> [Transition] {
            verdict(for: Curve(key: curve.key, samples: samples)).transitions
        }
        func changed(_ s: CurveSample, m: Double) -> CurveSample {
            CurveSample(
                control: s.control, replica: s.replica, direction: s.direction, outcome: s.outcome, values: ["m": m])
        }
        let three = Set(curve.samples.map(\.control)).sorted().prefix(3)
        let few = judged(curve.samples.filter { three.contains($0.control) })
        #expect(few.map(\.order) == [.undecided] && few[0].sentence.contains("only 3 controls"))
        let nan = judged(curve.samples.map { changed($0, m: .nan) })
        #expect(nan.map(\.order) == [.undecided] && nan[0].sentence.contains("only 0 controls"))
        let constant = judged(curve.samples.map { changed($0, m: 2) })
        #expect(constant.map(\.order) == [.undecided])
        #expect(constant[0].sentence.contains("does not vary beyond its scatter"))
        let some = judged(curve.samples.map { $0.replica < 4 ? changed($0, m: .nan) : $0 })
        #expect(some.map(\.order) == [.second] && some[0].location!.covers(location, width: 0.2))
        #expect(some[0].evidence["replicas"]?.number == 12)
        let shuffled = judged(curve.samples.sorted { ($0.values["m"]!, $0.replica) < ($1.values["m"]!, $1.replica) })
        #expect(shuffled.map(\.order) == [.second])
        #expect(shuffled[0].location == judged(curve.samples)[0].location)
        let doubled = judged(curve.samples + curve.samples)
        #expect(doubled.map(\.order) == [.second] && doubled[0].location == shuffled[0].location)
        let single = judged(curve.samples.filter { $0.replica == 0 })
        #expect(single.allSatisfy { [.second, .undecided].contains($0.order) })
        let gaps = judged(curve.samples.enumerated().filter { $0.offset % 11 != 3 }.map(\.element))
        #expect(gaps.map(\.order) == [.second] && gaps[0].location!.covers(location, width: 0.2))
    }
}
