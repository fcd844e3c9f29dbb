import Lanes
import PhaseSpace

/// A study's fits to the points of several ranges, and what follows from them together.
struct CollapseStudy {
    typealias Parameter = CollapseLikelihood.Parameter
    static let leastPoints = 12
    /// The narrowest range of so many points is fitted first.
    static let moderatePoints = 40
    /// A range's part of the next wider one.
    static let shrinkage = 0.6
    /// How many ranges give the intervals.
    static let rangesUsed = 3

    let all: CollapseData
    let start: [Double]
    /// The widest first; every one with the largest |x| in it.
    private(set) var ranges: [(limit: Double, fit: CollapseRangeFit)] = []

    init(_ all: CollapseData, from start: [Double]) {
        self.all = all
        self.start = start
        let likelihood = CollapseLikelihood(all, correction: 0, expectedLogScale: 0)
        let distances = (0..<all.count).map { abs(likelihood.abscissa($0, start)) }
        let subsets = Self.subsets(distances, all)
        func fit(_ kept: [Int], from place: CollapsePlace) -> (limit: Double, fit: CollapseRangeFit)? {
            let widest = kept.reduce(0) { max($0, distances[$1]) }
            let scale = logarithm(min(widest, 3 * exponential(start[Parameter.logScale])))
            return CollapseRangeFit(all, kept: kept, from: place, expectedLogScale: scale).map { (widest, $0) }
        }
        // From a range of moderate width outwards, then inwards, each from its neighbour.
        let middle = subsets.lastIndex { $0.count >= Self.moderatePoints } ?? 0
        let led = subsets.isEmpty ? start : CollapseStart.led(start, to: all.keeping(subsets[middle]))
        let first = CollapsePlace(parameters: led, directions: CollapseStart.directions(at: led))
        var place = first
        var misfits = 0
        for kept in subsets[...middle].reversed() where misfits < 2 {
            guard let found = fit(kept, from: place) else {
                misfits += 1
                continue
            }
            misfits = found.fit.isAcceptable ? 0 : misfits + 1
            ranges.insert(found, at: 0)
            place = found.fit.place
        }
        place = ranges.last?.fit.place ?? first
        for kept in subsets.dropFirst(middle + 1) {
            guard let found = fit(kept, from: place) else { continue }
            ranges.append(found)
            place = found.fit.place
        }
    }

    /// The points of ever smaller ranges of the scaled control, the widest first.
    private static func subsets(_ distances: [Double], _ all: CollapseData) -> [[Int]] {
        var subsets: [[Int]] = []
        var limit = distances.max() ?? 0
        while true {
            let kept = distances.indices.filter { distances[$0] <= limit }
            let counts = Dictionary(grouping: kept) { all.points[$0].size }.values.map(\.count)
            guard kept.count >= leastPoints, counts.count(where: { $0 >= 3 }) >= 2 else { return subsets }
            if kept.count != subsets.last?.count { subsets.append(kept) }
            limit *= shrinkage
        }
    }

    /// - Throws: `CollapseError` where the sizes' curves agree as they are, and a collapse gains nothing.
    func requireSizeDependence(beside unscaled: UnscaledFit) throws(CollapseError) {
        guard let widest = ranges.first, widest.fit.kept.count == all.count else { return }
        let likelihood = CollapseLikelihood(all, correction: 0, expectedLogScale: start[Parameter.logScale])
        let p = widest.fit.fits.min { $0.fit.correction < $1.fit.correction }!.fit.parameters
        likelihood.layInterval(at: p)
        let scaled = likelihood.evaluation(at: p, withGradient: false)?.logPosterior ?? -.infinity
        guard
            unscaled.quality <= chiSquaredBound(Double(all.count) - 6, deviations: 3.09),
            scaled < unscaled.logPosterior + 8
        else { return }
        throw CollapseError(
            description: "the sizes' curves agree within their errors as they are (χ² per degree of freedom "
                + "\(short(unscaled.quality))): nothing depends on the size, so that any exponents would do")
    }

    /// Whether a range's fit is good and its critical point lies among its own points.
    private func counts(_ fit: CollapseRangeFit) -> Bool {
        let critical = fit.mixture(Parameter.critical).mean
        let controls = fit.data.controls
        return fit.isAcceptable && controls.count(where: { $0 < critical }) >= 2
            && controls.count(where: { $0 > critical }) >= 2
    }

    /// The ranges that the result rests on: from the widest that counts and agrees with the narrower ones on.
    func used() -> [Int] {
        let candidates = ranges.indices.filter { counts(ranges[$0].fit) }
        for (k, widest) in candidates.enumerated() {
            let group = Array(candidates[k...].prefix(Self.rangesUsed))
            if candidates[(k + 1)...].allSatisfy({ agrees(ranges[widest].fit, ranges[$0].fit) }) { return group }
        }
        return []
    }

    /// Whether a part of the points gives what all of them give: the difference has the variance of the part less that
    /// of all (Hausman, Econometrica 46, 1251, 1978).
    private func agrees(_ whole: CollapseRangeFit, _ part: CollapseRangeFit) -> Bool {
        [Parameter.critical, Parameter.logInverseNu, Parameter.betaOverNu].allSatisfy { k in
            let (a, b) = (whole.mixture(k), part.mixture(k))
            let variance = max(b.deviation * b.deviation - a.deviation * a.deviation, 0.25 * b.deviation * b.deviation)
            return abs(a.mean - b.mean) <= 3 * variance.squareRoot()
        }
    }

    /// Whether a logarithm of the size does as well as a small growing power of it, which then is no exponent.
    func isLogarithm(_ range: CollapseRangeFit, betaOverNu: Estimate) -> Bool {
        guard let interval = betaOverNu.interval, interval.high < 0, interval.low > -0.5 else { return false }
        let start = CollapsePlace(parameters: range.place.parameters, directions: CollapseStart.directions(at: start))
        let other = CollapseRangeFit(
            all.withLogarithmOfSize, kept: range.kept, from: start,
            expectedLogScale: start.parameters[Parameter.logScale])
        return other.map { $0.logEvidence > range.logEvidence - 3 } ?? false
    }

    func critical(_ x: Double) -> Double { all.origin + all.unit * x }

    /// Of an estimate, monotone transforms.
    func mapped(_ e: Estimate, _ f: (Double) -> Double) -> Estimate {
        let ends = e.interval.map { [f($0.low), f($0.high)].sorted() }
        return Estimate(f(e.value), ends.map { Interval($0[0], $0[1]) })
    }

    func short(_ x: Double) -> String { Words.plain(x) }
}
