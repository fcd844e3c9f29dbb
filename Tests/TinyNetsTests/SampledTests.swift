import Foundation
import Kernels
import Lanes
import PhaseSpace
import Testing
import TinyNets

private let shape = DeepLinearShape(inputs: 3, widths: [4, 5])
private let count = 37

private func randomSamples(_ shape: DeepLinearShape, seed: UInt64, count: Int = count) -> Samples {
    var stream = RandomStream(seed: seed, key: 3, purpose: .data)
    let features = stream.normals(count * shape.inputs)
    let noise = stream.normals(count)
    let targets = (0..<count).map { s in
        hyperbolicTangent(features[s * shape.inputs]) + 0.5 * features[(s + 1) * shape.inputs - 1] + 0.1 * noise[s]
    }
    return Samples(inputs: shape.inputs, features: features, targets: targets)
}

/// The samples and their mirror images.
private func symmetric(_ samples: Samples) -> Samples {
    Samples(
        inputs: samples.inputs, features: samples.features + samples.features.map { -$0 },
        targets: samples.targets + samples.targets.map { -$0 })
}

private let gammas = [0.01, 0.02, 0.03]

private func randomPack(_ activation: Activation, masks: [[Double]] = [], _ variant: KernelVariant = .current)
    -> LanePack
{
    let kind = PackKind.sampled(activation, samples: count, masks: max(1, masks.count))
    let pack = LanePack(shape, kind, LaneKernel(variant))
    for lane in 0..<8 {
        let net = SampledNet(
            shape: shape, activation: activation, samples: randomSamples(shape, seed: UInt64(lane)),
            noiseFactors: masks)
        pack.setProblem(
            DeepLinearProblem(moments: net.moments, gammas: gammas, noises: [0, 0]), lane: lane)
        pack.setSamples(net, lane: lane)
        pack.scatter(randomWeights(shape, seed: UInt64(100 + lane)), to: pack.description.pointee.point, lane: lane)
        pack.scatter(randomWeights(shape, seed: UInt64(200 + lane)), to: pack.description.pointee.direction, lane: lane)
    }
    pack.gradient()
    return pack
}

