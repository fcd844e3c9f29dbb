import Foundation
import Models
import PhaseSpace
import Testing

extension BatchReuseReference.Case {
    /// The student of a row of the tables `meanField` and `quadrature`.
    func student(steps: Int? = nil) throws -> TwoLayerStudent {
        // The table rounds √½ to six digits.
        func weight(_ x: Double) -> Double { abs(abs(x) - 0.707107) < 1e-6 ? (x < 0 ? -1 : 1) * 0.5.squareRoot() : x }
        let a = row["a"]!.numbers ?? [row["a"]!.number!]
        let sets = row["schedule"]?.numbers ?? []
        let distinct = Set(sets).count
        let schedule =
            distinct == 0
            ? TrainingSchedule(.reuse, batches: 1)
            : distinct == sets.count
                ? TrainingSchedule(.onePass, batches: 1) : TrainingSchedule(.cyclic, batches: distinct)
        return TwoLayerStudent(
            target: try Target(row["target"]?.text ?? "He3(z)/sqrt(6)"),
            activation: StudentActivation(rawValue: row["activation"]?.text ?? "erf")!, secondLayer: a.map(weight),
            schedule: schedule, sampleRatio: number("alpha"), learningRate: number("eta"), ridge: number("lam"),
            steps: steps ?? Int(number("T")),
            initialisation: row["Q0"]?.list == nil ? .orthonormal : .symmetric)
    }
}

@Suite struct BatchReuseTheoryTests {
    @Test(arguments: BatchReuseReference.quadrature + BatchReuseReference.quadratureGrid)
    func twoStepsByQuadratureAreExact(_ expected: BatchReuseReference.Case) throws {
        let found = try TwoStepQuadrature(expected.student(steps: 2))
        let pairs = [
            (found.firstOverlap, "M1"), (found.secondOverlap, "M2"), (found.firstNorm, "Q1"), (found.secondNorm, "Q2"),
            (found.secondCosine, "cos2"), (found.response, "Lam0"), (found.correlation, "C00"),
        ]
        for (value, name) in pairs { #expect(abs(value - expected.number(name)) < 1e-9, "\(name)") }
    }

    /// Deviations of all entries of M and Q from the table in units of their combined standard errors; entries that
    /// vanish exactly on both sides have none.
    private func deviations(_ theory: DynamicalMeanField, _ expected: BatchReuseReference.Case) -> [Double] {
        var result: [Double] = []
        for (name, ours) in [("M", theory.teacher), ("Q", theory.student)] {
            let (values, errors) = (expected.matrices(name), expected.matrices("\(name)_stderr"))
            for t in 1..<values.count {
                for (i, row) in ours[t].enumerated() {
                    for (j, value) in row.enumerated() {
                        // The table has six decimals.
                        let error = max((pow(value.standardError, 2) + pow(errors[t][i][j], 2)).squareRoot(), 1e-6)
                        result.append((value.mean - values[t][i][j]) / error)
                    }
                }
            }
        }
        return result
    }

    @Test func theSeventeenCasesAgreeWithinTheirErrors() throws {
        var all: [Double] = []
        for expected in BatchReuseReference.meanField {
            let theory = try DynamicalMeanField(expected.student(), bits: 13, scrambles: 16, testing: false)
            #expect(theory.isBounded)
            all += deviations(theory, expected)
        }
        #expect(all.count == 892)
        #expect(all.allSatisfy { abs($0) < 6 })
        #expect(Double(all.count { abs($0) > 4 }) <= 0.005 * Double(all.count))
        let rms = (all.reduce(0) { $0 + $1 * $1 } / Double(all.count)).squareRoot()
        #expect(rms > 0.7 && rms < 1.3, "\(rms)")
    }

    @Test func theResponseKeepsTheDeltaOfReLUsSecondDerivative() throws {
        let theory = try DynamicalMeanField(
            BatchReuseReference.meanField[0].student(steps: 1), bits: 16, scrambles: 8, testing: false)
        let response = try #require(theory.response[0][0])
        for (value, exact) in zip(response, [0.511268, -0.375, -0.375, 0.511268]) {
            #expect(abs(value.mean - exact) < max(5 * value.standardError, 1e-6))
            #expect(value.standardError < 1e-3)
        }
    }

    @Test(arguments: BatchReuseReference.quadrature.prefix(8))
    func meanFieldTheoryAgreesWithTheQuadrature(_ expected: BatchReuseReference.Case) throws {
        let student = try expected.student(steps: 2)
        let (theory, exact) = (
            try DynamicalMeanField(student, bits: 15, scrambles: 8, testing: false), try TwoStepQuadrature(student)
        )
        for (value, exact) in [
            (theory.teacher[2][0][0], exact.secondOverlap), (theory.student[2][0][0], exact.secondNorm),
            (theory.teacher[1][0][0], exact.firstOverlap), (theory.student[1][0][0], exact.firstNorm),
        ] {
            #expect(abs(value.mean - exact) < max(5 * value.standardError, 1e-6))
            #expect(value.standardError < 2e-3)
        }
    }

    @Test(arguments: ["He4(z)/sqrt(24)", "z1*z2*z3", "abs(z)"])
    func whatASymmetryHidesIsNeverLearned(_ target: String) throws {
        let student = TwoLayerStudent(
            target: try Target(target), activation: .relu, secondLayer: [0.5, -0.5], sampleRatio: 3, learningRate: 0.5,
            ridge: 1, steps: 4)
        let theory = try DynamicalMeanField(student, bits: 12, testing: false)
        for t in 0...4 {
            for row in theory.teacher[t] { for value in row { #expect(abs(value.mean) < 1e-12) } }
        }
    }

    @Test func swappingTwoNeuronsSwapsTheirOverlaps() throws {
        func theory(_ a: [Double]) throws -> DynamicalMeanField {
            try DynamicalMeanField(
                TwoLayerStudent(
                    target: Target("tanh(z1 + He3(z2))"), activation: .relu, secondLayer: a, sampleRatio: 3,
                    learningRate: 0.2, steps: 3), bits: 14, testing: false)
        }
        let (a, b) = (try theory([0.8, -0.4]), try theory([-0.4, 0.8]))
        for r in 0..<2 {
            let (x, y) = (a.teacher[3][0][r], b.teacher[3][1][r])
            let error = (pow(x.standardError, 2) + pow(y.standardError, 2)).squareRoot()
            #expect(abs(x.mean - y.mean) < 5 * error)
        }
    }

    @Test func tooLargeAStepIsNotBounded() throws {
        let student = TwoLayerStudent(
            target: try Target("He3(z)"), activation: .relu, secondLayer: [1], sampleRatio: 20, learningRate: 5,
            steps: 30)
        let theory = try DynamicalMeanField(student, bits: 10)
        #expect(!theory.isBounded && theory.steps < 30)
        #expect(theory.teacher.allSatisfy { $0.allSatisfy { $0.allSatisfy { $0.mean.isFinite } } })
    }
}
