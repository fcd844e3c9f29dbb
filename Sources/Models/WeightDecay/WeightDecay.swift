import Foundation
import Lanes
import PhaseSpace
import Synchronization
import TinyNets

/// The model `weight-decay`: deep nets on a regression task under weight decay.
///
/// Deep linear nets are trained on the moments E[xxᵀ], E[xy], E[y²] with neuron noise averaged exactly, so that
/// neither sampling nor the number of samples blurs a transition.
public final class WeightDecay: Model {
    enum DataSource: Sendable {
        case teacher(GaussianTeacher)
        case file(RegressionTable, hash: String)
        /// Given moments, the same for all replicas.
        case moments(DataMoments)
    }

    let settings: ModelSettings
    let source: DataSource
    let starts: Int?
    /// Moments by replica and teacher controls: drawn once, used by every point of the axis.
    private let cache = Mutex<[MomentsKey: DataMoments]>([:])
    private let nets = Mutex<[NetKey: SampledNet]>([:])

    private struct MomentsKey: Hashable {
        let replica: Int
        let signal: Double
        let labelNoise: Double
    }

    private struct NetKey: Hashable {
        let data: MomentsKey
        let activation: UnitActivation
        let widths: [Int]
        let noises: [Double]
    }

    public init(settings: ModelSettings) throws {
        self.settings = settings
        starts = settings.optimiser["starts"]?.number.map { Int($0) }
        source = try Self.source(settings)
    }

    private static func source(_ settings: ModelSettings) throws -> DataSource {
        let data = settings.data
        if let file = data["file"]?.text {
            for key in ["teacher", "inputs", "inputVariances", "samples"] where !(data[key]?.isNull ?? true) {
                throw ControlError(
                    control: key, message: "`\(key)` belongs to data from a teacher, not from a file")
            }
            let path = file.hasPrefix("/") || settings.folder.isEmpty ? file : settings.folder + "/" + file
            var table = try RegressionTable(contentsOf: path, target: data["target"]?.text)
            if data["standardize"]?.text == "true" { table = try table.standardized(file: path) }
            guard table.columns <= 64 else {
                throw DataFileError(file: path, message: "has \(table.columns) input columns; at most 64 are supported")
            }
            let hash = sha256(try Data(contentsOf: URL(fileURLWithPath: path)))
            return .file(table, hash: hash)
        }
        if let correlations = data["correlations"], !correlations.isNull { return .moments(try givenMoments(data)) }
        for key in ["target", "standardize"] where !(data[key]?.isNull ?? true) {
            throw ControlError(control: key, message: "`\(key)` belongs to data from a file: set `file` as well")
        }
        guard data["teacher"]?.text != nil else {
            throw ControlError(
                control: "data",
                message: "`data` needs a source: {teacher: gaussian, inputs: 5, samples: 200}, {file: data.csv} or "
                    + "{inputVariances: [1, 2], correlations: [0.5, 1]}")
        }
        let listed = data["inputVariances"]?.numbers
        let inputs = data["inputs"]?.number.map { Int($0) } ?? listed?.count
        guard let inputs else {
            throw ControlError(control: "inputs", message: "`data` needs `inputs`, the input dimension of the teacher")
        }
        let variances = listed ?? Array(repeating: data["inputVariances"]?.number ?? 1, count: inputs)
        guard variances.count == inputs else {
            throw ControlError(
                control: "inputVariances",
                message: "`inputVariances` has \(variances.count) values for \(inputs) inputs: give one for each")
        }
        guard let samples = data["samples"] else {
            throw ControlError(
                control: "samples", message: "`data` needs `samples`: a whole number ≥ 2, or `population`")
        }
        return .teacher(
            GaussianTeacher(
                inputVariances: variances, samples: samples.number.map { Int($0) }, seed: settings.seed,
                settings: data.canonical))
    }

