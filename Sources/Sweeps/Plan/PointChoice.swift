import PhaseSpace
import Support

/// Which of a sweep's points are asked for: `depth=2`, `gamma=0.1,0.3`, `replica=0`, `direction=cold`; all conditions
/// hold at once. A number of the swept axis stands for the nearest value that the sweep has there.
public struct PointChoice: Sendable {
    private var controls: [String: [ControlValue]] = [:]
    private var replicas: Set<Int>?
    private var directions: Set<Direction>?

    /// - Throws: `SpecError` for a condition that no point can fulfil.
    public init(_ conditions: [String], of spec: SweepSpec) throws(SpecError) {
        for text in conditions {
            let condition = try SpecOverride(text)
            let name = condition.key
            guard controls[name] == nil, name != "replica" || replicas == nil, name != "direction" || directions == nil
            else { throw SpecError(condition.place, "`\(name)` is asked for twice; separate its values by commas") }
            var values: [ControlValue] = []
            for node in condition.value.elements {
                switch name {
                case "replica":
                    replicas = (replicas ?? []).union([try node.wholeNumber("`replica`", 0...spec.replicas - 1)])
                case "direction":
                    directions = (directions ?? []).union([try Self.direction(node, spec)])
                default: values.append(try Self.value(node, of: name, spec))
                }
            }
            if !values.isEmpty { controls[name] = values }
        }
    }

    public func contains(_ point: Point) -> Bool {
        replicas?.contains(point.replica) ?? true && directions?.contains(point.direction) ?? true
            && controls.allSatisfy { name, values in point.controls[name].map(values.contains) ?? false }
    }

    private static func direction(_ node: SpecNode, _ spec: SweepSpec) throws(SpecError) -> Direction {
        let name = try node.text("`direction`")
        if let direction = spec.directions.first(where: { $0.rawValue == name }) { return direction }
        let known = spec.directions.map(\.rawValue).joined(separator: ", ")
        throw SpecError(node.place, "the sweep has no direction `\(name)`; it has \(known)")
    }

    private static func value(_ node: SpecNode, of name: String, _ spec: SweepSpec) throws(SpecError) -> ControlValue {
        guard let control = spec.declaration.control(name) else {
            let known = spec.declaration.controls.map(\.name) + ["replica", "direction"]
            throw SpecError(
                node.place, "\(spec.declaration.name) has no control `\(name)`\(nearestHint(to: name, among: known))")
        }
        let value = try node.value(of: [control], rounding: true)
        if spec.derived.contains(where: { $0.name == name }) { return value }
        let known = spec.values(of: name)
        if known.contains(value) { return value }
        let numbers = known.compactMap(\.number)
        if name == spec.along, let x = value.number, let low = numbers.min(), let high = numbers.max(),
            (low...high).contains(x), let nearest = numbers.min(by: { (abs($0 - x), $0) < (abs($1 - x), $1) })
        {
            return .number(nearest)
        }
        let shown = known.prefix(12).map { "\($0)" }.joined(separator: ", ") + (known.count > 12 ? ", …" : "")
        throw SpecError(node.place, "no point of the sweep has `\(name)` \(value); it has \(shown)")
    }
}

extension SweepSpec {
    /// Every value that a control has in the sweep, each once, in the order of its axis; none for a derived one.
    func values(of name: String) -> [ControlValue] {
        if let value = fixed[name] { return [value] }
        guard let dimension = dimensions.first(where: { $0.controls.contains(name) }),
            let column = dimension.controls.firstIndex(of: name)
        else { return [] }
        var seen: Set<ControlValue> = []
        return dimension.values.map { $0[column] }.filter { seen.insert($0).inserted }
    }
}
