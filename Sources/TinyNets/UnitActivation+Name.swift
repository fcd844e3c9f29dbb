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
        // Without numbers, which is asked for at every point of a sweep.
        if let activation = Self.withoutNumbers[name] {
            self = activation
            return
        }
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
        case ("shiftedErf", 1): self = .shiftedErf(by: numbers[0])
        case ("relu", 2): self = .twoSlopes(above: numbers[0], below: numbers[1])
        case ("leakyRelu", 1): self = .leakyRelu(slope: numbers[0])
        case (let name, 0):
            guard let activation = Self.withoutNumbers[String(name)] else { return nil }
            self = activation
        default: return nil
        }
    }

    private static let withoutNumbers: [String: UnitActivation] = [
        "linear": .linear, "tanh": .tanh, "erf": .erf, "relu": .relu, "leakyRelu": .leakyRelu(slope: defaultLeak),
        "abs": .absolute, "softplus": .softplus, "swish": .swish, "gelu": .gelu,
    ]

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
