import Figures
import Foundation
import PhaseSpace

/// Joins a sweep's curves with the exact theory of its model.
struct SweepTheory {
    let model: any Model
    /// Whether the sweep asked for values that are spaced so; nil where it lists them.
    let isLogarithmic: Bool?
    let theoryNames: Set<String>

    init(model: any Model, isLogarithmic: Bool? = nil) {
        self.model = model
        self.isLogarithmic = isLogarithmic
        theoryNames = Set(model.declaration.theoryCurves.keys)
    }

    /// Transitions of a curve as theory knows them: found for each replica's own data, then averaged. Nil where there is no
    /// theory; replicas that disagree on number or order of exact transitions have no average, and give an empty list.
    func transitions(of curve: Curve) throws -> [Transition]? {
        let replicas = Set(curve.samples.map(\.replica)).sorted()
        let all = try replicas.compactMap { try model.exactTransitions(of: curve.key, .replica($0)) }
        guard all.count == replicas.count else { return nil }
        return TheoryAverage.transitions(all)
    }

    /// Exact curves to draw beside a curve.
    func curves(of curve: Curve) throws -> CurveTheory {
        let controls = curve.samples.map(\.control)
        guard let low = controls.min(), let high = controls.max() else { return CurveTheory() }
        let isSpacedByFactors = low > 0 && (isLogarithmic ?? Self.isLogarithmic(controls))
        let grid =
            isWhole(curve.key.axis)
            ? Self.wholeGrid(low, high) : Self.grid(low, high, logarithmic: isSpacedByFactors)
        let replicas = Set(curve.samples.map(\.replica)).sorted()
        func named(_ name: String, _ ensemble: Ensemble) throws -> [TheoryCurve] {
            guard theoryNames.contains(name) else { return [] }
            return try model.theoryCurves(named: name, of: curve.key, over: grid, ensemble)
        }
        var equilibria = try replicas.map { try named("equilibrium", .replica($0)) }
        if let first = equilibria.first, equilibria.allSatisfy({ Self.equal($0, first) }) { equilibria = [first] }
        let equilibrium = Self.average(equilibria, over: grid)
        let population = try named("equilibrium", .population)
        // Data with the distribution's own moments have its theory, to rounding: one curve, not two.
        let isPopulation = Self.coincide(equilibrium, population) && Self.coincide(population, equilibrium)
        return CurveTheory(
            equilibrium: equilibrium,
            branches: try named("branches", .replica(replicas.first ?? 0)),
            landscape: try named("landscape", .replica(replicas.first ?? 0)),
            population: isPopulation ? [] : population)
    }

    /// One curve that is the mean over replicas at each value of the axis; a single replica's pieces stay as they are.
    private static func average(_ replicas: [[TheoryCurve]], over grid: [Double]) -> [TheoryCurve] {
        guard let first = replicas.first else { return [] }
        guard replicas.count > 1, let model = first.first else { return first }
        // Piece by piece: replicas jump at controls of their own, and between those a mean would be of two phases.
        if replicas.allSatisfy({ $0.count == first.count }), first.count > 1 {
            return first.indices.flatMap { k in average(replicas.map { [$0[k]] }, over: grid) }
        }
        let tables = replicas.map { pieces in
            Dictionary(pieces.flatMap(\.rows).map { ($0[0], $0) }, uniquingKeysWith: { a, _ in a })
        }
        let rows = grid.compactMap { x -> [Double]? in
            let found = tables.compactMap { $0[x] }
            guard found.count == tables.count else { return nil }
            return model.columns.indices.map { c in found.reduce(0) { $0 + $1[c] } / Double(found.count) }
        }
        return [TheoryCurve(name: model.name, label: model.label, columns: model.columns, rows: rows)]
    }

    private static func equal(_ a: [TheoryCurve], _ b: [TheoryCurve]) -> Bool {
        // An observable that does not apply is NaN in every row, which is no difference.
        a.count == b.count
            && zip(a, b).allSatisfy { p, q in
                p.rows.count == q.rows.count
                    && zip(p.rows.joined(), q.rows.joined()).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
            }
    }

    /// Whether each row of some curves lies on others, to 1e-9 of the largest number of its column.
    ///
    /// A threshold that lies elsewhere by rounding puts a row beside it on another side of a jump, or of a root: a number
    /// may be any between those of the rows within 1e-8 of its abscissa.
    private static func coincide(_ curves: [TheoryCurve], _ others: [TheoryCurve]) -> Bool {
        guard let columns = curves.first?.columns, (curves + others).allSatisfy({ $0.columns == columns }) else {
            return curves.isEmpty && others.isEmpty
        }
        let rows = others.flatMap(\.rows).sorted { $0[0] < $1[0] }
        let largest = columns.indices.map { c in rows.reduce(0) { max($0, abs($1[c])) } }
        var first = 0
        return curves.flatMap(\.rows).sorted { $0[0] < $1[0] }.allSatisfy { row in
            let reach = 1e-8 * largest[0]
            while first < rows.count, rows[first][0] < row[0] - reach { first += 1 }
            let near = rows[first...].prefix { $0[0] <= row[0] + reach }
            return columns.indices.dropFirst().allSatisfy { c in
                let values = near.map { $0[c] }.filter { !$0.isNaN }
                // An observable that does not apply is NaN in every row, which is no difference.
                guard let low = values.min(), let high = values.max() else { return row[c].isNaN && !near.isEmpty }
                return low - 1e-9 * largest[c] <= row[c] && row[c] <= high + 1e-9 * largest[c]
            }
        }
    }

    /// Whether a list's values are spaced evenly in their logarithm rather than themselves.
    static func isLogarithmic(_ controls: [Double]) -> Bool {
        let xs = Set(controls).sorted()
        guard xs.count >= 3, xs[0] > 0 else { return false }
        let (a, b) = (xs[1] - xs[0], xs[xs.count - 1] - xs[xs.count - 2])
        return b > 2 * a
    }

    /// Whether a control takes whole numbers only: between them it has no theory.
    private func isWhole(_ name: String) -> Bool {
        switch model.declaration.control(name)?.kind {
        case .integer, .integerPerLayer: true
        default: false
        }
    }

    private static func wholeGrid(_ low: Double, _ high: Double) -> [Double] {
        let count = 400.0
        let stride = max(1, ((high - low) / count).rounded(.up))
        return Array(Swift.stride(from: low, to: high, by: stride)) + [high]
    }

    private static func grid(_ low: Double, _ high: Double, logarithmic: Bool, count: Int = 400) -> [Double] {
        guard high > low else { return [low] }
        return (0...count).map { i in
            let u = Double(i) / Double(count)
            return logarithmic ? low * pow(high / low, u) : low + (high - low) * u
        }
    }
}
