import Foundation
import Lanes
import Models
import PhaseSpace
import Testing

@Suite struct CatapultTests {
    /// The map against gradient descent on u and v themselves.
    @Test(arguments: [0.0, 0.03])
    func theMapIsGradientDescentOnTheSolvableNet(omega: Double) {
        let m = 5
        var stream = RandomStream(seed: 3, key: 1, purpose: .initialWeights)
        var (u, v) = (stream.normals(m), stream.normals(m))
        func output() -> Double { dot(u, v) / Double(m).squareRoot() }
        func kernel() -> Double { (dot(u, u) + dot(v, v)) / Double(m) }
        let eta = 2.6 / kernel()
        var map = CatapultMap(
            rate: eta * kernel(), squaredResidual: pow(eta * output(), 2) / Double(m), decay: omega)
        for _ in 0..<40 {
            let f = output()
            let step = eta * f / Double(m).squareRoot()
            (u, v) = (
                zip(u, v).map { (1 - omega) * $0 - step * $1 }, zip(u, v).map { (1 - omega) * $1 - step * $0 }
            )
            map.advance()
            #expect(abs(map.rate - eta * kernel()) < 1e-10)
            #expect(abs(map.squaredResidual - pow(eta * output(), 2) / Double(m)) < 1e-10)
        }
    }

    @Test func belowFourTheNetConvergesAndAboveItDiverges() {
        var stream = RandomStream(seed: 1, key: 2, purpose: .data)
        for _ in 0..<2000 {
            let x = 0.05 + 5.9 * stream.uniform()
            guard abs(x - 4) > 0.02, abs(x - 2) > 0.02 else { continue }
            let z = x * x / 4 * stream.uniform() * 0.999
            let outcome = CatapultMap(rate: x, squaredResidual: z).fate()
            if x > 4 {
                #expect(outcome.regime == .divergent)
            } else {
                #expect(outcome.regime == .lazy || outcome.regime == .catapult)
                #expect(outcome.finalRate <= min(x, 2) + 1e-9)
            }
        }
    }

    @Test(arguments: [0.0, 0.05, 0.2])
    func weightDecayMovesTheOnset(omega: Double) {
        let onset = CatapultMap.onset(decay: omega)
        func peak(_ x: Double) -> Double {
            var map = CatapultMap(rate: x, squaredResidual: 1e-12, decay: omega)
            map.advance()
            return map.squaredResidual / 1e-12
        }
        #expect(peak(onset - 1e-3) < 1 && peak(onset + 1e-3) > 1)
    }

    @Test(arguments: [2.2, 3.0, 3.5, 3.9])
    func orbitsOfTheScheduleHaveTheExactExponents(kappa: Double) {
        var orbit = ProlongedCatapult(kappa: kappa, imbalance: 0.1234)
        var (exponent, flattening, square) = (0.0, 0.0, 0.0)
        for _ in 0..<1000 { orbit.advance() }
        let steps = 400_000
        for _ in 0..<steps {
            exponent += log(abs(orbit.slope))
            flattening += orbit.flattening
            square += orbit.imbalance * orbit.imbalance
            orbit.advance()
        }
        let n = Double(steps)
        #expect(abs(exponent / n - ProlongedCatapult.lyapunovExponent(kappa: kappa)) < 5e-3)
        #expect(abs(flattening / n - ProlongedCatapult.flatteningRate(kappa: kappa)) < 5e-3)
        // The arcsine law.
        #expect(abs(square / n - 0.5) < 5e-3)
    }

    @Test func theExponentOfTheScheduleRunsFromZeroToLogThree() {
        #expect(ProlongedCatapult.lyapunovExponent(kappa: 2) == 0)
        #expect(abs(ProlongedCatapult.lyapunovExponent(kappa: 4) - log(3)) < 1e-15)
        // Just above 2 it opens as 2√(κ − 2).
        let small = ProlongedCatapult.lyapunovExponent(kappa: 2 + 1e-6)
        #expect(abs(small / 2e-3 - 1) < 1e-2)
        #expect(ProlongedCatapult.flatteningRate(kappa: 4) == 0)
    }

    @Test func widthsGrowingAsTheSquareOfDepthKeepTheCoherentPartUniform() {
        for k in [1, 3, 10] {
            #expect(preactivationBudget(layer: k, widthExponent: 2, slopeFluctuation: 0) == 1)
            #expect(preactivationBudget(layer: k, widthExponent: 2, slopeFluctuation: 2) == 1 + 2 * Double(k - 1))
        }
        let cubic = preactivationBudget(layer: 200, widthExponent: 0, slopeFluctuation: 1)
        #expect(abs(cubic / (pow(200, 3) / 3) - 1) < 0.02)
    }
}
