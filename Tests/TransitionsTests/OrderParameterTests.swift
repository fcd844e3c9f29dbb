import Foundation
import PhaseSpace
import Support
import Testing
import Transitions

private let key = CurveKey(model: "dynamics", fixed: [:], axis: "T", orderParameter: "m")
private func grid(_ count: Int) -> [Double] { (0..<count).map { 0.1 + 1.9 * Double($0) / Double(count - 1) } }

private func judge(
    _ xs: [Double], _ direction: Direction = .cold, scatter: Double = 0, seed: UInt64 = 1, _ f: (Double) -> Double
) -> [Transition] {
    verdict(for: Curve(key: key, samples: samples(xs, direction, scatter: scatter, seed: seed, f))).transitions
}
private func samples(
    _ xs: [Double], _ direction: Direction, scatter: Double = 0, seed: UInt64 = 1, _ f: (Double) -> Double
) -> [CurveSample] {
    var numbers = Sequence01(seed)
    return xs.map { x in
        let deviate = (0..<4).reduce(-2.0) { sum, _ in sum + numbers.next() } * 3.0.squareRoot()
        return CurveSample(
            control: x, replica: 0, direction: direction, outcome: .completed,
            values: ["m": f(x) + scatter * deviate])
    }
}

@Suite struct OrderParameterTests {
    @Test(arguments: [40, 100], [0.5, 1, 2])
    func continuousOnsetsHaveTheirExponent(points: Int, beta: Double) throws {
        let falling = judge(grid(points)) { $0 < 1 ? pow(1 - $0, beta) : 0 }
        let rising = judge(grid(points)) { $0 > 1 ? pow($0 - 1, beta) : 0 }
        for found in [falling, rising] {
            try #require(found.count == 1 && found[0].order == .second)
            #expect(found[0].location!.covers(1, width: 0.1))
            #expect(found[0].exponent!.covers(beta, width: 1))
            #expect(found[0].sentence.contains("m vanishes continuously"))
            #expect(found[0].jump == nil && found[0].curvatureJump == nil)
        }
    }
    @Test(arguments: [20, 40, 100], [0, 0.01]) func jumpsAreFirstOrder(points: Int, scatter: Double) throws {
        let found = judge(grid(points), scatter: scatter) { $0 < 1 ? 2 - $0 : 0.3 - 0.1 * $0 }
        try #require(found.count == 1 && found[0].order == .first)
        #expect(found[0].location!.covers(1, width: 0.11))
        #expect(found[0].sentence.contains("m drops by 0."))
    }
    /// A square root above a height, then nothing: an up-sweep at its spinodal.
    @Test(arguments: [24, 40, 100], [0, 0.005]) func aBranchUpToItsFoldIsNotCalledContinuous(
        points: Int, scatter: Double
    ) throws {
        var first = 0
        for seed in 1...12 {
            for place in [0.97, 1, 1.02] {
                let found = judge(grid(points), scatter: scatter, seed: UInt64(seed)) {
                    $0 < place ? 1 + 0.3 * (place - $0).squareRoot() : 0
                }
                #expect(found.allSatisfy { $0.order == .first || $0.order == .undecided }, "\(found.map(\.sentence))")
                #expect(
                    found.allSatisfy { abs(($0.location?.value ?? place) - place) < 2.5 * 1.9 / Double(points - 1) })
                if found.count == 1, found[0].order == .first { first += 1 }
            }
        }
        // Where values do not scatter and a few points stand near the fold, the shapes differ beyond doubt.
        if scatter == 0, points >= 40 { #expect(first == 36) }
    }
    @Test func severalJumpsAreSeveralTransitions() throws {
        let found = judge(grid(40)) { $0 < 0.7 ? 3 - $0 : $0 < 1.3 ? 1.5 - 0.2 * $0 : 0 }
        try #require(found.map(\.order) == [.first, .first])
        #expect(found[0].location!.covers(0.7, width: 0.06) && found[1].location!.covers(1.3, width: 0.06))
    }
    @Test func smoothCurvesHaveNoTransition() {
        for points in [20, 40, 100] {
            #expect(judge(grid(points)) { exp(-3 * $0) }.map(\.order) == [.none])
            #expect(judge(grid(points)) { 1 / (1 + $0) / (1 + $0) }.map(\.order) == [.none])
            #expect(judge(grid(points)) { 3 + $0 }.map(\.order) == [.none])
        }
    }
    @Test func aResolvedSigmoidIsACrossover() throws {
        let noiseless = judge(grid(100)) { 1 - tanh(($0 - 1) / 0.3) }
        try #require(noiseless.map(\.order) == [.crossover])
        #expect(noiseless[0].location!.covers(1, width: 0.01))
        var held = 0
        for seed in 1...20 {
            let found = judge(grid(100), scatter: 0.01, seed: UInt64(seed)) { 1 - tanh(($0 - 1) / 0.3) }
            try #require(found.map(\.order) == [.crossover])
            if found[0].location!.covers(1, width: 0.01) { held += 1 }
        }
        // Of 20 at 95 %, fewer than 17 has a probability of 2 %.
        #expect(held >= 17, "\(held) of 20")
    }
    @Test func aSteepSmoothChangeIsNotCalledATransition() {
        #expect(
            judge(grid(40)) { 1 - tanh(($0 - 1) / 0.05) }.allSatisfy { [.crossover, .undecided].contains($0.order) })
    }
    @Test func aSmallExponentIsNotMistakenForAJump() {
        for points in [20, 40, 100] {
            let found = judge(grid(points)) { $0 < 1 ? pow(1 - $0, 0.125) : 0 }
            #expect(found.count == 1 && (found[0].order == .second || found[0].order == .undecided))
        }
    }
    @Test func scatterAloneIsNoTransition() {
        for seed in 1...100 {
            let found = judge(grid(30), scatter: 1, seed: UInt64(seed)) { _ in 3 }
            #expect(found.count == 1 && ![.first, .second].contains(found[0].order), "\(found.map(\.sentence))")
        }
    }
    @Test func aCurveThatHeadsForZeroOutsideTheGridIsUndecided() {
        let found = judge(grid(30)) { (2.3 - $0).squareRoot() }
        #expect(found.map(\.order) == [.undecided])
        #expect(found[0].sentence.hasPrefix("undecided: m heads for zero near T = 2."))
        #expect(found[0].sentence.hasSuffix(", outside the grid"))
    }
    @Test func warmSweepsThatJumpApartMakeALoop() throws {
        let xs = grid(60)
        let all =
            samples(xs, .up) { $0 < 1.4 ? 2 - 0.5 * $0 : 0 } + samples(xs, .down) { $0 < 0.8 ? 2 - 0.5 * $0 : 0 }
        let found = verdict(for: Curve(key: key, samples: all)).transitions
        try #require(found.count == 1 && found[0].order == .first)
        #expect(found[0].spinodal!.covers(1.4, width: 0.04))
        #expect(found[0].lowerSpinodal!.covers(0.8, width: 0.04))
        #expect(found[0].location!.interval!.low < 0.8 && found[0].location!.interval!.high > 1.4)
        let loop = found[0].evidence["hysteresis"]!.numbers!
        #expect(loop[0] > 0.8 && loop[1] < 1.4)
    }
}

