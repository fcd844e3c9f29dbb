import CLanes
import GSLNumerics
import TinyNets

/// What one pass forward and one back say of a net of one output: activations, the tangent kernel, norms of signals.
/// One owner, one thread.
public final class NetProbe {
    let setting: DynamicsSetting
    let data: SampledData
    /// The net at the weights of the last evaluation.
    public let net: SoloNet
    private let rateFactors: [Double]
    private let widths: [Int]
    private let n: Int
    private var initialPreactivations: [[SIMD8<Double>]] = []
    private var initialNorms: [Double] = []
    /// The kernel's leading eigenvector, padded with zeros to whole registers.
    private var kernelVector: [SIMD8<Double>] = []

    public init(setting: DynamicsSetting, data: SampledData) {
        precondition(data.inputs == setting.shape.inputs && data.outputs == 1, "data fit the net, with one target")
        self.setting = setting
        self.data = data
        net = SoloNet(shape: setting.shape, data: data)
        rateFactors = setting.rateFactors
        widths = setting.shape.allWidths
        n = data.count
    }

    /// Number of weight matrices, L.
    private var layers: Int { widths.count - 1 }

    /// Takes all signals at these effective weights.
    public func evaluate(_ weights: [Double]) {
        net.evaluate(weights)
        guard initialPreactivations.isEmpty else { return }
        initialPreactivations = (1..<layers + 1).map { Array(net.preactivations(layer: $0)) }
        initialNorms = initialPreactivations.map { $0.reduce(.zero) { $0 + $1 * $1 }.sum() }
    }

    // MARK: - Signals

    /// f(x_s).
    public var outputs: [Double] { net.outputs }

    /// |h_k − h_k(0)| / |h_k(0)| over all units and samples, hidden layers first to last.
    public var preactivationChanges: [Double] {
        (1..<layers).map { k in
            var change = SIMD8<Double>.zero
            initialPreactivations[k - 1].withUnsafeBufferPointer { first in
                let now = net.preactivations(layer: k)
                for i in 0..<now.count {
                    let difference = now[i] - first[i]
                    change += difference * difference
                }
            }
            return (change.sum() / initialNorms[k - 1]).squareRoot()
        }
    }

    /// (tr G)²/tr G² of the last hidden layer's Gram matrix of samples; nil without a hidden layer or for a dead one.
    public var participationRatio: Double? {
        guard layers > 1 else { return nil }
        let gram = net.gram(layer: layers - 1)
        let trace = (0..<n).reduce(0.0) { $0 + gram[$1 * n + $1] }
        let square = gram.reduce(0) { $0 + $1 * $1 }
        return square > 0 ? trace * trace / square : nil
    }

    /// Share of the hidden units whose activation is 0 for every sample; 0 without hidden layers.
    public var deadFraction: Double {
        var (dead, count) = (0, 0)
        for k in Swift.stride(from: 1, to: layers, by: 1) {
            let values = net.values(layer: k)
            for i in 0..<widths[k] {
                count += 1
                if (0..<net.registers).allSatisfy({ values[i * net.registers + $0] == .zero }) { dead += 1 }
            }
        }
        return count > 0 ? Double(dead) / Double(count) : 0
    }

    /// ξ_k = 1 / [α_k² (|A_{k−1}|²/n) (n²|B_k|²/|R|²)]: rates at which every layer has the same share of the kernel.
    public func normalizingScales(residuals: [Double]) -> [Double] {
        let norm = residuals.reduce(0) { $0 + $1 * $1 }
        return (1...layers).map { k in
            let forward = net.values(layer: k - 1).reduce(0.0) { $0 + ($1 * $1).sum() } / Double(n)
            let adjoints = net.outputAdjoints(layer: k)
            var backward = 0.0
            for s in 0..<n {
                var square = 0.0
                for i in 0..<widths[k] {
                    let j = adjoints[i * net.registers + s / 8][s % 8]
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
        net.tangentKernel(factors: kernelFactors(scales))
    }

    private func kernelFactors(_ scales: [Double]?) -> [Double] {
        (0..<layers).map { rateFactors[$0] * (scales?[$0] ?? 1) / Double(n) }
    }

    /// The largest eigenvalue of the tangent kernel; 0 for one that vanishes, infinite for one that is not finite. A
    /// power iteration that goes on from the last answer's vector.
    public func topKernelEigenvalue(scales: [Double]? = nil) -> Double {
        let registers = net.registers
        let kernel = net.paddedTangentKernel(factors: kernelFactors(scales))
        // No element of a Gram matrix exceeds the largest of its diagonal.
        var trace = 0.0
        for s in 0..<n { trace += kernel[s * (8 * registers + 1)] }
        guard trace.isFinite else { return .infinity }
        guard trace > 0 else { return 0 }
        if kernelVector.isEmpty {
            kernelVector = Array(repeating: .zero, count: registers)
            for s in 0..<n { kernelVector[s / 8][s % 8] = 1 + 0.01 * Double(s % 7) }
        }
        return powerIteration((0..<n).map { kernel + 8 * registers * $0 }, registers)
    }

    private func powerIteration(_ rows: [UnsafePointer<Double>?], _ registers: Int) -> Double {
        var value = 0.0
        var sums = [SIMD8<Double>](repeating: .zero, count: n)
        var product = kernelVector
        for _ in 0..<2000 {
            for s in 0..<n { sums[s] = .zero }
            kernelVector.withUnsafeBytes { vector in
                sums.withUnsafeMutableBytes { sums in
                    cl_column_products(
                        vector.assumingMemoryBound(to: Double.self).baseAddress!, rows, n, registers,
                        sums.assumingMemoryBound(to: Double.self).baseAddress!)
                }
            }
            product.withUnsafeMutableBytes { bytes in
                let product = bytes.assumingMemoryBound(to: Double.self)
                for s in 0..<n { product[s] = sums[s].sum() }
            }
            let norm = Self.dot(product, product).squareRoot()
            guard norm.isFinite else { return .infinity }
            guard norm > 0 else { break }
            // The distance of v from an eigenvector bounds the error of the eigenvalue to second order.
            let rayleigh = Self.dot(product, kernelVector) / Self.dot(kernelVector, kernelVector)
            for i in 0..<registers { kernelVector[i] = product[i] / norm }
            let isSettled = abs(rayleigh - value) <= 1e-12 * abs(rayleigh)
            value = rayleigh
            if isSettled { break }
        }
        return value
    }

    private static func dot(_ a: [SIMD8<Double>], _ b: [SIMD8<Double>]) -> Double {
        var sum = SIMD8<Double>.zero
        for i in a.indices { sum += a[i] * b[i] }
        return sum.sum()
    }

    /// u/√(n λ) for the leading eigenvector u of the kernel whose `value` λ was taken last: Jᵀ of that has norm 1 and is the
    /// leading eigenvector of the Hessian's Gauss–Newton part. Nil where there is none.
    func gaussNewtonCoefficients(value: Double) -> [Double]? {
        guard !kernelVector.isEmpty, value > 0, value.isFinite else { return nil }
        let length = (Double(n) * value).squareRoot()
        return (0..<n).map { kernelVector[$0 / 8][$0 % 8] / length }
    }
}
