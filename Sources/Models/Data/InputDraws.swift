import Lanes
import PhaseSpace

/// How the inputs of a Gaussian teacher are drawn.
public enum InputDraws: String, ControlChoice {
    case random
    /// The normal quantiles of a lattice's points, shifted at random for each replica: means over the samples come
    /// near those of the distribution as 1/n, up to logarithms, instead of as 1/√n.
    case lattice
}

/// Points (i/n, iα₁, iα₂ …) + shift modulo 1 of the unit cube as standard normal numbers. The α_k are powers of 1/φ,
/// where φ^d = φ + 1 (with one irrational the golden ratio), which are badly approximated by fractions.
///
/// The shift is uniform, so that means over the points are unbiased and replicas give their error: Cranley &
/// Patterson, SIAM J. Numer. Anal. 13 (1976).
struct ShiftedLattice {
    private let shift: [Double]
    private let steps: [Double]
    private var index = 0

    /// - Parameter dimension: 0 for none, which draws nothing from the stream.
    init(dimension: Int, points: Int, stream: inout RandomStream) {
        let base = Self.base(dimension)
        var power = 1.0
        steps = (0..<dimension).map { k in
            if k == 0 { return 1 / Double(points) }
            power /= base
            return power
        }
        shift = (0..<dimension).map { _ in stream.uniform() }
    }

    /// The root φ > 1 of φ^d = φ + 1, by Newton's method from above: with plain arithmetic it is the same everywhere.
    private static func base(_ dimension: Int) -> Double {
        guard dimension > 1 else { return 1 }
        var x = 2.0
        for _ in 0..<100 {
            var power = 1.0
            for _ in 1..<dimension { power *= x }
            x -= (power * x - x - 1) / (Double(dimension) * power - 1)
        }
        return x
    }

    mutating func next() -> [Double] {
        let i = Double(index)
        index += 1
        return zip(shift, steps).map { shift, step in
            let u = shift + i * step
            return normalQuantile(max(u - u.rounded(.down), 0x1p-53))
        }
    }
}

/// Variances of ill-conditioned inputs.
enum InputSpectrum {
    /// Variances that fall geometrically from the given ones to 1/`conditionNumber` of them, first input first.
    static func variances(_ variances: [Double], conditionNumber: Double) -> [Double] {
        guard conditionNumber != 1, variances.count > 1 else { return variances }
        let last = Double(variances.count - 1)
        return variances.enumerated().map { i, a in
            i + 1 == variances.count ? a / conditionNumber : a * power(conditionNumber, -Double(i) / last)
        }
    }
}
