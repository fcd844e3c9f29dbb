import Foundation

/// Range and kind of an axis.
struct FigureAxis: Equatable {
    var low: Double
    var high: Double
    var isLogarithmic = false
    /// Whether the control takes whole numbers only: then no tick stands between them.
    var isWhole = false

    /// The axis of a sweep: logarithmic if its values were spaced so and span a factor of 3 or more. Refinement adds
    /// values between those of the grid, so the majority of steps decides.
    init(sweepOver values: [Double]) {
        let values = Set(values).sorted()
        low = values.first ?? 0
        high = values.last ?? 1
        if low == high { (low, high) = low == 0 ? (-1, 1) : (low - abs(low) / 2, high + abs(high) / 2) }
        guard values.count >= 4, values[0] > 0, high / low >= 3 else { return }
        let steps = zip(values.dropFirst(), values).map { $0 - $1 }
        let ratios = zip(values.dropFirst(), values).map { log($0 / $1) }
        isLogarithmic = Self.regularity(ratios) > Self.regularity(steps)
    }

    /// The smallest range that holds the values, a little wider on both sides.
    init(holding values: some Sequence<Double>, padding: Double = 0.05) {
        let values = values.filter(\.isFinite)
        let least = values.min() ?? 0
        let greatest = values.max() ?? 1
        let span = greatest - least
        // Rounding noise around a constant is no reason to blow it up to the full height.
        let margin = span > 1e-9 * max(abs(least), abs(greatest)) ? span * padding : max(abs(least), 1) * padding
        low = least - margin
        high = greatest + margin
    }

    /// Makes room beside the outermost values, so that no point stands on the frame: more where they are few.
    mutating func widen(where isSparse: Bool) {
        let share = isSparse ? 0.05 : 0.02
        if isLogarithmic {
            let factor = exp(share * (log(high) - log(low)))
            (low, high) = (low / factor, high * factor)
        } else {
            let margin = share * (high - low)
            (low, high) = (low - margin, high + margin)
        }
    }

    /// Share of the steps that equal the median step.
    private static func regularity(_ steps: [Double]) -> Double {
        let median = steps.sorted()[steps.count / 2]
        return Double(steps.count { abs($0 - median) <= 1e-6 * median }) / Double(steps.count)
    }

    /// Place of a value between the ends, 0 to 1.
    func fraction(_ x: Double) -> Double {
        isLogarithmic ? (log(x) - log(low)) / (log(high) - log(low)) : (x - low) / (high - low)
    }

    /// The axis with ends that gnuplot and ticks can bear: finite, apart, above zero where it is logarithmic. Values of
    /// anybody's table reach the ends of a double's range.
    var drawable: FigureAxis {
        let range = isLogarithmic ? 1e-300...1e300 : -1e300...1e300
        func clamped(_ x: Double, _ otherwise: Double) -> Double {
            x.isNaN ? otherwise : min(max(x, range.lowerBound), range.upperBound)
        }
        var axis = self
        axis.low = clamped(low, isLogarithmic ? 0.1 : -1)
        axis.high = clamped(high, 1)
        guard !(axis.high > axis.low) else { return axis }
        if isLogarithmic {
            (axis.low, axis.high) = (clamped(axis.low / 2, 0.1), clamped(axis.low * 2, 1))
        } else {
            let margin = max(abs(axis.low), 1) / 2
            (axis.low, axis.high) = (axis.low - margin, axis.low + margin)
        }
        return axis
    }

    func contains(_ x: Double) -> Bool { low <= x && x <= high }
}
