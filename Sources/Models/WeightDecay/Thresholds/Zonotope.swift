/// All points ℓ − Σ σ_k c_k with |σ_k| ≤ 1.
struct Zonotope {
    let center: [Double]
    /// c_k.
    let generators: [[Double]]

    /// The vertex that is lowest along a direction.
    private func lowestVertex(along x: [Double]) -> [Double] {
        var vertex = center
        for c in generators {
            if innerProduct(x, c) > 0 {
                for i in vertex.indices { vertex[i] -= c[i] }
            } else {
                for i in vertex.indices { vertex[i] += c[i] }
            }
        }
        return vertex
    }

    /// The point of least norm, by the finite method of Wolfe (Math. Programming 11, 128, 1976): its norm is that of the
    /// exact one up to rounding, and never below it.
    ///
    /// - Parameter work: raised by the multiplications spent.
    func pointOfLeastNorm(work: inout Int) -> [Double] {
        guard !generators.isEmpty else { return center }
        let sweep = generators.count * center.count
        var points = [lowestVertex(along: center)]
        var weights = [1.0]
        var x = points[0]
        work += 2 * sweep
        // More steps than rounding lets help: vertices that come in anew are what ends the method.
        for _ in 0..<(20 * center.count + 200) {
            let vertex = lowestVertex(along: x)
            work += 2 * sweep
            let square = innerProduct(x, x)
            guard square > 0, square - innerProduct(x, vertex) > 1e-15 * max(square, innerProduct(vertex, vertex)),
                !points.contains(vertex)
            else { break }
            points.append(vertex)
            weights.append(0)
            while true {
                work += points.count * points.count * (points.count + center.count)
                guard let target = Self.affineWeights(points) else {
                    // The newest point lies in the others' affine hull, to rounding.
                    points.removeLast()
                    weights.removeLast()
                    break
                }
                if target.allSatisfy({ $0 > 1e-14 }) {
                    weights = target
                    break
                }
                var step = 1.0
                for (now, then) in zip(weights, target) where then <= 1e-14 && now > then {
                    step = min(step, now / (now - then))
                }
                weights = zip(weights, target).map { $0 + step * ($1 - $0) }
                let kept = weights.indices.filter { weights[$0] > 1e-14 }
                guard kept.count < points.count, !kept.isEmpty else { break }
                points = kept.map { points[$0] }
                weights = kept.map { weights[$0] }
            }
            let total = weights.reduce(0, +)
            var next = [Double](repeating: 0, count: center.count)
            for (point, weight) in zip(points, weights) {
                for i in next.indices { next[i] += weight / total * point[i] }
            }
            guard innerProduct(next, next) < square else { break }
            x = next
        }
        return x
    }

    /// Weights, of sum 1, of the point of least norm in the affine hull of some points; nil where they are dependent.
    private static func affineWeights(_ points: [[Double]]) -> [Double]? {
        let n = points.count
        var gram = points.map { p in points.map { innerProduct(p, $0) } }
        // With any positive number added to all elements the solution is the same up to a factor.
        let shift = gram.indices.reduce(0) { max($0, gram[$1][$1]) }
        guard shift > 0 else { return nil }
        for i in 0..<n {
            for j in 0..<n { gram[i][j] += shift }
        }
        // Cholesky's decomposition, then both triangles.
        for i in 0..<n {
            for j in 0...i {
                var sum = gram[i][j]
                for k in 0..<j { sum -= gram[i][k] * gram[j][k] }
                if i == j {
                    guard sum > 1e-15 * shift else { return nil }
                    gram[i][i] = sum.squareRoot()
                } else {
                    gram[i][j] = sum / gram[j][j]
                }
            }
        }
        var solution = [Double](repeating: 1, count: n)
        for i in 0..<n {
            for k in 0..<i { solution[i] -= gram[i][k] * solution[k] }
            solution[i] /= gram[i][i]
        }
        for i in (0..<n).reversed() {
            for k in i + 1..<n { solution[i] -= gram[k][i] * solution[k] }
            solution[i] /= gram[i][i]
        }
        let total = solution.reduce(0, +)
        return total > 0 ? solution.map { $0 / total } : nil
    }
}
