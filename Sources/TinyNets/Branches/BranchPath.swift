import PhaseSpace

/// A followed branch: stationary points by arc length, with what happens on it.
public struct BranchPath: Sendable {
    public struct Point: Sendable {
        public internal(set) var arcLength: Double
        public let control: Double
        public let weights: [Double]
        /// Regularised loss, and without its regulariser.
        public let loss: Double
        public let dataLoss: Double
        public let zeroNetLoss: Double
        public let gradientNorm: Double
        public let layerSquaredNorms: [Double]
        /// dF/da along the branch, with a the control.
        public let slope: Double
        /// d²F/da² along the branch; nil at a fold.
        public internal(set) var curvature: Double?
        /// The lowest eigenvalue of the Hessian among the directions in which the branch itself moves: its sign
        /// changes at a fold.
        public let motionCurvature: Double
        let isUnstableInMotion: Bool
        /// The lowest eigenvalue of the whole Hessian; zero up to rounding where the loss has a continuous symmetry.
        public internal(set) var lowestCurvature = 0.0
        /// Whether the point is a local minimum.
        public internal(set) var isStable = true
        public internal(set) var event: BranchEvent?
        /// For an event: how far its control may be off.
        public internal(set) var uncertainty: Double?
        /// R = Σ‖W‖².
        public var squaredNorm: Double { layerSquaredNorms.reduce(0, +) }

        init(_ position: BranchFollower.Position, arcLength: Double) {
            let state = position.state
            self.arcLength = arcLength
            control = state.control
            weights = state.weights
            loss = state.loss
            dataLoss = state.dataLoss
            zeroNetLoss = state.zeroNetLoss
            gradientNorm = state.gradientNorm
            layerSquaredNorms = state.layerSquaredNorms
            slope = state.slope
            motionCurvature = position.motionCurvature
            isUnstableInMotion = position.isUnstable
            let t = position.tangent
            let rate = t.weights.isEmpty ? 0 : dot(state.drive, t.weights)
            curvature = abs(t.control) * norm(state.drive) > 1e-7 * abs(rate) ? state.bend + rate / t.control : nil
        }
    }

    /// By arc length.
    public internal(set) var points: [Point]
    /// Stationary points at the stops that were asked for, by stop.
    public internal(set) var atStops: [Double: [Point]] = [:]
    public let end: BranchFollower.End
    /// Evaluations of gradients and Hessian products that it took, each of eight lanes.
    public internal(set) var evaluations = 0
    /// For a branch that meets the zero net: dR/da there, with R = Σ‖W‖².
    public internal(set) var normSlopeAtZeroNet: Double?

    init(points: [Point], end: BranchFollower.End) {
        self.points = points
        self.end = end
    }

    /// Puts the branch point that the branch leaves another one at before its points.
    mutating func begin(at branchPoint: BranchFollower.Position, isStable: Bool, uncertainty: Double, distance: Double)
    {
        var first = Point(branchPoint, arcLength: 0)
        first.event = .branchPoint
        first.curvature = nil
        first.isStable = isStable
        first.uncertainty = uncertainty
        points =
            [first]
            + points.map { point in
                var point = point
                point.arcLength += distance
                return point
            }
    }

    public func events(_ event: BranchEvent) -> [Point] { points.filter { $0.event == event } }
}
