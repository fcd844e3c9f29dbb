import Expressions
import GSLNumerics
import Lanes
import PhaseSpace

/// A target in as few orthonormal coordinates u_i = ⟨b_i, z⟩ as it depends on.
struct ReducedTarget: Sendable {
    let target: Target
    /// Rows b_i of k numbers.
    let basis: [[Double]]

    var dimension: Int { basis.count }

    /// Linear forms in the text of the target span what it can depend on. Where gradients span less and the target does
    /// not change along what they lack, it depends on that less: `exp(z1)*exp(z2)` on z1 + z2.
    init(_ target: Target) throws {
        let forms = target.linearForms.map { direction in
            let x = direction.map(\.approximation)
            let size = x.map { abs($0) }.max()!
            return unit(x.map { $0 / size })
        }
        self.init(target, basis: forms)
        guard !forms.isEmpty else { throw Target.independent(target) }
        let reduced = try gradientSpan()
        if reduced.count < forms.count, !changes(beside: reduced) {
            guard !reduced.isEmpty else { throw Target.independent(target) }
            self.init(target, basis: reduced)
        }
    }

    init(_ target: Target, basis: [[Double]]) { (self.target, self.basis) = (target, basis) }

    /// The same target in coordinates along other orthonormal combinations of the present ones.
    func rotated(_ rows: [[Double]]) -> ReducedTarget {
        ReducedTarget(target, basis: rows.map { original($0) })
    }

    /// A vector of coordinates in the space of z1 … zk.
    func original(_ coordinates: [Double]) -> [Double] {
        (0..<target.dimension).map { j in zip(coordinates, basis).reduce(0) { $0 + $1.0 * $1.1[j] } }
    }

    /// Columns of the formula's variables at points of the reduced coordinates.
    func variables(_ points: [[Double]]) -> [[Double]] {
        target.directions.map { j in
            let factors = basis.map { $0[j] }
            if let only = factors.firstIndex(of: 1), factors.count(where: { $0 == 0 }) == factors.count - 1 {
                return points[only]
            }
            var column = [Double](repeating: 0, count: points[0].count)
            for (factor, point) in zip(factors, points) where factor != 0 {
                for i in column.indices { column[i] += factor * point[i] }
            }
            return column
        }
    }

    func values(_ points: [[Double]]) -> [Double] {
        target.formula.values(variables(points), rows: points[0].count)
    }

    func trace(_ points: [[Double]]) -> Formula.Trace { target.formula.trace(variables(points), rows: points[0].count) }

    func slopes(_ points: [[Double]], along direction: [Double]) -> (values: [Double], slopes: [Double]) {
        let z = original(direction)
        return target.formula.slopes(
            variables(points), along: target.directions.map { z[$0] }, rows: points[0].count)
    }

    // MARK: - What it depends on

    private func gradientSpan() throws -> [[Double]] {
        let r = dimension
        var stream = RandomStream(seed: 4, key: 0, purpose: .resampling)
        let points = (0..<r).map { _ in (0..<64).map { _ in stream.normal() } }
        let gradients = (0..<r).map { i in slopes(points, along: (0..<r).map { $0 == i ? 1 : 0 }).slopes }
        var gram = [Double](repeating: 0, count: r * r)
        for m in 0..<64 {
            let row = gradients.map { $0[m] }
            let norm = row.reduce(0) { $0 + $1 * $1 }
            guard norm > 0, norm.isFinite else { continue }
            for i in 0..<r { for j in 0..<r { gram[i * r + j] += row[i] * row[j] / norm } }
        }
        let system = try symmetricEigenSystem(gram, order: r)
        let top = system.values.max() ?? 0
        guard top > 0 else { return [] }
        return (0..<r).reversed().filter { system.values[$0] > 1e-20 * top && system.values[$0] > 1e-13 }
            .map { unit(original(system.vectors[$0])) }
    }

    /// Whether the target changes along what is orthogonal to a basis in the space of z.
    private func changes(beside reduced: [[Double]]) -> Bool {
        var stream = RandomStream(seed: 4, key: 1, purpose: .resampling)
        let points = (0..<dimension).map { _ in (0..<256).map { _ in 1.5 * stream.normal() } }
        var moved = points
        for m in 0..<256 {
            var step = (0..<dimension).map { _ in 1.5 * stream.normal() }
            for direction in reduced {
                let b = basis.map { zip($0, direction).reduce(0) { $0 + $1.0 * $1.1 } }
                let overlap = zip(step, b).reduce(0) { $0 + $1.0 * $1.1 }
                for i in step.indices { step[i] -= overlap * b[i] }
            }
            for i in step.indices { moved[i][m] += step[i] }
        }
        let (before, after) = (values(points), values(moved))
        return zip(before, after).contains { abs($0 - $1) > 1e-9 * max(abs($0), abs($1)) + 1e-12 }
    }

    /// Whether the target is the same after an orthogonal map of its coordinates, at 64 points.
    func isUnchanged(by map: ([Double]) -> [Double]) -> Bool {
        var stream = RandomStream(seed: 4, key: 2, purpose: .resampling)
        let points = (0..<64).map { _ in (0..<dimension).map { _ in 1.2 * stream.normal() } }
        let images = points.map(map)
        func labels(_ rows: [[Double]]) -> [Double] { values((0..<dimension).map { i in rows.map { $0[i] } }) }
        return zip(labels(points), labels(images)).allSatisfy {
            abs($0 - $1) <= 1e-11 * max(abs($0), abs($1)) + 1e-14
        }
    }
}

func unit(_ x: [Double]) -> [Double] {
    let norm = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return x.map { abs($0) < 1e-15 * norm ? 0 : $0 / norm }
}

extension Target {
    static func independent(_ target: Target) -> ControlError {
        ControlError(
            control: "target",
            message: "`target` \(target) depends on no direction: its label is the same for every input")
    }
}
