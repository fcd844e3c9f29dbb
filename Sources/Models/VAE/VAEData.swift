import GSLNumerics
import Lanes
import PhaseSpace
import Support

/// The samples that a VAE is trained on: centred, on their own principal components where only the largest are kept.
package struct VAESamples: Sendable {
    let inputs: Int
    /// Samples × inputs, row-major.
    package let values: [Double]
    /// What was projected away of E‖x‖².
    let lostVariance: Double

    /// Of each sample in averages; they add up to 1.
    package let shares: [Double]

    /// - Parameters:
    ///   - shares: alike for all samples where none are given.
    ///   - components: how many principal components are kept; nil leaves the coordinates as they are.
    init(inputs: Int, values: [Double], shares: [Double]? = nil, components: Int?) throws {
        let rows = values.count / inputs
        let shares = shares ?? Array(repeating: 1 / Double(rows), count: rows)
        self.shares = shares
        let means = (0..<inputs).map { column in
            (0..<rows).reduce(0) { $0 + shares[$1] * values[$1 * inputs + column] }
        }
        let centred = values.enumerated().map { $1 - means[$0 % inputs] }
        guard let components, components < inputs else {
            self.inputs = inputs
            self.values = centred
            lostVariance = 0
            return
        }
        let system = try symmetricEigenSystem(Self.secondMoment(inputs, centred, shares), order: inputs)
        let kept = Array(system.vectors.reversed().prefix(components))
        self.inputs = components
        self.values = (0..<rows).flatMap { row in
            kept.map { vector in (0..<inputs).reduce(0) { $0 + vector[$1] * centred[row * inputs + $1] } }
        }
        lostVariance = system.values.reversed().dropFirst(components).reduce(0) { $0 + max(0, $1) }
    }

    private static func secondMoment(_ inputs: Int, _ values: [Double], _ shares: [Double]) -> [Double] {
        var second = [Double](repeating: 0, count: inputs * inputs)
        for (row, share) in shares.enumerated() {
            for i in 0..<inputs {
                for j in 0..<inputs {
                    second[i * inputs + j] += share * values[row * inputs + i] * values[row * inputs + j]
                }
            }
        }
        return second
    }

    var secondMoment: [Double] { Self.secondMoment(inputs, values, shares) }
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
            "file": ["target", "columns", "labels", "pool", "limit", "components"],
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

    /// Coordinates of a sample.
    var inputs: Int {
        switch self {
        case .teacher(let teacher): teacher.variances.count
        case .file(let file, let components): min(file.inputs, components ?? file.inputs)
        }
    }

    var isFile: Bool { if case .file = self { true } else { false } }

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
    /// Nil for the distribution itself.
    private let count: Int?
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
        guard let samples = data["samples"], !samples.isNull else {
            throw ControlError(
                control: "samples", message: "`data` needs `samples`: a whole number ≥ 2, or `population`")
        }
        let count = samples.number.map { Int($0) }
        if count == nil {
            let misfit = ["symmetrized", "draws"].first { !(data[$0]?.isNull ?? true) }
            if let misfit {
                throw ControlError(control: misfit, message: "`\(misfit)` belongs to samples, not to `population`")
            }
            guard variances.count <= 2 else {
                throw ControlError(
                    control: "inputVariances",
                    message: "`samples: population` takes one or two inputs, not \(variances.count): give a number of "
                        + "samples")
            }
        }
        self.variances = variances
        self.count = count
        draws = data["draws"]?.text.flatMap(InputDraws.init(rawValue:)) ?? .random
        isSymmetrized = data["symmetrized"]?.text == "true"
        guard !isSymmetrized || (count ?? 0) % 2 == 0 else {
            throw ControlError(
                control: "samples",
                message: "`samples` \(count ?? 0) must be even: with `symmetrized` they come in pairs")
        }
        seed = settings.seed
        key = PointIdentity(hex: sha256(data.canonical)).randomKey
    }

    func samples(replica: Int, skewness: Double) throws -> VAESamples {
        guard let count else { return try population(skewness) }
        var stream = RandomStream(seed: seed, key: key, purpose: .data, substream: replica)
        let d = variances.count
        let drawn = isSymmetrized ? count / 2 : count
        var lattice = ShiftedLattice(dimension: draws == .lattice ? d : 0, points: drawn, stream: &stream)
        var values: [Double] = []
        for _ in 0..<drawn {
            let point = lattice.next()
            var row: [Double] = []
            for (i, variance) in variances.enumerated() {
                let n = draws == .lattice ? point[i] : stream.normal()
                row.append(variance.squareRoot() * (i == 0 ? Self.skewed(n, skewness) : n))
            }
            values += row
            if isSymmetrized { values += row.map { -$0 } }
        }
        return try VAESamples(inputs: d, values: values, components: nil)
    }

    private static func skewed(_ n: Double, _ skewness: Double) -> Double {
        // Newton's method for 6c − 4c³, which rises and is concave up to its top at c = √½: from below, at first by its
        // slope at 0, steps never pass the root.
        var bend = 0.0
        let size = abs(skewness)
        for _ in 0..<60 {
            let step = (size - bend * (6 - 4 * bend * bend)) / (6 - 12 * bend * bend)
            guard step > 1e-16, bend + step < 0.5.squareRoot() else { break }
            bend += step
        }
        if skewness < 0 { bend = -bend }
        return max(0, 1 - 2 * bend * bend).squareRoot() * n + bend * (n * n - 1)
    }

    var isPopulation: Bool { count == nil }

    /// The distribution as a Gauss–Hermite rule: its moments are exact up to degree 19 in each n (2 inputs), or 47 (one).
    private func population(_ skewness: Double) throws -> VAESamples {
        let order = variances.count == 1 ? 24 : 10
        let rule = try gaussHermite(order: order)
        var values: [Double] = []
        var shares: [Double] = []
        for index in 0..<(variances.count == 1 ? order : order * order) {
            let places = variances.count == 1 ? [index] : [index / order, index % order]
            for (i, place) in places.enumerated() {
                let n = rule.nodes[place]
                values.append(variances[i].squareRoot() * (i == 0 ? Self.skewed(n, skewness) : n))
            }
            shares.append(places.reduce(1) { $0 * rule.weights[$1] })
        }
        return try VAESamples(inputs: variances.count, values: values, shares: shares, components: nil)
    }
}
