/// Moments of a target's labels with polynomials of its directions, in exact or in floating-point arithmetic.
protocol LabelMoments {
    associatedtype Scalar
    typealias Basis = [[Scalar]]
    /// k
    var dimension: Int { get }
    /// An orthogonal basis of the directions that the target depends on.
    var relevant: Basis { get }
    /// Label transforms: the first is the label itself.
    var transformCount: Int { get }
    /// Orders that are worth trying.
    var degreeLimit: Int { get }
    /// Whether no moment beyond those that are looked at can be needed: transforms of any kind are covered.
    var isComplete: Bool { get }

    /// Learned directions together with those that moments of an order reveal beside them.
    func extended(_ learned: Basis, transforms: Int, order: Int) throws -> Basis
    /// The largest dimension that moments of order 1 can lead to from learned directions whatever the label transform,
    /// as far as symmetries of the target tell: all directions that some symmetry turns, but none of the learned, are out.
    func firstOrderBound(_ learned: Basis) -> Int
    /// An orthogonal basis of what the relevant directions have beyond others.
    func complement(of basis: Basis) -> Basis
    func approximation(_ direction: [Scalar]) -> [Double]
    /// Rank of E[t(y) z] over the first transform, the first two, ….
    func firstMomentRanks() throws -> [Int]
}

/// Which directions of a target a learner finds one after the other.
///
/// Given learned directions U and a basis c of their complement, the moments
/// T_α = E[t(y) q(z_U) Π_a |c_a|^α_a He_{α_a}(⟨c_a, z⟩/|c_a|)] with |α| = j reveal "at order j" the directions
/// Σ_a T_{β+e_a}/|c_a|² c_a for every |β| = j − 1. This does not depend on the choice of coordinates: z1 z2 reveals
/// z1 and z2, as u² − v² does u and v. Directions found through y alone are those of correlational queries (one pass); through
/// transforms of it, those of statistical queries (reuse).
struct Staircase<Moments: LabelMoments> {
    typealias Basis = Moments.Basis

    /// A stage of a search: the order that it took, and the directions known after it.
    struct Stage {
        let order: Int
        let dimension: Int
    }

    /// A search with whether each of its steps is proven to find no less than any transform would.
    struct Search {
        var stages: [Stage] = []
        var basis: Basis = []
        var isProven = true
        /// Whether each stage is proven to find all that its order can.
        var areStagesProven = true
    }

    let moments: Moments

    /// Adds directions of the smallest order that reveals any, until none does.
    func leap(transforms: Int) throws -> Search {
        var search = Search()
        while search.basis.count < moments.relevant.count {
            let nothingAtFirstOrder = moments.isComplete || moments.firstOrderBound(search.basis) == search.basis.count
            var next: (order: Int, basis: Basis)?
            for order in 1...moments.degreeLimit {
                let larger = try moments.extended(search.basis, transforms: transforms, order: order)
                if larger.count > search.basis.count {
                    next = (order, larger)
                    break
                }
            }
            guard let next else {
                search.isProven = false
                break
            }
            if next.order > 2 || (next.order == 2 && !nothingAtFirstOrder) { search.isProven = false }
            // A transform that was not tried may find more, up to what symmetries leave.
            let isWhole = next.basis.count == moments.relevant.count
            let isClosed =
                next.order == 1 && (moments.isComplete || next.basis.count == moments.firstOrderBound(search.basis))
            if !isWhole && !isClosed { search.areStagesProven = false }
            search.basis = next.basis
            search.stages.append(Stage(order: next.order, dimension: next.basis.count))
        }
        return search
    }

    /// Directions known after one step, two steps, …, until nothing is added. A net that sees fresh batches correlates
    /// with the label only; one that reuses its batch sees transformed labels from the second step.
    func finiteTime(reuse: Bool) throws -> (bases: [Basis], isProven: [Bool]) {
        var known: [Basis] = [try moments.extended([], transforms: 1, order: 1)]
        var isProven = [true]
        let transforms = reuse ? moments.transformCount : 1
        while true {
            let last = known.last!
            let next = try moments.extended(last, transforms: transforms, order: 1)
            isProven.append(!reuse || moments.isComplete || moments.firstOrderBound(last) == next.count)
            if next.count == last.count { return (known, isProven) }
            known.append(next)
        }
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
