/// √(x² + y²), without overflow or underflow on the way. Not-a-number where one of them is.
public func hypotenuse(_ x: Double, _ y: Double) -> Double {
    guard !x.isNaN, !y.isNaN else { return .nan }
    let (large, small) = (max(abs(x), abs(y)), min(abs(x), abs(y)))
    guard large > 0, large.isFinite else { return large }
    let ratio = small / large
    return large * (1 + ratio * ratio).squareRoot()
}

/// 10 to a whole power, correctly rounded: as the decimal is read.
public func powerOfTen(_ exponent: Int) -> Double {
    exponent > 308 ? .infinity : exponent < -324 ? 0 : Double("1e\(exponent)") ?? 0
}

/// The e for which 10^e ≤ |x| < 10^(e + 1); nil for zero and what is not finite.
public func decimalExponent(_ x: Double) -> Int? {
    guard x != 0, x.isFinite else { return nil }
    let size = abs(x)
    // log₁₀2 = 0.30103: at most one off.
    var exponent = Int((Double(size.exponent) * 0.301_029_995_663_981_2).rounded(.down))
    while powerOfTen(exponent) > size { exponent -= 1 }
    while powerOfTen(exponent + 1) <= size { exponent += 1 }
    return exponent
}
