/// Where a branch whose weights vanish meets the zero net: the control as a polynomial of R = Σ‖W‖² at R = 0.
struct ZeroNetMeeting {
    let control: Double
    let uncertainty: Double
    /// dR/da there.
    let normSlope: Double

    init(control: Double, uncertainty: Double, normSlope: Double) {
        self.control = control
        self.uncertainty = uncertainty
        self.normSlope = normSlope
    }

    init?(_ positions: [BranchFollower.Position]) {
        let tail = positions.suffix(7).map { (x: $0.state.squaredNorm, y: $0.control) }
        guard tail.count == 7, zip(tail, tail.dropFirst()).allSatisfy({ $0.x > $1.x }) else { return nil }
        let far = extrapolatedToZero(Array(tail.dropFirst()))
        let near = extrapolatedToZero(Array(tail.dropFirst(2)))
        let last = tail[6]
        let distance = abs(far - last.y)
        uncertainty = max(4 * abs(far - near), 1e-13 * abs(far))
        control = far
        normSlope = last.x / (last.y - far)
        // A branch that runs into the origin at vanishing decay has no limit like this.
        guard uncertainty < 1e-2 * max(distance, 1e-9 * abs(far)) || uncertainty < 1e-9 * abs(far) else { return nil }
    }
}

/// The value at 0 of the polynomial through some points, by Neville's scheme.
func extrapolatedToZero(_ points: [(x: Double, y: Double)]) -> Double {
    var values = points.map(\.y)
    for level in 1..<points.count {
        for i in 0..<points.count - level {
            let (x, y) = (points[i].x, points[i + level].x)
            values[i] = (x * values[i + 1] - y * values[i]) / (x - y)
        }
    }
    return values[0]
}
