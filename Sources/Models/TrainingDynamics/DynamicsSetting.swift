import Lanes
import PhaseSpace
import TinyNets

/// Architecture and parameterisation of one net of training dynamics, from its controls.
///
/// Layer k of L = D + 1 computes h_k = α_k θ_k φ(h_{k−1}) with θ of unit variance at the start. The engine keeps the
/// effective weights W_k = α_k θ_k, for which gradient descent on θ at rate η is gradient descent at rate η α_k²: a
/// parameterisation is a scale of the start and a rate for each layer.
public struct DynamicsSetting: Sendable, Hashable {
    public enum Parameterization: String, ControlChoice {
        /// Weights of variance σ_w²/fan-in, trained as they are.
        case standard
        /// Multipliers σ_w/√fan-in before weights of unit variance.
        case ntk
        /// Like `ntk`, the output divided by √width.
        case mup
        /// Like `ntk`, hidden widths m k^r.
        case nup
    }

    public let activation: SignalActivation
    public let shape: SampledNetShape
    public let parameterization: Parameterization
    /// σ of the start of each layer's effective weights, α_k.
    public let initialScales: [Double]
    /// By what a layer's rate is multiplied in effective weights: α_k², or 1 for `standard`.
    public let rateFactors: [Double]
    private let layers: [Range<Int>]

    /// - Throws: `ControlError` for controls that do not fit together.
    init(_ controls: ControlReader, inputs: Int) throws(ControlError) {
        typealias Controls = TrainingDynamics.Controls
        let depth = try controls[Controls.depth]
        let width = Double(try controls[Controls.width])
        let parameterization = try controls[Controls.parameterization]
        let exponent = parameterization == .nup ? try controls[Controls.widthExponent] : 0
        let widths = (0..<depth).map { (width * power(Double($0 + 1), exponent)).rounded() }
        if let widest = widths.max(), widest > Double(SampledNetShape.widthRange.upperBound) {
            throw ControlError(
                control: parameterization == .nup ? Controls.widthExponent.name : Controls.width.name,
                message: "the widest layer has \(Int(widest)) units; at most "
                    + "\(SampledNetShape.widthRange.upperBound) can be trained")
        }
        try self.init(
            activation: try controls[Controls.activation], leak: try controls[Controls.leak], inputs: inputs,
            widths: widths.map { Int($0) }, parameterization: parameterization,
            outputScale: try controls[Controls.outputScale])
    }

    /// - Parameter outputScale: γ, divides the output; `mup` multiplies it by √(width of the first layer).
    public init(
        activation name: String, leak: Double = 0.1, inputs: Int, widths: [Int], parameterization: Parameterization,
        outputScale: Double = 1
    ) throws(ControlError) {
        guard let phi = SignalActivation(name: name, leak: leak), phi != .erf else {
            throw ControlError(
                control: "activation",
                message: "`activation` must be one of \(Self.activations.joined(separator: ", "))")
        }
        let unit: UnitActivation =
            switch name {
            case "linear": .linear
            case "relu": .relu
            case "leakyRelu": .leakyRelu(slope: leak)
            case "abs": .absolute
            default: .tanh
            }
        do {
            shape = try SampledNetShape(inputs: inputs, widths: widths, activation: unit)
        } catch {
            throw ControlError(control: "width", message: "\(error)")
        }
        activation = phi
        self.parameterization = parameterization
        // The edge of chaos without biases.
        let gain = 1 / (phi.varianceFactor ?? 1).squareRoot()
        let fans = [inputs] + widths
        var scales = fans.enumerated().map { k, fan in (k == 0 ? 1 : gain) / Double(fan).squareRoot() }
        let isRich = parameterization == .mup
        scales[scales.count - 1] /= outputScale * (isRich ? Double(widths.first ?? 1).squareRoot() : 1)
        let offsets = shape.layerOffsets
        layers = zip(offsets, offsets.dropFirst()).map { $0..<$1 }
        initialScales = scales
        rateFactors = scales.map { parameterization == .standard ? 1 : $0 * $0 }
    }

    /// Activations that can be trained.
    public static let activations = ["linear", "relu", "leakyRelu", "abs", "tanh"]

    /// Weights of the k-th layer in an array of all weights.
    func layer(_ k: Int) -> Range<Int> { layers[k] }
}
