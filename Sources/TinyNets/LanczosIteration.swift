import GSLNumerics

/// The ends of a symmetric operator's spectrum by Lanczos's iteration with full reorthogonalisation; the caller
/// multiplies.
///
/// An end counts as settled when the residual of its Ritz vector is below `tolerance` of the largest Ritz value; its
/// error is then at most that, and of second order in it where the eigenvalue is isolated.
public struct LanczosIteration {
    public enum Ends: Sendable { case highest, both }

    private let ends: Ends
    private let tolerance: Double
    private let maximumSteps: Int
    private var basis: [[Double]]
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
        let norm = Self.dot(start, start).squareRoot()
        basis = [start.map { $0 / norm }]
        self.ends = ends
        self.tolerance = tolerance
        self.maximumSteps = min(maximumSteps, start.count)
    }

    /// What the operator is to be applied to next, of norm 1.
    public var direction: [Double] { basis[basis.count - 1] }

    /// Goes on with the operator times `direction`.
    public mutating func take(_ product: [Double]) throws {
        var w = product
        let alpha = Self.dot(direction, w)
        guard alpha.isFinite else {
            (lowest, highest, isDone) = (-.infinity, .infinity, true)
            return
        }
        diagonal.append(alpha)
        // Twice is enough.
        for _ in 0..<2 {
            for q in basis {
                let overlap = Self.dot(q, w)
                for i in w.indices { w[i] -= overlap * q[i] }
            }
        }
        let beta = Self.dot(w, w).squareRoot()
        let system = try ritz()
        let k = diagonal.count
        let scale = max(abs(system.values[0]), abs(system.values[k - 1]))
        func isSettled(_ index: Int) -> Bool { beta * abs(system.vectors[index][k - 1]) <= tolerance * scale }
        let isThrough = isSettled(k - 1) && (ends == .highest || isSettled(0))
        if isThrough || beta <= 1e-14 * scale || k == maximumSteps {
            (lowest, highest, isDone) = (system.values[0], system.values[k - 1], true)
            highestVector = [Double](repeating: 0, count: w.count)
            for (weight, q) in zip(system.vectors[k - 1], basis) {
                for i in w.indices { highestVector[i] += weight * q[i] }
            }
            basis = []
            return
        }
        offDiagonal.append(beta)
        basis.append(w.map { $0 / beta })
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

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for i in a.indices { sum += a[i] * b[i] }
        return sum
    }
}
