import Foundation
import Kernels
import Lanes
import PhaseSpace
import Testing
import TinyNets

private let count = 37
private let gammas = [0.01, 0.02, 0.03]
private let activations: [UnitActivation] = [
    .linear, .tanh, .relu, .leakyRelu(slope: 0.1), .twoSlopes(above: 0.7, below: -1.3), .absolute, .erf,
    .shiftedErf(by: 1), .softplus, .swish, .gelu,
]

private func shape(_ activation: UnitActivation, _ widths: [Int] = [4, 5]) -> SampledNetShape {
    try! SampledNetShape(inputs: 3, widths: widths, activation: activation)
}

/// Eight nets with data of their own, or all with the first one's.
private func randomPack(
    _ shape: SampledNetShape, loss: LossFunction = .squaredError, masks: [[Double]] = [], shared: Bool = false,
    smoothing: Double = 0, _ variant: KernelVariant = .current
) -> LanePack {
    let pack = LanePack(
        .sampled(shape, loss, samples: count, masks: masks.count), LaneKernel(variant))
    for lane in 0..<8 {
        let net = randomNet(shape, loss, masks, seed: shared ? 0 : UInt64(lane))
        pack.set(net, gammas: gammas, lane: lane)
        pack.description.pointee.smoothing[lane] = smoothing * Double(lane)
        pack.scatter(randomWeights(shape, seed: UInt64(100 + lane)), to: pack.description.pointee.point, lane: lane)
        pack.scatter(randomWeights(shape, seed: UInt64(200 + lane)), to: pack.description.pointee.direction, lane: lane)
    }
    pack.gradient()
    pack.hessianProduct()
    return pack
}

private func randomNet(
    _ shape: SampledNetShape, _ loss: LossFunction, _ masks: [[Double]], seed: UInt64
) -> SampledNet {
    var data = randomSamples(seed: seed)
    if shape.outputs > 1 || loss == .logistic {
        var stream = RandomStream(seed: seed, key: 4, purpose: .data)
        let targets = stream.normals(count * shape.outputs)
        data = SampledData(
            inputs: 3, outputs: shape.outputs, features: data.features,
            targets: loss == .logistic ? targets.map { $0 > 0 ? 1 : -1 } : targets)
    }
    return SampledNet(shape: shape, data: data, loss: loss, noiseFactors: masks)
}

private func frozenMasks(count: Int) -> [[Double]] {
    var stream = RandomStream(seed: 1, key: 1, purpose: .noise)
    return SampledNet.frozenNoise(widths: [4, 5], noises: [0.3, 0.5], count: count, stream: &stream)
}

