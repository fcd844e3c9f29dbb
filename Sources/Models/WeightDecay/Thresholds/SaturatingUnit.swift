import Kernels
import Lanes

/// An odd unit φ with φ(h) = c h − ψ(h), where ψ is convex above 0 and saturates |φ| at 1: tanh h, or erf(h/√2).
enum SaturatingUnit: Sendable {
    case tanh, erf

    /// c = φ'(0).
    var slope: Double {
        switch self {
        case .tanh: 1
        case .erf: (2 / Double.pi).squareRoot()
        }
    }

    /// sup |ψ''(h)/h|, at 0.
    var bend: Double {
        switch self {
        case .tanh: 2
        case .erf: slope
        }
    }

    /// sup |ψ''|: at tanh² h = 1/3, and at h = 1.
    var curvature: Double {
        switch self {
        case .tanh: 4 / (3 * 3.0.squareRoot())
        case .erf: slope * exponential(-0.5)
        }
    }

    /// φ of many numbers.
    func values(_ h: [Double]) -> [Double] {
        switch self {
        case .tanh: h.map(hyperbolicTangent)
        case .erf: ElementaryFunction.erf(h.map { $0 / 2.0.squareRoot() })
        }
    }

    /// φ'(h), φ(h) being known.
    func derivative(_ h: Double, value: Double) -> Double {
        switch self {
        case .tanh: (1 - value) * (1 + value)
        case .erf: slope * exponential(-h * h / 2)
        }
    }

    /// Λ(z) = ψ(√z)/z^(3/2) and M(z) = ψ'(√z)/z of many z; both fall convexly with z.
    func deficits(_ z: [Double]) -> [(value: Double, slope: Double)] {
        zip(z, values(z.map { $0.squareRoot() })).map(deficit)
    }

    private func deficit(_ z: Double, _ value: Double) -> (value: Double, slope: Double) {
        // For small z differences lose digits; the series' next terms are 1e-12 of their sums.
        let isSmall = z < 0.0025
        let h = z.squareRoot()
        switch self {
        case .tanh:
            if isSmall {
                let series = 1 / 3.0 - z * (2 / 15.0 - z * (17 / 315.0 - z * (62 / 2835.0 - z * (1382 / 155925.0))))
                return (series, z > 0 ? (value / h) * (value / h) : 1)
            }
            return ((h - value) / (z * h), value * value / z)
        case .erf:
            if isSmall {
                let series = 1 / 6.0 - z * (1 / 40.0 - z * (1 / 336.0 - z * (1 / 3456.0 - z / 42240.0)))
                let slopes = 1 / 2.0 - z * (1 / 8.0 - z * (1 / 48.0 - z * (1 / 384.0 - z / 3840.0)))
                return (slope * series, slope * slopes)
            }
            return ((slope * h - value) / (z * h), slope * (1 - exponential(-z / 2)) / z)
        }
    }
}
