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
        fileprivate var basis: [NumberColumn] = []
        fileprivate var diagonal: [Double] = []
        fileprivate var offDiagonal: [Double] = []
        fileprivate var isDone = false
    }

    /// Answers all tasks at the pack's present weights. The loss is ½ of the pack's.
    func solve(_ tasks: inout [Task]) throws {
        for i in tasks.indices { tasks[i].basis = [Self.normalized(tasks[i].start)] }
        while tasks.contains(where: { !$0.isDone }) {
            for task in tasks where !task.isDone {
                let v = task.basis[task.basis.count - 1].pointer
                pack.setDirection(task.preconditioner.indices.map { v[$0] * task.preconditioner[$0] }, lane: task.lane)
            }
            pack.hessianProduct()
            for i in tasks.indices where !tasks[i].isDone { try step(&tasks[i]) }
        }
    }

    private func step(_ task: inout Task) throws {
        let product = pack.hessianProduct(lane: task.lane)
        let w = NumberColumn(count: product.count)
        for i in product.indices { w.pointer[i] = 0.5 * task.preconditioner[i] * product[i] }
        let alpha = task.basis[task.basis.count - 1].dot(w)
        guard alpha.isFinite else {
            task.value = .infinity
            task.isDone = true
            return
        }
        task.diagonal.append(alpha)
        // Twice is enough.
        for _ in 0..<2 { w.add(w.dots(task.basis).map { -$0 }, task.basis) }
        let beta = w.dot(w).squareRoot()
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
        // An eigenvalue lies within the residual; its gap to the next one is not known from so few products.
        if beta * abs(weights[k - 1]) <= tolerance * scale || beta <= 1e-14 * scale || k == maximumSteps {
            task.value = value
            let vector = NumberColumn(count: w.count)
            vector.add(weights, task.basis)
            task.vector = vector.numbers
            task.basis = []
            task.isDone = true
            return
        }
        task.offDiagonal.append(beta)
        w.scale(1 / beta)
        task.basis.append(w)
    }

    private static func normalized(_ v: [Double]) -> NumberColumn {
        let column = NumberColumn(count: v.count)
        for i in v.indices { column.pointer[i] = v[i] }
        column.scale(1 / column.dot(column).squareRoot())
        return column
    }
}
