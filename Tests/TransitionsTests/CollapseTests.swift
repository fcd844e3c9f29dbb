import Foundation
import GSLNumerics
import Support
import Testing
import Transitions

/// y = L^(−β/ν) f((T − T*)·L^(1/ν)) with the exponents of the two-dimensional Ising model, where ν = 1 and β = 1/8.
private struct IsingLike {
    var critical = 2.0 / log(1 + 2.0.squareRoot())
    var nu = 1.0
    var beta = 0.125
    /// Relative error of a value.
    var noise = 0.01
    /// Half of the range of controls.
    var reach = 0.12

    func data(_ numbers: RandomSequence, sizes: [Double] = [8, 16, 32, 64], points: Int = 25) -> [SizedValue] {
        sizes.flatMap { size in
            (0..<points).map { k -> SizedValue in
                let control = critical + reach * (2 * (Double(k) + 0.3) / Double(points) - 1)
                let x = (control - critical) * pow(size, 1 / nu)
                // Far below the transition m must not depend on the size: f ∝ (−x)^β there.
                let f = pow(1 + exp(-0.9 * x), beta) / (1 + exp(0.6 * (x - 1)))
                let y = pow(size, -beta / nu) * f
                return SizedValue(
                    size: size, control: control, value: y + noise * y * numbers.normal(), error: noise * y)
            }
        }
    }
}

@Suite struct CollapseTests {
    @Test func exponentsOfTheIsingModelComeBackWithinTheirIntervals() throws {
        var (held, qualities) = (0, [Double]())
        let numbers = RandomSequence(seed: 3)
        let trials = 12
        for _ in 0..<trials {
            let truth = IsingLike()
            let found = try collapse(of: truth.data(numbers), resamplings: 60)
            for (estimate, exact) in [
                (found.critical, truth.critical), (found.nu, truth.nu), (found.beta, truth.beta),
            ] {
                if estimate.covers(exact) { held += 1 }
            }
            #expect(found.critical.interval!.width < 0.02)
            #expect(found.nu.interval!.width < 0.3 && found.beta.interval!.width < 0.06)
            #expect(found.zeta.value == -found.beta.value)
            qualities.append(found.quality)
        }
        // 95 % of 36 is 34; fewer than 30 has a probability below 1e-3.
        #expect(held >= 30, "\(held) of \(3 * trials)")
        let quality = try mean(qualities)
        #expect(abs(quality - 1) < 0.3, "\(qualities)")
    }
    @Test func otherExponentsComeBackToo() throws {
        let truth = IsingLike(critical: 0.4, nu: 0.63, beta: 0.326, noise: 0.005, reach: 0.03)
        let found = try collapse(of: truth.data(RandomSequence(seed: 8), sizes: [8, 16, 32], points: 61))
        #expect(abs(found.critical.value - 0.4) < 0.01)
        #expect(abs(found.nu.value - 0.63) < 0.1 && abs(found.beta.value - 0.326) < 0.06)
        #expect(found.quality < 2 && found.qualityUnscaled > 10 * found.quality)
    }
    @Test func resultsAreTheSameEveryTime() throws {
        let data = IsingLike().data(RandomSequence(seed: 1), points: 12)
        let (a, b) = (
            try collapse(of: data, resamplings: 20), try collapse(of: Array(data.reversed()), resamplings: 20)
        )
        #expect(a.critical == b.critical && a.nu == b.nu && a.beta == b.beta && a.quality == b.quality)
    }
    @Test func dataOfOtherFormsHaveALargeS() throws {
        // The sizes differ by a factor that is no power of the size and in shape.
        let data = [4.0, 8, 16].enumerated().flatMap { k, size in
            (0..<20).map { i -> SizedValue in
                let x = 0.1 * Double(i)
                let y = [1.0, 5, 2][k] + sin(3 * x + Double(k))
                return SizedValue(size: size, control: x, value: y, error: 0.01)
            }
        }
        let found = try? collapse(of: data, resamplings: 20)
        #expect(found.map { $0.quality > 5 && $0.sentence.contains("do not collapse") } ?? true)
    }
    @Test func tablesThatAreNoStudyAreRefusedWithAReason() {
        let problems: [(text: String, message: String)] = [
            ("", "f.tsv:1:1: the table has no rows; a row has two numbers or more (control, value, error)"),
            (
                "1 2 3\n",
                "f.tsv:1:1: the table has 3 columns, and it takes 4 (size, control, value, error); say which column is "
                    + "what, such as `--columns size=1,control=2,value=3` (columns: 1, 2, 3)"
            ),
            ("# L T m e\n8 1 0.5 0\n", "f.tsv:2:9: a standard error is positive and finite, not 0"),
            ("-8 1 0.5 1\n", "f.tsv:1:1: a size is positive and finite, not -8"),
            ("8 nan 0.5 1\n", "f.tsv:1:3: the control must be finite, not nan"),
            ("8 1 inf 1\n", "f.tsv:1:5: a value is finite, or nan where it is missing, not inf"),
            ("8 1 0.5 1\n8 1 0.5 x\n", "f.tsv:2:9: `x` is not a number"),
        ]
        for (text, message) in problems {
            let error = #expect(throws: TableError.self) { try collapse(fromTable: text, source: "f.tsv") }
            #expect(error?.description == message)
        }
        let one = (0..<9).map { "8 \($0) 1 0.1" }.joined(separator: "\n")
        #expect(throws: CollapseError(description: "a collapse needs two sizes or more, not 1")) {
            try collapse(fromTable: one)
        }
        #expect(
            throws: CollapseError(
                description: "a collapse needs four controls or more of every size, but size 16 has 1")
        ) {
            try collapse(fromTable: one + "\n16 1 1 0.1\n")
        }
    }
}

