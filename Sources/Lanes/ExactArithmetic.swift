// Sums and products of two doubles without error, as pairs: the first part is the rounded result, the second what rounding
// lost. Source: Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18 (1971).

/// a + b for |a| ≥ |b|.
@inline(__always) func ordered(_ a: Double, _ b: Double) -> (high: Double, low: Double) {
    let sum = a + b
    return (sum, b - (sum - a))
}

/// a + b.
@inline(__always) func exactSum(_ a: Double, _ b: Double) -> (high: Double, low: Double) {
    let sum = a + b
    let part = sum - a
    return (sum, (a - (sum - part)) + (b - part))
}

/// a · b, for factors below 2⁹⁹⁶ whose product neither overflows nor comes near the denormal numbers.
@inline(__always) func exactProduct(_ a: Double, _ b: Double) -> (high: Double, low: Double) {
    let product = a * b
    let (x, y) = (halves(a), halves(b))
    let low = ((x.high * y.high - product) + x.high * y.low + x.low * y.high) + x.low * y.low
    return (product, low)
}

/// The leading 26 bits and the rest.
@inline(__always) private func halves(_ a: Double) -> (high: Double, low: Double) {
    let shifted = a * 0x1.0000002p27
    let high = shifted - (shifted - a)
    return (high, a - high)
}
