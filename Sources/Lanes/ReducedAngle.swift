/// An angle x ≥ 0 as a number of quarter turns and a rest within ±π/4.
///
/// The rest is exact to about 2⁻⁶⁶ of itself for any double: x is multiplied as a whole number with those bits of 2/π that
/// matter. Source: Payne & Hanek, "Radian reduction for trigonometric functions", SIGNUM Newsletter 18 (1983).
struct ReducedAngle {
    /// Modulo 4.
    let quadrant: Int
    /// The rest as a sum.
    private let high: Double
    private let low: Double

    init(_ x: Double) {
        guard x > Double.pi / 4 else {
            (quadrant, high, low) = (0, x, 0)
            return
        }
        // x = m 2ᵉ with m whole. Bits of 2/π above 2^(1−e) give multiples of four turns' quarters, and drop out.
        let m = x.significandBitPattern | 1 << 52
        let start = 62 + Int(x.exponent) - 52
        let (word, shift) = (start / 64, start % 64)
        func window(_ k: Int) -> UInt64 {
            shift == 0 ? bits[word + k] : bits[word + k] << shift | bits[word + k + 1] >> (64 - shift)
        }
        let (upper, middle) = (m.multipliedFullWidth(by: window(1)), m.multipliedFullWidth(by: window(2)).high)
        let (second, carry) = upper.low.addingReportingOverflow(middle)
        let first = m &* window(0) &+ upper.high &+ (carry ? 1 : 0)
        // Two bits of quarter turns, then their fraction.
        var fraction = (UInt128(first) << 64 | UInt128(second)) << 2
        var quarters = Int(first >> 62)
        let isBelow = fraction >> 127 == 1
        if isBelow {
            fraction = 0 &- fraction
            quarters += 1
        }
        let zeros = fraction.leadingZeroBitCount
        let digits = fraction << UInt128(zeros)
        let leading = UInt64(digits >> 64)
        let unit = Double(sign: isBelow ? .minus : .plus, exponent: -64 - zeros, significand: 1)
        let turn = Double(leading & ~0x7ff) * unit
        let rest = (Double(leading & 0x7ff) + Double(UInt64(truncatingIfNeeded: digits)) * 0x1p-64) * unit
        let product = exactProduct(turn, Double.pi / 2)
        (high, low) = ordered(product.high, product.low + (turn * 0x1.1a62633145c07p-54 + rest * (Double.pi / 2)))
        quadrant = quarters & 3
    }

    /// Of the rest: Taylor's series, whose next term is below 2⁻⁶³.
    var sine: Double {
        let z = high * high
        var series = 1.0 / 355_687_428_096_000
        series = series * z - 1.0 / 1_307_674_368_000
        series = series * z + 1.0 / 6_227_020_800
        series = series * z - 1.0 / 39_916_800
        series = series * z + 1.0 / 362_880
        series = series * z - 1.0 / 5_040
        series = series * z + 1.0 / 120
        series = series * z - 1.0 / 6
        return high + (high * z * series + low * (1 - 0.5 * z))
    }

    /// Of the rest; what 1 − z/2 loses to rounding is put back.
    var cosine: Double {
        let z = high * high
        var series = 1.0 / 20_922_789_888_000
        series = 1.0 / 87_178_291_200 - series * z
        series = 1.0 / 479_001_600 - series * z
        series = 1.0 / 3_628_800 - series * z
        series = 1.0 / 40_320 - series * z
        series = 1.0 / 720 - series * z
        series = 1.0 / 24 - series * z
        let half = 0.5 * z
        let near = 1 - half
        return near + (((1 - near) - half) + (z * z * series - high * low))
    }
}

/// A word of zeros, then the first 1216 bits of 2/π behind the point.
private let bits: [UInt64] = [
    0, 0xa2f9_836e_4e44_1529, 0xfc27_57d1_f534_ddc0, 0xdb62_9599_3c43_9041, 0xfe51_63ab_debb_c561,
    0xb724_6e3a_424d_d2e0, 0x0649_2eea_09d1_921c, 0xfe1d_eb1c_b129_a73e, 0xe882_35f5_2ebb_4484,
    0xe99c_7026_b45f_7e41, 0x3991_d639_8353_39f4, 0x9c84_5f8b_bdf9_283b, 0x1ff8_97ff_de05_980f,
    0xef2f_118b_5a0a_6d1f, 0x6d36_7ecf_27cb_09b7, 0x4f46_3f66_9e5f_ea2d, 0x7527_bac7_ebe5_f17b,
    0x3d07_39f7_8a52_92ea, 0x6bfb_5fb1_1f8d_5d08, 0x5603_3046_fc7b_6bab,
]