@Suite struct TableTests {
    @Test func columnsTakeTheirNamesFromTheHeader() throws {
        let curve = try curve(fromTable: "# temperature magnetisation error\n1\t2\t0.1\n\n2\t3\t0.1\r\n3\t4.5\t0.2\n")
        #expect(curve.key.axis == "temperature" && curve.key.orderParameter == "magnetisation")
        #expect(curve.samples.map(\.control) == [1, 2, 3])
        #expect(curve.samples.map { $0.values["magnetisation"] } == [2, 3, 4.5])
        #expect(curve.samples[2].values["magnetisationError"] == 0.2)
        let named = try Transitions.curve(fromTable: "T m\n1 2\n")
        #expect(named.key.axis == "T" && named.key.orderParameter == "m")
    }
    @Test func tablesCanBeJudged() throws {
        let rows = grid(40).map { "\($0)\t\($0 < 1 ? (1 - $0).squareRoot() : 0)" }
        let found = verdict(for: try curve(fromTable: rows.joined(separator: "\n"))).transitions
        #expect(found.count == 1 && found[0].order == .second)
        #expect(found[0].location!.covers(1))
        #expect(found[0].sentence.hasPrefix("second order at control = 1.0"))
    }
    @Test func statedErrorsAreTheScatter() throws {
        // A step no larger than a few of the stated errors decides nothing.
        let rows = grid(20).map { "\($0)\t\($0 < 1 ? 1 : 0)\t0.3" }
        let found = verdict(for: try curve(fromTable: rows.joined(separator: "\n"))).transitions
        #expect(found.map(\.order) == [.undecided])
    }
    @Test func missingValuesAreCountedNotUsed() throws {
        let curve = try curve(fromTable: "1 nan\n2 3\n")
        #expect(curve.samples.map(\.outcome) == [.diverged, .completed])
        #expect(verdict(for: curve).outcomes == [.diverged: 1, .completed: 1])
    }
    @Test func errorsNameLineAndColumn() {
        let problems: [(text: String, message: String)] = [
            ("", "f.tsv:1:1: the table has no rows; a row has two numbers or more (control, value, error)"),
            ("1 2\n2 x\n", "f.tsv:2:3: `x` is not a number"),
            (
                "# a b\n1\n",
                "f.tsv:2:1: the table has 1 column, and a row has two numbers or more (control, value, error), divided "
                    + "by tabs, commas, semicolons or blanks"
            ),
            (
                "1 2 3 4\n",
                "f.tsv:1:7: the table has 4 columns, and nobody has said which ones are control and value; say which "
                    + "column is what, such as `--columns control=1,value=2` (columns: 1, 2, 3, 4)"
            ),
            (
                "1 2\n2 3 4\n3 4\n",
                "f.tsv:2:5: this row has 3 columns, most have 2; write nan where a value is missing"
            ),
            ("inf 2\n", "f.tsv:1:1: the control must be finite, not inf"),
            (
                "1 2 -1\n",
                "f.tsv:1:5: column 3 would be the standard error, but `-1` is negative; say which column is what, such "
                    + "as `--columns control=1,value=2` (columns: 1, 2, 3)"
            ),
        ]
        for (text, message) in problems {
            let error = #expect(throws: TableError.self) { try curve(fromTable: text, source: "f.tsv") }
            #expect(error?.description == message)
        }
    }
}
