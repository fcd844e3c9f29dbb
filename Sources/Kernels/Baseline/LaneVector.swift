import CLanes

/// Eight doubles, one of each net of a pack, with the arithmetic of the C primitives.
///
/// Nothing here comes from the standard library's generic SIMD operators: their copies are shared between modules, and
/// one built for a wide instruction set must never be called on a machine without it.
struct LaneVector {
    var lanes: cl_lanes

    @inline(__always) init(_ lanes: cl_lanes) { self.lanes = lanes }
    @inline(__always) init(_ x: Double) { lanes = cl_splat(x) }

    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(cl_add(a.lanes, b.lanes)) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(cl_subtract(a.lanes, b.lanes)) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(cl_multiply(a.lanes, b.lanes)) }
    @inline(__always) static func / (a: Self, b: Self) -> Self { Self(cl_divide(a.lanes, b.lanes)) }
    @inline(__always) static prefix func - (a: Self) -> Self { Self(cl_negate(a.lanes)) }

    /// a·b + c with one rounding.
    @inline(__always) static func fma(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(cl_fma(a.lanes, b.lanes, c.lanes))
    }

    /// Lane by lane: `x` where a ≤ b, else `y`; also `y` where either is not a number.
    @inline(__always) static func select(_ a: Self, lessOrEqual b: Self, _ x: Self, _ y: Self) -> Self {
        Self(cl_select_less_equal(a.lanes, b.lanes, x.lanes, y.lanes))
    }
}

typealias Lanes = UnsafeMutablePointer<LaneVector>

/// A lane-interleaved array of doubles as an array of lane vectors.
@inline(__always) func lanes(_ pointer: UnsafeMutablePointer<Double>) -> Lanes {
    UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: LaneVector.self)
}
@inline(__always) func lanes(_ pointer: UnsafePointer<Double>) -> Lanes {
    UnsafeMutableRawPointer(mutating: pointer).assumingMemoryBound(to: LaneVector.self)
}
