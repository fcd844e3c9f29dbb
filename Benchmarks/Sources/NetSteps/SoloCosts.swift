import Foundation
import Kernels
import TinyNets

/// What training with sharpness and tangent kernel at every step is made of, in multiply–adds of matrix products per
/// second: one net of 16 inputs and three hidden layers of width 64, 32 samples.
enum SoloCosts {
    static func sentences(_ variant: KernelVariant) throws -> [String] {
        let kernel = SoloKernel(variant, .double)
        var lines: [String] = []
        let peak = 1e9 * peakGigaflops(variant) / 2
        lines.append(String(format: "Multiply–adds, independent: %.1f GFLOP/s", 2e-9 * peak))
        for activation in [UnitActivation.relu, .tanh] {
            let shape = try SampledNetShape(inputs: 16, widths: [64, 64, 64], activation: activation)
            let n = 32
            func fraction(_ index: Int) -> Double {
                (Double(index) * 0.6180339887498949).truncatingRemainder(dividingBy: 1) - 0.5
            }
            let data = SampledData(
                inputs: 16, features: (0..<n * 16).map { 3 * fraction($0) }, targets: (0..<n).map { fraction(7 * $0) })
            let weights = (0..<shape.weightCount).map { 0.3 * fraction(3 * $0 + $0 / 64) }
            let solo = SoloNet(shape: shape, data: data, kernel: kernel)
            let factors = Array(repeating: 1.0, count: shape.layerCount)
            let direction = PaddedVector(count: solo.paddedCount)
            let product = PaddedVector(count: solo.paddedCount)
            solo.pad(weights, into: direction.numbers)
            let widths = shape.allWidths
            let matrices = zip(widths, widths.dropFirst()).map { $0 * $1 }
            let (all, hidden) = (matrices.reduce(0, +), matrices.dropFirst().reduce(0, +))
            let grams = (widths.dropLast().reduce(0, +) + widths.dropFirst().dropLast().reduce(0, +)) * n / 2
            let parts: [(String, Int, () -> Void)] = [
                ("values and adjoints", n * (all + hidden), { solo.evaluate(weights) }),
                ("gradient from them", n * all, { _ = solo.gradient() }),
                (
                    "Hessian product", n * (2 * all + 4 * hidden),
                    { solo.hessianProduct(direction.numbers, factors: factors, into: product.numbers) }
                ),
                ("tangent kernel", n * grams, { _ = solo.tangentKernel(factors: factors) }),
            ]
            for (name, count, body) in parts {
                let speed = rate {
                    for _ in 0..<100 { body() }
                    return Double(100 * count)
                }
                lines.append(
                    String(
                        format: "%@, %@: %.1f µs, %.1f GFLOP/s, %.0f %% of that", "\(activation)", name,
                        1e6 * Double(count) / speed, 2e-9 * speed, 100 * speed / peak))
            }
        }
        return lines
    }

    static func peakGigaflops(_ variant: KernelVariant) -> Double {
        2e-9 * rate { Double(MultiplyAddPeak.run(rounds: 200_000, variant, .double)) }
    }

    /// The best rate of nine.
    private static func rate(_ body: () -> Double) -> Double {
        var best = 0.0
        for _ in 0..<9 {
            var count = 0.0
            let time = sample(1) { count += body() }
            best = max(best, count / time)
        }
        return best
    }
}
