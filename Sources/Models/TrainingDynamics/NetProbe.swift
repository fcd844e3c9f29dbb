import CLanes
import Foundation
import GSLNumerics
import TinyNets

/// What one pass forward and one back say of a net of one output: activations, the tangent kernel, norms of signals.
///
/// Arrays of a layer hold a unit after the other, each with its samples side by side. One owner, one thread.
public final class NetProbe {
    let setting: DynamicsSetting
    let data: SampledData
    private let rateFactors: [Double]
    private let widths: [Int]
    private let n: Int
    /// Samples with room for whole vectors; the padding is zero.
    private let stride: Int
    /// φ(h_k), inputs first, and φ′(h_k) or the adjoints J_k = ∂f/∂h_k.
    private var values: [[SIMD8<Double>]]
    private var preactivations: [[SIMD8<Double>]]
    private var adjoints: [[SIMD8<Double>]]
    private var initialPreactivations: [[SIMD8<Double>]] = []
    private var kernelVector: [Double] = []

    public init(setting: DynamicsSetting, data: SampledData) {
        precondition(data.inputs == setting.shape.inputs && data.outputs == 1, "data fit the net, with one target")
        self.setting = setting
        self.data = data
        rateFactors = setting.rateFactors
        widths = setting.shape.allWidths
        n = data.count
        let vectors = (data.count + 7) / 8
        stride = vectors
        values = setting.shape.allWidths.map { Array(repeating: .zero, count: $0 * vectors) }
        preactivations = values
        adjoints = values
        for s in 0..<n {
            for j in 0..<data.inputs { values[0][j * vectors + s / 8][s % 8] = data.features[s * data.inputs + j] }
        }
    }

    /// Number of weight matrices, L.
    private var layers: Int { widths.count - 1 }

    // MARK: - Passes

    /// Takes all signals at these effective weights.
    public func evaluate(_ weights: [Double]) {
        forward(weights)
        backward(weights)
        if initialPreactivations.isEmpty { initialPreactivations = preactivations }
    }

    private func forward(_ weights: [Double]) {
        let offsets = setting.shape.layerOffsets
        for k in 1...layers {
            let (rows, columns) = (widths[k], widths[k - 1])
            let start = offsets[k - 1]
            Self.combine(values[k - 1], rows: rows, into: &preactivations[k], stride: stride) { i, factors in
                for j in 0..<columns { factors[j] = weights[start &+ i &* columns &+ j] }
            }
            if k < layers { Self.activate(setting.activation, preactivations[k], into: &values[k]) }
        }
    }

    /// Row i of `output` becomes Σ_j factors[j] a_j over the units j of `a`, for all samples.
    private static func combine(
        _ a: [SIMD8<Double>], rows: Int, into output: inout [SIMD8<Double>], stride: Int,
        _ fill: (Int, UnsafeMutablePointer<Double>) -> Void
    ) {
        let count = a.count / stride
        var factors = [Double](repeating: 0, count: count)
        a.withUnsafeBytes { a in
            let a = a.assumingMemoryBound(to: Double.self).baseAddress!
            let units: [UnsafePointer<Double>?] = (0..<count).map { a + 8 * stride * $0 }
            output.withUnsafeMutableBytes { output in
                let output = output.assumingMemoryBound(to: Double.self).baseAddress!
                factors.withUnsafeMutableBufferPointer { factors in
                    for i in 0..<rows {
                        fill(i, factors.baseAddress!)
                        cl_combine_columns(output + 8 * stride * i, factors.baseAddress!, units, count, stride, 1)
                    }
                }
            }
        }
    }

    private static func activate(
        _ phi: SignalActivation, _ h: [SIMD8<Double>], into values: inout [SIMD8<Double>]
    ) {
        if case .twoSlopes(let a, let b) = phi {
            for i in h.indices { values[i] = a * h[i] + b * h[i].replacing(with: -h[i], where: h[i] .< 0) }
        } else {
            for i in h.indices { for s in 0..<8 { values[i][s] = phi.value(h[i][s]) } }
        }
    }

    private func backward(_ weights: [Double]) {
        let offsets = setting.shape.layerOffsets
        for b in adjoints[layers].indices { adjoints[layers][b] = SIMD8(repeating: 1) }
        for k in Swift.stride(from: layers - 1, to: 0, by: -1) {
            let (rows, columns) = (widths[k + 1], widths[k])
            let start = offsets[k]
            Self.combine(adjoints[k + 1], rows: columns, into: &adjoints[k], stride: stride) { j, factors in
                for i in 0..<rows { factors[i] = weights[start &+ i &* columns &+ j] }
            }
            multiplyBySlopes(k)
        }
    }

    private func multiplyBySlopes(_ k: Int) {
        switch setting.activation {
        case .twoSlopes(let a, let b):
            // The lower slope at the kink, as the training kernel has it; abs has none there.
            let lower = b == 1 && a == 0
            for i in adjoints[k].indices {
                let h = preactivations[k][i]
                var slope = SIMD8<Double>(repeating: a - b).replacing(with: a + b, where: h .> 0)
                if lower { slope.replace(with: 0, where: h .== 0) }
                adjoints[k][i] *= slope
            }
        default:
            for i in adjoints[k].indices { adjoints[k][i] *= 1 - values[k][i] * values[k][i] }
        }
    }

    // MARK: - Signals

    /// f(x_s).
    public var outputs: [Double] { (0..<n).map { preactivations[layers][$0 / 8][$0 % 8] } }

