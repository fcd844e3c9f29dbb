import GSLNumerics
import Lanes

/// Points and weights of the normal distribution in up to three coordinates of a target, in Gauss–Legendre panels that end
/// at its kinks.
///
/// The last coordinate is split on every line where a kink crosses it. The others are split where a kink does not depend on
/// what comes after, and where plane kinks meet.
struct KinkQuadrature {
    let points: [[Double]]
    let weights: [Double]

    /// - Parameters:
    ///   - end: the box is [−end, end] in every coordinate.
    ///   - width: of the widest panel.
    ///   - order: nodes per panel.
    init(_ target: ReducedTarget, end: Double, width: Double, order: Int) throws {
        let r = target.dimension
        let steps = Self.scan(end, step: r < 3 ? 0.05 : 0.1)
        let probe = RowProbe(target)
        let fixed = (0..<r).map { probe.breaks(axis: $0, steps) }
        let planes = r > 1 ? probe.planes() : []
        let line = Line(end: end, width: width, rule: try gaussLegendre(order: order))
        var rows: [[Double]] = [[]]
        var masses = [1.0]
        for d in 0..<r - 1 {
            var (longer, heavier): ([[Double]], [Double]) = ([], [])
            for (row, mass) in zip(rows, masses) {
                for (x, weight) in line.nodes(fixed[d] + meetings(of: planes, after: row)) {
                    longer.append(row + [x])
                    heavier.append(mass * weight)
                }
            }
            (rows, masses) = (longer, heavier)
        }
        let crossings = probe.crossings(rows, steps)
        var columns = [[Double]](repeating: [], count: r)
        var all: [Double] = []
        for (n, (row, mass)) in zip(rows, masses).enumerated() {
            for (x, weight) in line.nodes(fixed[r - 1] + crossings[n]) {
                for (d, value) in row.enumerated() { columns[d].append(value) }
                columns[r - 1].append(x)
                all.append(mass * weight)
            }
        }
        let total = all.reduce(0, +)
        (points, weights) = (columns, all.map { $0 / total })
    }

    /// Off the places where kinks of written formulas lie.
    private static func scan(_ end: Double, step: Double) -> [Double] {
        let count = Int((end / step).rounded(.up))
        return (0...2 * count).map { -end - 0.0137 + Double($0) * (2 * end + step) / Double(2 * count) }
    }

}

/// Panels along one coordinate.
private struct Line {
    let end: Double
    let width: Double
    let rule: (nodes: [Double], weights: [Double])

    func nodes(_ breaks: [Double]) -> [(x: Double, weight: Double)] {
        let inner = breaks.filter { abs($0) < end }.sorted()
        var ends = [-end]
        for x in inner + [end] where x > ends.last! + 1e-13 { ends.append(x) }
        var result: [(Double, Double)] = []
        for (a, b) in zip(ends, ends.dropFirst()) {
            let count = max(1, Int(((b - a) / width).rounded(.up)))
            for panel in 0..<count {
                let half = (b - a) / Double(count) / 2
                let middle = a + (2 * Double(panel) + 1) * half
                for (x, w) in zip(rule.nodes, rule.weights) {
                    let z = middle + half * x
                    result.append((z, w * half * normalDensity(z)))
                }
            }
        }
        return result
    }
}

/// Where, along the next coordinate after fixed ones, as many plane kinks meet as there are coordinates left.
private func meetings(of planes: [(normal: [Double], offset: Double)], after row: [Double]) -> [Double] {
    guard let left = planes.first.map({ $0.normal.count - row.count }) else { return [] }
    guard left >= 2, !planes.isEmpty else { return [] }
    let cut = planes.map { plane in
        (
            normal: Array(plane.normal[row.count...]),
            offset: plane.offset + zip(plane.normal, row).reduce(0) { $0 + $1.0 * $1.1 }
        )
    }
    var result: [Double] = []
    for chosen in subsets(of: cut.count, size: left) {
        if let x = firstCoordinate(chosen.map { cut[$0] }) { result.append(x) }
    }
    // Equal places differ by rounding.
    return result.sorted().reduce(into: []) { kept, x in if x > (kept.last ?? -.infinity) + 1e-11 { kept.append(x) } }
}

/// The first coordinate of the point where planes n·x + c = 0 meet, by elimination; nil where there is no single one.
private func firstCoordinate(_ planes: [(normal: [Double], offset: Double)]) -> Double? {
    var rows = planes.map { $0.normal.reversed() + [-$0.offset] }
    let n = planes.count
    for column in 0..<n {
        let pivot = (column..<n).max { abs(rows[$0][column]) < abs(rows[$1][column]) }!
        guard abs(rows[pivot][column]) > 1e-9 else { return nil }
        rows.swapAt(column, pivot)
        for i in column + 1..<max(n, column + 1) {
            let factor = rows[i][column] / rows[column][column]
            for j in column...n { rows[i][j] -= factor * rows[column][j] }
        }
    }
    return rows[n - 1][n] / rows[n - 1][n - 1]
}

