import CLanes

// Entry points of the sampled-net kernel. They take memory only, so that no SIMD value crosses a module's border.

/// How many nets a pack of this build has.
public func kernelSampledLanes(single: Bool) -> Int { single ? FloatLanes.count : DoubleLanes.count }

public func kernelSampledGradient(_ pack: UnsafePointer<cl_sampled_pack>, single: Bool) {
    if single {
        SampledNet<FloatLanes>(pack.pointee).gradient()
    } else {
        SampledNet<DoubleLanes>(pack.pointee).gradient()
    }
}

public func kernelSampledDescend(_ pack: UnsafePointer<cl_sampled_pack>, single: Bool, steps: Int) {
    if single {
        SampledNet<FloatLanes>(pack.pointee).descend(steps: steps)
    } else {
        SampledNet<DoubleLanes>(pack.pointee).descend(steps: steps)
    }
}

public func kernelSampledMove(
    _ pack: UnsafePointer<cl_sampled_pack>, single: Bool, _ step: UnsafePointer<cl_sampled_step>
) {
    if single {
        SampledNet<FloatLanes>(pack.pointee).move(step.pointee)
    } else {
        SampledNet<DoubleLanes>(pack.pointee).move(step.pointee)
    }
}

public func kernelSampledHessianProduct(_ pack: UnsafePointer<cl_sampled_pack>, single: Bool) {
    if single {
        SampledNet<FloatLanes>(pack.pointee).hessianProduct()
    } else {
        SampledNet<DoubleLanes>(pack.pointee).hessianProduct()
    }
}
