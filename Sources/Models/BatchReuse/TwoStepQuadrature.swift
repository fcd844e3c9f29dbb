import GSLNumerics
import Kernels

/// Two steps on one batch for p = k = 1, orthonormal start without overlap, by quadrature to about 1e-12: what the
/// mean-field solution must agree with.
///
/// F₀ = a (a s(h) − y) s′(h), h and z independent normal. The first step gives Λ₀ = α E[F₀ h], C₀₀ = α E[F₀²] and
/// M₁ = −ηα E[F₀ z]; then h₁ = (1 − ηλ − ηΛ₀) h − ηF₀ + M₁ z + η√C₀₀ ξ.
public struct TwoStepQuadrature: Sendable {
    public let firstOverlap: Double
    public let secondOverlap: Double
    /// Q₁, Q₂.
    public let firstNorm: Double
    public let secondNorm: Double
    /// Λ₀ and C₀₀.
    public let response: Double
    public let correlation: Double

    /// M₂/√Q₂.
    public var secondCosine: Double { secondOverlap / secondNorm.squareRoot() }

    /// - Throws: `GSLError.invalidInput` for more than one neuron or direction, or an activation other than ReLU, erf
    ///   and tanh without shift.
    public init(_ student: TwoLayerStudent) throws {
        guard student.hidden == 1, student.target.dimension == 1, student.shift == 0, student.activation != .softplus
        else { throw GSLError.invalidInput("the two-step quadrature takes one neuron and one direction") }
        let a = student.secondLayer[0]
        let (alpha, eta, lambda) = (student.sampleRatio, student.learningRate, student.ridge)
        // Panels end where the target has kinks.
        let line = try KinkQuadrature(ReducedTarget(student.target, basis: [[1]]), end: 12, width: 0.6, order: 20)
        let zs = (nodes: line.points[0], weights: line.weights)
        let hs = try Self.line(panels: 32, order: 12, end: 9.6)
        // A smooth integrand however steep: the trapezoidal rule converges fastest.
        let xis = Self.evenLine(nodes: 97, end: 9.5)
        let labels = student.target.values([zs.nodes])
        let activation = student.activation

        var (response, correlation, push) = (0.0, 0.0, 0.0)
        for (h, wh) in zip(hs.nodes, hs.weights) {
            let (s, slope) = activation.value(h)
            for (m, wz) in zs.weights.enumerated() {
                let f = a * (a * s - labels[m]) * slope
                response += wh * wz * f * h
                correlation += wh * wz * f * f
                push += wh * wz * f * zs.nodes[m]
            }
        }
        (self.response, self.correlation) = (alpha * response, alpha * correlation)
        let firstOverlap = -eta * alpha * push
        self.firstOverlap = firstOverlap
        let shrunk = 1 - eta * lambda - eta * self.response
        let deviation = eta * self.correlation.squareRoot()
        firstNorm = shrunk * shrunk + deviation * deviation + firstOverlap * firstOverlap

        var (force, alongNoise, alongStart, mixed, square) = (0.0, 0.0, 0.0, 0.0, 0.0)
        let inner = activation == .relu ? nil : NoiseAverage(activation, zs.nodes.count, xis)
        for (h, wh) in zip(hs.nodes, hs.weights) {
            let (s, slope) = activation.value(h)
            let firsts = labels.map { a * (a * s - $0) * slope }
            let means = zip(firsts, zs.nodes).map { shrunk * h - eta * $0 + firstOverlap * $1 }
            let moments =
                inner?.moments(means: means, deviation: deviation, secondLayer: a, labels: labels)
                ?? zip(means, labels).map {
                    StudentActivation.rectifiedMoments(mean: $0, deviation: deviation, secondLayer: a, label: $1)
                }
            for (m, wz) in zs.weights.enumerated() {
                let weight = wh * wz
                force += weight * moments[m].mean * zs.nodes[m]
                alongNoise += weight * moments[m].withNoise
                alongStart += weight * moments[m].mean * h
                mixed += weight * firsts[m] * moments[m].mean
                square += weight * moments[m].square
            }
        }
        secondOverlap = (1 - eta * lambda) * firstOverlap - eta * alpha * force
        let later = alpha * alongNoise / deviation
        let earlier = alpha * alongStart - later * shrunk
        let r = 1 - eta * lambda - eta * later
        let cross = alpha * mixed
        let last = alpha * square
        let along = r * shrunk - eta * earlier
        secondNorm =
            along * along
            + eta * eta * (r * r * self.correlation + 2 * r * cross + last) + secondOverlap * secondOverlap
    }

