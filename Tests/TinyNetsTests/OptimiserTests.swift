import Foundation
import Kernels
import Lanes
import Testing
import TinyNets

private let shape = try! SampledNetShape(inputs: 3, widths: [5, 4], outputs: 2, activation: .swish, hasBiases: true)

private func data(seed: UInt64, count: Int = 30) -> SampledData {
    var stream = RandomStream(seed: seed, key: 5, purpose: .data)
    return SampledData(
        inputs: 3, outputs: 2, features: stream.normals(3 * count), targets: stream.normals(2 * count))
}

private func pack(hasOwnData: Bool, count: Int = 30, _ variant: KernelVariant = .current) -> SampledNetPack {
    let pack = SampledNetPack(
        shape: shape, sampleCount: count, hasOwnData: hasOwnData, kernel: SampledKernel(variant, .double))
    if !hasOwnData { pack.setData(data(seed: 1, count: count)) }
    for lane in 0..<pack.laneCount {
        if hasOwnData { pack.setData(data(seed: UInt64(lane), count: count), lane: lane) }
        pack.setWeights(randomWeights(shape, seed: UInt64(lane)), lane: lane)
        pack.setDecays([0.01, 0.02, 0.03], lane: lane)
        pack.setRate(0.01 * Double(lane + 1), lane: lane)
    }
    return pack
}

private func gradient(_ data: SampledData, _ weights: [Double]) -> [Double] {
    ReferenceNet.lossAndGradient(shape, data, decays: [0.01, 0.02, 0.03], weights).gradient
}

/// Samples of a batch, in the order of the data.
private func slice(_ data: SampledData, _ range: Range<Int>) -> SampledData {
    SampledData(
        inputs: 3, outputs: 2, features: Array(data.features[3 * range.lowerBound..<3 * range.upperBound]),
        targets: Array(data.targets[2 * range.lowerBound..<2 * range.upperBound]))
}

private func expectClose(_ a: [Double], _ b: [Double], _ comment: Comment) {
    #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-11 * (1 + abs($1)) }, comment)
}

@Test(arguments: [false, true], [1, 3, 4, 7, 30])
func batchesStepAsPlainLoopsDo(hasOwnData: Bool, size: Int) {
    let pack = pack(hasOwnData: hasOwnData)
    let run = OptimiserRun(pack: pack, optimiser: Optimiser(batches: .cyclic(size: size)))
    run.run(steps: 9)
    for lane in 0..<pack.laneCount {
        let data = data(seed: hasOwnData ? UInt64(lane) : 1)
        var weights = randomWeights(shape, seed: UInt64(lane))
        for step in 0..<9 {
            let first = step % (30 / size) * size
            let g = gradient(slice(data, first..<first + size), weights)
            weights = zip(weights, g).map { $0 - 0.01 * Double(lane + 1) * $1 }
        }
        expectClose(pack.weights(lane: lane), weights, "lane \(lane)")
    }
    // What follows sees all samples again.
    pack.evaluate()
    let whole = gradient(data(seed: hasOwnData ? 0 : 1), pack.weights(lane: 0))
    expectClose(pack.gradient(lane: 0), whole, "full batch")
}

@Test func momentumAndAdamStepAsPlainLoopsDo() {
    for rule in [Optimiser.Rule.momentum(0.9), .adam()] {
        let pack = pack(hasOwnData: false)
        OptimiserRun(pack: pack, optimiser: Optimiser(rule, schedule: .cosine(steps: 40))).run(steps: 20)
        for lane in 0..<pack.laneCount {
            var w = randomWeights(shape, seed: UInt64(lane))
            var (m, v) = ([Double](repeating: 0, count: w.count), [Double](repeating: 0, count: w.count))
            for t in 0..<20 {
                let g = gradient(data(seed: 1), w)
                let rate = 0.01 * Double(lane + 1) * 0.5 * (1 + cos(Double.pi * Double(t) / 40))
                for i in w.indices {
                    if case .momentum(let decay) = rule {
                        m[i] = decay * m[i] + g[i]
                        w[i] -= rate * m[i]
                    } else {
                        m[i] = 0.9 * m[i] + 0.1 * g[i]
                        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i]
                        let (a, b) = (m[i] / (1 - pow(0.9, Double(t + 1))), v[i] / (1 - pow(0.999, Double(t + 1))))
                        w[i] -= rate * a / (b.squareRoot() + 1e-8)
                    }
                }
            }
            expectClose(pack.weights(lane: lane), w, "\(rule), lane \(lane)")
        }
    }
}

