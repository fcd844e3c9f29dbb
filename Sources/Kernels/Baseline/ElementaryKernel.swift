import CLanes

/// Applies an elementary function to `count` vectors of lanes.
public func kernelApply(
    _ function: Int, single: Bool, _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, count: Int
) {
    if single {
        apply(
            function, input.assumingMemoryBound(to: FloatLanes.self), output.assumingMemoryBound(to: FloatLanes.self),
            count)
    } else {
        apply(
            function, input.assumingMemoryBound(to: DoubleLanes.self),
            output.assumingMemoryBound(to: DoubleLanes.self), count)
    }
}

@inline(__always)
private func apply<V: RealLanes>(
    _ function: Int, _ input: UnsafePointer<V>, _ output: UnsafeMutablePointer<V>, _ count: Int
) {
    @inline(__always) func each(_ rule: (V) -> V) {
        var i = 0
        while i < count {
            output[i] = rule(input[i])
            i &+= 1
        }
    }
    switch function {
    case CL_FUNCTION_TANH: each { Elementary.tanh($0) }
    case CL_FUNCTION_EXP: each { Elementary.exp($0) }
    case CL_FUNCTION_ERF: each { Elementary.erf($0) }
    case CL_FUNCTION_LOGISTIC: each { Elementary.logistic($0).value }
    case CL_FUNCTION_SOFTPLUS: each { Elementary.softplus($0) }
    case CL_FUNCTION_GAUSSIAN: each { Elementary.gaussian($0) }
    case CL_FUNCTION_NORMAL: each { Elementary.normal($0).cumulative }
    default: each { V.max(V(0), $0) }
    }
}

/// `rounds` × 12 multiply–adds of whole registers, 12 at a time independent of each other: what the processor can do at
/// best. `memory` holds 14 registers, the last two the factor and the term.
public func kernelMultiplyAddPeak(single: Bool, _ memory: UnsafeMutableRawPointer, rounds: Int) {
    if single {
        multiplyAdds(memory.assumingMemoryBound(to: FloatLanes.self), rounds)
    } else {
        multiplyAdds(memory.assumingMemoryBound(to: DoubleLanes.self), rounds)
    }
}

@inline(__always)
private func multiplyAdds<V: RealLanes>(_ memory: UnsafeMutablePointer<V>, _ rounds: Int) {
    let (factor, term) = (memory[12], memory[13])
    var a = LaneBlock4(memory, stride: 1)
    var b = LaneBlock4(memory + 4, stride: 1)
    var c = LaneBlock4(memory + 8, stride: 1)
    var round = 0
    while round < rounds {
        a = a.map { .fma($0, factor, term) }
        b = b.map { .fma($0, factor, term) }
        c = c.map { .fma($0, factor, term) }
        round &+= 1
    }
    a.store(memory, stride: 1)
    b.store(memory + 4, stride: 1)
    c.store(memory + 8, stride: 1)
}
