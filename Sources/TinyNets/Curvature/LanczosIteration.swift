import GSLNumerics

/// The ends of a symmetric operator's spectrum by Lanczos's iteration with full reorthogonalisation; the caller
/// multiplies.
///
/// An eigenvalue lies within the residual of an end's Ritz vector; an end is settled when that is below `tolerance` of the
/// largest Ritz value. The error is then of second order in the residual where the eigenvalue is isolated.
public struct LanczosIteration {
    public enum Ends: Sendable { case highest, both }

    private let ends: Ends
    private let tolerance: Double
    private let maximumSteps: Int
    private let count: Int
    /// Vectors in whole registers of eight, what is beyond their length is zero: one after the other.
    private var basis: [SIMD8<Double>]
    private let registers: Int
    private var diagonal: [Double] = []
    private var offDiagonal: [Double] = []
    public private(set) var isDone = false
    /// The smallest and the largest Ritz value; infinite where a product was not finite.
    public private(set) var lowest = Double.nan
    public private(set) var highest = Double.nan
    /// The Ritz vector of `highest`, of norm 1; empty before the end.
    public private(set) var highestVector: [Double] = []

    /// - Parameter start: any vector but zero; one along the wanted directions saves steps.
    public init(start: [Double], ends: Ends, tolerance: Double, maximumSteps: Int) {
        count = start.count
        registers = (start.count + 7) / 8
        self.ends = ends
        self.tolerance = tolerance
        self.maximumSteps = min(maximumSteps, start.count)
        basis = Self.registers(of: start)
        scale(by: 1 / dot(0, basis).squareRoot())
    }

    private var steps: Int { basis.count / registers }

    /// What the operator is to be applied to next, of norm 1.
    public var direction: [Double] { Self.numbers(basis[(steps - 1) * registers..<steps * registers], count) }

    /// Goes on with the operator times `direction`.
    public mutating func take(_ product: [Double]) throws {
        var w = Self.registers(of: product)
        let alpha = dot(steps - 1, w)
        guard alpha.isFinite else {
            (lowest, highest, isDone) = (-.infinity, .infinity, true)
            return
        }
        diagonal.append(alpha)
        // Twice is enough.
        for _ in 0..<2 {
            for k in 0..<steps { add(-dot(k, w), k, to: &w) }
        }
        let beta = Self.squaredNorm(w).squareRoot()
        let system = try ritz()
        let k = diagonal.count
        let size = max(abs(system.values[0]), abs(system.values[k - 1]))
        func isSettled(_ end: Int) -> Bool { beta * abs(system.vectors[end][k - 1]) <= tolerance * size }
        let isThrough = isSettled(k - 1) && (ends == .highest || isSettled(0))
        if isThrough || beta <= 1e-14 * size || k == maximumSteps {
            (lowest, highest, isDone) = (system.values[0], system.values[k - 1], true)
            var vector = [SIMD8<Double>](repeating: .zero, count: registers)
            for (index, weight) in system.vectors[k - 1].enumerated() { add(weight, index, to: &vector) }
            highestVector = Self.numbers(vector[...], count)
            basis = []
            return
        }
        offDiagonal.append(beta)
        basis += w
        scale(by: 1 / beta)
    }

    private func ritz() throws -> SymmetricEigenSystem {
        let k = diagonal.count
        var matrix = [Double](repeating: 0, count: k * k)
        for i in 0..<k {
            matrix[i * k + i] = diagonal[i]
            if i + 1 < k {
                matrix[i * k + i + 1] = offDiagonal[i]
                matrix[(i + 1) * k + i] = offDiagonal[i]
            }
        }
        return try symmetricEigenSystem(matrix, order: k)
    }

    // MARK: - Vectors

    private static func registers(of numbers: [Double]) -> [SIMD8<Double>] {
        var lanes = [SIMD8<Double>](repeating: .zero, count: (numbers.count + 7) / 8)
        for (i, x) in numbers.enumerated() { lanes[i / 8][i % 8] = x }
        return lanes
    }

    private static func numbers(_ lanes: ArraySlice<SIMD8<Double>>, _ count: Int) -> [Double] {
        lanes.withUnsafeBytes { Array($0.bindMemory(to: Double.self).prefix(count)) }
    }

    /// ⟨basis vector k, w⟩ in eight fixed strands.
    private func dot(_ k: Int, _ w: [SIMD8<Double>]) -> Double {
        basis.withUnsafeBufferPointer { basis in
            w.withUnsafeBufferPointer { w in
                var sum = SIMD8<Double>.zero
                for i in 0..<registers { sum += basis[k &* registers &+ i] * w[i] }
                return sum.sum()
            }
        }
    }

    private static func squaredNorm(_ w: [SIMD8<Double>]) -> Double {
        var sum = SIMD8<Double>.zero
        for lane in w { sum += lane * lane }
        return sum.sum()
    }

    private func add(_ factor: Double, _ k: Int, to w: inout [SIMD8<Double>]) {
        basis.withUnsafeBufferPointer { basis in
            w.withUnsafeMutableBufferPointer { w in
                for i in 0..<registers { w[i] += factor * basis[k &* registers &+ i] }
            }
        }
    }

    /// Scales the last basis vector.
    private mutating func scale(by factor: Double) {
        for i in basis.count - registers..<basis.count { basis[i] *= factor }
    }
}