@Test(arguments: activations, LossFunction.allCases)
func sampledPacksAgreeWithTheReferenceInEveryLane(activation: UnitActivation, loss: LossFunction) throws {
    for (outputs, hasBiases, masks) in [
        (1, false, []), (1, true, frozenMasks(count: 4)), (3, true, []), (2, false, frozenMasks(count: 2)),
    ] {
        let shape = try SampledNetShape(
            inputs: 3, widths: [4, 5], outputs: outputs, activation: activation, hasBiases: hasBiases)
        let pack = randomPack(shape, loss: loss, masks: masks)
        let fields = pack.description.pointee
        for lane in 0..<8 {
            let data = randomNet(shape, loss, masks, seed: UInt64(lane)).data
            let weights = randomWeights(shape, seed: UInt64(100 + lane))
            let expected = ReferenceNet.lossAndGradient(shape, data, loss: loss, masks: masks, decays: gammas, weights)
            let product = ReferenceNet.hessianProduct(
                shape, data, loss: loss, masks: masks, decays: gammas, weights,
                direction: randomWeights(shape, seed: UInt64(200 + lane)))
            #expect(abs(fields.loss[lane] - expected.loss) <= 1e-13 * (1 + expected.loss))
            let gradient = pack.gather(fields.gradient, count: shape.weightCount, lane: lane)
            for (a, b) in zip(gradient, expected.gradient) { #expect(abs(a - b) <= 1e-12) }
            let found = pack.gather(fields.product, count: shape.weightCount, lane: lane)
            for (a, b) in zip(found, product) { #expect(abs(a - b) <= 1e-12) }
            for (l, matrix) in pack.layout.matrices.enumerated() {
                let norm = weights[matrix].reduce(0) { $0 + $1 * $1 }
                #expect(abs(fields.layer_norms[8 * l + lane] - norm) <= 1e-14 * norm)
            }
        }
    }
}

@Test(arguments: [UnitActivation.relu, .leakyRelu(slope: 0.1), .twoSlopes(above: 0.7, below: -1.3), .absolute])
func roundedKinksHaveExactDerivatives(activation: UnitActivation) {
    let shape = shape(activation)
    let pack = randomPack(shape, smoothing: 0.02)
    let fields = pack.description.pointee
    let size = shape.weightCount * 8
    let product = (0..<size).map { fields.product[$0] }
    let gradient = (0..<size).map { fields.gradient[$0] }
    let start = (0..<size).map { fields.point[$0] }
    let h = 1e-5
    func moved(_ step: Double) -> (losses: [Double], gradient: [Double]) {
        for i in 0..<size { fields.point[i] = start[i] + step * fields.direction[i] }
        pack.gradient()
        return ((0..<8).map { fields.loss[$0] }, (0..<size).map { fields.gradient[$0] })
    }
    let (up, down) = (moved(h), moved(-h))
    for i in 0..<size where i % 8 > 0 {
        #expect(abs((up.gradient[i] - down.gradient[i]) / (2 * h) - product[i]) <= 1e-5 * (1 + abs(product[i])))
    }
    for lane in 1..<8 {
        let slope = (0..<shape.weightCount).reduce(0) { $0 + gradient[8 * $1 + lane] * fields.direction[8 * $1 + lane] }
        #expect(abs((up.losses[lane] - down.losses[lane]) / (2 * h) - slope) <= 1e-7 * (1 + abs(slope)))
    }
}

@Test func frozenNoiseOfALinearNetAveragesToTheExactNoise() {
    let masks = frozenMasks(count: 6000)
    #expect(masks.count == 6000)
    let shape = shape(.linear)
    let weights = randomWeights(shape, seed: 5)
    let net = SampledNet(shape: shape, data: randomSamples(seed: 1), noiseFactors: masks)
    let pack = LanePack(net.packKind)
    pack.set(net, gammas: gammas, lane: 0)
    pack.scatter(weights, to: pack.description.pointee.point, lane: 0)
    pack.gradient()
    let problem = DeepLinearProblem(moments: net.moments, gammas: gammas, noises: [0.3, 0.5])
    let exact = ReferenceTrainer.lossAndGradient(DeepLinearShape(inputs: 3, widths: [4, 5]), problem, weights).loss
    #expect(abs(pack.description.pointee.loss[0] / exact - 1) < 0.05)
}

@Test(arguments: activations, [false, true])
func sampledPacksGiveTheSameBitsInAllVariants(activation: UnitActivation, isNoisy: Bool) {
    func bits(_ variant: KernelVariant) -> [UInt64] {
        let pack = randomPack(
            shape(activation), masks: isNoisy ? frozenMasks(count: 2) : [], smoothing: 0.01, variant)
        let fields = pack.description.pointee
        return (0..<shape(activation).weightCount * 8).flatMap {
            [fields.gradient[$0].bitPattern, fields.product[$0].bitPattern]
        }
    }
    let expected = bits(.baseline)
    for variant in KernelVariant.allCases where variant.isSupported { #expect(bits(variant) == expected) }
}

@Test(arguments: KernelVariant.allCases.filter(\.isSupported))
func sharedDataGiveTheSameBitsAsCopies(variant: KernelVariant) {
    let shape = shape(.tanh)
    let shared = randomPack(shape, shared: true, variant)
    let mixed = randomPack(shape, variant)
    let fields = mixed.description.pointee
    // One after the other the lanes get the data of the first.
    for lane in 1..<7 { mixed.set(randomNet(shape, .squaredError, [], seed: 0), gammas: gammas, lane: lane) }
    mixed.gradient()
    mixed.hessianProduct()
    for i in 0..<shape.weightCount * 8 where i % 8 < 7 {
        #expect(fields.gradient[i].bitPattern == shared.description.pointee.gradient[i].bitPattern)
        #expect(fields.product[i].bitPattern == shared.description.pointee.product[i].bitPattern)
    }
}

@Test func sampledLinearNetHasTheMinimumOfItsMoments() throws {
    let net = SampledNet(shape: shape(.linear), data: randomSamples(seed: 1))
    let problem = DeepLinearProblem(
        moments: net.moments, gammas: Array(repeating: 0.1, count: 3), noises: [0, 0])
    let exact = try #require(lowestMinimum(DeepLinearShape(inputs: 3, widths: [4, 5]), problem))
    let sampled = try #require(lowest(minima(net, gamma: 0.1)))
    #expect(abs(sampled.loss - exact.loss) <= 1e-12)
    #expect(abs(sampled.squaredNorm - exact.squaredNorm) <= 1e-9)
    let (a, b) = try (#require(sampled.lossCurvature), #require(exact.lossCurvature))
    #expect(abs(a - b) <= 1e-8 * abs(b))
}

@Test func tanhNetsTransitionIsWhereTheLinearNetsIs() throws {
    // One hidden layer: γ* = ‖E[x y]‖, second order, whatever the width.
    let net = SampledNet(shape: shape(.tanh, [6]), data: randomSamples(seed: 4))
    let critical = net.moments.crossNorm
    let above = try #require(lowest(minima(net, gamma: 1.01 * critical)))
    #expect(above.weights.allSatisfy { $0 == 0 } && above.loss == net.moments.targetSecondMoment)
    let below = try #require(lowest(minima(net, gamma: 0.99 * critical)))
    let closer = try #require(lowest(minima(net, gamma: 0.995 * critical)))
    #expect(below.squaredNorm > 1e-4)
    #expect(abs(below.squaredNorm / closer.squaredNorm - 2) < 0.05)
}

@Test func tanhNetsSlopesAreTheDerivativesOfTheirLoss() throws {
    let net = SampledNet(shape: shape(.tanh), data: randomSamples(seed: 2))
    // One branch, followed warm.
    let h = 1e-4
    let first = try #require(lowest(minima(net, gamma: 0.05)))
    func branch(_ gamma: Double) throws -> Minimum {
        let list = JobList([
            TrainingJob(
                tag: 0, net: net, gammas: Array(repeating: gamma, count: 3), initialWeights: first.weights,
                start: .warm)
        ])
        LaneTrainer().run(queue: list)
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
    let shape = shape(.relu, widths)
    let samples = randomSamples(seed: 3, count: 40)
    let net = SampledNet(shape: shape, data: samples)
    let results = minima(net, gamma: 0.05, starts: 32)
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
            let loss = ReferenceNet.lossAndGradient(shape, samples, decays: gammas, moved).loss
            #expect(loss >= minimum.loss - 1e-8)
        }
    }
}

@Test func reluNetsTransitionIsTheLargestOverlapOfOneUnit() throws {
    // One hidden layer: γ* = max over directions w of |E[y relu(w·x)]|, for any width.
    let shape = try SampledNetShape(inputs: 2, widths: [5], activation: .relu)
    let samples = randomSamples(inputs: 2, seed: 11, count: 60)
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
    let net = SampledNet(shape: shape, data: samples)
    let above = try #require(lowest(minima(net, gamma: 1.01 * critical)))
    #expect(above.squaredNorm == 0 && above.loss == net.moments.targetSecondMoment)
    let below = try #require(lowest(minima(net, gamma: 0.99 * critical)))
    #expect(below.squaredNorm > 1e-4 && below.loss < net.moments.targetSecondMoment)
}