    private static func evenLine(nodes count: Int, end: Double) -> (nodes: [Double], weights: [Double]) {
        let step = 2 * end / Double(count - 1)
        let nodes = (0..<count).map { -end + step * Double($0) }
        return (nodes, nodes.map { step * normalDensity($0) })
    }

    private static func line(panels: Int, order: Int, end: Double) throws -> (nodes: [Double], weights: [Double]) {
        let rule = try gaussLegendre(order: order)
        let half = end / Double(panels)
        var (nodes, weights): ([Double], [Double]) = ([], [])
        for panel in 0..<panels {
            let middle = -end + (2 * Double(panel) + 1) * half
            for (x, w) in zip(rule.nodes, rule.weights) {
                nodes.append(middle + half * x)
                weights.append(w * half * normalDensity(nodes.last!))
            }
        }
        return (nodes, weights)
    }
}

extension StudentActivation {
    /// s(h) and s′(h) of one number.
    fileprivate func value(_ h: Double) -> (value: Double, slope: Double) {
        switch self {
        case .relu: return h > 0 ? (h, 1) : (0, 0)
        case .erf:
            let x = h * 0.5.squareRoot()
            return (ElementaryFunction.erf(x), (2 / Double.pi).squareRoot() * ElementaryFunction.gaussian(x))
        case .tanh:
            let t = ElementaryFunction.tanh(h)
            return (t, 1 - t * t)
        case .softplus: return (ElementaryFunction.softplus(h), ElementaryFunction.logistic(h))
        }
    }

    /// E[F], E[F ξ] and E[F²] of F = a (a s(h) − y) s′(h) at h = μ + σξ for ReLU, whose kink needs them in closed form.
    fileprivate static func rectifiedMoments(
        mean mu: Double, deviation sd: Double, secondLayer a: Double, label y: Double
    ) -> NoiseAverage.Moments {
        let x = mu / sd
        let (density, mass) = (normalDensity(x), normalProbability(x))
        // E[h; h > 0], E[h²; h > 0], E[ξ; h > 0], E[hξ; h > 0]
        let first = mu * mass + sd * density
        let second = (mu * mu + sd * sd) * mass + mu * sd * density
        let (xi, xiFirst) = (density, sd * mass)
        return (
            a * (a * first - y * mass), a * (a * xiFirst - y * xi),
            a * a * (a * a * second - 2 * a * y * first + y * y * mass)
        )
    }
}

/// E[F], E[F ξ] and E[F²] of F = a (a s(h) − y) s′(h) at h = μ + σξ for many μ and y together.
private final class NoiseAverage {
    typealias Moments = (mean: Double, withNoise: Double, square: Double)

    private let activation: StudentActivation
    private let nodes: [Double]
    private let weights: [Double]
    private let values: NumberColumn
    private let slopes: NumberColumn

    init(_ activation: StudentActivation, _ count: Int, _ line: (nodes: [Double], weights: [Double])) {
        self.activation = activation
        (nodes, weights) = line
        values = NumberColumn(count: count * line.nodes.count)
        slopes = NumberColumn(count: count * line.nodes.count)
    }

    func moments(means: [Double], deviation: Double, secondLayer a: Double, labels: [Double]) -> [Moments] {
        let (s, slope, n) = (values.pointer, slopes.pointer, nodes.count)
        for (m, mean) in means.enumerated() {
            for j in 0..<n { s[m * n + j] = mean + deviation * nodes[j] }
        }
        activation.apply(s, slopes: slope, count: values.paddedCount, shift: 0)
        return means.indices.map { m in
            var moments: Moments = (0, 0, 0)
            for j in 0..<n {
                let f = a * (a * s[m * n + j] - labels[m]) * slope[m * n + j]
                let weighted = weights[j] * f
                moments.mean += weighted
                moments.withNoise += weighted * nodes[j]
                moments.square += weighted * f
            }
            return moments
        }
    }
}
