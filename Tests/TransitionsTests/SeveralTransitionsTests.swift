import Foundation
import GSLNumerics
import PhaseSpace
import Testing
import Transitions

/// Noisy curves of many replicas with more than one transition.
@Suite struct SeveralTransitionsTests {
    private func transitions(_ value: (Double) -> Double, seed: UInt64, points: Int = 80) -> [Transition] {
        let numbers = RandomSequence(seed: seed)
        var samples: [CurveSample] = []
        for replica in 0..<8 {
            for k in 0..<points {
                let x = 0.4 + 1.2 * Double(k) / Double(points - 1)
                samples.append(
                    CurveSample(
                        control: x, replica: replica, direction: .cold, outcome: .completed,
                        values: ["m": value(x) + 0.02 * numbers.normal()]))
            }
        }
        let key = CurveKey(model: "synthetic", fixed: [:], axis: "x", orderParameter: "m")
        return verdict(for: Curve(key: key, samples: samples)).transitions
    }

    @Test(arguments: UInt64(1)...2) func twoJumpsAreTwoTransitions(_ seed: UInt64) throws {
        let found = transitions({ x in (x < 0.753 ? 1.5 : x < 1.247 ? 0.8 : 0) - 0.2 * x }, seed: seed)
        try #require(found.map(\.order) == [.first, .first], "\(found.map(\.sentence))")
        for (transition, exact) in zip(found, [0.753, 1.247]) {
            #expect(transition.location!.interval!.contains(exact), "\(transition.sentence)")
        }
    }

    @Test(arguments: UInt64(1)...2) func aJumpAndAnOnsetKeepTheirOrders(_ seed: UInt64) throws {
        let found = transitions(
            { x in (x < 0.7 ? 1 : 0.1) + (x < 1.25 ? 1.2 * (1.25 - x).squareRoot() : 0) }, seed: seed)
        #expect(found.map(\.order) == [.first, .second], "\(found.map(\.sentence))")
    }

    /// F = 1 − (c − x)² below c, 1 above, with places c that differ eightfold between two replicas.
    @Test func anIntervalOfPositivePlacesStaysPositive() throws {
        let places = [0.05, 0.4]
        let samples = places.enumerated().flatMap { replica, c in
            (0..<48).map { k in
                let x = 0.01 * pow(150, Double(k) / 47)
                let depth = max(0, c - x)
                return CurveSample(
                    control: x, replica: replica, direction: .cold, outcome: .completed,
                    values: [
                        "loss": 1 - depth * depth, "lossSlope": 2 * depth, "lossCurvature": depth > 0 ? -2 : 0,
                        "zeroNetLoss": 1, "m": 2 * depth,
                    ])
            }
        }
        let loss = Observable.Name.loss
        let observables = [
            Observable(
                Observable.Name.lossSlope, symbol: "F′", meaning: "",
                derivative: Observable.Derivative(of: loss, order: 1, by: "x")),
            Observable(
                Observable.Name.lossCurvature, symbol: "F″", meaning: "",
                derivative: Observable.Derivative(of: loss, order: 2, by: "x")),
        ]
        let key = CurveKey(model: "synthetic", fixed: [:], axis: "x", orderParameter: "m")
        let found = verdict(for: Curve(key: key, samples: samples), observables: observables).transitions
        try #require(found.map(\.order) == [.second], "\(found.map(\.sentence))")
        let interval = try #require(found[0].location?.interval)
        #expect(interval.low > 0 && places.allSatisfy { interval.contains($0) }, "\(found[0].sentence)")
        #expect(!found[0].sentence.prefix { $0 != ":" }.contains("±"), "\(found[0].sentence)")
    }
}
