/// Whose exact theory is asked for.
public enum Ensemble: Sendable, Hashable {
    /// The data set of one replica.
    case replica(Int)
    /// The distribution that replicas are drawn from.
    case population
}

/// Exact values at a point.
public struct Theory: Sendable {
    /// A stationary point of the loss.
    public struct Branch: Sendable {
        public let values: [String: Double]
        public let isStable: Bool
        public init(values: [String: Double], isStable: Bool) {
            self.values = values
            self.isStable = isStable
        }
    }
    /// Observables in the global phase (or at the end of a trajectory).
    public let values: [String: Double]
    /// All stationary points, the origin included, by rising order parameter; empty for dynamics.
    public let branches: [Branch]
    public init(values: [String: Double], branches: [Branch] = []) {
        self.values = values
        self.branches = branches
    }

    /// The stable stationary point whose loss is nearest: the branch that a trained row belongs to.
    public func branch(nearestToLoss loss: Double) -> Branch? {
        func distance(_ branch: Branch) -> Double { abs((branch.values[Observable.Name.loss] ?? .infinity) - loss) }
        return branches.filter(\.isStable).min { distance($0) < distance($1) }
    }
}
