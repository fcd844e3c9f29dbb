import Foundation

/// Ticks of an axis with the texts beside them.
struct AxisTicks: Equatable {
    var major: [(value: Double, text: String)] = []
    /// Between them, without text; on logarithmic axes only.
    var minor: [Double] = []

    /// Of the widest text, in cm.
    var width: Double { major.map { TextWidth.cm($0.text) }.max() ?? 0 }

    static func == (a: AxisTicks, b: AxisTicks) -> Bool {
        a.minor == b.minor && a.major.elementsEqual(b.major) { $0 == $1 }
    }
}

extension FigureAxis {
    /// As many ticks as an axis of this length (cm) has room for.
    func ticks(along length: Double, isVertical: Bool = false) -> AxisTicks {
        let axis = drawable
        guard axis == self else { return axis.ticks(along: length, isVertical: isVertical) }
        if isLogarithmic {
            let ticks = logarithmicTicks(length: length)
            return AxisTicks(major: ticks.major.map { ($0, Self.text(ofTick: $0)) }, minor: ticks.minor)
        }
        var count = max(Int(length / (isVertical ? 0.5 : 0.75)), 2)
        // One number alone gives no scale.
        for more in 0..<4 where linearTicks(step: tickStep(upTo: count + more)).count >= 2 {
            count += more
            break
        }
        while true {
            let ticks = AxisTicks(major: linearTicks(step: tickStep(upTo: count)))
            let room = length * tickStep(upTo: count) / (high - low)
            // Texts beside each other keep a letter's distance.
            if isVertical || count <= 2 || ticks.width + 0.15 <= room { return ticks }
            count -= 1
        }
    }

    private func linearTicks(step: Double) -> [(value: Double, text: String)] {
        let slack = 1e-9
        // So close to each other that decimals cannot tell them apart.
        guard max(abs(low), abs(high)) / step < 1e12 else { return [] }
        let first = Int((low / step - slack).rounded(.up))
        let last = Int((high / step + slack).rounded(.down))
        guard first <= last else { return [] }
        let largest = max(abs(Double(first)), abs(Double(last))) * step
        // One power of ten for the whole axis where decimals would be long.
        let isPlain = largest == 0 || (largest < 1e5 && step >= 1e-4)
        let exponent = isPlain ? 0 : Int(floor(log10(largest * (1 + slack))))
        return (first...last).map { index in
            // Parsed from decimals, so that the place is the same as the text.
            let value = Double(String(format: "%.12g", Double(index) * step)) ?? Double(index) * step
            guard !isPlain, index != 0 else { return (value, Self.decimals(value)) }
            let mantissa = Self.decimals(value / pow(10, Double(exponent)))
            return (value, "\(mantissa)·10\(Self.superscript(exponent))")
        }
    }

    private static func decimals(_ x: Double) -> String {
        String(format: "%.10g", x).replacingOccurrences(of: "-", with: "−")
    }

    static func superscript(_ exponent: Int) -> String {
        let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        return (exponent < 0 ? "⁻" : "") + String(String(abs(exponent)).map { digits[$0.wholeNumberValue!] })
    }

    /// Text of a logarithmic axis's tick: decimals, or a power of ten where these are long.
    static func text(ofTick x: Double) -> String {
        if x >= 1e-3, x < 1e5 { return String(format: "%g", x) }
        let exponent = Int(floor(log10(x * (1 + 1e-9))))
        let digit = Int((x / pow(10, Double(exponent))).rounded())
        return (digit == 1 ? "" : "\(digit)·") + "10" + superscript(exponent)
    }

    /// The smallest of 1, 2, 5 times a power of ten that divides a linear axis into no more steps than `count`.
    private func tickStep(upTo count: Int) -> Double {
        let least = max((high - low) / Double(count), isWhole ? 1 : 1e-300)
        let decade = Int(floor(log10(least)))
        return [1, 2, 5, 10].map { Double("\($0)e\(decade)")! }.first { $0 >= least * (1 - 1e-9) }!
    }

    /// Labelled ticks of a logarithmic axis as `text=value` would read them: powers of ten, with 2 and 5 between them
    /// where there are few and the axis, `length` cm long, has room for them.
    private func logarithmicTicks(length: Double) -> (major: [Double], minor: [Double]) {
        let span = log10(high) - log10(low)
        let room = length / span
        let wanted: [Int] =
            span > 3.2 || room < 1.3 ? [1] : room < 2 ? [1, 3] : span > 1.3 || room < 4 ? [1, 2, 5] : [1, 2, 3, 5, 7]
        // Powers of ten run into each other on an axis of many decades.
        let stride = max(1, Int((0.7 / room).rounded(.up)))
        var major: [Double] = []
        var minor: [Double] = []
        for decade in Int(floor(log10(low)))...Int(ceil(log10(high))) {
            for digit in 1...9 {
                // Parsed from decimals, so that the label is as short as it can be.
                let x = Double("\(digit)e\(decade)")!
                guard contains(x) else { continue }
                if wanted.contains(digit), decade % stride == 0 {
                    major.append(x)
                } else if stride == 1 || digit == 1 {
                    minor.append(x)
                }
            }
        }
        return (major, minor)
    }
}
