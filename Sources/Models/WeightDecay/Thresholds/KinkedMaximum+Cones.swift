import HeapModule

extension KinkedMaximum {
    /// A unit vector that bounds cones, with what the terms are there.
    private struct Corner {
        let w: [Double]
        let value: Double
        let convex: [Double]
        let concave: [Double]
    }

    private struct Cone: Comparable {
        let bound: Double
        let corners: [Int]
        static func < (a: Cone, b: Cone) -> Bool { a.bound < b.bound }
        static func == (a: Cone, b: Cone) -> Bool { a.bound == b.bound }
    }

    /// Branch and bound over simplicial cones, at first the orthants.
    ///
    /// On a cone f is at most the linear function that has at its corners f's own values, raised where concave terms
    /// bend: there a chord's slope stands for |·|. A cone in which at most three convex terms have both signs is
    /// closed by visiting their patterns.
    mutating func searchCones() {
        let function = self.function
        let d = function.dimension
        var corners: [Corner] = []
        var midpoints: [[Int]: Int] = [:]
        var heap = Heap<Cone>()
        let floats = max(1, function.convex.count + function.concave.count + d)
        // What the corners' numbers may take of memory.
        let cornerLimit = 10_000_000 / floats

        func corner(_ w: [Double], _ search: inout KinkedMaximum) -> Int {
            search.consider(w)
            corners.append(
                Corner(
                    w: w, value: function.value(w), convex: function.convex.map { innerProduct($0, w) },
                    concave: function.concave.map { innerProduct($0, w) }))
            search.work += 4 * floats * d
            return corners.count - 1
        }
        func add(_ cone: [Int], below limit: Double, _ search: inout KinkedMaximum) {
            search.work += 2 * floats * d + 100 * d * d * d
            var values = cone.map { corners[$0].value }
            for k in function.concave.indices {
                var (low, high) = (0.0, 0.0)
                for c in cone {
                    low = min(low, corners[c].concave[k])
                    high = max(high, corners[c].concave[k])
                }
                guard low < 0, high > 0 else { continue }
                let slope = (high + low) / (high - low)
                for (index, c) in cone.enumerated() {
                    let s = corners[c].concave[k]
                    values[index] += abs(s) - slope * s
                }
            }
            let bound = min(limit, Self.maximum(over: cone.map { corners[$0].w }, values) * (1 + 1e-13))
            if bound > search.goal { heap.insert(Cone(bound: bound, corners: cone)) }
        }

        let axes = (0..<d).map { i in
            [1.0, -1].map { sign in corner((0..<d).map { $0 == i ? sign : 0 }, &self) }
        }
        let isEven = function.linear.allSatisfy { $0 == 0 }
        for pattern in 0..<(1 << (isEven ? d - 1 : d)) {
            add((0..<d).map { axes[$0][(pattern >> $0) & 1] }, below: .infinity, &self)
        }
        while let cone = heap.popMax() {
            guard cone.bound > goal else { break }
            guard work < budget, corners.count < cornerLimit else {
                upperBound = min(upperBound, cone.bound)
                return
            }
            if close(cone.corners.map { corners[$0].convex }) { continue }
            var longest = (0, 1)
            var least = Double.infinity
            for i in 0..<d {
                for j in i + 1..<d {
                    let cosine = innerProduct(corners[cone.corners[i]].w, corners[cone.corners[j]].w)
                    if cosine < least { (least, longest) = (cosine, (i, j)) }
                }
            }
            let ends = [cone.corners[longest.0], cone.corners[longest.1]].sorted()
            let middle: Int
            if let known = midpoints[ends] {
                middle = known
            } else {
                middle = corner(unitVector(zip(corners[ends[0]].w, corners[ends[1]].w).map { $0 + $1 })!, &self)
                midpoints[ends] = middle
            }
            for replaced in [longest.0, longest.1] {
                var child = cone.corners
                child[replaced] = middle
                add(child, below: cone.bound, &self)
            }
        }
        upperBound = goal
    }

    /// Visits all sign patterns of a cone; false where they are too many.
    private mutating func close(_ convex: [[Double]]) -> Bool {
        var signs: [Bool] = []
        var open: [Int] = []
        for k in function.convex.indices {
            let isPositive = convex.contains { $0[k] > 0 }
            if isPositive && convex.contains(where: { $0[k] < 0 }) { open.append(k) }
            guard open.count <= 3 else { return false }
            signs.append(isPositive)
        }
        for pattern in 0..<(1 << open.count) {
            for (bit, k) in open.enumerated() { signs[k] = (pattern >> bit) & 1 == 1 }
            visit(signs)
        }
        return true
    }

    /// max over unit w of a cone of the linear function that has given values at its corners; 0 where that is lower.
    private static func maximum(over corners: [[Double]], _ values: [Double]) -> Double {
        guard let top = values.max(), top > 0 else { return 0 }
        guard corners.count > 1 else { return top }
        guard let weights = solve(corners, values) else { return .infinity }
        // The vector that represents the function, w = Σ weight corner, is in the cone, or else the maximum is on a
        // side without one of the corners whose weights are negative.
        var inside = true
        var best = 0.0
        for (k, weight) in weights.enumerated() where weight < 0 {
            inside = false
            var (fewer, rest) = (corners, values)
            fewer.remove(at: k)
            rest.remove(at: k)
            best = max(best, maximum(over: fewer, rest))
        }
        return inside ? innerProduct(weights, values).squareRoot() : best
    }

    /// Solves Σ_j (v_i·v_j) x_j = u_i by Cholesky's decomposition; nil where the corners are dependent.
    private static func solve(_ corners: [[Double]], _ values: [Double]) -> [Double]? {
        let n = corners.count
        var l = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0...i {
                var sum = innerProduct(corners[i], corners[j])
                for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
                if i == j {
                    guard sum > 1e-14 else { return nil }
                    l[i * n + i] = sum.squareRoot()
                } else {
                    l[i * n + j] = sum / l[j * n + j]
                }
            }
        }
        var x = values
        for i in 0..<n {
            for k in 0..<i { x[i] -= l[i * n + k] * x[k] }
            x[i] /= l[i * n + i]
        }
        for i in (0..<n).reversed() {
            for k in i + 1..<n { x[i] -= l[k * n + i] * x[k] }
            x[i] /= l[i * n + i]
        }
        return x
    }
}
