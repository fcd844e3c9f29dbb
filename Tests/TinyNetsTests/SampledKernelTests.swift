import Kernels
import Lanes
import Testing
import TinyNets

private let activations: [UnitActivation] = [
    .linear, .tanh, .relu, .leakyRelu(slope: 0.1), .twoSlopes(above: 0.7, below: -1.3), .absolute, .erf,
    .shiftedErf(by: 1), .softplus, .swish, .gelu,
]

/// A net with its own data, decays and direction.
private struct Problem {
    let data: SampledData
    let decays: [Double]
    let biasDecays: [Double]
    let weights: [Double]
    let direction: [Double]

    init(_ shape: SampledNetShape, samples: Int, seed: UInt64, sharedDataSeed: UInt64? = nil) {
        var dataStream = RandomStream(seed: sharedDataSeed ?? seed, key: 1, purpose: .data)
        data = SampledData(
            inputs: shape.inputs, outputs: shape.outputs, features: dataStream.normals(samples * shape.inputs),
            targets: dataStream.normals(samples * shape.outputs))
        var stream = RandomStream(seed: seed, key: 2, purpose: .initialWeights)
        decays = (0..<shape.layerCount).map { _ in 0.1 * stream.uniform() }
        biasDecays = (0..<shape.layerCount).map { _ in 0.1 * stream.uniform() }
        weights = stream.normals(shape.weightCount).map { 0.5 * $0 }
        direction = stream.normals(shape.weightCount)
    }
}

private struct Result: Equatable {
    var loss: Double
    var gradient: [Double]
    var product: [Double]
    /// After a few steps of descent.
    var descended: [Double]
}

/// Runs nets in packs, filled in their order; the last pack's free lanes stay empty.
private func results(
    _ shape: SampledNetShape, _ problems: [Problem], shared: Bool, _ kernel: SampledKernel, chunk: Int? = nil
) -> [Result] {
    var all: [Result] = []
    let lanes = kernel.laneCount
    for start in stride(from: 0, to: problems.count, by: lanes) {
        let group = Array(problems[start..<min(start + lanes, problems.count)])
        let samples = group[0].data.count
        let pack =
            if let chunk {
                SampledNetPack(
                    shape: shape, sampleCount: samples, hasOwnData: !shared, kernel: kernel, chunk: chunk)
            } else {
                SampledNetPack(shape: shape, sampleCount: samples, hasOwnData: !shared, kernel: kernel)
            }
        if shared { pack.setData(group[0].data) }
        for (lane, problem) in group.enumerated() {
            if !shared { pack.setData(problem.data, lane: lane) }
            pack.setDecays(problem.decays, biases: problem.biasDecays, lane: lane)
            pack.setWeights(problem.weights, lane: lane)
            pack.setDirection(problem.direction, lane: lane)
            pack.setRate(0.001 * Double(start + lane + 1), lane: lane)
        }
        pack.evaluate()
        pack.hessianProduct()
        let first = group.indices.map { (pack.loss(lane: $0), pack.gradient(lane: $0), pack.hessianProduct(lane: $0)) }
        pack.descend(steps: 3)
        for (lane, values) in first.enumerated() {
            all.append(
                Result(
                    loss: values.0, gradient: values.1, product: values.2, descended: pack.weights(lane: lane)))
        }
    }
    return all
}

/// Shapes of one activation and depth: every remainder of the register tiles in some layer, several inputs and outputs,
/// with and without biases.
private func shapes(_ activation: UnitActivation, depth: Int) throws -> [SampledNetShape] {
    try (1...13).map { width in
        try SampledNetShape(
            inputs: width % 9 + 1, widths: (0..<depth).map { (width - 1 + 5 * $0) % 13 + 1 }, outputs: width % 3 + 1,
            activation: activation, hasBiases: width.isMultiple(of: 2))
    }
}

private func distance(_ a: [Double], _ b: [Double]) -> Double {
    let difference = zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    return difference / max(1, b.reduce(0) { max($0, abs($1)) })
}

@Test(arguments: activations, 0...4)
func sampledGradientsAndHessianProductsAreThoseOfPlainLoops(_ activation: UnitActivation, _ depth: Int) throws {
    for (index, shape) in try shapes(activation, depth: depth).enumerated() {
        let samples = [1, 3, 4, 6, 21][index % 5]
        for shared in [false, true] {
            let problems = (0..<3).map {
                Problem(shape, samples: samples, seed: UInt64(100 * index + $0), sharedDataSeed: shared ? 7 : nil)
            }
            let double = results(shape, problems, shared: shared, SampledKernel(.current, .double))
            let single = results(shape, problems, shared: shared, SampledKernel(.current, .single))
            for (k, problem) in problems.enumerated() {
                let (loss, gradient) = ReferenceNet.lossAndGradient(
                    shape, problem.data, decays: problem.decays, biasDecays: problem.biasDecays, problem.weights)
                let product = ReferenceNet.hessianProduct(
                    shape, problem.data, decays: problem.decays, biasDecays: problem.biasDecays, problem.weights,
                    direction: problem.direction)
                #expect(distance([double[k].loss], [loss]) < 1e-13)
                #expect(distance(double[k].gradient, gradient) < 1e-12)
                #expect(distance(double[k].product, product) < 1e-12)
                #expect(distance([single[k].loss], [loss]) < 1e-4)
                #expect(distance(single[k].gradient, gradient) < 1e-4)
                #expect(distance(single[k].product, product) < 1e-3)
            }
        }
    }
}

