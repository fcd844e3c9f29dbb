import Foundation
import PhaseSpace
import Testing
import Transitions

/// F = min of branches that are each smooth and concave: what a sweep of a nonlinear net stores, in closed form.
private struct InnerJump {
    /// F′ = c − s x of the two phases, with equal F at `place`.
    var place = 0.0563475
    var jump = 0.1146
    var slope = 3.2
    var steepness = (left: 20.0, right: 4.0)
    /// Where the metastable phases end, as fractions of the place on its two sides.
    var window = 0.01

    /// F, F′ and F″ of the phase of one side: near its end F″ diverges like the inverse root of the distance.
    func state(_ x: Double, isLeft: Bool) -> (loss: Double, slope: Double, curvature: Double)? {
        let end = place * (isLeft ? 1 + window : 1 - window)
        let sign = isLeft ? 1.0 : -1.0
        let distance = sign * (end - x)
        guard distance > 0 else { return nil }
        let (d0, a) = (sign * (end - place), isLeft ? 0.6 : 0.2)
        let steep = isLeft ? steepness.left : steepness.right
        let above = isLeft ? jump / 2 : -jump / 2
        // F′ = slope ± J/2 − s (x − x*) ± a (√d − √d₀): F is its integral from the place on.
        let root = a * (distance.squareRoot() - d0.squareRoot())
        let first = slope + above - steep * (x - place) + sign * root
        let second = -steep - a / (2 * distance.squareRoot())
        let area = -sign * a * (2.0 / 3) * (pow(distance, 1.5) - pow(d0, 1.5)) - a * d0.squareRoot() * (x - place)
        let loss = 0.34 + (slope + above) * (x - place) - steep * (x - place) * (x - place) / 2 + sign * area
        return (loss, first, second)
    }

    func samples(_ grid: [Double], replicas: Int = 1, warm: Bool = true, noise: Double = 0) -> [CurveSample] {
        var samples: [CurveSample] = []
        for x in grid {
            let states = [true, false].compactMap { state(x, isLeft: $0) }
            let lowest = states.min { $0.loss < $1.loss }!
            let up = state(x, isLeft: true) ?? lowest
            let down = state(x, isLeft: false) ?? lowest
            for replica in 0..<replicas {
                for (direction, s) in [(Direction.cold, lowest), (.up, up), (.down, down)]
                where warm || direction == .cold {
                    let shift = direction == .down ? noise : 0
                    samples.append(
                        CurveSample(
                            control: x, replica: replica, direction: direction, outcome: .converged,
                            values: [
                                "loss": s.loss + shift, "lossSlope": s.slope, "lossCurvature": s.curvature,
                                "zeroNetLoss": 1, "squaredNorm": s.slope,
                            ]))
                }
            }
        }
        return samples
    }
}

private func curve(_ samples: [CurveSample]) -> Curve {
    Curve(
        key: CurveKey(model: "weight-decay", fixed: [:], axis: "gamma", orderParameter: "squaredNorm"), samples: samples
    )
}

private func judge(_ samples: [CurveSample]) -> [Transition] {
    verdict(for: curve(samples), axisControl: RidgePath.gamma, observables: RidgePath.observables).transitions
}

@Suite struct InnerTransitionTests {
    /// The metastable window of 1 % is narrower than a grid's interval.
    @Test(arguments: [24, 32, 48, 64, 96, 128, 192]) func aJumpWithinOneIntervalIsNeverPassedOver(points: Int) throws {
        let path = InnerJump()
        let found = judge(path.samples(RidgePath.logGrid(0.02, 0.3, points)))
        try #require(found.count == 1)
        #expect(found[0].order == .first || found[0].order == .undecided)
        let interval = try #require(found[0].location?.interval)
        #expect(interval.contains(path.place))
        if found[0].order == .undecided { #expect(found[0].sentence.contains("train more points here")) }
    }

    @Test(arguments: [24, 48, 96], [true, false]) func probesResolveIt(points: Int, warm: Bool) throws {
        let path = InnerJump()
        let grid = RidgePath.logGrid(0.02, 0.3, points)
        var samples = path.samples(grid, replicas: 2, warm: warm)
        let probing = Probing(curve(samples))
        for _ in 0..<Probing.roundLimit {
            let requests = probing.requests(for: curve(samples), observables: RidgePath.observables)
            #expect(requests.count <= 1 && requests.allSatisfy { $0.replica == nil })
            guard let asked = requests.first else { break }
            samples += path.samples(asked.values, replicas: 2, warm: false)
        }
        let found = judge(samples)
        try #require(found.count == 1)
        #expect(found[0].order == .first)
        #expect(found[0].location!.covers(path.place, width: 1e-3 * path.place))
        #expect(abs(found[0].jump!.value - path.jump) < 0.02 * path.jump)
        #expect(Set(samples.map(\.control)).count < 2 * points)
    }

    @Test func smoothCurvesAskForNoProbes() throws {
        for path in [
            RidgePath(hiddenLayers: 0, variances: [1, 0.3, 2], signal: [1, 0.4, -0.3]), RidgePath(hiddenLayers: 2),
        ] {
            let curve = try path.curve(RidgePath.logGrid(0.02, 1.5, 48))
            #expect(Probing(curve).requests(for: curve, observables: RidgePath.observables).isEmpty)
        }
    }

    /// The lowest rows are one smooth curve; a sweep that stops a little above them is no other phase.
    @Test func rowsThatLieALittleHigherAreNoOtherPhase() throws {
        let grid = (0..<60).map { 0.033 + 0.008 * Double($0) / 59 }
        var samples: [CurveSample] = []
        for (i, x) in grid.enumerated() {
            let (a, g) = (0.02, 0.3)
            let norm = g * g / ((a + x) * (a + x))
            let values = [
                "loss": 3 - g * g / (a + x), "lossSlope": norm, "lossCurvature": -2 * norm / (a + x),
                "zeroNetLoss": 3.0, "squaredNorm": norm,
            ]
            for direction in [Direction.cold, .up, .down] {
                var own = values
                if direction == .down, i % 12 > 7 {
                    own["loss"]! += 3e-7
                    own["lossSlope"]! -= 0.004
                    own["squaredNorm"]! -= 0.004
                }
                samples.append(
                    CurveSample(control: x, replica: 0, direction: direction, outcome: .converged, values: own))
            }
        }
        let found = judge(samples)
        #expect(found.count == 1 && found[0].order != .first && found[0].order != .second)
    }

    /// A start that stops in a higher minimum is seen by the tangents of the others: F is concave.
    @Test func aMinimumAboveATangentIsNotTheLowest() throws {
        let path = InnerJump()
        let grid = RidgePath.logGrid(0.02, 0.3, 96)
        var samples = path.samples(grid, warm: false)
        let missed = grid.firstIndex { $0 > 0.1 }!
        samples = samples.map { sample in
            guard sample.control == grid[missed] || sample.control == grid[missed + 1] else { return sample }
            var values = sample.values
            values["loss"]! += 1e-3
            return CurveSample(
                control: sample.control, replica: 0, direction: .cold, outcome: .converged, values: values)
        }
        let found = judge(samples)
        #expect(found.allSatisfy { $0.location.map { $0.value < 0.06 } ?? true })
        #expect(found[0].evidence["missedMinima"]?.numbers == [grid[missed], grid[missed + 1]])
    }
}
