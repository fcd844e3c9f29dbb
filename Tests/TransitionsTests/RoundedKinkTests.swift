import Foundation
import GSLNumerics
import PhaseSpace
import Testing
import Transitions

/// F = min over b of (γ − 1) b² + b⁴/2 − h b: the second-order transition of one hidden layer, rounded by a field.
@Suite struct RoundedKinkTests {
    private let step = 0.02

    private func order(field h: Double, shift: Double = 0.0037) throws -> TransitionOrder {
        let samples = try (0..<60).map { k -> CurveSample in
            let gamma = 0.4 + step * Double(k) + shift
            let b: Double
            if h == 0 {
                b = max(0, 1 - gamma).squareRoot()
            } else {
                b = try root(
                    of: { 2 * (gamma - 1) * $0 + 2 * $0 * $0 * $0 - h }, in: 0...3, relativeTolerance: 1e-15)
            }
            // dR/dγ with R = b², from the derivative of the stationarity condition.
            let slope = h == 0 ? (b > 0 ? -1 : 0) : -4 * b * b / (2 * (gamma - 1) + 6 * b * b)
            return CurveSample(
                control: gamma, replica: 0, direction: .cold, outcome: .converged,
                values: [
                    "loss": 2 + (gamma - 1) * b * b + b * b * b * b / 2 - h * b, "squaredNorm": b * b,
                    "lossSlope": b * b, "lossCurvature": slope,
                ])
        }
        let found = verdict(
            for: Curve(key: RidgePath.key, samples: samples), axisControl: RidgePath.gamma,
            observables: RidgePath.observables)
        return found.transitions[0].order
    }

    @Test func withoutAFieldTheOrderIsSecond() throws {
        #expect(try order(field: 0) == .second)
    }

    @Test(arguments: [1, 2, 4, 10]) func aRoundedKinkIsNoTransition(_ widthInSteps: Double) throws {
        // Far below a step no grid tells the two apart. R is about (h/2)^(2/3) at the kink's place, and the kink is rounded over three times that.
        let h = 2 * pow(widthInSteps * step / 3, 1.5)
        for shift in [0.001, 0.0037, 0.0081, 0.0133, 0.0179] {
            #expect(try order(field: h, shift: shift) != .second, "width \(widthInSteps) steps, shift \(shift)")
        }
    }
}
