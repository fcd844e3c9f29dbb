import Lanes
import PhaseSpace
import Support

/// How inputs are distributed, and what becomes of them: revealed as needed, drawn in full, or the limit of many.
public enum InputDistribution: String, ControlChoice, Hashable {
    /// Standard normal, revealed as needed.
    case gaussian
    /// Standard normal, every number drawn.
    case gaussianExplicit = "gaussian-explicit"
    /// ±1
    case rademacher
    /// Uniform with variance 1.
    case uniform
    /// Gaussian in the limit d → ∞: the mean-field equations, solved with one scramble of quasi-random points a replica.
    case meanField = "mean-field"
}

/// Gradient descent on rows that are drawn in full, again at every step: nothing of size n × d is stored. For inputs that
/// are not Gaussian, and as a check of the lazily revealed matrix.
///
/// The teacher's directions are random, so that its pre-activations are normal for large d whatever the inputs are.
struct ExplicitSimulation {
    let student: TwoLayerStudent
    let inputs: InputDistribution
    let dimension: Int
    let seed: UInt64
    let dataKey: UInt64
    let weightKey: UInt64

    /// - Returns: false where the weights grew beyond bounds.
    /// - Throws: `CancellationError` once `isCancelled` says so.
    func run(_ isCancelled: () -> Bool, _ record: (BatchReuseSimulation.Step) -> Void) throws -> Bool {
        let (p, d) = (student.hidden, dimension)
        let (teacher, initial) = directions()
        var weights = initial
        let batch = BatchReuseSimulation.samples(student.sampleRatio, d)
        for step in 0...student.steps {
            let overlaps = StudentOverlaps(
                teacher: weights.map { w in teacher.map { dot(w, $0) } },
                student: weights.map { w in weights.map { dot(w, $0) } })
            guard step < student.steps else {
                record(BatchReuseSimulation.Step(overlaps: overlaps, trainingError: nil, noise: nil))
                break
            }
            var gradient = [[Double]](repeating: [Double](repeating: 0, count: d), count: p)
            var loss = 0.0
            let rows = rows(atStep: step, batch: batch)
            let key = PointIdentity(
                hex: sha256("explicit data set \(dataKey) \(student.schedule.dataSet(atStep: step))")
            ).randomKey
            // Chunks keep a few rows at hand for the target and the activation, which work on columns.
            for start in stride(from: 0, to: rows.count, by: 256) {
                if isCancelled() { throw CancellationError() }
                let chunk = rows[start..<min(start + 256, rows.count)].map { row(Int($0), key) }
                let labels = NumberColumn(count: chunk.count)
                let columns = teacher.map { direction in chunk.map { dot($0, direction) } }
                for (i, y) in student.target.values(columns).enumerated() { labels.pointer[i] = y }
                let h = weights.map { w in
                    let column = NumberColumn(count: chunk.count)
                    for (i, x) in chunk.enumerated() { column.pointer[i] = dot(x, w) }
                    return column
                }
                loss += student.lossGradient(h, labels: labels)
                for i in 0..<p {
                    for (m, x) in chunk.enumerated() {
                        let f = h[i].pointer[m]
                        for j in 0..<d { gradient[i][j] += f * x[j] }
                    }
                }
            }
            record(BatchReuseSimulation.Step(overlaps: overlaps, trainingError: loss / Double(rows.count), noise: nil))
            let factor = student.learningRate / Double(d)
            for i in 0..<p {
                for j in 0..<d { weights[i][j] = student.shrinkage * weights[i][j] - factor * gradient[i][j] }
            }
            let largest = weights.map { dot($0, $0) }.max()!
            guard largest.isFinite, largest < BatchReuseSimulation.divergenceBound else { return false }
        }
        return true
    }

    private func rows(atStep step: Int, batch: Int) -> [Int] {
        let size = student.schedule.dataSetSize
        guard size > 1 else { return Array(0..<batch) }
        var stream = RandomStream(seed: seed, key: dataKey, purpose: .batches, substream: step)
        var left = batch
        return (0..<batch * size).filter { i in
            guard stream.integer(below: batch * size - i) < left else { return false }
            left -= 1
            return true
        }
    }

    private func row(_ number: Int, _ key: UInt64) -> [Double] {
        var stream = RandomStream(seed: seed, key: key, purpose: .data, substream: number)
        switch inputs {
        case .gaussian, .gaussianExplicit, .meanField: return stream.normals(dimension)
        case .rademacher: return (0..<dimension).map { _ in stream.next() >> 63 == 0 ? 1 : -1 }
        case .uniform: return (0..<dimension).map { _ in (2 * stream.uniform() - 1) * 3.0.squareRoot() }
        }
    }

    /// Orthonormal teacher directions, and the initial weights over √d.
    private func directions() -> (teacher: [[Double]], weights: [[Double]]) {
        let k = student.target.dimension
        var teacherStream = RandomStream(seed: seed, key: dataKey, purpose: .teacher)
        var stream = RandomStream(seed: seed, key: weightKey, purpose: .initialWeights)
        var basis: [[Double]] = []
        while basis.count < k { basis.append(orthonormalised(teacherStream.normals(dimension), to: basis)) }
        let teacher = basis
        if student.initialisation == .random {
            let unit = 1 / Double(dimension).squareRoot()
            return (teacher, (0..<student.hidden).map { _ in stream.normals(dimension).map { $0 * unit } })
        }
        let (overlaps, rest) = student.initialWeights
        while basis.count < k + rest[0].count { basis.append(orthonormalised(stream.normals(dimension), to: basis)) }
        let weights = zip(overlaps, rest).map { overlap, rest in
            var w = [Double](repeating: 0, count: dimension)
            for (c, direction) in zip(overlap + rest, basis) where c != 0 {
                for j in w.indices { w[j] += c * direction[j] }
            }
            return w
        }
        return (teacher, weights)
    }

    private func orthonormalised(_ v: [Double], to basis: [[Double]]) -> [Double] {
        var rest = v
        for _ in 0..<2 {
            for b in basis {
                let overlap = dot(rest, b)
                for j in rest.indices { rest[j] -= overlap * b[j] }
            }
        }
        let norm = dot(rest, rest).squareRoot()
        return rest.map { $0 / norm }
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double {
        var strands = SIMD8<Double>()
        var i = 0
        while i + 8 <= a.count {
            for lane in 0..<8 { strands[lane] += a[i + lane] * b[i + lane] }
            i += 8
        }
        var sum = strands.sum()
        while i < a.count {
            sum += a[i] * b[i]
            i += 1
        }
        return sum
    }
}
