import GSLNumerics
import Kernels
import Lanes
import PhaseSpace

/// The sample ratio α_c below which no first-order method finds any direction of a target with generative exponent 2.
public struct WeakRecoveryRatio: Sendable {
    public let value: Double
    /// One standard error, with what binning may have missed; 0 where `claim` is exact.
    public let standardError: Double
    /// Exact for functions of one linear form or of the radius, otherwise an estimate.
    public let claim: Claim
}

/// With G(y) = E[zzᵀ − I | y], 1/α_c is the largest eigenvalue of M ↦ E[G M G] on symmetric matrices: the linear stability
/// of approximate message passing (Barbier, Krzakala, Macris, Miolane, Zdeborová, arXiv 1708.03395; Troiani et al.,
/// arXiv 2405.15480). Strictly monotone functions around the label are left out: they do not change it.
/// - Throws: `ControlError` for a target that depends on no direction.
public func weakRecoveryRatio(_ target: Target) throws -> WeakRecoveryRatio {
    let full = try ReducedTarget(target)
    let core = ReducedTarget(target.monotoneCore, basis: full.basis)
    if core.dimension == 1 { return ratio(stability(core)) }
    if core.isRadial { return ratio(radialStability(core)) }
    // Quadratic forms show their axes exactly.
    if let axes = try core.quadraticAxes() { return try RayStability.ratio(core.rotated(axes)) }
    return try RayStability.ratio(core)
}

private func ratio(_ levels: LevelSets) -> WeakRecoveryRatio {
    let value = 1 / levels.value
    let error = levels.error / (levels.value * levels.value)
    return WeakRecoveryRatio(
        value: value, standardError: error < 1e-9 * value ? 0 : error, claim: error < 1e-9 * value ? .exact : .estimate)
}

private func stability(_ target: ReducedTarget) -> LevelSets {
    let isEven = target.isUnchanged { [-$0[0]] }
    // Up to where the normal distribution ends in double precision.
    let end = 9.2
    let steps = (0...4000).map { -end + 0.00137 + 2 * end * Double($0) / 4000 }
    return LevelSets(
        LevelSets.Line(
            range: (isEven ? 0 : -end)...end, kinks: RowProbe(target).breaks(axis: 0, steps),
            labels: { target.slopes([$0], along: [1]) },
            density: { (isEven ? 2 : 1) * normalDensity($0) }, score: { $0 * $0 - 1 }))
}

/// For a function of ρ = |z|, G = (E[ρ² | y]/r − 1) I.
private func radialStability(_ target: ReducedTarget) -> LevelSets {
    let r = target.dimension
    let end = 9.2 + 0.4 * Double(r)
    let axis = ReducedTarget(target.target, basis: [target.basis[0]])
    let steps = (0...4000).map { -end + 0.00137 + 2 * end * Double($0) / 4000 }
    // Γ(r/2) 2^(r/2 − 1) from its values at 1 and 2.
    var norm = r % 2 == 1 ? (Double.pi / 2).squareRoot() : 1
    for n in stride(from: r % 2 == 1 ? 1 : 2, to: r, by: 2) { norm *= Double(n) }
    return LevelSets(
        LevelSets.Line(
            range: 0...end, kinks: RowProbe(axis).breaks(axis: 0, steps), labels: { axis.slopes([$0], along: [1]) },
            density: { x in (0..<r - 1).reduce(exponential(-x * x / 2)) { p, _ in p * x } / norm },
            score: { $0 * $0 / Double(r) - 1 }))
}

extension ReducedTarget {
    /// Whether the target is a function of the distance from the origin of its coordinates.
    var isRadial: Bool {
        var stream = RandomStream(seed: 7, key: 0, purpose: .resampling)
        let images = (0..<8).map { _ in unit((0..<dimension).map { _ in stream.normal() }) }
        return images.allSatisfy { v in
            isUnchanged { x in
                // A reflection at a random plane.
                let overlap = zip(x, v).reduce(0) { $0 + $1.0 * $1.1 }
                return zip(x, v).map { $0 - 2 * overlap * $1 }
            }
        }
    }
}

extension ReducedTarget {
    /// Whether the target sees only the length of the part in a plane of two coordinates.
    private func isTurnable(_ i: Int, _ j: Int) -> Bool {
        [(0.6, 0.8), (12.0 / 13, -5.0 / 13)].allSatisfy { cosine, sine in
            isUnchanged { x in
                var y = x
                (y[i], y[j]) = (cosine * x[i] - sine * x[j], sine * x[i] + cosine * x[j])
                return y
            }
        }
    }

