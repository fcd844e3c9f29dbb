/// Which curve of a sweep: every control but the swept one.
public struct CurveKey: Hashable, Sendable {
    public let model: String
    /// Every control but the axis, defaults filled in.
    public let fixed: [String: ControlValue]
    public let axis: String
    public let orderParameter: String

    public init(model: String, fixed: [String: ControlValue], axis: String, orderParameter: String) {
        self.model = model
        self.fixed = fixed
        self.axis = axis
        self.orderParameter = orderParameter
    }

    /// All controls of the point at one value of the axis.
    public func controls(at value: Double) -> [String: ControlValue] {
        fixed.merging([axis: .number(value)]) { $1 }
    }
}

/// One observation on a curve.
public struct CurveSample: Sendable {
    /// Value of the swept control.
    public let control: Double
    public let replica: Int
    public let direction: Direction
    public let outcome: Outcome
    public let reason: String
    public let values: [String: Double]
    /// Whether verdicts and figures use the sample: its run is done, or it ended in a regime that the order parameter
    /// names.
    public let counts: Bool
    /// CPU seconds spent; not part of any result.
    public let seconds: Double

    /// - Parameter counts: whether the outcome is done where it is left out.
    public init(
        control: Double, replica: Int, direction: Direction, outcome: Outcome, reason: String = "",
        values: [String: Double], counts: Bool? = nil, seconds: Double = 0
    ) {
        self.seconds = seconds
        self.control = control
        self.replica = replica
        self.direction = direction
        self.outcome = outcome
        self.reason = reason
        self.values = values
        self.counts = counts ?? outcome.isDone
    }
}

/// Observations along one control parameter, all else fixed.
public struct Curve: Sendable {
    public let key: CurveKey
    /// By rising control, then replica, then direction.
    public let samples: [CurveSample]
    /// Controls that differ between the curves of the sweep, in the order of its axes: what a legend must name.
    public let varying: [String]
    /// Branches followed along the axis, at most one per replica, by replica.
    public let branches: [FollowedBranch]
    /// Where the number of replicas differs from point to point: those that all points have. Verdicts rest on these.
    public let commonReplicas: Int?

    public init(
        key: CurveKey, samples: [CurveSample], varying: [String] = [], branches: [FollowedBranch] = [],
        commonReplicas: Int? = nil
    ) {
        self.commonReplicas = commonReplicas
        self.key = key
        self.branches = branches.sorted { $0.replica < $1.replica }
        self.samples = samples.sorted {
            ($0.control, $0.replica, $0.direction.rawValue) < ($1.control, $1.replica, $1.direction.rawValue)
        }
        self.varying = varying
    }

    /// `depth = 2, noise = 0.5`: the varying controls as words; empty where the sweep has one curve.
    public var label: String {
        varying.compactMap { name in key.fixed[name].map { "\(name) = \($0)" } }.joined(separator: ", ")
    }
}

/// An exact curve, as data.
public struct TheoryCurve: Sendable {
    public let name: String
    /// What sets this one apart from others of the same name, such as `γ = 0.9 γ*`; empty for a single one.
    public let label: String
    /// Names of controls or observables, the abscissa first.
    public let columns: [String]
    /// One value per column.
    public let rows: [[Double]]
    /// Whether the curve is a family of local minima (true) or of unstable points (false).
    public let isStable: Bool

    public init(name: String, label: String = "", columns: [String], rows: [[Double]], isStable: Bool = true) {
        self.name = name
        self.label = label
        self.columns = columns
        self.rows = rows
        self.isStable = isStable
    }
}
