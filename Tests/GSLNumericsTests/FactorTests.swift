import GSLNumerics
import Testing

@Suite struct FactorTests {
    private func close(_ a: Double, _ b: Double, _ tolerance: Double = 1e-14) -> Bool {
        abs(a - b) <= tolerance * abs(b)
    }

    @Test func singularValuesOfGradedColumnsKeepTheirDigits() throws {
        // Orthogonal columns of lengths 5, 1e-30 · 5 after a rotation of neither.
        let found = try singularSystem(columns: [[3, 4], [-4e-30, 3e-30]])
        #expect(close(found.values[0], 5) && close(found.values[1], 5e-30))
        // R = [[1, 1], [0, 1e-12]]: σ₂ = 1e-12/σ₁.
        let near = try singularSystem(columns: [[1, 0], [1, 1e-12]]).values
        #expect(close(near[0], 2.0.squareRoot()) && close(near[1], 1e-12 / 2.0.squareRoot(), 1e-3))
    }

    @Test func leftVectorsBelongToTheirValues() throws {
        let found = try singularSystem(columns: [[2, 0, 0], [0, 0, -3]])
        #expect(found.values == [3, 2])
        #expect(found.left[0].map(abs) == [0, 0, 1] && found.left[1].map(abs) == [1, 0, 0])
    }

    @Test func wideMatricesHaveTheSingularValuesOfTheirTranspose() throws {
        let values = try singularValues(columns: [[3, 0], [0, 1], [4, 0], [0, 1]])
        #expect(values.count == 2 && close(values[0], 5) && close(values[1], 2.0.squareRoot()))
        #expect(throws: GSLError.self) { try singularSystem(columns: [[1], [2]]) }
        #expect(throws: GSLError.self) { try singularSystem(columns: [[1, 2], [2]]) }
        #expect(throws: GSLError.self) { try singularSystem(columns: [[1, .nan], [2, 3]]) }
        #expect(try singularSystem(columns: []).values.isEmpty)
        #expect(try singularSystem(columns: [[0, 0]]).values == [0])
    }

    @Test func dependentColumnsEnd() throws {
        let a = [0.1, 0.7, -0.3, 0.9]
        let values = try singularSystem(columns: [a, a.map { 3 * $0 }, a.map { $0 / 7 }]).values
        #expect(values[1] <= 1e-15 * values[0] && values[2] <= 1e-15 * values[0])
    }

    @Test func ranksDoNotDependOnUnits() throws {
        let x = [1, 2, 4, 8.0]
        let y = [1, -1, 2, 0.5]
        for unit in [1, 1e-40, 1e40] {
            let samples = (0..<4).flatMap { [x[$0], unit * y[$0], 2 * x[$0]] }
            let (factor, rotated) = try pivotedFactor(samples, columns: 3, [1, 0, 0, 1])
            #expect(factor.rank == 2 && rotated.count == 4)
            #expect(abs(rotated.reduce(0) { $0 + $1 * $1 } - 2) < 1e-14)
            // RᵀR is the moment.
            let moment = zip(factor.columns[0], factor.columns[1]).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(close(moment, unit * 11, 1e-14))
        }
    }

    @Test func aMomentsFactorGivesItBack() throws {
        let a = [4, 2, 0.4, 2, 1, 0.2, 0.4, 0.2, 1]
        let factor = try pivotedFactor(ofMoment: a, order: 3)
        #expect(factor.rank == 2)
        for i in 0..<3 {
            for j in 0..<3 {
                let found = zip(factor.columns[i], factor.columns[j]).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs(found - a[3 * i + j]) < 1e-14)
            }
        }
        #expect(throws: GSLError.self) { try pivotedFactor(ofMoment: [1, 2, 2, 1], order: 2) }
        #expect(throws: GSLError.self) { try pivotedFactor(ofMoment: [1, 2], order: 2) }
        #expect(try pivotedFactor(ofMoment: [0, 0, 0, 0], order: 2).rank == 0)
        #expect(throws: GSLError.self) { try pivotedFactor([1, 2, 3], columns: 2, [1, 2]) }
        #expect(try pivotedFactor([0, 0], columns: 1, [1, 2]).factor.rank == 0)
    }
}
