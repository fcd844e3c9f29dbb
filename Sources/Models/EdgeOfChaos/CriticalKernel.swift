import Lanes

/// The correlation map and the neural tangent kernel of infinitely wide nets of an (a, b)-ReLU at the edge of chaos,
/// without biases; both depend on Δ = b² / (a² + b²) alone.
///
/// Source: Cho & Saul (2009) for ReLU; Hayou et al., arXiv 1902.06853, for the edge of chaos; Terjek & Gonzalez-Sanchez,
/// arXiv 2501.13225, for the tangent kernel's inverse cosine distance law, whose constant is derived here.
public struct CriticalKernel: Sendable, Hashable {
    /// Δ.
    public let asymmetry: Double
    public init(asymmetry: Double) { self.asymmetry = asymmetry }

    /// ρ(c) = c + (2Δ/π)(√(1 − c²) − c acos c).
    public func correlation(after c: Double) -> Double { 1 - distance(after: 1 - c) }

    /// ρ′(c) = 1 − (2Δ/π) acos c.
    public func slope(at c: Double) -> Double { slope(distance: 1 - c) }

    /// The same for d = 1 − c.
    func slope(distance d: Double) -> Double { 1 - 2 * asymmetry / .pi * Self.angle(d) }

    /// 1 − ρ for d = 1 − c: what is left of small distances is not lost to rounding.
    public func distance(after d: Double) -> Double {
        d - 2 * asymmetry / .pi * Self.sineMinusAngle(d)
    }

    /// Distances 1 − c₀, 1 − c₁, … of an input pair through the layers.
    public func distances(from c: Double, layers: Int) -> [Double] {
        var distances = [1 - c]
        for _ in 0..<layers { distances.append(distance(after: distances[distances.count - 1])) }
        return distances
    }

    /// K(x, x′) of a net of L weight matrices whose inputs have correlation c; K(x, x) = L.
    ///
    /// K₁ = c₀, K_k = c_{k−1} + ρ′(c_{k−2}) K_{k−1}.
    public func tangentKernel(correlation c: Double, matrices: Int) -> Double {
        let distances = distances(from: c, layers: matrices)
        var kernel = 1 - distances[0]
        for k in stride(from: 2, through: matrices, by: 1) {
            kernel = 1 - distances[k - 1] + slope(distance: distances[k - 2]) * kernel
        }
        return kernel
    }

    /// lim k²(1 − c_k) = 9π² / (8Δ²).
    public var distanceLimit: Double { 9 * .pi * .pi / (8 * asymmetry * asymmetry) }

    /// lim K(x, x′) √(1 − c_{L−1}) = 3π / (8√2 Δ).
    public var inverseDistanceLimit: Double { 3 * .pi / (8 * 2.0.squareRoot() * asymmetry) }

    /// lim K(x, x′) / K(x, x) for any two different inputs.
    public static let ratioLimit = 0.25

    /// Largest eigenvalue and condition number of (1/n)[K(x_i, x_j)] for infinite depth, per weight matrix: L(¼ + 3/(4n))
    /// and 1 + n/3.
    public static func limits(matrices: Int, samples n: Int) -> (largest: Double, condition: Double) {
        (Double(matrices) * (0.25 + 0.75 / Double(n)), 1 + Double(n) / 3)
    }

    /// acos(1 − d), as twice the angle whose sine is √(d/2).
    private static func angle(_ d: Double) -> Double {
        let half = min(1, max(0, d / 2))
        return 2 * arctangent(half.squareRoot(), (1 - half).squareRoot())
    }

    /// sin θ − θ cos θ for θ = acos(1 − d), by its series where the difference would cancel.
    private static func sineMinusAngle(_ d: Double) -> Double {
        let t = angle(d)
        guard t < 0.1 else { return max(0, d * (2 - d)).squareRoot() - t * (1 - d) }
        let s = t * t
        return t * s * (1.0 / 3 - s * (1.0 / 30 - s * (1.0 / 840 - s / 45360)))
    }
}
