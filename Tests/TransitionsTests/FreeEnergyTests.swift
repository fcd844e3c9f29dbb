import Foundation
import PhaseSpace
import Testing
import Transitions

private let grid = RidgePath.logGrid(0.02, 1.5, 96)

private func judge(_ curve: Curve, theory: [Transition]? = nil) -> Verdict {
    verdict(for: curve, axisControl: RidgePath.gamma, observables: RidgePath.observables, theory: theory)
}

@Suite struct FreeEnergyTests {
    @Test func ridgeRegressionHasNoTransition() throws {
        for variances in [[1.0], [1, 0.3, 2], [1, 0.01]] {
            let path = RidgePath(
                hiddenLayers: 0, variances: variances, signal: [1, 0.4, -0.3].prefix(variances.count) + [])
            let found = judge(try path.curve(grid))
            #expect(found.transitions.count == 1)
            #expect(found.transitions[0].order == .none)
            #expect(found.transitions[0].location == nil)
            #expect(
                found.transitions[0].sentence
                    == "no transition between γ = 0.02 and 1.5: Σ‖W‖² changes smoothly")
        }
    }

    @Test func oneHiddenLayerIsSecondOrderAtTheNormOfTheSignal() throws {
        let path = RidgePath(hiddenLayers: 1, variances: [1, 0.3, 2], signal: [0.7, 0.3, -0.5])
        let exact = 0.83.squareRoot()
        let slope = 2 * 0.83 / (0.49 + 0.3 * 0.09 + 2 * 0.25)
        let found = judge(try path.curve(grid)).transitions
        try #require(found.count == 1)
        #expect(found[0].order == .second)
        #expect(found[0].location!.covers(exact, width: 1e-3))
        #expect(found[0].curvatureJump!.covers(slope, width: 0.05))
        #expect(found[0].exponent!.covers(0.5, width: 0.05))
        #expect(found[0].jump == nil && found[0].latentHeat == nil)
        #expect(abs(found[0].evidence["orderParameterBelow"]!.number!) < 1e-3)
        #expect(found[0].sentence.hasPrefix("second order at γ = 0.911"))
    }

    /// D, γ*, γ_sp, t*, Q for q = α = 1: closed forms of the isotropic net.
    @Test(arguments: [
        (2, 0.3968502630, 0.4724703937, 0.62996052, 0.75), (3, 0.2721655270, 0.3849001795, 0.81649658, 0.888889),
        (4, 0.2103665898, 0.3469754742, 0.89130123, 0.9375), (6, 0.1463156284, 0.3121313104, 0.94924165, 0.972222),
    ])
    func deepNetsAreFirstOrderAtTheMaxwellPoint(
        depth: Int, gamma: Double, spinodal: Double, share: Double, heat: Double
    ) throws {
        let found = judge(try RidgePath(hiddenLayers: depth).curve(grid)).transitions
        try #require(found.count == 1)
        #expect(found[0].order == .first)
        #expect(found[0].location!.covers(gamma, width: 1e-5))
        #expect(abs(found[0].jump!.value - Double(depth + 1) * share) < 1e-4)
        #expect(abs(found[0].latentHeat!.value - heat) < 1e-5)
        #expect(found[0].spinodal!.covers(spinodal, width: 0.02))
        #expect(found[0].lowerSpinodal!.value == 0)
        #expect(found[0].evidence["loopOpen"]?.bool == true)
        #expect(found[0].sentence.contains("the down-sweep never leaves the zero net (loop open)"))
        let loop = found[0].evidence["hysteresis"]!.numbers!
        #expect(loop[0] == grid[0] && loop[1] > gamma && loop[1] < spinodal)
    }

    @Test func coldPointsAloneStillFindTheMaxwellPoint() throws {
        let found = judge(try RidgePath(hiddenLayers: 2).curve(grid, directions: [.cold])).transitions
        #expect(found.count == 1 && found[0].order == .first)
        #expect(found[0].location!.covers(0.3968502630, width: 1e-3))
        #expect(found[0].spinodal == nil && found[0].lowerSpinodal == nil)
    }

    @Test func transitionsBetweenTrainedPhasesAreSeparate() throws {
        let path = RidgePath(hiddenLayers: 2, variances: [1, 0.001], signal: [1, 0.0316227766])
        let branches = try path.branches()
        try #require(branches.count == 2)
        let found = judge(try path.curve(grid)).transitions
        try #require(found.count == 2)
        #expect(found.allSatisfy { $0.order == .first })
        #expect(found[0].location!.covers(0.0460848, width: 1e-3))
        #expect(found[1].location!.covers(0.39738, width: 1e-3) || abs(found[1].location!.value - 0.39738) < 1e-5)
        #expect(abs(found[0].jump!.value - 3 * (4.9701 - 1.3015)) < 0.05)
        #expect(found[0].spinodal!.covers(branches[0].gamma.upperBound))
        #expect(found[1].spinodal!.covers(branches[1].gamma.upperBound))
        #expect(found[0].lowerSpinodal == nil)
    }

    @Test func replicasAverageTheirOwnTransitions() throws {
        for depth in 1...3 {
            var samples: [CurveSample] = []
            var exact: [Double] = []
            for replica in 0..<8 {
                let norm = 1 + 0.05 * sin(Double(3 * replica + 1))
                let path = RidgePath(hiddenLayers: depth, signal: [norm])
                samples += try path.samples(grid, replica: replica)
                exact.append(depth == 1 ? norm : try path.maxwellPoint(path.branches()[0], nil))
            }
            let found = judge(Curve(key: RidgePath.key, samples: samples)).transitions
            try #require(found.count == 1)
            let mean = exact.reduce(0, +) / 8
            #expect(found[0].order == (depth == 1 ? .second : .first))
            #expect(abs(found[0].location!.value - mean) < 1e-5)
            // Student's 95 % interval of eight values: 2.3646 standard errors each way.
            let spread = (exact.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 56).squareRoot() * 2.364624251592785
            let half = found[0].location!.interval!.width / 2
            #expect(half > spread && half < spread + 1e-3)
            #expect(found[0].evidence["replicasAgreeing"]?.number == 8)
        }
    }

    @Test func replicasThatDisagreeOnTheOrderDecideNothing() throws {
        var samples: [CurveSample] = []
        for replica in 0..<4 {
            samples += try RidgePath(hiddenLayers: 1 + replica % 2).samples(grid, replica: replica)
        }
        let found = judge(Curve(key: RidgePath.key, samples: samples)).transitions
        #expect(found.count == 1 && found[0].order == .undecided)
        #expect(
            found[0].sentence.contains("the replicas disagree on its order (2 first, 2 second, 0 undecided; 0 none)"))
    }

    @Test func pointsThatAreNotDoneAreCountedNotUsed() throws {
        let failed = grid.map {
            CurveSample(
                control: $0, replica: 0, direction: .cold, outcome: .stalled,
                values: ["loss": -100, "squaredNorm": 50, "zeroNetLoss": 3])
        }
        let path = RidgePath(hiddenLayers: 2)
        let found = judge(Curve(key: RidgePath.key, samples: try path.samples(grid) + failed))
        #expect(found.outcomes == [.converged: 288, .stalled: 96])
        #expect(found.transitions[0].location!.covers(0.3968502630, width: 1e-5))
        #expect(found.transitions[0].evidence["otherOutcomes"]?["stalled"]?.number == 96)
    }

    @Test func coldStartsThatMissTheMinimumDoNotMakeATransition() throws {
        let path = RidgePath(hiddenLayers: 2)
        let samples = try path.samples(grid, directions: [.cold]).enumerated().map { i, sample in
            guard [20, 33, 47].contains(i) else { return sample }
            return CurveSample(
                control: sample.control, replica: 0, direction: .cold, outcome: .converged,
                values: ["loss": 3, "zeroNetLoss": 3, "squaredNorm": 0, "lossSlope": 0, "lossCurvature": 0])
        }
        let found = judge(Curve(key: RidgePath.key, samples: samples)).transitions
        #expect(found.count == 1 && found[0].order == .first)
        #expect(found[0].location!.covers(0.3968502630, width: 1e-3))
        #expect(found[0].evidence["missedMinima"]?.numbers == [20, 33, 47].map { grid[$0] })
    }

    @Test func curvatureMayBeMissingAnywhere() throws {
        for (depth, exact) in [(1, 1.0), (2, 0.3968502630)] {
            let samples = try RidgePath(hiddenLayers: depth).samples(grid).enumerated().map { i, sample in
                var values = sample.values
                if depth == 2 || i % 7 == 3 { values["lossCurvature"] = nil }
                return CurveSample(
                    control: sample.control, replica: 0, direction: sample.direction, outcome: .converged,
                    values: values)
            }
            let found = judge(Curve(key: RidgePath.key, samples: samples)).transitions
            try #require(found.count == 1)
            #expect(found[0].order == (depth == 1 ? .second : .first))
            #expect(found[0].location!.covers(exact, width: 1e-3))
        }
    }

    @Test func lossesWithoutDerivativesStillHaveAMaxwellPoint() throws {
        let found = verdict(for: try RidgePath(hiddenLayers: 2).curve(grid)).transitions
        #expect(found.count == 1 && found[0].order == .first)
        #expect(found[0].location!.covers(0.3968502630, width: 1e-3))
        #expect(found[0].jump == nil)
    }

    @Test func theoryStandsInTheVerdictWithItsDeviation() throws {
        let exact = Transition(order: .first, location: Estimate(0.3968502630), sentence: "")
        let found = judge(try RidgePath(hiddenLayers: 2).curve(grid), theory: [exact])
        #expect(found.theory?.count == 1)
        #expect(abs(found.transitions[0].evidence["deviation"]!.number!) < 1e-6)
        #expect(abs(found.transitions[0].evidence["deviationInStandardErrors"]!.number!) < 2)
        let none = judge(try RidgePath(hiddenLayers: 0).curve(grid), theory: [])
        #expect(none.theory?.isEmpty == true)
    }

    /// F = 3 − Σₖ (γₖ − γ)²₊: modes that die one after the other, as in a linear autoencoder.
    @Test(arguments: [true, false]) func modesThatDieOneByOneAreSuccessiveKinks(hasZeroNet: Bool) throws {
        let modes = [0.3, 0.9]
        let samples = grid.map { gamma in
            let alive = modes.filter { gamma < $0 }.map { $0 - gamma }
            var values = [
                "loss": 3 - alive.reduce(0) { $0 + $1 * $1 }, "squaredNorm": alive.reduce(0) { $0 + 2 * $1 },
                "lossCurvature": -2 * Double(alive.count),
            ]
            values["lossSlope"] = values["squaredNorm"]
            if hasZeroNet { values["zeroNetLoss"] = 3 }
            return CurveSample(control: gamma, replica: 0, direction: .cold, outcome: .converged, values: values)
        }
        let found = judge(Curve(key: RidgePath.key, samples: samples)).transitions
        try #require(found.map(\.order) == [.second, .second])
        for (transition, mode) in zip(found, modes) {
            #expect(transition.location!.covers(mode, width: 1e-3))
            #expect(transition.curvatureJump!.covers(2))
        }
        #expect(found[0].sentence.contains("Σ‖W‖² is continuous and has a kink"))
    }

    /// Losses good to σ, slopes to 10³σ, curvatures to 10⁵σ.
    @Test(arguments: [1e-11, 1e-9, 1e-7]) func scatterOfTrainingMakesNoTransition(sigma: Double) throws {
        var numbers = Sequence01(5)
        func deviate() -> Double { (0..<4).reduce(-2.0) { sum, _ in sum + numbers.next() } * 3.0.squareRoot() }
        for trial in 0..<40 {
            let depth = trial % 4
            let path = RidgePath(hiddenLayers: depth, variances: [1, 0.2], signal: [0.9, 0.4])
            let samples = try path.samples(grid).map { sample in
                var values = sample.values
                if values["squaredNorm"]! > 0 {
                    values["loss"]! += sigma * deviate()
                    values["squaredNorm"]! += 1e3 * sigma * deviate()
                    values["lossSlope"] = values["squaredNorm"]
                    values["lossCurvature"]! += 1e5 * sigma * deviate()
                }
                return CurveSample(
                    control: sample.control, replica: 0, direction: sample.direction, outcome: .converged,
                    values: values)
            }
            let found = judge(Curve(key: RidgePath.key, samples: samples)).transitions
            let expected: TransitionOrder = [.none, .second, .first, .first][depth]
            #expect(found.count == 1)
            #expect(found[0].order == expected || (sigma > 1e-8 && depth < 2 && found[0].order == .undecided))
            guard found[0].order == expected, let location = found[0].location else { continue }
            let exact = depth == 1 ? 0.97.squareRoot() : try path.maxwellPoint(path.branches()[0], nil)
            #expect(location.covers(exact), "\(found[0].sentence)")
        }
    }
}

