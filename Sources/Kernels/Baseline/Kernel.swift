import CLanes

// The kernel's entry points. They take memory only, so that no SIMD value crosses a module's border.

public func kernelGradient(_ pack: UnsafePointer<cl_pack>) { computeGradient(pack.pointee) }

public func kernelHessianProduct(_ pack: UnsafePointer<cl_pack>) { computeHessianProduct(pack.pointee) }

public func kernelDescendPlainly(_ pack: UnsafePointer<cl_pack>, _ steps: Int) {
    descendPlainly(pack.pointee, steps: steps)
}

public func kernelDescend(_ pack: UnsafePointer<cl_pack>, _ steps: Int) { descend(pack.pointee, steps: steps) }

public func kernelKrylovProducts(_ pack: UnsafePointer<cl_pack>, _ results: UnsafeMutablePointer<Double>) {
    krylovProducts(pack.pointee, results)
}

public func kernelKrylovStep(
    _ pack: UnsafePointer<cl_pack>, _ coefficients: UnsafePointer<Double>, _ results: UnsafeMutablePointer<Double>
) {
    krylovStep(pack.pointee, coefficients, results)
}

public func kernelKrylovTurn(_ pack: UnsafePointer<cl_pack>, _ coefficients: UnsafePointer<Double>) {
    krylovTurn(pack.pointee, coefficients)
}
