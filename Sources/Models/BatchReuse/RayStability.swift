import GSLNumerics
import Lanes
import PhaseSpace

/// The weak-recovery ratio of a target with several directions: labels in bins along rays from the origin.
///
/// On a ray z = ρω the mass and the second moment of every bin are known exactly between the places where the label passes
/// the bin's edges. Only the directions ω are quasi-random points; eight scrambles give the error. G of different scrambles
/// makes the products, so that noise adds nothing. Bins hide what varies inside them: two coarser binnings show how much.
struct RayStability {
    private let target: ReducedTarget
    private let edges: [Double]
    /// First bins of the runs that coarser binnings may merge: labels with a probability of their own stay alone.
    private let starts: [Int]
    private let radii: ChiTable
    /// Off-diagonal elements that a sign flip forbids, and classes of directions that are exchanged.
    private let isForbidden: [[Bool]]
    private let classes: [[Int]]
    /// Whether directions fall into two blocks in which the target sees only lengths.
    private let hasTwoBlocks: Bool

    private static let scrambles = 8
    private static let rayBits = 10
    private static let binCount = 512

    static func ratio(_ target: ReducedTarget) throws -> WeakRecoveryRatio {
        let rays = try RayStability(target)
        let bins = (0..<scrambles).map { rays.bins(scramble: $0) }
        func stability(_ kept: [Int], _ width: Int) throws -> Double {
            try rays.largestEigenvalue(kept.map { bins[$0].merged(width, starts: rays.starts) })
        }
        func extrapolated(_ kept: [Int]) throws -> (value: Double, correction: Double) {
            let (fine, middle, coarse) = (try stability(kept, 1), try stability(kept, 2), try stability(kept, 4))
            // What halving the bins still gains falls by a factor between √2 (singular labels) and 4 (smooth ones).
            let gain = fine - middle
            let factor = gain != 0 ? min(max((middle - coarse) / gain, 2.0.squareRoot()), 4) : 4
            let correction = gain / (factor - 1)
            return (fine + correction, correction)
        }
        let all = Array(0..<scrambles)
        let (total, correction) = try extrapolated(all)
        let parts = try all.map { left in try extrapolated(all.filter { $0 != left }).value }
        let center = parts.reduce(0, +) / Double(parts.count)
        let n = Double(scrambles)
        let scatter = ((n - 1) / n * parts.reduce(0) { $0 + ($1 - center) * ($1 - center) }).squareRoot()
        // Half of what extrapolation adds, and what the outermost bins hide, count as error too.
        let error =
            (scatter * scatter + correction * correction / 4).squareRoot() + 1e-4 * total
        return WeakRecoveryRatio(value: 1 / total, standardError: error / (total * total), claim: .estimate)
    }

    // MARK: - Preparation

    private init(_ given: ReducedTarget) throws {
        let target = try given.alignedWithSymmetries()
        self.target = target
        let r = target.dimension
        radii = ChiTable(r)
        func flipped(_ x: [Double], _ flip: Int) -> [Double] { x.indices.map { flip >> $0 & 1 == 1 ? -x[$0] : x[$0] } }
        let flips = (1..<1 << r).filter { flip in target.isUnchanged { flipped($0, flip) } }
        isForbidden = (0..<r).map { i in
            (0..<r).map { j in i != j && flips.contains { ($0 >> i ^ $0 >> j) & 1 == 1 } }
        }
        var classes: [[Int]] = []
        for i in 0..<r {
            let home = classes.firstIndex { members in
                let j = members[0]
                return [1.0, -1].contains { sign in
                    target.isUnchanged { x in
                        var y = x
                        (y[i], y[j]) = (sign * x[j], sign * x[i])
                        return y
                    }
                }
            }
            if let home { classes[home].append(i) } else { classes.append([i]) }
        }
        let blocks = target.rotationBlocks
        hasTwoBlocks = r > 2 && blocks.count == 2
        self.classes = hasTwoBlocks ? blocks : classes
        var stream = RandomStream(seed: 2, key: 1000, purpose: .resampling)
        let sorted = target.values(normalPoints(dimension: r, bits: 17, using: &stream)).filter(\.isFinite).sorted()
        let center = target.values((0..<r).map { _ in [0] })[0]
        let found = LabelEdges(sorted) { Self.edges($0, center: center) }
        (edges, starts) = (found.edges, found.starts)
    }

