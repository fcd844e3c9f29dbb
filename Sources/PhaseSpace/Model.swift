import Support

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
    /// Does something once all that was recorded and saved before is kept for good; never, where nothing is kept.
    func whenKept(_ action: @escaping @Sendable () -> Void)
    /// True when the run is to stop: checkpoint what is under way and return.
    var isCancelled: Bool { get }
}

extension RunContext {
    public func whenKept(_ action: @escaping @Sendable () -> Void) {}
}

/// What runs chains on one thread, for as long as a run lasts.
///
/// A worker may own what is dear to make, such as a child process. The runner makes it before its first chain, calls
/// `run` again and again, rounds of refinement included, and `end` once, whatever way the run ends. One thread at a time
/// uses it.
public protocol ModelWorker: Sendable {
    /// Pulls chains from the context until none is left, runs them, and records every point of each.
    func run(_ context: any RunContext) throws

    /// Gives back what the worker owns; nothing is called after it.
    func end()
}

extension ModelWorker {
    public func end() {}
}

/// An error after which no chain of the run can be trained: the run ends with its sentence.
public protocol RunStopper: Error {}

/// A family of nets (or maps) with its control parameters, observables and exact theory, with data and settings.
///
/// A model knows nothing of scheduling, storage or figures. Its results depend on the point's identity, the settings
/// and nothing else: not on which chains share a pack, nor on their order. It is its own worker unless it makes others.
public protocol Model: ModelWorker {
    /// What the model says of itself; one that is made at run time may have a declaration of its own.
    var declaration: ModelDeclaration { get }

    /// The content of external data as a text for identities (a hash of a file, say); empty where there is none.
    var dataFingerprint: String { get }

    /// What a store keeps of a model that is made at run time, so that whoever only reads needs none; nil for the models of
    /// this build.
    var record: JSONValue? { get }

    /// Checks controls against each other; single values have been checked against their declarations.
    func validate(_ controls: [String: ControlValue]) throws(ControlError)

    /// Checks that minima can be handed on along an axis: a warm sweep needs nets of one shape.
    func validateWarmSweep(along axis: String) throws(ControlError)

    /// Chains with equal keys may share a pack of lanes.
    func packKey(of chain: Chain) -> String

    /// Who runs chains on a thread of the run; the model itself unless it says otherwise.
    /// - Parameter number: of the thread, from 0.
    func worker(_ number: Int) throws -> any ModelWorker

    /// Exact values at a point, nil where there is no theory.
    func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory?

    /// Exact curves by name over values of the key's axis; empty where there is no theory.
    func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve]

    /// Transitions along the key's axis in rising order of location, each with its claim; nil where there is no theory.
    func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]?
}

extension Model {
    public var dataFingerprint: String { "" }
    public var record: JSONValue? { nil }
    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {}
    public func validateWarmSweep(along axis: String) throws(ControlError) {}
    public func worker(_ number: Int) throws -> any ModelWorker { self }
    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? { nil }
    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] { [] }
    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? { nil }
}

/// A model whose declaration belongs to its type: one that is written in Swift.
public protocol StaticModel: Model {
    static var declaration: ModelDeclaration { get }

    /// Reads data and settings.
    /// - Throws: `ControlError` naming the data key at fault, or an error with a sentence that says what, where and
    ///   what would be right.
    init(settings: ModelSettings) throws

    /// Answers one question with exact theory, without training: the members of `query` are the model's keys.
    /// - Throws: an error with a sentence for a question that has no answer.
    static func predict(_ query: JSONValue) throws -> JSONValue
}

extension StaticModel {
    public var declaration: ModelDeclaration { Self.declaration }
}

/// What a spec can name: it declares models of one kind, makes them, and answers questions to their theory.
public struct ModelFamily: Sendable {
    public let declaration: ModelDeclaration
    private let maker: @Sendable (ModelSettings) throws -> any Model
    private let answerer: @Sendable (JSONValue) throws -> JSONValue

    /// - Parameters:
    ///   - make: a model with its data and settings; throws as `StaticModel.init(settings:)`.
    ///   - predict: an answer to a question; throws as `StaticModel.predict`.
    public init(
        _ declaration: ModelDeclaration, make: @escaping @Sendable (ModelSettings) throws -> any Model,
        predict: @escaping @Sendable (JSONValue) throws -> JSONValue
    ) {
        self.declaration = declaration
        maker = make
        answerer = predict
    }

    public init(_ type: (some StaticModel).Type) {
        self.init(type.declaration, make: { try type.init(settings: $0) }, predict: { try type.predict($0) })
    }

    public func make(_ settings: ModelSettings) throws -> any Model { try maker(settings) }
    public func predict(_ query: JSONValue) throws -> JSONValue { try answerer(query) }
}
