extension UnitActivation: CustomStringConvertible {
    /// How activations are written, with `a` and `b` for numbers.
    public static let names = [
        "linear", "tanh", "erf", "shiftedErf(a)", "relu", "relu(a,b)", "leakyRelu", "leakyRelu(a)", "abs", "softplus",
        "swish", "gelu",
    ]

    /// The slope below 0 of `leakyRelu` without a number.
    public static let defaultLeak = 0.01

    /// An activation by its name: `tanh`, `leakyRelu(0.1)`, `relu(1,-0.5)` for slopes above and below 0,
    /// `shiftedErf(1)`. Nil for a text that is none.
    public init?(name: String) {
        let plain = name.filter { $0 != " " }
        let parts = plain.split(separator: "(", omittingEmptySubsequences: false)
        var numbers: [Double] = []
        if parts.count == 2 {
            guard parts[1].hasSuffix(")") else { return nil }
            let texts = parts[1].dropLast().split(separator: ",", omittingEmptySubsequences: false)
            numbers = texts.compactMap { Double($0) }
            guard numbers.count == texts.count, numbers.allSatisfy({ abs($0) <= 100 }) else { return nil }
        }
        guard parts.count <= 2 else { return nil }
        switch (parts[0], numbers.count) {
        case ("linear", 0): self = .linear
        case ("tanh", 0): self = .tanh
        case ("erf", 0): self = .erf
        case ("shiftedErf", 1): self = .shiftedErf(by: numbers[0])
        case ("relu", 0): self = .relu
        case ("relu", 2): self = .twoSlopes(above: numbers[0], below: numbers[1])
        case ("leakyRelu", 0): self = .leakyRelu(slope: Self.defaultLeak)
        case ("leakyRelu", 1): self = .leakyRelu(slope: numbers[0])
        case ("abs", 0): self = .absolute
        case ("softplus", 0): self = .softplus
        case ("swish", 0): self = .swish
        case ("gelu", 0): self = .gelu
        default: return nil
        }
    }

    /// Its name, from which it can be read again.
    public var description: String {
        switch self {
        case .linear: "linear"
        case .tanh: "tanh"
        case .relu: "relu"
        case .leakyRelu(let slope): "leakyRelu(\(slope))"
        case .twoSlopes(let above, let below): "relu(\(above),\(below))"
        case .absolute: "abs"
        case .erf: "erf"
        case .shiftedErf(let shift): "shiftedErf(\(shift))"
        case .softplus: "softplus"
        case .swish: "swish"
        case .gelu: "gelu"
        }
    }
}