    /// Edges whose bins have little mass at both ends, and beside the label of the origin, where labels are often singular.
    private static func edges(_ sorted: [Double], center: Double) -> [Double] {
        let count = sorted.count
        let below = Double(sorted.count { $0 < center }) / Double(count)
        let stops = below > 0.02 && below < 0.98 ? [0, below, 1] : [0, 1]
        var edges: [Double] = []
        for (low, high) in zip(stops, stops.dropFirst()) {
            let bins = max(32, Int(Double(binCount) * (high - low)) / 4 * 4)
            for b in 1..<bins {
                let s = Double(b) / Double(bins)
                let u = s * s * s * (10 - 15 * s + 6 * s * s)
                let place = min(max((low + (high - low) * u) * Double(count) - 0.5, 0), Double(count - 1))
                let i = min(Int(place), count - 2)
                edges.append(sorted[i] + (place - Double(i)) * (sorted[i + 1] - sorted[i]))
            }
            if high < 1 { edges.append(center) }
        }
        return edges
    }

    // MARK: - Rays

    /// Directions and their weights, whose sum is 1.
    private func directions(scramble: Int) -> [(direction: [Double], weight: Double)] {
        let r = target.dimension
        var stream = RandomStream(seed: 2, key: UInt64(scramble), purpose: .resampling)
        let count = 1 << (r == 2 ? Self.rayBits : Self.rayBits + 1)
        if r == 2 {
            let shift = stream.uniform()
            return (0..<count).map { i in
                let angle = 2 * Double.pi * (Double(i) + shift) / Double(count)
                return ([cosine(angle), sine(angle)], 1 / Double(count))
            }
        }
        if hasTwoBlocks {
            // Only the angle between the two lengths matters; the weight is periodic and smooth.
            let shift = stream.uniform()
            let rays = (0..<count).map { i -> (direction: [Double], weight: Double) in
                let angle = Double.pi / 2 * (Double(i) + shift) / Double(count)
                let parts = [cosine(angle), sine(angle)]
                var direction = [Double](repeating: 0, count: r)
                var weight = 1.0
                for (block, part) in zip(classes, parts) {
                    direction[block[0]] = part
                    for _ in 1..<max(block.count, 1) { weight *= part }
                }
                return (direction, weight)
            }
            let total = rays.reduce(0) { $0 + $1.weight }
            return rays.map { ($0.direction, $0.weight / total) }
        }
        let points = normalPoints(dimension: r, bits: Self.rayBits + 1, using: &stream)
        return points[0].indices.map { i in (unit(points.map { $0[i] }), 1 / Double(count)) }
    }

    private func bins(scramble: Int) -> LabelBins {
        let r = target.dimension
        var result = LabelBins(
            mass: .init(repeating: 0, count: edges.count + 1),
            second: .init(repeating: 0, count: (edges.count + 1) * r * r),
            size: r * r)
        let probe = RowProbe(target)
        var moments = [Double](repeating: 0, count: edges.count + 1)
        var masses = moments
        for (direction, weight) in directions(scramble: scramble) {
            for b in masses.indices { (masses[b], moments[b]) = (0, 0) }
            for piece in pieces(direction, probe) { add(piece, &masses, &moments) }
            for b in masses.indices where masses[b] > 0 {
                result.mass[b] += weight * masses[b]
                for i in 0..<r {
                    for j in 0..<r where !isForbidden[i][j] {
                        result.second[b * r * r + i * r + j] += weight * moments[b] * direction[i] * direction[j]
                    }
                }
            }
        }
        for b in result.mass.indices {
            for members in classes where members.count > 1 {
                let mean = members.reduce(0) { $0 + result.second[b * r * r + $1 * (r + 1)] } / Double(members.count)
                for i in members { result.second[b * r * r + i * (r + 1)] = mean }
            }
        }
        return result
    }

    /// A stretch of a ray with labels at its ends and its middle.
    private struct Piece {
        let radii: (low: Double, middle: Double, high: Double)
        let labels: (low: Double, middle: Double, high: Double)
    }

    private func pieces(_ direction: [Double], _ probe: RowProbe) -> [Piece] {
        let cells = 64
        let steps = (0...cells).map { radii.end * (Double($0) + 1e-9) / Double(cells) }
        var ends: [(low: Double, high: Double)] = []
        let breaks = probe.breaks(along: direction, steps)
        for (a, b) in zip(steps, steps.dropFirst()) {
            var low = a
            for x in breaks where x > a && x < b {
                // A sign of exactly zero belongs to neither side.
                let margin = 1e-13 * max(1, x)
                if x - margin > low { ends.append((low, x - margin)) }
                low = x + margin
            }
            if b > low { ends.append((low, b)) }
        }
        let places = ends.flatMap { [$0.low, $0.low + ($0.high - $0.low) / 2, $0.high] }
        let labels = target.values(direction.map { c in places.map { c * $0 } })
        return ends.indices.map { i in
            Piece(
                radii: (places[3 * i], places[3 * i + 1], places[3 * i + 2]),
                labels: (labels[3 * i], labels[3 * i + 1], labels[3 * i + 2]))
        }
    }

