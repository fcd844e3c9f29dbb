import CLanes

/// Doubles in one register.
struct DoubleLanes: RealLanes {
    var lanes: cl_f64

    @inline(__always) init(_ lanes: cl_f64) { self.lanes = lanes }
    @inline(__always) init(_ x: Double) { lanes = cl_splat_f64(Double(x)) }
    @inline(__always) init(scalar x: Double) { lanes = cl_splat_f64(x) }
    @inline(__always) static var count: Int { Int(CL_NATIVE_DOUBLES) }

    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(cl_add_f64(a.lanes, b.lanes)) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(cl_sub_f64(a.lanes, b.lanes)) }
    @inline(__always) static func * (a: Self, b: Self) -> Self { Self(cl_mul_f64(a.lanes, b.lanes)) }
    @inline(__always) static func / (a: Self, b: Self) -> Self { Self(cl_div_f64(a.lanes, b.lanes)) }
    @inline(__always) static func fma(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(cl_fma_f64(a.lanes, b.lanes, c.lanes))
    }
    @inline(__always) static func nfma(_ a: Self, _ b: Self, _ c: Self) -> Self {
        Self(cl_nfma_f64(a.lanes, b.lanes, c.lanes))
    }
    @inline(__always) static func min(_ a: Self, _ b: Self) -> Self { Self(cl_min_f64(a.lanes, b.lanes)) }
    @inline(__always) static func max(_ a: Self, _ b: Self) -> Self { Self(cl_max_f64(a.lanes, b.lanes)) }
    @inline(__always) static func select(_ a: Self, less b: Self, _ x: Self, _ y: Self) -> Self {
        Self(cl_select_less_f64(a.lanes, b.lanes, x.lanes, y.lanes))
    }
    @inline(__always) var squareRoot: Self { Self(cl_sqrt_f64(lanes)) }
    @inline(__always) var magnitude: Self { Self(cl_magnitude_f64(lanes)) }
    @inline(__always) func signed(like other: Self) -> Self { Self(cl_signed_f64(lanes, other.lanes)) }

    @inline(__always) var bits: cl_i64 { cl_bits_f64(lanes) }
    @inline(__always) static func minus(_ a: cl_i64, _ b: cl_i64) -> cl_i64 { cl_int_sub_f64(a, b) }
    @inline(__always) static func shiftRight(_ a: cl_i64, _ by: Int32) -> cl_i64 {
        cl_int_shift_right_f64(a, by)
    }
    @inline(__always) static func powerOfTwo(_ n: cl_i64) -> Self { Self(cl_power_of_two_f64(n, 1023, 52)) }

    @inline(__always) static var roundingOffset: Double { 0x1.8p52 }
    @inline(__always) static func tanhNode(_ k: cl_i64) -> Self { Self(cl_tanh_node_f64(k)) }
    @inline(__always) static var tanhStep: Double { 0.625 }
    @inline(__always) static func expNode(_ k: cl_i64) -> Self { Self(cl_exp_node_f64(k)) }
    @inline(__always) static var expTableBits: Int32 { 4 }
    @inline(__always) static var expStepHigh: Double { 0x1.62e42fefa39efp-5 }
    @inline(__always) static var expStepLow: Double { 0x1.abc9e3b39803fp-60 }
    @inline(__always) static var expStepsPerUnit: Double { 0x1.71547652b82fep+4 }
    @inline(__always) static var expUnderflow: Double { -746 }
    @inline(__always) static var expOverflow: Double { 710 }
    @inline(__always) static var tailCentre: Double { 4 }
    @inline(__always) static var tailEnd: Double { 28 }

    @inline(__always)
    static func turn(
        _ from: UnsafePointer<Double>, stride: Int, units: Int, samples: Int, into to: UnsafeMutablePointer<Double>,
        stride toStride: Int
    ) {
        var unit = 0
        while unit < units {
            var sample = 0
            while sample < samples {
                cl_turn_block_f64(
                    from + (unit &* stride &+ sample), stride, to + (sample &* toStride &+ unit), toStride)
                sample &+= 8
            }
            unit &+= 8
        }
    }
}
