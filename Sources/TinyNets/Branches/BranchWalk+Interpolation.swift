import GSLNumerics

// Points of the branch between those of a walk.
extension BranchWalk {
    /// The corrected point at a fraction of an interval, from the cubic through its ends and their tangents.
    func position(in interval: Int, at fraction: Double) -> Position? {
        let (a, b) = (positions[interval], positions[interval + 1])
        let h = distance(a, b)
        let x = fraction
        let (p, q) = ((1 + 2 * x) * (1 - x) * (1 - x), x * x * (3 - 2 * x))
        let (u, v) = (h * x * (1 - x) * (1 - x), h * x * x * (x - 1))
        let weights = a.weights.indices.map { k in
            p * a.weights[k] + q * b.weights[k] + u * a.tangent.weights[k] + v * b.tangent.weights[k]
        }
        let control = p * a.control + q * b.control + u * a.tangent.control + v * b.tangent.control
        let chord = BranchFollower.Direction(
            weights: zip(a.weights, b.weights).map { ($1 - $0) / h }, control: (b.control - a.control) / h)
        return position(near: weights, control, across: chord)
    }

    /// The point of the branch at a control between those of an interval's ends.
    func at(control: Double, in interval: Int) -> Position? {
        let (a, b) = (positions[interval], positions[interval + 1])
        let h = distance(a, b)
        // By the cubic alone: near a pitchfork the weights go with the root of the control.
        var (low, high) = (0.0, 1.0)
        for _ in 0..<60 {
            let x = 0.5 * (low + high)
            let value =
                (1 + 2 * x) * (1 - x) * (1 - x) * a.control + x * x * (3 - 2 * x) * b.control
                + h * x * (1 - x) * ((1 - x) * a.tangent.control - x * b.tangent.control)
            if (value < control) == (a.control < b.control) { low = x } else { high = x }
        }
        guard let near = position(in: interval, at: 0.5 * (low + high)) else { return nil }
        return follower.corrected(near.weights, control)
    }

    struct Lost: Error {}

    /// Where a function of the position vanishes in an interval; nil where the corrector fails or there is no root.
    func locate(_ i: Int, tolerance: Double, _ f: (Position) throws -> Double) -> (Position, Double)? {
        let root = try? GSLNumerics.root(
            of: { x in
                if x == 0 { return try f(positions[i]) }
                if x == 1 { return try f(positions[i + 1]) }
                guard let found = position(in: i, at: x) else { throw Lost() }
                return try f(found)
            }, in: 0...1, relativeTolerance: 0, absoluteTolerance: tolerance)
        guard let root else { return nil }
        if root == 0 { return (positions[i], arcLengths[i]) }
        guard let found = position(in: i, at: root) else { return nil }
        return (found, arcLengths[i] + distance(positions[i], found))
    }
}
