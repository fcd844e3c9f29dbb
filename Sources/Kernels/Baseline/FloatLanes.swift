import CLanes

/// Floats in one register.
struct FloatLanes: RealLanes {
    var lanes: cl_f32

    @inline(__always) init(_ lanes: cl_f32) { self.lanes = lanes }
    @inline(__always) init(_ x: Double) { lanes = cl_splat_f32(Float(x)) }
    @inline(__always) init(scalar x: Float) { lanes = cl_splat_f32(x) }
    @inline(__always) static var count: Int { Int(CL_NATIVE_FLOATS) }

    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(cl_add_f32(a.lanes, b.lanes)) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(cl_sub_f32(a.lanes, b.lanes)) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(cl_mul_f32(a.lanes, b.lanes)) }
    @inline(__always) static func / (a: Self, b: Self) -> Self { Self(cl_div_f32(a.lanes, b.lanes)) }
    @inline(__always) static func fma(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(cl_fma_f32(a.lanes, b.lanes, c.lanes))
    }
    @inline(__always) static func nfma(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(cl_nfma_f32(a.lanes, b.lanes, c.lanes))
    }
    @inline(__always) static func min(_ a: Self, _ b: Self) -> Self { Self(cl_min_f32(a.lanes, b.lanes)) }
    @inline(__always) static func max(_ a: Self, _ b: Self) -> Self { Self(cl_max_f32(a.lanes, b.lanes)) }
    @inline(__always) static func select(_ a: Self, less b: Self, _ x: Self, _ y: Self) -> Self {
        Self(cl_select_less_f32(a.lanes, b.lanes, x.lanes, y.lanes))
    }
    @inline(__always) var squareRoot: Self { Self(cl_sqrt_f32(lanes)) }
    @inline(__always) var magnitude: Self { Self(cl_magnitude_f32(lanes)) }
    @inline(__always) func signed(like other: Self) -> Self { Self(cl_signed_f32(lanes, other.lanes)) }

    @inline(__always) var bits: cl_i32 { cl_bits_f32(lanes) }
    @inline(__always) static func minus(_ a: cl_i32, _ b: cl_i32) -> cl_i32 { cl_int_sub_f32(a, b) }
    @inline(__always) static func shiftRight(_ a: cl_i32, _ by: Int32) -> cl_i32 {
        cl_int_shift_right_f32(a, by)
    }
    @inline(__always) static func powerOfTwo(_ n: cl_i32) -> Self { Self(cl_power_of_two_f32(n, 127, 23)) }

    @inline(__always) static var roundingOffset: Double { 0x1.8p23 }
    @inline(__always) static func tanhNode(_ k: cl_i32) -> Self { Self(cl_tanh_node_f32(k)) }
    @inline(__always) static var tanhStep: Double { 0.3125 }
    @inline(__always) static func expNode(_ k: cl_i32) -> Self { Self(cl_exp_node_f32(k)) }
    @inline(__always) static var expTableBits: Int32 { 5 }
    @inline(__always) static var expStepHigh: Double { 0x1.62e43p-6 }
    @inline(__always) static var expStepLow: Double { -0x1.05c61p-34 }
    @inline(__always) static var expStepsPerUnit: Double { 0x1.715476p+5 }
    @inline(__always) static var expUnderflow: Double { -104 }
    @inline(__always) static var expOverflow: Double { 89 }
    @inline(__always) static var tailCentre: Double { 3 }
    @inline(__always) static var tailEnd: Double { 12 }

    @inline(__always)
    static func turn(
        _ from: UnsafePointer<Float>, stride: Int, units: Int, samples: Int, into to: UnsafeMutablePointer<Float>,
        stride toStride: Int
    ) {
        var sample = 0
        while sample < samples {
            var unit = 0
            while unit < units {
                to[sample &* toStride &+ unit] = from[unit &* stride &+ sample]
                unit &+= 1
            }
            sample &+= 1
        }
    }
}
