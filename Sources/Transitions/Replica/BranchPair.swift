import GSLNumerics
import PhaseSpace

/// Two branches of F, from the left and from the right, continued into the grid interval between them.
struct BranchPair {
    let left: BranchContinuation
    let right: BranchContinuation
    let bracket: Interval
    /// Error of a stored loss.
    let tolerance: Double
    let scatter: Scatter

    struct Crossing {
        let location: Measured
        /// F′ left minus right.
        let jump: Measured
    }
    struct Kink {
        let location: Measured
        /// F″ right minus left.
        let curvatureJump: Measured
        /// The largest jump of F′ that the errors of F would hide.
        let undetectableJump: Double
    }

    /// Left minus right.
    func gap(_ x: Double) -> BranchContinuation.Values {
        let (l, r) = (left.values(at: x), right.values(at: x))
        return BranchContinuation.Values(
            value: l.value - r.value, slope: l.slope - r.slope, curvature: l.curvature - r.curvature)
    }

    /// Error of the gap. An estimate may vanish at single points by accident: the middle of the interval counts too.
    func error(_ x: Double) -> BranchContinuation.Values {
        func sum(_ x: Double) -> BranchContinuation.Values {
            let (l, r) = (left.errors(at: x), right.errors(at: x))
            return BranchContinuation.Values(
                value: l.value + r.value, slope: l.slope + r.slope, curvature: l.curvature + r.curvature)
        }
        let (here, middle) = (sum(x), sum(bracket.middle))
        // A polynomial through scattered values turns their scatter over the step into scatter of its slope.
        let h = bracket.width
        let slope = scatter.slope + scatter.loss / h + scatter.curvature * h
        return BranchContinuation.Values(
            value: max(here.value, middle.value) + scatter.loss + (scatter.slope + scatter.curvature * h) * h,
            slope: max(here.slope, middle.slope) + slope,
            curvature: max(here.curvature, middle.curvature) + scatter.curvature + slope / h)
    }

    private func nodeError(_ x: Double) -> Double {
        left.errors(at: x).value + right.errors(at: x).value + 2 * scatter.loss
    }

    /// Where both branches have equal F and different F′: the Maxwell point.
    func crossing(caution: Double, slopeFloor: Double) -> Crossing? {
        // A continuation that leaves its branch far behind may cross by error alone: the signs must be certain.
        guard gap(bracket.low).value < -caution * nodeError(bracket.low),
            gap(bracket.high).value > caution * nodeError(bracket.high),
            let x = try? root(of: { gap($0).value }, in: bracket.low...bracket.high)
        else { return nil }
        let jump = gap(x).slope
        let error = error(x)
        guard abs(jump) > caution * error.slope + slopeFloor else { return nil }
        let rounding = 1e-4 * tolerance / abs(jump) + 1e-10 * max(abs(x), bracket.width)
        return Crossing(
            location: Measured(x, min(error.value / abs(jump) + rounding, bracket.width)),
            jump: Measured(jump, error.slope + abs(gap(x).curvature) * error.value / abs(jump) + 1e-9 * abs(jump)))
    }

    /// Where F′ of both branches meets while F″ differs, if F meets there too: a second-order point.
    /// - Parameter isCertain: whether the two phases are known to differ, as where one is the zero net: then F″ need
    ///   not prove it.
    func kink(caution: Double, isCertain: Bool) -> Kink? {
        // A singular point next to a node may fall outside by the error of the continuation.
        let margin = 0.02 * bracket.width
        let range = (bracket.low - margin)...(bracket.high + margin)
        let ends = (gap(range.lowerBound).slope, gap(range.upperBound).slope)
        guard ends.0 * ends.1 <= 0, let x = try? root(of: { gap($0).slope }, in: range) else { return nil }
        let difference = gap(x)
        let uncertainty = error(x)
        let curvature = abs(difference.curvature)
        guard curvature > (isCertain ? 1 : caution) * uncertainty.curvature else { return nil }
        let hidden = caution * uncertainty.value + tolerance
        guard abs(difference.value) <= hidden else { return nil }
        let located = min(max(x, bracket.low), bracket.high)
        let rounding = 1e-9 * max(abs(x), bracket.width)
        // F itself should meet there: what it misses by is a parabola's height above a displaced kink.
        let displacement = (2 * abs(difference.value) / curvature).squareRoot()
        let errors = uncertainty.slope / curvature + displacement + abs(located - x) + rounding
        return Kink(
            location: Measured(located, errors),
            curvatureJump: Measured(-difference.curvature, uncertainty.curvature + 1e-9 * curvature),
            undetectableJump: (2 * curvature * hidden).squareRoot())
    }
}
