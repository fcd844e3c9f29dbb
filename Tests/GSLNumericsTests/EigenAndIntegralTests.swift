import Foundation
import GSLNumerics
import Testing

@Suite struct SymmetricEigenSystemTests {
    @Test func eigenvaluesOfKnownMatrices() throws {
        let system = try symmetricEigenSystem([2, -1, 0, -1, 2, -1, 0, -1, 2], order: 3)
        for (value, expected) in zip(system.values, [2 - 2.0.squareRoot(), 2, 2 + 2.0.squareRoot()]) {
            #expect(abs(value - expected) < 1e-14)
        }
    }
    @Test(arguments: [1.0, 1e-300, 1e300]) func vectorsAreOrthonormalAndDiagonalise(unit: Double) throws {
        let n = 7
        let matrix = (0..<n * n).map { k in
            let (i, j) = (min(k / n, k % n), max(k / n, k % n))
            return unit * sin(Double(3 * i + 7 * j + 1))
        }
        let system = try symmetricEigenSystem(matrix, order: n)
        #expect(system.values == system.values.sorted())
        for k in 0..<n {
            for l in 0..<n {
                let product = zip(system.vectors[k], system.vectors[l]).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs(product - (k == l ? 1 : 0)) < 1e-14)
            }
            for i in 0..<n {
                let row = (0..<n).reduce(0) { $0 + matrix[i * n + $1] / unit * system.vectors[k][$1] }
                #expect(abs(row - system.values[k] / unit * system.vectors[k][i]) < 1e-14 * 7)
            }
        }
    }
    @Test func badMatricesAreRefused() throws {
        #expect(try symmetricEigenSystem([], order: 0).values.isEmpty)
        #expect(try symmetricEigenSystem([0, 0, 0, 0], order: 2).values == [0, 0])
        #expect(throws: GSLError.self) { try symmetricEigenSystem([1, 2, 3], order: 2) }
        #expect(throws: GSLError.self) { try symmetricEigenSystem([1, .nan, .nan, 1], order: 2) }
        #expect(throws: GSLError.self) { try symmetricEigenSystem([1, 0.5, 0.6, 1], order: 2) }
        #expect(throws: GSLError.self) { try symmetricEigenSystem([], order: -1) }
    }
}

@Suite struct IntegralTests {
    @Test func knownIntegralsMeetTheirTolerance() throws {
        let root2Pi = (2 * Double.pi).squareRoot()
        let problems: [(f: (Double) -> Double, a: Double, b: Double, value: Double)] = [
            ({ $0 * $0 }, 0, 3, 9), ({ 1 / $0.squareRoot() }, 0, 1, 2), ({ -log($0) }, 0, 1, 1),
            ({ exp(-$0 * $0 / 2) }, -.infinity, .infinity, root2Pi), ({ exp(-$0) }, 0, .infinity, 1),
            ({ exp($0) }, -.infinity, 0, 1), ({ cos($0) }, .pi / 2, 0, -1), ({ $0 }, 2, 2, 0),
            ({ $0 * $0 * $0 }, -1, 1, 0),
        ]
        for (f, a, b, value) in problems {
            let result = try integral(of: f, from: a, to: b)
            #expect(abs(result.value - value) <= max(1e-10 * abs(value), 1e-13), "\(a)…\(b)")
            #expect(abs(result.value - value) <= result.error + 1e-15)
        }
    }
    @Test func divergentAndMalformedIntegralsAreRefused() {
        #expect(throws: GSLError.self) { try integral(of: { 1 / $0 }, from: 0, to: 1) }
        #expect(throws: GSLError.self) { try integral(of: { $0 }, from: .nan, to: 1) }
        #expect(throws: GSLError.self) { try integral(of: { _ in .nan }, from: 0, to: 1) }
        #expect(throws: GSLError.self) { try integral(of: { 1 / $0 }, from: 1, to: .infinity) }
    }
}