@Test(arguments: activations, 0...4)
func sampledGradientsAndHessianProductsAreFiniteDifferences(_ activation: UnitActivation, _ depth: Int) throws {
    let shape = try SampledNetShape(
        inputs: 3, widths: (0..<depth).map { 3 + 2 * $0 }, outputs: 2, activation: activation, hasBiases: true)
    let problem = Problem(shape, samples: 10, seed: UInt64(depth))
    let result = results(shape, [problem], shared: true, SampledKernel(.current, .double))[0]
    let pack = SampledNetPack(shape: shape, sampleCount: 10)
    pack.setData(problem.data)
    pack.setDecays(problem.decays, biases: problem.biasDecays, lane: 0)
    let step = 1e-5
    func evaluated(_ weights: [Double]) -> (loss: Double, gradient: [Double]) {
        pack.setWeights(weights, lane: 0)
        pack.evaluate()
        return (pack.loss(lane: 0), pack.gradient(lane: 0))
    }
    var slopes: [Double] = []
    for i in problem.weights.indices {
        var (up, down) = (problem.weights, problem.weights)
        up[i] += step
        down[i] -= step
        slopes.append((evaluated(up).loss - evaluated(down).loss) / (2 * step))
    }
    #expect(distance(slopes, result.gradient) < 1e-8)
    let up = evaluated(zip(problem.weights, problem.direction).map { $0 + step * $1 }).gradient
    let down = evaluated(zip(problem.weights, problem.direction).map { $0 - step * $1 }).gradient
    #expect(distance(zip(up, down).map { ($0 - $1) / (2 * step) }, result.product) < 1e-7)
}

/// Where two lists of results differ in any bit.
private func firstDifference(_ a: [Result], _ b: [Result]) -> String? {
    guard a.count == b.count else { return "\(a.count) and \(b.count) nets" }
    for (k, (x, y)) in zip(a, b).enumerated() {
        if x.loss.bitPattern != y.loss.bitPattern { return "loss of net \(k): \(x.loss), \(y.loss)" }
        for (name, field) in [("gradient", \Result.gradient), ("product", \.product), ("descended", \.descended)] {
            for (i, (p, q)) in zip(x[keyPath: field], y[keyPath: field]).enumerated()
            where p.bitPattern != q.bitPattern { return "\(name) \(i) of net \(k): \(p), \(q)" }
        }
    }
    return nil
}

@Test(arguments: activations, Precision.allCases)
func sampledNetsDoNotDependOnVariantPackingOrChunk(_ activation: UnitActivation, _ precision: Precision) throws {
    for depth in 0...4 {
        let shape = try SampledNetShape(
            inputs: 5, widths: (0..<depth).map { 10 - 3 * $0 % 7 }, outputs: 1 + depth % 2, activation: activation,
            hasBiases: depth.isMultiple(of: 2))
        for shared in [false, true] {
            let problems = (0..<17).map {
                Problem(shape, samples: 13, seed: UInt64($0), sharedDataSeed: shared ? 3 : nil)
            }
            let expected = results(shape, problems, shared: shared, SampledKernel(.current, precision))
            for variant in KernelVariant.allCases where variant.isSupported {
                let kernel = SampledKernel(variant, precision)
                let difference = firstDifference(results(shape, problems, shared: shared, kernel), expected)
                #expect(difference == nil, "\(variant), depth \(depth), shared \(shared): \(difference!)")
                // Gradients sum over samples in their order; products sum chunk by chunk.
                for chunk in [4, 8, 64] {
                    let found = results(shape, problems, shared: shared, kernel, chunk: chunk)
                    #expect(found.map(\.gradient) == expected.map(\.gradient))
                    #expect(found.map(\.descended) == expected.map(\.descended))
                }
            }
            // The rate belongs to the place in the list, so only gradients are compared.
            let reversed = results(shape, problems.reversed(), shared: shared, SampledKernel(.current, precision))
            #expect(reversed.reversed().map(\.gradient) == expected.map(\.gradient))
            #expect(reversed.reversed().map(\.product) == expected.map(\.product))
        }
    }
}

