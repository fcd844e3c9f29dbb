/// The name of an observable, as a model knows it: `measured[.squaredNorm] = …`. A typo does not compile.
///
/// What it measures, a model's `Observable` of that name says; models of one name may measure different things.
public struct Measure: Hashable, Sendable {
    public let name: String
    public init(_ name: String) { self.name = name }

    /// One of a numbered family: `mode_3`.
    public init(_ family: String, _ index: Int) { name = "\(family)_\(index)" }

    public static let loss = Measure(Observable.Name.loss)
    public static let lossSlope = Measure(Observable.Name.lossSlope)
    public static let lossCurvature = Measure(Observable.Name.lossCurvature)
    public static let zeroNetLoss = Measure(Observable.Name.zeroNetLoss)
    public static let orderedFraction = Measure(Observable.Name.orderedFraction)
}

/// Values of observables. One that does not apply is absent.
public struct Measured: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    /// By name, for the border.
    public private(set) var values: [String: Double] = [:]

    public init() {}
    public init(dictionaryLiteral elements: (Measure, Double)...) {
        for (measure, value) in elements { values[measure.name] = value }
    }

    public subscript(_ measure: Measure) -> Double? {
        get { values[measure.name] }
        set { values[measure.name] = newValue }
    }

    /// Takes over all of the other's values.
    public mutating func merge(_ other: Measured) { values.merge(other.values) { $1 } }

    /// Those whose values are finite.
    public var finite: Measured {
        var copy = Measured()
        copy.values = values.filter { $0.value.isFinite }
        return copy
    }

    /// The values of some observables in their order; not-a-number where one is absent.
    public func row(_ measures: [Measure]) -> [Double] { measures.map { self[$0] ?? .nan } }
}

extension Observable {
    public init(
        _ measure: Measure, symbol: String, meaning: String, derivative: Derivative? = nil,
        isRecordedAlongTrajectory: Bool = false, isOrderParameter: Bool = true, regimes: [Int: String] = [:],
        isCount: Bool = false
    ) {
        self.init(
            measure.name, symbol: symbol, meaning: meaning, derivative: derivative,
            isRecordedAlongTrajectory: isRecordedAlongTrajectory, isOrderParameter: isOrderParameter, regimes: regimes,
            isCount: isCount)
    }
}

extension Observation {
    public init(
        point: Point, outcome: Outcome, reason: String = "", measured: Measured = [:], trajectory: [TrajectoryRow] = [],
        branch: FollowedBranch? = nil, weights: (@Sendable () -> [WeightArray])? = nil, seconds: Double = 0
    ) {
        self.init(
            point: point, outcome: outcome, reason: reason, values: measured.values, trajectory: trajectory,
            branch: branch, weights: weights, seconds: seconds)
    }
}

extension TrajectoryRow {
    public init(step: Int, measured: Measured) { self.init(step: step, values: measured.values) }
}

extension Theory {
    public init(measured: Measured, branches: [Branch] = []) { self.init(values: measured.values, branches: branches) }
    /// Of an observable in the global phase.
    public subscript(_ measure: Measure) -> Double? { values[measure.name] }
}

extension TheoryCurve {
    /// A curve of observables over a control.
    /// - Parameter rows: a value of the control and the observables there.
    public init(
        name: String, label: String = "", over axis: String, _ measures: [Measure], rows: [(Double, Measured)],
        isStable: Bool = true
    ) {
        self.init(
            name: name, label: label, columns: [axis] + measures.map(\.name),
            rows: rows.map { [$0.0] + $0.1.row(measures) }, isStable: isStable)
    }
}

extension ModelDeclaration {
    public init(
        name: String, revision: Int = 1, summary: String, sources: [String], controls: [any AnyControl],
        observables: [Observable], orderParameter: Measure, dataKeys: [any AnyControl] = [], net: [any AnyControl] = [],
        training: [any AnyControl] = [], measure: [any AnyControl] = [], trainingRule: String = "",
        directions: [Direction] = [.cold], precisions: [TrainingPrecision] = [.double],
        theoryCurves: [String: String] = [:], trajectoryObservables: [Measure] = [], starterSpec: String = ""
    ) {
        self.init(
            name: name, revision: revision, summary: summary, sources: sources, controls: controls,
            observables: observables, orderParameter: orderParameter.name, dataKeys: dataKeys, net: net,
            training: training, measure: measure, trainingRule: trainingRule, directions: directions,
            precisions: precisions, theoryCurves: theoryCurves,
            trajectoryObservables: trajectoryObservables.map(\.name), starterSpec: starterSpec)
    }
}
