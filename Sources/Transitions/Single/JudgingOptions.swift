import PhaseSpace

/// How a table's two quantities are read before they are judged.
public struct JudgingOptions: Sendable {
    /// Judge |y|: for an order parameter whose sign is accidental.
    public var absolute = false
    /// Judge along ln x; nil decides by the controls' spacing.
    public var logControl: Bool?
    /// Judge ln y, for values that fall over decades.
    public var logValue = false
    /// The size of the system, where a column states it: a single size rounds every transition.
    public var size: Double?
    /// Whether the rows ran back and forth along one line, with several values at a control.
    public var isFolded = false

    public init(absolute: Bool = false, logControl: Bool? = nil, logValue: Bool = false, size: Double? = nil) {
        (self.absolute, self.logControl, self.logValue, self.size) = (absolute, logControl, logValue, size)
    }
}

/// A value as it was judged, for figures.
public struct JudgedValue: Sendable {
    public var control: Double
    /// In the table's units; a mean of neighbours in long tables.
    public let value: Double
    /// Its standard deviation as judged: as stated, or estimated from the scatter.
    public let error: Double
    /// Distance from the likeliest description, in errors.
    public let residual: Double
    public let isOutlier: Bool
}

/// A description as fitted, for figures.
public struct FittedDescription: Sendable {
    public let name: String
    public let order: TransitionOrder
    /// Logarithm of its marginal likelihood over that of the best one; 0 for the best.
    public let evidence: Double
    /// Rising; one for each value that was judged (or stretch of values, in long tables).
    public var controls: [Double]
    /// In the table's units.
    public let values: [Double]
}

/// The verdict on a table with one value a control, and the descriptions that it compared.
public struct TableVerdict: Sendable {
    public var verdict: Verdict
    /// The best of each order, the winner first, stretch by stretch of the table where no single description fits it;
    /// empty where a rule decided (shares, loops, diverged values).
    public var fits: [FittedDescription] = []
    /// What the descriptions were fitted to.
    public var values: [JudgedValue] = []
    /// Whether the curve was judged along the logarithm of its control.
    public var isLogControl = false

    public init(verdict: Verdict, fits: [FittedDescription] = [], values: [JudgedValue] = []) {
        (self.verdict, self.fits, self.values) = (verdict, fits, values)
    }
}
