import Lanes
import PhaseSpace
import Support
import Synchronization
import TinyNets

/// The model `weight-decay`: deep nets on a regression task under weight decay.
///
/// Deep linear nets are trained on the moments E[xxᵀ], E[xy], E[y²] with neuron noise averaged exactly, so that
/// neither sampling nor the number of samples blurs a transition.
public final class WeightDecay: StaticModel {
    let settings: ModelSettings
    let source: DataSource
    let starts: Int?
    /// Which branches are followed beside the one through the lowest minimum at the lower end.
    let branches: Branches

    enum Branches: String {
        /// None.
        case one
        /// Those that training leads to from where a minimum is lost.
        case falls
        /// Those that emanate from branch points, too.
        case all
    }
    let lossFunction: LossFunction
    let hasBiases: Bool
    /// Moments by replica and teacher controls: drawn once, used by every point of the axis.
    let momentsCache = Mutex<[DataKey: DataMoments]>([:])
    /// Training and test samples from files by replica.
    let splits = Mutex<[Int: FileData.Split]>([:])
    private let nets = Mutex<[NetKey: SampledNet]>([:])
    /// What theory knows of nets with one hidden layer: proven once, asked for by verdicts and figures.
    let thresholds = Mutex<[ThresholdKey: LayerThreshold?]>([:])

    private struct NetKey: Hashable {
        let data: DataKey
        let activation: UnitActivation
        let widths: [Int]
        let noises: [Double]
    }

    public init(settings: ModelSettings) throws {
        self.settings = settings
        branches = settings.optimiser["branches"]?.text.flatMap(Branches.init) ?? .falls
        starts = settings.optimiser["starts"]?.number.map { Int($0) }
        lossFunction = settings.optimiser["loss"]?.text.flatMap(LossFunction.init) ?? .squaredError
        hasBiases = settings.optimiser["biases"]?.text == "true"
        source = try Self.source(settings)
        try checkLabels()
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
        try validateData(controls)
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

        static func activation(_ controls: [String: ControlValue]) throws(ControlError) -> UnitActivation {
            guard let name = controls["activation"]?.text else { return .linear }
            guard let activation = UnitActivation(name: name) else {
                throw ControlError(
                    control: "activation", message: "`activation` \(name): its numbers are between −100 and 100")
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

    /// Whether the exact theory of one output holds.
    func isDeepLinear(_ setting: Setting) -> Bool {
        setting.activation == .linear && outputCount == 1 && lossFunction == .squaredError && !hasBiases
    }

    /// Whether a net is trained on its data's second moments, its neuron noise averaged exactly. A number of noise
    /// samples asks for frozen masks instead.
    func isOnMoments(_ setting: Setting) -> Bool {
        isDeepLinear(setting) && (settings.optimiser["noiseSamples"] == nil || setting.noises.allSatisfy { $0 == 0 })
    }

    /// The net through samples at some controls; it is the same for all γ and all points of a replica, so that the
    /// frozen noise is part of the objective and not of the point.
    func sampledNet(_ controls: [String: ControlValue], replica: Int, shape: SampledNetShape) throws -> SampledNet {
        let setting = try Setting(controls)
        let key = NetKey(
            data: DataKey(controls, replica: replica), activation: setting.activation, widths: setting.widths,
            noises: setting.noises)
        if let found = nets.withLock({ $0[key] }) { return found }
        let net = try makeSampledNet(controls, replica: replica, shape: shape)
        nets.withLock { $0[key] = net }
        return net
    }

    /// The same without a place to keep it.
    func makeSampledNet(
        _ controls: [String: ControlValue], replica: Int, shape: SampledNetShape
    ) throws -> SampledNet {
        let setting = try Setting(controls)
        guard let samples = samples(controls, replica: replica) else {
            throw ControlError(
                control: "activation",
                message: "only the bias-free linear net of one output under squared errors trains on moments; "
                    + "others need samples")
        }
        var stream = RandomStream(
            seed: settings.seed, key: Self.noiseKey(widths: shape.widths), purpose: .noise, substream: replica)
        let masks = settings.optimiser["noiseSamples"]?.number.map { Int($0) } ?? 64
        return SampledNet(
            shape: shape, data: samples, loss: lossFunction,
            noiseFactors: SampledNet.frozenNoise(
                widths: shape.widths, noises: setting.noises, count: masks, stream: &stream))
    }

    /// The key of the frozen noise of nets with these hidden widths: stored results rest on the hash of `[8, 8]`, written
    /// with a comma and a space.
    package static func noiseKey(widths: [Int]) -> UInt64 {
        PointIdentity(hex: sha256("[" + widths.map(String.init).joined(separator: ", ") + "]")).randomKey
    }

    // MARK: - Theory

    func deepLinearTheory(_ controls: [String: ControlValue], _ ensemble: Ensemble) throws -> DeepLinearTheory? {
        guard let moments = moments(controls, ensemble) else { return nil }
        let setting = try Setting(controls)
        guard isDeepLinear(setting) else { return nil }
        var data = try PrincipalInputs(moments)
        // Moments square the condition number: where that costs digits the samples themselves are asked.
        if data.relativeError > 0.01 * PrincipalInputs.exactness || data.variances.count < moments.inputs,
            case .replica(let replica) = ensemble, let samples = samples(controls, replica: replica)
        {
            data = try PrincipalInputs(features: samples.features, targets: samples.targets, columns: samples.inputs)
        }
        return try DeepLinearTheory(
            gammas: setting.gammas, widths: setting.widths, noises: setting.noises, inputVariances: data.variances,
            correlations: data.correlations, targetSecondMoment: data.targetSecondMoment,
            unexplained: data.unexplained, relativeError: data.relativeError)
    }

    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        if let modes = try modeTheory(controls, ensemble) { return try modes.theory() }
        return try deepLinearTheory(controls, ensemble)?.theory()
    }

    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? {
        guard key.axis == "gamma" else { return nil }
        let controls = key.controls(at: 1)
        if try Setting(controls).activation != .linear { return try nonlinearTransitions(controls, ensemble) }
        if let modes = try modeTheory(controls, ensemble) { return try modes.transitions() }
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
