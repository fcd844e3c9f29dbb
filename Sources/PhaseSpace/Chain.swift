/// What is run in one go: one cold point, or a warm sweep of points along one axis, in the order of running.
public struct Chain: Sendable, Hashable {
    public let points: [Point]
    /// The swept axis.
    public let axis: String

    public init(points: [Point], axis: String) {
        precondition(!points.isEmpty, "a chain has at least one point")
        self.points = points
        self.axis = axis
    }

    public var direction: Direction { points[0].direction }
    /// The first point's: a warm point's identity holds the whole grid, so no two chains share it.
    public var identity: PointIdentity { points[0].identity }
}
