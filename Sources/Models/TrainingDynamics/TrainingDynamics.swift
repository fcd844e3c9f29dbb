import Foundation
import Lanes
import PhaseSpace
import Synchronization
import TinyNets

/// The model `training-dynamics`: full-batch gradient descent on tiny nets at the edge of chaos, where the optimiser is
/// the question.
public final class TrainingDynamics: Model {
    enum Source: Sendable {
        case sphere(SphereTeacher)
        case file(SampledData, hash: String)
    }

    let settings: ModelSettings
    let source: Source
    private let drawn = Mutex<[Int: SampledData]>([:])

    public init(settings: ModelSettings) throws {
        self.settings = settings
        source = try Self.source(settings)
    }

    private static func source(_ settings: ModelSettings) throws -> Source {
        let data = settings.data
        guard let file = data["file"]?.text else {
            return .sphere(
                SphereTeacher(
                    inputs: data["inputs"]?.number.map { Int($0) } ?? 16,
                    samples: data["samples"]?.number.map { Int($0) } ?? 32, seed: settings.seed,
                    settings: data.canonical))
        }
        let path = file.hasPrefix("/") || settings.folder.isEmpty ? file : settings.folder + "/" + file
        var table = try RegressionTable(contentsOf: path, target: data["target"]?.text)
        if data["standardize"]?.text == "true" { table = try table.standardized(file: path) }
        guard SampledNetShape.inputRange.contains(table.columns), table.rows <= 512 else {
            throw DataFileError(
                file: path,
                message: "has \(table.rows) rows and \(table.columns) input columns; at most 512 and "
                    + "\(SampledNetShape.inputRange.upperBound) are supported")
        }
        let hash = sha256(try Data(contentsOf: URL(fileURLWithPath: path)))
        return .file(
            SampledData(inputs: table.columns, features: table.inputs, targets: table.targets), hash: hash)
    }

    public var dataFingerprint: String {
        if case .file(_, let hash) = source { hash } else { "" }
    }

    /// The data of a replica; a file's are the same for all.
    func data(replica: Int) -> SampledData {
        switch source {
        case .file(let data, _): return data
        case .sphere(let teacher):
            if let found = drawn.withLock({ $0[replica] }) { return found }
            let data = teacher.draw(replica: replica)
            drawn.withLock { $0[replica] = data }
            return data
        }
    }

    private var inputs: Int {
        switch source {
        case .file(let data, _): data.inputs
        case .sphere(let teacher): teacher.inputs
        }
    }

    // MARK: - Points

    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        _ = try DynamicsSetting(controls, inputs: inputs)
        if controls["schedule"]?.text == "rayleigh", controls["gamma"]?.number ?? 0 > 0 {
            throw ControlError(
                control: "schedule", message: "`schedule` rayleigh reads the curvature off a loss without `gamma`")
        }
    }

    public func packKey(of chain: Chain) -> String {
        guard let setting = try? DynamicsSetting(chain.points[0].controls, inputs: inputs) else { return "" }
        return "\(setting.shape.activation) \(setting.shape.widths)"
    }

    public func run(_ context: any RunContext) throws {
        guard let first = context.nextChain() else { return }
        let setting = try DynamicsSetting(first.points[0].controls, inputs: inputs)
        let queue = ChainRuns(model: self, first: first, context: context)
        let count = data(replica: first.points[0].replica).count
        try DynamicsTrainer(shape: setting.shape, sampleCount: count, precision: settings.precision)
            .run(queue) { context.isCancelled }
    }

    func run(at point: Point) throws -> DynamicsRun {
        let setting = try DynamicsSetting(point.controls, inputs: inputs)
        var plan = DynamicsPlan(
            relativeRate: try point.number("relativeRate"), steps: Int(try point.number("steps")))
        plan.schedule = point.controls["schedule"]?.text.flatMap(DynamicsPlan.Schedule.init) ?? .constant
        plan.annealing = try point.number("annealing")
        plan.normalizesLayers = point.controls["gradientScaling"]?.text == "norms"
        plan.weightDecay = try point.number("gamma")
        plan.record = settings.optimiser["record"]?.number.map { Int($0) } ?? 0
        plan.measuresSharpness = settings.optimiser["sharpness"]?.text == "true"
        return DynamicsRun(
            setting: setting, data: data(replica: point.replica), weights: try initialWeights(point, setting),
            plan: plan)
    }

    /// A function of the replica, the shape and the parameterisation's scales alone: one replica is one net along the
    /// axes of optimisation, so that its boundaries are its own.
    private func initialWeights(_ point: Point, _ setting: DynamicsSetting) throws -> [Double] {
        let shape = setting.shape
        let key = PointIdentity(hex: sha256("\(shape.inputs) \(shape.widths)")).randomKey
        var stream = RandomStream(
            seed: settings.seed, key: key, purpose: .initialWeights, substream: point.replica)
        var weights: [Double] = []
        weights.reserveCapacity(shape.weightCount)
        for (k, scale) in setting.initialScales.enumerated() {
            for _ in setting.layer(k) { weights.append(scale * stream.normal()) }
        }
        return weights
    }
}

/// Chains of one worker as runs of its lanes.
private final class ChainRuns: DynamicsQueue {
    private let model: TrainingDynamics
    private let context: any RunContext
    private var pending: [Point]
    private var underWay: [ObjectIdentifier: (point: Point, begun: Date)] = [:]

    init(model: TrainingDynamics, first: Chain, context: any RunContext) {
        self.model = model
        self.context = context
        pending = first.points
    }

    func nextRun() throws -> DynamicsRun? {
        if pending.isEmpty, let chain = context.nextChain() { pending = chain.points }
        guard !pending.isEmpty else { return nil }
        let point = pending.removeFirst()
        let run = try model.run(at: point)
        underWay[ObjectIdentifier(run)] = (point, Date())
        return run
    }

    func finished(_ run: DynamicsRun, lane: Int) {
        guard let (point, begun) = underWay.removeValue(forKey: ObjectIdentifier(run)) else { return }
        var values = run.summary()
        values["kernelDeviation"] = model.kernelDeviation(run.initialTangentKernel, at: point)
        context.record(
            Observation(
                point: point, outcome: run.outcome, reason: run.reason, values: values, trajectory: run.rows,
                seconds: Date().timeIntervalSince(begun)))
    }
}
