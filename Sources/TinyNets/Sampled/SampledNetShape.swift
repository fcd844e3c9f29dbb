/// The shape of a net that is trained through samples: f(x) = W_{D+1} φ(… φ(W_1 x + b_1) …) + b_{D+1}.
///
/// Weights stand in one array, layer after layer: the matrix (row-major, one row per unit of the layer), then the biases
/// where the net has any.
public struct SampledNetShape: Hashable, Sendable {
    /// Limits of the kernel's memory and of what it was tested for.
    public static let inputRange = 1...64
    public static let widthRange = 1...128
    public static let depthRange = 0...16

    /// d, the number of inputs.
    public let inputs: Int
    /// The hidden layers' widths, first layer first; none for a linear model.
    public let widths: [Int]
    public let outputs: Int
    public let activation: UnitActivation
    public let hasBiases: Bool

    /// - Throws: `SampledNetError` for a shape outside of the ranges.
    public init(
        inputs: Int, widths: [Int], outputs: Int = 1, activation: UnitActivation, hasBiases: Bool = false
    ) throws(SampledNetError) {
        guard Self.inputRange.contains(inputs) else { throw .outOfRange("inputs", inputs, Self.inputRange) }
        guard Self.depthRange.contains(widths.count) else { throw .outOfRange("depth", widths.count, Self.depthRange) }
        for width in widths + [outputs] where !Self.widthRange.contains(width) {
            throw .outOfRange("width", width, Self.widthRange)
        }
        self.inputs = inputs
        self.widths = widths
        self.outputs = outputs
        self.activation = activation
        self.hasBiases = hasBiases
    }

    /// D, the number of hidden layers.
    public var depth: Int { widths.count }
    /// D + 1, the number of weight matrices.
    public var layerCount: Int { widths.count + 1 }
    /// Inputs, hidden widths, outputs.
    public var allWidths: [Int] { [inputs] + widths + [outputs] }

    /// Where each layer starts, and the number of weights at the end: D + 2 numbers.
    public var layerOffsets: [Int] {
        zip(allWidths, allWidths.dropFirst()).reduce(into: [0]) { offsets, pair in
            offsets.append(offsets.last! + pair.1 * (pair.0 + (hasBiases ? 1 : 0)))
        }
    }
    /// Where each layer's biases start: D + 1 numbers; empty where the net has none.
    public var biasOffsets: [Int] {
        guard hasBiases else { return [] }
        let widths = allWidths
        return layerOffsets.dropLast().enumerated().map { l, offset in offset + widths[l] * widths[l + 1] }
    }
    /// The number of weights and biases.
    public var weightCount: Int { layerOffsets.last! }

    /// Multiply–adds of the matrix products of one gradient and one sample: forward, gradient of the weights, and
    /// propagation back to all layers but the input. Activations are not counted.
    public var multiplyAddsPerSample: Int {
        let products = zip(allWidths, allWidths.dropFirst()).map { $0 * $1 }
        return 3 * products.reduce(0, +) - products[0]
    }
}

/// Why a sampled net cannot be had.
public enum SampledNetError: Error, Equatable, CustomStringConvertible {
    case outOfRange(String, Int, ClosedRange<Int>)

    public var description: String {
        switch self {
        case .outOfRange(let name, let value, let range):
            "\(name) is \(value); it must be between \(range.lowerBound) and \(range.upperBound)"
        }
    }
}

/// Samples with one or more targets each.
public struct SampledData: Sendable, Hashable {
    public let inputs: Int
    public let outputs: Int
    /// n × d, row-major.
    public let features: [Double]
    /// n × outputs, row-major.
    public let targets: [Double]

    /// - Precondition: n × d features for n × outputs targets, n > 0.
    public init(inputs: Int, outputs: Int = 1, features: [Double], targets: [Double]) {
        precondition(
            inputs > 0 && outputs > 0 && !targets.isEmpty && features.count * outputs == inputs * targets.count,
            "data have n × d features for n × k targets, n > 0")
        self.inputs = inputs
        self.outputs = outputs
        self.features = features
        self.targets = targets
    }

    /// n.
    public var count: Int { targets.count / outputs }
}
