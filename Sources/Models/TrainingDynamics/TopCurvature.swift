import GSLNumerics
import TinyNets

/// Largest eigenvalues of the preconditioned Hessians Ξ^½ H Ξ^½ of the nets of a pack, all lanes in one Lanczos iteration
/// with full reorthogonalisation. A lane's answer does not depend on its neighbours.
final class TopCurvature {
    private let pack: SampledNetPack
    private let tolerance: Double
    private let maximumSteps: Int

    init(pack: SampledNetPack, tolerance: Double = 1e-6, maximumSteps: Int = 60) {
        self.pack = pack
        self.tolerance = tolerance
        self.maximumSteps = maximumSteps
    }

    /// One lane's question and, in time, its answer.
    struct Task {
        let lane: Int
        /// Square roots of the layers' rate factors, weight by weight.
        let preconditioner: [Double]
        let start: [Double]
        fileprivate(set) var value = Double.nan
        fileprivate(set) var vector: [Double] = []

        init(lane: Int, preconditioner: [Double], start: [Double]) {
            self.lane = lane
            self.preconditioner = preconditioner
            self.start = start
        }
        fileprivate var basis: [[Double]] = []
        fileprivate var diagonal: [Double] = []
        fileprivate var offDiagonal: [Double] = []
        fileprivate var isDone = false
    }

    /// Answers all tasks at the pack's present weights. The loss is ½ of the pack's.
    func solve(_ tasks: inout [Task]) throws {
        for i in tasks.indices { tasks[i].basis = [Self.normalized(tasks[i].start)] }
        while tasks.contains(where: { !$0.isDone }) {
            for task in tasks where !task.isDone {
                let v = task.basis[task.basis.count - 1]
                pack.setDirection(zip(v, task.preconditioner).map { $0 * $1 }, lane: task.lane)
            }
            pack.hessianProduct()
            for i in tasks.indices where !tasks[i].isDone { try step(&tasks[i]) }
        }
    }

    private func step(_ task: inout Task) throws {
        var w = pack.hessianProduct(lane: task.lane)
        for i in w.indices { w[i] *= 0.5 * task.preconditioner[i] }
        let v = task.basis[task.basis.count - 1]
        let alpha = Self.dot(v, w)
        guard alpha.isFinite else {
            task.value = .infinity
            task.isDone = true
            return
        }
        task.diagonal.append(alpha)
        // Twice is enough.
        for _ in 0..<2 {
            for q in task.basis {
                let overlap = Self.dot(q, w)
                for i in w.indices { w[i] -= overlap * q[i] }
            }
        }
        let beta = Self.dot(w, w).squareRoot()
        let k = task.diagonal.count
        var matrix = [Double](repeating: 0, count: k * k)
        for i in 0..<k {
            matrix[i * k + i] = task.diagonal[i]
            if i + 1 < k {
                matrix[i * k + i + 1] = task.offDiagonal[i]
                matrix[(i + 1) * k + i] = task.offDiagonal[i]
            }
        }
        let system = try symmetricEigenSystem(matrix, order: k)
        let (value, weights) = (system.values[k - 1], system.vectors[k - 1])
        let scale = system.values.reduce(0) { max($0, abs($1)) }
        if beta * abs(weights[k - 1]) <= tolerance * scale || beta <= 1e-14 * scale || k == maximumSteps {
            task.value = value
            task.vector = [Double](repeating: 0, count: w.count)
            for (weight, q) in zip(weights, task.basis) {
                for i in w.indices { task.vector[i] += weight * q[i] }
            }
            task.basis = []
            task.isDone = true
            return
        }
        task.offDiagonal.append(beta)
        task.basis.append(w.map { $0 / beta })
    }

    private static func normalized(_ v: [Double]) -> [Double] {
        let norm = dot(v, v).squareRoot()
        return v.map { $0 / norm }
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for i in a.indices { sum += a[i] * b[i] }
        return sum
    }
}
