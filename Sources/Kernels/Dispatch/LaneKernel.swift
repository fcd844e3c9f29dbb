import CLanes
import KernelBaseline

#if arch(x86_64)
    import KernelAVX2
    import KernelAVX512
#endif

/// The training kernel for packs of eight deep linear nets, in one variant.
///
/// Every call runs with denormal numbers flushed to zero on its thread and puts the thread's mode back: a lane whose
/// weights decay to nothing would otherwise slow its whole pack thirtyfold.
public struct LaneKernel: Sendable {
    public let variant: KernelVariant

    /// - Precondition: this processor runs the variant.
    public init(_ variant: KernelVariant = .current) {
        precondition(variant.isSupported, "this processor does not run the kernel variant \(variant.name)")
        self.variant = variant
    }

    /// Loss, data loss, layer norms and gradient at the point.
    public func gradient(_ pack: UnsafePointer<cl_pack>) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelGradient(pack)
            case .avx2: KernelAVX2.kernelGradient(pack)
            case .baseline: KernelBaseline.kernelGradient(pack)
            }
        #else
            KernelBaseline.kernelGradient(pack)
        #endif
    }

    /// Hessian times direction at the point of the last gradient.
    public func hessianProduct(_ pack: UnsafePointer<cl_pack>) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelHessianProduct(pack)
            case .avx2: KernelAVX2.kernelHessianProduct(pack)
            case .baseline: KernelBaseline.kernelHessianProduct(pack)
            }
        #else
            KernelBaseline.kernelHessianProduct(pack)
        #endif
    }

    /// Gradient descent with each lane's fixed rate; leaves loss and gradient of the last but one point.
    public func descendPlainly(_ pack: UnsafePointer<cl_pack>, steps: Int) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelDescendPlainly(pack, steps)
            case .avx2: KernelAVX2.kernelDescendPlainly(pack, steps)
            case .baseline: KernelBaseline.kernelDescendPlainly(pack, steps)
            }
        #else
            KernelBaseline.kernelDescendPlainly(pack, steps)
        #endif
    }

    /// Monotone descent with adaptive steps from an evaluated base.
    public func descend(_ pack: UnsafePointer<cl_pack>, steps: Int) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelDescend(pack, steps)
            case .avx2: KernelAVX2.kernelDescend(pack, steps)
            case .baseline: KernelBaseline.kernelDescend(pack, steps)
            }
        #else
            KernelBaseline.kernelDescend(pack, steps)
        #endif
    }

    /// The inner products d·Hd, d·d, x·d: 3 × 8 results.
    public func krylovProducts(_ pack: UnsafePointer<cl_pack>, results: UnsafeMutablePointer<Double>) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelKrylovProducts(pack, results)
            case .avx2: KernelAVX2.kernelKrylovProducts(pack, results)
            case .baseline: KernelBaseline.kernelKrylovProducts(pack, results)
            }
        #else
            KernelBaseline.kernelKrylovProducts(pack, results)
        #endif
    }

    /// x ← c0 x + c1 d, r ← c2 r + c3 Hd + c4 d + c5 x; 6 × 8 coefficients; results r·r and x·x, 2 × 8.
    public func krylovStep(
        _ pack: UnsafePointer<cl_pack>, coefficients: UnsafePointer<Double>, results: UnsafeMutablePointer<Double>
    ) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelKrylovStep(pack, coefficients, results)
            case .avx2: KernelAVX2.kernelKrylovStep(pack, coefficients, results)
            case .baseline: KernelBaseline.kernelKrylovStep(pack, coefficients, results)
            }
        #else
            KernelBaseline.kernelKrylovStep(pack, coefficients, results)
        #endif
    }

    /// d ← c0 r + c1 d; 2 × 8 coefficients.
    public func krylovTurn(_ pack: UnsafePointer<cl_pack>, coefficients: UnsafePointer<Double>) {
        let control = cl_flush_denormals()
        defer { cl_restore_denormals(control) }
        #if arch(x86_64)
            switch variant {
            case .avx512: KernelAVX512.kernelKrylovTurn(pack, coefficients)
            case .avx2: KernelAVX2.kernelKrylovTurn(pack, coefficients)
            case .baseline: KernelBaseline.kernelKrylovTurn(pack, coefficients)
            }
        #else
            KernelBaseline.kernelKrylovTurn(pack, coefficients)
        #endif
    }
}
