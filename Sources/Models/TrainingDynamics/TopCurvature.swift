import TinyNets

/// Largest eigenvalues of the preconditioned Hessians Ξ^½ H Ξ^½ of the nets of a pack, all lanes in one Lanczos iteration.
/// A lane's answer does not depend on its neighbours.
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
    }

    /// Answers all tasks at the pack's present weights. The loss is ½ of the pack's.
    func solve(_ tasks: inout [Task]) throws {
        var iterations = tasks.map { task in
            LanczosIteration(start: task.start, ends: .highest, tolerance: tolerance, maximumSteps: maximumSteps)
        }
        while iterations.contains(where: { !$0.isDone }) {
            for (task, iteration) in zip(tasks, iterations) where !iteration.isDone {
                let direction = zip(iteration.direction, task.preconditioner).map { $0 * $1 }
                pack.setDirection(direction, lane: task.lane)
            }
            pack.hessianProduct()
            for (index, task) in tasks.enumerated() where !iterations[index].isDone {
                let product = zip(pack.hessianProduct(lane: task.lane), task.preconditioner).map { 0.5 * $0 * $1 }
                try iterations[index].take(product)
            }
        }
        for (index, iteration) in iterations.enumerated() {
            tasks[index].value = iteration.highest
            tasks[index].vector = iteration.highestVector
        }
    }
}