    /// Moments in the eigenbasis of the inputs: `inputVariances`, `correlations`, `targetSecondMoment`.
    private static func givenMoments(_ data: JSONValue) throws -> DataMoments {
        for key in ["teacher", "inputs", "samples", "target", "standardize"] where !(data[key]?.isNull ?? true) {
            throw ControlError(control: key, message: "`\(key)` and `correlations` exclude each other")
        }
        let correlations = data["correlations"]?.numbers ?? [data["correlations"]?.number].compactMap { $0 }
        let given = data["inputVariances"]
        let variances = given?.numbers ?? Array(repeating: given?.number ?? 1, count: correlations.count)
        guard variances.count == correlations.count else {
            throw ControlError(
                control: "correlations",
                message: "`correlations` has \(correlations.count) values and `inputVariances` \(variances.count): "
                    + "one of each per input")
        }
        let explained = zip(variances, correlations).reduce(0) { $0 + $1.1 * $1.1 / $1.0 }
        let target = data["targetSecondMoment"]?.number ?? explained
        guard target >= explained * (1 - 1e-12) else {
            throw ControlError(
                control: "targetSecondMoment",
                message: "`targetSecondMoment` \(target) is below \(explained), the part that the inputs explain")
        }
        let d = variances.count
        var second = [Double](repeating: 0, count: d * d)
        for i in 0..<d { second[i * d + i] = variances[i] }
        return DataMoments(
            inputs: d, inputSecondMoment: second, crossMoment: correlations, targetSecondMoment: target)
    }

    public var dataFingerprint: String {
        if case .file(_, let hash) = source { hash } else { "" }
    }

