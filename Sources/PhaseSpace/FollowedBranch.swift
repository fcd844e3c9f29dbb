/// What is special about a row of a followed branch.
public enum BranchEvent: String, Sendable, CaseIterable, Hashable {
    /// The branch turns round: the end of a metastable phase, a spinodal.
    case fold
    /// The loss equals that of another phase at the same control, the zero net's or that of another part of the branch.
    case maxwell
    /// An unstable point at the control of a Maxwell point: the top of the barrier.
    case barrier
    /// The branch meets another one, such as the zero net: a continuous transition where both are minima on their side.
    case branchPoint
}

/// A stationary point on a followed branch.
public struct BranchRow: Sendable, Hashable {
    /// From the first row; a metric of weights and control.
    public let arcLength: Double
    /// Value of the control that the branch is followed along.
    public let control: Double
    /// Whether the point is a local minimum.
    public let isStable: Bool
    public let event: BranchEvent?
    /// For an event: how far its control may be off.
    public let uncertainty: Double?
    /// Observables by name.
    public let values: [String: Double]

    public init(
        arcLength: Double, control: Double, isStable: Bool, event: BranchEvent? = nil, uncertainty: Double? = nil,
        values: [String: Double]
    ) {
        self.arcLength = arcLength
        self.control = control
        self.isStable = isStable
        self.event = event
        self.uncertainty = uncertainty
        self.values = values.filter { $0.value.isFinite }
    }
}

/// A branch of stationary points followed along one control parameter, folds included.
public struct FollowedBranch: Sendable, Hashable {
    public let axis: String
    public let replica: Int
    /// In the order of arc length.
    public let rows: [BranchRow]
    /// Branches that emanate from this one, and from each other, each in the order of its own arc length.
    public let emanating: [[BranchRow]]

    /// - Parameter rows: of all branches, one after another; where the arc length falls, the next one begins.
    public init(axis: String, replica: Int, rows: [BranchRow]) {
        self.axis = axis
        self.replica = replica
        var all: [[BranchRow]] = []
        for row in rows {
            if let last = all.last?.last, last.arcLength <= row.arcLength {
                all[all.count - 1].append(row)
            } else {
                all.append([row])
            }
        }
        self.rows = all.first ?? []
        emanating = Array(all.dropFirst())
    }

    /// The branch and those that emanate from it.
    public var all: [[BranchRow]] { [rows] + emanating }
}
