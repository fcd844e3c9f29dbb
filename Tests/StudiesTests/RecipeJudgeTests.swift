import PhaseSpace
import Studies
import Support
import Sweeps
import Testing

/// What passes as reproduced, what fails, and with which words. At γ = 0.5 the replicas have 0.5, 0.51 and 0.52: a mean of
/// 0.51, a standard error of 0.01/√3, and a 95 % interval of ± 0.0248 by Student's distribution.
@Suite struct RecipeJudgeTests {
    private static let standardError = 0.01 / 3.0.squareRoot()
    private static let halfWidth = 4.302652729911275 * standardError

    @Test func aMeanIsHeldAgainstANumberWithinATolerance() throws {
        let near = try LineSweep.check("observable: height, at: {gamma: 0.5}, value: 0.5, tolerance: 0.02")
        #expect(near.passed && near.verdict == "ok" && near.ours == "0.51" && near.expected == "0.5")
        #expect(abs((near.deviation ?? 9) - 0.01) < 1e-12)
        #expect(abs((near.halfWidth ?? 0) - Self.halfWidth) < 1e-9)
        #expect(abs((near.errors ?? 0) - 3.0.squareRoot()) < 1e-9)
        let far = try LineSweep.check("observable: height, at: {gamma: 0.5}, value: 0.5, tolerance: 0.005")
        #expect(!far.passed && far.verdict == "FAILED" && far.reason.isEmpty)
        #expect(try LineSweep.check("observable: height, at: {gamma: 0.5}, value: 0.5, relative: 0.021").passed)
        #expect(try !LineSweep.check("observable: height, at: {gamma: 0.5}, value: 0.5, relative: 0.019").passed)
    }

    @Test func anyOneOfSeveralTolerancesIsEnough() throws {
        #expect(
            try LineSweep.check("observable: height, at: {gamma: 0.5}, value: 0.5, tolerance: 0.001, errors: 2").passed)
        #expect(
            try !LineSweep.check("observable: height, at: {gamma: 0.5}, value: 0.5, tolerance: 0.001, errors: 1").passed
        )
    }

    @Test func theErrorOfTheExpectedValueCounts() throws {
        let alone = try LineSweep.check("observable: height, at: {gamma: 0.5}, value: 0.53, errors: 2")
        #expect(!alone.passed)
        let both = try LineSweep.check("observable: height, at: {gamma: 0.5}, value: 0.53, errors: 2, error: 0.02")
        #expect(both.passed)
        let combined = (Self.standardError * Self.standardError + 0.0004).squareRoot()
        #expect(abs((both.errors ?? 0) - 0.02 / combined) < 1e-9)
    }

    @Test func theoryIsTheModelsOwn() throws {
        let check = try LineSweep.check("observable: height, at: {gamma: 0.25}, value: theory, tolerance: 0.02")
        #expect(check.passed && check.expected == "0.75" && check.ours == "0.76")
        let none = try LineSweep.check("observable: regime, at: {gamma: 0.25}, value: theory, tolerance: 0.02")
        #expect(!none.passed && none.reason == "the model has no exact value of it")
    }

    @Test func differencesAreTakenReplicaByReplica() throws {
        let check = try LineSweep.check(
            "observable: height, at: {gamma: 0.25}, minus: {gamma: 0.5}, value: 0.25, tolerance: 1.0e-9")
        #expect(check.passed && (check.halfWidth ?? 1) < 1e-9)
    }

    @Test(arguments: [
        ("between: [0.4, 0.6]", "reproduced", true), ("between: [0.4, 0.6]", "undecided", false),
        ("between: [0.51, ~]", "undecided", true), ("between: [0.51, ~]", "reproduced", false),
        ("between: [~, 0.4]", "not reproduced", true), ("between: [~, 0.4]", "reproduced", false),
    ]) func aClaimIsJudgedWithTheInterval(_ target: String, _ finding: String, _ passes: Bool) throws {
        let check = try LineSweep.check("observable: height, at: {gamma: 0.5}, \(target), finding: \(finding)")
        #expect(check.passed == passes, "\(check)")
        #expect(check.verdict.hasSuffix("FAILED") == !passes)
    }

    @Test func aRangeWithoutAClaimHoldsTheValueItself() throws {
        #expect(try LineSweep.check("observable: height, at: {gamma: 0.5}, between: [0.505, 0.515]").passed)
        #expect(try !LineSweep.check("observable: height, at: {gamma: 0.5}, between: [0.505, 0.509]").passed)
    }

    @Test func pointsThatAreNotDoneHaveRegimesOnly() throws {
        #expect(try LineSweep.check("observable: regime, at: {gamma: 3}, value: 0, tolerance: 0").passed)
        let height = try LineSweep.check("observable: height, at: {gamma: 3}, value: 0, tolerance: 1")
        #expect(!height.passed && height.reason == "no done point there has `height`")
    }

    @Test func severalPointsAreNotOne() throws {
        let sweep = try LineSweep("  - {observable: height, at: {slope: 1}, value: 0, tolerance: 1}")
        let check = try #require(RecipeJudge(plan: sweep.plan, store: sweep.store, report: sweep.report).checks().first)
        #expect(!check.passed && check.reason == "`at` chooses points of several gamma; name one", "\(check.reason)")
    }

    @Test func predictionsAreFoundByTheirPath() throws {
        #expect(try LineSweep.check("predict: deep.value, query: {}, value: 0.25, tolerance: 0").passed)
        #expect(try LineSweep.check("predict: places.1, query: {}, value: 2, tolerance: 0").passed)
        #expect(try LineSweep.check("predict: order, query: {}, value: second").passed)
        #expect(try !LineSweep.check("predict: order, query: {}, value: first").passed)
        let reasons = [
            ("places.2", "the prediction has no member `places.2`: its `places` has 2 elements, counted from 0"),
            ("deep.other", "the prediction has no member `deep.other`"),
            ("places.x", "the prediction has no member `places.x`: its `places` is a list"),
            ("nothing", "the prediction's `nothing` is neither a number nor a word: null"),
        ]
        for (path, reason) in reasons {
            let check = try LineSweep.check("predict: \(path), query: {}, value: 1, tolerance: 1")
            #expect(!check.passed && check.reason == reason, "\(check.reason)")
        }
    }

    @Test func aNumberAndAWordAreNotCompared() throws {
        let check = try LineSweep.check("predict: order, query: {}, value: 1, tolerance: 1")
        #expect(!check.passed && check.reason == "a number and a word cannot be compared")
    }

    @Test func verdictsAreHeldAgainstWords() throws {
        let check = try LineSweep.check("transition: location, which: 900, value: 1, tolerance: 1")
        #expect(!check.passed && check.reason.hasPrefix("the curve has only "), "\(check.reason)")
    }

    @Test func theTableHasALineForEachCheckAndTheReasonsBelow() throws {
        let good = try LineSweep.check("predict: order, query: {}, value: second, name: the order, source: a paper")
        let bad = try LineSweep.check("predict: deep.other, query: {}, value: 1, tolerance: 1, name: the rest")
        let text = RecipeTable(recipe: "toys/line", checks: [good, bad]).text
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.first == "toys/line" && lines.count == 6, "\(text)")
        #expect(lines[2].hasPrefix("the order") && lines[2].hasSuffix("ok"))
        #expect(lines[3].hasPrefix("the rest") && lines[3].hasSuffix("FAILED"))
        #expect(lines[4] == "the rest: the prediction has no member `deep.other`")
        #expect(lines[5] == "source: a paper")
    }
}
