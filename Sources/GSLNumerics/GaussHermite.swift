import CGSL

/// Nodes and weights of the Gauss–Hermite rule for the mean over a standard normal number: exact for polynomials of
/// degree 2 · order − 1. Nodes rise, weights add up to 1, and both are symmetric about 0 to the bit.
///
/// Nodes are GSL's, from plain arithmetic and square roots; weights are 1/Σ h_k(x)² with the orthonormal polynomials h_0
/// … h_{order−1}, since GSL's own come through the C library's Γ function and its last bits.
/// - Throws: `GSLError.invalidInput` for an order below 1.
public func gaussHermite(order: Int) throws -> (nodes: [Double], weights: [Double]) {
    GSL.enter()
    guard order >= 1 else { throw GSLError.invalidInput("a quadrature rule has at least one node, not \(order)") }
    let workspace = try GSL.allocated(
        gsl_integration_fixed_alloc(cgsl_integration_fixed_hermite(), order, 0, 0.5, 0, 0),
        "gsl_integration_fixed_alloc")
    defer { gsl_integration_fixed_free(workspace) }
    let x = gsl_integration_fixed_nodes(workspace)!
    let raw = (0..<order).map { x[$0] }.sorted()
    let nodes = raw.indices.map { (raw[$0] - raw[order - 1 - $0]) / 2 }
    let weights = nodes.map { weight(at: $0, order: order) }
    let total = weights.reduce(0, +)
    return (nodes, weights.map { $0 / total })
}

private func weight(at x: Double, order: Int) -> Double {
    var (before, here, sum) = (0.0, 1.0, 1.0)
    for k in 1..<max(order, 1) {
        let next = (x * here - Double(k - 1).squareRoot() * before) / Double(k).squareRoot()
        (before, here) = (here, next)
        sum += next * next
        // Far out in rules of many nodes: nothing of the mean lies there, and polynomials would overflow.
        if sum > 1e290 { return 0 }
    }
    return 1 / sum
}
