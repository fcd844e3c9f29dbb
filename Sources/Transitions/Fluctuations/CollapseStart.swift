import Lanes

/// Where the search for a collapse begins: a grid of all scaling numbers with raised errors, then the best few refined.
struct CollapseStart {
    typealias Parameter = CollapseLikelihood.Parameter
    let parameters: [Double]

    /// Along each parameter, as far as it changes the likelihood to some effect.
    static func directions(at p: [Double]) -> [[Double]] {
        let steps = [0.1 * exponential(p[Parameter.logScale]), 0.1, 0.1, 0.3, 0.2, 0.3, 0.3, 0.3, 0.05]
        return steps.indices.map { k in steps.indices.map { $0 == k ? steps[k] : 0 } }
    }

    /// - Returns: nil where no start has a finite likelihood.
    init?(_ data: CollapseData) {
        let thinned = data.withErrors(atLeast: 0.03).thinned(to: 120)
        let sorted = data.controls.sorted()
        let (low, high) = (sorted[0], sorted[sorted.count - 1])
        var places = (1...13).map { sorted[min(sorted.count - 1, sorted.count * $0 / 14)] }
        places += [low - 0.2, low - 0.8, high + 0.2, high + 0.8]
        var starts: [(logPosterior: Double, parameters: [Double])] = []
        for critical in places {
            for inverseNu in [0.35, 0.6, 0.9, 1.3, 2] {
                for betaOverNu in Self.ratios(data) {
                    starts += Self.starts(thinned, critical, inverseNu, betaOverNu)
                }
            }
        }
        // Stable: of equals the first.
        let ranked = starts.enumerated().sorted {
            ($1.element.logPosterior, $0.offset) < ($0.element.logPosterior, $1.offset)
        }.map(\.element.parameters)
        var picked: [[Double]] = []
        for p in ranked where picked.count < 5 {
            let isNew = picked.allSatisfy { q in
                abs(q[0] - p[0]) > 0.02 || abs(q[1] - p[1]) > 0.2 || abs(q[2] - p[2]) > 0.2
            }
            if isNew { picked.append(p) }
        }
        var best: (logPosterior: Double, parameters: [Double])?
        for p in picked {
            let likelihood = CollapseLikelihood(
                thinned, correction: 0.02, expectedLogScale: p[Parameter.logScale])
            likelihood.layInterval(at: p)
            guard let end = likelihood.maximum(from: p, directions: Self.directions(at: p), iterations: 60),
                let value = likelihood.evaluation(at: end, withGradient: false)?.logPosterior
            else { continue }
            if best.map({ value > $0.logPosterior }) ?? true { best = (value, end) }
        }
        guard let best else { return nil }
        parameters = best.parameters
    }

    /// A start led to the points of a range through errors that shrink to the stated ones.
    static func led(_ start: [Double], to data: CollapseData) -> [Double] {
        var place = start
        for part in [0.01, 0.003, 0.001, 0.0003] {
            let likelihood = CollapseLikelihood(
                data.withErrors(atLeast: part), correction: 0.03, expectedLogScale: start[Parameter.logScale])
            likelihood.layInterval(at: place)
            place = likelihood.maximum(from: place, directions: directions(at: place), iterations: 40) ?? place
        }
        return place
    }

    private static func ratios(_ data: CollapseData) -> [Double] {
        data.isLogarithmic ? [-2, -1.25, -0.5, 0, 0.3, 0.8] : [-2, -1.5, -1, -0.5, -0.25, 0, 0.15, 0.4, 0.8]
    }

    private static func starts(
        _ data: CollapseData, _ critical: Double, _ inverseNu: Double, _ betaOverNu: Double
    ) -> [(logPosterior: Double, parameters: [Double])] {
        var (farthest, squares) = (0.0, 0.0)
        for i in 0..<data.count {
            farthest = max(
                farthest, abs(data.controls[i] - critical) * exponential(inverseNu * data.logSizes[i]))
            let y =
                data.isLogarithmic
                ? data.values[i] + betaOverNu * data.logSizes[i]
                : data.values[i] * exponential(betaOverNu * data.logSizes[i])
            squares += y * y
        }
        let amplitude = max((squares / Double(data.count)).squareRoot(), 1e-3)
        return [0.03, 0.15, 0.6].compactMap { part in
            let logScale = logarithm(part * farthest)
            let p = [critical, logarithm(inverseNu), betaOverNu, logScale, 0.2, logarithm(amplitude), 0, 0, 0]
            let likelihood = CollapseLikelihood(data, correction: 0, expectedLogScale: logScale)
            likelihood.layInterval(at: p)
            return likelihood.evaluation(at: p, withGradient: false).map { ($0.logPosterior, p) }
        }
    }
}
