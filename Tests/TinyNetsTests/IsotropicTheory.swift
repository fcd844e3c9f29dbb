import Foundation

/// The exact ordered branch of a deep linear net on isotropic inputs: equal widths, decays and noises.
///
/// With α = κ a, κ = (1 + σ²/width)^D and q = ‖E[x y]‖²: α B^{2D} − √q B^{D−1} + γ = 0 and t = B², each layer's squared
/// norm.
struct IsotropicTheory {
    let depth: Double
    let alpha: Double
    let q: Double
    let target: Double

    init(depth: Int, width: Int, a: Double, q: Double, noise: Double, target: Double) {
        self.depth = Double(depth)
        alpha = a * pow(1 + noise / Double(width), Double(depth))
        self.q = q
        self.target = target
    }

    /// Where the zero net takes over.
    var transition: Double {
        if depth == 1 { return q.squareRoot() }
        return pow(q / (depth * depth), depth / (depth + 1)) * pow((depth - 1) / alpha, (depth - 1) / (depth + 1))
    }
    /// Where the ordered branch ends.
    var spinodal: Double { transition * (depth + 1) / pow(4, depth / (depth + 1)) }

    /// t on the ordered branch, by bisection between the spinodal's B and the largest possible.
    func layerNorm(_ gamma: Double) -> Double {
        func excess(_ b: Double) -> Double { alpha * pow(b, 2 * depth) - q.squareRoot() * pow(b, depth - 1) + gamma }
        if depth == 1 { return (q.squareRoot() - gamma) / alpha }
        var high = pow(q.squareRoot() / alpha, 1 / (depth + 1))
        // The minimum of the excess over B.
        var low = pow((depth - 1) * q.squareRoot() / (2 * depth * alpha), 1 / (depth + 1))
        for _ in 0..<200 {
            let middle = 0.5 * (low + high)
            if excess(middle) > 0 { high = middle } else { low = middle }
        }
        let b = 0.5 * (low + high)
        return b * b
    }
    func loss(_ gamma: Double) -> Double {
        let t = layerNorm(gamma)
        return target + depth * gamma * t - q * pow(t, depth) / (alpha * pow(t, depth) + gamma)
    }
    func squaredNorm(_ gamma: Double) -> Double { (depth + 1) * layerNorm(gamma) }
    func curvature(_ gamma: Double) -> Double {
        let t = layerNorm(gamma)
        let mu = gamma / pow(t, depth)
        let r = mu / (alpha + mu)
        return -2 * (t / gamma) * r / (1 - 2 * depth * r / (depth + 1))
    }
}
