import Foundation
import PhaseSpace
import Testing
import Transitions

@Suite struct HermitePolynomialTests {
    @Test func polynomialsAreReproducedWithTheirDerivatives() {
        // f = x⁵ − 2x² + 3: a quintic is exact from two nodes with value, slope and curvature.
        func f(_ x: Double) -> [Double] {
            [pow(x, 5) - 2 * x * x + 3, 5 * pow(x, 4) - 4 * x, 20 * pow(x, 3) - 4]
        }
        let quintic = HermitePolynomial([.init(x: 0.5, f(0.5)), .init(x: 1.5, f(1.5))])
        let lagrange = HermitePolynomial((0...5).map { .init(x: Double($0), [f(Double($0))[0]]) })
        for x in [-1.0, 0.5, 0.9, 1.5, 2.5] {
            for polynomial in [quintic, lagrange] {
                let values = polynomial.values(at: x)
                #expect(abs(values.value - f(x)[0]) < 1e-9)
                #expect(abs(values.slope - f(x)[1]) < 1e-9)
                #expect(abs(values.curvature - f(x)[2]) < 1e-9)
            }
        }
    }
    @Test func oneNodeIsItsTaylorPolynomial() {
        let values = HermitePolynomial([.init(x: 2, [1, 3, 4])]).values(at: 3)
        #expect(values == (6, 7, 4))
        #expect(HermitePolynomial([.init(x: 2, [5])]).values(at: 9) == (5, 0, 0))
    }
}

@Suite struct CriticalExponentTests {
    @Test func correctionsToScalingDoNotBendTheExponent() throws {
        let points = (1...8).map { k in
            let delta = 0.04 * Double(k)
            return (x: 2 - 2 * delta, amplitude: 1.3 * delta.squareRoot() * exp(0.7 * delta))
        }
        let found = try #require(criticalExponent(of: points, location: Measured(2, 1e-9)))
        #expect(abs(found.value.value - 0.5) < 1e-6)
        #expect(abs(found.value.value - 0.5) <= found.value.error)
        #expect(abs(found.range.lowerBound - 0.04) < 1e-9 && abs(found.range.upperBound - 0.32) < 1e-9)
        #expect(found.pointCount == 8)
    }
    @Test func tooFewPointsGiveNone() {
        let points = [(x: 1.0, amplitude: 1.0), (x: 0.9, amplitude: 2), (x: 0.8, amplitude: 3)]
        #expect(criticalExponent(of: points, location: Measured(1.1, 0)) == nil)
        #expect(criticalExponent(of: [], location: Measured(0, 0)) == nil)
    }
}

@Suite struct GlobalPhaseTests {
    @Test func theLowestOfAllDirectionsAndTheZeroNetWins() throws {
        func sample(_ gamma: Double, _ direction: Direction, _ loss: Double, _ norm: Double) -> CurveSample {
            CurveSample(
                control: gamma, replica: 0, direction: direction, outcome: .converged,
                values: ["loss": loss, "zeroNetLoss": 3, "squaredNorm": norm, "lossSlope": norm])
        }
        let curve = Curve(
            key: RidgePath.key,
            samples: [
                sample(1, .cold, 2.5, 2), sample(1, .up, 2, 4), sample(2, .cold, 3, 0), sample(2, .up, 3.2, 3),
                sample(3, .up, 3.4, 2),
            ])
        let phases = globalPhase(of: curve, observables: RidgePath.observables)
        #expect(phases.map(\.freeEnergy) == [2, 3, 3])
        #expect(phases.map(\.source) == [.trained(.up), .trained(.cold), .zeroNet])
        #expect(phases.map(\.isZeroNet) == [false, true, true])
        #expect(phases.map(\.orderParameter) == [4, 0, 0])
        #expect(phases[0].slope == 4)
    }
    @Test func freeEnergyIsConcaveAndItsSlopeTheOrderParameter() throws {
        let grid = RidgePath.logGrid(0.02, 1.5, 96)
        for depth in 0...4 {
            let path = RidgePath(hiddenLayers: depth, variances: [1, 0.02], signal: [0.8, 0.2])
            let phases = globalPhase(of: try path.curve(grid), observables: RidgePath.observables)
            #expect(phases.count == 96)
            for (a, b) in zip(phases, phases.dropFirst()) {
                #expect(b.orderParameter! <= a.orderParameter! + 1e-12)
                let chord = (b.freeEnergy - a.freeEnergy) / (b.control - a.control)
                #expect(chord <= a.orderParameter! + 1e-9 && chord >= b.orderParameter! - 1e-9)
            }
        }
    }
}