@Test func onePassEndsWithTheDataAndEpochsSeeEverySampleOnce() {
    let one = pack(hasOwnData: false)
    let pass = OptimiserRun(pack: one, optimiser: Optimiser(batches: .onePass(size: 7)))
    pass.run(steps: 100)
    #expect(pass.isExhausted && pass.stepCount == 4)
    // At rate 0 the batches' losses over an epoch average to the loss of all samples, in whatever order they come.
    let pack = pack(hasOwnData: true)
    for lane in 0..<pack.laneCount { pack.setRate(0, lane: lane) }
    pack.evaluate()
    let whole = (0..<pack.laneCount).map { pack.dataLoss(lane: $0) }
    let keys = (0..<pack.laneCount).map { UInt64($0) }
    let run = OptimiserRun(pack: pack, optimiser: Optimiser(batches: .epochs(size: 6)), seed: 3, orderKeys: keys)
    var firstBatches: [[Double]] = []
    for _ in 0..<2 {
        var sums = [Double](repeating: 0, count: pack.laneCount)
        for batch in 0..<5 {
            run.run(steps: 1)
            for lane in sums.indices { sums[lane] += pack.dataLoss(lane: lane) / 5 }
            if batch == 0 { firstBatches.append((0..<pack.laneCount).map { pack.dataLoss(lane: $0) }) }
        }
        expectClose(sums, whole, "epoch")
    }
    #expect(firstBatches[0] != firstBatches[1])
}

@Test func optimisersGiveTheSameBitsInAllVariants() {
    func weights(_ variant: KernelVariant) -> [[Double]] {
        var all: [[Double]] = []
        let lanes = SampledKernel(variant, .double).laneCount
        for first in stride(from: 0, to: 8, by: lanes) {
            let pack = SampledNetPack(
                shape: shape, sampleCount: 30, hasOwnData: true, kernel: SampledKernel(variant, .double))
            for lane in 0..<lanes {
                pack.setData(data(seed: UInt64(first + lane)), lane: lane)
                pack.setWeights(randomWeights(shape, seed: UInt64(first + lane)), lane: lane)
                pack.setDecays([0.01, 0.02, 0.03], lane: lane)
                pack.setRate(0.01, lane: lane)
            }
            let keys = (0..<lanes).map { UInt64(first + $0) }
            OptimiserRun(
                pack: pack, optimiser: Optimiser(.adam(), batches: .epochs(size: 5)), seed: 1, orderKeys: keys
            ).run(steps: 25)
            all += (0..<lanes).map { pack.weights(lane: $0) }
        }
        return all
    }
    let expected = weights(.baseline)
    for variant in KernelVariant.allCases where variant.isSupported { #expect(weights(variant) == expected) }
}

@Test func adamWithADecayingRateConverges() {
    let shape = try! SampledNetShape(inputs: 3, widths: [5], outputs: 2, activation: .tanh)
    let pack = SampledNetPack(shape: shape, sampleCount: 30)
    pack.setData(data(seed: 1))
    for lane in 0..<pack.laneCount {
        pack.setWeights(randomWeights(shape, seed: UInt64(lane)), lane: lane)
        pack.setDecays([0.05, 0.05], lane: lane)
        pack.setRate(0.02, lane: lane)
    }
    let start = pack.weights(lane: 0)
    OptimiserRun(pack: pack, optimiser: Optimiser(.adam(), schedule: .cosine(steps: 6000))).run(steps: 6000)
    pack.evaluate()
    for lane in 0..<pack.laneCount {
        #expect(pack.gradient(lane: lane).reduce(0) { $0 + $1 * $1 }.squareRoot() < 1e-6)
    }
    #expect(pack.weights(lane: 0) != start)
}
