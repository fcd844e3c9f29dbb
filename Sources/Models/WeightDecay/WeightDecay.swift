import Foundation
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
    }

    let settings: ModelSettings
    let source: DataSource
    let starts: Int?
    /// Moments by replica and teacher controls: drawn once, used by every point of the axis.
    private let cache = Mutex<[MomentsKey: DataMoments]>([:])

    private struct MomentsKey: Hashable {
        let replica: Int
        let signal: Double
        let labelNoise: Double
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
        for key in ["target", "standardize"] where !(data[key]?.isNull ?? true) {
            throw ControlError(control: key, message: "`\(key)` belongs to data from a file: set `file` as well")
        }
        guard data["teacher"]?.text != nil else {
            throw ControlError(
                control: "data",
                message: "`data` needs a source: {teacher: gaussian, inputs: 5, samples: 200} or {file: data.csv}")
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
        if case .file = source {
            for (name, neutral) in [("signal", 1.0), ("labelNoise", 0.0)] {
                guard controls[name]?.number ?? neutral == neutral else {
                    throw ControlError(
                        control: name, message: "`\(name)` belongs to data from a teacher, not from a file")
                }
            }
        }
    }

    /// Controls of one net, read and checked against each other.
    struct Setting: Sendable {
        let depth: Int
        let gammas: [Double]
        let widths: [Int]
        let noises: [Double]

        init(_ controls: [String: ControlValue]) throws(ControlError) {
            guard let depth = controls["depth"]?.number.map({ Int($0) }) else {
                throw ControlError(control: "depth", message: "`depth` is missing")
            }
            self.depth = depth
            gammas = try Self.spread(controls, "gamma", over: depth + 1, "one per layer, depth + 1 in all")
            widths = try Self.spread(controls, "width", over: depth, "one per hidden layer").map { Int($0) }
            noises = try Self.spread(controls, "noise", over: depth, "one per hidden layer")
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

    // MARK: - Theory

    func deepLinearTheory(_ controls: [String: ControlValue], _ ensemble: Ensemble) throws -> DeepLinearTheory? {
        guard let moments = moments(controls, ensemble) else { return nil }
        let setting = try Setting(controls)
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
        return try deepLinearTheory(key.controls(at: 1), ensemble)?.transitions()
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
