import Support

/// What a model says of itself, for specs, stores, help and figures.
public struct ModelDeclaration: Sendable {
    public let name: String
    public let summary: String
    /// Papers and sections that the definitions follow.
    public let sources: [String]
    public let controls: [ControlParameter]
    public let observables: [Observable]
    /// The order parameter of a sweep that names none.
    public let orderParameter: String
    /// Keys of the `data:` section, declared like controls. Their defaults are filled in before `init(settings:)`.
    public let dataKeys: [ControlParameter]
    /// Keys of the `optimiser:` section, likewise.
    public let optimiserKeys: [ControlParameter]
    public let directions: [Direction]
    /// Precisions that the model trains in.
    public let precisions: [TrainingPrecision]
    /// Named curves that `theoryCurves(named:)` draws, with what they show.
    public let theoryCurves: [String: String]
    /// Observables, recorded along trajectories, that a figure of trajectories shows below the order parameter.
    public let trajectoryObservables: [String]
    /// A commented spec to begin with.
    public let starterSpec: String

    public init(
        name: String, summary: String, sources: [String], controls: [ControlParameter], observables: [Observable],
        orderParameter: String, dataKeys: [ControlParameter] = [], optimiserKeys: [ControlParameter] = [],
        directions: [Direction] = [.cold], precisions: [TrainingPrecision] = [.double],
        theoryCurves: [String: String] = [:], trajectoryObservables: [String] = [],
        starterSpec: String
    ) {
        self.name = name
        self.summary = summary
        self.sources = sources
        self.controls = controls
        self.observables = observables
        self.orderParameter = orderParameter
        self.dataKeys = dataKeys
        self.optimiserKeys = optimiserKeys
        self.directions = directions
        self.precisions = precisions
        self.theoryCurves = theoryCurves
        self.trajectoryObservables = trajectoryObservables
        self.starterSpec = starterSpec
    }

    /// The declaration of a sweep, or of its store: without the optional controls that it does not set.
    public func withControls(_ set: some Sequence<String>) -> ModelDeclaration {
        let set = Set(set)
        return ModelDeclaration(
            name: name, summary: summary, sources: sources,
            controls: controls.filter { !$0.isOptional || set.contains($0.name) }, observables: observables,
            orderParameter: orderParameter, dataKeys: dataKeys, optimiserKeys: optimiserKeys, directions: directions,
            precisions: precisions, theoryCurves: theoryCurves, trajectoryObservables: trajectoryObservables,
            starterSpec: starterSpec)
    }

    public func control(_ name: String) -> ControlParameter? { controls.first { $0.name == name } }
    public func observable(_ name: String) -> Observable? { observables.first { $0.name == name } }
}

/// Floating-point precision of training; theory and what is derived from trained nets are in double precision always.
public enum TrainingPrecision: String, Sendable, Hashable, CaseIterable {
    case double, single
}

/// What a sweep hands to a model beside its points.
public struct ModelSettings: Sendable {
    public let seed: UInt64
    /// The `data:` section, defaults filled in, values checked against `dataKeys`.
    public let data: JSONValue
    /// The `optimiser:` section, likewise.
    public let optimiser: JSONValue
    /// The folder that relative file names in `data` start from: the spec's own.
    public let folder: String
    /// One of the model's.
    public let precision: TrainingPrecision
    /// What step limits are multiplied by when capped points are tried again; a run that ends before its limit must
    /// not depend on it.
    public let effort: Int

    public init(
        seed: UInt64, data: JSONValue, optimiser: JSONValue, folder: String, precision: TrainingPrecision = .double,
        effort: Int = 1
    ) {
        self.seed = seed
        self.data = data
        self.optimiser = optimiser
        self.folder = folder
        self.precision = precision
        self.effort = effort
    }
}

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

/// A worker's line to the runner: work comes out of it, observations go into it. Safe to use from the worker's thread.
public protocol RunContext: AnyObject, Sendable {
    /// The next chain with the worker's pack key, or nil when none is left: how a model refills finished lanes.
    func nextChain() -> Chain?
    /// Hands over a point's observation as soon as it is known. Order does not matter.
    func record(_ observation: Observation)
    /// What was last saved for a chain that an earlier run left unfinished.
    func checkpoint(of chain: Chain) -> [UInt8]?
    /// Saves what the model needs to go on with a chain from here.
    func save(checkpoint: [UInt8], of chain: Chain)
    /// True when the run is to stop: checkpoint what is under way and return.
    var isCancelled: Bool { get }
}

/// A family of nets (or maps) with its control parameters, observables and exact theory.
///
/// A model knows nothing of scheduling, storage or figures. Its results depend on the point's identity, the settings
/// and nothing else: not on which chains share a pack, nor on their order.
public protocol Model: Sendable {
    static var declaration: ModelDeclaration { get }

    /// Reads data and settings.
    /// - Throws: `ControlError` naming the data key at fault, or an error with a sentence that says what, where and
    ///   what would be right.
    init(settings: ModelSettings) throws

    /// The content of external data as a text for identities (a hash of a file, say); empty where there is none.
    var dataFingerprint: String { get }

    /// Checks controls against each other; single values have been checked against their declarations.
    func validate(_ controls: [String: ControlValue]) throws(ControlError)

    /// Checks that minima can be handed on along an axis: a warm sweep needs nets of one shape.
    func validateWarmSweep(along axis: String) throws(ControlError)

    /// Chains with equal keys may share a pack of lanes.
    func packKey(of chain: Chain) -> String

    /// Pulls chains from the context until none is left, runs them, and records every point of each.
    func run(_ context: any RunContext) throws

    /// Exact values at a point, nil where there is no theory.
    func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory?

    /// Exact curves by name over values of the key's axis; empty where there is no theory.
    func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve]

    /// Transitions along the key's axis in rising order of location, each with its claim; nil where there is no theory.
    func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]?

    /// Answers one question with exact theory, without training: the members of `query` are the model's keys.
    /// - Throws: an error with a sentence for a question that has no answer.
    static func predict(_ query: JSONValue) throws -> JSONValue
}

extension Model {
    public var dataFingerprint: String { "" }
    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {}
    public func validateWarmSweep(along axis: String) throws(ControlError) {}
    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? { nil }
    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] { [] }
    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? { nil }
}
