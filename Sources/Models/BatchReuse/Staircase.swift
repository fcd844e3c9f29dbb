/// Moments of a target's labels with polynomials of its directions, in exact or in floating-point arithmetic.
protocol LabelMoments {
    associatedtype Scalar
    /// k
    var dimension: Int { get }
    /// Label transforms y, …: the first is the label itself.
    var transformCount: Int { get }
    /// Degrees of Hermite polynomials that are worth trying.
    var degreeLimit: Int { get }

    /// E[t(y) Π⟨b_i, z⟩^q_i Π|c_a|^α_a He_{α_a}(⟨c_a, z⟩/|c_a|)] for the first transforms t, up to a common positive
    /// factor; nil where it vanishes.
    func moments(_ product: DirectionProduct<Scalar>, transforms: Int) -> [Scalar?]
    /// Σ_a x_a/|c_a|² c_a up to a positive factor; nil coefficients are zero.
    func combination(_ coefficients: [Scalar?], of directions: [[Scalar]]) -> [Scalar]
    /// The part of a direction beyond an orthogonal basis, up to a positive factor; nil where there is none.
    func residual(of direction: [Scalar], beyond basis: [[Scalar]]) -> [Scalar]?
    func unitDirection(_ i: Int) -> [Scalar]
    func approximation(_ direction: [Scalar]) -> [Double]
}

/// A product of powers of learned directions and of Hermite polynomials of the others.
struct DirectionProduct<Scalar> {
    var learned: [[Scalar]]
    var powers: [Int]
    var others: [[Scalar]]
    var degrees: [Int]
}

/// Which directions of a target a learner finds one after the other.
///
/// Given learned directions U and a basis c of their complement, the moments
/// T_α = E[t(y) q(z_U) Π_a |c_a|^α_a He_{α_a}] with |α| = j reveal "at order j" the directions Σ_a T_{β+e_a}/|c_a|² c_a for
/// every |β| = j − 1. This does not depend on the choice of coordinates: He3(z1) + He3(z2) reveals z1 + z2 only.
/// Directions found through y alone are those of correlational queries (one pass); through all its powers, those of
/// statistical queries (reuse).
struct Staircase<Moments: LabelMoments> {
    typealias Basis = [[Moments.Scalar]]

    /// A stage of a search: the order that it took, and the directions known after it.
    struct Stage {
        let order: Int
        let dimension: Int
    }

    let moments: Moments
    /// Degrees of q; higher ones find nothing new for any of the published targets.
    static var learnedDegreeLimit: Int { 3 }

    /// Adds directions of the smallest order that reveals any, until none does.
    func leap(transforms: Int) -> (stages: [Stage], basis: Basis) {
        var (stages, basis): ([Stage], Basis) = ([], [])
        while let (order, larger) = (1...moments.degreeLimit).lazy.compactMap({ order -> (Int, Basis)? in
            let larger = extended(basis, transforms: transforms, order: order)
            return larger.count > basis.count ? (order, larger) : nil
        }).first {
            basis = larger
            stages.append(Stage(order: order, dimension: basis.count))
            if basis.count == moments.dimension { break }
        }
        return (stages, basis)
    }

    /// Directions known after one step, two steps, …, until nothing is added. A net that sees fresh batches correlates
    /// with the label only; one that reuses its batch sees transformed labels from the second step.
    func finiteTime(reuse: Bool) -> [Basis] {
        var known: [Basis] = [extended([], transforms: 1, order: 1)]
        let transforms = reuse ? moments.transformCount : 1
        while true {
            let next = extended(known.last!, transforms: transforms, order: 1)
            if next.count == known.last!.count { return known }
            known.append(next)
        }
    }

    /// Span of E[t(y) z] over the first transforms: the directions that are not hard for two steps on one batch.
    func firstMoments(transforms: Int) -> Basis {
        let coordinates = (0..<moments.dimension).map(moments.unitDirection)
        return revealed(order: 1, transforms: transforms, learned: [], powers: [], others: coordinates, into: [])
    }

    private func extended(_ learned: Basis, transforms: Int, order: Int) -> Basis {
        let others = complement(of: learned)
        guard !others.isEmpty else { return learned }
        var basis = learned
        let degree = learned.isEmpty ? 0 : Self.learnedDegreeLimit
        for total in 0...degree {
            for powers in compositions(of: total, into: learned.count) {
                basis = revealed(
                    order: order, transforms: transforms, learned: learned, powers: powers, others: others, into: basis)
                if basis.count == moments.dimension { return basis }
            }
        }
        return basis
    }

    private func revealed(
        order: Int, transforms: Int, learned: Basis, powers: [Int], others: Basis, into start: Basis
    ) -> Basis {
        var basis = start
        var known: [[Int]: [Moments.Scalar?]] = [:]
        func values(_ degrees: [Int]) -> [Moments.Scalar?] {
            if let found = known[degrees] { return found }
            let product = DirectionProduct(learned: learned, powers: powers, others: others, degrees: degrees)
            let values = moments.moments(product, transforms: transforms)
            known[degrees] = values
            return values
        }
        for base in compositions(of: order - 1, into: others.count) {
            let raised = others.indices.map { a in
                var degrees = base
                degrees[a] += 1
                return values(degrees)
            }
            for transform in 0..<transforms {
                let coefficients = raised.map { $0[transform] }
                guard coefficients.contains(where: { $0 != nil }) else { continue }
                let direction = moments.combination(coefficients, of: others)
                if let new = moments.residual(of: direction, beyond: basis) { basis.append(new) }
            }
            if basis.count == moments.dimension { break }
        }
        return basis
    }

    /// An orthogonal basis of what a subspace lacks.
    func complement(of basis: Basis) -> Basis {
        var all = basis
        for i in 0..<moments.dimension {
            if let new = moments.residual(of: moments.unitDirection(i), beyond: all) { all.append(new) }
        }
        return Array(all.dropFirst(basis.count))
    }
}

/// All lists of `count` whole numbers ≥ 0 with a given sum, the first numbers falling slowest.
func compositions(of total: Int, into count: Int) -> [[Int]] {
    guard count > 0 else { return total == 0 ? [[]] : [] }
    if count == 1 { return [[total]] }
    return (0...total).reversed().flatMap { first in
        compositions(of: total - first, into: count - 1).map { [first] + $0 }
    }
}
