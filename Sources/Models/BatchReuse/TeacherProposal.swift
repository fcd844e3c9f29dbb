import Kernels

/// The normal distribution with a larger width from which teacher pre-activations are drawn: labels that grow like a
/// polynomial have heavy tails, which rare points of the standard normal distribution would have to account for.
struct TeacherProposal: Sendable {
    /// s: points are N(0, s²), with weights ∝ Π exp(−z²(1 − 1/s²)/2).
    let scale: Double

    init(scale: Double) { self.scale = scale }

    /// Wider for polynomials of higher degree, narrower for more directions, whose weights multiply.
    init(_ target: Target) {
        guard let polynomial = target.polynomial, polynomial.degree >= 2 else {
            scale = 1
            return
        }
        scale =
            polynomial.degree == 2 && target.dimension > 1 ? 1.2 : [1.7, 1.5, 1.3, 1.4][min(target.dimension, 4) - 1]
    }

    /// Turns standard normal columns into the proposal's, with weights whose sum is 1.
    func stretch(_ columns: [NumberColumn], weights: NumberColumn) {
        let count = weights.count
        for i in 0..<count { weights.pointer[i] = 1 }
        if scale != 1 {
            // In terms of the standard normal x: z = s x, z²(1 − 1/s²) = x²(s² − 1).
            let root = ((scale * scale - 1) / 2).squareRoot()
            for column in columns {
                let factors = ElementaryFunction.gaussian((0..<count).map { root * column.pointer[$0] })
                for i in 0..<count { weights.pointer[i] *= factors[i] }
                column.scale(scale)
            }
        }
        var sum = 0.0
        for i in 0..<count { sum += weights.pointer[i] }
        weights.scale(1 / sum)
    }
}
