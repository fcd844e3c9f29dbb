import GSLNumerics
import Lanes

/// The smallest space that holds some vectors and that the Hessian maps into itself: all that moves along a branch.
///
/// Where a net has symmetries (rotations of hidden layers, permutations and signs of units), the directions that its
/// point shares with its symmetric copies are left out by themselves, and with them the singular directions of the
/// Hessian: the space is spanned by vectors that have the point's own symmetry.
struct InvariantSubspace {
    private typealias Vector = VectorPool.Vector

    private let dimension: Int
    private let pool: VectorPool
    /// Orthonormal.
    private var basis: [Vector] = []
    /// The Hessian's products with the basis.
    private var images: [Vector] = []
    private var parts: [Double] = []
    private let rest: Vector

    var count: Int { basis.count }

    /// - Parameter vectors: the first ones span the space; `remainder` is added where it does not lie in it and is
    ///   longer than `floor`.
    init(_ system: any BranchOracle, spannedBy vectors: [[Double]], remainder: [Double], floor: Double, limit: Int) {
        dimension = remainder.count
        pool = VectorPool(count: (dimension + 7) / 8 * 8)
        rest = pool.vector()
        extend(system, by: vectors, limit: limit)
        load(remainder, to: rest)
        orthogonalise()
        // Part of a correction is a correction too: the next one continues.
        if pool.norm(rest) > floor { extend(system, by: [numbers(rest)], limit: min(limit, count + 48)) }
    }

    /// A block Krylov process with full orthogonalisation.
    private mutating func extend(_ system: any BranchOracle, by vectors: [[Double]], limit: Int) {
        // What is left out makes Newton's method linear with this rate, and the space far smaller where the point has
        // its symmetries only up to rounding.
        let blur = 1e-8
        for vector in vectors {
            load(vector, to: rest)
            addRest(above: blur * pool.norm(rest), limit: limit)
        }
        var size = images.reduce(0) { max($0, pool.norm($1)) }
        while images.count < basis.count {
            let block = basis[images.count..<min(images.count + system.vectorsAtOnce, basis.count)].map(numbers)
            let first = images.count
            for product in system.hessianProducts(block[...]) {
                let image = pool.vector()
                load(product, to: image)
                images.append(image)
                size = max(size, pool.norm(image))
            }
            for image in images[first...] {
                pool.copy(image, to: rest)
                addRest(above: blur * size, limit: limit)
            }
        }
    }

    private mutating func addRest(above floor: Double, limit: Int) {
        guard basis.count < limit else { return }
        orthogonalise()
        let length = pool.norm(rest)
        guard length > floor, length > 0 else { return }
        let direction = pool.vector()
        pool.copy(rest, to: direction)
        pool.scale(direction, by: 1 / length)
        basis.append(direction)
    }

    /// Twice: once leaves an error of the size of what is lost by cancellation.
    private mutating func orthogonalise() {
        for _ in 0..<2 {
            pool.products(rest, basis, basis.count, into: &parts)
            pool.combine(rest, replacing: false, basis, parts.map { -$0 }, basis.count)
        }
    }

    private func load(_ numbers: [Double], to vector: Vector) {
        for (i, x) in numbers.enumerated() { vector[i] = x }
    }

    private func numbers(_ vector: Vector) -> [Double] {
        Array(UnsafeBufferPointer(start: vector, count: dimension))
    }

    // MARK: - Coordinates

    func coordinates(_ vector: [Double]) -> [Double] {
        load(vector, to: rest)
        var parts: [Double] = []
        pool.products(rest, basis, count, into: &parts)
        return parts
    }

    func vector(_ coordinates: [Double]) -> [Double] {
        pool.combine(rest, replacing: true, basis, coordinates, count)
        return numbers(rest)
    }

    /// The Hessian in this space, row by row.
    var hessian: [Double] {
        let k = count
        var products: [[Double]] = []
        var row: [Double] = []
        for image in images {
            pool.products(image, basis, k, into: &row)
            products.append(row)
        }
        return (0..<k).flatMap { i in (0..<k).map { j in 0.5 * (products[i][j] + products[j][i]) } }
    }
}

/// A fixed random vector of norm 1.
func unitVector(_ count: Int) -> [Double] {
    var stream = RandomStream(seed: 0, key: 0, purpose: .curvature)
    let raw = stream.normals(count)
    let length = norm(raw)
    return raw.map { $0 / length }
}