    // MARK: - Points

    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        let setting = try Setting(controls)
        guard setting.depth <= Self.maximumTrainedDepth else {
            throw ControlError(
                control: "depth",
                message: "`depth` \(setting.depth) is too deep to train (at most \(Self.maximumTrainedDepth)); "
                    + "`landau predict weight-decay` has the theory up to 100")
        }
        if let width = setting.widths.max(), width > 128 {
            throw ControlError(control: "width", message: "`width` \(width) is too large to train (at most 128)")
        }
        if case .teacher = source {
        } else {
            for (name, neutral) in [("signal", 1.0), ("labelNoise", 0.0)] {
                guard controls[name]?.number ?? neutral == neutral else {
                    throw ControlError(
                        control: name, message: "`\(name)` belongs to data from a teacher")
                }
            }
        }
    }

    public func validateWarmSweep(along axis: String) throws(ControlError) {
        guard ["depth", "width"].contains(axis) else { return }
        throw ControlError(
            control: axis,
            message: "a warm sweep (`up`, `down`) cannot run along `\(axis)`, which changes the net's shape: use "
                + "`direction: cold`, or another `along`")
    }

    /// Controls of one net, read and checked against each other.
    struct Setting: Sendable {
        let activation: UnitActivation
        let depth: Int
        let gammas: [Double]
        let widths: [Int]
        let noises: [Double]

        init(_ controls: [String: ControlValue]) throws(ControlError) {
            guard let depth = controls["depth"]?.number.map({ Int($0) }) else {
                throw ControlError(control: "depth", message: "`depth` is missing")
            }
            self.depth = depth
            activation = try Self.activation(controls)
            gammas = try Self.spread(controls, "gamma", over: depth + 1, "one per layer, depth + 1 in all")
            widths = try Self.spread(controls, "width", over: depth, "one per hidden layer").map { Int($0) }
            noises = try Self.spread(controls, "noise", over: depth, "one per hidden layer")
        }

        private static func activation(_ controls: [String: ControlValue]) throws(ControlError) -> UnitActivation {
            guard let name = controls["activation"]?.text else { return .linear }
            guard let activation = UnitActivation(name: name) else {
                throw ControlError(
                    control: "activation",
                    message:
                        "`activation` has no value `\(name)`\(nearestHint(to: name, among: UnitActivation.names)); "
                        + "allowed: \(UnitActivation.names.joined(separator: ", ")), with numbers for a and b")
            }
            return activation
        }

        private static func spread(
            _ controls: [String: ControlValue], _ name: String, over count: Int, _ rule: String
        ) throws(ControlError) -> [Double] {
            switch controls[name] {
            case .number(let x): return Array(repeating: x, count: count)
            case .list(let xs) where xs.count == count: return xs
            case .list(let xs):
                throw ControlError(
                    control: name, message: "`\(name)` has \(xs.count) values where \(count) belong: \(rule)")
            default: throw ControlError(control: name, message: "`\(name)` is missing")
            }
        }
    }

    /// Moments of a replica's data set (of the distribution for `population`); nil where data have no distribution.
    func moments(_ controls: [String: ControlValue], _ ensemble: Ensemble) -> DataMoments? {
        switch (source, ensemble) {
        case (.file, .population): return nil
        case (.file(let table, _), .replica):
            return cached(MomentsKey(replica: 0, signal: 1, labelNoise: 0)) { table.moments }
        case (.moments(let moments), _): return moments
        case (.teacher(let teacher), _):
            let signal = controls["signal"]?.number ?? 1
            let labelNoise = controls["labelNoise"]?.number ?? 0
            guard case .replica(let replica) = ensemble else {
                return teacher.populationMoments(signal: signal, labelNoise: labelNoise)
            }
            return cached(MomentsKey(replica: replica, signal: signal, labelNoise: labelNoise)) {
                teacher.moments(replica: replica, signal: signal, labelNoise: labelNoise)
            }
        }
    }

    private func cached(_ key: MomentsKey, _ make: () -> DataMoments) -> DataMoments {
        if let found = cache.withLock({ $0[key] }) { return found }
        let moments = make()
        cache.withLock { $0[key] = moments }
        return moments
    }

    /// A replica's samples; nil where there are only moments.
    func samples(_ controls: [String: ControlValue], replica: Int) -> SampledData? {
        switch source {
        case .moments: return nil
        case .file(let table, _):
            return SampledData(inputs: table.columns, features: table.inputs, targets: table.targets)
        case .teacher(let teacher):
            guard let count = teacher.samples else { return nil }
            let data = teacher.draw(
                replica: replica, samples: count, signal: controls["signal"]?.number ?? 1,
                labelNoise: controls["labelNoise"]?.number ?? 0)
            return SampledData(inputs: teacher.dimension, features: data.inputs, targets: data.targets)
        }
    }

    /// The net through samples at some controls; it is the same for all γ and all points of a replica, so that the
    /// frozen noise is part of the objective and not of the point.
    func sampledNet(_ controls: [String: ControlValue], replica: Int, shape: DeepLinearShape) throws -> SampledNet {
        let setting = try Setting(controls)
        let key = NetKey(
            data: MomentsKey(
                replica: replica, signal: controls["signal"]?.number ?? 1,
                labelNoise: controls["labelNoise"]?.number ?? 0),
            activation: setting.activation, widths: setting.widths, noises: setting.noises)
        if let found = nets.withLock({ $0[key] }) { return found }
        guard let samples = samples(controls, replica: replica) else {
            throw ControlError(control: "activation", message: "a nonlinear net needs samples")
        }
        var stream = RandomStream(
            seed: settings.seed, key: PointIdentity(hex: sha256("\(shape.widths)")).randomKey, purpose: .noise,
            substream: replica)
        let masks = settings.optimiser["noiseSamples"]?.number.map { Int($0) } ?? 64
        let net = SampledNet(
            shape: try SampledNetShape(inputs: shape.inputs, widths: shape.widths, activation: setting.activation),
            data: samples,
            noiseFactors: SampledNet.frozenNoise(
                widths: shape.widths, noises: setting.noises, count: masks, stream: &stream))
        nets.withLock { $0[key] = net }
        return net
    }

    // MARK: - Theory

    func deepLinearTheory(_ controls: [String: ControlValue], _ ensemble: Ensemble) throws -> DeepLinearTheory? {
        guard let moments = moments(controls, ensemble) else { return nil }
        let setting = try Setting(controls)
        guard setting.activation == .linear else { return nil }
        let (variances, correlations) = try moments.principal()
        return try DeepLinearTheory(
            gammas: setting.gammas, widths: setting.widths, noises: setting.noises, inputVariances: variances,
            correlations: correlations, targetSecondMoment: moments.targetSecondMoment)
    }

    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        try deepLinearTheory(controls, ensemble)?.theory()
    }

    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? {
        guard key.axis == "gamma" else { return nil }
        let controls = key.controls(at: 1)
        if try Setting(controls).activation != .linear { return try nonlinearTransitions(controls, ensemble) }
        return try deepLinearTheory(controls, ensemble)?.transitions()
    }

    public func theoryCurves(
        named name: String, of key: CurveKey, over axisValues: [Double], _ ensemble: Ensemble
    ) throws -> [TheoryCurve] {
        switch name {
        case "equilibrium": try equilibriumCurves(of: key, over: axisValues, ensemble)
        case "branches": try branchCurves(of: key, over: axisValues, ensemble)
        case "landscape": try landscapeCurves(of: key, ensemble)
        default: []
        }
    }
}
