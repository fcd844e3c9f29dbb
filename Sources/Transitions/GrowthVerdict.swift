import GSLNumerics
import PhaseSpace

/// The transition of a multiplicative process into an absorbing state: where the growth rate of small deviations from
/// that state passes zero.
///
/// Averages of what is left beside the absorbing state scatter as much as they are large there, so that they locate
/// nothing. The growth rate has no such trouble. Each replica's passes zero at a place of its own; the verdict's interval
/// is Student's over these. That the order parameter vanishes there, within two steps of the grid and by a straight line
/// through its nearest points, makes it second order.
struct GrowthVerdict {
    /// What models call it.
    static let observable = "growthRate"

    /// Nil where the curve has no growth rates.
    static func transition(of curve: Curve, observables: [Observable], words: Words) -> Transition? {
        guard observables.contains(where: { $0.name == observable }) else { return nil }
        let done = curve.samples.filter { $0.counts && $0.values[observable]?.isFinite == true }
        let controls = Set(done.map(\.control)).sorted()
        guard controls.count >= fewestControls else { return nil }
        let replicas = Dictionary(grouping: done, by: \.replica).sorted { $0.key < $1.key }.map(\.value)
        let places = replicas.compactMap { zero(of: $0.map { ($0.control, $0.values[observable]!) }) }
        guard places.count == replicas.count, let place = pooled(places), let interval = place.interval,
            controls[0] < interval.low, interval.high < controls[controls.count - 1]
        else {
            return Transition(
                order: .undecided,
                sentence: "undecided: the growth rate of small deviations does not pass zero within the grid in every "
                    + "replica")
        }
        let isContinuous = vanishes(curve, at: place.value, controls)
        var transition = Transition(order: isContinuous ? .second : .undecided, location: place)
        transition.evidence["replicas"] = .number(Double(replicas.count))
        transition.evidence["method"] = "zero of the growth rate"
        transition.sentence =
            isContinuous
            ? "second order at \(words.axis) = \(words.measured(place)): small deviations cease to grow, and "
                + "\(words.orderParameter) vanishes there"
            : "undecided near \(words.axis) = \(words.measured(place)): small deviations cease to grow there, and "
                + "\(words.orderParameter) does not tell whether it vanishes continuously; more points or longer runs may"
        return transition
    }

    /// Where the parabola through one replica's growth rates passes zero, with its standard error; nil where it does not.
    private static func zero(of points: [(x: Double, rate: Double)]) -> Measured? {
        guard points.count >= fewestControls, let low = points.map(\.x).min(), let high = points.map(\.x).max(),
            high > low
        else { return nil }
        let (centre, half) = ((low + high) / 2, (high - low) / 2)
        let rows = points.map { point in
            let t = (point.x - centre) / half
            return [1, t, t * t]
        }
        guard let fit = try? linearFit(rows: rows, points.map(\.rate)) else { return nil }
        let (a, b, c) = (fit.coefficients[0], fit.coefficients[1], fit.coefficients[2])
        let roots = ((try? realPolynomialRoots([a, b, c])) ?? []).filter { abs($0) <= 1 }
        guard roots.count == 1, let t = roots.first else { return nil }
        let slope = b + 2 * c * t
        guard slope != 0 else { return nil }
        // Rates of different controls are independent runs.
        let error = fit.standardError(0) / abs(slope) * half
        return Measured(centre + half * t, error)
    }

    private static func vanishes(_ curve: Curve, at place: Double, _ controls: [Double]) -> Bool {
        let means = controls.compactMap { x -> (x: Double, growth: Double, m: Double)? in
            let here = curve.samples.filter { $0.counts && $0.control == x }
            let rates = here.compactMap { $0.values[observable] }
            let values = here.compactMap { $0.values[curve.key.orderParameter] }.filter(\.isFinite)
            guard let growth = try? mean(rates), let m = try? mean(values) else { return nil }
            return (x, growth, m)
        }
        let growing = means.filter { $0.growth > 0 }.sorted { abs($0.x - place) < abs($1.x - place) }
        guard growing.count >= 4, let largest = means.map(\.m).max(), largest > 0 else { return false }
        let step = (controls[controls.count - 1] - controls[0]) / Double(controls.count - 1)
        let absorbed = means.filter { $0.growth < 0 && abs($0.x - place) > 2 * step }
        guard !absorbed.isEmpty, absorbed.allSatisfy({ abs($0.m) <= 0.02 * largest }) else { return false }
        let nearest = growing.prefix(8)
        guard let line = try? lineFit(nearest.map(\.x), nearest.map(\.m)), line.coefficients[1] != 0 else {
            return false
        }
        let end = -line.coefficients[0] / line.coefficients[1]
        return abs(end - place) <= 2 * step
    }
}
