import Foundation
import GSLNumerics
import PhaseSpace

/// One replica's order parameter along the axis, without a free energy.
struct OrderParameterSeries {
    let xs: [Double]
    let ms: [Double]
    /// Scatter of a single value: from the errors that came with the data, else from neighbouring points.
    let noise: Double

    /// Equal controls are averaged; values without a finite order parameter do not count.
    init(_ rows: [Row]) {
        let known = rows.filter { $0.orderParameter != nil }
        let groups = Dictionary(grouping: known, by: \.control).sorted { $0.key < $1.key }
        xs = groups.map(\.key)
        ms = groups.map { $0.value.reduce(0) { $0 + $1.orderParameter! } / Double($0.value.count) }
        let errors = known.compactMap(\.error).filter { $0 > 0 }
        noise =
            errors.count == known.count && !errors.isEmpty
            ? (try? median(errors)) ?? 0 : Self.scatter(xs, ms)
    }

    var span: Double { (ms.max() ?? 0) - (ms.min() ?? 0) }
    func step(_ i: Int) -> Double { ms[i + 1] - ms[i] }
    func width(_ i: Int) -> Double { xs[i + 1] - xs[i] }

    /// Robust scatter about the straight line through each point's neighbours; curvature of a well resolved curve
    /// adds little to it.
    private static func scatter(_ xs: [Double], _ ms: [Double]) -> Double {
        guard xs.count >= 3 else { return 0 }
        let residuals = (1..<xs.count - 1).map { i in
            let w = (xs[i] - xs[i - 1]) / (xs[i + 1] - xs[i - 1])
            let line = ms[i - 1] * (1 - w) + ms[i + 1] * w
            return abs(ms[i] - line) / (1 + w * w + (1 - w) * (1 - w)).squareRoot()
        }
        return 1.4826 * ((try? median(residuals)) ?? 0)
    }

    /// Read from right to left, the axis reversed, so that one rule serves both sides.
    var mirrored: OrderParameterSeries {
        OrderParameterSeries(xs: xs.reversed().map { -$0 }, ms: ms.reversed(), noise: noise)
    }
    private init(xs: [Double], ms: [Double], noise: Double) {
        self.xs = xs
        self.ms = ms
        self.noise = noise
    }

    // MARK: - Jumps

    /// Intervals where the value changes by far more than the slopes beside it explain.
    func jumps() -> [Int] {
        xs.indices.dropLast().filter { i in
            let beside = [i - 2, i - 1, i + 1, i + 2].filter { $0 >= 0 && $0 + 1 < xs.count }
                .map { abs(step($0)) / width($0) }
            // A run of equal jumps is a slope; a neighbour that is a jump itself is none.
            let usual = beside.sorted().dropLast(beside.count > 3 ? 1 : 0).max() ?? .infinity
            let expected = usual * width(i) + 3 * noise
            return abs(step(i)) > 0.1 * span && abs(step(i)) > 4 * expected
        }
    }

    // MARK: - Continuous onset

    struct Onset {
        let location: Measured
        let exponent: Exponent?
        let interval: Int
        let plateau: Double
    }

    /// Where the value leaves a plateau that reaches to the right end of the grid, by a power law.
    func onset(amplitude: Amplitude) -> Onset? {
        guard xs.count >= fewestControls + 2, let level = try? median(Array(ms.suffix(3))) else { return nil }
        let tolerance = max(4 * plateauNoise(level), 1e-6 * span)
        guard let last = ms.lastIndex(where: { abs($0 - level) > tolerance }), last + 3 < xs.count, last >= 3
        else { return nil }
        // A tail that dies away smoothly passes the tolerance slowly, an onset leaves it at once.
        guard abs(ms[last] - level) > 10 * tolerance || abs(ms[last - 1] - level) > 20 * tolerance else { return nil }
        let ordered = (0...last).reversed().prefix(6).map { (x: xs[$0], y: abs(ms[$0] - level)) }
        guard ordered.allSatisfy({ $0.y > 0 }), let (x, residual) = powerLawRoot(ordered, last) else { return nil }
        guard residual < 0.1 else { return nil }
        let other = powerLawRoot(Array(ordered.dropLast(2)), last)?.x ?? x
        let place = Measured(x, min(abs(other - x) + 0.05 * width(last), width(last)))
        let amplitudes = (0...last).reversed().map { (x: xs[$0], amplitude: amplitude.of(abs(ms[$0] - level))) }
        // The distances that mean something begin beyond the grid's own resolution.
        let forFit = Measured(place.value, min(place.error, width(last)) / 20)
        var fitted = exponent(of: amplitudes, location: forFit)
        if let error = fitted?.value.error, let beta = fitted?.value.value {
            let nearest = abs(xs[last] - x) + width(last) / 2
            fitted?.value.error = error + abs(beta) * place.error / nearest
        }
        return Onset(location: place, exponent: fitted, interval: last, plateau: level)
    }

    private func plateauNoise(_ level: Double) -> Double {
        let tail = ms.suffix(3).map { abs($0 - level) }
        return max(noise < 0.02 * span ? min(noise, (tail.max() ?? 0) * 2) : noise, tail.max() ?? 0)
    }

    /// The x* behind the last ordered point for which ln y is straightest in ln(x* − x), with the root mean square
    /// residual of ln y.
    private func powerLawRoot(_ points: [(x: Double, y: Double)], _ last: Int) -> (x: Double, residual: Double)? {
        func residual(_ x: Double) -> Double {
            let fit = try? lineFit(points.map { log(x - $0.x) }, points.map { log($0.y) })
            guard let fit, fit.coefficients[1] < 0 || fit.coefficients[1] > 0.02 else { return .infinity }
            return (fit.chiSquared / Double(points.count)).squareRoot()
        }
        let (low, high) = (xs[last], xs[last + 1])
        let steps = 200
        let best = (1...steps).map { low + (high - low) * Double($0) / Double(steps) }
            .map { (x: $0, residual: residual($0)) }.min { $0.residual < $1.residual }
        return best.flatMap { $0.residual.isFinite ? $0 : nil }
    }
}
