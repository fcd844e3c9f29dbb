import Lanes

/// A Gaussian n × d matrix X, known only through the products that have been asked for: exact in law for any n and d
/// without ever being stored.
///
/// Right directions V (orthonormal, in coordinates of a growing orthonormal basis of R^d) have their products X V stored,
/// left directions U (orthonormal columns of n numbers) their products XᵀU in the same coordinates. A new right direction
/// v, orthogonal to V, has X v = U (XᵀU)ᵀv + (I − UUᵀ) ξ with fresh ξ ~ N(0, I_n); a new left direction likewise. Of
/// the fresh d-dimensional vector only its coordinates in the known basis and the length of the rest matter, a χ variable:
/// the rest defines the basis' next vector. So nothing of length d exists.
///
/// Source: Gaussian conditioning, as in Bolthausen's analysis of iterations with a random matrix (arXiv 1201.2891).
struct LazyMatrix {
    let rows: Int
    let columns: Int
    /// Where this matrix' fresh numbers come from; calls are counted as substreams.
    private let key: UInt64
    private let seed: UInt64
    private var calls = 0

    private var right: [[Double]] = []
    private var rightProducts: [NumberColumn] = []
    private var left: [NumberColumn] = []
    private var leftProducts: [[Double]] = []

    init(rows: Int, columns: Int, seed: UInt64, key: UInt64) {
        self.rows = rows
        self.columns = columns
        self.seed = seed
        self.key = key
    }

    private mutating func stream() -> RandomStream {
        calls += 1
        return RandomStream(seed: seed, key: key, purpose: .data, substream: calls - 1)
    }

    /// X v for a vector v in the known coordinates, written into a column of n numbers.
    mutating func multiply(_ v: [Double], into result: NumberColumn) {
        var coefficients = right.map { Self.dot($0, v) }
        var rest = v
        Self.subtract(coefficients, right, from: &rest)
        // Twice is enough to be orthogonal to rounding.
        let corrections = right.map { Self.dot($0, rest) }
        Self.subtract(corrections, right, from: &rest)
        for i in corrections.indices { coefficients[i] += corrections[i] }
        let norm = Self.dot(rest, rest).squareRoot()
        if norm > 1e-12 * Self.dot(v, v).squareRoot() {
            let direction = rest.map { $0 / norm }
            let fresh = NumberColumn(count: rows, zeroed: false)
            var source = stream()
            source.fillNormals(fresh.buffer)
            let inside = fresh.dots(left)
            fresh.add(zip(leftProducts, inside).map { Self.dot($0, direction) - $1 }, left)
            right.append(direction)
            rightProducts.append(fresh)
            coefficients.append(norm)
        }
        result.add(coefficients, rightProducts, replacing: true)
    }

    /// Xᵀu in coordinates of a basis that may grow by one.
    /// - Parameter dimension: of the known basis; grows where a new direction is needed.
    mutating func transposedProduct(with u: NumberColumn, dimension: inout Int) -> [Double] {
        let before = u.dot(u)
        let all = u.dots(left + rightProducts)
        var coefficients = Array(all.prefix(left.count))
        var products = Array(all.suffix(rightProducts.count))
        var after = before - coefficients.reduce(0) { $0 + $1 * $1 }
        let rest = NumberColumn(count: rows, zeroed: false)
        if after > 1e-4 * before {
            // U_jᵀ X V_i is known from both sides, so that the rest's own products need no look at the columns.
            for i in products.indices {
                for j in left.indices { products[i] -= coefficients[j] * Self.dot(leftProducts[j], right[i]) }
            }
            let unit = 1 / after.squareRoot()
            rest.add([unit] + coefficients.map { -unit * $0 }, [u] + left, replacing: true)
            for i in products.indices { products[i] *= unit }
        } else {
            rest.add([1] + coefficients.map { -$0 }, [u] + left, replacing: true)
            // Twice is enough to be orthogonal to rounding.
            let corrections = rest.dots(left)
            rest.add(corrections.map { -$0 }, left)
            for i in corrections.indices { coefficients[i] += corrections[i] }
            after = rest.dot(rest)
            if after > 0 { rest.scale(1 / after.squareRoot()) }
            products = rest.dots(rightProducts)
        }
        if after > 1e-24 * before {
            var source = stream()
            var fresh = source.normals(dimension)
            // The rest of a d-dimensional normal vector has a χ-distributed length.
            if columns > dimension {
                fresh.append(source.chi(columns - dimension))
                dimension += 1
            }
            let inside = right.map { Self.dot($0, fresh) }
            Self.subtract(zip(inside, products).map { $0 - $1 }, right, from: &fresh)
            left.append(rest)
            leftProducts.append(fresh)
            coefficients.append(after.squareRoot())
        }
        var result = [Double](repeating: 0, count: dimension)
        for (c, product) in zip(coefficients, leftProducts) {
            for i in product.indices { result[i] += c * product[i] }
        }
        return result
    }

    /// Vectors made before the basis grew have zeros in the new coordinates.
    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for i in 0..<min(a.count, b.count) { sum += a[i] * b[i] }
        return sum
    }

    private static func subtract(_ coefficients: [Double], _ vectors: [[Double]], from v: inout [Double]) {
        for (c, vector) in zip(coefficients, vectors) {
            while v.count < vector.count { v.append(0) }
            for i in vector.indices { v[i] -= c * vector[i] }
        }
    }
}
