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

    /// Makes room beside the outermost values, where they are few: many show by themselves that a curve ends.
    mutating func widen(where isSparse: Bool) {
        guard isSparse, !isLogarithmic else { return }
        let margin = 0.05 * (high - low)
        (low, high) = (low - margin, high + margin)
    }

    /// Share of the steps that equal the median step.
    private static func regularity(_ steps: [Double]) -> Double {
        let median = steps.sorted()[steps.count / 2]
        return Double(steps.count { abs($0 - median) <= 1e-6 * median }) / Double(steps.count)
    }

    /// Place of a value between the ends, 0 to 1.
    func fraction(_ x: Double) -> Double {
        isLogarithmic ? log(x / low) / log(high / low) : (x - low) / (high - low)
    }

    func contains(_ x: Double) -> Bool { low <= x && x <= high }

    /// The smallest of 1, 2, 5 times a power of ten that divides a linear axis into no more steps than `count`.
    func tickStep(upTo count: Int) -> Double {
        let least = max((high - low) / Double(count), isWhole ? 1 : 0)
        let decade = Int(floor(log10(least)))
        return [1, 2, 5, 10].map { Double("\($0)e\(decade)")! }.first { $0 >= least * (1 - 1e-9) }!
    }

    /// Characters of the longest tick of a linear axis with up to `count` steps; 0 for a logarithmic one.
    func longestTick(upTo count: Int) -> Int {
        guard !isLogarithmic else { return 0 }
        let step = tickStep(upTo: count)
        let first = Int((low / step).rounded(.up))
        return (first...max(first, Int((high / step).rounded(.down)))).map {
            String(format: "%g", Double($0) * step).count
        }.max() ?? 0
    }

    /// Labelled ticks of a logarithmic axis as `text=value` would read them: powers of ten, with 2 and 5 between them
    /// where there are few and the axis, `length` cm long, has room for them.
    func logarithmicTicks(length: Double) -> (major: [Double], minor: [Double]) {
        let span = log10(high / low)
        let room = length / span
        let wanted: [Int] =
            span > 3.2 || room < 1.3 ? [1] : room < 2 ? [1, 3] : span > 1.3 || room < 4 ? [1, 2, 5] : [1, 2, 3, 5, 7]
        var major: [Double] = []
        var minor: [Double] = []
        for decade in Int(floor(log10(low)))...Int(ceil(log10(high))) {
            for digit in 1...9 {
                // Parsed from decimals, so that the label is as short as it can be.
                let x = Double("\(digit)e\(decade)")!
                guard contains(x) else { continue }
                if wanted.contains(digit) { major.append(x) } else { minor.append(x) }
            }
        }
        return (major, minor)
    }

    /// Text of a tick: decimals, or a power of ten where these are long.
    static func text(ofTick x: Double) -> String {
        if x >= 1e-3, x < 1e5 { return String(format: "%g", x) }
        let exponent = Int(floor(log10(x * (1 + 1e-9))))
        let digit = Int((x / pow(10, Double(exponent))).rounded())
        let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        let power = (exponent < 0 ? "⁻" : "") + String(String(abs(exponent)).map { superscripts[$0.wholeNumberValue!] })
        return (digit == 1 ? "" : "\(digit)·") + "10" + power
    }
}
