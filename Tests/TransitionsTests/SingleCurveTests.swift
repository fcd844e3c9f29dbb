import Foundation
import GSLNumerics
import PhaseSpace
import Testing
import Transitions

private func table(
    _ points: Int = 40, error: Double? = nil, direction: Direction = .cold, name: String = "m",
    _ f: (Double) -> Double
) -> [CurveSample] {
    (0..<points).map { i in
        let x = 0.1 + 1.9 * Double(i) / Double(points - 1)
        var values = [name: f(x)]
        if let error { values[name + "Error"] = error }
        return CurveSample(control: x, replica: 0, direction: direction, outcome: .completed, values: values)
    }
}
private func judge(_ samples: [CurveSample], _ options: JudgingOptions = JudgingOptions()) -> TableVerdict {
    let key = CurveKey(model: "table", fixed: [:], axis: "T", orderParameter: "m")
    return tableVerdict(for: Curve(key: key, samples: samples), options: options)
}

/// Tables of one value a control with normal errors, as docs/coverage.md measures them: fewer of them.
@Suite struct SingleCurveTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let order: TransitionOrder
        let error: Double
        /// Of 16 tables.
        let fewestRight: Int
        let value: @Sendable (Double) -> Double
        var testDescription: String { "\(name), error \(error)" }
    }
    static let cases: [Case] = [
        Case(name: "β = 1/2", order: .second, error: 0.01, fewestRight: 14) { $0 < 0 ? (-$0).squareRoot() : 0 },
        Case(name: "β = 1/2", order: .second, error: 0.1, fewestRight: 0) { $0 < 0 ? (-$0).squareRoot() : 0 },
        Case(name: "β = 1", order: .second, error: 0.01, fewestRight: 14) { $0 < 0 ? -$0 : 0 },
        Case(name: "β = 1/8", order: .second, error: 0.03, fewestRight: 2) { $0 < 0 ? pow(-$0, 0.125) : 0 },
        Case(name: "jump", order: .first, error: 0.01, fewestRight: 14) { $0 < 0 ? 0.95 - 0.2 * (1 + $0) : 0 },
        Case(name: "jump", order: .first, error: 0.1, fewestRight: 0) { $0 < 0 ? 0.95 - 0.2 * (1 + $0) : 0 },
        Case(name: "tanh", order: .crossover, error: 0.01, fewestRight: 14) { 0.5 * (1 - tanh($0 / 0.15)) },
        Case(name: "decay", order: .none, error: 0.01, fewestRight: 13) { exp(-(1 + $0)) },
    ]

    @Test(arguments: cases) func verdictsOnNoisyTablesAreRightOrUndecided(_ c: Case) {
        let numbers = RandomSequence(seed: 11)
        var (right, wrong, covered, located) = (0, 0, 0, 0)
        for _ in 0..<16 {
            let points = 25 + numbers.index(below: 30)
            let place = 0.7 + 0.6 * numbers.uniform()
            let samples = (1...points).map { i in
                let x = 2 * Double(i) / Double(points)
                return CurveSample(
                    control: x, replica: 0, direction: .cold, outcome: .completed,
                    values: ["m": c.value(x - place) + 0.3 + c.error * numbers.normal(), "mError": c.error])
            }
            let found = judge(samples).verdict.transitions
            if found.map(\.order) == [c.order] {
                right += 1
                if let interval = found[0].location?.interval {
                    located += 1
                    if interval.contains(place) { covered += 1 }
                }
            } else if !found.contains(where: { $0.order == .undecided }) {
                wrong += 1
            }
        }
        #expect(wrong == 0 && right >= c.fewestRight)
        #expect(located - covered <= 2)
    }

    @Test(arguments: [20, 40, 100]) func kinksWithoutNoiseAreSecondOrder(points: Int) throws {
        for f in [{ $0 < 1 ? -$0 : -1 - 2 * ($0 - 1) }, { abs($0 - 1.03) }] as [(Double) -> Double] {
            let found = judge(table(points, f)).verdict.transitions
            try #require(found.map(\.order) == [.second])
            #expect(found[0].sentence.contains("m has a kink, or with a jump below"))
            #expect(abs(found[0].exponent!.value - 1) < 0.1)
        }
    }
    @Test func aSmallJumpUnderASquareRootIsSeen() {
        let found = judge(table(100) { $0 < 1 ? 0.02 + (1 - $0).squareRoot() : 0 }).verdict.transitions
        #expect(found.map(\.order) == [.first])
    }
    @Test func twoOnsetsAreTwo() throws {
        let found = judge(
            table(40) { $0 < 0.6 ? (0.6 - $0).squareRoot() : $0 > 1.4 ? -($0 - 1.4).squareRoot() : 0 }
        ).verdict.transitions
        try #require(found.map(\.order) == [.second, .second])
        #expect(found[0].location!.covers(0.6, width: 0.05) && found[1].location!.covers(1.4, width: 0.05))
    }
    @Test func aWaveHasNoTransition() {
        for points in [20, 40] {
            #expect(judge(table(points) { sin(12 * $0) }).verdict.transitions.map(\.order) == [.none])
        }
    }
    @Test func outliersAreNamed() throws {
        var samples = table(60, error: 0.01) { $0 < 1 ? 2 - $0 : 0.3 - 0.1 * $0 }
        let stray = samples[10]
        samples[10] = CurveSample(
            control: stray.control, replica: 0, direction: .cold, outcome: .completed,
            values: ["m": 0.4, "mError": 0.01])
        let found = judge(samples).verdict.transitions
        try #require(found.map(\.order) == [.first])
        #expect(found[0].sentence.contains("is an outlier"))
        #expect(found[0].evidence["outliers"]!.numbers == [stray.control])
    }
    @Test func accidentalSignsAskForTheAbsoluteValue() {
        let samples = table(60, error: 0.01) { x in
            let size = x < 1.3 ? (1.3 - x).squareRoot() : 0
            return Int(1000 * x) % 3 == 0 ? -size : size
        }
        let found = judge(samples).verdict.transitions
        #expect(found.map(\.order) == [.undecided] && found[0].sentence.contains("--abs"))
        let sized = judge(samples, JudgingOptions(absolute: true)).verdict.transitions
        #expect(sized.map(\.order) == [.second] && sized[0].sentence.contains("exponent of |m|"))
    }
    @Test func theNoiseOfAMagnitudeDoesNotMoveItsOnset() {
        let numbers = RandomSequence(seed: 5)
        var (located, covered) = (0, 0)
        for _ in 0..<24 {
            let place = 0.8 + 0.5 * numbers.uniform()
            let samples = table(50, error: 0.02) { x in
                (numbers.uniform() < 0.5 ? -1 : 1) * (max(0, place - x) + 0.02 * numbers.normal())
            }
            let found = judge(samples, JudgingOptions(absolute: true)).verdict.transitions
            guard found.map(\.order) == [.second], let interval = found[0].location?.interval else { continue }
            located += 1
            if interval.contains(place) { covered += 1 }
        }
        // |y| itself holds three in four.
        #expect(located >= 16 && covered >= located - 2)
    }
    @Test func sharesHaveABoundaryFromSixValuesOn() throws {
        let key = CurveKey(model: "table", fixed: [:], axis: "noise", orderParameter: "rate")
        let shares = zip([0, 0.05, 0.1, 0.15, 0.2, 0.3], [1.0, 1, 1, 0, 0, 0]).map { x, y in
            CurveSample(
                control: x, replica: 0, direction: .cold, outcome: .completed, values: ["rate": y, "rateError": 0])
        }
        let found = tableVerdict(for: Curve(key: key, samples: shares)).verdict.transitions
        try #require(found.map(\.order) == [.boundary])
        #expect(found[0].location!.interval == Interval(0.1, 0.15))
    }
    @Test func divergedValuesAreAPhase() throws {
        var samples = Array(table(20, name: "m") { 0.1 * $0 }.prefix(12))
        let last = samples[11].control
        samples += (1...5).map {
            CurveSample(
                control: last + 0.1 * Double($0), replica: 0, direction: .cold, outcome: .diverged, values: [:])
        }
        let found = judge(samples).verdict.transitions
        try #require(found.map(\.order) == [.boundary])
        #expect(found[0].location!.interval == Interval(last, last + 0.1))
    }
    @Test func upAndDownAreOneLoop() throws {
        func sweep(_ direction: Direction, _ end: Double) -> [CurveSample] {
            table(60, direction: direction) { $0 < end ? -1 + 0.1 * $0 : 0.8 + 0.1 * $0 }
        }
        let found = judge(sweep(.up, 1.4) + sweep(.down, 0.8)).verdict.transitions
        try #require(found.map(\.order) == [.first])
        #expect(found[0].sentence.contains("hysteresis loop"))
        let coercive = found[0].evidence["coercive"]!.numbers!
        #expect(abs(coercive[0] - 0.8) < 0.04 && abs(coercive[1] - 1.4) < 0.04)
    }
    @Test func aLoopOfTwoControlsIsALoop() throws {
        let numbers = RandomSequence(seed: 3)
        func sweep(_ direction: Direction, _ values: [Double]) -> [CurveSample] {
            (0..<50).map { i in
                let value = i < 23 ? -0.97 : i > 26 ? 0.97 : values[i - 23]
                return CurveSample(
                    control: -2 + 4 * (Double(i) + 0.5) / 50, replica: 0, direction: direction, outcome: .completed,
                    values: ["m": value + 0.01 * numbers.normal()])
            }
        }
        // What a small magnet does under a slow field: both sweeps jump, the second one two controls away.
        let found = judge(sweep(.up, [-0.94, -0.32, 0.9, 0.9]) + sweep(.down, [-0.55, 0.08, 0.93, 0.94])).verdict
        try #require(found.transitions.map(\.order) == [.first])
        #expect(found.transitions[0].sentence.contains("hysteresis loop"))
        #expect(found.transitions[0].location!.interval!.contains(0))
        // A smooth curve that lags a little is no loop of first order.
        func lagging(_ direction: Direction, _ lag: Double) -> [CurveSample] {
            table(60, direction: direction) { tanh(3 * ($0 - 1 - lag)) + 0.01 * numbers.normal() }
        }
        let smooth = judge(lagging(.up, 0.05) + lagging(.down, -0.05)).verdict
        #expect(!smooth.transitions.contains { $0.order == .first })
    }
    @Test func bothEndsMayDiverge() throws {
        let samples = table(20) { ($0 - 1) * ($0 - 1) }.enumerated().map { i, sample in
            2..<17 ~= i
                ? sample
                : CurveSample(
                    control: sample.control, replica: 0, direction: .cold, outcome: .diverged, values: [:])
        }
        let found = judge(samples).verdict.transitions
        try #require(found.map(\.order) == [.boundary, .boundary])
        #expect(found[0].location!.interval == Interval(0.1 + 0.1, 0.1 + 1.9 * 2 / 19))
        #expect(found[0].sentence.hasSuffix("m diverges below") && found[1].sentence.hasSuffix("m diverges above"))
    }
    @Test func oneSizeAloneIsUndecided() {
        let found = judge(table(40) { $0 < 1 ? 2 - $0 : 0 }, JudgingOptions(size: 12)).verdict.transitions
        #expect(found.map(\.order) == [.undecided] && found[0].sentence.hasPrefix("undecided at size 12: first order"))
    }
    @Test func controlsSpacedByRatioAreJudgedInTheirLogarithm() {
        let key = CurveKey(model: "table", fixed: [:], axis: "wd", orderParameter: "m")
        let samples = (0..<30).map { i in
            let x = pow(10, -3 + 3 * Double(i) / 29)
            return CurveSample(
                control: x, replica: 0, direction: .cold, outcome: .completed,
                values: ["m": x < 0.03 ? 0.95 : 0.1, "mError": 0.01])
        }
        let found = tableVerdict(for: Curve(key: key, samples: samples)).verdict.transitions
        #expect(found.map(\.order) == [.first] && found[0].sentence.hasSuffix("judged along ln wd"))
    }
    @Test func fittedDescriptionsHaveTheirValues() {
        let judged = judge(table(40, error: 0.01) { $0 < 1 ? (1 - $0).squareRoot() : 0 })
        #expect(judged.fits.first?.order == .second && judged.fits.allSatisfy { $0.values.count == 40 })
        #expect(judged.values.count == 40 && judged.values.allSatisfy { abs($0.residual) < 4 && $0.error == 0.01 })
        #expect(
            judged.fits[0].values.enumerated().allSatisfy { i, y in
                let x = judged.fits[0].controls[i]
                return abs(y - (x < 1 ? (1 - x).squareRoot() : 0)) < 0.05
            })
    }
}
