import GSLNumerics
import Lanes
import PhaseSpace

/// What of the order parameter counts as its amplitude: for a squared norm its root.
enum Amplitude {
    case itself, squareRoot

    /// Squared norms are the slope of a loss along its regulariser, or say so in their name.
    init(orderParameter: String, axis: String, observables: [Observable]) {
        let isSlope = observables.contains { $0.name == orderParameter && $0.derivative?.order == 1 }
        self = isSlope || orderParameter.lowercased().contains("squared") ? .squareRoot : .itself
    }
    func of(_ x: Double) -> Double { self == .itself ? abs(x) : max(0, x).squareRoot() }
}

/// β of the order parameter's amplitude next to a continuous transition: amplitude ∝ |x − x*|^β.
package struct Exponent: Sendable {
    package var value: Measured
    /// The points' range of |x − x*|/|x*|.
    package var range: ClosedRange<Double>
    package var pointCount: Int
}

/// Fits ln(amplitude) = const + β ln δ + c δ, δ = |x − x*|/|x*|: the last term is the first correction to scaling,
/// without which β would depend on the range.
/// - Parameters:
///   - amplitudes: of the ordered side, the nearest to x* first.
///   - location: x* with its error; points nearer than twenty times that are left out, for their δ means nothing.
/// - Returns: nil where fewer than four points are left.
package func criticalExponent(
    of amplitudes: [(x: Double, amplitude: Double)], location: Measured, maximumPoints: Int = 8
) -> Exponent? {
    let unit = location.value == 0 ? 1 : abs(location.value)
    let points = amplitudes.filter { $0.amplitude > 0 && abs($0.x - location.value) > 20 * location.error }
        .map { (delta: abs($0.x - location.value) / unit, logarithm: logarithm($0.amplitude)) }
        .filter { $0.delta <= 0.4 }.prefix(maximumPoints)
    guard points.count >= 4 else { return nil }
    func slope(_ count: Int) -> LinearFit? {
        let used = points.prefix(count)
        return try? linearFit(rows: used.map { [1, logarithm($0.delta), $0.delta] }, used.map(\.logarithm))
    }
    guard let fit = slope(points.count),
        let uncorrected = try? lineFit(points.map { logarithm($0.delta) }, points.map(\.logarithm))
    else { return nil }
    let shorter = points.count > 4 ? slope(points.count - 1) : nil
    let beta = fit.coefficients[1]
    // The fit's model error shows as a drift when the farthest point goes; x* itself shifts every δ.
    let drift = shorter.map { abs($0.coefficients[1] - beta) } ?? 0
    let shift = location.error / unit / points[0].delta
    let quantile = (try? studentQuantile(0.975, degreesOfFreedom: Double(max(1, fit.degreesOfFreedom)))) ?? 12.7
    // What the correction term moved is known to a fraction only.
    let correction = 0.2 * abs(uncorrected.coefficients[1] - beta)
    let error = quantile * fit.standardError(1) + 3 * drift + correction + abs(beta) * shift + 1e-6
    let deltas = points.map(\.delta)
    return Exponent(value: Measured(beta, error), range: deltas.min()!...deltas.max()!, pointCount: points.count)
}
