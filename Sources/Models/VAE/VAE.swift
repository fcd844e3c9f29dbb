import Lanes
import OrderedCollections
import PhaseSpace
import Synchronization

/// The model `vae`: β-variational autoencoders with one hidden layer in the encoder and one in the decoder, trained to
/// verified minima of the loss averaged over samples and latent noise.
public final class VAE: StaticModel {
    let settings: ModelSettings
    let source: VAESource
    /// Nodes of the quadrature over one latent variable.
    let nodes: Int
    let starts: Int
    private let cache = Mutex<[DataKey: VAESamples]>([:])

    private struct DataKey: Hashable {
        let replica: Int
        let skewness: Double
    }

    public init(settings: ModelSettings) throws {
        self.settings = settings
        nodes = try settings.reader[SettingControls.nodes]
        starts = try settings.reader[SettingControls.starts]
        source = try VAESource(settings)
    }

    public var dataFingerprint: String {
        if case .file(let file, _) = source { file.fingerprint } else { "" }
    }

    package func samples(_ controls: [String: ControlValue], replica: Int) throws -> VAESamples {
        try samples(skewness: try ControlReader(controls)[Controls.skewness], replica: replica)
    }

    func samples(skewness: Double, replica: Int) throws -> VAESamples {
        let key = DataKey(replica: replica, skewness: skewness)
        if let found = cache.withLock({ $0[key] }) { return found }
        let samples = try source.samples(replica: replica, skewness: key.skewness)
        cache.withLock { $0[key] = samples }
        return samples
    }

    /// Variances of the teacher's distribution.
    var populationVariances: [Double]? {
        if case .teacher(let teacher) = source { teacher.variances } else { nil }
    }

    // MARK: - Points

    private static let nodeLimit = 4096

    package func net(_ controls: [String: ControlValue], replica: Int, nodes: Int? = nil) throws
        -> VAENet
    {
        let controls = ControlReader(controls)
        let setting = try Setting(controls)
        let samples = try samples(skewness: setting.skewness, replica: replica)
        // Two nodes average a linear decoder exactly, and ReLU has closed forms.
        let order = setting.activation == .tanh ? nodes ?? self.nodes : 2
        let shape = VAEShape(
            inputs: samples.inputs, hidden: setting.hidden, latent: setting.latent,
            hasBiases: setting.hasBiases,
            learnsPosterior: setting.posterior == .learned)
        return VAENet(
            shape: shape, activation: setting.activation, samples: samples.values, shares: samples.shares,
            beta: try controls[BetaVAE.beta], decoderVariance: setting.decoderVariance,
            encoderVariance: setting.encoderVariance, decay: setting.gamma,
            lostVariance: samples.lostVariance,
            rule: try LatentQuadrature(latent: shape.latent, order: order))
    }

    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        let setting = try Setting(ControlReader(controls))
        if setting.activation == .tanh,
            power(Double(nodes), Double(setting.latent)) > Double(Self.nodeLimit)
        {
            throw ControlError(
                control: Controls.latent.name,
                message:
                    "\(nodes) quadrature nodes in each of \(setting.latent) latent dimensions are more than "
                    + "\(Self.nodeLimit): tanh nets take fewer `nodes` or dimensions")
        }
        let shape = VAEShape(
            inputs: source.inputs, hidden: setting.hidden, latent: setting.latent, hasBiases: true,
            learnsPosterior: true)
        // The Hessian by the weights and in the chart, its eigenvectors of this step and of the last one, and what GSL
        // takes for them.
        let weights = Double(shape.weightCount)
        try MemoryLimit.check(
            6 * 8 * weights * weights, control: Controls.hidden.name,
            lower: "`hidden`" + (source.isFile ? ", or keep fewer `components`" : " or the number of inputs"))
        if setting.skewness != 0, case .file = source {
            throw ControlError(
                control: Controls.skewness.name,
                message: "`skewness` belongs to `teacher`; a file has its own")
        }
    }

    public func validateWarmSweep(along axis: String) throws(ControlError) {
        guard [Controls.latent.name, Controls.hidden.name].contains(axis) else { return }
        throw ControlError(
            control: axis,
            message:
                "a warm sweep cannot run along `\(axis)`, which changes the net's shape: use `direction: cold`"
        )
    }
}
