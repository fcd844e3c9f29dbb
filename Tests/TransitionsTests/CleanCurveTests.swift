import Foundation
import GSLNumerics
import PhaseSpace
import Testing
import Transitions

private func judge(_ rows: [(x: Double, y: Double, error: Double?)]) -> [Transition] {
    let samples = rows.map { row in
        var values = ["m": row.y]
        if let error = row.error { values["mError"] = error }
        return CurveSample(control: row.x, replica: 0, direction: .cold, outcome: .completed, values: values)
    }
    let key = CurveKey(model: "table", fixed: [:], axis: "T", orderParameter: "m")
    return tableVerdict(for: Curve(key: key, samples: samples)).verdict.transitions
}
private func grid(_ count: Int, _ low: Double, _ high: Double) -> [Double] {
    (0..<count).map { low + (high - low) * Double($0) / Double(count - 1) }
}

/// Tables whose errors are small: what a description leaves out counts for more than they do.
@Suite struct CleanCurveTests {
    /// m = tanh(m/T), by bisection.
    private func meanField(_ t: Double) -> Double {
        guard t < 1 else { return 0 }
        var (low, high) = (1e-9, 1.0)
        for _ in 0..<100 {
            let middle = (low + high) / 2
            if tanh(middle / t) > middle { low = middle } else { high = middle }
        }
        return low
    }

    @Test func curvesWithoutNoiseVanishAtTheirCriticalPoints() throws {
        var located = 0
        for points in [30, 36, 60, 100] {
            for (f, beta) in [
                (meanField, 0.5), ({ max(0, 1 - $0 * $0.squareRoot()) }, 1),
                ({ max(0, 1 - $0 * $0).squareRoot() }, 0.5),
            ] as [((Double) -> Double, Double)] {
                let found = judge(grid(points, 0.43, 1.61).map { ($0, f($0), nil) })
                try #require(found.count == 1)
                // Values that are estimated to scatter most at the place may leave the order open.
                guard found[0].order != .undecided else { continue }
                located += 1
                #expect(found[0].order == .second && found[0].location!.interval!.contains(1), "\(found[0].sentence)")
                #expect(found[0].location!.interval!.width < 2 * 1.18 / Double(points - 1))
                #expect(found[0].exponent!.interval!.contains(beta), "\(found[0].sentence)")
            }
        }
        #expect(located >= 9)
    }
    /// The magnetisation of a small system near its transition.
    @Test(arguments: [12, 16, 24, 40]) func aSmoothChangeInsideTheRangeIsNeverNone(points: Int) {
        let numbers = RandomSequence(seed: 9)
        for width in [0.2, 0.44, 0.8] {
            for form in [{ tanh($0) }, { erf($0) }, { atan($0) / 1.5 }] as [(Double) -> Double] {
                let found = judge(
                    grid(points, 1.4, 3.2).map {
                        ($0, 0.5 - 0.5 * form(($0 - 2.25) / (0.5 * width)) + 0.005 * numbers.normal(), 0.005)
                    })
                // Within three steps it is a jump for all that the values tell.
                let right: [TransitionOrder] =
                    width < 3 * 1.8 / Double(points - 1) ? [.crossover, .undecided, .first] : [.crossover, .undecided]
                #expect(found.count == 1 && right.contains(found[0].order), "\(found.map(\.sentence))")
            }
        }
    }
    /// The energy of a Potts model with many states jumps between branches that both bend towards the jump.
    @Test func aJumpBetweenCurvedBranchesIsNoOnsetWithASmallExponent() {
        let numbers = RandomSequence(seed: 4)
        for points in [21, 31, 41] {
            for middle in [0.0, 0.5] {
                let found = judge(
                    grid(points, 0.6, 0.8).enumerated().map { i, x in
                        let below = -1.95 + 0.22 * exp((x - 0.71) / 0.025)
                        let above = -0.65 - 0.27 * exp(-(x - 0.71) / 0.03)
                        let isMiddle = i == points * 11 / 20
                        let y = isMiddle ? middle * below + (1 - middle) * above : i < points * 11 / 20 ? below : above
                        return (x, y + 0.005 * numbers.normal(), 0.005)
                    })
                #expect(!found.contains { $0.order == .second }, "\(found.map(\.sentence))")
            }
        }
    }
    /// A column of errors would say what they are; without one, strays must not hide each other.
    @Test func allRunsThatAreStuckAreNamed() {
        let numbers = RandomSequence(seed: 2)
        let stuck = [3, 7]
        let rows = grid(36, 0.4, 1.1).enumerated().map { i, x -> (x: Double, y: Double, error: Double?) in
            let y = x < 0.75 ? 1 - 0.1 * x * x : 0.2
            return (x, (stuck.contains(i) ? 0.5 : y) + 0.001 * numbers.normal(), nil)
        }
        let found = judge(rows)
        #expect(
            found.contains { transition in
                let named = transition.evidence["outliers"]?.numbers ?? []
                return stuck.allSatisfy { i in named.contains { abs($0 - rows[i].x) < 1e-9 } }
            }, "\(found.map(\.sentence))")
    }
}
