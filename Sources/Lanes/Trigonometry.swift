/// Sine; errors below 1 ulp for any finite argument, odd to the bit. Infinities and NaN give NaN.
public func sine(_ x: Double) -> Double {
    guard x.isFinite, x != 0 else { return x.isFinite ? x : .nan }
    let angle = ReducedAngle(abs(x))
    let size = angle.quadrant & 1 == 0 ? angle.sine : angle.cosine
    return (angle.quadrant & 2 == 0) == (x > 0) ? size : -size
}

/// Cosine; errors below 1 ulp for any finite argument, even to the bit. Infinities and NaN give NaN.
public func cosine(_ x: Double) -> Double {
    guard x.isFinite else { return .nan }
    let angle = ReducedAngle(abs(x))
    let size = angle.quadrant & 1 == 0 ? angle.cosine : angle.sine
    return (angle.quadrant + 1) & 2 == 0 ? size : -size
}

/// The angle of the point (x, y) from the positive x axis, in [−π, π]; errors below 2.5 ulp where it is a normal number,
/// odd in y to the bit.
///
/// Signed zeros and infinities as in IEEE 754: y = +0 and x < 0 give π, two infinities ±π/4 or ±3π/4. NaN gives NaN.
public func arctangent(_ y: Double, _ x: Double) -> Double {
    guard !x.isNaN, !y.isNaN else { return .nan }
    let (a, b) = (abs(y), abs(x))
    let angle: Double
    if a <= b {
        // Also two zeros and two infinities, whose quotients are not numbers.
        let slope = a == b ? (a == 0 ? 0 : 1) : a / b
        let (high, low) = arctangentInTwoParts(slope)
        angle = x.sign == .minus ? Double.pi - (high + (low - 0x1.1a62633145c07p-53)) : high + low
    } else {
        let (high, low) = arctangentInTwoParts(b / a)
        let rest = 0x1.1a62633145c07p-54
        angle = x.sign == .minus ? Double.pi / 2 + (high + (low + rest)) : Double.pi / 2 - (high + (low - rest))
    }
    return y.sign == .minus ? -angle : angle
}

/// Arcsine; errors below 3 ulp, odd to the bit. NaN outside [−1, 1].
public func arcsine(_ x: Double) -> Double {
    guard abs(x) <= 1 else { return .nan }
    return arctangent(x, ((1 - x) * (1 + x)).squareRoot())
}

/// arctan t for 0 ≤ t ≤ 1 as a sum: that of the nearest of nine nodes k/8, and the series of what is left, below 1/16.
private func arctangentInTwoParts(_ t: Double) -> (high: Double, low: Double) {
    let k = (8 * t).rounded()
    let node = nodes[Int(k)]
    let u = k == 0 ? t : (t - k / 8) / (1 + t * (k / 8))
    let z = u * u
    // The next term, u¹⁷/17, is below 2⁻⁶⁸ of the first.
    var series = 1.0 / 15
    series = 1.0 / 13 - series * z
    series = 1.0 / 11 - series * z
    series = 1.0 / 9 - series * z
    series = 1.0 / 7 - series * z
    series = 1.0 / 5 - series * z
    series = 1.0 / 3 - series * z
    let rest = u * z * series
    return k == 0 ? (u, -rest) : (node.high, (node.low - rest) + u)
}

/// arctan(k/8) in two parts.
private let nodes: [(high: Double, low: Double)] = [
    (0, 0), (0x1.fd5ba9aac2f6ep-4, -0x1.cd37686760c17p-59), (0x1.f5b75f92c80ddp-3, 0x1.8ab6e3cf7afbdp-57),
    (0x1.6f61941e4def1p-2, -0x1.c63aae6f6e918p-56), (0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56),
    (0x1.1e00babdefeb4p-1, -0x1.928df287a668fp-58), (0x1.4978fa3269ee1p-1, 0x1.2419a87f2a458p-56),
    (0x1.700a7c5784634p-1, -0x1.8c34d25aadef6p-56), (0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55),
]
