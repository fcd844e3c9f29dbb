import Lanes

/// A bias-free net with an activation on all hidden units, trained through samples: loss
/// (1/n) Σ (f − y)² + Σ_l γ_l ‖W_l‖², averaged over frozen masks of multiplicative noise on the hidden units.
public struct SampledNet: Sendable, Hashable {
    public let activation: Activation
    public let samples: Samples
    /// Masks: the factors of all hidden units, first layer first; one mask of ones without noise.
    public let noiseFactors: [[Double]]
    public let moments: DataMoments
    /// Averages over masks and samples of |y| ‖x‖ and ‖x‖², times the masks' largest factors: how far noise lets the
    /// output be from zero.
    private let overlapBound: Double
    private let powerBound: Double

    /// - Parameter noiseFactors: empty for a net without noise.
    /// - Precondition: every mask has one factor for each hidden unit of the shape.
    public init(
        shape: DeepLinearShape, activation: Activation, samples: Samples, noiseFactors: [[Double]] = []
    ) {
        let units = shape.widths.reduce(0, +)
        let masks = noiseFactors.isEmpty ? [Array(repeating: 1.0, count: units)] : noiseFactors
        precondition(masks.allSatisfy { $0.count == units }, "a mask has one factor for each hidden unit")
        precondition(samples.inputs == shape.inputs, "samples have as many inputs as the net")
        self.activation = activation
        self.samples = samples
        self.noiseFactors = masks
        moments = DataMoments(inputs: samples.inputs, features: samples.features, targets: samples.targets)
        let d = samples.inputs
        var (overlap, power) = (0.0, 0.0)
        for s in 0..<samples.count {
            let squared = samples.features[s * d..<(s + 1) * d].reduce(0) { $0 + $1 * $1 }
            overlap += abs(samples.targets[s]) * squared.squareRoot() / Double(samples.count)
            power += squared / Double(samples.count)
        }
        var (gain, squaredGain) = (0.0, 0.0)
        for mask in masks {
            var product = 1.0
            var first = 0
            for width in shape.widths {
                product *= mask[first..<first + width].reduce(0) { max($0, abs($1)) }
                first += width
            }
            gain += product / Double(masks.count)
            squaredGain += product * product / Double(masks.count)
        }
        overlapBound = overlap * gain
        powerBound = power * squaredGain
    }

    /// Frozen Gaussian factors 1 ± σ_l z in antithetic pairs, so that their mean is exactly 1.
    ///
    /// - Parameters:
    ///   - noises: variance of each hidden layer.
    ///   - count: number of masks; an odd number is rounded up.
    public static func frozenNoise(
        _ shape: DeepLinearShape, noises: [Double], count: Int, stream: inout RandomStream
    ) -> [[Double]] {
        precondition(noises.count == shape.depth, "one noise variance for each hidden layer")
        if noises.allSatisfy({ $0 == 0 }) { return [] }
        let deviations = zip(shape.widths, noises).flatMap { width, noise in
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
        .sampled(activation, samples: samples.count, masks: noiseFactors.count)
    }

    /// As for a linear net, with |φ(h)| ≤ |h| and |φ'| ≤ 1: with ρ = R/(D+1), M = E|y|‖x‖ and P = E‖x‖² (times the
    /// noise's largest factors) w·∇L ≥ 2 R [γ_min − ρ^{(D−1)/2} (M + ρ^{(D+1)/2} P)].
    func zeroBasinSquaredNorm(gammas: [Double]) -> Double? {
        guard let smallest = gammas.min(), smallest > 0, gammas.count > 1 else { return nil }
        let depth = gammas.count - 1
        func push(_ b: Double) -> Double {
            var power = 1.0
            for _ in 0..<depth - 1 { power *= b }
            return power * (overlapBound + power * b * b * powerBound)
        }
        var (low, high) = (0.0, 1.0)
        while push(high) < smallest && high < 1e6 { high *= 2 }
        for _ in 0..<100 {
            let middle = 0.5 * (low + high)
            if push(middle) < smallest { low = middle } else { high = middle }
        }
        return low > 0 ? Double(depth + 1) * low * low * (1 - 1e-9) : nil
    }
}
