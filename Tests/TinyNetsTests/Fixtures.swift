import Lanes
import TinyNets

/// A random problem with full covariance, unequal decays and, unless it is noise-free, unequal noises.
func randomProblem(
    _ shape: DeepLinearShape, seed: UInt64, gamma: Double = 0.05, isNoiseFree: Bool = false
) -> DeepLinearProblem {
    var stream = RandomStream(seed: seed, key: 1, purpose: .data)
    let d = shape.inputs
    let n = d + 3
    let features = stream.normals(n * d)
    let targets = stream.normals(n)
    return DeepLinearProblem(
        moments: DataMoments(inputs: d, features: features, targets: targets),
        gammas: (0..<shape.layerCount).map { _ in gamma * (0.5 + stream.uniform()) },
        noises: shape.widths.map { _ in isNoiseFree ? 0 : stream.uniform() })
}

func randomWeights(_ shape: DeepLinearShape, seed: UInt64, scale: Double = 0.5) -> [Double] {
    var stream = RandomStream(seed: seed, key: 2, purpose: .initialWeights)
    return (0..<shape.weightCount).map { _ in scale * stream.normal() }
}

func randomWeights(_ shape: SampledNetShape, seed: UInt64, scale: Double = 0.5) -> [Double] {
    var stream = RandomStream(seed: seed, key: 2, purpose: .initialWeights)
    return (0..<shape.weightCount).map { _ in scale * stream.normal() }
}

/// Inputs of variance a in all directions; E[x y] of norm √q; E[y²] = 1.5 q / a.
func isotropicProblem(
    inputs: Int, depth: Int, a: Double, q: Double, gamma: Double, noise: Double
) -> DeepLinearProblem {
    var second = [Double](repeating: 0, count: inputs * inputs)
    for i in 0..<inputs { second[i * inputs + i] = a }
    var cross = (0..<inputs).map { 1.0 / Double($0 + 1) }
    let norm = cross.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for i in cross.indices { cross[i] *= q.squareRoot() / norm }
    return DeepLinearProblem(
        moments: DataMoments(
            inputs: inputs, inputSecondMoment: second, crossMoment: cross, targetSecondMoment: 1.5 * q / a),
        gammas: Array(repeating: gamma, count: depth + 1), noises: Array(repeating: noise, count: depth))
}

/// Jobs in a given order; results by tag.
final class JobList: TrainingQueue {
    private var jobs: [TrainingJob]
    private(set) var minima: [Int: Minimum] = [:]
    /// What follows a job.
    private let follow: (TrainingJob, Minimum) -> TrainingJob?

    init(_ jobs: [TrainingJob], follow: @escaping (TrainingJob, Minimum) -> TrainingJob? = { _, _ in nil }) {
        self.jobs = jobs.reversed()
        self.follow = follow
    }
    func nextJob() -> TrainingJob? { jobs.popLast() }
    func finished(_ job: TrainingJob, _ minimum: Minimum) -> TrainingJob? {
        precondition(minima[job.tag] == nil, "a job finishes once")
        minima[job.tag] = minimum
        return follow(job, minimum)
    }
}

/// The lowest converged minimum of several cold starts.
func lowestMinimum(
    _ shape: DeepLinearShape, _ problem: DeepLinearProblem, starts: Int = 12, seed: UInt64 = 1
) -> Minimum? {
    let jobs = (0..<starts).map { start in
        let scale = 0.3 + 1.2 * Double(start) / Double(starts - 1)
        return TrainingJob(
            tag: start, shape: shape, problem: problem,
            initialWeights: randomWeights(shape, seed: seed + UInt64(start), scale: scale),
            start: .cold)
    }
    let list = JobList(jobs)
    LaneTrainer().run(queue: list)
    return list.minima.values.filter { $0.outcome == .converged }.min { ($0.loss, $0.steps) < ($1.loss, $1.steps) }
}
