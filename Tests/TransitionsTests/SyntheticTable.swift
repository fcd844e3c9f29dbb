import Foundation
import GSLNumerics
import PhaseSpace
import Transitions

/// A table of one noisy value a control whose transition is known: place, amplitude, offset, direction and number of
/// points are drawn anew for every table.
struct SyntheticTable {
    enum Shape: String, CaseIterable {
        case squareRoot = "second, β = 1/2"
        case linear = "second, β = 1"
        case ising = "second, β = 1/8"
        case jump = "first"
        case crossover = "crossover"
        case decay = "none"
        /// Slopes −1 and −0.6, and −1 and −2.
        case weakKink = "kink, slope × 0.6"
        case kink = "kink, slope × 2"
        case valley = "|x − c|"
        /// Crossovers whose width is drawn anew: a tenth to six tenths of the range.
        case tanh = "crossover, tanh"
        case erf = "crossover, erf"
        case arctan = "crossover, arctan"
        case lopsided = "crossover, exp(−exp)"

        var order: TransitionOrder {
            switch self {
            case .squareRoot, .linear, .ising, .weakKink, .kink, .valley: .second
            case .jump: .first
            case .crossover, .tanh, .erf, .arctan, .lopsided: .crossover
            case .decay: .none
            }
        }
        var hasWidth: Bool { [.tanh, .erf, .arctan, .lopsided].contains(self) }
        /// At a distance u from the place; u < 0 is the ordered side. Crossovers with a width take it in halves of theirs.
        func value(_ u: Double) -> Double {
            switch self {
            case .squareRoot: u < 0 ? (-u).squareRoot() : 0
            case .linear: u < 0 ? -u : 0
            case .ising: u < 0 ? pow(-u, 0.125) : 0
            case .jump: u < 0 ? 0.95 - 0.2 * (1 + u) : 0
            case .crossover: 0.5 * (1 - Foundation.tanh(u / 0.15))
            case .decay: exp(-(1 + u))
            case .weakKink: u < 0 ? -u : -0.6 * u
            case .kink: u < 0 ? -u : -2 * u
            case .valley: abs(u)
            case .tanh: 0.5 * (1 - Foundation.tanh(u))
            case .erf: 0.5 * erfc(0.886 * u)
            case .arctan: 0.5 - atan(0.5 * Double.pi * u) / Double.pi
            case .lopsided: 1 - exp(-exp(-1.36 * u))
            }
        }
    }
    enum Errors: String, CaseIterable {
        /// Normal, as stated; normal, not stated; Student's with three degrees of freedom, its standard deviation stated.
        case stated, unstated, heavy
        /// Shares of N runs, N = 1/(4 error²); values whose sign is accidental, judged by their magnitude; controls spaced
        /// by ratio.
        case shares, signed, logarithmic
        /// Small, stated for every other table, on 10 to 60 values.
        case clean

        var shapes: [Shape] {
            switch self {
            case .stated, .unstated, .heavy: Shape.allCases.filter { !$0.hasWidth }
            case .clean: [.tanh, .erf, .arctan, .lopsided, .squareRoot, .linear, .jump, .decay]
            case .shares, .signed, .logarithmic: [.squareRoot, .linear, .ising, .jump, .crossover, .decay]
            }
        }
        var sizes: [Double] {
            switch self {
            case .shares: [0.05, 0.1]
            case .clean: [0.001, 0.005, 0.02]
            default: [0.01, 0.03, 0.1]
            }
        }
    }

    let curve: Curve
    let place: Double
    let step: Double
    let isLogarithmic: Bool
    let options: JudgingOptions
    /// The verdicts that are right. A crossover within three steps is a jump for all that its values tell.
    let orders: Set<TransitionOrder>

    init(_ shape: Shape, error: Double, errors: Errors, _ numbers: RandomSequence) {
        let points = errors == .clean ? 10 + numbers.index(below: 51) : 25 + numbers.index(below: 56)
        let place = 0.7 + 0.6 * numbers.uniform()
        let amplitude = errors == .shares ? 1 : pow(10, -2 + 4 * numbers.uniform())
        let offset = errors == .shares || errors == .signed ? 0 : -1 + 2 * numbers.uniform()
        let isMirrored = numbers.uniform() < 0.5
        isLogarithmic = errors == .logarithmic
        options = JudgingOptions(absolute: errors == .signed)
        step = 2 / Double(points)
        let halfWidth = shape.hasWidth ? 0.1 + 0.5 * numbers.uniform() : 1
        let isStated = errors != .unstated && (errors != .clean || numbers.uniform() < 0.5)
        orders = shape.hasWidth && 2 * halfWidth < 3 * step ? [shape.order, .first] : [shape.order]
        var samples: [CurveSample] = []
        for i in 1...points {
            let x = Double(i) * step
            let u = (isMirrored ? place - x : x - place) / halfWidth
            var values: [String: Double] = [:]
            if errors == .shares {
                let runs = Int((0.25 / (error * error)).rounded())
                let share = 0.7 * shape.value(u)
                let successes = (0..<runs).count { _ in numbers.uniform() < share }
                values["y"] = Double(successes) / Double(runs)
            } else {
                var deviate = numbers.normal()
                if errors == .heavy {
                    let chi = (0..<3).reduce(0.0) { sum, _ in
                        let z = numbers.normal()
                        return sum + z * z
                    }
                    deviate /= chi.squareRoot()
                }
                let sign = errors == .signed && numbers.uniform() < 0.5 ? -1.0 : 1
                values["y"] = sign * amplitude * (shape.value(u) + offset + error * deviate)
                if isStated { values["yError"] = error * amplitude }
            }
            samples.append(
                CurveSample(
                    control: isLogarithmic ? exp(2 * x) : x, replica: 0, direction: .cold, outcome: .completed,
                    values: values))
        }
        self.place = isLogarithmic ? exp(2 * place) : place
        curve = Curve(
            key: CurveKey(model: "table", fixed: [:], axis: "x", orderParameter: "y"), samples: samples)
    }
}
