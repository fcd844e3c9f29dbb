import OrderedCollections
import PhaseSpace
import Support

/// Every point of a sweep and the chains that run them. Both are computed when asked for: a plan of ten million
/// points takes no more memory than one of ten.
public struct SweepPlan: Sendable {
    public let spec: SweepSpec
    public let physics: Physics
    /// Rising values of the spec's `along` axis; they are part of the identity of every point that hangs in a chain.
    public let grid: [Double]
    /// Directions whose points hang together in one chain along the axis.
    let chained: [Direction]
    private let alongDimension: Int?
    private let coldForm: IdentityForm
    private let chainedForm: IdentityForm
    /// Indices into the `along` dimension in the order of `grid`.
    private let risingOrder: [Int]
    /// Nil where controls are derived from others.
    let identities: PlanIdentities?
    private let made: (any Model)?

    /// The model with the spec's data and settings.
    /// - Precondition: the plan was not made for reading alone.
    public var model: any Model {
        guard let made else { preconditionFailure("a plan for reading has no model") }
        return made
    }

    /// What the store keeps of a model that is made at run time.
    var record: JSONValue? { made?.record }

    /// Makes the model, which reads its data, and checks all combinations of controls.
    /// - Parameters:
    ///   - effort: what step limits are multiplied by; points that end before their limit do not depend on it.
    ///   - constants: of a store whose results are read; its revision of the model is taken then.
    /// - Throws: `SpecError` with file, line and column; the model's own error where data cannot be read.
    public init(_ spec: SweepSpec, effort: Int = 1, reading constants: JSONValue? = nil) throws {
        let model = try spec.model(effort: effort)
        self.init(spec, model, fingerprint: model.dataFingerprint, constants)
    }

    /// A plan to look up points in a store, without a model: data are neither read nor checked, and external ones are
    /// those that the store was made with.
    /// - Parameter constants: of the store; nil where there is none.
    /// - Throws: `SpecError` where a formula has no value.
    public init(reading spec: SweepSpec, constants: JSONValue?) throws(SpecError) {
        if !spec.derived.isEmpty { try spec.validateCombinations(of: nil) }
        if !spec.declaration.version.isEmpty {
            self.init(spec, nil, fingerprint: constants?["settings"]?["program"]?["fingerprint"]?.text ?? "", constants)
            return
        }
        let file = constants?["data"]?["file"]?.text ?? ""
        self.init(spec, nil, fingerprint: file.isFingerprint ? file : "", constants)
    }

    /// What to say of results of another revision than the model's own; nil for those of its own.
    public var revisionNote: String? {
        let own = spec.declaration.revision
        guard physics.revision != own else { return nil }
        return "the results are of revision \(physics.revision) of \(physics.model); this version computes revision "
            + "\(own)"
    }

    private init(_ spec: SweepSpec, _ model: (any Model)?, fingerprint: String, _ constants: JSONValue?) {
        self.spec = spec
        made = model
        let settings = spec.settings
        let version = spec.declaration.version
        physics = Physics(
            model: spec.declaration.name,
            revision: constants.map(Physics.revision(in:)) ?? spec.declaration.revision, seed: spec.seed,
            data: version.isEmpty ? Self.data(of: spec, fingerprint) : settings.data,
            settings: Self.settings(settings, version: version, fingerprint))
        alongDimension = spec.dimensions.firstIndex { $0.controls == [spec.along] }
        let values = alongDimension.flatMap { spec.dimensions[$0].numbers } ?? []
        risingOrder = values.indices.sorted { values[$0] < values[$1] }
        grid = risingOrder.map { values[$0] }
        chained = spec.directions.filter { $0 != .cold }
        let controls = spec.declaration.controls.map(\.name)
        coldForm = IdentityForm(physics, grid: nil, along: nil, controls: controls)
        chainedForm = IdentityForm(physics, grid: grid, along: spec.along, controls: controls)
        identities = PlanIdentities(spec, cold: coldForm, chained: chainedForm)
    }

    private static func settings(_ settings: ModelSettings, version: String, _ fingerprint: String) -> JSONValue {
        let own: OrderedDictionary<String, JSONValue> = [
            "precision": .text(settings.precision.rawValue), "optimiser": settings.optimiser,
        ]
        let program: JSONValue = ["version": .text(version), "fingerprint": .text(fingerprint)]
        return .object(version.isEmpty ? own : own.merging(["program": program]) { $1 })
    }

    /// The data section as it enters identities: external data count by their content, not by the name of their file.
    private static func data(of spec: SweepSpec, _ fingerprint: String) -> JSONValue {
        let data = spec.settings.data
        guard !fingerprint.isEmpty, case .object(var members) = data, members["file"] != nil else { return data }
        members["file"] = .text(fingerprint)
        return .object(members)
    }

    // MARK: - Counts

    public var pointCount: Int { spec.combinationCount * pointsPerCombination }
    public var chainCount: Int { chainedChainCount + coldChainCount }
    /// Every point in canonical order: by the spec's axes, outermost first, then by replica, then by direction.
    public var points: Points { Points(plan: self) }
    /// Every chain, those of many points first: they take longest.
    public var chains: Chains { Chains(plan: self) }

