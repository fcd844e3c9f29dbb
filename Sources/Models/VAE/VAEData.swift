import Foundation
import GSLNumerics
import Lanes
import PhaseSpace

/// The samples that a VAE is trained on: centred, on their own principal components where only the largest are kept.
package struct VAESamples: Sendable {
    let inputs: Int
    /// Samples × inputs, row-major.
    package let values: [Double]
    /// What was projected away of E‖x‖².
    let lostVariance: Double

    /// - Parameter components: how many principal components are kept; nil leaves the coordinates as they are.
    init(inputs: Int, values: [Double], components: Int?) throws {
        let rows = values.count / inputs
        let means = (0..<inputs).map { column in
            stride(from: column, to: values.count, by: inputs).reduce(0) { $0 + values[$1] } / Double(rows)
        }
        let centred = values.enumerated().map { $1 - means[$0 % inputs] }
        guard let components, components < inputs else {
            self.inputs = inputs
            self.values = centred
            lostVariance = 0
            return
        }
        let system = try symmetricEigenSystem(Self.secondMoment(inputs, centred), order: inputs)
        let kept = Array(system.vectors.reversed().prefix(components))
        self.inputs = components
        self.values = (0..<rows).flatMap { row in
            kept.map { vector in (0..<inputs).reduce(0) { $0 + vector[$1] * centred[row * inputs + $1] } }
        }
        lostVariance = system.values.reversed().dropFirst(components).reduce(0) { $0 + max(0, $1) }
    }

    static func secondMoment(_ inputs: Int, _ values: [Double]) -> [Double] {
        let rows = values.count / inputs
        var second = [Double](repeating: 0, count: inputs * inputs)
        for row in 0..<rows {
            for i in 0..<inputs {
                for j in 0..<inputs { second[i * inputs + j] += values[row * inputs + i] * values[row * inputs + j] }
            }
        }
        return second.map { $0 / Double(rows) }
    }

    var secondMoment: [Double] { Self.secondMoment(inputs, values) }
}

/// Where a VAE's samples come from.
enum VAESource: Sendable {
    case teacher(VAETeacher)
    case file(FileData, components: Int?)

    init(_ settings: ModelSettings) throws {
        let data = settings.data
        let kinds = ["teacher", "file"].filter { !(data[$0]?.isNull ?? true) }
        guard kinds.count == 1 else {
            throw ControlError(
                control: kinds.last ?? "data",
                message: "`data` needs one source: {teacher: gaussian, inputVariances: [4, 1], samples: 100} or "
                    + "{file: data.csv}" + (kinds.isEmpty ? "" : ", not \(kinds.joined(separator: " and "))"))
        }
        let belonging = [
            "teacher": ["inputVariances", "samples", "draws"],
            "file": ["target", "labels", "pool", "limit", "components"],
        ]
        for (kind, keys) in belonging.sorted(by: { $0.key < $1.key }) where kind != kinds[0] {
            if let stray = keys.first(where: { !(data[$0]?.isNull ?? true) }) {
                throw ControlError(control: stray, message: "`\(stray)` belongs to `\(kind)`, not to `\(kinds[0])`")
            }
        }
        if kinds[0] == "teacher" {
            self = .teacher(try VAETeacher(settings))
        } else {
            self = .file(
                try FileData(data, folder: settings.folder, seed: settings.seed),
                components: data["components"]?.number.map { Int($0) })
        }
    }

    func samples(replica: Int, skewness: Double) throws -> VAESamples {
        switch self {
        case .teacher(let teacher): try teacher.samples(replica: replica, skewness: skewness)
        case .file(let file, let components):
            try VAESamples(
                inputs: file.inputs, values: file.split(replica: replica).training.inputs, components: components)
        }
    }
}

/// Independent inputs: normal, the first of them skewed where that is asked for.
///
/// x₁ = √a₁ (c₁ n + c₂ (n² − 1)) with n normal has the variance a₁ where c₁² + 2c₂² = 1 and the skewness 6c₂ − 4c₂³.
struct VAETeacher: Sendable {
    let variances: [Double]
    private let count: Int
    private let draws: InputDraws
    private let isSymmetrized: Bool
    private let seed: UInt64
    private let key: UInt64

    init(_ settings: ModelSettings) throws(ControlError) {
        let data = settings.data
        guard let variances = data["inputVariances"]?.numbers ?? data["inputVariances"]?.number.map({ [$0] }) else {
            throw ControlError(
                control: "inputVariances", message: "`data` needs `inputVariances`, a list with one variance per input")
        }
        guard let count = data["samples"]?.number.map({ Int($0) }) else {
            throw ControlError(control: "samples", message: "`data` needs `samples`: a whole number ≥ 2")
        }
        self.variances = variances
        self.count = count
        draws = data["draws"]?.text.flatMap(InputDraws.init(rawValue:)) ?? .random
        isSymmetrized = data["symmetrized"]?.text == "true"
        guard !isSymmetrized || count % 2 == 0 else {
            throw ControlError(
                control: "samples", message: "`samples` \(count) must be even: with `symmetrized` they come in pairs")
        }
        seed = settings.seed
        key = PointIdentity(hex: sha256(data.canonical)).randomKey
    }

    func samples(replica: Int, skewness: Double) throws -> VAESamples {
        var stream = RandomStream(seed: seed, key: key, purpose: .data, substream: replica)
        let d = variances.count
        let drawn = isSymmetrized ? count / 2 : count
        var lattice = ShiftedLattice(dimension: draws == .lattice ? d : 0, points: drawn, stream: &stream)
        let bend = 2.0.squareRoot() * sin(asin(skewness / 8.0.squareRoot()) / 3)
        let straight = max(0, 1 - 2 * bend * bend).squareRoot()
        var values: [Double] = []
        for _ in 0..<drawn {
            let point = lattice.next()
            var row: [Double] = []
            for (i, variance) in variances.enumerated() {
                let n = draws == .lattice ? point[i] : stream.normal()
                row.append(variance.squareRoot() * (i == 0 ? straight * n + bend * (n * n - 1) : n))
            }
            values += row
            if isSymmetrized { values += row.map { -$0 } }
        }
        return try VAESamples(inputs: d, values: values, components: nil)
    }
}
