import GSLNumerics
import Lanes
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
        let isStated = errors.count == known.count && !errors.isEmpty
        noise = isStated ? (try? median(errors)) ?? 0 : Self.scatter(xs, ms)
    }
    private init(xs: [Double], ms: [Double], noise: Double) {
        self.xs = xs
        self.ms = ms
        self.noise = noise
    }

    var span: Double { (ms.max() ?? 0) - (ms.min() ?? 0) }
    func step(_ i: Int) -> Double { ms[i + 1] - ms[i] }
    func width(_ i: Int) -> Double { xs[i + 1] - xs[i] }
    private var intervals: Range<Int> { 0..<max(0, xs.count - 1) }

    /// Read from right to left, the axis reversed, so that one rule serves both sides.
    var mirrored: OrderParameterSeries {
        OrderParameterSeries(xs: xs.reversed().map { -$0 }, ms: ms.reversed(), noise: noise)
    }

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

    // MARK: - Jumps

    /// Runs of intervals where the value changes by far more than the slopes beside them explain. A run of one is a
    /// jump as far as the grid can tell, a longer one a steep change that it does not resolve.
    func jumps() -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for i in intervals where isSteep(i) {
            if let last = runs.last, last.upperBound == i - 1 {
                runs[runs.count - 1] = last.lowerBound...i
            } else {
                runs.append(i...i)
            }
        }
        return runs
    }

    /// The interval of the largest step that is a jump.
    var largestJump: Int? {
        jumps().flatMap { Array($0) }.max { abs(step($0)) < abs(step($1)) }
    }

    private func isSteep(_ i: Int) -> Bool {
        let beside = [i - 3, i - 2, i - 1, i + 1, i + 2, i + 3].filter(intervals.contains)
            .map { abs(step($0)) / width($0) }.sorted()
        guard beside.count >= 2 else { return false }
        // One neighbour may be the other half of a jump that a point happens to divide.
        let usual = beside[beside.count > 3 ? beside.count - 2 : beside.count - 1]
        return abs(step(i)) > 0.1 * span && abs(step(i)) > 4 * (usual * width(i) + 3 * noise)
    }

    /// Whether the side left of a jump is as well a power law that vanishes inside the jump's interval: a small
    /// exponent looks like a jump. The right side must be a plateau for that.
    func isPowerLaw(leftOf i: Int) -> Bool {
        if case .jump = footing(leftOf: i) { return false }
        guard i >= 4, let level = try? median(Array(ms[(i + 1)...].prefix(3))) else { return false }
        // Scatter takes more points to tell the two apart; without it the nearest ones tell best.
        let count = noise > 1e-6 * span ? 20 : 6
        let points = (0...i).reversed().prefix(count).map { (x: xs[$0], y: abs(ms[$0] - level)) }
        guard points.allSatisfy({ $0.y > 0 }) else { return false }
        guard let root = powerLaw(points, scatter: noise, in: xs[i]...xs[i + 1]), root.exponent > 0.08 else {
            return false
        }
        let unit = xs[i] - points[points.count - 1].x
        let smooth = try? polynomialFit(
            points.map { ($0.x - xs[i]) / unit }, points.map { logarithm($0.y) }, degree: 2,
            weights: weights(points, scatter: noise))
        return 4 * root.chiSquared < (smooth?.chiSquared ?? 0)
            || (noise > 1e-6 * span && root.chiSquared < 2 * Double(points.count))
    }

    /// What the points before a steep interval say of it.
    enum Footing {
        case jump, powerLaw, either
    }

    /// Whether the points left of a steep interval end at a height, as a branch does at its fold, or vanish by a power
    /// law. Both can look alike over a few points: the better one counts where it is better by far.
    func footing(leftOf i: Int) -> Footing {
        guard i >= 4, let level = try? median(Array(ms[(i + 1)...].prefix(3))) else { return .either }
        let isNoisy = noise > 1e-6 * span
        let points = (0...i).reversed().prefix(isNoisy ? 20 : 6).map { (x: xs[$0], y: abs(ms[$0] - level)) }
        guard points.allSatisfy({ $0.y > 3 * noise }),
            let root = powerLaw(points, scatter: noise, in: xs[i]...xs[i + 1])?.chiSquared,
            let fold = fold(points, from: xs[i], width: width(i))
        else { return .either }
        let isDecisive =
            isNoisy ? abs(root - fold) > EnsembleJudgement.decisiveLead : max(root, fold) > 4 * min(root, fold)
        return isDecisive ? (fold < root ? .jump : .powerLaw) : .either
    }

    /// χ² of y = J + b √(x_f − x) with J > 0 and a fold at x_f, at or behind the interval: what is left of a branch that
    /// ends before it vanishes.
    private func fold(_ points: [(x: Double, y: Double)], from x: Double, width: Double) -> Double? {
        let weights = points.map { 1 / (1e-4 * $0.y * $0.y + noise * noise) }
        let trials = (0...60).map { x + width * 0.01 * power(1000, Double($0) / 60) }
        return trials.compactMap { place -> Double? in
            guard let fit = try? lineFit(points.map { (place - $0.x).squareRoot() }, points.map(\.y), weights: weights)
            else { return nil }
            let foot = fit.coefficients[0] + fit.coefficients[1] * max(0, place - x - width).squareRoot()
            return foot > 0.1 * points[0].y ? fit.chiSquared : nil
        }.min()
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
        guard let plateau = plateau() else { return nil }
        let (last, level) = (plateau.last, plateau.level)
        let scatter = max(plateau.scatter, 1e-7 * span)
        let nearest = (0...last).reversed().prefix(7).map { (x: xs[$0], y: abs(ms[$0] - level)) }
        let ordered = Array(nearest.prefix { $0.y > 3 * scatter })
        guard ordered.count >= 4, ordered[ordered.count - 1].y > ordered[0].y else { return nil }
        // Points of the ordered side that drown in the scatter count as plateau: the singular one may lie behind them.
        let behind = scatter > 1e-4 * span ? 6 : 2
        let range = xs[last]...xs[min(last + behind, xs.count - 2)]
        let plain = (last + 1..<xs.count).map { (x: xs[$0], y: abs(ms[$0] - level)) }
        guard let fit = powerLaw(ordered, scatter: scatter, in: range, vanishingAt: plain), fit.exponent > 0.04,
            fit.exponent < 2.5,
            let tail = try? lineFit(
                ordered.map { $0.x - ordered[0].x }, ordered.map { logarithm($0.y) },
                weights: weights(ordered, scatter: scatter)),
            fit.chiSquared < 0.2 * tail.chiSquared, fit.chiSquared < 4 * Double(ordered.count)
        else { return nil }
        let place = Measured(fit.x, fit.halfWidth + 0.05 * width(last))
        let amplitudes = (0...last).reversed().map { (x: xs[$0], amplitude: amplitude.of(abs(ms[$0] - level))) }
        let interval = xs.lastIndex { $0 < fit.x } ?? last
        return Onset(
            location: place, exponent: exponent(amplitudes, about: place, noise: scatter / ordered[0].y),
            interval: interval, plateau: level)
    }

    private func exponent(
        _ amplitudes: [(x: Double, amplitude: Double)], about place: Measured, noise: Double
    ) -> Exponent? {
        let far = amplitudes.filter { abs($0.x - place.value) > 2 * place.error }
        guard let nearest = far.first,
            var fitted = criticalExponent(of: far, location: Measured(place.value, 0))
        else { return nil }
        fitted.value.error += fitted.value.value * place.error / abs(nearest.x - place.value) + noise / 2
        return fitted.value.error < 0.5 ? fitted : nil
    }

    /// The longest stretch at the right end whose values scatter about one level, and the last point before it.
    func plateau() -> (last: Int, level: Double, scatter: Double)? {
        guard xs.count >= fewestControls + 2 else { return nil }
        var values = Array(ms.suffix(3))
        var k = xs.count - 4
        func statistics() -> (level: Double, scatter: Double) {
            let level = (try? mean(values)) ?? 0
            let own = ((try? variance(values)) ?? 0).squareRoot()
            return (level, max(own, values.count < 6 ? min(noise, 0.01 * span) : 0))
        }
        while k >= 0 {
            let (level, scatter) = statistics()
            let tolerance = max((values.count < 6 ? 6 : 4) * scatter, 1e-6 * span)
            // A single stray value does not end a plateau.
            let isOut = abs(ms[k] - level) > tolerance
            if isOut, k == 0 || abs(ms[k - 1] - level) > tolerance { break }
            values.append(ms[k])
            k -= 1
        }
        let (level, scatter) = statistics()
        // A smooth tail is no plateau: its values have a trend.
        let tail = Array(xs.suffix(values.count))
        guard let line = try? lineFit(tail.map { $0 - tail[0] }, Array(ms.suffix(values.count))) else { return nil }
        let trend = abs(line.coefficients[1])
        if trend > 4 * line.standardError(1), trend * (tail[tail.count - 1] - tail[0]) > 1e-6 * span { return nil }
        return k >= 3 && values.count >= 3 ? (k, level, scatter) : nil
    }

    // MARK: - Fits of ln y, nearest point first

    /// One percent of a power law is what its corrections are trusted to stay below.
    private func weights(_ points: [(x: Double, y: Double)], scatter: Double) -> [Double] {
        points.map { 1 / (1e-4 + (scatter / $0.y) * (scatter / $0.y)) }
    }

    private struct PowerLaw {
        let x: Double
        /// Half of the range of x that raises χ² by no more than four.
        let halfWidth: Double
        let exponent: Double
        let chiSquared: Double
    }

    /// - Parameter plateau: points behind the nearest one; where the law puts them above the scatter it is refuted.
    private func powerLaw(
        _ points: [(x: Double, y: Double)], scatter: Double, in range: ClosedRange<Double>,
        vanishingAt plateau: [(x: Double, y: Double)] = []
    ) -> PowerLaw? {
        let weights = weights(points, scatter: scatter)
        let steps = 400
        let trials = (1...steps).compactMap { k -> (x: Double, fit: LinearFit)? in
            let x = range.lowerBound + (range.upperBound - range.lowerBound) * Double(k) / Double(steps)
            guard
                let fit = try? lineFit(
                    points.map { logarithm(x - $0.x) }, points.map { logarithm($0.y) }, weights: weights),
                plateau.prefix(while: { $0.x < x }).allSatisfy({
                    exponential(fit.coefficients[0] + fit.coefficients[1] * logarithm(x - $0.x)) < $0.y + 4 * scatter
                })
            else { return nil }
            return (x, fit)
        }
        guard let best = trials.min(by: { $0.fit.chiSquared < $1.fit.chiSquared }) else { return nil }
        let allowed = trials.filter { $0.fit.chiSquared <= best.fit.chiSquared + 4 }.map(\.x)
        return PowerLaw(
            x: best.x, halfWidth: max(allowed.max()! - best.x, best.x - allowed.min()!),
            exponent: best.fit.coefficients[1], chiSquared: best.fit.chiSquared)
    }

    // MARK: - Steepest change

    enum Steepest {
        case resolved(Measured)
        case unresolved(Measured)
    }

    /// A significant interior maximum of |slope|, on the finest grid on which the scatter leaves one.
    func steepest() -> Steepest? {
        let slopes = intervals.map { i in
            (x: (xs[i] + xs[i + 1]) / 2, y: abs(step(i)) / width(i), error: noise * 2.0.squareRoot() / width(i))
        }
        if let peak = interiorPeak(slopes.map { ($0.x, $0.y) }, prominence: 0.25) {
            let k = slopes.indices.max { slopes[$0].y < slopes[$1].y }!
            func rises(above side: ArraySlice<(x: Double, y: Double, error: Double)>) -> Bool {
                side.contains { slopes[k].y - $0.y > 5 * (slopes[k].error + $0.error) }
            }
            if rises(above: slopes[..<k]), rises(above: slopes[(k + 1)...]) {
                let high = slopes.count { $0.y > slopes[k].y / 2 }
                // With the peak itself, which no comparison of infinite slopes finds.
                let top = [slopes[k].x] + slopes.filter { $0.y > slopes[k].y - 3 * slopes[k].error }.map(\.x)
                let reach = max(top.max()! - peak.value, peak.value - top.min()!, peak.error)
                let place = Measured(peak.value, reach)
                return high >= 3 ? .resolved(place) : .unresolved(place)
            }
        }
        // Pairs scatter less.
        guard noise > 0, xs.count >= 4 * fewestControls else { return nil }
        let pairs = stride(from: 0, to: xs.count - 1, by: 2)
        return OrderParameterSeries(
            xs: pairs.map { (xs[$0] + xs[$0 + 1]) / 2 }, ms: pairs.map { (ms[$0] + ms[$0 + 1]) / 2 },
            noise: noise / 2.0.squareRoot()
        ).steepest()
    }

    /// An interval that takes a large part of the whole change, far more than its neighbours.
    func coarseStep() -> Int? {
        intervals.first { i in
            let beside = [i - 1, i + 1].filter(intervals.contains).map { abs(step($0)) / width($0) * width(i) }
            let usual = beside.reduce(0, +) / Double(max(1, beside.count))
            return abs(step(i)) > 0.2 * span && abs(step(i)) > 2.5 * usual + 4 * noise
        }
    }

    /// Where the parabola through the last points falls to zero, within the grid's own width and beyond doubt.
    func approachingZero() -> Double? {
        let sign = ms.last! < 0 ? -1.0 : 1
        guard ms.allSatisfy({ $0 * sign > 0 }), ms.last! * sign > max(4 * noise, 0.02 * span) else { return nil }
        let count = min(noise > 1e-6 * span ? 8 : 5, xs.count)
        let end = xs.last!
        guard
            let fit = try? polynomialFit(
                xs.suffix(count).map { $0 - end }, ms.suffix(count).map { $0 * sign }, degree: 2),
            fit.coefficients[1] < -3 * fit.standardError(1),
            vanishing(
                fit.coefficients[0], fit.coefficients[1], 2 * (fit.coefficients[2] + 3 * fit.standardError(2))) != nil,
            let d = vanishing(fit.coefficients[0], fit.coefficients[1], 2 * fit.coefficients[2])
        else { return nil }
        return d <= end - xs[0] ? end + d : nil
    }
}