@Suite struct FluctuationTests {
    @Test func binderCumulantsHaveTheirKnownValues() throws {
        #expect(abs(try binderCumulant([2, -2, 2, 2]).value - 2.0 / 3) < 1e-15)
        let numbers = RandomSequence(seed: 2)
        let normal = try binderCumulant((0..<20_000).map { _ in numbers.normal() })
        #expect(abs(normal.value) < 4 * normal.error && normal.error < 0.02)
        #expect(throws: GSLError.self) { try binderCumulant([1, 2]) }
        #expect(throws: GSLError.self) { try binderCumulant([0, 0, 0, 1]) }
        #expect(throws: GSLError.self) { try binderCumulant([1, 2, .nan]) }
    }
    @Test func binderErrorsAreTheScatterOfRepetitions() throws {
        let numbers = RandomSequence(seed: 4)
        let repeats = try (0..<400).map { _ in
            try binderCumulant((0..<64).map { _ in 1 + 0.5 * numbers.normal() })
        }
        let scatter = try variance(repeats.map(\.value)).squareRoot()
        let stated = try mean(repeats.map(\.error))
        #expect(abs(stated / scatter - 1) < 0.15, "\(stated) \(scatter)")
    }
    @Test func crossingsOfBinderCurvesHoldTheTransition() throws {
        let numbers = RandomSequence(seed: 6)
        var held = 0
        for _ in 0..<100 {
            let curves = [8.0, 16, 32].map { size in
                BinderCurve(
                    size: size,
                    points: (0..<31).map { k in
                        let x = 0.7 + 0.02 * Double(k)
                        let u = 0.4 - 0.26 * tanh(0.15 * (x - 1) * size)
                        return .init(control: x, value: u + 0.01 * numbers.normal(), error: 0.01)
                    })
            }
            let crossing = try #require(binderCrossing(of: curves))
            if crossing.location.covers(1, width: 0.2) { held += 1 }
            #expect(abs(crossing.cumulant.value - 0.4) < 0.05)
            #expect(crossing.pairs.count == 2)
        }
        #expect(held >= 88 && held <= 99, "\(held) of 100")
    }
    @Test func curvesThatNeverCrossHaveNoCrossing() {
        let curves = [8.0, 16].map { size in
            BinderCurve(
                size: size,
                points: (0..<20).map { .init(control: Double($0), value: size + Double($0), error: 0.1) })
        }
        #expect(binderCrossing(of: curves) == nil)
        #expect(binderCrossing(of: []) == nil)
    }
    @Test func twoPhasesSideBySideAreBimodal() throws {
        let numbers = RandomSequence(seed: 5)
        let one = (0..<32).map { _ in numbers.normal() }
        let two = (0..<32).map { k in (k % 3 == 0 ? 10.0 : 0) + numbers.normal() }
        #expect(try #require(bimodality(two)) > 6)
        #expect(try #require(bimodality(one)) < 6)
        #expect(bimodality([1, 1, 1, 1]) == nil && bimodality([1, 2, 3]) == nil)
        #expect(bimodality([1, 1, 2, 2]) == .infinity)
    }
    @Test func histogramsCountEveryFiniteValueOnce() {
        let histogram = Histogram([0, 0.1, 0.9, 1, .nan, .infinity], bins: 2)
        #expect(histogram.counts == [2, 2] && histogram.centres == [0.25, 0.75])
        #expect(Histogram([3, 3, 3]).counts == [3])
        #expect(Histogram([]).counts.isEmpty)
        #expect(Histogram((0..<1000).map(Double.init)).counts.reduce(0, +) == 1000)
    }
}
