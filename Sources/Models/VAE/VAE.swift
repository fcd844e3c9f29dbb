import Lanes
import OrderedCollections
import PhaseSpace
import Synchronization

/// The model `vae`: β-variational autoencoders with one hidden layer in the encoder and one in the decoder, trained to
/// verified minima of the loss averaged over samples and latent noise.
public final class VAE: Model {
    let settings: ModelSettings
    let source: VAESource
    private let cache = Mutex<[DataKey: VAESamples]>([:])

    private struct DataKey: Hashable {
        let replica: Int
        let skewness: Double
    }

    public init(settings: ModelSettings) throws {
        self.settings = settings
        source = try VAESource(settings)
    }

    public var dataFingerprint: String { if case .file(let file, _) = source { file.fingerprint } else { "" } }

    package func samples(_ controls: [String: ControlValue], replica: Int) throws -> VAESamples {
        let key = DataKey(replica: replica, skewness: controls["skewness"]?.number ?? 0)
        if let found = cache.withLock({ $0[key] }) { return found }
        let samples = try source.samples(replica: replica, skewness: key.skewness)
        cache.withLock { $0[key] = samples }
        return samples
    }

    /// Variances of the teacher's distribution.
    var populationVariances: [Double]? { if case .teacher(let teacher) = source { teacher.variances } else { nil } }

    // MARK: - Points

    /// Nodes of the quadrature over one latent variable.
    var nodes: Int { Int(settings.optimiser["nodes"]?.number ?? 12) }
    private static let nodeLimit = 4096

    package func net(_ controls: [String: ControlValue], replica: Int, nodes: Int? = nil) throws -> VAENet {
        func number(_ name: String) -> Double { controls[name]!.number! }
        let samples = try samples(controls, replica: replica)
        let activation = VAEActivation(rawValue: controls["activation"]!.text!)!
        // Two nodes average a linear decoder exactly, and ReLU has closed forms.
        let order = activation == .tanh ? nodes ?? self.nodes : 2
        let shape = VAEShape(
            inputs: samples.inputs, hidden: Int(number("hidden")), latent: Int(number("latent")),
            hasBiases: controls["biases"]!.text == "all",
            learnsPosterior: controls["posterior"]!.text == LinearVAETheory.Posterior.learned.rawValue)
        return VAENet(
            shape: shape, activation: activation, samples: samples.values, shares: samples.shares, beta: number("beta"),
            decoderVariance: number("decoderVariance"), encoderVariance: number("encoderVariance"),
            decay: number("gamma"), lostVariance: samples.lostVariance,
            rule: try LatentQuadrature(latent: shape.latent, order: order))
    }

    public func validate(_ controls: [String: ControlValue]) throws(ControlError) {
        if controls["activation"]?.text == VAEActivation.tanh.rawValue, let latent = controls["latent"]?.number,
            power(Double(nodes), latent) > Double(Self.nodeLimit)
        {
            throw ControlError(
                control: "latent",
                message: "\(nodes) quadrature nodes in each of \(Int(latent)) latent dimensions are more than "
                    + "\(Self.nodeLimit): tanh nets take fewer `nodes` or dimensions")
        }
        if let hidden = controls["hidden"]?.number, let latent = controls["latent"]?.number {
            let shape = VAEShape(
                inputs: source.inputs, hidden: Int(hidden), latent: Int(latent), hasBiases: true, learnsPosterior: true)
            // The Hessian, its eigenvectors of this step and of the last one, and what GSL takes for them.
            let weights = Double(shape.weightCount)
            try MemoryLimit.check(
                5 * 8 * weights * weights, control: "hidden",
                lower: "`hidden`" + (source.isFile ? ", or keep fewer `components`" : " or the number of inputs"))
        }
        if let skewness = controls["skewness"]?.number, skewness != 0, case .file = source {
            throw ControlError(control: "skewness", message: "`skewness` belongs to `teacher`; a file has its own")
        }
    }

    public func validateWarmSweep(along axis: String) throws(ControlError) {
        guard ["latent", "hidden"].contains(axis) else { return }
        throw ControlError(
            control: axis,
            message: "a warm sweep cannot run along `\(axis)`, which changes the net's shape: use `direction: cold`")
    }
}
