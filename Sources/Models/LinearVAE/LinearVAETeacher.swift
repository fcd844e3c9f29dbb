import Lanes
import PhaseSpace
import Support

/// Gaussian inputs x ~ N(0, diag a) and targets y = x, or y = M x with M of independent N(0, 1/d₀) elements.
struct LinearVAETeacher: Sendable {
    private let variances: [Double]
    /// M, outputs × inputs, row-major; nil for an autoencoder.
    private let map: [Double]?
    private let outputs: Int
    /// Nil for the population.
    private let samples: Int?
    private let seed: UInt64
    private let key: UInt64

    init(_ settings: ModelSettings) throws(ControlError) {
        let data = settings.data
        let listed = data["inputVariances"]?.numbers
        guard let inputs = data["inputs"]?.number.map({ Int($0) }) ?? listed?.count else {
            throw ControlError(control: "inputs", message: "`data` needs `inputs`, the input dimension of the teacher")
        }
        guard inputs <= 64 else {
            throw ControlError(control: "inputVariances", message: "at most 64 inputs are supported, not \(inputs)")
        }
        variances = listed ?? Array(repeating: data["inputVariances"]?.number ?? 1, count: inputs)
        guard variances.count == inputs else {
            throw ControlError(
                control: "inputVariances",
                message: "`inputVariances` has \(variances.count) values for \(inputs) inputs: give one for each")
        }
        guard let samples = data["samples"], !samples.isNull else {
            throw ControlError(
                control: "samples", message: "`data` needs `samples`: a whole number ≥ 2, or `population`")
        }
        self.samples = samples.number.map { Int($0) }
        seed = settings.seed
        key = PointIdentity(hex: sha256(data.canonical)).randomKey
        outputs = data["outputs"]?.number.map { Int($0) } ?? inputs
        var stream = RandomStream(seed: seed, key: key, purpose: .teacher)
        let scale = 1 / Double(inputs).squareRoot()
        let elements = outputs * inputs
        map = data["outputs"]?.number == nil ? nil : (0..<elements).map { _ in scale * stream.normal() }
    }

    var populationMoments: LinearVAEMoments {
        let d = variances.count
        var second = [Double](repeating: 0, count: d * d)
        for i in 0..<d { second[i * d + i] = variances[i] }
        return moments(second)
    }

    func moments(replica: Int) -> LinearVAEMoments {
        guard let samples else { return populationMoments }
        var stream = RandomStream(seed: seed, key: key, purpose: .data, substream: replica)
        let d = variances.count
        var second = [Double](repeating: 0, count: d * d)
        for _ in 0..<samples {
            let x = variances.map { $0.squareRoot() * stream.normal() }
            for i in 0..<d { for j in 0..<d { second[i * d + j] += x[i] * x[j] } }
        }
        return moments(second.map { $0 / Double(samples) })
    }

    /// Targets follow from the inputs without noise, and so do their moments.
    private func moments(_ second: [Double]) -> LinearVAEMoments {
        let d = variances.count
        guard let map else { return LinearVAEMoments(inputs: d, autoencoding: second) }
        var cross = [Double](repeating: 0, count: d * outputs)
        for i in 0..<d {
            for j in 0..<outputs {
                cross[i * outputs + j] = (0..<d).reduce(0) { $0 + second[i * d + $1] * map[j * d + $1] }
            }
        }
        var target = 0.0
        for j in 0..<outputs { for i in 0..<d { target += map[j * d + i] * cross[i * outputs + j] } }
        return LinearVAEMoments(
            inputs: d, outputs: outputs, inputSecondMoment: second, crossMoment: cross, targetSecondMoment: target)
    }
}
