import Foundation
import Kernels
import TinyNets

/// Costs that should not depend on what they are said not to depend on.
enum OtherCosts {
    static func sentences(_ variant: KernelVariant) throws -> [String] { [try moments(variant), try denormals(variant)] }

    /// A step of deep linear nets on the moments of n samples.
    private static func moments(_ variant: KernelVariant) throws -> String {
        let counts = [100, 10_000, 1_000_000]
        let shape = DeepLinearShape(inputs: Row.inputs, widths: [8, 8])
        var times = counts.map { _ in [Double]() }
        let queues = counts.map { MomentJobs(shape, samples: $0) }
        for _ in 0..<9 {
            for (index, queue) in queues.enumerated() {
                queue.restart()
                let time = sample(1) { LaneTrainer(variant: variant).run(queue: queue) }
                times[index].append(1e6 * time / Double(queue.steps))
            }
        }
        let each = zip(counts, times).map { String(format: "%.2f µs with n = %d", median($1), $0) }
        return "A step of a deep linear net (depth 2, width 8) on data moments: " + each.joined(separator: ", ")
    }

    /// Weights that are denormal numbers beside ordinary ones.
    private static func denormals(_ variant: KernelVariant) throws -> String {
        let kernel = SampledKernel(variant, .double)
        let ordinary = try Contender.pack(.tanh, depth: 2, kernel)
        let tiny = try Contender.pack(.tanh, depth: 2, kernel)
        for lane in 0..<tiny.laneCount {
            ordinary.setRate(0, lane: lane)
            tiny.setRate(0, lane: lane)
            tiny.setWeights(tiny.weights(lane: lane).map { 1e-310 * $0 }, lane: lane)
        }
        let steps = repetitions { ordinary.descend(steps: 1) }
        let ratios = (0..<15).map { _ in
            let time = sample(1) { ordinary.descend(steps: steps) }
            return sample(1) { tiny.descend(steps: steps) } / time
        }
        return String(format: "A step of nets with weights around 1e-310: %.2f times an ordinary one", median(ratios))
    }
}

/// Cold starts of nets on the moments of one data set, at 64 decays.
private final class MomentJobs: TrainingQueue {
    private let shape: DeepLinearShape
    private let data: DataMoments
    private var next = 0
    private(set) var steps = 0

    init(_ shape: DeepLinearShape, samples: Int) {
        self.shape = shape
        func fraction(_ index: Int) -> Double {
            (Double(index) * 0.6180339887498949).truncatingRemainder(dividingBy: 1) - 0.5
        }
        let features = (0..<samples * shape.inputs).map(fraction)
        let targets = (0..<samples).map { 2 * features[$0 * shape.inputs] + 0.1 * fraction(7 * $0) }
        data = DataMoments(inputs: shape.inputs, features: features, targets: targets)
    }

    func restart() { (next, steps) = (0, 0) }

    func nextJob() -> TrainingJob? {
        guard next < 64 else { return nil }
        defer { next += 1 }
        let gamma = 0.002 * (1 + 0.02 * Double(next))
        let weights = (0..<shape.weightCount).map {
            (Double($0 + next) * 0.6180339887498949).truncatingRemainder(dividingBy: 1) - 0.5
        }
        let problem = DeepLinearProblem(
            moments: data, gammas: Array(repeating: gamma, count: shape.layerCount),
            noises: Array(repeating: 0, count: shape.depth))
        return TrainingJob(tag: next, shape: shape, problem: problem, initialWeights: weights, start: .cold)
    }

    func finished(_ job: TrainingJob, _ minimum: Minimum) -> TrainingJob? {
        steps += minimum.steps
        return nil
    }
}