    /// Coordinates in blocks in each of which the target sees only the length.
    var rotationBlocks: [[Int]] {
        var blocks: [[Int]] = []
        for i in 0..<dimension {
            if let home = blocks.firstIndex(where: { isTurnable($0[0], i) }) {
                blocks[home].append(i)
            } else {
                blocks.append([i])
            }
        }
        return blocks
    }

    /// How many pairs of coordinates are turnable, and how many coordinates can change their sign.
    private var symmetryCount: Int {
        let turnable = rotationBlocks.reduce(0) { $0 + $1.count * ($1.count - 1) }
        let flips = (0..<dimension).count { i in
            isUnchanged { x in
                var y = x
                y[i] = -y[i]
                return y
            }
        }
        return turnable + flips
    }

    /// Eigenvectors of the Hessian of a target that is a polynomial of degree 2; nil for any other.
    func quadraticAxes() throws -> [[Double]]? {
        guard let polynomial = target.polynomial, polynomial.degree == 2 else { return nil }
        let r = dimension
        func label(_ x: [Double]) -> Double { values(x.map { [$0] })[0] }
        func axis(_ i: Int, _ j: Int) -> [Double] { (0..<r).map { ($0 == i ? 1.0 : 0) + ($0 == j ? 1.0 : 0) } }
        let origin = [Double](repeating: 0, count: r)
        let singles = (0..<r).map { i in (0..<r).map { $0 == i ? 1.0 : 0 } }
        var matrix = [Double](repeating: 0, count: r * r)
        for i in 0..<r {
            for j in 0...i {
                let x = label(axis(i, j)) - label(singles[i]) - label(singles[j]) + label(origin)
                (matrix[i * r + j], matrix[j * r + i]) = (x, x)
            }
        }
        return try symmetricEigenSystem(matrix, order: r).vectors
    }

    /// In coordinates along the eigenvectors of E[t(y) (zzᵀ − I)] where these have more symmetries: z1 z2 + z3 z4 is
    /// (|u|² − |v|²)/2 of two planes.
    func alignedWithSymmetries() throws -> ReducedTarget {
        let r = dimension
        var stream = RandomStream(seed: 7, key: 1, purpose: .resampling)
        let base = normalPoints(dimension: r, bits: 14, using: &stream)
        let labels = values(base)
        let sorted = labels.filter(\.isFinite).sorted()
        let (low, high) = (sorted[sorted.count / 4], sorted[3 * sorted.count / 4])
        guard high > low else { return self }
        var matrix = [Double](repeating: 0, count: r * r)
        for m in labels.indices where labels[m].isFinite {
            let t = (labels[m] - low) / (high - low) - 0.5
            let bounded = t / (1 + t * t)
            for i in 0..<r {
                for j in 0..<r { matrix[i * r + j] += bounded * (base[i][m] * base[j][m] - (i == j ? 1 : 0)) }
            }
        }
        var vectors = try symmetricEigenSystem(matrix, order: r).vectors
        // Eigenvectors are known to the sample's noise: those that are simple fractions of each other are made so.
        vectors = vectors.map { vector in
            let top = vector.map { abs($0) }.max()!
            return unit(
                vector.map { x in
                    let ratio = abs(x) / top
                    let near = [0, 0.5, 1].first { abs(ratio - $0) < 0.05 } ?? ratio
                    return (x < 0 ? -1 : 1) * near
                })
        }
        for i in 0..<r {
            for j in 0..<i where abs(zip(vectors[i], vectors[j]).reduce(0) { $0 + $1.0 * $1.1 }) > 1e-12 { return self }
        }
        let aligned = rotated(vectors)
        return aligned.symmetryCount > symmetryCount ? aligned : self
    }
}

/// Quasi-random points of the standard normal distribution, one column per dimension.
func normalPoints(dimension: Int, bits: Int, using stream: inout RandomStream) -> [[Double]] {
    let sobol = ScrambledSobol(dimension: dimension, bits: bits, using: &stream)
    let count = sobol.count
    return (0..<dimension).map { j in
        [Double](unsafeUninitializedCapacity: count) { buffer, filled in
            sobol.fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]), dimension: j, from: 0)
            replaceByNormalQuantiles(UnsafeMutableBufferPointer(rebasing: buffer[0..<count]))
            filled = count
        }
    }
}
