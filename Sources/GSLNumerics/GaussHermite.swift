import CGSL

/// Nodes and weights of the Gauss–Hermite rule for the mean over a standard normal number: exact for polynomials of
/// degree 2 · order − 1. Nodes rise, weights add up to 1, and both are symmetric about 0 to the bit.
///
/// GSL takes plain arithmetic, square roots and one common factor of the weights, Γ(½) √2, from the C library; with glibc
/// it has the same bits on every processor.
/// - Throws: `GSLError.invalidInput` for an order below 1.
public func gaussHermite(order: Int) throws -> (nodes: [Double], weights: [Double]) {
    GSL.enter()
    guard order >= 1 else { throw GSLError.invalidInput("a quadrature rule has at least one node, not \(order)") }
    let workspace = try GSL.allocated(
        gsl_integration_fixed_alloc(cgsl_integration_fixed_hermite(), order, 0, 0.5, 0, 0),
        "gsl_integration_fixed_alloc")
    defer { gsl_integration_fixed_free(workspace) }
    let (x, w) = (gsl_integration_fixed_nodes(workspace)!, gsl_integration_fixed_weights(workspace)!)
    let total = (0..<order).reduce(0) { $0 + w[$1] }
    let raw = (0..<order).map { (x: x[$0], weight: w[$0] / total) }.sorted { $0.x < $1.x }
    return (
        raw.indices.map { (raw[$0].x - raw[order - 1 - $0].x) / 2 },
        raw.indices.map { (raw[$0].weight + raw[order - 1 - $0].weight) / 2 }
    )
}
