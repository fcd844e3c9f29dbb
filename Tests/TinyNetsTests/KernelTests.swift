import CLanes
import Kernels
import Testing
import TinyNets

private let shapes = [
    DeepLinearShape(inputs: 3, widths: []), DeepLinearShape(inputs: 1, widths: [1]),
    DeepLinearShape(inputs: 5, widths: [8]), DeepLinearShape(inputs: 5, widths: [8, 8]),
    DeepLinearShape(inputs: 4, widths: [3, 7, 2]), DeepLinearShape(inputs: 9, widths: [6, 1, 5, 11]),
    DeepLinearShape(inputs: 2, widths: [4, 4, 4, 4, 4, 4, 4, 4]),
]

/// A pack whose eight lanes hold different problems, evaluated at random weights.
private func randomPack(
    _ shape: DeepLinearShape, isNoiseFree: Bool = false, _ variant: KernelVariant = .current
) -> LanePack {
    let pack = LanePack(isNoiseFree ? .noiseFree(shape) : .general(shape), LaneKernel(variant))
    for lane in 0..<8 {
        pack.setProblem(randomProblem(shape, seed: UInt64(lane), isNoiseFree: isNoiseFree), lane: lane)
        pack.scatter(randomWeights(shape, seed: UInt64(100 + lane)), to: pack.description.pointee.point, lane: lane)
        pack.scatter(randomWeights(shape, seed: UInt64(200 + lane)), to: pack.description.pointee.direction, lane: lane)
    }
    pack.gradient()
    return pack
}

