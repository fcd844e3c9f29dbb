import GSLNumerics
import Lanes

/// The most probable parameters of a collapse, and Laplace's approximation about them.
struct CollapseFit {
    typealias Parameter = CollapseLikelihood.Parameter
    let parameters: [Double]
    /// Of all parameters, those of the master curve with them.
    let covariance: [[Double]]
    /// ln of the evidence of this correction, by Laplace's method.
    let logEvidence: Double
    let chiSquared: Double
    let effectiveParameters: Double
    let residuals: [Double]
    let correction: Double

    /// Points that are left when the master curve and the three scaling numbers have taken theirs.
    var degreesOfFreedom: Double { Double(residuals.count) - effectiveParameters - 3 }

    /// Directions, one a row, in which the posterior falls by about the same: a start for fits like this one.
    let directions: [[Double]]

    /// - Parameter directions: of steps that change the posterior to some effect, one a row.
    /// - Returns: nil where the search ends in no maximum.
    init?(
        _ likelihood: CollapseLikelihood, from start: [Double], directions: [[Double]], keepsInterval: Bool = false
    ) {
        if !keepsInterval { likelihood.layInterval(at: start) }
        guard var found = likelihood.maximum(from: start, directions: directions) else { return nil }
        let width = likelihood.width
        if !keepsInterval { likelihood.layInterval(at: found) }
        if abs(likelihood.width - width) > 0.3 {
            guard let again = likelihood.maximum(from: found, directions: directions) else { return nil }
            found = again
        }
        // Newton's steps from where the quasi-Newton search ends.
        for _ in 0..<10 {
            guard let here = likelihood.evaluation(at: found),
                let curvature = PosteriorCurvature(likelihood, at: found, directions: directions)
            else { return nil }
            let (step, gain) = curvature.newtonStep(here.gradient)
            if gain < 0.01, curvature.isMaximum {
                parameters = found
                covariance = curvature.covariance
                logEvidence =
                    here.logPosterior + 0.5 * curvature.logDeterminant
                    + 0.5 * Double(directions.count) * logarithm(2 * Double.pi)
                chiSquared = here.chiSquared
                effectiveParameters = here.effectiveParameters
                residuals = here.residuals
                correction = likelihood.correction
                self.directions = curvature.directions
                return
            }
            var part = 1.0
            while part > 0.01 {
                let next = zip(found, step).map { $0 + part * $1 }
                if let there = likelihood.evaluation(at: next, withGradient: false)?.logPosterior,
                    there > here.logPosterior
                {
                    found = next
                    break
                }
                part *= 0.4
            }
            guard part > 0.01 else { return nil }
        }
        return nil
    }
}

extension CollapseLikelihood {
    /// The largest posterior that a quasi-Newton search finds from a start.
    func maximum(from start: [Double], directions: [[Double]], iterations: Int = 60) -> [Double]? {
        var last: (at: [Double], is: Evaluation?)?
        func place(_ y: [Double]) -> [Double] {
            var p = start
            for (part, direction) in zip(y, directions) { for k in p.indices { p[k] += part * direction[k] } }
            return p
        }
        func evaluation(_ y: [Double]) -> Evaluation? {
            if let last, last.at == y { return last.is }
            let result = self.evaluation(at: place(y))
            last = (y, result)
            return result
        }
        let found = try? quasiNewtonMinimum(
            of: { evaluation($0).map { -$0.logPosterior } ?? .infinity },
            gradient: { y in
                evaluation(y).map { result in
                    directions.map { direction in -zip(direction, result.gradient).reduce(0) { $0 + $1.0 * $1.1 } }
                } ?? [Double](repeating: 0, count: y.count)
            },
            start: [Double](repeating: 0, count: directions.count), firstStep: 0.2, gradientTolerance: 0.1,
            maximumIterations: iterations)
        return found.map { place($0.x) }
    }
}

/// The second derivatives of a posterior, along directions in which it changes evenly.
struct PosteriorCurvature {
    let covariance: [[Double]]
    /// Of the covariance.
    let logDeterminant: Double
    /// Whether the posterior falls in every direction.
    let isMaximum: Bool
    /// By one standard deviation each, one a row.
    let directions: [[Double]]

    init?(_ likelihood: CollapseLikelihood, at p: [Double], directions old: [[Double]]) {
        let n = old.count
        var matrix = [Double](repeating: 0, count: n * n)
        for k in 0..<n {
            let above = zip(p, old[k]).map { $0 + 0.02 * $1 }
            let below = zip(p, old[k]).map { $0 - 0.02 * $1 }
            guard let a = likelihood.evaluation(at: above)?.gradient,
                let b = likelihood.evaluation(at: below)?.gradient
            else { return nil }
            for j in 0..<n {
                matrix[k * n + j] = p.indices.reduce(0) { $0 + (b[$1] - a[$1]) * old[j][$1] } / 0.04
            }
        }
        for i in 0..<n {
            for j in 0..<i {
                let mean = (matrix[i * n + j] + matrix[j * n + i]) / 2
                matrix[i * n + j] = mean
                matrix[j * n + i] = mean
            }
        }
        guard let system = try? symmetricEigenSystem(matrix, order: n) else { return nil }
        isMaximum = system.values[0] > 1e-6
        let values = system.values.map { max(abs($0), 1e-3) }
        directions = zip(values, system.vectors).map { value, vector in
            p.indices.map { k in (0..<n).reduce(0) { $0 + vector[$1] * old[$1][k] } / value.squareRoot() }
        }
        covariance = p.indices.map { [directions] i in
            p.indices.map { j in directions.reduce(0) { $0 + $1[i] * $1[j] } }
        }
        // A parameter that no direction changes is held.
        let free = p.indices.filter { k in old.contains { $0[k] != 0 } }
        logDeterminant =
            2 * logAbsoluteDeterminant(old.map { row in free.map { row[$0] } })
            - values.reduce(0) { $0 + logarithm($1) }
    }

    /// Uphill also where the posterior is not concave.
    func newtonStep(_ gradient: [Double]) -> (step: [Double], gain: Double) {
        var step = [Double](repeating: 0, count: gradient.count)
        var gain = 0.0
        for direction in directions {
            let slope = zip(direction, gradient).reduce(0) { $0 + $1.0 * $1.1 }
            gain += 0.5 * slope * slope
            // No farther than three deviations at once.
            let length = min(3, max(-3, slope))
            for k in step.indices { step[k] += length * direction[k] }
        }
        return (step, gain)
    }
}

/// ln |det| of a square matrix given by rows, by elimination with pivots.
func logAbsoluteDeterminant(_ rows: [[Double]]) -> Double {
    var m = rows
    var sum = 0.0
    for c in m.indices {
        let pivot = (c..<m.count).max { abs(m[$0][c]) < abs(m[$1][c]) }!
        m.swapAt(c, pivot)
        sum += logarithm(abs(m[c][c]))
        for i in (c + 1)..<max(c + 1, m.count) {
            let part = m[i][c] / m[c][c]
            for k in c..<m.count { m[i][k] -= part * m[c][k] }
        }
    }
    return sum
}
