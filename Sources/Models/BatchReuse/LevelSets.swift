import GSLNumerics
import Lanes

/// E[(E[m(x) | y(x)])²] for one variable x, by all points with the same label: they weigh by ρ(x)/|y′(x)|, stretches where
/// the label is constant together.
///
/// The line is cut at kinks and critical points into monotone pieces, and these at all preimages of critical labels.
/// Between them E[m | y] is smooth but for powers at the ends, which the double exponential rule integrates.
struct LevelSets {
    /// The value by the finer of two rules, what they differ by, and what lies where the label saturates in double precision.
    private(set) var value = 0.0
    private(set) var error = 0.0

    private let line: Line
    private var pieces: [Piece] = []

    /// A label of one variable with the weight and the score of its points.
    struct Line {
        let range: ClosedRange<Double>
        let kinks: [Double]
        let labels: ([Double]) -> (values: [Double], slopes: [Double])
        let density: (Double) -> Double
        let score: (Double) -> Double
    }

    private struct Piece {
        let low: Double
        let high: Double
        /// Labels at the ends, in the order of x.
        let first: Double
        let last: Double
        /// A table for brackets.
        let xs: [Double]
        let ys: [Double]
        var isFlat: Bool { first == last }
        var bottom: Double { min(first, last) }
        var top: Double { max(first, last) }
    }

    init(_ line: Line) {
        self.line = line
        cut()
        let (fine, coarse) = (sum(step: 1.0 / 14), sum(step: 1.0 / 10))
        value = fine
        error = max(abs(fine - coarse), saturated)
    }

    private func label(_ x: Double) -> Double { line.labels([x]).values[0] }

    // MARK: - Pieces

    private static let cells = 3000

    private mutating func cut() {
        let (start, end) = (line.range.lowerBound, line.range.upperBound)
        let ends = [start] + line.kinks.filter { $0 > start && $0 < end }.sorted() + [end]
        for (a, b) in zip(ends, ends.dropFirst()) where b - a > 1e-12 {
            // Kinks are known to rounding: labels on their other side are not this piece's.
            let margin = 4e-15 * max(1, abs(a), abs(b))
            let (a, b) = (a + margin, b - margin)
            let count = max(24, Int(Double(Self.cells) * (b - a) / (end - start)))
            let xs = (0...count).map { $0 == count ? b : a + (b - a) * Double($0) / Double(count) }
            let labels = line.labels(xs)
            var breaks = [a]
            for i in 1...count where labels.slopes[i - 1] * labels.slopes[i] < 0 {
                breaks.append(bisected(xs[i - 1], xs[i]) { line.labels([$0]).slopes[0] > 0 })
            }
            // A slope that is zero at a node, and one that touches zero between nodes.
            for i in 1..<count where labels.slopes[i] == 0 && labels.slopes[i - 1] * labels.slopes[i + 1] != 0 {
                breaks.append(xs[i])
            }
            for i in 1..<count {
                let here = abs(labels.slopes[i])
                let typical = max(abs(labels.slopes[i - 1]), abs(labels.slopes[i + 1]))
                guard here > 0, here < abs(labels.slopes[i - 1]), here <= abs(labels.slopes[i + 1]),
                    here < 0.3 * typical
                else { continue }
                if let place = touching(xs[i - 1], xs[i + 1], typical) { breaks.append(place) }
            }
            breaks.append(b)
            breaks.sort()
            for (low, high) in zip(breaks, breaks.dropFirst()) where high - low > 1e-13 { add(low, high) }
        }
    }

    /// Where |y′| has a zero that is a minimum, by thirds.
    private func touching(_ a: Double, _ b: Double, _ typical: Double) -> Double? {
        var (a, b) = (a, b)
        func size(_ x: Double) -> Double { abs(line.labels([x]).slopes[0]) }
        for _ in 0..<80 {
            let (left, right) = (a + (b - a) / 3, b - (b - a) / 3)
            if size(left) < size(right) { b = right } else { a = left }
        }
        return size((a + b) / 2) < 1e-9 * typical ? (a + b) / 2 : nil
    }

    private mutating func add(_ low: Double, _ high: Double) {
        let count = 64
        let xs = (0...count).map { $0 == count ? high : low + (high - low) * Double($0) / Double(count) }
        let ys = line.labels(xs).values
        let isFlat = ys.dropFirst().dropLast().allSatisfy { $0 == ys[1] }
        let (first, last) = isFlat ? (ys[1], ys[1]) : (ys[0], ys[count])
        pieces.append(Piece(low: low, high: high, first: first, last: last, xs: xs, ys: ys))
    }