    private var pointsPerCombination: Int { spec.replicas * spec.directions.count }
    var chainedChainCount: Int {
        chained.isEmpty ? 0 : spec.combinationCount / grid.count * spec.replicas * chained.count
    }
    private var coldChainCount: Int {
        spec.directions.contains(.cold) ? spec.combinationCount * spec.replicas : 0
    }

    // MARK: - Points

    func point(at index: Int) -> Point {
        let direction = spec.directions[index % spec.directions.count]
        let replica = index / spec.directions.count % spec.replicas
        return point(controls(ofCombination: index / pointsPerCombination), replica, direction)
    }

    private func controls(ofCombination index: Int) -> [String: ControlValue] {
        var controls = spec.fixed
        var rest = index
        for dimension in spec.dimensions.reversed() {
            controls.set(dimension, rest % dimension.values.count)
            rest /= dimension.values.count
        }
        controls.derive(spec.derived)
        return controls
    }

    private func point(_ controls: [String: ControlValue], _ replica: Int, _ direction: Direction) -> Point {
        let form = direction == .cold ? coldForm : chainedForm
        let identity = form.identity(controls: controls, replica: replica, direction: direction)
        return Point(controls: controls, replica: replica, direction: direction, identity: identity)
    }

    func offGridPoint(_ controls: [String: ControlValue], replica: Int) -> Point { point(controls, replica, .cold) }

    // MARK: - Chains

    func chain(at index: Int) -> Chain {
        if index >= chainedChainCount {
            let cold = index - chainedChainCount
            let point = point(controls(ofCombination: cold / spec.replicas), cold % spec.replicas, .cold)
            return Chain(points: [point], axis: spec.along)
        }
        let direction = chained[index % chained.count]
        let replica = index / chained.count % spec.replicas
        var controls = spec.fixed
        var rest = index / chained.count / spec.replicas
        for (d, dimension) in spec.dimensions.enumerated().reversed() where d != alongDimension {
            controls.set(dimension, rest % dimension.values.count)
            rest /= dimension.values.count
        }
        let order = direction == .down ? risingOrder.reversed() : risingOrder
        let points = order.map { element in
            controls.set(spec.dimensions[alongDimension!], element)
            controls.derive(spec.derived)
            return point(controls, replica, direction)
        }
        return Chain(points: points, axis: spec.along)
    }
}

extension SweepPlan {
    /// Number of points of the chain of an index.
    func length(ofChain index: Int) -> Int { index < chainedChainCount ? grid.count : 1 }

    /// Calls with a function that appends the identities of a chain's points, in their order.
    func withIdentitiesOfChains(_ body: ((_ chain: Int, _ points: inout [PointIdentity]) -> Void) -> Void) {
        guard let identities else {
            body { index, points in points += chain(at: index).points.map(\.identity) }
            return
        }
        var scratch = identities.scratch()
        body { index, points in
            if index >= chainedChainCount {
                let cold = index - chainedChainCount
                identities.setDigits(of: cold / spec.replicas, in: &scratch)
                points.append(identities.identity(cold % spec.replicas, .cold, &scratch))
                return
            }
            let direction = chained[index % chained.count]
            let rest = index / chained.count
            identities.setDigits(of: rest / spec.replicas, skipping: alongDimension, in: &scratch)
            for element in direction == .down ? risingOrder.reversed() : risingOrder {
                scratch.digits[alongDimension!] = element
                points.append(identities.identity(rest % spec.replicas, direction, &scratch))
            }
        }
    }

    public struct Points: RandomAccessCollection, Sendable {
        let plan: SweepPlan
        public var startIndex: Int { 0 }
        public var endIndex: Int { plan.pointCount }
        public subscript(index: Int) -> Point { plan.point(at: index) }
    }

    public struct Chains: RandomAccessCollection, Sendable {
        let plan: SweepPlan
        public var startIndex: Int { 0 }
        public var endIndex: Int { plan.chainCount }
        public subscript(index: Int) -> Chain { plan.chain(at: index) }
    }
}

extension SweepPlan {
    /// What a store's results rest on besides the axes: physics, and the controls that are the same at all points.
    public var constants: JSONValue {
        guard case .object(var members) = physics.json else { return physics.json }
        let controls = spec.fixed.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }
        members["controls"] = .list(spec.declaration.controls.map(\.name).sorted().map(JSONValue.text))
        members["fixed"] = .object(OrderedDictionary(uniqueKeysWithValues: controls))
        if !spec.derived.isEmpty {
            let formulas = spec.derived.sorted { $0.name < $1.name }.map { ($0.name, JSONValue.text($0.formula.text)) }
            members["derived"] = .object(OrderedDictionary(uniqueKeysWithValues: formulas))
        }
        return .object(members)
    }
}

extension [String: ControlValue] {
    /// Sets derived controls at a combination that the spec's reader has found to be right.
    mutating func derive(_ derived: [DerivedControl]) {
        do throws(ControlError) { try set(derived) } catch { preconditionFailure("a checked combination: \(error)") }
    }
}

extension String {
    /// SHA-256 of one file or of several, with spaces between them.
    fileprivate var isFingerprint: Bool {
        split(separator: " ", omittingEmptySubsequences: false).allSatisfy { PointIdentity(ifHex: String($0)) != nil }
    }
}
