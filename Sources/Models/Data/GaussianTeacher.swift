import Foundation
import Lanes
import PhaseSpace
import TinyNets

/// Data of a Gaussian teacher: x ~ N(0, diag a), y = s·ŵᵀx + noise; or y = s·f(z₁, z₂ …) + noise with a formula f of
/// projections z_k = ŵ_kᵀx on orthonormal directions.
///
/// The teacher's directions belong to the sweep (they are the same for all replicas), the samples to the replica:
/// population theory is then one curve, and replicas scatter about it by their finite samples.
public struct GaussianTeacher: Sendable {
    /// Variances a_i of the inputs.
    public let inputVariances: [Double]
    /// Nil for the population: exact moments of the distribution.
    public let samples: Int?
    /// ŵ_k, orthonormal; the linear teacher has one.
    public let directions: [[Double]]
    /// Whether every second sample is the mirror image (−x, −y) of the one before.
    public let isSymmetrized: Bool
    private let formula: TeacherFormula?
    let seed: UInt64
    let key: UInt64

    /// - Parameters:
    ///   - formula: text of f; nil for the linear teacher.
    ///   - settings: a text that tells these data from others with the same seed.
    /// - Throws: `ControlError` for a formula that is none, or that samples cannot be drawn for.
    public init(
        inputVariances: [Double], samples: Int?, formula text: String? = nil, isSymmetrized: Bool = false, seed: UInt64,
        settings: String
    ) throws(ControlError) {
        var formula: TeacherFormula?
        if let text { formula = try TeacherFormula(text, inputs: inputVariances.count) }
        if formula != nil, samples == nil {
            throw ControlError(
                control: "samples",
                message: "`samples: population` has exact moments for the linear teacher only: set a "
                    + "number of samples")
        }
        if isSymmetrized, let samples, samples % 2 != 0 {
            throw ControlError(
                control: "samples", message: "`samples` \(samples) must be even: with `symmetrized` they come in pairs")
        }
        self.inputVariances = inputVariances
        self.samples = samples
        self.formula = formula
        self.isSymmetrized = isSymmetrized
        self.seed = seed
        key = PointIdentity(hex: sha256(settings)).randomKey
        var stream = RandomStream(seed: seed, key: key, purpose: .teacher)
        var directions: [[Double]] = []
        for _ in 0..<(formula?.directions ?? 1) {
            var raw = inputVariances.map { _ in stream.normal() }
            // Twice, so that rounding leaves nothing of the earlier directions.
            for earlier in directions + directions {
                let overlap = zip(raw, earlier).reduce(0) { $0 + $1.0 * $1.1 }
                raw = zip(raw, earlier).map { $0 - overlap * $1 }
            }
            let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
            directions.append(raw.map { $0 / norm })
        }
        self.directions = directions
    }

    public var dimension: Int { inputVariances.count }

    /// Inputs (samples × dimension, row-major) and targets of one replica.
    /// - Parameters:
    ///   - signal: s, what the noiseless target is multiplied by; of the linear teacher the norm of its weights.
    ///   - labelNoise: standard deviation of the target's noise.
    /// - Precondition: an even number of samples where the teacher is symmetrised.
    public func draw(
        replica: Int, samples: Int, signal: Double, labelNoise: Double
    ) -> (inputs: [Double], targets: [Double]) {
        precondition(!isSymmetrized || samples % 2 == 0, "mirror images come in pairs")
        var stream = RandomStream(seed: seed, key: key, purpose: .data, substream: replica)
        var inputs: [Double] = []
        var targets: [Double] = []
        inputs.reserveCapacity(samples * dimension)
        while targets.count < samples {
            var projections = [Double](repeating: 0, count: directions.count)
            let first = inputs.count
            for (i, variance) in inputVariances.enumerated() {
                let x = variance.squareRoot() * stream.normal()
                inputs.append(x)
                for k in directions.indices { projections[k] += directions[k][i] * x }
            }
            let target = formula?.value(projections) ?? projections[0]
            targets.append(signal * target + labelNoise * stream.normal())
            guard isSymmetrized else { continue }
            inputs += inputs[first...].map { -$0 }
            targets.append(-targets.last!)
        }
        return (inputs, targets)
    }

    /// Moments of the linear teacher's distribution; mirror images leave them as they are.
    public func populationMoments(signal: Double, labelNoise: Double) -> DataMoments {
        let d = dimension
        let direction = directions[0]
        var second = [Double](repeating: 0, count: d * d)
        for i in 0..<d { second[i * d + i] = inputVariances[i] }
        let cross = zip(inputVariances, direction).map { signal * $0 * $1 }
        let explained = zip(cross, direction).reduce(0) { $0 + signal * $1.0 * $1.1 }
        return DataMoments(
            inputs: d, inputSecondMoment: second, crossMoment: cross,
            targetSecondMoment: explained + labelNoise * labelNoise)
    }

    /// Whether the distribution's own moments are known: those of a formula are not.
    public var hasPopulationMoments: Bool { formula == nil }

    /// Moments of a replica's samples, or of the population where the teacher has no samples.
    public func moments(replica: Int, signal: Double, labelNoise: Double) -> DataMoments {
        guard let samples else { return populationMoments(signal: signal, labelNoise: labelNoise) }
        let data = draw(replica: replica, samples: samples, signal: signal, labelNoise: labelNoise)
        return DataMoments(inputs: dimension, features: data.inputs, targets: data.targets)
    }
}
