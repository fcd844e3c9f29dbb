import Foundation
import Lanes
import PhaseSpace
import TinyNets

/// Data of a linear Gaussian teacher: x ~ N(0, diag a), y = s·ŵᵀx + noise.
///
/// The teacher's direction ŵ belongs to the sweep (it is the same for all replicas), the samples to the replica:
/// population theory is then one curve, and replicas scatter about it by their finite samples.
public struct GaussianTeacher: Sendable {
    /// Variances a_i of the inputs.
    public let inputVariances: [Double]
    /// Nil for the population: exact moments of the distribution.
    public let samples: Int?
    /// ŵ, of norm 1.
    public let direction: [Double]
    let seed: UInt64
    let key: UInt64

    /// - Parameter settings: a text that tells these data from others with the same seed.
    public init(inputVariances: [Double], samples: Int?, seed: UInt64, settings: String) {
        self.inputVariances = inputVariances
        self.samples = samples
        self.seed = seed
        key = PointIdentity(hex: sha256(settings)).randomKey
        var stream = RandomStream(seed: seed, key: key, purpose: .teacher)
        let raw = inputVariances.map { _ in stream.normal() }
        let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
        direction = raw.map { $0 / norm }
    }

    public var dimension: Int { inputVariances.count }

    /// Inputs (samples × dimension, row-major) and targets of one replica.
    /// - Parameters:
    ///   - signal: s, the norm of the teacher.
    ///   - labelNoise: standard deviation of the target's noise.
    public func draw(
        replica: Int, samples: Int, signal: Double, labelNoise: Double
    ) -> (inputs: [Double], targets: [Double]) {
        var stream = RandomStream(seed: seed, key: key, purpose: .data, substream: replica)
        var inputs: [Double] = []
        var targets: [Double] = []
        inputs.reserveCapacity(samples * dimension)
        for _ in 0..<samples {
            var projection = 0.0
            for (variance, w) in zip(inputVariances, direction) {
                let x = variance.squareRoot() * stream.normal()
                inputs.append(x)
                projection += w * x
            }
            targets.append(signal * projection + labelNoise * stream.normal())
        }
        return (inputs, targets)
    }

    /// Moments of the distribution itself.
    public func populationMoments(signal: Double, labelNoise: Double) -> DataMoments {
        let d = dimension
        var second = [Double](repeating: 0, count: d * d)
        for i in 0..<d { second[i * d + i] = inputVariances[i] }
        let cross = zip(inputVariances, direction).map { signal * $0 * $1 }
        let explained = zip(cross, direction).reduce(0) { $0 + signal * $1.0 * $1.1 }
        return DataMoments(
            inputs: d, inputSecondMoment: second, crossMoment: cross,
            targetSecondMoment: explained + labelNoise * labelNoise)
    }

    /// Moments of a replica's samples, or of the population where the teacher has no samples.
    public func moments(replica: Int, signal: Double, labelNoise: Double) -> DataMoments {
        guard let samples else { return populationMoments(signal: signal, labelNoise: labelNoise) }
        let data = draw(replica: replica, samples: samples, signal: signal, labelNoise: labelNoise)
        return DataMoments(inputs: dimension, features: data.inputs, targets: data.targets)
    }
}
