import GSLNumerics
import Lanes

/// The smallest space that holds some vectors and that the Hessian maps into itself: all that moves along a branch.
///
/// Where a net has symmetries (rotations of hidden layers, permutations and signs of units), the directions that its
/// point shares with its symmetric copies are left out by themselves, and with them the singular directions of the
/// Hessian: the space is spanned by vectors that have the point's own symmetry.
struct InvariantSubspace {
    private(set) var basis: [[Double]] = []
    private var images: [[Double]] = []
    private let dimension: Int

    var count: Int { basis.count }

    /// - Parameter vectors: the first ones span the space; `remainder` is added where it does not lie in it and is
    ///   longer than `floor`.
    init(_ system: BranchSystem, spannedBy vectors: [[Double]], remainder: [Double], floor: Double, limit: Int) {
        dimension = remainder.count
        extend(system, by: vectors, limit: limit)
        var left = remainder
        orthogonalise(&left)
        // Part of a correction is a correction too: the next one continues.
        if norm(left) > floor { extend(system, by: [left], limit: min(limit, count + 48)) }
    }

    /// A block Krylov process with full orthogonalisation.
    private mutating func extend(_ system: BranchSystem, by vectors: [[Double]], limit: Int) {
        // What is left out makes Newton's method linear with this rate, and the space far smaller where the point has
        // its symmetries only up to rounding.
        let blur = 1e-8
        for vector in vectors { add(vector, above: blur * norm(vector), limit: limit) }
        var size = images.reduce(0) { max($0, norm($1)) }
        while images.count < basis.count {
            let block = basis[images.count..<min(images.count + LanePack.laneCount, basis.count)]
            let products = system.hessianProducts(block)
            images += products
            for product in products { size = max(size, norm(product)) }
            for product in products { add(product, above: blur * size, limit: limit) }
        }
    }

    private mutating func add(_ vector: [Double], above floor: Double, limit: Int) {
        guard basis.count < limit else { return }
        var rest = vector
        orthogonalise(&rest)
        let length = norm(rest)
        guard length > floor, length > 0 else { return }
        basis.append(rest.map { $0 / length })
    }

    /// Twice: once leaves an error of the size of what is lost by cancellation.
    private func orthogonalise(_ vector: inout [Double]) {
        for _ in 0..<2 {
            for direction in basis {
                let part = dot(direction, vector)
                for i in vector.indices { vector[i] -= part * direction[i] }
            }
        }
    }

    func coordinates(_ vector: [Double]) -> [Double] { basis.map { dot($0, vector) } }

    func vector(_ coordinates: [Double]) -> [Double] {
        var sum = [Double](repeating: 0, count: dimension)
        for (x, direction) in zip(coordinates, basis) {
            for i in sum.indices { sum[i] += x * direction[i] }
        }
        return sum
    }

    /// The Hessian in this space, row by row.
    var hessian: [Double] {
        let k = basis.count
        var matrix = [Double](repeating: 0, count: k * k)
        for i in 0..<k {
            for j in 0...i {
                let element = 0.5 * (dot(basis[i], images[j]) + dot(basis[j], images[i]))
                matrix[i * k + j] = element
                matrix[j * k + i] = element
            }
        }
        return matrix
    }
}

/// A fixed random vector of norm 1.
func unitVector(_ count: Int) -> [Double] {
    var stream = RandomStream(seed: 0, key: 0, purpose: .curvature)
    let raw = stream.normals(count)
    let length = norm(raw)
    return raw.map { $0 / length }
}