    /// E[m²] over stretches where neighbours of a strictly monotone piece have the same label in double precision.
    private var saturated: Double {
        var sum = 0.0
        for piece in pieces where !piece.isFlat {
            for i in 1..<piece.xs.count where piece.ys[i] == piece.ys[i - 1] {
                let x = (piece.xs[i] + piece.xs[i - 1]) / 2
                let m = line.score(x)
                sum += line.density(x) * m * m * (piece.xs[i] - piece.xs[i - 1])
            }
        }
        return sum
    }

    // MARK: - Sums

    /// Nodes and weights of the double exponential rule on an interval.
    private func rule(_ low: Double, _ high: Double, step: Double) -> [(x: Double, weight: Double)] {
        let count = Int((3.3 / step).rounded(.up))
        return (-count...count).map { k in
            let t = Double(k) * step
            let (up, down) = (exponential(t), exponential(-t))
            let inner = Double.pi / 2 * (up - down) / 2
            // Distances from both ends, each to its own precision.
            let fraction = 1 / (1 + exponential(-2 * inner))
            let rest = 1 / (1 + exponential(2 * inner))
            let x = fraction < 0.5 ? low + (high - low) * fraction : high - (high - low) * rest
            let weight = (high - low) * fraction * rest * Double.pi * (up + down) / 2 * step
            return (x, weight)
        }
    }

    private func sum(step: Double) -> Double {
        var atoms: [Double: (mass: Double, moment: Double)] = [:]
        for piece in pieces where piece.isFlat {
            for (x, weight) in rule(piece.low, piece.high, step: step) {
                let mass = weight * line.density(x)
                atoms[piece.first, default: (0, 0)].mass += mass
                atoms[piece.first]!.moment += mass * line.score(x)
            }
        }
        var total = 0.0
        for (_, atom) in atoms.sorted(by: { $0.key < $1.key }) where atom.mass > 0 {
            total += atom.moment * atom.moment / atom.mass
        }
        let curved = pieces.filter { !$0.isFlat }
        let critical = Array(Set(curved.flatMap { [$0.first, $0.last] })).sorted()
        for (n, piece) in curved.enumerated() {
            let inner = critical.filter { $0 > piece.bottom && $0 < piece.top }.map { place(of: $0, in: piece) }
            let ends = ([piece.low] + inner + [piece.high]).sorted()
            for (low, high) in zip(ends, ends.dropFirst()) where high > low {
                for (x, weight) in rule(low, high, step: step) {
                    let mass = weight * line.density(x)
                    guard mass > 1e-25 else { continue }
                    let mean = conditionalMean(at: x, in: n, curved)
                    total += mass * mean * mean
                }
            }
        }
        return total
    }

    private func conditionalMean(at x: Double, in n: Int, _ curved: [Piece]) -> Double {
        let own = line.labels([x])
        let y = own.values[0]
        guard own.slopes[0] != 0 else { return line.score(x) }
        var (mass, moment) = (0.0, 0.0)
        for (j, piece) in curved.enumerated() where j == n || (y > piece.bottom && y < piece.top) {
            let z = j == n ? x : place(of: y, in: piece)
            let slope = j == n ? own.slopes[0] : line.labels([z]).slopes[0]
            guard slope != 0 else { return line.score(z) }
            let weight = line.density(z) / abs(slope)
            mass += weight
            moment += weight * line.score(z)
        }
        return mass > 0 && mass.isFinite ? moment / mass : line.score(x)
    }

    /// The point of a monotone piece with a label: a bracket from the table, then safeguarded Newton steps.
    private func place(of y: Double, in piece: Piece) -> Double {
        let rising = piece.last > piece.first
        var (i, j) = (0, piece.xs.count - 1)
        while j - i > 1 {
            let middle = (i + j) / 2
            if (piece.ys[middle] < y) == rising { i = middle } else { j = middle }
        }
        var (low, high) = (piece.xs[i], piece.xs[j])
        var x = low + (high - low) / 2
        for _ in 0..<100 {
            let here = line.labels([x])
            if here.values[0] == y { return x }
            if (here.values[0] < y) == rising { low = x } else { high = x }
            let newton = x - (here.values[0] - y) / here.slopes[0]
            let next = newton > low && newton < high ? newton : low + (high - low) / 2
            if next == x || high - low <= 2e-16 * max(abs(low), abs(high)) { return next }
            if abs(next - x) < 1e-16 * abs(x) { return next }
            x = next
        }
        return x
    }
}