private func subsets(of count: Int, size: Int) -> [[Int]] {
    guard size > 0 else { return [[]] }
    guard count >= size else { return [] }
    return subsets(of: count - 1, size: size) + subsets(of: count - 1, size: size - 1).map { $0 + [count - 1] }
}

/// Where the kinks of a target are.
struct RowProbe {
    private let target: ReducedTarget

    init(_ target: ReducedTarget) { self.target = target }

    private static func side(_ x: Double) -> Int8 { x > 0 ? 1 : x < 0 ? -1 : 0 }

    /// Breaks along one coordinate that are the same wherever the others are.
    func breaks(axis d: Int, _ steps: [Double]) -> [Double] {
        var stream = RandomStream(seed: 6, key: UInt64(d), purpose: .resampling)
        let lines = (0..<4).map { _ in (0..<target.dimension).map { _ in stream.normal() } }
        let found = lines.map { line in crossings(along: d, at: [line], steps)[0] }
        guard target.dimension > 1 else { return found[0] }
        return found[0].filter { x in found.dropFirst().allSatisfy { $0.contains { abs($0 - x) < 1e-9 } } }
    }

    /// Where kinks cross a ray from the origin.
    func breaks(along direction: [Double], _ steps: [Double]) -> [Double] {
        let ray = ReducedTarget(target.target, basis: [target.original(direction)])
        return RowProbe(ray).crossings(along: 0, at: [[0]], steps)[0]
    }

    /// Where kinks cross lines along the last coordinate.
    func crossings(_ rows: [[Double]], _ steps: [Double]) -> [[Double]] {
        crossings(along: target.dimension - 1, at: rows.map { $0 + [0] }, steps)
    }

    private func crossings(along d: Int, at lines: [[Double]], _ steps: [Double]) -> [[Double]] {
        guard !target.trace(lines[0].map { [$0] }).kinks.isEmpty else { return lines.map { _ in [] } }
        var brackets: [(line: Int, kink: Int, low: Double, high: Double, side: Int8)] = []
        for (n, line) in lines.enumerated() {
            let columns = line.indices.map { i in
                i == d ? steps : Array(repeating: line[i], count: steps.count)
            }
            for (kink, column) in target.trace(columns).kinks.enumerated() {
                for i in 1..<steps.count where Self.side(column[i - 1]) != Self.side(column[i]) {
                    brackets.append((n, kink, steps[i - 1], steps[i], Self.side(column[i - 1])))
                }
            }
        }
        // All brackets are halved together.
        for _ in 0..<56 where !brackets.isEmpty {
            let middles = brackets.map { $0.low + ($0.high - $0.low) / 2 }
            let columns = (0..<target.dimension).map { i in
                i == d ? middles : brackets.map { lines[$0.line][i] }
            }
            let kinks = target.trace(columns).kinks
            for b in brackets.indices {
                if Self.side(kinks[brackets[b].kink][b]) == brackets[b].side {
                    brackets[b].low = middles[b]
                } else {
                    brackets[b].high = middles[b]
                }
            }
        }
        var result = [[Double]](repeating: [], count: lines.count)
        for bracket in brackets {
            // A zero that is met exactly is the place; else it is between the ends.
            let place = abs(bracket.low) < 1e-15 || abs(bracket.high) < 1e-15 ? 0 : bracket.high
            result[bracket.line].append(place)
        }
        return result.map {
            $0.sorted().reduce(into: []) { kept, x in if x > (kept.last ?? -.infinity) + 1e-11 { kept.append(x) } }
        }
    }

    /// Kinks n·u + c = 0, told by their values at a few points.
    func planes() -> [(normal: [Double], offset: Double)] {
        let r = target.dimension
        var stream = RandomStream(seed: 6, key: 99, purpose: .resampling)
        var points = [[Double](repeating: 0, count: r)]
        for i in 0..<r { points.append((0..<r).map { $0 == i ? 1 : 0 }) }
        for _ in 0..<4 { points.append((0..<r).map { _ in 2 * stream.normal() }) }
        var result: [(normal: [Double], offset: Double)] = []
        for column in target.trace((0..<r).map { i in points.map { $0[i] } }).kinks {
            let normal = (1...r).map { column[$0] - column[0] }
            let size = normal.map { abs($0) }.max()!
            let isPlane = (r + 1..<points.count).allSatisfy { m in
                let expected = column[0] + zip(normal, points[m]).reduce(0) { $0 + $1.0 * $1.1 }
                return abs(expected - column[m]) <= 1e-10 * (abs(column[0]) + size)
            }
            guard size > 0, isPlane, result.count < 12 else { continue }
            result.append((normal.map { $0 / size }, column[0] / size))
        }
        return result
    }
}
