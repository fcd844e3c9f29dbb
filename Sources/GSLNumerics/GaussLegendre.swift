import CGSL

/// Nodes and weights of the Gauss–Legendre rule on [−1, 1]: exact for polynomials of degree 2 · order − 1. Nodes rise.
///
/// Up to order 20 GSL has them in a table. Most beyond come through the C library's cosine, and have its last bits.
/// - Throws: `GSLError.invalidInput` for an order below 1.
public func gaussLegendre(order: Int) throws -> (nodes: [Double], weights: [Double]) {
    GSL.enter()
    guard order >= 1 else { throw GSLError.invalidInput("a quadrature rule has at least one node, not \(order)") }
    let table = try GSL.allocated(
        gsl_integration_glfixed_table_alloc(order), "gsl_integration_glfixed_table_alloc")
    defer { gsl_integration_glfixed_table_free(table) }
    var nodes: [(x: Double, weight: Double)] = []
    for i in 0..<order {
        var (x, weight) = (0.0, 0.0)
        try GSL.check(
            gsl_integration_glfixed_point(-1, 1, i, &x, &weight, table), "gsl_integration_glfixed_point")
        nodes.append((x, weight))
    }
    nodes.sort { $0.x < $1.x }
    return (nodes.map(\.x), nodes.map(\.weight))
}
