/// The polynomial that takes given values and first derivatives at given points (Newton's form with repeated nodes).
///
/// Two nodes with value, slope and curvature make the quintic Hermite interpolant, two with value and slope the cubic
/// one, nodes with values alone the Lagrange interpolant.
package struct HermitePolynomial: Sendable {
    /// One node: f, f′, f″, as many as are known (at least f).
    package struct Node: Sendable {
        package let x: Double
        package let derivatives: [Double]
        package init(x: Double, _ derivatives: [Double]) {
            self.x = x
            self.derivatives = derivatives
        }
    }

    private let centres: [Double]
    private let coefficients: [Double]

    /// - Precondition: at least one node, and no two at the same place.
    package init(_ nodes: [Node]) {
        var z: [Double] = []
        var owner: [Int] = []
        for (k, node) in nodes.enumerated() {
            for _ in node.derivatives {
                z.append(node.x)
                owner.append(k)
            }
        }
        var column = owner.map { nodes[$0].derivatives[0] }
        var coefficients = [column[0]]
        var factorial = 1.0
        for order in 1..<max(1, z.count) {
            factorial *= Double(order)
            column = (0..<z.count - order).map { i in
                owner[i] == owner[i + order]
                    ? nodes[owner[i]].derivatives[order] / factorial
                    : (column[i + 1] - column[i]) / (z[i + order] - z[i])
            }
            coefficients.append(column[0])
        }
        self.centres = z
        self.coefficients = coefficients
    }

    /// Value, first and second derivative.
    package func values(at x: Double) -> (value: Double, slope: Double, curvature: Double) {
        var (value, slope, curvature) = (0.0, 0.0, 0.0)
        for k in coefficients.indices.reversed() {
            let d = x - centres[k]
            curvature = curvature * d + 2 * slope
            slope = slope * d + value
            value = value * d + coefficients[k]
        }
        return (value, slope, curvature)
    }
}
