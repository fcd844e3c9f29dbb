import Support

/// What a model says of itself, for specs, stores, help and figures.
public struct ModelDeclaration: Sendable {
    public let name: String
    /// Raised when the model's numbers move, from 1: results of another revision are results of other physics.
    public let revision: Int
    public let summary: String
    /// Papers and sections that the definitions follow.
    public let sources: [String]
    public let controls: [ControlParameter]
    public let observables: [Observable]
    /// The order parameter of a sweep that names none.
    public let orderParameter: String
    /// Keys of the `data:` section, declared like controls. Their defaults are filled in before `init(settings:)`.
    public let dataKeys: [ControlParameter]
    /// Keys of the sections `net:`, `training:` and `measure:`, likewise; no name stands in two of them.
    public let netKeys: [ControlParameter]
    public let trainingKeys: [ControlParameter]
    public let measureKeys: [ControlParameter]
    /// How its nets are trained, where a sweep cannot choose the optimiser: why `training: {optimiser: adam}` is refused.
    public let trainingRule: String
    public let directions: [Direction]
    /// Precisions that the model trains in.
    public let precisions: [TrainingPrecision]
    /// Named curves that `theoryCurves(named:)` draws, with what they show.
    public let theoryCurves: [String: String]
    /// Observables, recorded along trajectories, that a figure of trajectories shows below the order parameter.
    public let trajectoryObservables: [String]
    /// A commented spec to begin with; empty where `sweeps/starters` has a file of the model's name.
    public let starterSpec: String
    /// Of a model that is made at run time: part of the identity of its points. Empty for the models of this build.
    public let version: String
    /// Whether equal points give equal bits; false where they have the same seeds only.
    public let isDeterministic: Bool

    public init(
        name: String, revision: Int = 1, summary: String, sources: [String], controls: [any AnyControl],
        observables: [Observable], orderParameter: String, dataKeys: [any AnyControl] = [], net: [any AnyControl] = [],
        training: [any AnyControl] = [], measure: [any AnyControl] = [], trainingRule: String = "",
        directions: [Direction] = [.cold], precisions: [TrainingPrecision] = [.double],
        theoryCurves: [String: String] = [:], trajectoryObservables: [String] = [],
        starterSpec: String = "", version: String = "", isDeterministic: Bool = true
    ) {
        self.name = name
        self.revision = revision
        self.summary = summary
        self.sources = sources
        self.controls = controls.flatMap(\.parameters)
        self.observables = observables
        self.orderParameter = orderParameter
        self.dataKeys = dataKeys.flatMap(\.parameters)
        netKeys = net.flatMap(\.parameters)
        trainingKeys = training.flatMap(\.parameters)
        measureKeys = measure.flatMap(\.parameters)
        self.trainingRule = trainingRule
        self.directions = directions
        self.precisions = precisions
        self.theoryCurves = theoryCurves
        self.trajectoryObservables = trajectoryObservables
        self.starterSpec = starterSpec
        self.version = version
        self.isDeterministic = isDeterministic
    }

    /// The declaration of a sweep, or of its store: without the optional controls that it does not set.
    public func withControls(_ set: some Sequence<String>) -> ModelDeclaration {
        let set = Set(set)
        return ModelDeclaration(
            name: name, revision: revision, summary: summary, sources: sources,
            controls: controls.filter { !$0.isOptional || set.contains($0.name) }, observables: observables,
            orderParameter: orderParameter, dataKeys: dataKeys, net: netKeys, training: trainingKeys,
            measure: measureKeys, trainingRule: trainingRule, directions: directions,
            precisions: precisions, theoryCurves: theoryCurves, trajectoryObservables: trajectoryObservables,
            starterSpec: starterSpec, version: version, isDeterministic: isDeterministic)
    }

    /// Keys of a section of settings.
    public func keys(of section: SettingSection) -> [ControlParameter] {
        switch section {
        case .net: netKeys
        case .training: trainingKeys
        case .measure: measureKeys
        }
    }

    /// The section that a key of settings belongs to.
    public func section(ofSetting name: String) -> SettingSection? {
        SettingSection.allCases.first { keys(of: $0).contains { $0.name == name } }
    }

    public func control(_ name: String) -> ControlParameter? { controls.first { $0.name == name } }
    public func observable(_ name: String) -> Observable? { observables.first { $0.name == name } }
}

/// Floating-point precision of training; theory and what is derived from trained nets are in double precision always.
public enum TrainingPrecision: String, Sendable, Hashable, CaseIterable {
    case double, single
}

/// The sections of a sweep file that hold settings of a model, beside its data.
public enum SettingSection: String, Sendable, CaseIterable {
    /// Loss, biases, frozen noise: what function of the weights is minimised.
    case net
    /// Starts, branches, optimiser: how it is minimised.
    case training
    /// What is recorded beside the observables of the end.
    case measure
}
