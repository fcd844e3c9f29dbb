import Foundation
import Kernels
import Lanes
import TinyNets

/// Gradient descent with the sharpness after every step, each beside sixty products of Lanczos's iteration: how exact the
/// sharpnesses are, and what they cost.
struct SoloTraining: Codable {
    let activation: String
    /// Products with the Hessian, a step.
    let products: Double
    /// Relative errors: nine tenths are below the first, all below the second.
    let usualError: Double
    let largestError: Double

    /// The nets of `rivals/dynamics.py`: tangent-kernel parameterisation, ηλ₀ = 1.
    init(_ activation: UnitActivation, nets: Int = 8, steps: Int = 100) throws {
        let shape = try SampledNetShape(inputs: 16, widths: [64, 64, 64], activation: activation)
        var errors: [Double] = []
        var count = 0
        for net in 0..<nets { try Self.train(shape, seed: UInt64(net), steps: steps, &errors, &count) }
        errors.sort()
        self.activation = "\(activation)"
        products = Double(count) / Double(nets * steps)
        usualError = errors[errors.count * 9 / 10]
        largestError = errors[errors.count - 1]
    }

    private static func train(
        _ shape: SampledNetShape, seed: UInt64, steps: Int, _ errors: inout [Double], _ count: inout Int
    ) throws {
        let n = 32
        var stream = RandomStream(seed: seed, key: 1, purpose: .data)
        var features = stream.normals(16 * n)
        for s in 0..<n {
            let row = features[16 * s..<16 * (s + 1)]
            let norm = row.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
            for j in 0..<16 { features[16 * s + j] *= 4 / norm }
        }
        let raw = (0..<n).map { s -> Double in
            let (a, b) = (features[16 * s], features[16 * s + 1])
            return sin(1.5 * a) + 0.5 * a * b
        }
        let mean = raw.reduce(0, +) / Double(n)
        let square = raw.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (square / Double(n)).squareRoot()
        let data = SampledData(inputs: 16, features: features, targets: raw.map { ($0 - mean) / deviation })
        let gain: Double = shape.activation == .relu ? 2.0.squareRoot() : 1
        let factors: [Double] = shape.allWidths.dropLast().enumerated().map { k, fan -> Double in
            let numerator: Double = k == 0 ? 1 : gain
            return numerator / Double(fan).squareRoot()
        }
        let layers = zip(shape.layerOffsets, shape.layerOffsets.dropFirst()).map { $0..<$1 }
        var weights = stream.normals(shape.weightCount)
        for (k, layer) in layers.enumerated() { for i in layer { weights[i] *= factors[k] } }

        let net = SoloNet(shape: shape, data: data)
        let search = LeadingEigenvalue(count: net.paddedCount, tolerance: 1e-6)
        let start = PaddedVector(count: net.paddedCount)
        var vector = [Double](repeating: 1, count: n)
        var rate = 0.0
        for step in 0...steps {
            net.evaluate(weights)
            let gradient = net.gradient()
            var scaled = gradient
            for (k, layer) in layers.enumerated() { for i in layer { scaled[i] = factors[k] * scaled[i] + 1e-6 } }
            net.pad(scaled, into: start.numbers)
            let kernel = net.tangentKernel(factors: factors.map { $0 * $0 / Double(n) })
            let top = leading(kernel, &vector)
            if step == 0 { rate = 1 / top }
            let coefficients = vector.map { $0 / (Double(n) * top).squareRoot() }
            let found = try search.solve(
                start: start, guide: { net.pullBack(coefficients, factors: factors, into: $0) },
                { net.hessianProduct($0, factors: factors, into: $1) })
            let reference = try sixtyProducts(net, factors, start)
            if step > 0 {
                errors.append(abs(found / reference - 1))
                count += search.productCount
            }
            for (k, layer) in layers.enumerated() {
                for i in layer { weights[i] -= rate * factors[k] * factors[k] * gradient[i] }
            }
        }
    }

    /// Sixty products from the gradient, with full reorthogonalisation.
    private static func sixtyProducts(_ net: SoloNet, _ factors: [Double], _ start: PaddedVector) throws -> Double {
        let (input, output) = (PaddedVector(count: start.count), PaddedVector(count: start.count))
        var iteration = LanczosIteration(
            start: (0..<start.count).map { start.numbers[$0] }, ends: .highest, tolerance: 1e-13, maximumSteps: 60)
        while !iteration.isDone {
            for (i, x) in iteration.direction.enumerated() { input.numbers[i] = x }
            net.hessianProduct(input.numbers, factors: factors, into: output.numbers)
            try iteration.take((0..<output.count).map { output.numbers[$0] })
        }
        return iteration.highest
    }

    private static func leading(_ matrix: [Double], _ vector: inout [Double]) -> Double {
        let n = vector.count
        var value = 0.0
        for _ in 0..<200 {
            let product = (0..<n).map { i -> Double in
                var sum = 0.0
                for j in 0..<n { sum += matrix[i * n + j] * vector[j] }
                return sum
            }
            value = product.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
            vector = product.map { $0 / value }
        }
        return value
    }
}
