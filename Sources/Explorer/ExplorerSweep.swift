import PhaseSpace

/// Exact curves beside one measured curve; lists may be empty. Columns: the swept control, then observables by name.
public struct ExplorerTheory: Sendable {
    /// The global phase, one piece between two jumps.
    public var equilibrium: [TheoryCurve] = []
    /// Stationary points, stable and unstable ones apart.
    public var branches: [TheoryCurve] = []
    /// The global phase of the distribution that replicas are drawn from.
    public var population: [TheoryCurve] = []
    /// What the ridge path of a linear net rests on: one row for each mode, columns `variance` κa, `signal` g² and
    /// `targetSecondMoment` E[y²]. Empty for everything else.
    public var modes: [TheoryCurve] = []
    /// Exact observables in the global phase on each replica's own data, at the controls of its points.
    public var exact: [Int: [Double: [String: Double]]] = [:]

    public init() {}
}

/// A run over its steps.
public struct ExplorerRun: Sendable {
    /// The number of its curve.
    public let curve: Int
    public let control: Double
    public let replica: Int
    public let direction: Direction
    public let steps: [TrajectoryRow]

    public init(curve: Int, control: Double, replica: Int, direction: Direction, steps: [TrajectoryRow]) {
        (self.curve, self.control, self.replica) = (curve, control, replica)
        (self.direction, self.steps) = (direction, steps)
    }
}

/// Replicas of equal controls averaged over their steps, or what theory says of them.
public struct ExplorerSeries: Sendable {
    public let label: String
    /// Observables by name: mean and standard error (NaN for a single run).
    public let steps: [(step: Double, values: [String: (mean: Double, error: Double)])]
    /// Theory is drawn dashed.
    public let isTheory: Bool
    /// The series that theory belongs to, by its place in the list.
    public let of: Int?

    public init(
        label: String, steps: [(step: Double, values: [String: (mean: Double, error: Double)])],
        isTheory: Bool = false, of series: Int? = nil
    ) {
        (self.label, self.steps, self.isTheory, self.of) = (label, steps, isTheory, series)
    }
}

/// What a page shows of one sweep.
public struct ExplorerSweep: Sendable {
    public var name: String
    public var title: String
    /// The sweep file as it was named, with the overrides of the command line: what commands on the page begin with.
    public var path: String
    public var overrides: [String]
    /// The folder that `--out` names; nil for that of the sweep's name.
    public var folder: String?
    /// The swept control.
    public var axis: ControlParameter
    /// Declarations of the model's controls and observables: labels take symbols and meanings from them.
    public var controls: [ControlParameter]
    public var observables: [Observable]
    public var orderParameter: String
    public var replicas: Int
    public var curves: [Curve]
    /// One per curve, in the same order.
    public var verdicts: [Verdict]
    public var theory: [ExplorerTheory]
    /// Controls that an override cannot set by themselves: those of a `zip:`, and derived ones.
    public var bound: Set<String> = []
    public var runs: [ExplorerRun] = []
    public var series: [ExplorerSeries] = []
    /// Sentences that stand below the panels: what is left out, and why.
    public var notes: [String] = []
    /// Points that are not there yet, of all.
    public var left: (count: Int, planned: Int) = (0, 0)

    public init(
        name: String, title: String, path: String, overrides: [String], folder: String?, axis: ControlParameter,
        controls: [ControlParameter], observables: [Observable], orderParameter: String, replicas: Int,
        curves: [Curve], verdicts: [Verdict], theory: [ExplorerTheory]
    ) {
        precondition(curves.count == verdicts.count && curves.count == theory.count)
        (self.name, self.title, self.path, self.overrides, self.folder) = (name, title, path, overrides, folder)
        (self.axis, self.controls, self.observables, self.orderParameter) = (
            axis, controls, observables, orderParameter
        )
        (self.replicas, self.curves, self.verdicts, self.theory) = (replicas, curves, verdicts, theory)
    }
}
