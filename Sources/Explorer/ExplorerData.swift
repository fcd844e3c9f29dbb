import OrderedCollections
import PhaseSpace
import Support
import Transitions

/// What the page's script reads of its sweeps: words, axis values and verdicts as JSON, what is drawn in packed columns.
public struct ExplorerData {
    var columns = PackedColumns()
    private var sweeps: [JSONValue] = []

    public init(_ sweeps: [ExplorerSweep]) {
        for sweep in sweeps { self.sweeps.append(json(of: sweep)) }
    }

    /// One object: `sweeps`, and `blobs` that their columns point to.
    public var json: JSONValue {
        ["sweeps": .list(sweeps), "blobs": .list(columns.blobs.map(JSONValue.text))]
    }

    private mutating func json(of sweep: ExplorerSweep) -> JSONValue {
        var notes = sweep.notes
        let axisValues = Set(sweep.curves.flatMap { $0.samples.map(\.control) }).sorted()
        let dimensions = Self.dimensions(of: sweep)
        var members: OrderedDictionary<String, JSONValue> = [
            "name": .text(sweep.name), "title": .text(sweep.title), "path": .text(sweep.path),
            "overrides": .list(sweep.overrides.map(JSONValue.text)),
            "folder": sweep.folder.map(JSONValue.text) ?? .null, "replicas": .number(Double(sweep.replicas)),
            "count": .number(Double(sweep.curves.reduce(0) { $0 + $1.samples.count })),
            "left": .number(Double(sweep.left.count)), "planned": .number(Double(sweep.left.planned)),
            "order": .text(sweep.orderParameter),
            "axis": Self.words(
                of: sweep.axis, values: axisValues.map(JSONValue.number), isBound: sweep.bound.contains(sweep.axis.name)
            ),
            "observables": .list(sweep.observables.map(Self.words)),
            "dimensions": .list(dimensions.map(\.json)),
            "series": .list(sweep.series.map { series($0) }),
        ]
        let numbers = Dictionary(uniqueKeysWithValues: axisValues.enumerated().map { ($1, $0) })
        let (places, placeRanges) = placeTable(of: sweep, numbers, &notes)
        let (points, pointRanges) = pointTable(of: sweep, numbers, &notes)
        members["places"] = places
        members["points"] = points
        members["runs"] = runTable(of: sweep, numbers, &notes)
        let theory = theoryTables(of: sweep, &notes)
        let hasEvidence = sweep.curves.count <= ExplorerLimits.evidenceCurves
        if !hasEvidence {
            notes.append("\(sweep.curves.count) curves: their evidence is in `landau transitions --json`")
        }
        members["curves"] = .list(
            sweep.curves.indices.map { index in
                let curve = sweep.curves[index]
                return [
                    "at": .list(dimensions.map { .number(Double($0.number(of: curve))) }),
                    "places": placeRanges[index], "points": pointRanges[index],
                    "verdict": verdict(sweep.verdicts[index], withEvidence: hasEvidence),
                    "theory": theory[index], "followed": followed(curve, sweep),
                    "depth": .optional(curve.key.fixed["depth"]?.number),
                    "noise": .optional(curve.key.fixed["noise"]?.number),
                    "width": .optional(curve.key.fixed["width"]?.number),
                ]
            })
        members["lines"] = .list(dimensions.indices.flatMap { lines(of: sweep, over: $0, dimensions) })
        members["notes"] = .list(notes.map(JSONValue.text))
        return .object(members)
    }

    // MARK: - Words

    static func words(of control: ControlParameter, values: [JSONValue], isBound: Bool) -> JSONValue {
        let numbers = values.compactMap(\.number)
        let isWhole =
            switch control.kind {
            case .integer, .integerPerLayer: true
            default: false
            }
        return [
            "name": .text(control.name), "symbol": .text(control.symbol.isEmpty ? control.name : control.symbol),
            "meaning": .text(control.meaning), "whole": .bool(isWhole), "bound": .bool(isBound),
            "numeric": .bool(numbers.count == values.count),
            "log": .bool(numbers.count == values.count && !isWhole && AxisSpacing.isLogarithmic(numbers)),
            "values": .list(values),
        ]
    }

    private static func words(of observable: Observable) -> JSONValue {
        let regimes = observable.regimes.sorted { $0.key < $1.key }
        return [
            "name": .text(observable.name), "symbol": .text(observable.symbol), "meaning": .text(observable.meaning),
            "regimes": regimes.isEmpty
                ? .null
                : .object(OrderedDictionary(uniqueKeysWithValues: regimes.map { ("\($0.key)", .text($0.value)) })),
        ]
    }

    /// A control that differs between curves.
    struct Dimension {
        let name: String
        let values: [ControlValue]
        let json: JSONValue

        func number(of curve: Curve) -> Int { curve.key.fixed[name].flatMap(values.firstIndex) ?? 0 }
    }

    static func dimensions(of sweep: ExplorerSweep) -> [Dimension] {
        (sweep.curves.first?.varying ?? []).compactMap { name in
            var values: [ControlValue] = []
            for value in sweep.curves.compactMap({ $0.key.fixed[name] }) where !values.contains(value) {
                values.append(value)
            }
            guard values.count > 1 else { return nil }
            if values.allSatisfy({ $0.number != nil }) { values.sort() }
            let control =
                sweep.controls.first { $0.name == name }
                ?? ControlParameter(name, symbol: "", kind: .formula, defaultValue: nil, meaning: name)
            let words = values.map { value in value.number.map(JSONValue.number) ?? .text("\(value)") }
            return Dimension(
                name: name, values: values,
                json: Self.words(of: control, values: words, isBound: sweep.bound.contains(name)))
        }
    }
}

/// Whether the values of an axis are spaced evenly in their logarithm rather than themselves.
public enum AxisSpacing {
    /// Refinement adds values between those of the grid, so the majority of steps decides.
    public static func isLogarithmic(_ values: [Double]) -> Bool {
        let values = Set(values).sorted()
        guard values.count >= 4, values[0] > 0, values[values.count - 1] / values[0] >= 3 else { return false }
        let steps = zip(values.dropFirst(), values).map { $0 - $1 }
        let ratios = zip(values.dropFirst(), values).map { ($0 - $1) / ($0 + $1) }
        return regularity(ratios) > regularity(steps)
    }

    private static func regularity(_ steps: [Double]) -> Double {
        let median = steps.sorted()[steps.count / 2]
        return Double(steps.count { abs($0 - median) <= 1e-6 * median }) / Double(steps.count)
    }
}
