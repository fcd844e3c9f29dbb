import Lanes

/// A net that is trained through samples: loss (1/n) Σ_s ℓ(f(x_s), y_s) + Σ_l γ_l ‖W_l‖², averaged over frozen masks of
/// multiplicative noise on the hidden units. Biases, where the net has any, are not decayed.
public struct SampledNet: Sendable, Hashable {
    public let shape: SampledNetShape
    public let data: SampledData
    public let loss: LossFunction
    /// Masks: the factors of all hidden units, first layer first; none for a net without noise.
    public let noiseFactors: [[Double]]
    /// Second moments of the data.
    public let moments: DataMoments
    /// Averages over masks and samples of ‖∂ℓ/∂f‖ ‖x‖ / 2 at f = 0 and of ‖x‖², times the masks' largest factors: how far
    /// noise lets the output be from zero.
    let overlapBound: Double
    let powerBound: Double

    /// - Parameter noiseFactors: empty for a net without noise.
    /// - Precondition: every mask has one factor for each hidden unit of the shape, and the data fit the shape.
    public init(
        shape: SampledNetShape, data: SampledData, loss: LossFunction = .squaredError, noiseFactors: [[Double]] = []
    ) {
        let units = shape.widths.reduce(0, +)
        precondition(noiseFactors.allSatisfy { $0.count == units }, "a mask has one factor for each hidden unit")
        precondition(
            data.inputs == shape.inputs && data.outputs == shape.outputs, "data have the net's inputs and outputs")
        self.shape = shape
        self.data = data
        self.loss = loss
        self.noiseFactors = noiseFactors
        moments = data.moments
        let (d, k) = (data.inputs, data.outputs)
        var (overlap, power) = (0.0, 0.0)
        for s in 0..<data.count {
            let squared = data.features[s * d..<(s + 1) * d].reduce(0) { $0 + $1 * $1 }
            let target = data.targets[s * k..<(s + 1) * k].reduce(0) { $0 + $1 * $1 }
            overlap += (target * squared).squareRoot() / Double(data.count)
            power += squared / Double(data.count)
        }
        let (gain, squaredGain) = Self.gains(shape, noiseFactors)
        overlapBound = (loss == .logistic ? 0.5 : 1) * overlap * gain
        powerBound = loss == .logistic ? 0 : power * squaredGain
    }

    /// Averages over masks of the products of each layer's largest factor, and of their squares; times the activation's
    /// steepest slope, one factor per layer.
    private static func gains(_ shape: SampledNetShape, _ noiseFactors: [[Double]]) -> (plain: Double, squared: Double)
    {
        var steepness = 1.0
        for _ in shape.widths { steepness *= shape.activation.steepestSlope }
        guard !noiseFactors.isEmpty else { return (steepness, steepness * steepness) }
        var (gain, squaredGain) = (0.0, 0.0)
        for mask in noiseFactors {
            var product = steepness
            var first = 0
            for width in shape.widths {
                product *= mask[first..<first + width].reduce(0) { max($0, abs($1)) }
                first += width
            }
            gain += product / Double(noiseFactors.count)
            squaredGain += product * product / Double(noiseFactors.count)
        }
        return (gain, squaredGain)
    }

    /// Frozen Gaussian factors 1 ± σ_l z in antithetic pairs, so that their mean is exactly 1.
    ///
    /// - Parameters:
    ///   - widths: of the hidden layers.
    ///   - noises: variance of each hidden layer.
    ///   - count: number of masks; an odd number is rounded up.
    public static func frozenNoise(
        widths: [Int], noises: [Double], count: Int, stream: inout RandomStream
    ) -> [[Double]] {
        precondition(noises.count == widths.count, "one noise variance for each hidden layer")
        if noises.allSatisfy({ $0 == 0 }) { return [] }
        let deviations = zip(widths, noises).flatMap { width, noise in
            Array(repeating: noise.squareRoot(), count: width)
        }
        return (0..<(count + 1) / 2).flatMap { _ -> [[Double]] in
            let steps = deviations.map { $0 * stream.normal() }
            return [steps.map { 1 + $0 }, steps.map { 1 - $0 }]
        }
    }

    /// Root mean square of the inputs.
    var inputSize: Double {
        let trace = (0..<moments.inputs).reduce(0) { $0 + moments.inputSecondMoment[$1 * (moments.inputs + 1)] }
        return (trace / Double(moments.inputs)).squareRoot()
    }

    package var packKind: PackKind {
        .sampled(shape, loss, samples: data.count, masks: noiseFactors.count)
    }
}
