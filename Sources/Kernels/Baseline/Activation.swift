import CLanes

/// The activations by the numbers of `cl_pack.activation`.
enum UnitKind {
    static let linear = 0
    static let tanh = 1
    static let relu = 2
}

/// Value, first and second derivative of an activation.
///
/// ReLU is rounded to (h + √(h² + ε²) − ε) / 2, which is exact for ε = 0; the slope at the true kink is 0.
@inline(__always)
func activate(
    _ kind: Int, _ h: LaneVector, _ smoothing: LaneVector
) -> (value: LaneVector, slope: LaneVector, bend: LaneVector) {
    let zero = LaneVector(0)
    let one = LaneVector(1)
    switch kind {
    case UnitKind.tanh:
        let t = hyperbolicTangent(h)
        let slope = LaneVector.fma(-t, t, one)
        return (t, slope, LaneVector(-2) * t * slope)
    case UnitKind.relu:
        let half = LaneVector(0.5)
        let square = smoothing * smoothing
        let root = LaneVector.fma(h, h, square).squareRoot
        let value = half * ((h + root) - smoothing)
        let slope = LaneVector.select(root, lessOrEqual: zero, zero, half * (one + h / root))
        let bend = LaneVector.select(root, lessOrEqual: zero, zero, half * square / (root * root * root))
        return (value, slope, bend)
    default: return (h, one, zero)
    }
}

/// tanh a = m / (m + 2) with m = exp(2 a) − 1; errors below 4 ulp, odd to the bit.
@inline(__always)
func hyperbolicTangent(_ x: LaneVector) -> LaneVector {
    let limit = LaneVector(20)
    let magnitude = x.magnitude
    // Beyond 20 the value rounds to 1.
    let a = LaneVector.select(magnitude, lessOrEqual: limit, magnitude, limit)
    let y = a + a
    // Adding 1.5 · 2⁵² rounds to the nearest integer.
    let magic = LaneVector(0x1.8p52)
    let k = .fma(y, LaneVector(1.4426950408889634), magic) - magic
    let r = LaneVector.fma(k, LaneVector(-0x1.a39ef35793c76p-33), .fma(k, LaneVector(-0x1.62e42fee00000p-1), y))
    var series = LaneVector(1.0 / 87_178_291_200)
    series = .fma(series, r, LaneVector(1.0 / 6_227_020_800))
    series = .fma(series, r, LaneVector(1.0 / 479_001_600))
    series = .fma(series, r, LaneVector(1.0 / 39_916_800))
    series = .fma(series, r, LaneVector(1.0 / 3_628_800))
    series = .fma(series, r, LaneVector(1.0 / 362_880))
    series = .fma(series, r, LaneVector(1.0 / 40_320))
    series = .fma(series, r, LaneVector(1.0 / 5_040))
    series = .fma(series, r, LaneVector(1.0 / 720))
    series = .fma(series, r, LaneVector(1.0 / 120))
    series = .fma(series, r, LaneVector(1.0 / 24))
    series = .fma(series, r, LaneVector(1.0 / 6))
    series = .fma(series, r, LaneVector(0.5))
    let p = LaneVector.fma(r * r, series, r)
    let scale = k.powerOfTwo
    let m = LaneVector.fma(scale, p, scale - LaneVector(1))
    return (m / (m + LaneVector(2))).withSign(of: x)
}
