/// base^exponent; errors below 2 ulp where the result is a normal number.
///
/// Whole exponents up to 64 in magnitude give the exact power where a double holds it, and the exponent ½ gives the
/// square root. Zeros, infinities, NaN and negative bases (which need a whole exponent) as in IEEE 754: x⁰ and 1ʸ are 1
/// for any x and y, also NaN.
public func power(_ base: Double, _ exponent: Double) -> Double {
    if exponent == 0 || base == 1 { return 1 }
    guard !base.isNaN, !exponent.isNaN else { return .nan }
    let isWhole = exponent.rounded() == exponent
    if base < 0, base.isFinite, !isWhole { return .nan }
    let isOdd = isWhole && abs(exponent) < 0x1p53 && Int(exponent) & 1 == 1
    let size = positivePower(abs(base), exponent)
    return base.sign == .minus && isOdd ? -size : size
}

private func positivePower(_ base: Double, _ exponent: Double) -> Double {
    if base == 1 { return 1 }
    if base == 0 || !base.isFinite || !exponent.isFinite { return (base > 1) == (exponent > 0) ? .infinity : 0 }
    if exponent == 2 { return base * base }
    if abs(exponent) <= 64, exponent.rounded() == exponent { return wholePower(base, Int(exponent)) }
    if exponent == 0.5 { return base.squareRoot() }
    let (log, rest) = logarithmInTwoParts(base)
    // Far beyond what a double holds; exact products of such numbers would overflow.
    if abs(exponent * log) > 800 { return (exponent > 0) == (log > 0) ? .infinity : 0 }
    let product = exactProduct(exponent, log)
    return exponential(ofSum: product.high, product.low + exponent * rest)
}

/// By repeated squaring in pairs of doubles, so that nothing is rounded before the end.
private func wholePower(_ base: Double, _ exponent: Int) -> Double {
    var result = (high: 1.0, low: 0.0)
    var square = (high: base.significand, low: 0.0)
    var rest = exponent.magnitude
    while true {
        if rest & 1 == 1 { result = product(result, square) }
        rest >>= 1
        if rest == 0 { break }
        square = product(square, square)
    }
    var size = result.high + result.low
    if exponent < 0 {
        let inverse = 1 / result.high
        let back = exactProduct(inverse, result.high)
        size = inverse + inverse * (((1 - back.high) - back.low) - inverse * result.low)
    }
    return Double(sign: .plus, exponent: Int(base.exponent) * exponent, significand: size)
}

private func product(_ a: (high: Double, low: Double), _ b: (high: Double, low: Double)) -> (high: Double, low: Double)
{
    let p = exactProduct(a.high, b.high)
    return ordered(p.high, p.low + (a.high * b.low + a.low * b.high))
}

/// ln x of a positive finite number as a sum, to about 2⁻⁶⁴ of itself: an exponent of 700 magnifies its error as much.
private func logarithmInTwoParts(_ x: Double) -> (high: Double, low: Double) {
    let (exponent, mantissa) = splitAboutOne(x)
    // log m = 2s + 2s³/3 + 2s⁵/5 + … with s = f / (2 + f), f = m − 1 exact, |s| ≤ 0.1716: two terms in pairs of doubles.
    let f = mantissa - 1
    let d = ordered(2, f)
    let s = f / d.high
    let back = exactProduct(s, d.high)
    let sRest = (((f - back.high) - back.low) - s * d.low) / d.high
    let z = exactProduct(s, s)
    let zRest = z.low + 2 * s * sRest
    let cube = exactProduct(2 * s, z.high)
    let third = cube.high / 3
    let thrice = exactProduct(third, 3)
    let thirdRest =
        (((cube.high - thrice.high) - thrice.low) + (cube.low + 2 * (s * zRest + sRest * z.high))) / 3
    var series = 2.0 / 25
    series = series * z.high + 2.0 / 23
    series = series * z.high + 2.0 / 21
    series = series * z.high + 2.0 / 19
    series = series * z.high + 2.0 / 17
    series = series * z.high + 2.0 / 15
    series = series * z.high + 2.0 / 13
    series = series * z.high + 2.0 / 11
    series = series * z.high + 2.0 / 9
    series = series * z.high + 2.0 / 7
    series = series * z.high + 2.0 / 5
    let tail = s * z.high * z.high * series
    // ln 2 in two parts as in `logarithm`.
    let first = exactSum(exponent * 0x1.62e42fee00000p-1, 2 * s)
    let second = exactSum(first.high, third)
    let low = (first.low + second.low) + (2 * sRest + thirdRest)
    return ordered(second.high, low + (exponent * 0x1.a39ef35793c76p-33 + tail))
}
