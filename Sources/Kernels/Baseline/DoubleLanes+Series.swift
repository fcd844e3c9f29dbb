// Interpolants at Chebyshev nodes, within a few per cent of the best polynomials of their degree.
extension DoubleLanes {
    /// N of tanh x = (x + x u N) / D for |x| ≤ 0.3125, in u = x².
    @inline(__always) static func tanhNumerator(_ u: Self) -> Self {
        var sum = Self(0x1.0893a0aa20b40p-9)
        sum = .fma(sum, u, Self(0x1.f06a086e65cffp-4))
        return sum
    }

    /// D of `tanhNumerator`.
    @inline(__always) static func tanhDenominator(_ u: Self) -> Self {
        var sum = Self(0x1.92cde6eb69d30p-14)
        sum = .fma(sum, u, Self(0x1.4ade6891b5869p-6))
        sum = .fma(sum, u, Self(0x1.d16fd770eec95p-2))
        sum = .fma(sum, u, Self(0x1.0000000000000p+0))
        return sum
    }

    /// (exp r − 1 − r) / r² for |r| up to half a step of the table of powers.
    @inline(__always) static func expSeries(_ r: Self) -> Self {
        var sum = Self(0x1.6c17bb51f236dp-10)
        sum = .fma(sum, r, Self(0x1.11120af701debp-7))
        sum = .fma(sum, r, Self(0x1.55555555194d2p-5))
        sum = .fma(sum, r, Self(0x1.55555554dd44dp-3))
        sum = .fma(sum, r, Self(0x1.0000000000000p-1))
        return sum
    }

    /// (artanh z / z − 1) / z² for z ≤ 1/3, in v = z².
    @inline(__always) static func artanhSeries(_ v: Self) -> Self {
        var sum = Self(0x1.4b0a26c5f2aefp-4)
        sum = .fma(sum, v, Self(0x1.687a6e7c95176p-5))
        sum = .fma(sum, v, Self(0x1.eb905e8575054p-5))
        sum = .fma(sum, v, Self(0x1.10ac75dc602b1p-4))
        sum = .fma(sum, v, Self(0x1.3b18b294bebf9p-4))
        sum = .fma(sum, v, Self(0x1.745cf0b0e03bdp-4))
        sum = .fma(sum, v, Self(0x1.c71c727143318p-4))
        sum = .fma(sum, v, Self(0x1.24924923d44c6p-3))
        sum = .fma(sum, v, Self(0x1.999999999a3ddp-3))
        sum = .fma(sum, v, Self(0x1.5555555555555p-2))
        return sum
    }

    /// erf x / x for |x| ≤ 3/4, in u = x².
    @inline(__always) static func erfSeries(_ u: Self) -> Self {
        var sum = Self(0x1.8a312cb07e6ccp-27)
        sum = .fma(sum, u, Self(-0x1.564f71bbc0d35p-23))
        sum = .fma(sum, u, Self(0x1.b90ecd4aeec12p-20))
        sum = .fma(sum, u, Self(-0x1.f4c5debf1228ap-17))
        sum = .fma(sum, u, Self(0x1.f9a2afa3a8f86p-14))
        sum = .fma(sum, u, Self(-0x1.c02db1220cfe6p-11))
        sum = .fma(sum, u, Self(0x1.565bcd03657c0p-8))
        sum = .fma(sum, u, Self(-0x1.b82ce31257412p-6))
        sum = .fma(sum, u, Self(0x1.ce2f21a0424c3p-4))
        sum = .fma(sum, u, Self(-0x1.812746b0379e0p-2))
        sum = .fma(sum, u, Self(0x1.20dd750429b6dp+0))
        return sum
    }

    /// exp(a²) erfc(a) (a + 4) for 3/4 ≤ a ≤ 28, in t = (a − 4) / (a + 4).
    @inline(__always) static func tailSeries(_ t: Self) -> Self {
        var sum = Self(-0x1.9b49154328a24p-27)
        sum = .fma(sum, t, Self(0x1.6215dfdb147d1p-30))
        sum = .fma(sum, t, Self(0x1.ff65bdd49f4a4p-24))
        sum = .fma(sum, t, Self(-0x1.46c3f81a0a87dp-24))
        sum = .fma(sum, t, Self(-0x1.c4205d02ee30bp-21))
        sum = .fma(sum, t, Self(0x1.7e69692c9c0afp-20))
        sum = .fma(sum, t, Self(0x1.3ae7db077730ap-18))
        sum = .fma(sum, t, Self(-0x1.3c6fa93c77025p-16))
        sum = .fma(sum, t, Self(-0x1.e7d30dcb30b09p-19))
        sum = .fma(sum, t, Self(0x1.72cdafc8c4575p-13))
        sum = .fma(sum, t, Self(-0x1.dd284e4cfcd93p-12))
        sum = .fma(sum, t, Self(-0x1.269b52de94acep-12))
        sum = .fma(sum, t, Self(0x1.908f47368fd6cp-8))
        sum = .fma(sum, t, Self(-0x1.b00c052be5694p-6))
        sum = .fma(sum, t, Self(0x1.38dbd2c8cd1a1p-4))
        sum = .fma(sum, t, Self(-0x1.645fd8a4bca91p-3))
        sum = .fma(sum, t, Self(0x1.52cac23710466p-2))
        sum = .fma(sum, t, Self(-0x1.14eacb1ad032bp-1))
        sum = .fma(sum, t, Self(0x1.8be202d26c700p-1))
        sum = .fma(sum, t, Self(-0x1.f3fe31ecb49bfp-1))
        sum = .fma(sum, t, Self(0x1.18932bf08e154p+0))
        return sum
    }
}