@Test(arguments: shapes, [false, true])
func kernelAgreesWithTheReferenceInEveryLane(shape: DeepLinearShape, isNoiseFree: Bool) {
    let pack = randomPack(shape, isNoiseFree: isNoiseFree)
    let fields = pack.description.pointee
    for lane in 0..<8 {
        let weights = randomWeights(shape, seed: UInt64(100 + lane))
        let problem = randomProblem(shape, seed: UInt64(lane), isNoiseFree: isNoiseFree)
        let expected = ReferenceTrainer.lossAndGradient(shape, problem, weights)
        #expect(abs(fields.loss[lane] - expected.loss) <= 1e-13 * (1 + abs(expected.loss)))
        let gradient = pack.gather(fields.gradient, count: shape.weightCount, lane: lane)
        let size = expected.gradient.map(abs).max()!
        for (a, b) in zip(gradient, expected.gradient) { #expect(abs(a - b) <= 1e-13 * size) }
    }
}

@Test(arguments: shapes, [false, true])
func hessianProductIsTheDerivativeOfTheGradient(shape: DeepLinearShape, isNoiseFree: Bool) {
    let pack = randomPack(shape, isNoiseFree: isNoiseFree)
    let fields = pack.description.pointee
    pack.hessianProduct()
    for lane in 0..<8 {
        let problem = randomProblem(shape, seed: UInt64(lane), isNoiseFree: isNoiseFree)
        let weights = randomWeights(shape, seed: UInt64(100 + lane))
        let direction = randomWeights(shape, seed: UInt64(200 + lane))
        let product = pack.gather(fields.product, count: shape.weightCount, lane: lane)
        // Central differences with one Richardson step: error O(h⁴).
        func difference(_ h: Double) -> [Double] {
            let up = ReferenceTrainer.lossAndGradient(shape, problem, zip(weights, direction).map { $0 + h * $1 })
            let down = ReferenceTrainer.lossAndGradient(shape, problem, zip(weights, direction).map { $0 - h * $1 })
            return zip(up.gradient, down.gradient).map { ($0 - $1) / (2 * h) }
        }
        let expected = zip(difference(1e-3), difference(2e-3)).map { (4 * $0 - $1) / 3 }
        let size = product.map(abs).max()!
        for (a, b) in zip(product, expected) { #expect(abs(a - b) <= 2e-8 * size) }
    }
}

@Test(arguments: shapes)
func referenceGradientIsTheDerivativeOfItsLoss(shape: DeepLinearShape) {
    let problem = randomProblem(shape, seed: 7)
    let weights = randomWeights(shape, seed: 8)
    let gradient = ReferenceTrainer.lossAndGradient(shape, problem, weights).gradient
    let size = gradient.map(abs).max()!
    for i in weights.indices {
        var (up, down) = (weights, weights)
        up[i] += 1e-5
        down[i] -= 1e-5
        let rise = ReferenceTrainer.lossAndGradient(shape, problem, up).loss
        let fall = ReferenceTrainer.lossAndGradient(shape, problem, down).loss
        #expect(abs((rise - fall) / 2e-5 - gradient[i]) <= 1e-7 * max(1, size))
    }
}

@Test(arguments: shapes, [false, true])
func kernelVariantsGiveTheSameBits(shape: DeepLinearShape, isNoiseFree: Bool) {
    func bits(_ variant: KernelVariant) -> [UInt64] {
        let pack = randomPack(shape, isNoiseFree: isNoiseFree, variant)
        let fields = pack.description.pointee
        pack.hessianProduct()
        let count = shape.weightCount * 8
        var result = (0..<count).map { fields.gradient[$0].bitPattern }
        result += (0..<count).map { fields.product[$0].bitPattern }
        for lane in 0..<8 { fields.rate[lane] = 0.01 * Double(lane + 1) }
        pack.kernel.descendPlainly(pack.description, steps: 50)
        return result + (0..<count).map { fields.point[$0].bitPattern }
    }
    let expected = bits(.baseline)
    for variant in KernelVariant.allCases where variant.isSupported { #expect(bits(variant) == expected) }
}

@Test func plainDescentFollowsEachLanesOwnRate() {
    let shape = DeepLinearShape(inputs: 3, widths: [4, 2])
    let pack = randomPack(shape)
    let fields = pack.description.pointee
    for lane in 0..<8 { fields.rate[lane] = 0.004 * Double(lane) }
    pack.kernel.descendPlainly(pack.description, steps: 40)
    for lane in 0..<8 {
        let problem = randomProblem(shape, seed: UInt64(lane))
        let expected = ReferenceTrainer.descend(
            from: randomWeights(shape, seed: UInt64(100 + lane)), rate: 0.004 * Double(lane), steps: 40
        ) { ReferenceTrainer.lossAndGradient(shape, problem, $0).gradient }
        let weights = pack.gather(fields.point, count: shape.weightCount, lane: lane)
        for (a, b) in zip(weights, expected) { #expect(abs(a - b) <= 1e-12 * (1 + abs(b))) }
    }
}

/// The fastest of several runs of 2,000 descent steps, in seconds of this thread.
private func fastestDescent(_ pack: LanePack) -> Double {
    let clock = ContinuousClock()
    return (0..<15).map { _ in
        let time = clock.measure { pack.kernel.descendPlainly(pack.description, steps: 2000) }
        return Double(time.components.attoseconds) * 1e-18 + Double(time.components.seconds)
    }.min()!
}

private let denormal = Double.leastNormalMagnitude / 64

@Test func denormalWeightsCountAsZero() {
    let shape = DeepLinearShape(inputs: 5, widths: [8, 8])
    let pack = randomPack(shape)
    let fields = pack.description.pointee
    pack.scatter(Array(repeating: denormal, count: shape.weightCount), to: fields.point, lane: 3)
    pack.gradient()
    #expect(pack.gather(fields.gradient, count: shape.weightCount, lane: 3).allSatisfy { $0 == 0 })
}

@Test func denormalWeightsInOneLaneDoNotSlowThePack() {
    let shape = DeepLinearShape(inputs: 5, widths: [8, 8])
    let normal = randomPack(shape)
    let decaying = randomPack(shape)
    for pack in [normal, decaying] { for lane in 0..<8 { pack.description.pointee.rate[lane] = 0 } }
    decaying.scatter(
        randomWeights(shape, seed: 3, scale: denormal), to: decaying.description.pointee.point, lane: 3)
    let ratio = fastestDescent(decaying) / fastestDescent(normal)
    // On processors that leave denormals to microcode the ratio is 30 and more without flushing.
    #expect(ratio < 3, "a denormal lane made the pack \(ratio) times slower")
}

@Test func denormalWeightsChangeNoOtherLane() {
    let shape = DeepLinearShape(inputs: 5, widths: [8, 8])
    func neighbours(_ weights: [Double]) -> [Double] {
        let pack = randomPack(shape)
        let fields = pack.description.pointee
        pack.scatter(weights, to: fields.point, lane: 3)
        for lane in 0..<8 { fields.rate[lane] = 0.02 }
        pack.kernel.descendPlainly(pack.description, steps: 100)
        return [0, 1, 2, 4, 5, 6, 7].flatMap { pack.gather(fields.point, count: shape.weightCount, lane: $0) }
    }
    #expect(neighbours(randomWeights(shape, seed: 3, scale: denormal)) == neighbours(randomWeights(shape, seed: 103)))
}

@Test func kernelLeavesTheThreadsDenormalsAsTheyWere() {
    let pack = randomPack(DeepLinearShape(inputs: 2, widths: [2]))
    pack.gradient()
    let smallest = Double.leastNormalMagnitude
    // Read from memory, so that the compiler does not divide beforehand.
    let halves = [smallest, smallest * 2].map { $0 / 4 }
    #expect(halves.allSatisfy { $0 > 0 })
}

@Test func kernelVariantsAreChosenByName() throws {
    #expect(try KernelVariant.named("baseline") == .baseline)
    #expect(try KernelVariant.named(nil) == .widest)
    #expect(try KernelVariant.named("") == .widest)
    #expect(throws: KernelVariantError.unknown("sse9")) { try KernelVariant.named("sse9") }
    #expect(KernelVariantError.unknown("sse9").description.contains("avx512, avx2, baseline"))
}
