import Kernels
import Lanes

/// The normal distribution with larger widths from which teacher pre-activations are drawn: labels that grow like a
/// polynomial or faster have heavy tails, which rare points of the standard normal distribution would have to account for.
struct TeacherProposal: Sendable {
    /// s by direction: points are N(0, s²), with weights ∝ Π exp(−z²(1 − 1/s²)/2).
    let scales: [Double]

    init(scale: Double, dimension: Int) { scales = Array(repeating: scale, count: dimension) }

    /// Wider for polynomials of higher degree, narrower for more directions, whose weights multiply. For other targets
    /// as wide along each direction as y² is spread there, where that is wider than for a linear target.
    init(_ target: Target) {
        let k = target.dimension
        guard let polynomial = target.polynomial else {
            scales = (0..<k).map { j in
                let square = target.labelSpread(along: j)
                return square > 3.5 ? 0.75 * square.squareRoot() : 1
            }
            return
        }
        guard polynomial.degree >= 2 else {
            scales = Array(repeating: 1, count: k)
            return
        }
        let scale = polynomial.degree == 2 && k > 1 ? 1.2 : [1.7, 1.5, 1.3, 1.4][min(k, 4) - 1]
        scales = Array(repeating: scale, count: k)
    }

    /// Turns standard normal columns into the proposal's, with weights whose sum is 1.
    func stretch(_ columns: [NumberColumn], weights: NumberColumn) {
        let count = weights.count
        for i in 0..<count { weights.pointer[i] = 1 }
        for (column, scale) in zip(columns, scales) where scale != 1 {
            // In terms of the standard normal x: z = s x, z²(1 − 1/s²) = x²(s² − 1).
            let root = ((scale * scale - 1) / 2).squareRoot()
            let factors = ElementaryFunction.gaussian((0..<count).map { root * column.pointer[$0] })
            for i in 0..<count { weights.pointer[i] *= factors[i] }
            column.scale(scale)
        }
        var sum = 0.0
        for i in 0..<count { sum += weights.pointer[i] }
        weights.scale(1 / sum)
    }
}

extension Target {
    /// ∫ y² z² φ(z) dz / ∫ y² φ(z) dz along one direction, the others at 0.
    fileprivate func labelSpread(along j: Int) -> Double {
        let line = (0...600).map { -30 + 0.1 * Double($0) + 0.03 }
        let labels = values((0..<dimension).map { $0 == j ? line : Array(repeating: 0, count: line.count) })
        var (square, spread) = (0.0, 0.0)
        for (z, y) in zip(line, labels) {
            // Without overflow: y φ^½ first.
            let part = y * exponential(-z * z / 4)
            guard part.isFinite else { continue }
            square += part * part
            spread += part * part * z * z
        }
        return square > 0 && spread.isFinite ? spread / square : 1
    }
}
