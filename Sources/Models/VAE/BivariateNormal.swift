import GSLNumerics
import Lanes

/// The probability that two standard normal numbers of a given correlation lie above −a and −b, to about 1e-15.
///
/// Source: Genz, Statistics and Computing 14, 251 (2004): Gauss–Legendre integration over the angle θ of the correlation
/// and, near ±1, of what is left after an expansion about the degenerate case. The angle is run through by u = tan θ/2,
/// in which its sine is rational, so that no result depends on a library's trigonometry.
package struct BivariateNormal: Sendable {
    let correlation: Double
    private let nodes: [Double]
    private let weights: [Double]
    /// sin θ at the nodes of the angle, and their shares of it over 2π; empty near ±1.
    private let sines: [Double]
    private let shares: [Double]

    private static let rules = [6, 12, 20].map { try! gaussLegendre(order: $0) }

    /// - Parameter correlation: brought into [−1, 1].
    package init(correlation: Double) {
        let r = max(-1, min(1, correlation))
        self.correlation = r
        let rule = Self.rules[abs(r) < 0.3 ? 0 : abs(r) < 0.75 ? 1 : 2]
        nodes = rule.nodes
        weights = rule.weights
        let end = r / (1 + ((1 - r) * (1 + r)).squareRoot())
        let halves = abs(r) < 0.925 ? rule.nodes.map { end * ($0 + 1) / 2 } : []
        sines = halves.map { 2 * $0 / (1 + $0 * $0) }
        // dθ = 2 du / (1 + u²).
        shares = zip(halves, rule.weights).map { $1 * end / (1 + $0 * $0) / (2 * .pi) }
    }

    package func probability(_ a: Double, _ b: Double) -> Double {
        let r = correlation
        let (h, k) = (-a, -b)
        guard sines.isEmpty else {
            guard r != 0 else { return normalProbability(a) * normalProbability(b) }
            let half = (h * h + k * k) / 2
            var sum = 0.0
            for (sine, share) in zip(sines, shares) {
                sum += share * exponential((sine * h * k - half) / (1 - sine * sine))
            }
            return sum + normalProbability(a) * normalProbability(b)
        }
        return r > 0
            ? max(0, normalProbability(-max(h, k)) - correction(h, k, r))
            : max(0, (k < -h ? normalProbability(-h) - normalProbability(k) : 0) + correction(h, -k, -r))
    }

    /// What the probability of a correlation r near 1 lacks to that of 1.
    private func correction(_ h: Double, _ k: Double, _ r: Double) -> Double {
        let product = h * k
        let square = (1 - r) * (1 + r)
        guard square > 0 else { return 0 }
        var a = square.squareRoot()
        let distance = (h - k) * (h - k)
        let c = (4 - product) / 8
        let d = (12 - product) / 16
        let exponent = -(distance / square + product) / 2
        var sum = 0.0
        if exponent > -100 {
            sum =
                a * exponential(exponent)
                * (1 - c * (distance - square) * (1 - d * distance / 5) / 3 + c * d * square * square / 5)
        }
        if -product < 100 {
            let b = distance.squareRoot()
            sum -=
                exponential(-product / 2) * (2 * Double.pi).squareRoot() * normalProbability(-b / a) * b
                * (1 - c * distance * (1 - d * distance / 5) / 3)
        }
        a /= 2
        for (node, weight) in zip(nodes, weights) {
            let x = (a * (node + 1)) * (a * (node + 1))
            let root = (1 - x).squareRoot()
            let exponent = -(distance / x + product) / 2
            if exponent > -100 {
                sum +=
                    a * weight * exponential(exponent)
                    * (exponential(-product * x / (2 * (1 + root) * (1 + root))) / root - (1 + c * x * (1 + d * x)))
            }
        }
        return sum / (2 * .pi)
    }
}
