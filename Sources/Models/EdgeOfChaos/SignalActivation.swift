import Kernels
import PhaseSpace

/// An activation φ as signals see it that pass through random nets.
///
/// The (a, b)-ReLU family φ(s) = a s + b|s| holds linear (1, 0), ReLU (½, ½), leaky ReLU and abs (0, 1); its members are
/// homogeneous, so that their mean-field theory is in closed form.
public enum SignalActivation: Hashable, Sendable {
    case tanh
    /// erf(s), without the √2 of a normal distribution.
    case erf
    /// φ(s) = a s + b|s|.
    case twoSlopes(a: Double, b: Double)

    /// As specs have them.
    public enum Name: String, ControlChoice {
        case linear, relu, leakyRelu, abs, tanh, erf
    }

    /// - Parameter leak: slope below 0 of `leakyRelu`; other names ignore it.
    public init(_ name: Name, leak: Double = 0.1) {
        switch name {
        case .tanh: self = .tanh
        case .erf: self = .erf
        case .linear: self = .twoSlopes(a: 1, b: 0)
        case .relu: self = .twoSlopes(a: 0.5, b: 0.5)
        case .leakyRelu: self = .twoSlopes(a: (1 + leak) / 2, b: (1 - leak) / 2)
        case .abs: self = .twoSlopes(a: 0, b: 1)
        }
    }

    /// Nil for a name that is none.
    public init?(name: String, leak: Double = 0.1) {
        guard let name = Name(rawValue: name) else { return nil }
        self.init(name, leak: leak)
    }

    public func value(_ s: Double) -> Double {
        switch self {
        case .tanh: ElementaryFunction.tanh(s)
        case .erf: ElementaryFunction.erf(s)
        case .twoSlopes(let a, let b): a * s + b * abs(s)
        }
    }

    /// φ′(s); at the kink the mean of both slopes.
    public func slope(_ s: Double) -> Double {
        switch self {
        case .tanh:
            let t = ElementaryFunction.tanh(s)
            return 1 - t * t
        case .erf: return 2 / Double.pi.squareRoot() * ElementaryFunction.gaussian(s)
        case .twoSlopes(let a, let b): return s > 0 ? a + b : s < 0 ? a - b : a
        }
    }

    /// φ of many numbers: the same bits as one by one.
    func values(_ s: [Double]) -> [Double] {
        switch self {
        case .tanh: ElementaryFunction.tanh(s)
        case .erf: ElementaryFunction.erf(s)
        case .twoSlopes: s.map(value)
        }
    }

    /// φ and φ′ of many numbers.
    func valuesAndSlopes(_ s: [Double]) -> (values: [Double], slopes: [Double]) {
        switch self {
        case .tanh:
            let t = values(s)
            return (t, t.map { 1 - $0 * $0 })
        case .erf:
            let factor = 2 / Double.pi.squareRoot()
            return (values(s), ElementaryFunction.gaussian(s).map { factor * $0 })
        case .twoSlopes: return (values(s), s.map(slope))
        }
    }

    /// a² + b², by which a homogeneous activation multiplies a symmetric signal's variance; nil for the others.
    public var varianceFactor: Double? {
        if case .twoSlopes(let a, let b) = self { a * a + b * b } else { nil }
    }

    /// Δ = b² / (a² + b²): 0 linear, ½ ReLU, 1 abs; nil for activations that are not homogeneous.
    public var asymmetry: Double? {
        if case .twoSlopes(let a, let b) = self { b * b / (a * a + b * b) } else { nil }
    }

    /// κ = (|a| + |b|) / √(a² + b²), the largest slope in units of the root mean square one; nil where not homogeneous.
    public var slopeRatio: Double? {
        if case .twoSlopes(let a, let b) = self { (abs(a) + abs(b)) / (a * a + b * b).squareRoot() } else { nil }
    }

    /// s_φ = E φ′⁴ / (E φ′²)² = 1 + 4Δ(1 − Δ), which weighs a layer Jacobian's fluctuations; nil where not homogeneous.
    public var slopeFluctuation: Double? { asymmetry.map { 1 + 4 * $0 * (1 - $0) } }
}
