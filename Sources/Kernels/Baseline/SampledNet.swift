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
}

/// How a count is cut into near-equal parts of at most `limit`: the first `longer` parts have `size` + 1, the others
/// `size`. Divides once, so that loops over blocks of samples need not.
struct NearEqualParts {
    let size: Int
    let longer: Int

    @inline(__always) init(_ count: Int, limit: Int) {
        let parts = (count &+ limit &- 1) / limit
        size = count / parts
        longer = count &- size &* parts
    }
    @inline(__always) func length(of part: Int) -> Int { part < longer ? size &+ 1 : size }
}
