import Foundation
import Lanes
import PhaseSpace
import Support
import Synchronization
import TinyNets

/// The model `training-dynamics`: full-batch gradient descent on tiny nets at the edge of chaos, where the optimiser is
/// the question.
public final class TrainingDynamics: StaticModel {
    enum Source: Sendable {
        case sphere(SphereTeacher)
        case file(FileData)
    }

    let settings: ModelSettings
    let source: Source
    private let drawn = Mutex<[Int: SampledData]>([:])
    private let splits = Mutex<[Int: FileData.Split]>([:])

    public init(settings: ModelSettings) throws {
        self.settings = settings
        source = try Self.source(settings)
    }

    private static func source(_ settings: ModelSettings) throws -> Source {
        let data = settings.dataReader
        guard data.sets(DataKeys.file) else {
            if let stray = data.first(of: DataKeys.ofFiles) {
                throw ControlError(
                    control: stray.name, message: "`\(stray.name)` belongs to data from a file: set `file` as well")
            }
            return .sphere(
                SphereTeacher(
                    inputs: try data[DataControls.inputs], samples: try data[DataControls.samples],
                    seed: settings.seed, settings: settings.data.canonical))
        }
        let files = try FileData(settings.data, folder: settings.folder, seed: settings.seed)
        guard files.outputs == 1 else {
            throw DataFileError(
                file: files.file,
                message: "gives \(files.outputs) targets; these nets have one output: name two `classes`")
        }
        let count = files.split(replica: 0).training.rows
        guard SampledNetShape.inputRange.contains(files.inputs), count <= sampleLimit else {
            throw DataFileError(
                file: files.file,
                message: "gives \(count) training samples with \(files.inputs) inputs; at most \(sampleLimit) and "
                    + "\(SampledNetShape.inputRange.upperBound) are supported: `limit` and `trainFraction` take fewer rows"
            )
        }
        return .file(files)
    }

    /// Kernels of n samples are n × n.
    private static let sampleLimit = 512

    public var dataFingerprint: String {
        if case .file(let files) = source { files.fingerprint } else { "" }
    }

    /// The training data of a replica; a file's are the same for all, unless it is split at random.
    func data(replica: Int) -> SampledData {
        switch source {
        case .file(let files): return split(files, replica: replica).training.samples
        case .sphere(let teacher):
            if let found = drawn.withLock({ $0[replica] }) { return found }
            let data = teacher.draw(replica: replica)
            drawn.withLock { $0[replica] = data }
            return data
        }
    }

    private func split(_ files: FileData, replica: Int) -> FileData.Split {
        let replica = files.hasSplit ? replica : 0
        if let found = splits.withLock({ $0[replica] }) { return found }
        let split = files.split(replica: replica)
        splits.withLock { $0[replica] = split }
        return split
    }

    /// What a trained net does on samples that it has not seen, by observable; none without test samples.
    func testValues(of run: DynamicsRun, replica: Int) -> Measured {
        guard run.end == .completed, case .file(let files) = source,
            let test = split(files, replica: replica).test
        else { return [:] }
        let outputs = run.setting.shape.outputs(of: run.weights, on: test.inputs)
        let square = zip(outputs, test.targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        var values: Measured = [.testLoss: square / Double(2 * test.rows)]
        if test.isClassification {
            values[.testError] = Double(zip(outputs, test.targets).count { $0 * $1 <= 0 }) / Double(test.rows)
        }
        return values
    }

    private var inputs: Int {
        switch source {
        case .file(let files): files.inputs
        case .sphere(let teacher): teacher.inputs
        }
    }

    // MARK: - Points

    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        let controls = ControlReader(controls)
        _ = try DynamicsSetting(controls, inputs: inputs)
        if try controls[Controls.schedule] == .rayleigh, try controls[Controls.gamma] > 0 {
            throw ControlError(
                control: Controls.schedule.name,
                message: "`schedule` rayleigh reads the curvature off a loss without `gamma`")
        }
    }

    public func packKey(of chain: Chain) -> String { "" }

    public func run(_ context: any RunContext) throws {
        guard let first = context.nextChain() else { return }
        let queue = ChainRuns(model: self, first: first, context: context)
        try DynamicsTrainer(precision: settings.precision).run(queue) { context.isCancelled }
    }

    func run(at point: Point) throws -> DynamicsRun {
        let controls = point.reader
        let setting = try DynamicsSetting(controls, inputs: inputs)
        var plan = DynamicsPlan(
            relativeRate: try controls[Controls.relativeRate], steps: try controls[Controls.steps])
        plan.schedule = try controls[Controls.schedule]
        plan.annealing = try controls[Controls.annealing]
        plan.normalizesLayers = try controls[Controls.gradientScaling] == .norms
        plan.weightDecay = try controls[Controls.gamma]
        plan.record = try settings.reader[MeasureControls.record]
        plan.measuresSharpness = try settings.reader[MeasureControls.sharpness]
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
        var weights = [Double](repeating: 0, count: shape.weightCount)
        weights.withUnsafeMutableBufferPointer { stream.fillNormals($0) }
        for (k, scale) in setting.initialScales.enumerated() {
            for i in setting.layer(k) { weights[i] *= scale }
        }
        return weights
    }
}

/// Chains of one worker as runs.
private final class ChainRuns: DynamicsQueue {
    private let model: TrainingDynamics
    private let context: any RunContext
    private var pending: [Point]
    private var underWay: [ObjectIdentifier: (point: Point, begun: ContinuousClock.Instant)] = [:]

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
        underWay[ObjectIdentifier(run)] = (point, .now)
        return run
    }

    func finished(_ run: DynamicsRun) {
        guard let (point, begun) = underWay.removeValue(forKey: ObjectIdentifier(run)) else { return }
        var values = run.summary()
        values[.kernelDeviation] = model.kernelDeviation(run.initialTangentKernel, at: point)
        values.merge(model.testValues(of: run, replica: point.replica))
        context.record(
            Observation(
                point: point, outcome: run.outcome, reason: run.reason, measured: values, trajectory: run.rows,
                weights: { [shape = run.setting.shape, weights = run.weights] in shape.arrays(of: weights) },
                seconds: elapsed(since: begun)))
    }
}