@Test func wideAndDeepNetsOfTheLimitsAreThoseOfPlainLoops() throws {
    let wide = try SampledNetShape(
        inputs: 64, widths: [128, 127], outputs: 10, activation: .tanh, hasBiases: true)
    let deep = try SampledNetShape(
        inputs: 2, widths: Array(repeating: 3, count: 16), activation: .gelu, hasBiases: true)
    for shape in [wide, deep] {
        let problem = Problem(shape, samples: 9, seed: 5)
        let weights = problem.weights.map { 0.2 * $0 }
        let pack = SampledNetPack(shape: shape, sampleCount: 9)
        pack.setData(problem.data)
        pack.setDecays(problem.decays, biases: problem.biasDecays, lane: 1)
        pack.setWeights(weights, lane: 1)
        pack.evaluate()
        let (loss, gradient) = ReferenceNet.lossAndGradient(
            shape, problem.data, decays: problem.decays, biasDecays: problem.biasDecays, weights)
        #expect(distance([pack.loss(lane: 1)], [loss]) < 1e-12)
        #expect(distance(pack.gradient(lane: 1), gradient) < 1e-12)
    }
}

@Test func sampledDescentFollowsTheGradient() throws {
    let shape = try SampledNetShape(inputs: 4, widths: [7, 5], activation: .swish, hasBiases: true)
    let problem = Problem(shape, samples: 30, seed: 11)
    let pack = SampledNetPack(shape: shape, sampleCount: 30)
    pack.setData(problem.data)
    pack.setDecays(problem.decays, lane: 2)
    pack.setWeights(problem.weights, lane: 2)
    pack.setRate(0.05, lane: 2)
    pack.descend(steps: 100)
    var weights = problem.weights
    for _ in 0..<100 {
        let gradient = ReferenceNet.lossAndGradient(
            shape, problem.data, decays: problem.decays, biasDecays: [0, 0, 0], weights
        ).gradient
        for i in weights.indices { weights[i] -= 0.05 * gradient[i] }
    }
    #expect(distance(pack.weights(lane: 2), weights) < 1e-10)
    #expect(pack.dataLoss(lane: 2) < pack.loss(lane: 2))
}

@Test func shapesOutsideOfTheLimitsAreRefusedWithASentence() {
    #expect(throws: SampledNetError.outOfRange("inputs", 65, 1...64)) {
        try SampledNetShape(inputs: 65, widths: [], activation: .tanh)
    }
    #expect(throws: SampledNetError.outOfRange("width", 129, 1...128)) {
        try SampledNetShape(inputs: 5, widths: [129], activation: .tanh)
    }
    #expect(throws: SampledNetError.outOfRange("depth", 17, 0...16)) {
        try SampledNetShape(inputs: 5, widths: Array(repeating: 2, count: 17), activation: .tanh)
    }
    #expect(SampledNetError.outOfRange("inputs", 65, 1...64).description == "inputs is 65; it must be between 1 and 64")
}

@Test(arguments: Precision.allCases)
func divergedAndCollapsedNetsChangeNoOtherLane(_ precision: Precision) throws {
    let shape = try SampledNetShape(inputs: 3, widths: [5, 4], activation: .tanh, hasBiases: true)
    let problem = Problem(shape, samples: 9, seed: 1)
    func descended(besides weights: [Double]) -> [Double] {
        let pack = SampledNetPack(shape: shape, sampleCount: 9, kernel: SampledKernel(.current, precision))
        pack.setData(problem.data)
        for lane in 0..<pack.laneCount {
            pack.setWeights(lane == 1 ? problem.weights : weights, lane: lane)
            pack.setRate(lane == 1 ? 0.05 : 1e30, lane: lane)
        }
        pack.descend(steps: 20)
        return pack.weights(lane: 1)
    }
    let expected = descended(besides: Array(repeating: 0, count: shape.weightCount))
    #expect(descended(besides: Array(repeating: 1e-310, count: shape.weightCount)) == expected)
    #expect(descended(besides: Array(repeating: 1e30, count: shape.weightCount)) == expected)
    #expect(descended(besides: Array(repeating: .nan, count: shape.weightCount)) == expected)
}

@Test func aNetThatIsNotFiniteSaysSo() throws {
    for activation in activations {
        let shape = try SampledNetShape(inputs: 3, widths: [5, 4], activation: activation)
        let problem = Problem(shape, samples: 9, seed: 1)
        let pack = SampledNetPack(shape: shape, sampleCount: 9)
        pack.setData(problem.data)
        pack.setWeights(problem.weights.map { _ in .nan }, lane: 0)
        pack.evaluate()
        #expect(pack.loss(lane: 0).isNaN, "\(activation)")
    }
}
