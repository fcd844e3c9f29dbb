import CLanes

/// A `cl_sampled_pack` with its memory seen as lane vectors.
struct SampledNet<V: RealLanes> {
    let fields: cl_sampled_pack

    @inline(__always) init(_ fields: cl_sampled_pack) { self.fields = fields }

    @inline(__always) func lanes(_ memory: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<V> {
        memory.unsafelyUnwrapped.assumingMemoryBound(to: V.self)
    }
    @inline(__always) func lanes(_ memory: UnsafeRawPointer?) -> UnsafePointer<V> {
        memory.unsafelyUnwrapped.assumingMemoryBound(to: V.self)
    }
    @inline(__always) func scalars(_ memory: UnsafeRawPointer?) -> UnsafePointer<V.Scalar> {
        memory.unsafelyUnwrapped.assumingMemoryBound(to: V.Scalar.self)
    }

    /// A layer's arrays: `values` and its like hold the units of layer `l` ≥ 1.
    @inline(__always) func units(_ memory: UnsafeMutableRawPointer?, _ l: Int) -> UnsafeMutablePointer<V> {
        lanes(memory) + fields.unit_offsets[l]
    }
    @inline(__always) func weights(_ memory: UnsafeMutableRawPointer?, _ l: Int) -> UnsafeMutablePointer<V> {
        lanes(memory) + fields.weight_offsets[l &- 1]
    }
    @inline(__always) func biases(_ memory: UnsafeMutableRawPointer?, _ l: Int) -> UnsafeMutablePointer<V>? {
        let offset = fields.bias_offsets[l &- 1]
        return offset < 0 ? nil : lanes(memory) + offset
    }

    /// Whether the backward pass finds the derivative of the activation in its value.
    @inline(__always) var hasSlopeInValue: Bool {
        switch fields.activation {
        case CL_LINEAR, CL_TANH, CL_RELU: true
        default: false
        }
    }
}

/// Near-equal parts of `count` of at most `limit` each; the longer ones come first.
struct NearEqualParts {
    private var remaining: Int
    private var parts: Int

    @inline(__always) init(_ count: Int, limit: Int) {
        remaining = count
        parts = (count &+ limit &- 1) / limit
    }
    @inline(__always) mutating func next() -> Int {
        let size = (remaining &+ parts &- 1) / parts
        remaining &-= size
        parts &-= 1
        return size
    }
}
