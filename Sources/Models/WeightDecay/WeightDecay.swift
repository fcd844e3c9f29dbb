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

    /// What cold starts move by; nil for the fastest way down.
    let optimiser: Optimiser?
    let lossFunction: LossFunction
    let hasBiases: Bool
    /// Whether linear nets, too, have frozen masks of noise.
    private let freezesNoise: Bool
    private let noiseSamples: Int
    /// Moments by replica and teacher controls: drawn once, used by every point of the axis.
    let momentsCache = Mutex<[DataKey: DataMoments]>([:])
    /// Training and test samples from files by replica.
    let splits = Mutex<[Int: FileData.Split]>([:])
    private let nets = Mutex<[NetKey: SampledNet]>([:])
    /// What theory knows of nets with one hidden layer: proven once, asked for by verdicts and figures.
    let thresholds = Mutex<[ThresholdKey: LayerThreshold?]>([:])
    let orderedNets = Mutex<[ThresholdKey: [OrderedNet]]>([:])

    private struct NetKey: Hashable {
        let data: DataKey
        let activation: UnitActivation
        let widths: [Int]
        let noises: [Double]
    }

    public init(settings: ModelSettings) throws {
        self.settings = settings
        let keys = settings.reader
        branches = try keys[TrainingControls.branches]
        starts = try keys[TrainingControls.starts]
        optimiser = try TrainingControls.chosenOptimiser(keys)
        lossFunction = try keys[NetControls.loss]
        hasBiases = try keys[NetControls.biases]
        freezesNoise = keys.sets(NetControls.noiseSamples)
        noiseSamples = try keys[NetControls.noiseSamples]
        source = try Self.source(settings)
        try checkLabels()
    }

    // MARK: - Points

    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        let controls = ControlReader(controls)
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
        try validateSamples(setting)
    }

    public func validateWarmSweep(along axis: String) throws(ControlError) {
        if let optimiser, !optimiser.isPolished {
            throw ControlError(
                control: TrainingControls.polish.name,
                message: "warm sweeps and branches go on from minima, which `polish: false` leaves out: use "
                    + "`direction: cold`")
        }
        guard axis == Controls.depth.name || axis == Controls.width.name else { return }
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

        init(_ controls: ControlReader) throws(ControlError) {
            let depth = try controls[Controls.depth]
            self.depth = depth
            activation = try controls[Controls.activation]
            gammas = try Self.spread(controls, Controls.gamma, over: depth + 1, "one per layer, depth + 1 in all")
            widths = try Self.spread(controls, Controls.width, over: depth, "one per hidden layer")
            noises = try Self.spread(controls, Controls.noise, over: depth, "one per hidden layer")
        }

        private static func spread<Element>(
            _ controls: ControlReader, _ control: Control<PerLayer<Element>>, over count: Int, _ rule: String
        ) throws(ControlError) -> [Element] {
            let values = try controls[control]
            guard let spread = values.spread(over: count) else {
                throw ControlError(
                    control: control.name,
                    message: "`\(control.name)` has \(values.count ?? 1) values where \(count) belong: \(rule)")
            }
            return spread
        }
    }

    /// Whether the exact theory of one output holds.
    func isDeepLinear(_ setting: Setting) -> Bool {
        setting.activation == .linear && outputCount == 1 && lossFunction == .squaredError && !hasBiases
    }

    /// Whether a net is trained on its data's second moments, its neuron noise averaged exactly. A number of noise
    /// samples asks for frozen masks instead.
    func isOnMoments(_ setting: Setting) -> Bool {
        isDeepLinear(setting) && (!freezesNoise || setting.noises.allSatisfy { $0 == 0 })
    }

    /// The net through samples at some controls; it is the same for all γ and all points of a replica, so that the
    /// frozen noise is part of the objective and not of the point.
    func sampledNet(_ controls: ControlReader, replica: Int, shape: SampledNetShape) throws -> SampledNet {
        let setting = try Setting(controls)
        let key = NetKey(
            data: try DataKey(controls, replica: replica), activation: setting.activation, widths: setting.widths,
            noises: setting.noises)
        if let found = nets.withLock({ $0[key] }) { return found }
        let net = try makeSampledNet(controls, replica: replica, shape: shape)
        nets.withLock { $0[key] = net }
        return net
    }

    /// The same without a place to keep it.
    func makeSampledNet(
        _ controls: ControlReader, replica: Int, shape: SampledNetShape
    ) throws -> SampledNet {
        let setting = try Setting(controls)
        guard let samples = try samples(controls, replica: replica) else {
            throw ControlError(
                control: "activation",
                message: "only the bias-free linear net of one output under squared errors trains on moments; "
                    + "others need samples")
        }
        var stream = RandomStream(
            seed: settings.seed, key: Self.noiseKey(widths: shape.widths), purpose: .noise, substream: replica)
        return SampledNet(
            shape: shape, data: samples, loss: lossFunction,
            noiseFactors: SampledNet.frozenNoise(
                widths: shape.widths, noises: setting.noises, count: noiseSamples, stream: &stream))
    }

    /// The key of the frozen noise of nets with these hidden widths: stored results rest on the hash of `[8, 8]`, written
    /// with a comma and a space.
    package static func noiseKey(widths: [Int]) -> UInt64 {
        PointIdentity(hex: sha256("[" + widths.map(String.init).joined(separator: ", ") + "]")).randomKey
    }

    // MARK: - Theory

    func deepLinearTheory(_ controls: ControlReader, _ ensemble: Ensemble) throws -> DeepLinearTheory? {
        guard let moments = try moments(controls, ensemble) else { return nil }
        let setting = try Setting(controls)
        guard isDeepLinear(setting) else { return nil }
        var data = try PrincipalInputs(moments)
        // Moments square the condition number: where that costs digits the samples themselves are asked.
        if data.relativeError > 0.01 * PrincipalInputs.exactness || data.variances.count < moments.inputs,
            case .replica(let replica) = ensemble, let samples = try samples(controls, replica: replica)
        {
            data = try PrincipalInputs(features: samples.features, targets: samples.targets, columns: samples.inputs)
        }
        return try DeepLinearTheory(
            gammas: setting.gammas, widths: setting.widths, noises: setting.noises, inputVariances: data.variances,
            correlations: data.correlations, targetSecondMoment: data.targetSecondMoment,
            unexplained: data.unexplained, relativeError: data.relativeError)
    }

    public func theory(of controls: [String: ControlValue], _ ensemble: Ensemble) throws -> Theory? {
        let controls = ControlReader(controls)
        if let modes = try modeTheory(controls, ensemble) { return Theory(measured: try modes.values()) }
        return try deepLinearTheory(controls, ensemble)?.theory()
    }

    public func exactTransitions(of key: CurveKey, _ ensemble: Ensemble) throws -> [Transition]? {
        guard key.isAlong(Controls.gamma) else { return nil }
        let controls = key.reader(at: 1)
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
        case "modes": try modeCurves(of: key, ensemble)
        default: []
        }
    }
}
