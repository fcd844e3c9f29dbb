import CLanes
import Kernels

/// One net without biases and with one output, whose samples fill the SIMD lanes: loss (1/2n) Σ_s (f(x_s) − y_s)², its
/// gradient and Hessian, and the tangent kernel. All come from one pass forward and one back. One owner, one thread.
///
/// Beside a pack of nets in the lanes it serves wide nets, whose weights then stay in the caches, and iterations whose
/// length differs from net to net. Numbers do not depend on the kernel's variant, to the bit.
public final class SoloNet {
    public let shape: SampledNetShape
    public let data: SampledData
    public let kernel: SoloKernel
    /// The length of a vector of parameters: matrices one after the other, their rows padded with zeros to whole 64 bytes.
    public let paddedCount: Int
    /// f(x_s) and f(x_s) − y_s at the weights of the last evaluation.
    public private(set) var outputs: [Double]
    public private(set) var residuals: [Double]

    let arrays: SoloMemory
    private let ones: [Double]

    /// - Precondition: one output, no biases, data of the shape; an activation of slopes alone, or tanh.
    public init(shape: SampledNetShape, data: SampledData, kernel: SoloKernel = SoloKernel()) {
        precondition(
            shape.outputs == 1 && !shape.hasBiases && data.inputs == shape.inputs && data.outputs == 1,
            "a solo net has one output and no biases, and its data fit")
        precondition(shape.activation == .tanh || !shape.activation.isSmooth || shape.activation == .linear)
        self.shape = shape
        self.data = data
        self.kernel = kernel
        arrays = SoloMemory(shape: shape, data: data, kernel: kernel)
        paddedCount = arrays.paddedCount
        outputs = Array(repeating: 0, count: data.count)
        residuals = outputs
        ones = Array(repeating: 1, count: shape.layerCount)
    }

    // MARK: - Passes

    /// Takes values and slopes at these weights, in the shape's layout.
    public func evaluate(_ weights: [Double]) {
        precondition(weights.count == shape.weightCount, "one number for each weight")
        arrays.setPoint(weights)
        kernel.evaluate(arrays.description)
        let output = arrays.start(layer: shape.layerCount, unit: 0)
        for s in 0..<data.count {
            outputs[s] = arrays.preactivations[output + s, 0]
            residuals[s] = outputs[s] - data.targets[s]
        }
    }

    /// (1/2n) Σ r².
    public var loss: Double { residuals.reduce(0) { $0 + $1 * $1 } / Double(2 * data.count) }

    /// ∇L by the weights of the last evaluation, in the shape's layout. Hessian products are taken for this loss.
    public func gradient() -> [Double] {
        let n = Double(data.count)
        arrays.setCoefficients(residuals.map { $0 / n })
        kernel.pullBack(
            arrays.description, arrays.coefficients.memory, factors: ones, isLoss: true, into: arrays.result.memory)
        return arrays.plainResult(count: shape.weightCount)
    }

    /// Σ_s c_s ∇f(x_s), layer l times `factors[l]`, padded.
    public func pullBack(_ coefficients: [Double], factors: [Double], into result: UnsafeMutablePointer<Double>) {
        arrays.setCoefficients(coefficients)
        kernel.pullBack(
            arrays.description, arrays.coefficients.memory, factors: factors, isLoss: false,
            into: arrays.target(result))
        arrays.finish(result)
    }

    /// F H F v for the Hessian H of the loss at the last gradient, where F multiplies layer l by `factors[l]`; padded. At
    /// kinks the curvature counts as 0.
    public func hessianProduct(
        _ vector: UnsafePointer<Double>, factors: [Double], into result: UnsafeMutablePointer<Double>
    ) {
        kernel.hessianProduct(
            arrays.description, arrays.source(vector), factors: factors, into: arrays.target(result))
        arrays.finish(result)
    }

    /// A vector in the shape's layout as a padded one.
    public func pad(_ numbers: [Double], into result: UnsafeMutablePointer<Double>) {
        result.update(repeating: 0, count: paddedCount)
        for row in arrays.rows {
            for i in 0..<row.count { result[row.padded + i] = numbers[row.plain + i] }
        }
    }

    // MARK: - Signals

    /// Registers of eight samples in a row of a layer's unit; what is beyond the last sample is zero.
    public var registers: Int { arrays.sampleStride / 8 }
    /// h_l, one row per unit.
    /// - Precondition: double precision, as for the next two.
    public func preactivations(layer l: Int) -> UnsafeBufferPointer<SIMD8<Double>> { rows(arrays.preactivations, l) }
    /// φ(h_l); l = 0 is the input.
    public func values(layer l: Int) -> UnsafeBufferPointer<SIMD8<Double>> { rows(arrays.values, l) }
    /// ∂f/∂h_l.
    public func outputAdjoints(layer l: Int) -> UnsafeBufferPointer<SIMD8<Double>> { rows(arrays.outputAdjoints, l) }

    private func rows(_ array: LaneArray, _ l: Int) -> UnsafeBufferPointer<SIMD8<Double>> {
        precondition(kernel.precision == .double, "signals are read in double precision")
        let start = array.memory.assumingMemoryBound(to: SIMD8<Double>.self) + arrays.start(layer: l, unit: 0) / 8
        return UnsafeBufferPointer(start: start, count: shape.allWidths[l] * registers)
    }

    // MARK: - Samples beside samples

    /// Σ_l factors[l] (A_{l−1}ᵀA_{l−1}) ∘ (J_lᵀJ_l), n × n.
    public func tangentKernel(factors: [Double]) -> [Double] {
        kernel.tangentKernel(arrays.description, factors: factors, into: arrays.kernelResult)
        return arrays.samplesBySamples()
    }

    /// The same, in rows of 8 · `registers` numbers whose padding is zero; valid until the next call.
    /// - Precondition: double precision.
    public func paddedTangentKernel(factors: [Double]) -> UnsafePointer<Double> {
        precondition(kernel.precision == .double, "kernels are read in double precision")
        kernel.tangentKernel(arrays.description, factors: factors, into: arrays.kernelResult)
        return UnsafePointer(arrays.kernelResult.assumingMemoryBound(to: Double.self))
    }

    /// A_lᵀA_l for the values of layer l (0: inputs), n × n.
    public func gram(layer: Int) -> [Double] {
        kernel.gram(arrays.description, layer: layer, into: arrays.kernelResult)
        return arrays.samplesBySamples()
    }
}
