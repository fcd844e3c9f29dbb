// Interpolants at Chebyshev nodes, within a few per cent of the best polynomials of their degree.
extension FloatLanes {
    /// N of tanh x = (x + x u N) / D for |x| ≤ 0.15625, in u = x².
    @inline(__always) static func tanhNumerator(_ u: Self) -> Self {
        Self(0x1.10e0580000000p-4)
    }

    /// D of `tanhNumerator`.
    @inline(__always) static func tanhDenominator(_ u: Self) -> Self {
        var sum = Self(0x1.998d680000000p-2)
        sum = .fma(sum, u, Self(0x1.0000000000000p+0))
        return sum
    }

    /// (exp r − 1 − r) / r² for |r| up to half a step of the table of powers.
    @inline(__always) static func expSeries(_ r: Self) -> Self {
        var sum = Self(0x1.5555960000000p-3)
        sum = .fma(sum, r, Self(0x1.0000520000000p-1))
        return sum
    }

    /// (artanh z / z − 1) / z² for z ≤ 1/3, in v = z².
    @inline(__always) static func artanhSeries(_ v: Self) -> Self {
        var sum = Self(0x1.12f5980000000p-3)
        sum = .fma(sum, v, Self(0x1.21249a0000000p-3))
        sum = .fma(sum, v, Self(0x1.99ad6c0000000p-3))
        sum = .fma(sum, v, Self(0x1.55554c0000000p-2))
        return sum
    }

    /// erf x / x for |x| ≤ 3/4, in u = x².
    @inline(__always) static func erfSeries(_ u: Self) -> Self {
        var sum = Self(-0x1.623bf00000000p-11)
        sum = .fma(sum, u, Self(0x1.4f3d080000000p-8))
        sum = .fma(sum, u, Self(-0x1.b7aaa00000000p-6))
        sum = .fma(sum, u, Self(0x1.ce2ae20000000p-4))
        sum = .fma(sum, u, Self(-0x1.81273a0000000p-2))
        sum = .fma(sum, u, Self(0x1.20dd740000000p+0))
        return sum
    }

    /// exp(a²) erfc(a) (a + 3) for 3/4 ≤ a ≤ 12, in t = (a − 3) / (a + 3).
    @inline(__always) static func tailSeries(_ t: Self) -> Self {
        var sum = Self(-0x1.07ea3e0000000p-12)
        sum = .fma(sum, t, Self(-0x1.e2632a0000000p-12))
        sum = .fma(sum, t, Self(0x1.8cac580000000p-9))
        sum = .fma(sum, t, Self(-0x1.44e6620000000p-10))
        sum = .fma(sum, t, Self(-0x1.b7857c0000000p-6))
        sum = .fma(sum, t, Self(0x1.e999880000000p-4))
        sum = .fma(sum, t, Self(-0x1.3deb240000000p-2))
        sum = .fma(sum, t, Self(0x1.2e32640000000p-1))
        sum = .fma(sum, t, Self(-0x1.c44c480000000p-1))
        sum = .fma(sum, t, Self(0x1.12f21e0000000p+0))
        return sum
    }
}
