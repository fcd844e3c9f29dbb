import Kernels
import Lanes
import PhaseSpace
import Testing
import TinyNets

private let shape = DeepLinearShape(inputs: 4, widths: [5, 6])

/// Cold and warm starts, with and without noise, ordered and collapsing, easy and near the transition.
private let jobs: [TrainingJob] = (0..<60).map(job)

private func job(_ index: Int) -> TrainingJob {
    let size = Double(index)
    if index % 6 == 2 { return sampledJob(index) }
    return TrainingJob(
        tag: index, shape: shape,
        problem: randomProblem(shape, seed: UInt64(index % 7), gamma: 0.01 + 0.01 * size, isNoiseFree: index % 4 == 1),
        initialWeights: randomWeights(shape, seed: UInt64(index), scale: 0.2 + 0.02 * size),
        start: index % 5 == 0 ? .warm : .cold)
}

private let sampledActivations: [UnitActivation] = [.tanh, .relu, .swish, .leakyRelu(slope: 0.1), .softplus]

/// A nonlinear net among the linear ones.
private func sampledJob(_ index: Int) -> TrainingJob {
    var stream = RandomStream(seed: UInt64(index), key: 8, purpose: .data)
    let activation = sampledActivations[index / 6 % sampledActivations.count]
    let outputs = 1 + index / 6 % 2
    let labels = index % 4 == 2
    let shape = try! SampledNetShape(
        inputs: 4, widths: [5, 6], outputs: outputs, activation: activation, hasBiases: index % 5 == 2)
    let targets = stream.normals(21 * outputs).map { labels ? ($0 > 0 ? 1 : -1) : $0 }
    let data = SampledData(inputs: 4, outputs: outputs, features: stream.normals(4 * 21), targets: targets)
    let masks = SampledNet.frozenNoise(
        widths: shape.widths, noises: index % 3 == 2 ? [0.1, 0.2] : [0, 0], count: 4, stream: &stream)
    let net = SampledNet(
        shape: shape, data: data, loss: labels ? .logistic : .squaredError, noiseFactors: index > 30 ? masks : [])
    return TrainingJob(
        tag: index, net: net, gammas: [0.02, 0.03, 0.02], initialWeights: randomWeights(shape, seed: UInt64(index)),
        start: .cold)
}

private func minima(_ jobs: [TrainingJob], _ variant: KernelVariant = .current) -> [Int: Minimum] {
    let list = JobList(jobs)
    LaneTrainer(variant: variant).run(queue: list)
    return list.minima
}

@Test func minimaDoNotDependOnOrderOrNeighbours() {
    let expected = minima(jobs)
    #expect(expected.count == jobs.count)
    #expect(expected.values.contains { $0.squaredNorm == 0 } && expected.values.contains { $0.squaredNorm > 0 })
    #expect(minima(jobs.reversed()) == expected)
    let shuffled: [TrainingJob] = (0..<60).map { jobs[$0 * 37 % 60] }
    #expect(minima(shuffled) == expected)
    var alone: [Int: Minimum] = [:]
    for job in jobs { alone.merge(minima([job])) { $1 } }
    #expect(alone == expected)
}

@Test func minimaDoNotDependOnTheKernelVariant() {
    let expected = minima(jobs)
    for variant in KernelVariant.allCases where variant.isSupported { #expect(minima(jobs, variant) == expected) }
}

@Test func followUpsGiveTheSameMinimaAsJobsOfTheirOwn() {
    let expected = minima(jobs)
    let list = JobList(Array(jobs.prefix(3))) { done, _ in done.tag + 3 < jobs.count ? jobs[done.tag + 3] : nil }
    LaneTrainer().run(queue: list)
    #expect(list.minima == expected)
}

@Test func cancellationDropsUnfinishedJobsOnly() {
    let expected = minima(jobs)
    let list = JobList(jobs)
    LaneTrainer().run(queue: list) { list.minima.count >= 20 }
    #expect(list.minima.count >= 20 && list.minima.count < jobs.count)
    for (tag, minimum) in list.minima { #expect(minimum == expected[tag]) }
}

@Test func numbersThatAreNotFiniteAreRefusedWithASentence() {
    var weights = randomWeights(shape, seed: 1)
    weights[3] = .nan
    let bad = TrainingJob(tag: 0, shape: shape, problem: jobs[0].problem, initialWeights: weights, start: .cold)
    let good = TrainingJob(
        tag: 1, shape: shape, problem: jobs[1].problem, initialWeights: jobs[1].initialWeights, start: .cold)
    let result = minima([bad, good])
    #expect(result[0]?.outcome == .diverged)
    #expect(result[0]?.reason == "The problem or the initial weights hold a number that is not finite.")
    #expect(result[1] == minima(jobs)[1])
}
