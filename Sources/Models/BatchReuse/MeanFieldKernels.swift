/// The two-time functions of dynamical mean-field theory on a growing triangle of steps, and their recursions. All entries
/// are p × p blocks, rows first.
///
/// Weights: response Rθ(t, s) to a push at step s, memory A_t of the initial weights, overlaps M_t with the teacher and
/// correlation C(t, s) of the part orthogonal to it. Gradients: response R(t, s) and correlation D(t, s), both times αd/d.
struct MeanFieldKernels {
    typealias Block = [Double]

    let p: Int
    let k: Int
    let shrinkage: Double
    let learningRate: Double

    /// M_t, p × k.
    private(set) var overlaps: [[Double]]
    /// A_t.
    private(set) var memory: [Block]
    /// Rθ(t, s) for s < t.
    private(set) var weightResponse: [[Block]] = [[]]
    /// R(t, s) and D(t, s) for s ≤ t, nil where steps t and s see different data.
    private(set) var gradientResponse: [[Block?]] = []
    private(set) var gradientCorrelation: [[Block?]] = []
    private let initialCorrelation: Block

    init(_ student: TwoLayerStudent) {
        p = student.hidden
        k = student.target.dimension
        shrinkage = student.shrinkage
        learningRate = student.learningRate
        let (start, rest) = student.initialWeights
        overlaps = [start.flatMap { $0 }]
        initialCorrelation = rest.flatMap { a in rest.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
        memory = [Self.identity(student.hidden)]
    }

    /// The last step that is known.
    var step: Int { overlaps.count - 1 }

    private static func identity(_ p: Int) -> Block { (0..<p * p).map { $0 % (p + 1) == 0 ? 1 : 0 } }

    // MARK: - Correlations

    /// Σ_u Rθ(t, u) D(u, v) for v below t: what all correlations of step t need.
    private func pushes(_ t: Int) -> [Block] {
        (0..<t).map { v in
            var sum = Block(repeating: 0, count: p * p)
            for u in 0..<t {
                // D(u, v) = D(v, u)ᵀ
                if u >= v, let block = gradientCorrelation[u][v] {
                    addProduct(&sum, 1, weightResponse[t][u], block)
                } else if u < v, let block = gradientCorrelation[v][u] {
                    addProductWithTransposed(&sum, 1, weightResponse[t][u], block)
                }
            }
            return sum
        }
    }

    /// C(t, s) for the given steps s ≤ t.
    func correlations(_ t: Int, with steps: [Int]) -> [Block] {
        let pushes = pushes(t)
        var carried = Block(repeating: 0, count: p * p)
        addProduct(&carried, 1, memory[t], initialCorrelation)
        return steps.map { s in
            var sum = Block(repeating: 0, count: p * p)
            addProductWithTransposed(&sum, 1, carried, memory[s])
            for v in 0..<s {
                addProductWithTransposed(&sum, learningRate * learningRate, pushes[v], weightResponse[s][v])
            }
            return sum
        }
    }

    /// Q_t = C(t, t) + M_t M_tᵀ, given C(t, t).
    func student(_ t: Int, correlation: Block) -> [[Double]] {
        (0..<p).map { i in
            (0..<p).map { j in
                let teacher = (0..<k).reduce(0.0) { $0 + overlaps[t][i * k + $1] * overlaps[t][j * k + $1] }
                return (correlation[i * p + j] + correlation[j * p + i]) / 2 + teacher
            }
        }
    }

    // MARK: - A step

    /// Goes from step t to t + 1.
    /// - Parameters:
    ///   - gradient: α E[F_t zᵀ], p × k.
    ///   - response, correlation: R(t, s) and D(t, s) for s ≤ t.
    mutating func advance(gradient: [Double], response: [Block?], correlation: [Block?]) {
        let t = step
        gradientResponse.append(response)
        gradientCorrelation.append(correlation)
        overlaps.append(zip(overlaps[t], gradient).map { shrinkage * $0 - learningRate * $1 })
        var next = memory[t].map { shrinkage * $0 }
        for u in 0...t { if let r = response[u] { addProduct(&next, -learningRate, r, memory[u]) } }
        memory.append(next)
        weightResponse.append(
            (0...t).map { s in
                guard s < t else { return Self.identity(p) }
                var row = weightResponse[t][s].map { shrinkage * $0 }
                for u in s + 1...t {
                    if let r = response[u] { addProduct(&row, -learningRate, r, weightResponse[u][s]) }
                }
                return row
            })
    }

    // MARK: - Blocks

    /// sum += factor a b
    private func addProduct(_ sum: inout Block, _ factor: Double, _ a: Block, _ b: Block) {
        for i in 0..<p {
            for l in 0..<p {
                let x = factor * a[i * p + l]
                for j in 0..<p { sum[i * p + j] += x * b[l * p + j] }
            }
        }
    }

    /// sum += factor a bᵀ
    private func addProductWithTransposed(_ sum: inout Block, _ factor: Double, _ a: Block, _ b: Block) {
        for i in 0..<p {
            for j in 0..<p {
                var x = 0.0
                for l in 0..<p { x += a[i * p + l] * b[j * p + l] }
                sum[i * p + j] += factor * x
            }
        }
    }
}

/// A lower triangular factor L of a positive semidefinite matrix that grows row by row. A pivot below 1e-12 of its
/// diagonal element counts as zero and leaves a zero column.
struct GrowingCholesky {
    private(set) var rows: [[Double]] = []

    /// - Parameter row: the matrix's next row up to the diagonal.
    mutating func append(_ row: [Double]) {
        let n = rows.count
        var new = [Double](repeating: 0, count: n + 1)
        for j in 0...n {
            var x = row[j]
            let other = j < n ? rows[j] : new
            for l in 0..<j { x -= new[l] * other[l] }
            if j < n {
                new[j] = other[j] > 0 ? x / other[j] : 0
            } else {
                new[j] = x > 1e-12 * max(row[n], 1e-300) ? x.squareRoot() : 0
            }
        }
        rows.append(new)
    }

    /// x with x L = b, zero in the columns that L has none of.
    func solved(_ b: [Double]) -> [Double] {
        var x = b
        for j in rows.indices.reversed() {
            for l in j + 1..<max(rows.count, j + 1) { x[j] -= x[l] * rows[l][j] }
            x[j] = rows[j][j] > 0 ? x[j] / rows[j][j] : 0
        }
        return x
    }
}
