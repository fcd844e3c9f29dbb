/// What a run measures: one number per point (matrices are spread over names such as `M_1_2`).
public struct Observable: Sendable {
    /// How an observable is the derivative of another one along a control parameter.
    public struct Derivative: Hashable, Sendable {
        public let of: String
        public let order: Int
        public let by: String
        public init(of: String, order: Int, by: String) {
            self.of = of
            self.order = order
            self.by = by
        }
    }

    public let name: String
    /// The field's symbol as plain text, such as `Σ‖W‖²`; axis labels use it.
    public let symbol: String
    /// What it is, with unit or normalisation, and when it is null.
    public let meaning: String
    /// Set where the value is an exact derivative along a control: verdicts use it instead of finite differences.
    public let derivative: Derivative?
    /// Whether the observable is also kept for every recorded step of a trajectory.
    public let isRecordedAlongTrajectory: Bool
    /// Whether phases may be told by it; false for losses, curvatures and what says how training went.
    public let isOrderParameter: Bool
    /// Names of the regimes that the values number, by rising severity; empty for a quantity. A run that diverged or died
    /// and has such a value counts for verdicts: how it ended is its regime.
    public let regimes: [Int: String]
    /// Whether the values are whole numbers, which count or number something: replicas that agree do not say that all do.
    public let isDiscrete: Bool

    /// - Parameter isCount: for whole numbers other than those of regimes.
    public init(
        _ name: String, symbol: String, meaning: String, derivative: Derivative? = nil,
        isRecordedAlongTrajectory: Bool = false, isOrderParameter: Bool = true, regimes: [Int: String] = [:],
        isCount: Bool = false
    ) {
        self.name = name
        self.symbol = symbol
        self.meaning = meaning
        self.derivative = derivative
        self.isRecordedAlongTrajectory = isRecordedAlongTrajectory
        self.isOrderParameter = isOrderParameter
        self.regimes = regimes
        isDiscrete = isCount || !regimes.isEmpty
    }
}

extension Observable {
    /// Names that verdicts and figures know. A model that has a free energy uses these.
    public enum Name {
        /// Regularised training loss of this row's own stationary point (its branch).
        public static let loss = "loss"
        /// dF/dγ of the branch at that point (envelope theorem).
        public static let lossSlope = "lossSlope"
        /// d²F/dγ² of the branch at that point (implicit function theorem).
        public static let lossCurvature = "lossCurvature"
        /// Loss of the net whose weights are all zero (unregularised biases optimal): the trivial phase's loss.
        public static let zeroNetLoss = "zeroNetLoss"
        /// Share of a point's cold starts that end in the ordered phase, be it the lowest one or not.
        public static let orderedFraction = "orderedFraction"
    }
}
