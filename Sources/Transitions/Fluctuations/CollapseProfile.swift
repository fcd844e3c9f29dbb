import GSLNumerics
import Lanes

extension CollapseFit {
    /// A part of a posterior: its weight, and a normal distribution of all parameters.
    struct Component {
        let logWeight: Double
        let parameters: [Double]
        let covariance: [[Double]]
    }

    /// The whole posterior as one normal distribution.
    var single: Component {
        Component(logWeight: logEvidence, parameters: parameters, covariance: covariance)
    }

    /// Whether exponents are known too badly for one normal distribution: between few sizes in a narrow range, each
    /// critical point has exponents of its own that collapse the data, along a curve.
    var isCurved: Bool {
        func deviation(_ k: Int) -> Double { max(0, covariance[k][k]).squareRoot() }
        return deviation(Parameter.logInverseNu) > 0.03 || deviation(Parameter.betaOverNu) > 0.03
            || deviation(Parameter.critical) > 0.03
    }

    /// The posterior as a sum over critical points held in turn, with all other parameters normal about their most
    /// probable values: from the mode to both sides, until it has fallen by e⁻⁶.
    func profile(_ likelihood: CollapseLikelihood) -> [Component] {
        let k = Parameter.critical
        let deviation = max(0, covariance[k][k]).squareRoot()
        guard deviation > 0 else { return [single] }
        likelihood.layInterval(at: parameters)
        // Conditional directions: the covariance less what the critical point explains.
        let others = parameters.indices.filter { $0 != k }
        var rest = [Double](repeating: 0, count: others.count * others.count)
        for (i, a) in others.enumerated() {
            for (j, b) in others.enumerated() {
                rest[i * others.count + j] = covariance[a][b] - covariance[a][k] * covariance[b][k] / covariance[k][k]
            }
        }
        let directions = Self.roots(rest, others, count: parameters.count)
        guard !directions.isEmpty else { return [single] }
        let slope = parameters.indices.map { covariance[$0][k] / covariance[k][k] }
        let step = 0.7 * deviation
        func held(at critical: Double, near other: CollapseFit, _ directions: [[Double]]) -> CollapseFit? {
            let moved = critical - other.parameters[k]
            let start = other.parameters.indices.map { other.parameters[$0] + moved * slope[$0] }
            return CollapseFit(likelihood, from: start, directions: directions, keepsInterval: true)
                ?? CollapseFit(
                    likelihood, from: other.parameters.indices.map { $0 == k ? critical : other.parameters[$0] },
                    directions: directions, keepsInterval: true)
        }
        guard let centre = held(at: parameters[k], near: self, directions) else { return [single] }
        var components: [Component] = []
        var highest = centre.logEvidence
        func add(_ fit: CollapseFit, width: Double) {
            var spread = fit.covariance
            spread[k][k] += width * width / 12
            components.append(
                Component(
                    logWeight: fit.logEvidence + logarithm(width), parameters: fit.parameters, covariance: spread))
            highest = max(highest, fit.logEvidence)
        }
        add(centre, width: step)
        for sign in [-1.0, 1] {
            var near = centre
            var width = step
            for _ in 0..<16 {
                let next = near.parameters[k] + sign * width
                guard let fit = held(at: next, near: near, near.directions) else { break }
                add(fit, width: width)
                near = fit
                if fit.logEvidence < highest - 6 { break }
                if components.count > 8 { width *= 1.3 }
            }
        }
        return components
    }

    /// Directions whose outer products sum to a covariance of some of the parameters.
    private static func roots(_ matrix: [Double], _ indices: [Int], count: Int) -> [[Double]] {
        guard let system = try? symmetricEigenSystem(matrix, order: indices.count), system.values[0] > 0 else {
            return []
        }
        return zip(system.values, system.vectors).map { value, vector in
            var direction = [Double](repeating: 0, count: count)
            for (i, index) in indices.enumerated() { direction[index] = vector[i] * value.squareRoot() }
            return direction
        }
    }
}
