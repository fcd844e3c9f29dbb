import BigInt

/// Vectors with exact entries, whose length does not matter: what a direction is without fractions.
enum ExactDirections {
    static func product(_ a: [ExactNumber], _ b: [ExactNumber]) -> ExactNumber {
        zip(a, b).reduce(.zero) { $0 + $1.0 * $1.1 }
    }

    /// Without the common whole factor, so that numbers stay small.
    static func reduced(_ direction: [ExactNumber]) -> [ExactNumber] {
        let divisor = direction.reduce(BigInt(0)) { $0.greatestCommonDivisor(with: $1.content) }
        return divisor > 1 ? direction.map { $0.dividedExactly(by: divisor) } : direction
    }

    /// The part of a direction beyond an orthogonal basis, up to a positive factor; nil where there is none.
    static func residual(of direction: [ExactNumber], beyond basis: [[ExactNumber]]) -> [ExactNumber]? {
        var rest = direction
        for b in basis {
            let overlap = product(rest, b)
            guard !overlap.isZero else { continue }
            // |b|² v − ⟨v, b⟩ b stays in the ring, where a projection would need fractions.
            let norm = product(b, b)
            rest = reduced(zip(rest, b).map { norm * $0 - overlap * $1 })
        }
        return rest.allSatisfy(\.isZero) ? nil : reduced(rest)
    }

    /// An orthogonal basis of what `space` has beyond `basis`.
    static func complement(of basis: [[ExactNumber]], in space: [[ExactNumber]]) -> [[ExactNumber]] {
        var all = basis
        for direction in space {
            if let new = residual(of: direction, beyond: all) { all.append(new) }
        }
        return Array(all.dropFirst(basis.count))
    }

    static func unit(_ i: Int, of k: Int) -> [ExactNumber] { (0..<k).map { $0 == i ? .one : .zero } }
}
