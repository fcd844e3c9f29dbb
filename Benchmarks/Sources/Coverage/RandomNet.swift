import Foundation
import GSLNumerics
import TinyNets

/// A net on a table, both drawn at random, with the sweep of γ that is to be judged.
struct RandomNet {
    enum Teacher: String, CaseIterable {
        case linear, ridge, product, square
    }

    let number: Int
    let activation: String
    let depth: Int
    let width: Int
    let points: Int
    let replicas: Int
    let teacher: Teacher
    let range: ClosedRange<Double>
    /// Row-major, one target a row; centred and of variance 1.
    let features: [Double]
    let targets: [Double]
    let inputs: Int

    static let activations = ["tanh", "erf", "swish", "relu", "gelu", "softplus"]

    /// - Parameter number: the activation goes round with it; all else is drawn from a sequence of its own.
    init(number: Int) {
        let numbers = RandomSequence(seed: UInt64(77_000 + number))
        self.number = number
        activation = Self.activations[number % Self.activations.count]
        depth = 1 + numbers.index(below: 3)
        width = 3 + numbers.index(below: 6)
        points = [24, 48, 96][numbers.index(below: 3)]
        // Many points of many replicas take minutes.
        let counts = [1, 2, 4, 8].filter { [points] in $0 * points <= 192 }
        replicas = counts[numbers.index(below: counts.count)]
        teacher = Teacher.allCases[numbers.index(below: 4)]
        inputs = 1 + numbers.index(below: 4)
        let rows = Int((3 * pow(200.0 / 3, numbers.uniform())).rounded())
        let noise = 0.3 * numbers.uniform()
        range = (0.01 * pow(3, numbers.uniform()))...1.5
        let x = (0..<rows * inputs).map { _ in numbers.normal() }
        let direction = (0..<inputs).map { _ in numbers.normal() }
        let second = (0..<inputs).map { _ in numbers.normal() }
        let y = (0..<rows).map { [teacher, inputs] s -> Double in
            func along(_ w: [Double]) -> Double { (0..<inputs).reduce(0) { $0 + w[$1] * x[s * inputs + $1] } }
            let (a, b) = (along(direction), along(second))
            let clean =
                switch teacher {
                case .linear: a
                case .ridge: tanh(2 * a) + 0.5 * b
                case .product: a * b + 0.5 * a
                case .square: a * a + 0.5 * a
                }
            return clean + noise * numbers.normal()
        }
        let columns = (0..<inputs).map { [inputs] c in Self.standardized((0..<rows).map { x[$0 * inputs + c] }) }
        features = (0..<rows).flatMap { s in columns.map { $0[s] } }
        targets = Self.standardized(y)
    }

    /// Rounded as the table has them, so that the command and the truth see the same numbers.
    private static func standardized(_ values: [Double]) -> [Double] {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
        return values.map { Double(text(($0 - mean) / max(deviation, 1e-12)))! }
    }

    private static func text(_ x: Double) -> String { String(format: "%.8g", x) }

    var net: SampledNet {
        let shape = try! SampledNetShape(
            inputs: inputs, widths: Array(repeating: width, count: depth), activation: UnitActivation(name: activation)!
        )
        return SampledNet(shape: shape, data: SampledData(inputs: inputs, features: features, targets: targets))
    }

    /// Of neighbouring values of the sweep's grid.
    var ratio: Double { pow(range.upperBound / range.lowerBound, 1 / Double(points - 1)) }

    var label: String {
        "net \(number): \(activation), D = \(depth), width \(width), \(targets.count) rows of \(inputs), \(teacher.rawValue), "
            + "\(points) points, \(replicas) replicas"
    }

    var table: String {
        let names = (0..<inputs).map { "x\($0)" } + ["y"]
        let rows = targets.indices.map { s in
            (features[s * inputs..<(s + 1) * inputs] + [targets[s]]).map(Self.text).joined(separator: ",")
        }
        return ([names.joined(separator: ",")] + rows).joined(separator: "\n") + "\n"
    }

    func spec(table: String) -> String {
        """
        title: net \(number)
        model: weight-decay
        fixed: {activation: \(activation), width: \(width), depth: \(depth)}
        data: {file: \(table), target: y}
        axes:
          gamma: {from: \(range.lowerBound), to: \(range.upperBound), points: \(points), spacing: log}
        replicas: \(replicas)
        direction: [cold, up, down]
        figures: []

        """
    }
}
