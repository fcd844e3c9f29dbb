import CLanes
import KernelBaseline

#if arch(x86_64)
    import KernelAVX2
    import KernelAVX512
#endif

/// The elementary functions of the kernels. Every variant gives the same bits.
///
/// Largest errors in units of the last place over the whole range, double and single: tanh 3, exp 1.5, erf 3,
/// logistic 3, softplus 4, gaussian 1.5, normal 8.
public enum ElementaryFunction: String, Sendable, CaseIterable, Hashable {
    case tanh, exp, erf
    /// 1 / (1 + e^−x).
    case logistic
    /// log(1 + e^x).
    case softplus
    /// e^(−x²).
    case gaussian
    /// Φ(x), the cumulative normal distribution.
    case normal
    /// max(0, x), exact.
    case rectifier

    private var code: Int {
        switch self {
        case .tanh: CL_FUNCTION_TANH
        case .exp: CL_FUNCTION_EXP
        case .erf: CL_FUNCTION_ERF
        case .logistic: CL_FUNCTION_LOGISTIC
        case .softplus: CL_FUNCTION_SOFTPLUS
        case .gaussian: CL_FUNCTION_GAUSSIAN
        case .normal: CL_FUNCTION_NORMAL
        case .rectifier: CL_FUNCTION_RECTIFIER
        }
    }

    /// The function of many numbers, with denormals as the thread treats them.
    public func callAsFunction(_ x: [Double], variant: KernelVariant = .current) -> [Double] {
        mapped(x, variant, .double, zero: 0)
    }
    public func callAsFunction(_ x: [Float], variant: KernelVariant = .current) -> [Float] {
        mapped(x, variant, .single, zero: 0)
    }

    /// The function of one number: the same bits as among many.
    public func callAsFunction(_ x: Double) -> Double {
        var lanes = SIMD8(repeating: x)
        withUnsafeMutablePointer(to: &lanes) { lanes in apply(lanes, lanes, count: 1, .current, .double) }
        return lanes[0]
    }

    private func mapped<Scalar>(_ x: [Scalar], _ variant: KernelVariant, _ precision: Precision, zero: Scalar)
        -> [Scalar]
    {
        let lanes = SampledKernel(variant, precision).laneCount
        let vectors = (x.count + lanes - 1) / lanes
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(vectors, 1) * lanes * MemoryLayout<Scalar>.stride, alignment: 64)
        defer { memory.deallocate() }
        let scalars = memory.bindMemory(to: Scalar.self, capacity: vectors * lanes)
        for i in 0..<vectors * lanes { scalars[i] = i < x.count ? x[i] : zero }
        apply(memory, memory, count: vectors, variant, precision)
        return (0..<x.count).map { scalars[$0] }
    }

    /// The function of `count` registers' worth of numbers, aligned to 64 bytes; input and output may be the same.
    public func apply(
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, count: Int, _ variant: KernelVariant,
        _ precision: Precision
    ) {
        let isSingle = precision == .single
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelApply(code, single: isSingle, input, output, count: count)
            case .avx2: KernelAVX2.kernelApply(code, single: isSingle, input, output, count: count)
            case .baseline: KernelBaseline.kernelApply(code, single: isSingle, input, output, count: count)
            }
        #else
            KernelBaseline.kernelApply(code, single: isSingle, input, output, count: count)
        #endif
    }
}

/// The processor's limit for multiply–adds.
public enum MultiplyAddPeak {
    /// Runs 12 × `rounds` multiply–adds of whole registers, without memory traffic.
    /// - Returns: the number of scalar multiply–adds.
    public static func run(rounds: Int, _ variant: KernelVariant, _ precision: Precision) -> Int {
        let isSingle = precision == .single
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 14 * 64, alignment: 64)
        defer { memory.deallocate() }
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: 14 * 64)
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelMultiplyAddPeak(single: isSingle, memory, rounds: rounds)
            case .avx2: KernelAVX2.kernelMultiplyAddPeak(single: isSingle, memory, rounds: rounds)
            case .baseline: KernelBaseline.kernelMultiplyAddPeak(single: isSingle, memory, rounds: rounds)
            }
        #else
            KernelBaseline.kernelMultiplyAddPeak(single: isSingle, memory, rounds: rounds)
        #endif
        return 12 * rounds * SampledKernel(variant, precision).laneCount
    }
}