    /// Shares a stretch among bins: the label is a parabola there, cut at its vertex.
    private func add(_ piece: Piece, _ masses: inout [Double], _ moments: inout [Double]) {
        let (y0, y1, y2) = piece.labels
        let (x0, width) = (piece.radii.low, piece.radii.high - piece.radii.low)
        guard y0.isFinite, y1.isFinite, y2.isFinite else { return }
        // y = y0 + b t + c t², t in 0…1.
        let b = 4 * y1 - 3 * y0 - y2
        let c = 2 * (y0 + y2 - 2 * y1)
        func label(_ t: Double) -> Double { y0 + t * (b + t * c) }
        var stops = [0.0, 1]
        if c != 0 {
            let vertex = -b / (2 * c)
            if vertex > 1e-9, vertex < 1 - 1e-9 { stops = [0, vertex, 1] }
        }
        for (from, to) in zip(stops, stops.dropFirst()) {
            let (first, last) = (from == 0 ? y0 : label(from), to == 1 ? y2 : label(to))
            var (t, bin) = (from, upperBound(edges, first))
            let lastBin = upperBound(edges, last)
            var start = radii.cumulative(x0 + width * t)
            while true {
                let isLast = bin == lastBin
                if !isLast {
                    let edge = edges[last > first ? bin : bin - 1]
                    t = max(t, crossing(edge, b, c, y0, from, to, rising: last > first))
                }
                let end = radii.cumulative(x0 + width * (isLast ? to : t))
                masses[bin] += end.mass - start.mass
                moments[bin] += end.second - start.second
                if isLast { break }
                start = end
                bin += last > first ? 1 : -1
            }
        }
    }

    private func crossing(
        _ edge: Double, _ b: Double, _ c: Double, _ y0: Double, _ from: Double, _ to: Double, rising: Bool
    ) -> Double {
        var (low, high) = (from, to)
        var t = (low + high) / 2
        for _ in 0..<40 {
            let rest = y0 + t * (b + t * c) - edge
            if (rest < 0) == rising { low = t } else { high = t }
            let newton = t - rest / (b + 2 * c * t)
            let next = newton > low && newton < high ? newton : (low + high) / 2
            if abs(next - t) < 1e-10 { return next }
            t = next
        }
        return t
    }

    // MARK: - The operator

    /// Of M ↦ E[G M G], from products of G of different scrambles.
    private func largestEigenvalue(_ scrambles: [LabelBins]) throws -> Double {
        let r = target.dimension
        let pairs = (0..<r).flatMap { i in (i..<r).map { (i, $0) } }
        let n = pairs.count
        var matrix = [Double](repeating: 0, count: n * n)
        let count = Double(scrambles.count)
        for b in scrambles[0].mass.indices {
            let mass = scrambles.reduce(0) { $0 + $1.mass[b] } / count
            guard mass > 0 else { continue }
            // First-order in the noise: deviations from the common mean, divided by the common mass.
            let each = scrambles.map { bins in
                (0..<r * r).map { q in
                    bins.second[b * r * r + q] / mass - (q % (r + 1) == 0 ? bins.mass[b] / mass : 0)
                }
            }
            let sum = (0..<r * r).map { q in each.reduce(0) { $0 + $1[q] } }
            add(sum, factor: mass / (count * (count - 1)), pairs, to: &matrix)
            for g in each { add(g, factor: -mass / (count * (count - 1)), pairs, to: &matrix) }
        }
        for q in 0..<n {
            for p in 0..<q {
                let mean = (matrix[q * n + p] + matrix[p * n + q]) / 2
                (matrix[q * n + p], matrix[p * n + q]) = (mean, mean)
            }
        }
        return try symmetricEigenSystem(matrix, order: n).values.max()!
    }

    /// Adds Tr(E_q G E_p G) in an orthonormal basis of symmetric matrices, whose off-diagonal units carry a factor √½.
    private func add(_ g: [Double], factor: Double, _ pairs: [(Int, Int)], to matrix: inout [Double]) {
        let (r, n) = (target.dimension, pairs.count)
        for (q, (i, j)) in pairs.enumerated() {
            for (p, (l, m)) in pairs.enumerated() {
                let plain = 2 * (g[j * r + l] * g[m * r + i] + g[i * r + l] * g[m * r + j])
                guard plain != 0 else { continue }
                let norm = (i == j ? 0.5 : 0.5.squareRoot()) * (l == m ? 0.5 : 0.5.squareRoot())
                matrix[q * n + p] += factor * plain * norm
            }
        }
    }
}
