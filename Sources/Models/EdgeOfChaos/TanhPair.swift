import GSLNumerics
import Kernels
import Lanes

/// Means over two preactivations of variance q and correlation c = 1 − d ≥ 0 that pass through tanh.
///
/// With m = (u₁ + u₂)/2 and h = (u₁ − u₂)/2, which are independent, and A = sech² m, B = sech² h, b = tanh h:
/// tanh u₁ − tanh u₂ = 2bA/(A + tanh²m B) and sech u₁ sech u₂ = AB/(A + tanh²m B). Nothing cancels where inputs are nearly
/// equal. Both are even in m and in h.
struct TanhPair {
    private let middle: Double
    private let half: Double

    /// - Parameter d: 1 − c, in [0, 1].
    init(variance q: Double, distance d: Double) {
        middle = (q * (2 - d) / 2).squareRoot()
        half = (q * d / 2).squareRoot()
    }

    /// E (tanh u₁ − tanh u₂)².
    var differenceSquare: Double {
        mean {
            $0.difference * $0.difference
        } beyond: {
            4 * $0 * $0
        }
    }

    /// E sech² u₁ sech² u₂.
    var slopeProduct: Double {
        mean {
            $0.sechProduct * $0.sechProduct
        } beyond: { _ in
            0
        }
    }

    /// tanh, sech² and e^{−2x} at a node x ≥ 0, with the weight of its two signs.
    private struct Node {
        let x: Double
        let weight: Double
        let tanh: Double
        let sechSquare: Double

        init(_ x: Double, _ weight: Double) {
            self.x = x
            self.weight = weight
            tanh = ElementaryFunction.tanh(x)
            let e = exponential(-2 * x)
            sechSquare = 4 * e / ((1 + e) * (1 + e))
        }
    }

    /// What a pair of nodes makes.
    private struct Pair {
        let difference: Double
        let sechProduct: Double

        init(_ m: Node, _ h: Node) {
            let sum = m.sechSquare + m.tanh * m.tanh * h.sechSquare
            // Far out both would underflow; their ratio is e^{2(m − h)}.
            let share =
                min(m.x, h.x) > TanhPair.reach ? 1 / (1 + exponential(2 * (m.x - h.x))) : m.sechSquare / sum
            difference = 2 * h.tanh * share
            sechProduct = h.sechSquare * share
        }
    }

    /// Wider distributions than this are integrated in pieces.
    private static let wide = 16.0
    /// Where e^{−2x} is nothing beside 1.
    private static let reach = 20.0

    /// - Parameter beyond: of tanh h, the value where m is far below h.
    private func mean(_ f: (Pair) -> Double, beyond: (Double) -> Double) -> Double {
        let halves = half > Self.wide ? Self.pieces(0, 8.6 * half, half) : Self.steps(half)
        if middle <= Self.wide {
            let middles = Self.steps(middle)
            return halves.reduce(0) { sum, h in
                sum + h.weight * middles.reduce(0) { $0 + $1.weight * f(Pair($1, h)) }
            }
        }
        return halves.reduce(0) { sum, h in
            let low = max(0, h.x - Self.reach)
            let flat = low > 0 ? (2 * normalProbability(low / middle) - 1) * beyond(h.tanh) : 0
            let high = min(h.x + Self.reach, 8.6 * middle)
            guard low < high else { return sum + h.weight * flat }
            return sum + h.weight
                * Self.pieces(low, high, middle, from: h.x).reduce(flat) { $0 + $1.weight * f(Pair($1, h)) }
        }
    }

    /// Trapezoidal rule over a normal variable's two sides: its error falls exponentially with the step, which shrinks
    /// with the width of the strip in which tanh is analytic.
    private static func steps(_ deviation: Double) -> [Node] {
        let step = min(0.2, 0.25 / deviation)
        return (0...Int((8.6 / step).rounded(.up))).map { i in
            let z = Double(i) * step
            return Node(deviation * z, (i == 0 ? 1 : 2) * step * normalDensity(z))
        }
    }

    private static let rule = try? gaussLegendre(order: 20)

    /// Gauss–Legendre rules on pieces of [low, high]: narrow ones within reach of a place where the integrand bends, then
    /// each twice as wide as the one before, up to the distribution's own scale.
    private static func pieces(
        _ low: Double, _ high: Double, _ deviation: Double, from place: Double = 0
    ) -> [Node] {
        guard let rule else { return [] }
        var nodes: [Node] = []
        var (left, width) = (low, 2.5)
        while left < high {
            if left > place + reach { width = min(2 * width, 1.5 * deviation) }
            let right = min(high, left + width)
            for (x, weight) in zip(rule.nodes, rule.weights) {
                let y = left + (right - left) * (1 + x) / 2
                nodes.append(Node(y, weight * (right - left) * normalDensity(y / deviation) / deviation))
            }
            left = right
        }
        return nodes
    }
}
