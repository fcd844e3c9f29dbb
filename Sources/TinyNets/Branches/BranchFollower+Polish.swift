// Minima by Newton's method alone, for nets that something else has trained.
extension BranchFollower {
    /// The stationary point that Newton's method finds from some weights at a fixed control, with the derivatives of the loss
    /// along its branch and its lowest curvature; nil where the method does not settle.
    public func stationaryPoint(near weights: [Double], at control: Double) -> BranchPath.Point? {
        guard let found = corrected(weights, control) else { return nil }
        // Where the control does not pull at the weights, as at a zero net, the branch goes straight on.
        let isPulled = norm(found.state.drive) > 0
        let upwards = Direction(weights: [], control: 1)
        let position = isPulled ? tangent(at: found, forward: upwards, unit: 1) : found
        var point = BranchPath.Point(position ?? found, arcLength: 0)
        if !isPulled { point.curvature = found.state.bend }
        return judged([point])[0]
    }
}
