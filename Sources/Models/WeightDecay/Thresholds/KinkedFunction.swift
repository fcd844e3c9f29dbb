/// f(w) = a·w + Σ |w·c_k| − Σ |w·e_k|: E[y φ(w·x)] of units φ with one slope above and another below 0.
///
/// φ(h) = (above + below)/2 h + (above − below)/2 |h|. Samples on one line through 0 share a kink and are one term; terms
/// that cancel are none, so that data with mirror images leave a·w alone.
struct KinkedFunction {
    var linear: [Double]
    /// c_k.
    var convex: [[Double]]
    /// e_k.
    var concave: [[Double]]

    init(linear: [Double], convex: [[Double]], concave: [[Double]]) {
        self.linear = linear
        self.convex = convex
        self.concave = concave
    }

    /// - Parameter inputs: samples × dimension, row-major.
    init(inputs: [Double], targets: [Double], dimension: Int, above: Double, below: Double) {
        let n = Double(targets.count)
        linear = [Double](repeating: 0, count: dimension)
        var terms: [[Double]: (weight: Double, size: Double)] = [:]
        var order: [[Double]] = []
        for (i, y) in targets.enumerated() {
            let row = Array(inputs[i * dimension..<(i + 1) * dimension])
            for k in 0..<dimension { linear[k] += (above + below) / 2 * y * row[k] / n }
            // Rows on one line have the same numbers once their largest component is 1: a quotient of multiples rounds
            // to the same number.
            guard let lead = row.max(by: { abs($0) < abs($1) }), lead != 0 else { continue }
            let largest = row.first { abs($0) == abs(lead) }!
            let key = row.map { $0 / largest + 0 }
            let weight = (above - below) / 2 * y * abs(largest) / n
            if terms[key] == nil { order.append(key) }
            terms[key, default: (0, 0)].weight += weight
            terms[key]!.size += abs(weight)
        }
        (convex, concave) = ([], [])
        for key in order {
            let (weight, size) = terms[key]!
            guard abs(weight) > 4 * Double.ulpOfOne * size else { continue }
            if weight > 0 { convex.append(key.map { weight * $0 }) } else { concave.append(key.map { -weight * $0 }) }
        }
    }

    var dimension: Int { linear.count }

    var negated: KinkedFunction { KinkedFunction(linear: linear.map { -$0 }, convex: concave, concave: convex) }

    func value(_ w: [Double]) -> Double {
        var sum = innerProduct(linear, w)
        for c in convex { sum += abs(innerProduct(c, w)) }
        for e in concave { sum -= abs(innerProduct(e, w)) }
        return sum
    }

    /// Its slope on the cell that w is in, or on one beside it.
    func gradient(at w: [Double]) -> [Double] {
        var gradient = slope(at: w).vector
        for e in concave {
            let isPositive = innerProduct(e, w) >= 0
            for i in gradient.indices { gradient[i] -= isPositive ? e[i] : -e[i] }
        }
        return gradient
    }

    /// The largest slope that f could have: what rounding is measured by.
    var scale: Double { (convex + concave).reduce(euclideanNorm(linear)) { $0 + euclideanNorm($1) } }

    /// The same function in orthonormal coordinates of the space that its vectors span.
    func inItsSpan() -> (function: KinkedFunction, frame: [[Double]]) {
        var rest = [linear] + convex + concave
        let largest = rest.map(euclideanNorm).max() ?? 0
        var frame: [[Double]] = []
        while frame.count < dimension, let pivot = rest.max(by: { innerProduct($0, $0) < innerProduct($1, $1) }),
            euclideanNorm(pivot) > 1e-13 * largest
        {
            var axis = unitVector(pivot)!
            // Once more against the axes before it, for their rounding.
            for other in frame {
                let along = innerProduct(axis, other)
                for i in axis.indices { axis[i] -= along * other[i] }
            }
            axis = unitVector(axis)!
            frame.append(axis)
            for r in rest.indices {
                let along = innerProduct(rest[r], axis)
                for i in axis.indices { rest[r][i] -= along * axis[i] }
            }
        }
        func coordinates(_ v: [Double]) -> [Double] { frame.map { innerProduct($0, v) } }
        return (
            KinkedFunction(
                linear: coordinates(linear), convex: convex.map(coordinates), concave: concave.map(coordinates)), frame
        )
    }

    /// a + Σ ± c_k with the signs that the convex terms have at w.
    func slope(at w: [Double]) -> (signs: [Bool], vector: [Double]) {
        var vector = linear
        let signs = convex.map { c in
            let isPositive = innerProduct(c, w) >= 0
            for i in vector.indices { vector[i] += isPositive ? c[i] : -c[i] }
            return isPositive
        }
        return (signs, vector)
    }
}
