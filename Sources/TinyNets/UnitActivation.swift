import CLanes

/// What a hidden unit of a sampled net does to its input h.
public enum UnitActivation: Sendable, Hashable {
    case linear
    case tanh
    /// max(0, h); slope 0 at the kink.
    case relu
    /// h above 0, `slope` times h below; the lower slope at the kink.
    case leakyRelu(slope: Double)
    /// (a, b)-ReLU: a h above 0, b h below; the lower slope at the kink.
    case twoSlopes(above: Double, below: Double)
    /// |h|; slope 0 at the kink.
    case absolute
    /// erf(h / √2).
    case erf
    /// erf((h + shift) / √2).
    case shiftedErf(by: Double)
    /// log(1 + e^h).
    case softplus
    /// h / (1 + e^−h), also called SiLU.
    case swish
    /// h Φ(h) with the cumulative normal distribution Φ, not its approximation by tanh.
    case gelu

    /// Whether the loss of a net is twice differentiable; Hessian-vector products are exact then. At other activations'
    /// kinks the curvature counts as 0.
    public var isSmooth: Bool {
        switch self {
        case .relu, .leakyRelu, .twoSlopes, .absolute: false
        default: true
        }
    }

    /// Whether φ(0) = 0, so that a net of zero weights is a stationary point.
    public var isZeroAtZero: Bool {
        switch self {
        case .softplus: false
        case .shiftedErf(let shift): shift == 0
        default: true
        }
    }

    /// φ'(0); nil at a kink.
    public var slopeAtZero: Double? { isSmooth ? jet(0).slope : nil }

    /// A bound on |φ'|, and on |φ(h)/h| where φ(0) = 0.
    var steepestSlope: Double {
        switch self {
        case .linear, .tanh, .relu, .absolute, .softplus, .erf, .shiftedErf: 1
        case .leakyRelu(let slope): max(1, abs(slope))
        case .twoSlopes(let above, let below): max(abs(above), abs(below))
        // Their slopes' maxima are 1.0998 and 1.1289.
        case .swish: 1.1
        case .gelu: 1.13
        }
    }

    /// Whether φ(c h) = c φ(h) for all c > 0; then γ_l ‖W_l‖² is the same in all layers at every stationary point.
    public var isHomogeneous: Bool { self == .linear || !isSmooth }

    /// The kernel's code and its slopes above and below 0.
    var kernelRule: (code: Int, upper: Double, lower: Double, shift: Double) {
        switch self {
        case .linear: (CL_LINEAR, 1, 1, 0)
        case .tanh: (CL_TANH, 1, 1, 0)
        case .relu: (CL_RELU, 1, 0, 0)
        case .leakyRelu(let slope): (CL_TWO_SLOPES, 1, slope, 0)
        case .twoSlopes(let above, let below): (CL_TWO_SLOPES, above, below, 0)
        case .absolute: (CL_ABSOLUTE, 1, -1, 0)
        case .erf: (CL_ERF, 1, 1, 0)
        case .shiftedErf(let shift): (CL_ERF, 1, 1, shift)
        case .softplus: (CL_SOFTPLUS, 1, 1, 0)
        case .swish: (CL_SWISH, 1, 1, 0)
        case .gelu: (CL_GELU, 1, 1, 0)
        }
    }
}
