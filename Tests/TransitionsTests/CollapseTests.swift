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
    /// Of L^(−1.2) at the smallest size, and of (γ − γ*)² at the ends of the range.
    var correction = 0.0
    var nonlinearity = 0.0

    func data(_ numbers: RandomSequence, sizes: [Double] = [8, 16, 32, 64], points: Int = 25) -> [SizedValue] {
        sizes.flatMap { size in
            (0..<points).map { k -> SizedValue in
                let control = critical + reach * (2 * (Double(k) + 0.3) / Double(points) - 1)
                let t = control - critical
                let x = t * (1 + nonlinearity * t / reach) * pow(size, 1 / nu)
                let part = correction * pow(size / sizes[0], -1.2)
                // Far below the transition m must not depend on the size: f ∝ (−x)^β there.
                let f = pow(1 + exp(-0.9 * x), beta) / (1 + exp(0.6 * (x - 1)))
                let y = pow(size, -beta / nu) * f * (1 + part * cos(0.8 * x))
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
            let found = try collapse(of: truth.data(numbers))
            let numbers = try [
                (#require(found.critical), truth.critical), (#require(found.nu), truth.nu),
                (#require(found.beta), truth.beta),
            ]
            held += numbers.count { $0.covers($1) }
            #expect(numbers[0].0.interval!.width < 0.02)
            #expect(numbers[1].0.interval!.width < 0.3 && numbers[2].0.interval!.width < 0.15)
            #expect(found.zeta?.value == -numbers[2].0.value)
            qualities.append(found.quality)
        }
        // 95 % of 36 is 34; fewer than 30 has a probability below 1e-3.
        #expect(held >= 30, "\(held) of \(3 * trials)")
        let quality = try mean(qualities)
        #expect(abs(quality - 1) < 0.2, "\(qualities)")
    }
    @Test func intervalsHoldTheTruthBesideCorrectionsToScaling() throws {
        let numbers = RandomSequence(seed: 11)
        var (held, made) = (0, 0)
        for k in 0..<12 {
            let truth = IsingLike(
                nu: [0.7, 1, 1.4][k % 3], beta: 0.2, noise: 0.005, reach: [0.03, 0.12][k % 2],
                correction: [0.03, -0.06, 0.01][k % 3], nonlinearity: [0.1, -0.1][k % 2])
            let sizes = Array([8.0, 16, 32, 64, 128].prefix(3 + k % 3))
            let found = try collapse(of: truth.data(numbers, sizes: sizes, points: 16))
            let claims = [
                (found.critical, truth.critical), (found.nu, truth.nu), (found.betaOverNu, truth.beta / truth.nu),
            ]
            for case (let claim?, let exact) in claims {
                made += 1
                if claim.covers(exact) { held += 1 }
            }
        }
        // Of 36 at 93 %, fewer than 28 has a probability below 1e-3.
        #expect(made >= 30 && held * 36 >= 28 * made, "\(held) of \(made)")
    }
    @Test func otherExponentsComeBackToo() throws {
        let truth = IsingLike(critical: 0.4, nu: 0.63, beta: 0.326, noise: 0.005, reach: 0.03)
        let found = try collapse(of: truth.data(RandomSequence(seed: 8), sizes: [8, 16, 32], points: 61))
        let (critical, nu, beta) = try (#require(found.critical), #require(found.nu), #require(found.beta))
        #expect(critical.covers(0.4) && critical.interval!.width < 0.01)
        #expect(nu.covers(0.63) && nu.interval!.width < 0.1 && beta.covers(0.326) && beta.interval!.width < 0.2)
        #expect(found.quality < 2 && found.qualityUnscaled > 10 * found.quality)
    }
    @Test func resultsAreTheSameEveryTime() throws {
        let data = IsingLike().data(RandomSequence(seed: 1), points: 12)
        let (a, b) = (try collapse(of: data), try collapse(of: Array(data.reversed())))
        #expect(a.critical == b.critical && a.nu == b.nu && a.beta == b.beta && a.quality == b.quality)
    }
    @Test func errorsThatAreTooSmallWidenTheIntervals() throws {
        let data = IsingLike().data(RandomSequence(seed: 5))
        let small = data.map {
            SizedValue(size: $0.size, control: $0.control, value: $0.value, error: $0.error / 3)
        }
        let (stated, found) = (try collapse(of: data), try collapse(of: small))
        #expect(found.scatter > 5 && found.scatter < 14 && found.sentence.contains("errors are too small"))
        let widths = try (#require(stated.nu?.interval?.width), #require(found.nu?.interval?.width))
        #expect(widths.1 > 0.5 * widths.0, "\(widths)")
    }
    @Test func dataOfOtherFormsGiveNoNumbers() throws {
        // The sizes differ by a factor that is no power of the size and in shape.
        let data = [4.0, 8, 16].enumerated().flatMap { k, size in
            (0..<20).map { i -> SizedValue in
                let x = 0.1 * Double(i)
                let y = [1.0, 5, 2][k] + sin(3 * x + Double(k))
                return SizedValue(size: size, control: x, value: y, error: 0.01)
            }
        }
        let found = try? collapse(of: data)
        #expect(found.map { $0.critical == nil && $0.nu == nil && $0.betaOverNu == nil } ?? true)
        #expect(found.map { !$0.isCollapse && $0.sentence.contains("do not collapse") } ?? true)
    }
    @Test func aLogarithmOfTheSizeIsNoExponent() throws {
        let numbers = RandomSequence(seed: 9)
        let data = [16.0, 32, 64, 128].flatMap { size in
            (0..<24).map { k -> SizedValue in
                let place: Double = 2 * (Double(k) + 0.4) / 24 - 1
                let t: Double = 1.6 * place / size
                let y: Double = 0.5 * log(size) + 1 / (1 + t * t * size * size) + 0.5
                return SizedValue(size: size, control: 1 + t, value: y + 0.005 * numbers.normal(), error: 0.005)
            }
        }
        let found = try collapse(of: data)
        #expect(found.betaOverNu == nil && found.beta == nil, "\(found.json.serialized())")
    }
    @Test func studiesThatDetermineNothingAreRefusedWithAReason() throws {
        func reason(_ data: [SizedValue]) -> String {
            do {
                _ = try collapse(of: data)
                return ""
            } catch { return error.description }
        }
        let numbers = RandomSequence(seed: 5)
        let data = IsingLike().data(numbers)
        let critical = IsingLike().critical
        #expect(reason(data.filter { $0.control < critical - 0.02 }).contains("outside the data"))
        #expect(reason(data.filter { $0.control > critical + 0.02 }).contains("outside the data"))
        let flat = [8.0, 16, 32].flatMap { size in
            (0..<20).map { k in
                SizedValue(
                    size: size, control: 1 + 0.05 * Double(k),
                    value: pow(size, -0.3) * (1 + 0.01 * numbers.normal()), error: 0.01 * pow(size, -0.3))
            }
        }
        #expect(reason(flat).contains("the scaling function is constant"))
        #expect(reason(IsingLike().data(numbers, sizes: [16, 128])).contains("collapse the data equally well"))
        #expect(reason(IsingLike().data(numbers, sizes: [16, 128], points: 6)).contains("too few"))
        #expect(reason(IsingLike().data(numbers, sizes: [16, 128], points: 5)).contains("needs 12 points, not 10"))
    }
    @Test func zeroErrorsOfSharesAreBinomialOnes() throws {
        func rows(_ runs: Double) -> String {
            var lines = ["L p s e"]
            for size in [16.0, 32, 64] {
                for k in 0..<31 {
                    let p = 0.3 + 0.02 * Double(k)
                    let exact = 1 / (1 + exp(-0.7 * (p - 0.59) * pow(size, 0.75) * 4))
                    let s = (exact * runs).rounded() / runs
                    lines.append("\(size) \(p) \(s) \((s * (1 - s) / runs).squareRoot())")
                }
            }
            return lines.joined(separator: "\n")
        }
        let (found, notes) = try collapse(fromTable: rows(1000))
        #expect(
            notes.count == 1 && notes[0].contains("errors of 0 at shares 0 and 1") && notes[0].contains("1000 runs"))
        #expect(try #require(found.critical).covers(0.59))
        // Where the others are not binomial nothing is known of the zeros.
        let data = [0.0, 0, 0.5, 0.6, 0.7, 0.8, 1].enumerated().map {
            SizedValue(size: 8, control: Double($0), value: $1, error: $1 == 0 || $1 == 1 ? 0 : 0.1 * Double($0))
        }
        #expect(BinomialErrors(data) == nil)
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
            ("-8 1 0.5 0.1\n", "f.tsv:1:1: a size is positive and finite, not -8"),
            ("8 nan 0.5 0.1\n", "f.tsv:1:3: the control must be finite, not nan"),
            ("8 1 inf 1\n", "f.tsv:1:5: a value is finite, or nan where it is missing, not inf"),
            ("8 1 0.5 0.1\n8 1 0.5 x\n8 1 0.5 0.1\n", "f.tsv:2:9: `x` is not a number"),
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
