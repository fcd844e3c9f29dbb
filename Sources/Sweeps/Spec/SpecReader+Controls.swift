import Foundation
import PhaseSpace
import Support

extension SpecReader {
    // MARK: - Dimensions

    func dimensions() throws(SpecError) -> [SweepSpec.Dimension] {
        var set: [String: SpecPlace] = [:]
        for member in sections.members("fixed") { set[member.key] = member.keyPlace }

        var single: [SweepSpec.Dimension] = []
        var conditions: [String: AxisCondition] = [:]
        for member in sections.members("axes") {
            let control = try control(member, alreadySet: &set)
            conditions[member.key] = try condition(of: member, control)
            let values = try member.value.axisValues(of: control)
            single.append(
                SweepSpec.Dimension(
                    name: member.key, controls: [member.key], values: values.map { [$0.value] },
                    places: values.map(\.place)))
        }
        var paired: [SweepSpec.Dimension] = []
        for group in sections.members("zip") {
            if single.contains(where: { $0.name == group.key }) {
                throw SpecError(group.keyPlace, "`\(group.key)` is already the name of an axis")
            }
            paired.append(try pairedDimension(group, alreadySet: &set))
        }
        return try joined(sections.pairedAxesComeFirst ? paired + single : single + paired, conditions)
    }

    private func pairedDimension(
        _ group: SpecNode.Member, alreadySet: inout [String: SpecPlace]
    ) throws(SpecError) -> SweepSpec.Dimension {
        let members = try group.value.members(of: "`zip: \(group.key)`")
        var columns: [[AxisValue]] = []
        for member in members {
            let control = try control(member, alreadySet: &alreadySet)
            var column: [AxisValue] = []
            switch member.value.content {
            case .mapping: column = try member.value.axisValues(of: control)
            default:
                for element in member.value.elements {
                    let value = try element.value(of: [control], rounding: true)
                    column.append(AxisValue(value: value, place: element.place))
                }
            }
            if let first = columns.first, first.count != column.count {
                throw SpecError(
                    member.keyPlace,
                    "paired axes have equally many values: `\(members[0].key)` has \(first.count), "
                        + "`\(member.key)` has \(column.count)")
            }
            columns.append(column)
        }
        guard let first = columns.first, !first.isEmpty else {
            throw SpecError(group.keyPlace, "`zip: \(group.key)` has no values")
        }
        let rows = first.indices.map { row in columns.map { $0[row].value } }
        var seen: Set<[ControlValue]> = []
        for (row, place) in zip(rows, first.map(\.place)) where !seen.insert(row).inserted {
            throw SpecError(place, "`zip: \(group.key)` has the same combination of values twice")
        }
        return SweepSpec.Dimension(
            name: group.key, controls: members.map(\.key), values: rows, places: first.map(\.place))
    }

    private func control(
        _ member: SpecNode.Member, alreadySet: inout [String: SpecPlace]
    ) throws(SpecError) -> ControlParameter {
        guard let control = declaration.control(member.key) else {
            let names = family.declaration.controls.map(\.name)
            throw SpecError(
                member.keyPlace,
                "\(declaration.name) has no control `\(member.key)`\(nearestHint(to: member.key, among: names)); "
                    + "it has \(names.joined(separator: ", "))")
        }
        if let other = alreadySet[member.key] {
            throw SpecError(member.keyPlace, "`\(member.key)` is set twice, here and at \(other); keep one")
        }
        alreadySet[member.key] = member.keyPlace
        return control
    }

    // MARK: - Fixed controls

    func fixedControls(
        beside dimensions: [SweepSpec.Dimension], _ derived: [DerivedControl]
    ) throws(SpecError) -> [String: ControlValue] {
        var set: [String: SpecPlace] = [:]
        var values: [String: ControlValue] = [:]
        for member in sections.members("fixed") {
            let control = try control(member, alreadySet: &set)
            values[member.key] = try member.value.value(of: [control])
        }
        let swept = Set(dimensions.flatMap(\.controls) + derived.map(\.name))
        for control in declaration.controls where values[control.name] == nil && !swept.contains(control.name) {
            guard let value = control.defaultValue else {
                throw SpecError(
                    sections.keyPlace["fixed"] ?? sections.single["model"]!.place,
                    "\(declaration.name) needs `\(control.name)` under `fixed` or `axes`: \(control.requirement)")
            }
            values[control.name] = value
        }
        return values
    }

    // MARK: - The axis of curves

    func along(
        _ dimensions: [SweepSpec.Dimension], _ fixed: [String: ControlValue], _ directions: [Direction]
    ) throws(SpecError) -> String {
        // A name of paired axes is no control: points have no number of that name.
        let numeric = dimensions.filter { $0.numbers != nil && $0.controls.contains($0.name) }.map(\.name)
        if let node = sections.single["along"] {
            let name = try node.text("`along`")
            guard numeric.contains(name) else {
                let axes = numeric.isEmpty ? "there is none" : "numeric axes: \(numeric.joined(separator: ", "))"
                throw SpecError(
                    node.place,
                    "`along` must name an axis of numbers, not `\(name)`\(nearestHint(to: name, among: numeric)); \(axes)"
                )
            }
            return name
        }
        if let last = numeric.last { return last }
        if let direction = sections.single["direction"], directions.contains(where: { $0 != .cold }) {
            throw SpecError(direction.place, "only cold points do without an axis of numbers to run along")
        }
        // A sweep without a numeric axis still has its points; each is then a curve of one sample.
        guard let control = declaration.controls.first(where: { fixed[$0.name]?.number != nil }) else {
            throw SpecError(sections.place, "a sweep needs an axis of numbers")
        }
        return control.name
    }

    // MARK: - Combinations

    func checkSize(_ dimensions: [SweepSpec.Dimension], _ perCombination: Int) throws(SpecError) {
        var count = perCombination
        var isTooLarge = count > pointLimit
        for dimension in dimensions where !isTooLarge {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension.values.count)
            count = product
            isTooLarge = overflow || count > pointLimit
        }
        guard isTooLarge else { return }
        throw SpecError(
            sections.keyPlace["axes"] ?? sections.place,
            "the sweep has more than \(pointLimit) points (all combinations, replicas and directions counted)")
    }
}

extension [String: ControlValue] {
    mutating func set(_ dimension: SweepSpec.Dimension, _ index: Int) {
        for (name, value) in zip(dimension.controls, dimension.values[index]) { self[name] = value }
    }
}
