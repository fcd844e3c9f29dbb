import Foundation
import GSLNumerics
import PhaseSpace
import Testing
import Transitions

@Suite struct TransitionLineTests {
    /// Landau's φ = (γ − 1) t + K t² + t³ for t ≥ 0: second order at γ = 1 for K > 0, first at 1 + K²/4 for K < 0.
    private struct SixthOrder {
        let quartic: Double

        func curve() -> Curve {
            var samples: [CurveSample] = []
            for k in 0..<81 {
                // No grid point at a transition: there both phases have equal loss.
                let gamma = 0.6037 + 0.8 * Double(k) / 80
                func sample(_ t: Double, _ curvature: Double, _ direction: Direction) -> CurveSample {
                    CurveSample(
                        control: gamma, replica: 0, direction: direction, outcome: .converged,
                        values: [
                            "loss": 2 + (gamma - 1) * t + quartic * t * t + t * t * t, "zeroNetLoss": 2,
                            "squaredNorm": t,
                            "lossSlope": t, "lossCurvature": curvature,
                        ])
                }
                let root = quartic * quartic - 3 * (gamma - 1)
                let t = root > 0 ? (-quartic + root.squareRoot()) / 3 : 0
                let isThere = root > 0 && t > 0
                let up = isThere ? sample(t, -0.5 / root.squareRoot(), .up) : sample(0, 0, .up)
                let isLowest = up.values["loss"]! < 2
                samples.append(up)
                samples.append(isLowest ? sample(t, -0.5 / root.squareRoot(), .cold) : sample(0, 0, .cold))
            }
            return Curve(key: RidgePath.key, samples: samples)
        }
    }

    private func row(_ other: Double, _ curve: Curve) -> PlaneRow {
        let found = verdict(for: curve, axisControl: RidgePath.gamma, observables: RidgePath.observables)
        let controls = curve.samples.map(\.control)
        return PlaneRow(other: other, transitions: found.transitions, controls: controls.min()!...controls.max()!)
    }

    @Test func theOrderChangesAtTheTricriticalPoint() throws {
        // The quartic coefficient of a tanh net with a teacher z + c He₃(z) is 3 + 4c.
        let rows = [-1, -0.95, -0.9, -0.85, -0.72, -0.68, -0.6, -0.5].map { c in
            row(c, SixthOrder(quartic: 3 + 4 * c).curve())
        }
        let lines = transitionLines(rows)
        try #require(lines.count == 1)
        #expect(lines[0].points.map(\.order) == [.first, .first, .first, .first, .second, .second, .second, .second])
        let special = try #require(lines[0].specialPoints.first)
        #expect(lines[0].specialPoints.count == 1 && special.kind == .tricritical)
        let interval = try #require(special.other.interval)
        #expect(interval.contains(-0.75) && interval.width < 0.02, "\(special.other)")
        let place = try #require(special.location)
        #expect(abs(place.value - 1) < 1e-3 && place.interval!.contains(1), "\(place)")
        #expect(special.sentence(other: "c", axis: "γ").hasPrefix("tricritical point at c = -0.7"))
    }

    /// Two directions of input, the weaker one's variance 1/R of the other's. Over all signals the second trained phase
    /// appears first at R = 18.4, where both lie above the zero net; with this one at 48.6, where they lie below it.
    private func twoModes(_ condition: Double) -> RidgePath {
        RidgePath(hiddenLayers: 2, variances: [1, 1 / condition], signal: [1, pow(condition, -0.3)])
    }

    @Test func theLineBetweenTwoTrainedPhasesEndsAtACriticalPoint() throws {
        // Where the second ordered branch appears: where the ridge path first has two folds more.
        let exact = try root(
            of: { try twoModes($0).branches().count > 1 ? 1 : -1 }, in: 30...80, relativeTolerance: 1e-6)
        let factors = [0.8, 0.92, 1.04, 1.12, 1.2, 1.3, 1.45, 1.6]
        let rows = try factors.map { factor in
            let path = twoModes(factor * exact)
            return row(factor * exact, try path.curve(RidgePath.logGrid(0.1, 1, 300)))
        }
        let lines = transitionLines(rows)
        let special = lines.flatMap(\.specialPoints)
        try #require(special.count == 1, "\(lines.map { $0.points.map(\.order) })")
        #expect(special[0].kind == .criticalEnd)
        let interval = try #require(special[0].other.interval)
        #expect(interval.contains(exact), "\(special[0].other), exact \(exact)")
        #expect(interval.width < 0.1 * exact)
    }

    private func transition(_ x: Double, _ order: TransitionOrder = .first) -> Transition {
        Transition(order: order, location: Estimate(x))
    }

    @Test func linesGoOnToTheNearestTransitionAndDoNotCross() {
        let rows = [
            PlaneRow(other: 1, transitions: [transition(5)], controls: 0...10),
            PlaneRow(other: 2, transitions: [transition(5.1)], controls: 0...10),
            PlaneRow(other: 3, transitions: [transition(1), transition(5.2)], controls: 0...10),
            PlaneRow(other: 4, transitions: [transition(2), transition(5.3)], controls: 0...10),
            PlaneRow(other: 5, transitions: [Transition(order: .none)], controls: 0...10),
        ]
        let lines = transitionLines(rows, isContinuous: false)
        #expect(lines.map { $0.points.map { $0.transition.location!.value } } == [[5, 5.1, 5.2, 5.3], [1, 2]])
        #expect(lines.allSatisfy { $0.specialPoints.isEmpty })
    }

    @Test func aLineThatLeavesTheGridDoesNotEnd() {
        func first(_ x: Double, jump: Double) -> Transition {
            var result = transition(x)
            result.jump = Estimate(jump)
            return result
        }
        func specials(_ range: ClosedRange<Double>) -> [SpecialPoint] {
            transitionLines([
                PlaneRow(other: 1, transitions: [first(3, jump: 2)], controls: range),
                PlaneRow(other: 2, transitions: [first(4, jump: 1.5)], controls: range),
                PlaneRow(other: 3, transitions: [Transition(order: .none)], controls: range),
            ]).flatMap(\.specialPoints)
        }
        #expect(specials(0...4.5).isEmpty)
        #expect(specials(0...8).map(\.kind) == [.criticalEnd])
    }

    @Test func theLoopOfAnOpenSweepSaysSo() throws {
        let path = RidgePath(hiddenLayers: 2)
        let loop = try #require(hysteresisLoop(of: try path.curve(RidgePath.logGrid(0.05, 1, 200))))
        #expect(loop.isOpenBelow && !loop.isOpenAbove && loop.hasArea)
        let closed = try #require(
            hysteresisLoop(of: try RidgePath(hiddenLayers: 1).curve(RidgePath.logGrid(0.05, 1.5, 100))))
        #expect(!closed.isOpenBelow && !closed.hasArea)
        #expect(hysteresisLoop(of: try path.curve(RidgePath.logGrid(0.05, 1, 200), directions: [.cold])) == nil)
    }
}
