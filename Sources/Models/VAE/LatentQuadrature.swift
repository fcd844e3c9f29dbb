import GSLNumerics

/// A product rule of Gauss and Hermite for the noise of a few latent variables, in registers of eight nodes.
///
/// The mean over m nodes per latent variable is exact for polynomials of degree 2m − 1 in each; for tanh its error falls
/// exponentially with √m. Nodes come in pairs ±ε of equal weight.
struct LatentQuadrature: Sendable {
    let latent: Int
    /// Nodes of one latent variable.
    let order: Int
    /// ε of each latent variable in turn: latent × registers.
    let nodes: [SIMD8<Double>]
    /// Zero beyond the last node.
    let weights: [SIMD8<Double>]
    var registers: Int { weights.count }

    init(latent: Int, order: Int) throws {
        let rule = try gaussHermite(order: order)
        self.latent = latent
        self.order = order
        let count = (0..<latent).reduce(1) { product, _ in product * order }
        let registers = (count + 7) / 8
        var nodes = [SIMD8<Double>](repeating: .zero, count: latent * registers)
        var weights = [SIMD8<Double>](repeating: .zero, count: registers)
        for index in 0..<count {
            var (rest, weight) = (index, 1.0)
            for a in 0..<latent {
                nodes[a * registers + index / 8][index % 8] = rule.nodes[rest % order]
                weight *= rule.weights[rest % order]
                rest /= order
            }
            weights[index / 8][index % 8] = weight
        }
        self.nodes = nodes
        self.weights = weights
    }
}
