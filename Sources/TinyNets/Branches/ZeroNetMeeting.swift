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
        let tail = positions.suffix(7).map { (r: $0.state.squaredNorm, a: $0.control) }
        guard tail.count == 7, zip(tail, tail.dropFirst()).allSatisfy({ $0.r > $1.r }) else { return nil }
        let far = Self.extrapolated(Array(tail.dropFirst()))
        let near = Self.extrapolated(Array(tail.dropFirst(2)))
        let last = tail[6]
        let distance = abs(far - last.a)
        uncertainty = max(4 * abs(far - near), 1e-13 * abs(far))
        control = far
        normSlope = last.r / (last.a - far)
        // A branch that runs into the origin at vanishing decay has no limit like this.
        guard uncertainty < 1e-2 * max(distance, 1e-9 * abs(far)) || uncertainty < 1e-9 * abs(far) else { return nil }
    }

    /// Neville's scheme.
    private static func extrapolated(_ points: [(r: Double, a: Double)]) -> Double {
        var values = points.map(\.a)
        for level in 1..<points.count {
            for i in 0..<points.count - level {
                let (x, y) = (points[i].r, points[i + level].r)
                values[i] = (x * values[i + 1] - y * values[i]) / (x - y)
            }
        }
        return values[0]
    }
}
