import Foundation
import Lanes
import PhaseSpace

/// How a verdict names its axis and order parameter, and writes its numbers.
struct Words {
    let axis: String
    let orderParameter: String
    /// What F′ is called: the order parameter's symbol where the two are the same.
    let slope: String
    /// Names of the regimes that the order parameter numbers; empty for a quantity.
    let regimes: [Int: String]

    init(curve: Curve, axisControl: ControlParameter?, observables: [Observable]) {
        axis = axisControl.map(\.symbol) ?? curve.key.axis
        let named = observables.first { $0.name == curve.key.orderParameter }
        orderParameter = named?.symbol ?? curve.key.orderParameter
        let isSlope =
            named?.derivative
            == Observable.Derivative(of: Observable.Name.loss, order: 1, by: curve.key.axis)
        slope = isSlope ? orderParameter : "F′"
        regimes = named?.regimes ?? [:]
    }

    /// A regime's name, or its number where it has none.
    func regime(_ label: Double) -> String { Int(exactly: label).flatMap { regimes[$0] } ?? plain(label) }

    /// `0.3768 ± 0.0002`: the error to one digit (two where it begins with 1), the value to the same place.
    func measured(_ estimate: Estimate) -> String { Self.measured(estimate) }
    static func measured(_ estimate: Estimate) -> String {
        guard let interval = estimate.interval, interval.width > 0, interval.width.isFinite else {
            return plain(estimate.value)
        }
        let half = interval.width / 2
        // An interval of ratios: a symmetric one would reach beyond zero.
        if interval.low > 0, half >= estimate.value {
            return "\(plain(estimate.value)) (\(plain(interval.low)) to \(plain(interval.high)))"
        }
        guard var exponent = decimalExponent(half) else { return plain(estimate.value) }
        if half / powerOfTen(exponent) < 1.95 { exponent -= 1 }
        // More than ten significant digits help nobody to read a sentence; the numbers themselves stand beside it.
        exponent = max(exponent, (decimalExponent(estimate.value) ?? exponent) - 9)
        guard abs(exponent) < 16 else { return "\(plain(estimate.value)) ± \(plain(half))" }
        let places = max(0, -exponent)
        let unit = powerOfTen(exponent)
        let rounded = max(1, (half / unit).rounded(.up)) * unit
        // A value that rounds to zero has no sign.
        let value = abs(estimate.value) < min(unit, 1) / 2 ? 0 : estimate.value
        return String(format: "%.\(places)f", value) + " ± " + String(format: "%.\(places)f", rounded)
    }

    /// Four significant digits.
    func plain(_ x: Double) -> String { Self.plain(x) }
    static func plain(_ x: Double) -> String {
        let text = String(format: "%.4g", x)
        return text == "-0" ? "0" : text
    }
}