@Test(arguments: Activation.allCases)
func sampledKernelAgreesWithTheReferenceInEveryLane(activation: Activation) {
    let pack = randomPack(activation)
    let fields = pack.description.pointee
    for lane in 0..<8 {
        let expected = ReferenceTrainer.lossAndGradient(
            shape, activation, randomSamples(shape, seed: UInt64(lane)), gammas: gammas,
            randomWeights(shape, seed: UInt64(100 + lane)))
        #expect(abs(fields.loss[lane] - expected.loss) <= 1e-13 * (1 + expected.loss))
        let gradient = pack.gather(fields.gradient, count: shape.weightCount, lane: lane)
        for (a, b) in zip(gradient, expected.gradient) { #expect(abs(a - b) <= 1e-13) }
    }
}

@Test(arguments: Activation.allCases, [false, true])
func sampledHessianProductIsTheDerivativeOfTheGradient(activation: Activation, isNoisy: Bool) {
    var stream = RandomStream(seed: 1, key: 1, purpose: .noise)
    let masks = isNoisy ? SampledNet.frozenNoise(shape, noises: [0.3, 0.5], count: 4, stream: &stream) : []
    let pack = randomPack(activation, masks: masks)
    let fields = pack.description.pointee
    pack.hessianProduct()
    let size = shape.weightCount * 8
    let product = (0..<size).map { fields.product[$0] }
    let start = (0..<size).map { fields.point[$0] }
    // So small a step crosses no kink of ReLU.
    let h = 1e-6
    func gradient(_ step: Double) -> [Double] {
        for i in 0..<size { fields.point[i] = start[i] + step * fields.direction[i] }
        pack.gradient()
        return (0..<size).map { fields.gradient[$0] }
    }
    let difference = zip(gradient(h), gradient(-h)).map { ($0 - $1) / (2 * h) }
    for (a, b) in zip(product, difference) { #expect(abs(a - b) <= 1e-7) }
}

@Test func frozenNoiseOfALinearNetAveragesToTheExactNoise() {
    var stream = RandomStream(seed: 2, key: 2, purpose: .noise)
    let masks = SampledNet.frozenNoise(shape, noises: [0.3, 0.5], count: 6000, stream: &stream)
    #expect(masks.count == 6000)
    let net = SampledNet(
        shape: shape, activation: .linear, samples: randomSamples(shape, seed: 1), noiseFactors: masks)
    let pack = LanePack(shape, net.packKind)
    let weights = randomWeights(shape, seed: 5)
    let problem = DeepLinearProblem(moments: net.moments, gammas: gammas, noises: [0.3, 0.5])
    pack.setProblem(problem, lane: 0)
    pack.setSamples(net, lane: 0)
    pack.scatter(weights, to: pack.description.pointee.point, lane: 0)
    pack.gradient()
    let exact = ReferenceTrainer.lossAndGradient(shape, problem, weights).loss
    #expect(abs(pack.description.pointee.loss[0] / exact - 1) < 0.05)
}

@Test(arguments: Activation.allCases)
func sampledKernelVariantsGiveTheSameBits(activation: Activation) {
    func bits(_ variant: KernelVariant) -> [UInt64] {
        let pack = randomPack(activation, variant)
        pack.hessianProduct()
        let fields = pack.description.pointee
        return (0..<shape.weightCount * 8).flatMap { [fields.gradient[$0].bitPattern, fields.product[$0].bitPattern] }
    }
    let expected = bits(.baseline)
    for variant in KernelVariant.allCases where variant.isSupported { #expect(bits(variant) == expected) }
}

private func minima(_ shape: DeepLinearShape, _ net: SampledNet, gamma: Double, starts: Int = 16) -> [Minimum] {
    let jobs = (0..<starts).map { start in
        TrainingJob(
            tag: start, net: net, gammas: Array(repeating: gamma, count: shape.layerCount),
            initialWeights: randomWeights(shape, seed: UInt64(start), scale: 0.3 + 0.05 * Double(start)), start: .cold)
    }
    let list = JobList(jobs)
    LaneTrainer(shape: shape).run(queue: list)
    return list.minima.sorted { $0.key < $1.key }.map(\.value)
}

private func lowest(_ minima: [Minimum]) -> Minimum? {
    minima.filter { $0.outcome == .converged }.min { $0.loss < $1.loss }
}

@Test func sampledLinearNetHasTheMinimumOfItsMoments() throws {
    let net = SampledNet(shape: shape, activation: .linear, samples: randomSamples(shape, seed: 1))
    let problem = DeepLinearProblem(
        moments: net.moments, gammas: Array(repeating: 0.1, count: 3), noises: [0, 0])
    let exact = try #require(lowestMinimum(shape, problem))
    let sampled = try #require(lowest(minima(shape, net, gamma: 0.1)))
    #expect(abs(sampled.loss - exact.loss) <= 1e-12)
    #expect(abs(sampled.squaredNorm - exact.squaredNorm) <= 1e-9)
    let (a, b) = try (#require(sampled.lossCurvature), #require(exact.lossCurvature))
    #expect(abs(a - b) <= 1e-8 * abs(b))
}

@Test func tanhNetsTransitionIsWhereTheLinearNetsIs() throws {
    // One hidden layer: γ* = ‖E[x y]‖, second order, whatever the width.
    let shape = DeepLinearShape(inputs: 3, widths: [6])
    let net = SampledNet(shape: shape, activation: .tanh, samples: randomSamples(shape, seed: 4))
    let critical = net.moments.crossNorm
    let above = try #require(lowest(minima(shape, net, gamma: 1.01 * critical)))
    #expect(above.weights.allSatisfy { $0 == 0 } && above.loss == net.moments.targetSecondMoment)
    let below = try #require(lowest(minima(shape, net, gamma: 0.99 * critical)))
    let closer = try #require(lowest(minima(shape, net, gamma: 0.995 * critical)))
    #expect(below.squaredNorm > 1e-4)
    #expect(abs(below.squaredNorm / closer.squaredNorm - 2) < 0.05)
}

@Test func tanhNetsSlopesAreTheDerivativesOfTheirLoss() throws {
    let net = SampledNet(shape: shape, activation: .tanh, samples: randomSamples(shape, seed: 2))
    // One branch, followed warm.
    let h = 1e-4
    let first = try #require(lowest(minima(shape, net, gamma: 0.05)))
    func branch(_ gamma: Double) throws -> Minimum {
        let list = JobList([
            TrainingJob(
                tag: 0, net: net, gammas: Array(repeating: gamma, count: 3), initialWeights: first.weights,
                start: .warm)
        ])
        LaneTrainer(shape: shape).run(queue: list)
        return try #require(list.minima[0])
    }
    let (up, down) = (try branch(0.05 + h), try branch(0.05 - h))
    #expect(abs((up.loss - down.loss) / (2 * h) - first.lossSlope) <= 1e-5 * first.lossSlope)
    let curvature = try #require(first.lossCurvature)
    #expect(abs((up.lossSlope - down.lossSlope) / (2 * h) - curvature) <= 1e-4 * abs(curvature))
}

/// Nearly all starts are done. Kinks make many minima a millionth apart; none has a way down of more than 1e-8.
@Test(arguments: [[6], [4, 5]])
func reluNetsConvergeOntoKinks(widths: [Int]) throws {
    let shape = DeepLinearShape(inputs: 3, widths: widths)
    let samples = randomSamples(shape, seed: 3, count: 40)
    let net = SampledNet(shape: shape, activation: .relu, samples: samples)
    let results = minima(shape, net, gamma: 0.05, starts: 32)
    let done = results.filter { $0.outcome == .converged }
    #expect(done.count >= 29)
    let best = try #require(lowest(results))
    #expect(done.filter { $0.loss < best.loss + 1e-5 }.count >= 8)
    for minimum in done.filter({ $0.squaredNorm > 0 }) {
        let shares = minimum.layerSquaredNorms
        #expect(shares.max()! - shares.min()! <= 1e-6 * shares.max()!)
        var stream = RandomStream(seed: 7, key: 7, purpose: .noise)
        for size in [1e-6, 1e-5, 1e-4] {
            let moved = minimum.weights.map { $0 + size * stream.normal() }
            let gammas = Array(repeating: 0.05, count: shape.layerCount)
            let loss = ReferenceTrainer.lossAndGradient(shape, .relu, samples, gammas: gammas, moved).loss
            #expect(loss >= minimum.loss - 1e-8)
        }
    }
}

@Test func reluNetsTransitionIsTheLargestOverlapOfOneUnit() throws {
    // One hidden layer: γ* = max over directions w of |E[y relu(w·x)]|, for any width.
    let shape = DeepLinearShape(inputs: 2, widths: [5])
    let samples = randomSamples(shape, seed: 11, count: 60)
    let overlaps = (0..<20_000).map { step -> Double in
        let angle = 2 * Double.pi * Double(step) / 20_000
        var sum = 0.0
        for s in 0..<samples.count {
            let h = cos(angle) * samples.features[2 * s] + sin(angle) * samples.features[2 * s + 1]
            sum += samples.targets[s] * max(0, h)
        }
        return abs(sum) / Double(samples.count)
    }
    let critical = overlaps.max()!
    let net = SampledNet(shape: shape, activation: .relu, samples: samples)
    let above = try #require(lowest(minima(shape, net, gamma: 1.01 * critical)))
    #expect(above.squaredNorm == 0 && above.loss == net.moments.targetSecondMoment)
    let below = try #require(lowest(minima(shape, net, gamma: 0.99 * critical)))
    #expect(below.squaredNorm > 1e-4 && below.loss < net.moments.targetSecondMoment)
}

@Test(arguments: [[6], [4, 5]])
func reluOnMirroredDataReachesTheLinearNetAtTwiceTheDecay(widths: [Int]) throws {
    let shape = DeepLinearShape(inputs: 3, widths: widths)
    let samples = symmetric(randomSamples(shape, seed: 3, count: 40))
    let net = SampledNet(shape: shape, activation: .relu, samples: samples)
    let results = minima(shape, net, gamma: 0.05, starts: 32)
    #expect(results.filter { $0.outcome == .converged }.count >= 29)
    let relu = try #require(lowest(results))
    let linear = DeepLinearProblem(
        moments: net.moments, gammas: Array(repeating: 0.1, count: shape.layerCount),
        noises: Array(repeating: 0, count: shape.depth))
    let expected = try #require(lowestMinimum(shape, linear))
    #expect(abs(relu.loss - expected.loss) <= 1e-7)
    let shares = relu.layerSquaredNorms
    #expect(shares.max()! - shares.min()! <= 1e-6 * shares.max()!)
}
