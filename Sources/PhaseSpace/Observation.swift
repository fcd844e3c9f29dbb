/// How a run at a point ended.
public enum Outcome: String, Sendable, CaseIterable, Hashable {
    /// A minimum was found and verified.
    case converged
    /// A trajectory ran all its steps.
    case completed
    /// No further progress, yet not converged.
    case stalled
    /// Loss or weights grew beyond bounds or became not-a-number.
    case diverged
    /// The step limit came first.
    case capped
    /// Every unit of a layer has died: gradients vanish identically without a minimum.
    case dead
    /// What trains broke down: an error, a crash or a time-out of a program.
    case failed

    /// Whether the observables may be used for verdicts.
    public var isDone: Bool { self == .converged || self == .completed }
}

/// One recorded step of a trajectory.
public struct TrajectoryRow: Sendable, Hashable {
    public let step: Int
    public let values: [String: Double]
    public init(step: Int, values: [String: Double]) {
        self.step = step
        self.values = values
    }
}

/// A point's observables with its outcome.
public struct Observation: Sendable {
    public let point: Point
    public let outcome: Outcome
    /// A sentence; empty where the outcome is done and there is nothing to add.
    public let reason: String
    /// Observables by name. One that does not apply is absent, never NaN.
    public let values: [String: Double]
    public let trajectory: [TrajectoryRow]
    /// The followed branch; at the first point of a chain of direction `branch` only.
    public let branch: FollowedBranch?
    /// The net that the observables are of, layer by layer, made when it is asked for; nil where there is none. It is kept
    /// in no store: a point's identity decides it.
    public let weights: (@Sendable () -> [WeightArray])?
    /// CPU seconds spent; not part of any result.
    public let seconds: Double

    public init(
        point: Point, outcome: Outcome, reason: String = "", values: [String: Double],
        trajectory: [TrajectoryRow] = [], branch: FollowedBranch? = nil,
        weights: (@Sendable () -> [WeightArray])? = nil, seconds: Double = 0
    ) {
        self.point = point
        self.outcome = outcome
        self.reason = reason
        self.values = values.filter { $0.value.isFinite }
        self.trajectory = trajectory
        self.branch = branch
        self.weights = weights
        self.seconds = seconds
    }
}
