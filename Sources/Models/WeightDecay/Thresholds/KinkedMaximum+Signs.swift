import GSLNumerics
import HeapModule

extension KinkedMaximum {
    /// The signs of the first so many convex terms fixed.
    private struct Node: Comparable {
        let bound: Double
        let signs: [Bool]
        let center: [Double]
        static func < (a: Node, b: Node) -> Bool { a.bound < b.bound }
        static func == (a: Node, b: Node) -> Bool { a.bound == b.bound }
    }

    /// Branch and bound over the signs of the convex terms, the longest first.
    ///
    /// With x the nearest point of the terms fixed so far, the free ones reach at most ‖x + Σ ± c_k‖, and
    /// ‖Σ ± c_k‖² ≤ Σ_kl |c_k·c_l|, or n times the largest eigenvalue of the Gram matrix, scaled to unit diagonal.
    ///
    /// - Parameter limit: of the work, beside the budget.
    mutating func searchSigns(limit: Int) throws {
        let order = function.convex.indices.sorted {
            innerProduct(function.convex[$0], function.convex[$0])
                > innerProduct(function.convex[$1], function.convex[$1])
        }
        let terms = order.map { function.convex[$0] }
        let spreads = try Self.spreads(terms)

        func bound(_ point: [Double], _ depth: Int) -> Double {
            var square = innerProduct(point, point) + spreads[depth]
            for k in depth..<terms.count { square += 2 * abs(innerProduct(point, terms[k])) }
            return square.squareRoot()
        }
        var heap = Heap<Node>()
        func add(_ center: [Double], _ signs: [Bool], to search: inout KinkedMaximum, below limit: Double) {
            let point = search.nearest(center)
            search.work += (terms.count - signs.count) * center.count
            let bound = min(limit, bound(point, signs.count))
            if bound > search.goal { heap.insert(Node(bound: bound, signs: signs, center: center)) }
        }
        add(function.linear, [], to: &self, below: .infinity)
        let isEven = function.linear.allSatisfy { $0 == 0 }
        while let node = heap.popMax() {
            guard node.bound > goal else { break }
            // A leaf's bound is its value, up to the rounding of the method that found it.
            guard node.signs.count < terms.count, work < min(budget, limit) else {
                upperBound = node.bound
                return
            }
            let term = terms[node.signs.count]
            // Without a linear term f(−w) = f(w), and half the patterns are mirror images.
            for sign in isEven && node.signs.isEmpty ? [true] : [true, false] {
                add(
                    zip(node.center, term).map { sign ? $0 + $1 : $0 - $1 }, node.signs + [sign], to: &self,
                    below: node.bound)
            }
        }
        upperBound = goal
    }

    /// Of all terms from the k-th on: an upper bound of ‖Σ ± c‖², for every k.
    private static func spreads(_ terms: [[Double]]) throws -> [Double] {
        var spreads = [0.0]
        for first in terms.indices.reversed() {
            let newest = terms[first...].reduce(0) { $0 + abs(innerProduct(terms[first], $1)) }
            let square = innerProduct(terms[first], terms[first])
            let byRows = spreads.last! + 2 * newest - square
            // The triangle inequality: one more term adds at most its length.
            let byLength = spreads.last!.squareRoot() + square.squareRoot()
            spreads.append(min(byRows, byLength * byLength))
        }
        spreads.reverse()
        let d = terms.first?.count ?? 0
        // Of the longest lists first, as many as cost little.
        for first in terms.indices.prefix(20_000_000 / max(1, 10 * d * d * d)) {
            // n λ_max of the scaled Gram matrix is the same as that of Σ (c cᵀ)/‖c‖ times Σ ‖c‖, of order d.
            var matrix = [Double](repeating: 0, count: d * d)
            var lengths = 0.0
            for c in terms[first...] {
                let length = euclideanNorm(c)
                guard length > 0 else { continue }
                lengths += length
                for i in 0..<d {
                    for j in 0..<d { matrix[i * d + j] += c[i] * c[j] / length }
                }
            }
            let largest = try symmetricEigenSystem(matrix, order: d).values.last ?? 0
            spreads[first] = min(spreads[first], lengths * largest * (1 + 1e-12))
        }
        return spreads
    }
}
