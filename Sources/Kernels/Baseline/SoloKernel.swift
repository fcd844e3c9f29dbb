import CLanes

// Entry points of the kernel for one net whose samples fill the lanes. They take memory only, so that no SIMD value
// crosses a module's border.

public func kernelSoloEvaluate(_ net: UnsafePointer<cl_solo_net>, single: Bool) {
    if single {
        SoloNet<FloatLanes>(net.pointee).evaluate()
    } else {
        SoloNet<DoubleLanes>(net.pointee).evaluate()
    }
}

/// `isLoss`: the coefficients are those of a loss whose curvature is asked for next.
public func kernelSoloPullBack(
    _ net: UnsafePointer<cl_solo_net>, single: Bool, _ coefficients: UnsafeRawPointer,
    factors: UnsafePointer<Double>, isLoss: Bool, into result: UnsafeMutableRawPointer
) {
    let adjoints = isLoss ? net.pointee.adjoints : net.pointee.adjoint_tangents
    if single {
        let solo = SoloNet<FloatLanes>(net.pointee)
        solo.pullBack(
            coefficients.assumingMemoryBound(to: Float.self), factors: factors, adjoints: adjoints, into: result)
        if isLoss { solo.prepareCurvature() }
    } else {
        let solo = SoloNet<DoubleLanes>(net.pointee)
        solo.pullBack(
            coefficients.assumingMemoryBound(to: Double.self), factors: factors, adjoints: adjoints, into: result)
        if isLoss { solo.prepareCurvature() }
    }
}

public func kernelSoloHessianProduct(
    _ net: UnsafePointer<cl_solo_net>, single: Bool, _ vector: UnsafeRawPointer, factors: UnsafePointer<Double>,
    into product: UnsafeMutableRawPointer
) {
    if single {
        SoloNet<FloatLanes>(net.pointee).hessianProduct(
            vector.assumingMemoryBound(to: Float.self), factors: factors, into: product)
    } else {
        SoloNet<DoubleLanes>(net.pointee).hessianProduct(
            vector.assumingMemoryBound(to: Double.self), factors: factors, into: product)
    }
}

public func kernelSoloTangentKernel(
    _ net: UnsafePointer<cl_solo_net>, single: Bool, factors: UnsafePointer<Double>,
    into result: UnsafeMutableRawPointer
) {
    if single {
        SoloNet<FloatLanes>(net.pointee).tangentKernel(
            factors: factors, into: result.assumingMemoryBound(to: Float.self))
    } else {
        SoloNet<DoubleLanes>(net.pointee).tangentKernel(
            factors: factors, into: result.assumingMemoryBound(to: Double.self))
    }
}

public func kernelSoloGram(
    _ net: UnsafePointer<cl_solo_net>, single: Bool, layer: Int, into result: UnsafeMutableRawPointer
) {
    if single {
        SoloNet<FloatLanes>(net.pointee).gram(layer, into: result.assumingMemoryBound(to: Float.self))
    } else {
        SoloNet<DoubleLanes>(net.pointee).gram(layer, into: result.assumingMemoryBound(to: Double.self))
    }
}