    /// |h_k − h_k(0)| / |h_k(0)| over all units and samples, hidden layers first to last.
    public var preactivationChanges: [Double] {
        (1..<layers).map { k in
            var (change, norm) = (0.0, 0.0)
            for (h, first) in zip(preactivations[k], initialPreactivations[k]) {
                change += ((h - first) * (h - first)).sum()
                norm += (first * first).sum()
            }
            return (change / norm).squareRoot()
        }
    }

    /// (tr G)²/tr G² of the last hidden layer's Gram matrix of samples; nil without a hidden layer or for a dead one.
    public var participationRatio: Double? {
        guard layers > 1 else { return nil }
        let gram = Self.gram(values[layers - 1], stride: stride, n: n)
        let trace = (0..<n).reduce(0.0) { $0 + gram[$1 * n + $1] }
        let square = gram.reduce(0) { $0 + $1 * $1 }
        return square > 0 ? trace * trace / square : nil
    }

    /// Share of the hidden units whose activation is 0 for every sample; 0 without hidden layers.
    public var deadFraction: Double {
        var (dead, count) = (0, 0)
        for k in Swift.stride(from: 1, to: layers, by: 1) {
            for i in 0..<widths[k] {
                count += 1
                if (0..<stride).allSatisfy({ values[k][i * stride + $0] == .zero }) { dead += 1 }
            }
        }
        return count > 0 ? Double(dead) / Double(count) : 0
    }

    /// ξ_k = 1 / [α_k² (|A_{k−1}|²/n) (n²|B_k|²/|R|²)]: rates at which every layer has the same share of the kernel.
    public func normalizingScales(residuals: [Double]) -> [Double] {
        let norm = residuals.reduce(0) { $0 + $1 * $1 }
        return (1...layers).map { k in
            let forward = values[k - 1].reduce(0.0) { $0 + ($1 * $1).sum() } / Double(n)
            var backward = 0.0
            for s in 0..<n {
                var square = 0.0
                for i in 0..<widths[k] {
                    let j = adjoints[k][i * stride + s / 8][s % 8]
                    square += j * j
                }
                backward += residuals[s] * residuals[s] * square
            }
            let product = rateFactors[k - 1] * forward * backward / norm
            return product > 0 && product.isFinite ? 1 / product : 0
        }
    }

    // MARK: - Tangent kernel

    /// Θ = (1/n) Σ_k ξ_k α_k² (A_{k−1}ᵀA_{k−1}) ∘ (J_kᵀJ_k), n × n.
    public func tangentKernel(scales: [Double]? = nil) -> [Double] {
        var kernel = [Double](repeating: 0, count: n * n)
        for k in 1...layers {
            let factor = rateFactors[k - 1] * (scales?[k - 1] ?? 1) / Double(n)
            let below = Self.gram(values[k - 1], stride: stride, n: n)
            guard k < layers else {
                for i in kernel.indices { kernel[i] += factor * below[i] }
                continue
            }
            let above = Self.gram(adjoints[k], stride: stride, n: n)
            for i in kernel.indices { kernel[i] += factor * below[i] * above[i] }
        }
        return kernel
    }

    /// The largest eigenvalue of the tangent kernel; 0 for one that vanishes, infinite for one that is not finite. A
    /// power iteration that goes on from the last answer's vector.
    public func topKernelEigenvalue(scales: [Double]? = nil) -> Double {
        let kernel = tangentKernel(scales: scales)
        guard kernel.allSatisfy(\.isFinite) else { return .infinity }
        let scale = kernel.reduce(0) { max($0, abs($1)) }
        guard scale > 0 else { return 0 }
        if kernelVector.isEmpty { kernelVector = (0..<n).map { 1 + 0.01 * Double($0 % 7) } }
        var value = 0.0
        for _ in 0..<2000 {
            let product = Self.product(kernel, kernelVector, n)
            let norm = product.reduce(0) { $0 + $1 * $1 }.squareRoot()
            guard norm > 0 else { break }
            // The distance of v from an eigenvector bounds the error of the eigenvalue to second order.
            let rayleigh =
                zip(product, kernelVector).reduce(0) { $0 + $1.0 * $1.1 }
                / kernelVector.reduce(0) { $0 + $1 * $1 }
            kernelVector = product.map { $0 / norm }
            if abs(rayleigh - value) <= 1e-12 * abs(rayleigh) {
                value = rayleigh
                break
            }
            value = rayleigh
        }
        return value
    }

    private static func product(_ matrix: [Double], _ vector: [Double], _ n: Int) -> [Double] {
        (0..<n).map { i in
            var sum = 0.0
            for j in 0..<n { sum += matrix[i &* n &+ j] * vector[j] }
            return sum
        }
    }

    /// AᵀA over units, samples × samples.
    private static func gram(_ a: [SIMD8<Double>], stride: Int, n: Int) -> [Double] {
        var blocks = [SIMD8<Double>](repeating: .zero, count: n * stride)
        let units = a.count / stride
        a.withUnsafeBytes { bytes in
            let scalars = bytes.assumingMemoryBound(to: Double.self)
            combine(a, rows: n, into: &blocks, stride: stride) { s, factors in
                for i in 0..<units { factors[i] = scalars[8 &* i &* stride &+ s] }
            }
        }
        return blocks.withUnsafeBytes { bytes in
            let scalars = bytes.assumingMemoryBound(to: Double.self)
            return [Double](unsafeUninitializedCapacity: n * n) { gram, filled in
                for s in 0..<n { for t in 0..<n { gram[s &* n &+ t] = scalars[8 &* s &* stride &+ t] } }
                filled = n * n
            }
        }
    }
}
