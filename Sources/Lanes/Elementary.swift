// Elementary functions from +, −, ×, ÷ alone, in a fixed order: the same bits on every machine, where the C library's
// variants differ. Within a few ulp of the exact value.

/// Natural logarithm of a positive normal number; errors below 2 ulp.
///
/// 0 gives −∞, negative numbers and NaN give NaN, +∞ gives +∞.
public func logarithm(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return x == 0 ? -.infinity : (x == .infinity ? x : .nan) }
    let (exponent, mantissa) = splitAboutOne(x)
    // log m = 2 artanh(f / (2 + f)) with f = m − 1 exact; |s| ≤ 0.1716, so that s²³ / 23 is below half an ulp.
    let f = mantissa - 1
    let s = f / (2 + f)
    let z = s * s
    var series = 1.0 / 21
    series = series * z + 1.0 / 19
    series = series * z + 1.0 / 17
    series = series * z + 1.0 / 15
    series = series * z + 1.0 / 13
    series = series * z + 1.0 / 11
    series = series * z + 1.0 / 9
    series = series * z + 1.0 / 7
    series = series * z + 1.0 / 5
    series = series * z + 1.0 / 3
    // f − s (f − 2 z series) keeps the leading term exact near 1.
    let correction = s * (f - 2 * z * series)
    // ln 2 in two parts; the high one has 20 trailing zero bits, so its product with the exponent is exact.
    return exponent * 0x1.62e42fee00000p-1 + (f - (correction - exponent * 0x1.a39ef35793c76p-33))
}

/// log(1 + x); errors below 3 ulp, also where 1 + x rounds x away.
///
/// −1 gives −∞, numbers below −1 and NaN give NaN, +∞ gives +∞.
public func logarithmOnePlus(_ x: Double) -> Double {
    let sum = 1 + x
    guard sum > 0, sum.isFinite, sum != 1 else { return sum == 1 ? x : logarithm(sum) }
    // What the sum's rounding lost, exactly.
    let lost = abs(x) < 1 ? x - (sum - 1) : 1 - (sum - x)
    return logarithm(sum) + lost / sum
}

/// x = m 2^e of a positive normal number with m between √½ and √2, where logarithms are small.
@inline(__always)
func splitAboutOne(_ x: Double) -> (exponent: Double, mantissa: Double) {
    let exponent = Double(x.exponent)
    let mantissa = x.significand
    return mantissa > 1.4142135623730951 ? (exponent + 1, mantissa * 0.5) : (exponent, mantissa)
}

/// Exponential function; errors below 2 ulp. Overflows to +∞ above 709.78 and underflows to 0 below −745.
public func exponential(_ x: Double) -> Double { exponential(ofSum: x, 0) }

/// e^(x + rest) for a rest of the size of x's last place.
func exponential(ofSum x: Double, _ rest: Double) -> Double {
    guard x == x else { return x }
    if x > 709.782712893384 { return .infinity }
    if x < -745.2 { return 0 }
    let k = (x * 1.4426950408889634).rounded()
    let r = ((x - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33) + rest
    let half = Int(k) / 2
    let scale = Double(sign: .plus, exponent: half, significand: 1)
    return ((1 + exponentialMinusOneSeries(r)) * scale) * Double(sign: .plus, exponent: Int(k) - half, significand: 1)
}

/// Hyperbolic tangent; errors below 4 ulp, odd to the bit.
public func hyperbolicTangent(_ x: Double) -> Double {
    let a = abs(x)
    if !(a < 20) { return x.isNaN ? x : (x < 0 ? -1 : 1) }
    // tanh a = m / (m + 2) with m = exp(2 a) − 1, which keeps small arguments exact.
    let m = exponentialMinusOne(2 * a)
    let t = m / (m + 2)
    return x < 0 ? -t : t
}

/// exp(x) − 1 for 0 ≤ x < 700 without cancellation.
private func exponentialMinusOne(_ x: Double) -> Double {
    let k = (x * 1.4426950408889634).rounded()
    let r = (x - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33
    let p = exponentialMinusOneSeries(r)
    let scale = Double(sign: .plus, exponent: Int(k), significand: 1)
    return scale * p + (scale - 1)
}

/// exp(r) − 1 for |r| ≤ ln 2 / 2: the Taylor series to r¹⁴ / 14!, which leaves less than 1e-17 of the leading term.
private func exponentialMinusOneSeries(_ r: Double) -> Double {
    var series = 1.0 / 87_178_291_200
    series = series * r + 1.0 / 6_227_020_800
    series = series * r + 1.0 / 479_001_600
    series = series * r + 1.0 / 39_916_800
    series = series * r + 1.0 / 3_628_800
    series = series * r + 1.0 / 362_880
    series = series * r + 1.0 / 40_320
    series = series * r + 1.0 / 5_040
    series = series * r + 1.0 / 720
    series = series * r + 1.0 / 120
    series = series * r + 1.0 / 24
    series = series * r + 1.0 / 6
    series = series * r + 0.5
    return r + r * r * series
}
