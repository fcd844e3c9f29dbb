import GSLNumerics

/// F, F′ and F″ of a branch near its known points, each with an estimate of its error.
///
/// The error is what the answer changes by when the polynomial is made two orders coarser; for smooth branches that is
/// larger than the true error by a power of the grid step.
struct BranchContinuation {
    struct Values {
        let value: Double
        let slope: Double
        let curvature: Double
    }

    private let fine: HermitePolynomial
    private let coarse: HermitePolynomial

    /// - Parameter nodes: points of the branch, the nearest first.
    /// - Returns: nil where there are too few for an error estimate.
    init?(nearest nodes: [BranchPoint]) {
        let withCurvature = nodes.prefix(2).filter { $0.slope != nil && $0.curvature != nil }
        let withSlope = nodes.prefix { $0.slope != nil }
        if withCurvature.count == 2 {
            fine = HermitePolynomial(withCurvature.map { $0.node(2) })
            coarse = HermitePolynomial(withCurvature.map { $0.node(1) })
        } else if withSlope.count >= 2 {
            let count = min(3, withSlope.count)
            fine = HermitePolynomial(withSlope.prefix(count).map { $0.node(1) })
            // Two points make no coarser cubic: there the slope of the farther one is given up.
            coarse =
                count == 3
                ? HermitePolynomial(withSlope.prefix(2).map { $0.node(1) })
                : HermitePolynomial([withSlope[0].node(1), withSlope[1].node(0)])
        } else if nodes.count >= 3 {
            let count = min(4, nodes.count)
            fine = HermitePolynomial(nodes.prefix(count).map { $0.node(0) })
            coarse = HermitePolynomial(nodes.prefix(count - 1).map { $0.node(0) })
        } else {
            return nil
        }
    }

    /// The zero net, whose loss is known at every control; constant for a control that only weighs a regulariser.
    init(zeroNet points: [(control: Double, loss: Double)], near x: Double) {
        let nearest = points.sorted { abs($0.control - x) < abs($1.control - x) }.prefix(4)
        let spread = nearest.reduce(0) { max($0, abs($1.loss - nearest[nearest.startIndex].loss)) }
        let first = nearest[nearest.startIndex]
        let isConstant = spread <= 1e-12 * max(1, abs(first.loss))
        let nodes = nearest.map { HermitePolynomial.Node(x: $0.control, [$0.loss]) }
        fine = HermitePolynomial(isConstant ? [nodes[0]] : nodes)
        coarse = HermitePolynomial(isConstant ? [nodes[0]] : nodes.count > 1 ? Array(nodes.dropLast()) : nodes)
    }

    func values(at x: Double) -> Values {
        let v = fine.values(at: x)
        return Values(value: v.value, slope: v.slope, curvature: v.curvature)
    }
    func errors(at x: Double) -> Values {
        let (a, b) = (fine.values(at: x), coarse.values(at: x))
        return Values(
            value: abs(a.value - b.value), slope: abs(a.slope - b.slope), curvature: abs(a.curvature - b.curvature))
    }
}

/// A point of a branch: its loss, and the derivatives that are known.
struct BranchPoint {
    let x: Double
    let loss: Double
    let slope: Double?
    let curvature: Double?

    init(_ phase: GlobalPhase) {
        (x, loss, slope, curvature) = (phase.control, phase.freeEnergy, phase.slope, phase.curvature)
    }
    init?(_ row: Row) {
        guard let loss = row.loss else { return nil }
        (x, self.loss, slope, curvature) = (row.control, loss, row.slope, row.curvature)
    }

    func node(_ order: Int) -> HermitePolynomial.Node {
        let known = [loss, slope, curvature].prefix(order + 1).prefix { $0 != nil }
        return HermitePolynomial.Node(x: x, known.map { $0! })
    }
}
