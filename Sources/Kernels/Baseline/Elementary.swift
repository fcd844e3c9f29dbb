/// Elementary functions in lanes, from correctly rounded operations in a fixed order: every build gives the same bits.
/// Bounds in units of the last place, over the whole range, where results are not denormal; infinities and NaN go
/// through as limits.
enum Elementary<V: RealLanes> {
    /// e^x; 1.5 ulp.
    @inline(__always) static func exp(_ x: V) -> V {
        expDifference(x, V(0))
    }

    /// e^(x − y) for a y of the size of x's last place.
    @inline(__always) private static func expDifference(_ x: V, _ y: V) -> V {
        let bounded = V.min(V(V.expOverflow), V.max(V(V.expUnderflow), x))
        let offset = V(V.roundingOffset)
        let shifted = V.fma(bounded, V(V.expStepsPerUnit), offset)
        let k = shifted - offset
        let near = V.nfma(k, V(V.expStepHigh), bounded)
        let r = V.nfma(k, V(V.expStepLow), near) - y
        let p = V.fma(r * r, V.expSeries(r), r)
        let node = V.expNode(shifted.bits)
        // Two factors, because 2ⁿ alone overflows before e^x does, and so that a denormal result is rounded once.
        let n = V.shiftRight(V.minus(shifted.bits, offset.bits), V.expTableBits)
        let half = V.shiftRight(n, 1)
        return V.fma(node, p, node) * V.powerOfTwo(half) * V.powerOfTwo(V.minus(n, half))
    }

    /// tanh x by the addition theorem: (T + t) / (1 + T t) with T from a table and t = tanh of the rest as a quotient of
    /// polynomials, in one division; 3 ulp, odd to the bit.
    @inline(__always) static func tanh(_ x: V) -> V {
        // At 31 steps the table has reached 1.
        let a = V.min(V(31 * V.tanhStep), x.magnitude)
        let offset = V(V.roundingOffset)
        let shifted = V.fma(a, V(1 / V.tanhStep), offset)
        let rest = V.nfma(shifted - offset, V(V.tanhStep), a)
        let u = rest * rest
        let odd = V.fma(rest * u, V.tanhNumerator(u), rest)
        let even = V.tanhDenominator(u)
        let node = V.tanhNode(shifted.bits)
        return (V.fma(node, even, odd) / V.fma(node, odd, even)).signed(like: x)
    }

    /// 1 / (1 + e^−x) and its complement 1 / (1 + e^x); 3 ulp.
    @inline(__always) static func logistic(_ x: V) -> (value: V, complement: V) {
        let small = exp(V(0) - x.magnitude)
        let sum = V(1) + small
        let high = V(1) / sum
        let low = small / sum
        return (V.select(x, less: V(0), low, high), V.select(x, less: V(0), high, low))
    }

    /// log(1 + e^x); 4 ulp.
    @inline(__always) static func softplus(_ x: V) -> V {
        let small = exp(V(0) - x.magnitude)
        return V.max(V(0), x) + logOnePlus(small)
    }

    /// log(1 + e) for 0 ≤ e ≤ 1 as 2 artanh(e / (2 + e)); 2 ulp.
    @inline(__always) private static func logOnePlus(_ e: V) -> V {
        let z = e / (V(2) + e)
        let v = z * z
        let twice = z + z
        return V.fma(twice * v, V.artanhSeries(v), twice)
    }

    /// erf x; 3 ulp, odd to the bit.
    @inline(__always) static func erf(_ x: V) -> V {
        let a = x.magnitude
        return errorParts(a, gaussian(a)).erf.signed(like: x)
    }

    /// exp(−x²); 1.5 ulp.
    @inline(__always) static func gaussian(_ x: V) -> V {
        let bounded = V.min(V(V.tailEnd), x.magnitude)
        let square = bounded * bounded
        // What the square's rounding lost would otherwise be magnified by the square itself.
        let lost = V.fma(bounded, bounded, V(0) - square)
        return expDifference(V(0) - square, lost)
    }

    /// erf a and erfc a for a ≥ 0, given e^(−a²).
    @inline(__always) private static func errorParts(_ a: V, _ gaussian: V) -> (erf: V, erfc: V) {
        let u = a * a
        let small = a * V.erfSeries(V.min(V(0.5625), u))
        let bounded = V.min(V(V.tailEnd), a)
        let reciprocal = V(1) / (bounded + V(V.tailCentre))
        let t = (bounded - V(V.tailCentre)) * reciprocal
        let tail = gaussian * (reciprocal * V.tailSeries(t))
        let one = V(1)
        let split = V(0.75)
        return (V.select(split, less: a, one - tail, small), V.select(split, less: a, tail, one - small))
    }

    /// Of the normal distribution: erf(x / √2), Φ(x) and the density φ(x). Relative errors below 8 ulp, also of the lower
    /// tail.
    @inline(__always) static func normal(_ x: V) -> (erf: V, cumulative: V, density: V) {
        let a = x.magnitude * V(0.707106781186547524)
        let half = V(0.5)
        let bounded = V.min(V(V.tailEnd * 1.4142135623730951), x.magnitude)
        let square = bounded * bounded
        let lost = V.fma(bounded, bounded, V(0) - square)
        let gaussian = expDifference(V(0) - half * square, half * lost)
        let parts = errorParts(a, gaussian)
        let tail = half * parts.erfc
        let cumulative = V.select(x, less: V(0), tail, V.fma(half, parts.erf, half))
        return (parts.erf.signed(like: x), cumulative, gaussian * V(0.398942280401432678))
    }
}
