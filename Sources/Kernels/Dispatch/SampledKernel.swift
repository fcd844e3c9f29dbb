import CLanes
import KernelBaseline

#if arch(x86_64)
    import KernelAVX2
    import KernelAVX512
#endif

/// Floating-point precision of a pack of nets.
public enum Precision: String, Sendable, CaseIterable, Hashable {
    case double, single
}

/// The training kernel for packs of nets that are trained through samples, in one variant and precision.
///
/// A pack holds as many nets as a register of the variant has lanes. Every call runs with denormal numbers flushed to
/// zero on its thread and puts the thread's mode back.
public struct SampledKernel: Sendable {
    public let variant: KernelVariant
    public let precision: Precision

    /// - Precondition: this processor runs the variant.
    public init(_ variant: KernelVariant = .current, _ precision: Precision = .double) {
        precondition(variant.isSupported, "this processor does not run the kernel variant \(variant.name)")
        self.variant = variant
        self.precision = precision
    }

    private var isSingle: Bool { precision == .single }

    /// The number of nets of a pack.
    public var laneCount: Int {
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelSampledLanes(single: isSingle)
            case .avx2: KernelAVX2.kernelSampledLanes(single: isSingle)
            case .baseline: KernelBaseline.kernelSampledLanes(single: isSingle)
            }
        #else
            KernelBaseline.kernelSampledLanes(single: isSingle)
        #endif
    }

    /// Loss, data loss and gradient at the point.
    public func gradient(_ pack: UnsafePointer<cl_sampled_pack>) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelSampledGradient(pack, single: isSingle)
            case .avx2: KernelAVX2.kernelSampledGradient(pack, single: isSingle)
            case .baseline: KernelBaseline.kernelSampledGradient(pack, single: isSingle)
            }
        #else
            KernelBaseline.kernelSampledGradient(pack, single: isSingle)
        #endif
    }

    /// Gradient descent with each lane's rate; leaves loss and gradient of the last but one point.
    public func descend(_ pack: UnsafePointer<cl_sampled_pack>, steps: Int) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelSampledDescend(pack, single: isSingle, steps: steps)
            case .avx2: KernelAVX2.kernelSampledDescend(pack, single: isSingle, steps: steps)
            case .baseline: KernelBaseline.kernelSampledDescend(pack, single: isSingle, steps: steps)
            }
        #else
            KernelBaseline.kernelSampledDescend(pack, single: isSingle, steps: steps)
        #endif
    }

    /// Moves the weights by one step of an optimiser along the gradient that was last taken.
    public func move(_ pack: UnsafePointer<cl_sampled_pack>, _ step: UnsafePointer<cl_sampled_step>) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelSampledMove(pack, single: isSingle, step)
            case .avx2: KernelAVX2.kernelSampledMove(pack, single: isSingle, step)
            case .baseline: KernelBaseline.kernelSampledMove(pack, single: isSingle, step)
            }
        #else
            KernelBaseline.kernelSampledMove(pack, single: isSingle, step)
        #endif
    }

    /// Hessian times direction at the point.
    public func hessianProduct(_ pack: UnsafePointer<cl_sampled_pack>) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelSampledHessianProduct(pack, single: isSingle)
            case .avx2: KernelAVX2.kernelSampledHessianProduct(pack, single: isSingle)
            case .baseline: KernelBaseline.kernelSampledHessianProduct(pack, single: isSingle)
            }
        #else
            KernelBaseline.kernelSampledHessianProduct(pack, single: isSingle)
        #endif
    }
}
