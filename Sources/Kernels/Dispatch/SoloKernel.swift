import CLanes
import KernelBaseline

#if arch(x86_64)
    import KernelAVX2
    import KernelAVX512
#endif

/// The kernel for one net whose samples fill the lanes, in one variant and precision.
///
/// Every call runs with denormal numbers flushed to zero on its thread and puts the thread's mode back.
public struct SoloKernel: Sendable {
    public let variant: KernelVariant
    public let precision: Precision

    /// - Precondition: this processor runs the variant.
    public init(_ variant: KernelVariant = .current, _ precision: Precision = .double) {
        precondition(variant.isSupported, "this processor does not run the kernel variant \(variant.name)")
        self.variant = variant
        self.precision = precision
    }

    private var isSingle: Bool { precision == .single }

    /// Values, slopes and the output's adjoints at the point.
    public func evaluate(_ net: UnsafePointer<cl_solo_net>) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelSoloEvaluate(net, single: isSingle)
            case .avx2: KernelAVX2.kernelSoloEvaluate(net, single: isSingle)
            case .baseline: KernelBaseline.kernelSoloEvaluate(net, single: isSingle)
            }
        #else
            KernelBaseline.kernelSoloEvaluate(net, single: isSingle)
        #endif
    }

    /// Σ_s c_s ∇f(x_s), each layer times its factor; `isLoss` where products with the Hessian of the loss whose slopes are
    /// c are to follow.
    public func pullBack(
        _ net: UnsafePointer<cl_solo_net>, _ coefficients: UnsafeRawPointer, factors: UnsafePointer<Double>,
        isLoss: Bool, into result: UnsafeMutableRawPointer
    ) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512:
                KernelAVX512.kernelSoloPullBack(
                    net, single: isSingle, coefficients, factors: factors, isLoss: isLoss, into: result)
            case .avx2:
                KernelAVX2.kernelSoloPullBack(
                    net, single: isSingle, coefficients, factors: factors, isLoss: isLoss, into: result)
            case .baseline:
                KernelBaseline.kernelSoloPullBack(
                    net, single: isSingle, coefficients, factors: factors, isLoss: isLoss, into: result)
            }
        #else
            KernelBaseline.kernelSoloPullBack(
                net, single: isSingle, coefficients, factors: factors, isLoss: isLoss, into: result)
        #endif
    }

    /// F H F v, where F multiplies each layer by its factor.
    public func hessianProduct(
        _ net: UnsafePointer<cl_solo_net>, _ vector: UnsafeRawPointer, factors: UnsafePointer<Double>,
        into product: UnsafeMutableRawPointer
    ) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512:
                KernelAVX512.kernelSoloHessianProduct(net, single: isSingle, vector, factors: factors, into: product)
            case .avx2:
                KernelAVX2.kernelSoloHessianProduct(net, single: isSingle, vector, factors: factors, into: product)
            case .baseline:
                KernelBaseline.kernelSoloHessianProduct(net, single: isSingle, vector, factors: factors, into: product)
            }
        #else
            KernelBaseline.kernelSoloHessianProduct(net, single: isSingle, vector, factors: factors, into: product)
        #endif
    }

    /// Σ_l f_l (A_{l−1}ᵀ A_{l−1}) ∘ (J_lᵀ J_l).
    public func tangentKernel(
        _ net: UnsafePointer<cl_solo_net>, factors: UnsafePointer<Double>, into result: UnsafeMutableRawPointer
    ) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelSoloTangentKernel(net, single: isSingle, factors: factors, into: result)
            case .avx2: KernelAVX2.kernelSoloTangentKernel(net, single: isSingle, factors: factors, into: result)
            case .baseline:
                KernelBaseline.kernelSoloTangentKernel(net, single: isSingle, factors: factors, into: result)
            }
        #else
            KernelBaseline.kernelSoloTangentKernel(net, single: isSingle, factors: factors, into: result)
        #endif
    }

    /// A_lᵀ A_l.
    public func gram(_ net: UnsafePointer<cl_solo_net>, layer: Int, into result: UnsafeMutableRawPointer) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelSoloGram(net, single: isSingle, layer: layer, into: result)
            case .avx2: KernelAVX2.kernelSoloGram(net, single: isSingle, layer: layer, into: result)
            case .baseline: KernelBaseline.kernelSoloGram(net, single: isSingle, layer: layer, into: result)
            }
        #else
            KernelBaseline.kernelSoloGram(net, single: isSingle, layer: layer, into: result)
        #endif
    }
}
