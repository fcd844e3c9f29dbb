import Lanes
import PhaseSpace
import Support
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
    /// How inputs are drawn: at random, or at the points of a lattice.
    public let draws: InputDraws
    /// Strengths s_k of a linear teacher of several outputs y_k = s_k ŵ_kᵀx, the singular values of its map.
    public let modes: [Double]?
    private let formula: TeacherFormula?
    let seed: UInt64
    let key: UInt64

    /// - Parameters:
    ///   - formula: text of f; nil for the linear teacher.
    ///   - settings: a text that tells these data from others with the same seed.
    /// - Throws: `ControlError` for a formula that is none, or that samples cannot be drawn for.
    public init(
        inputVariances: [Double], samples: Int?, formula text: String? = nil, isSymmetrized: Bool = false,
        draws: InputDraws = .random, modes: [Double]? = nil, seed: UInt64, settings: String
    ) throws(ControlError) {
        var formula: TeacherFormula?
        if let modes, text != nil || modes.count > inputVariances.count {
            throw ControlError(
                control: "modes",
                message: text != nil
                    ? "`modes` belong to the linear teacher, `gaussian`"
                    : "`modes` has \(modes.count) strengths for \(inputVariances.count) inputs: at most one for each")
        }
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
        self.draws = draws
        self.modes = modes
        self.seed = seed
        key = PointIdentity(hex: sha256(settings)).randomKey
        var stream = RandomStream(seed: seed, key: key, purpose: .teacher)
        var directions: [[Double]] = []
        for _ in 0..<(formula?.directions ?? modes?.count ?? 1) {
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
    public var outputs: Int { modes?.count ?? 1 }
    /// Whether the formula names the parameter `c`.
    public var hasParameter: Bool { formula?.hasParameter ?? false }

    /// Inputs (samples × dimension, row-major) and targets (samples × outputs) of one replica.
    /// - Parameters:
    ///   - signal: s, what the noiseless target is multiplied by; of the linear teacher the norm of its weights.
    ///   - labelNoise: standard deviation of the target's noise.
    ///   - parameter: c of the formula.
    ///   - conditionNumber: as for `InputSpectrum`.
    /// - Precondition: an even number of samples where the teacher is symmetrised.
    public func draw(
        replica: Int, samples: Int, signal: Double, labelNoise: Double, parameter: Double? = nil,
        conditionNumber: Double = 1
    ) -> (inputs: [Double], targets: [Double]) {
        precondition(!isSymmetrized || samples % 2 == 0, "mirror images come in pairs")
        var stream = RandomStream(seed: seed, key: key, purpose: .data, substream: replica)
        var lattice = ShiftedLattice(
            dimension: draws == .lattice ? dimension : 0, points: isSymmetrized ? samples / 2 : samples,
            stream: &stream)
        let deviations = InputSpectrum.variances(inputVariances, conditionNumber: conditionNumber)
            .map { $0.squareRoot() }
        var inputs: [Double] = []
        var targets: [Double] = []
        inputs.reserveCapacity(samples * dimension)
        while inputs.count < samples * dimension {
            var projections = [Double](repeating: 0, count: directions.count)
            let first = inputs.count
            let point = lattice.next()
            for (i, deviation) in deviations.enumerated() {
                let x = deviation * (draws == .lattice ? point[i] : stream.normal())
                inputs.append(x)
                for k in directions.indices { projections[k] += directions[k][i] * x }
            }
            let clean =
                modes.map { zip($0, projections).map(*) }
                ?? [formula?.value(projections, parameter: parameter) ?? projections[0]]
            targets += clean.map { signal * $0 + labelNoise * stream.normal() }
            guard isSymmetrized else { continue }
            inputs += inputs[first...].map { -$0 }
            targets += targets.suffix(outputs).map { -$0 }
        }
        return (inputs, targets)
    }

    /// Moments of the linear teacher's distribution; mirror images leave them as they are.
    public func populationMoments(
        signal: Double, labelNoise: Double, conditionNumber: Double = 1
    ) -> DataMoments {
        guard modes == nil else {
            return design(signal: signal, labelNoise: labelNoise, conditionNumber: conditionNumber).moments
        }
        let d = dimension
        let direction = directions[0]
        let variances = InputSpectrum.variances(inputVariances, conditionNumber: conditionNumber)
        var second = [Double](repeating: 0, count: d * d)
        for i in 0..<d { second[i * d + i] = variances[i] }
        let cross = zip(variances, direction).map { signal * $0 * $1 }
        let explained = zip(cross, direction).reduce(0) { $0 + signal * $1.0 * $1.1 }
        return DataMoments(
            inputs: d, inputSecondMoment: second, crossMoment: cross,
            targetSecondMoment: explained + labelNoise * labelNoise)
    }

    /// Whether the distribution's own moments are known: those of a formula are not.
    public var hasPopulationMoments: Bool { formula == nil }

    /// Moments of a replica's samples, or of the population where the teacher has no samples.
    public func moments(
        replica: Int, signal: Double, labelNoise: Double, parameter: Double? = nil, conditionNumber: Double = 1
    ) -> DataMoments {
        guard let samples else {
            return populationMoments(signal: signal, labelNoise: labelNoise, conditionNumber: conditionNumber)
        }
        let data = draw(
            replica: replica, samples: samples, signal: signal, labelNoise: labelNoise, parameter: parameter,
            conditionNumber: conditionNumber)
        return SampledData(inputs: dimension, outputs: outputs, features: data.inputs, targets: data.targets).moments
    }

    /// Few samples with the second moments of a linear teacher's distribution, which are all that a linear net sees of
    /// it: ±√(d a_i) along each axis, with label noise each twice, once with every target above and once below.
    public func design(signal: Double, labelNoise: Double, conditionNumber: Double = 1) -> SampledData {
        let d = dimension
        let variances = InputSpectrum.variances(inputVariances, conditionNumber: conditionNumber)
        let noises = labelNoise == 0 ? [0] : [labelNoise, -labelNoise]
        var (inputs, targets): ([Double], [Double]) = ([], [])
        for (i, variance) in variances.enumerated() {
            for x in [1, -1].map({ $0 * (Double(d) * variance).squareRoot() }) {
                for noise in noises {
                    inputs += (0..<d).map { $0 == i ? x : 0 }
                    targets += (modes ?? [1]).enumerated().map { k, s in signal * s * directions[k][i] * x + noise }
                }
            }
        }
        return SampledData(inputs: d, outputs: outputs, features: inputs, targets: targets)
    }
}
