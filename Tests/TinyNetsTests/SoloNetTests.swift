import Kernels
import Lanes
import Testing
import TinyNets

@Suite struct SoloNetTests {
    static let activations: [UnitActivation] = [
        .linear, .tanh, .relu, .leakyRelu(slope: 0.2), .twoSlopes(above: 0.7, below: -0.4), .absolute,
    ]
    /// Rows and samples that fill registers, and ones that do not.
    static let sizes: [(inputs: Int, widths: [Int], samples: Int)] = [
        (3, [5, 4], 11), (16, [8], 32), (5, [], 9), (1, [1, 17, 3], 1), (9, [33, 20, 7], 41),
    ]

    private func make(
        _ activation: UnitActivation, _ size: (inputs: Int, widths: [Int], samples: Int)
    ) throws -> (shape: SampledNetShape, data: SampledData, weights: [Double], direction: [Double]) {
        let shape = try SampledNetShape(inputs: size.inputs, widths: size.widths, activation: activation)
        let data = randomSamples(inputs: size.inputs, seed: UInt64(size.samples), count: size.samples)
        return (
            shape, data, randomWeights(shape, seed: 3, scale: 0.6), randomWeights(shape, seed: 4, scale: 1)
        )
    }

    /// The vector in the shape's layout that a padded one holds.
    private func plain(_ vector: PaddedVector, _ shape: SampledNetShape, grain: Int = 8) -> [Double] {
        var numbers: [Double] = []
        var start = 0
        for (columns, rows) in zip(shape.allWidths, shape.allWidths.dropFirst()) {
            let stride = (columns + grain - 1) / grain * grain
            for row in 0..<rows { numbers += (0..<columns).map { vector.numbers[start + row * stride + $0] } }
            start += rows * stride
        }
        return numbers
    }

    private func expectClose(_ a: [Double], _ b: [Double], _ tolerance: Double) {
        let scale = b.reduce(1) { max($0, abs($1)) }
        #expect(a.count == b.count)
        #expect(zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * scale })
    }

    /// Half the loss of a pack, which is the mean square itself.
    @Test(arguments: activations) func lossGradientAndHessianAreThoseOfThePlainNet(_ activation: UnitActivation) throws
    {
        for size in Self.sizes {
            let (shape, data, weights, direction) = try make(activation, size)
            let net = SoloNet(shape: shape, data: data)
            let none = Array(repeating: 0.0, count: shape.layerCount)
            let reference = ReferenceNet.lossAndGradient(shape, data, decays: none, weights)
            net.evaluate(weights)
            #expect(abs(net.loss - reference.loss / 2) <= 1e-13 * max(1, reference.loss))
            expectClose(net.gradient(), reference.gradient.map { $0 / 2 }, 1e-13)
            let factors = (0..<shape.layerCount).map { 1 / Double($0 + 2) }
            let layers = zip(shape.layerOffsets, shape.layerOffsets.dropFirst()).map { $0..<$1 }
            func scaled(_ x: [Double]) -> [Double] {
                layers.enumerated().flatMap { k, r in x[r].map { $0 * factors[k] } }
            }
            let product = ReferenceNet.hessianProduct(
                shape, data, decays: none, weights, direction: scaled(direction))
            let (vector, result) = (PaddedVector(count: net.paddedCount), PaddedVector(count: net.paddedCount))
            net.pad(direction, into: vector.numbers)
            net.hessianProduct(vector.numbers, factors: factors, into: result.numbers)
            expectClose(plain(result, shape), scaled(product).map { $0 / 2 }, 1e-12)
        }
    }

    /// ∂f/∂w sample by sample, from the gradient of a net whose other samples do not count.
    @Test(arguments: activations) func theTangentKernelIsTheGramMatrixOfGradients(_ activation: UnitActivation) throws {
        for size in Self.sizes {
            let (shape, data, weights, _) = try make(activation, size)
            let net = SoloNet(shape: shape, data: data)
            net.evaluate(weights)
            let factors = (0..<shape.layerCount).map { 1 / Double($0 + 2) }
            let vector = PaddedVector(count: net.paddedCount)
            let gradients = (0..<data.count).map { s in
                net.pullBack(
                    (0..<data.count).map { $0 == s ? 1 : 0 }, factors: factors.map { $0.squareRoot() },
                    into: vector.numbers)
                return plain(vector, shape)
            }
            let expected = gradients.flatMap { a in gradients.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
            expectClose(net.tangentKernel(factors: factors), expected, 1e-12)
            let values = net.values(layer: shape.widths.count)
            let units = shape.allWidths[shape.widths.count]
            let gram = (0..<data.count * data.count).map { k in
                (0..<units).reduce(0.0) { sum, i in
                    let (s, t) = (k / data.count, k % data.count)
                    let row = i * net.registers
                    return sum + values[row + s / 8][s % 8] * values[row + t / 8][t % 8]
                }
            }
            expectClose(net.gram(layer: shape.widths.count), gram, 1e-13)
        }
    }

    @Test(arguments: [Precision.double, .single]) func everyVariantGivesTheSameBits(_ precision: Precision) throws {
        for size in Self.sizes {
            for activation in Self.activations {
                let (shape, data, weights, direction) = try make(activation, size)
                let answers = KernelVariant.allCases.filter(\.isSupported).map { variant -> [[Double]] in
                    let net = SoloNet(shape: shape, data: data, kernel: SoloKernel(variant, precision))
                    let (vector, result) = (PaddedVector(count: net.paddedCount), PaddedVector(count: net.paddedCount))
                    let factors = (0..<shape.layerCount).map { 1 / Double($0 + 2) }
                    net.evaluate(weights)
                    let gradient = net.gradient()
                    net.pad(direction, into: vector.numbers)
                    net.hessianProduct(vector.numbers, factors: factors, into: result.numbers)
                    let product = (0..<net.paddedCount).map { result.numbers[$0] }
                    return [net.outputs, gradient, product, net.tangentKernel(factors: factors), net.gram(layer: 0)]
                }
                for answer in answers { #expect(answer == answers[0]) }
            }
        }
    }

    @Test func singlePrecisionIsDoubleRoundedOnce() throws {
        let (shape, data, weights, direction) = try make(.tanh, Self.sizes[4])
        let (double, single) = (
            SoloNet(shape: shape, data: data), SoloNet(shape: shape, data: data, kernel: SoloKernel(.current, .single))
        )
        let factors = Array(repeating: 1.0, count: shape.layerCount)
        let products = [double, single].map { net in
            net.evaluate(weights)
            _ = net.gradient()
            let (vector, result) = (PaddedVector(count: net.paddedCount), PaddedVector(count: net.paddedCount))
            net.pad(direction, into: vector.numbers)
            net.hessianProduct(vector.numbers, factors: factors, into: result.numbers)
            return plain(result, shape, grain: net === single ? 16 : 8)
        }
        expectClose(single.gradient(), double.gradient(), 1e-5)
        expectClose(products[1], products[0], 1e-5)
    }
}
