import Foundation
import Models
import PhaseSpace
import Support
import Testing

@Suite struct DataSectionTests {
    /// Forty rows with three classes and a constant column.
    static let file: String = {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("landau-\(UUID().uuidString)")
        try! FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let rows = (0..<40).map { "\($0 % 7),\(($0 * $0) % 11),5,\($0 % 3)" }
        let path = folder.appendingPathComponent("rows.csv").path
        try! ("a,b,c,label\n" + rows.joined(separator: "\n") + "\n").write(
            toFile: path, atomically: true, encoding: .utf8)
        return path
    }()

    func data(_ members: [String: JSONValue], seed: UInt64 = 1) throws -> FileData {
        let all = members.merging(["file": .text(Self.file)]) { $1 }
        return try FileData(
            .object(.init(uniqueKeysWithValues: all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })),
            folder: "", seed: seed)
    }

    @Test func aSplitCoversEveryRowOnceAndFollowsSeedAndReplica() throws {
        let all = try data(["classes": [0, 1]]).split(replica: 0)
        #expect(all.test == nil && all.training.rows == 27)
        let files = try data(["classes": [0, 1], "trainFraction": 0.7])
        let (training, test) = files.split(replica: 3)
        #expect(training.rows == 19 && test?.rows == 8)
        func rows(_ table: RegressionTable) -> [[Double]] {
            (0..<table.rows).map { Array(table.inputs[3 * $0..<3 * $0 + 3]) + [table.targets[$0]] }
        }
        let both = (rows(training) + rows(test!)).sorted { $0.lexicographicallyPrecedes($1) }
        #expect(both == rows(all.training).sorted { $0.lexicographicallyPrecedes($1) })
        #expect(files.split(replica: 3).training.inputs == training.inputs)
        #expect(files.split(replica: 4).training.inputs != training.inputs)
        let other = try data(["classes": [0, 1], "trainFraction": 0.7], seed: 2)
        #expect(other.split(replica: 3).training.inputs != training.inputs)
    }

    @Test func standardisationIsFoundFromTheTrainingSamplesAlone() throws {
        let (training, test) = try data(["classes": [0, 1], "standardize": "true", "trainFraction": 0.5])
            .split(replica: 0)
        for column in 0..<2 {
            let x = (0..<training.rows).map { training.inputs[3 * $0 + column] }
            let n = Double(x.count)
            #expect(abs(x.reduce(0, +) / n) < 1e-14)
            #expect(abs(x.reduce(0) { $0 + $1 * $1 } / n - 1) < 1e-13)
        }
        #expect(Set(training.targets) == [-1, 1])
        #expect((0..<training.rows).allSatisfy { training.inputs[3 * $0 + 2] == 0 })
        #expect(test!.inputs.contains { abs($0) > 1e-3 })
        let error = #expect(throws: DataFileError.self) { try data(["standardize": "true"]) }
        #expect(error!.message.contains("column `c` is constant"))
    }

    @Test func limitCountsRowsOfTheWantedClasses() throws {
        let table = try data(["classes": [2, 0], "limit": 5]).split(replica: 0).training
        #expect(table.targets == [1, -1, 1, -1, 1])
    }

    @Test func symmetrisedSamplesComeWithTheirMirrorImages() throws {
        let plain = try data(["classes": [0, 1]]).split(replica: 0).training
        let table = try data(["classes": [0, 1], "symmetrized": "true"]).split(replica: 0).training
        #expect(table.rows == 2 * plain.rows)
        for row in 0..<plain.rows {
            #expect(table.targets[2 * row] == plain.targets[row] && table.targets[2 * row + 1] == -plain.targets[row])
            #expect(table.inputs[6 * row + 4] == -plain.inputs[3 * row + 1])
        }
    }

    @Test(
        arguments: [
            (["classes": [3]], "`classes` must name two or more labels"),
            (["pool": 2], "`pool` needs `labels` beside it"), (["testLabels": "x"], "`testLabels` needs `test`"),
            (["trainFraction": 0.99], "leaves 40 for training and 0 for the test"),
            (["labels": "rows.idx", "target": "a"], "the targets are in `labels`"),
            (["trainFraction": 0.5, "test": "rows.csv"], "exclude each other"),
        ] as [([String: JSONValue], String)])
    func keysThatDoNotFitTogetherAreRefused(members: [String: JSONValue], part: String) {
        var members = members
        if members["test"] != nil { members["test"] = .text(Self.file) }
        let error = #expect(throws: ControlError.self) { try data(members) }
        #expect(error!.message.contains(part), "\(error!)")
    }

    // MARK: - Teachers

    func teacher(
        _ formula: String?, samples: Int? = 20_000, isSymmetrized: Bool = false, inputs: Int = 4
    ) throws -> GaussianTeacher {
        try GaussianTeacher(
            inputVariances: Array(repeating: 1, count: inputs), samples: samples, formula: formula,
            isSymmetrized: isSymmetrized, seed: 5, settings: "t")
    }

    @Test func aFormulaSeesProjectionsOnOrthonormalDirections() throws {
        let teacher = try teacher("z1*z2 + 0.5*z3^2")
        for (i, a) in teacher.directions.enumerated() {
            for (j, b) in teacher.directions.enumerated() {
                let overlap = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs(overlap - (i == j ? 1 : 0)) < 1e-15)
            }
        }
        let (x, y) = teacher.draw(replica: 1, samples: 100, signal: 2, labelNoise: 0)
        for s in 0..<100 {
            let z = teacher.directions.map { zip($0, x[4 * s..<4 * s + 4]).reduce(0) { $0 + $1.0 * $1.1 } }
            #expect(abs(y[s] - 2 * (z[0] * z[1] + 0.5 * z[2] * z[2])) < 1e-12)
        }
    }

    @Test func theFormulaOfOneProjectionIsTheLinearTeacher() throws {
        let a = try teacher(nil).draw(replica: 0, samples: 50, signal: 1.5, labelNoise: 0.3)
        let b = try teacher("z1").draw(replica: 0, samples: 50, signal: 1.5, labelNoise: 0.3)
        #expect(a.inputs == b.inputs && a.targets == b.targets)
    }

    @Test func aFormulaMayNameTheParameterOfASweep() throws {
        let teacher = try teacher("z1 + c*He3(z1)")
        #expect(teacher.hasParameter)
        let (x, y) = teacher.draw(replica: 0, samples: 50, signal: 1, labelNoise: 0, parameter: -0.7)
        let same = try self.teacher("z1 + -0.7*He3(z1)").draw(replica: 0, samples: 50, signal: 1, labelNoise: 0)
        #expect(x == same.inputs && zip(y, same.targets).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func latticeSamplesComeNearTheDistributionsMoments() throws {
        func moments(_ draws: InputDraws, replica: Int) throws -> [Double] {
            let teacher = try GaussianTeacher(
                inputVariances: [1, 4], samples: 4096, draws: draws, seed: 5, settings: "t")
            let x = teacher.draw(replica: replica, samples: 4096, signal: 1, labelNoise: 0).inputs
            func mean(_ f: (Double, Double) -> Double) -> Double {
                stride(from: 0, to: x.count, by: 2).reduce(0) { $0 + f(x[$1], x[$1 + 1]) } / 4096
            }
            return [
                mean { a, _ in a * a } - 1, mean { _, b in b * b / 4 } - 1, mean { a, b in a * b / 2 },
                (mean { a, _ in a * a * a * a } - 3) / 3,
            ]
        }
        for replica in 0..<4 {
            let near = try moments(.lattice, replica: replica)
            #expect(near.allSatisfy { abs($0) < 0.005 }, "\(near)")
        }
        #expect(try moments(.lattice, replica: 0) != moments(.lattice, replica: 1))
        #expect(try moments(.random, replica: 0).contains { abs($0) > 0.01 })
    }

    @Test func theDesignOfALinearTeacherHasItsPopulationsMoments() throws {
        let teacher = try GaussianTeacher(inputVariances: [1, 1, 1], samples: nil, seed: 5, settings: "t")
        let design = teacher.design(signal: 0.8, labelNoise: 0.5, conditionNumber: 10).moments
        let exact = teacher.populationMoments(signal: 0.8, labelNoise: 0.5, conditionNumber: 10)
        #expect(abs(design.targetSecondMoment - exact.targetSecondMoment) < 1e-14)
        for (a, b) in zip(
            design.crossMoment + design.inputSecondMoment, exact.crossMoment + exact.inputSecondMoment)
        { #expect(abs(a - b) < 1e-14) }
        #expect(abs(exact.inputSecondMoment[8] - 0.1) < 1e-15 && exact.inputSecondMoment[0] == 1)
        #expect(throws: ControlError.self) {
            try GaussianTeacher(inputVariances: [1], samples: nil, modes: [1, 2], seed: 5, settings: "t")
        }
    }

    @Test func evenTeachersLoseTheirLinearPartAndSymmetrisedDataTheirEvenPart() throws {
        let even = try teacher("z1^2 - 1").moments(replica: 0, signal: 1, labelNoise: 0)
        #expect(even.crossNorm < 0.05)
        let odd = try teacher("z1^2 - 1", isSymmetrized: true).draw(replica: 0, samples: 6, signal: 1, labelNoise: 0.1)
        for pair in 0..<3 {
            #expect(odd.targets[2 * pair] == -odd.targets[2 * pair + 1])
            #expect(odd.inputs[8 * pair..<8 * pair + 4].map { -$0 } == Array(odd.inputs[8 * pair + 4..<8 * pair + 8]))
        }
    }

    @Test(arguments: [
        ("gausian", "did you mean `gaussian`?"), ("z5", "4 inputs have no more than 4 projections"),
        ("z1 +", "character 5"), ("2*3", "without a projection"), ("x1", "no variable `x1`"), ("z01", "no variable"),
    ]) func teachersThatAreNoneAreRefused(formula: String, part: String) {
        let error = #expect(throws: ControlError.self) { try teacher(formula) }
        #expect(error!.message.contains(part), "\(error!)")
    }

    @Test func onlyTheLinearTeacherHasAPopulation() throws {
        #expect(try teacher(nil, samples: nil).hasPopulationMoments)
        #expect(throws: ControlError.self) { try teacher("z1^3", samples: nil) }
        #expect(throws: ControlError.self) { try teacher("z1", samples: 7, isSymmetrized: true) }
    }
}
