/// The shape of a bias-free net with one output: f(x) = U W_D … W_1 x.
///
/// Weights stand in one array: W_1 (d_1 × d), …, W_D (d_D × d_{D−1}), U (1 × d_D), each row-major. Without hidden
/// layers there is only U (1 × d).
public struct DeepLinearShape: Hashable, Sendable {
    /// d, the number of inputs.
    public let inputs: Int
    /// d_1, …, d_D.
    public let widths: [Int]

    /// - Precondition: all numbers are positive.
    public init(inputs: Int, widths: [Int]) {
        precondition(inputs > 0 && widths.allSatisfy { $0 > 0 }, "a net has at least one input and one unit per layer")
        self.inputs = inputs
        self.widths = widths
    }

    /// D, the number of hidden layers.
    public var depth: Int { widths.count }
    /// D + 1, the number of weight matrices.
    public var layerCount: Int { widths.count + 1 }
    /// Inputs, hidden widths, 1.
    public var allWidths: [Int] { [inputs] + widths + [1] }
    /// Where each layer's matrix starts, and the number of weights at the end: D + 2 numbers.
    public var layerOffsets: [Int] {
        zip(allWidths, allWidths.dropFirst()).reduce(into: [0]) { $0.append($0.last! + $1.0 * $1.1) }
    }
    public var weightCount: Int { layerOffsets.last! }
}

/// Where a net's matrices stand in an array of its weights; what lies between them are biases.
package struct WeightLayout: Sendable, Hashable {
    /// First layer first.
    package let matrices: [Range<Int>]
    package let weightCount: Int

    package init(_ shape: DeepLinearShape) {
        let offsets = shape.layerOffsets
        matrices = zip(offsets, offsets.dropFirst()).map { $0..<$1 }
        weightCount = shape.weightCount
    }

    package init(_ shape: SampledNetShape) {
        let ends = shape.hasBiases ? shape.biasOffsets : Array(shape.layerOffsets.dropFirst())
        matrices = zip(shape.layerOffsets, ends).map { $0..<$1 }
        weightCount = shape.weightCount
    }

    package var layerCount: Int { matrices.count }
}

/// A deep linear net's training problem: data, weight decay and neuron noise.
///
/// Loss: E[(f − y)²] + Σ_l γ_l ‖W_l‖², averaged exactly over independent multiplicative noise of mean 1 and variance
/// σ_l² on every unit of hidden layer l. No factors ½.
public struct DeepLinearProblem: Sendable, Hashable {
    public let moments: DataMoments
    /// Weight decay of each weight matrix, first layer first: D + 1 numbers.
    public let gammas: [Double]
    /// Noise variance of each hidden layer: D numbers.
    public let noises: [Double]

    /// - Precondition: one more gamma than noises.
    public init(moments: DataMoments, gammas: [Double], noises: [Double]) {
        precondition(gammas.count == noises.count + 1, "a net with D hidden layers has D + 1 gammas and D noises")
        self.moments = moments
        self.gammas = gammas
        self.noises = noises
    }

    public var depth: Int { noises.count }

    /// Whether no layer has noise.
    public var isNoiseFree: Bool { noises.allSatisfy { $0 == 0 } }

    var isFinite: Bool { moments.isFinite && gammas.allSatisfy(\.isFinite) && noises.allSatisfy(\.isFinite) }
}