@Suite struct IntervalCoverageTests {
    /// Nets with random spectra: every stated order is right and every stated interval holds the exact location.
    @Test(arguments: [12, 24, 48, 96]) func statedIntervalsHoldTheTruth(points: Int) throws {
        var numbers = Sequence01(7)
        var decided = 0
        for trial in 0..<200 {
            let depth = trial % 5
            let modes = 1 + Int(numbers.next() * 3)
            let path = RidgePath(
                hiddenLayers: depth, variances: (0..<modes).map { _ in pow(10, -1.5 * numbers.next()) },
                signal: (0..<modes).map { _ in pow(10, -numbers.next()) })
            let grid = RidgePath.logGrid(0.01 + 0.02 * numbers.next(), 1.3 + numbers.next(), points)
            let found = judge(try path.curve(grid, directions: trial % 2 == 0 ? [.cold] : [.cold, .up, .down]))
            for transition in found.transitions where ![.undecided, .none].contains(transition.order) {
                decided += 1
                let branches = try path.branches()
                #expect(transition.order == (depth == 1 ? .second : .first), "\(path)")
                let exact =
                    depth == 1
                    ? [path.signal.reduce(0) { $0 + $1 * $1 }.squareRoot()]
                    : try branches.indices.map { k in
                        try path.maxwellPoint(branches[k], k + 1 < branches.count ? branches[k + 1] : nil)
                    }
                #expect(
                    exact.contains { transition.location!.covers($0) }, "\(path): \(exact), \(transition.sentence)")
            }
            if depth == 0 { #expect([.none, .undecided].contains(found.transitions[0].order)) }
        }
        #expect(decided > (points < 48 ? 90 : 140))
    }
}
