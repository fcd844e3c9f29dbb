import Foundation
import GSLNumerics
import PhaseSpace

/// A noisy sweep of many replicas whose mean transition is known exactly.
struct SyntheticSweep {
    enum Shape: String, CaseIterable {
        /// β = 1/2, 1 and 1/8 with a correction to scaling.
        case squareRoot = "second, β = 1/2"
        case linear = "second, β = 1"
        case ising = "second, β = 1/8"
        case jump = "first"
        case crossover = "crossover"
        case decay = "none"
        /// A branch that ends at its fold: a square root above a height, then nothing.
        case fold = "first, at a fold"

        var order: TransitionOrder {
            switch self {
            case .squareRoot, .linear, .ising: .second
            case .jump, .fold: .first
            case .crossover: .crossover
            case .decay: .none
            }
        }
        var exponent: Double? {
            switch self {
            case .squareRoot: 0.5
            case .linear: 1
            case .ising: 0.125
            default: nil
            }
        }
    }

    let shape: Shape
    /// Standard deviation of one value over the order parameter's range.
    var noise = 0.02
    /// Standard deviation of the replicas' transitions, in steps of the grid.
    var disorder = 1.0
    var points = 48
    var replicas = 16
    var isLogarithmic = false

    var step: Double { 1.2 / Double(points - 1) }
    private var grid: [Double] {
        (0..<points).map { k in
            let t = Double(k) / Double(points - 1)
            return isLogarithmic ? 0.4 * pow(4, t) : 0.4 + 1.2 * t
        }
    }

    /// - Returns: the curve, and the mean of the distribution that its replicas' transitions were drawn from.
    func draw(_ numbers: RandomSequence) -> (curve: Curve, location: Double) {
        let location = 0.9 + 0.2 * numbers.uniform()
        let isFalling = numbers.uniform() < 0.5
        var samples: [CurveSample] = []
        for replica in 0..<replicas {
            let own = location + disorder * step * numbers.normal()
            let size = 1 + 0.05 * numbers.normal()
            for x in grid {
                // Rising curves are falling ones seen in a mirror at the mean transition.
                let distance = isFalling ? own - x : x - own
                let m = size * value(distance) + noise * numbers.normal()
                samples.append(
                    CurveSample(
                        control: x, replica: replica, direction: .cold, outcome: .completed, values: ["m": m]))
            }
        }
        let key = CurveKey(model: "synthetic", fixed: [:], axis: "x", orderParameter: "m")
        return (Curve(key: key, samples: samples), location)
    }

    /// Of order one, at a distance into the ordered phase.
    private func value(_ u: Double) -> Double {
        switch shape {
        case .squareRoot, .linear, .ising: u > 0 ? 1.3 * pow(u, exponent) * (1 + 0.3 * u) : 0
        case .jump: u > 0 ? 0.9 + 0.3 * u : 0.1 + 0.1 * u
        case .fold: u > 0 ? 0.8 + 0.5 * u.squareRoot() : 0
        case .crossover: 0.5 * (1 + tanh(u / 0.15))
        case .decay: exp(1.2 * u) / 2.3
        }
    }
    private var exponent: Double { shape.exponent ?? 0 }
}

/// How verdicts on sweeps with a known answer came out.
struct CoverageCount {
    var sweeps = 0
    var right = 0
    var wrong = 0
    var undecided = 0
    /// Right orders whose interval holds the location.
    var covered = 0
    var exponentsCovered = 0
    /// Of right second orders: the exponent, and half of its interval.
    var exponents: [(value: Double, halfWidth: Double)] = []
    /// Of the intervals, in steps of the grid.
    var widths: [Double] = []
    /// Found minus true location over the interval's half width.
    var deviations: [Double] = []
    var wrongOrders: [TransitionOrder: Int] = [:]

    var coverage: Double { Double(covered) / Double(max(1, right)) }

    mutating func add(_ transitions: [Transition], of sweep: SyntheticSweep, location: Double) {
        sweeps += 1
        if transitions.contains(where: { $0.order == .undecided }) {
            undecided += 1
        } else if transitions.count == 1, transitions[0].order == sweep.shape.order {
            right += 1
            guard let found = transitions[0].location, let interval = found.interval else { return }
            if interval.contains(location) { covered += 1 }
            widths.append(interval.width / sweep.step)
            deviations.append((found.value - location) / (interval.width / 2))
            if let exact = sweep.shape.exponent, let own = transitions[0].exponent, let range = own.interval {
                if range.contains(exact) { exponentsCovered += 1 }
                exponents.append((own.value, range.width / 2))
            }
        } else {
            wrong += 1
            for transition in transitions { wrongOrders[transition.order, default: 0] += 1 }
        }
    }

    static func + (a: CoverageCount, b: CoverageCount) -> CoverageCount {
        var sum = a
        sum.sweeps += b.sweeps
        sum.right += b.right
        sum.wrong += b.wrong
        sum.undecided += b.undecided
        sum.covered += b.covered
        sum.exponentsCovered += b.exponentsCovered
        sum.widths += b.widths
        sum.exponents += b.exponents
        sum.deviations += b.deviations
        sum.wrongOrders.merge(b.wrongOrders, uniquingKeysWith: +)
        return sum
    }
}
