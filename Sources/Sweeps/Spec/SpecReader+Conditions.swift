import PhaseSpace
import Support

/// When an axis varies: only where other axes have certain values. Elsewhere its control keeps one value.
struct AxisCondition {
    /// A swept control and the values of it that let the axis vary.
    struct Term {
        let control: String
        let values: [ControlValue]
        let place: SpecPlace
    }
    let terms: [Term]
    /// The control's value where the condition does not hold.
    let otherwise: ControlValue
    let place: SpecPlace
}

extension SpecReader {
    /// The condition of an axis, `{values: [0, 0.5], when: {depth: [2, 3]}, otherwise: 0}`; nil for one without.
    func condition(of member: SpecNode.Member, _ control: ControlParameter) throws(SpecError) -> AxisCondition? {
        guard case .mapping(let members) = member.value.content else { return nil }
        let otherwise = members.first { $0.key == "otherwise" }
        guard let when = members.first(where: { $0.key == "when" }) else {
            if let otherwise {
                throw SpecError(
                    otherwise.keyPlace, "`otherwise` goes with `when`: it is the value where the condition fails")
            }
            return nil
        }
        var terms: [AxisCondition.Term] = []
        for term in try when.value.members(of: "`when`") {
            guard let other = declaration.control(term.key) else {
                let names = declaration.controls.map(\.name)
                throw SpecError(
                    term.keyPlace,
                    "`when` names a swept control of \(declaration.name), not `\(term.key)`"
                        + nearestHint(to: term.key, among: names))
            }
            var values: [ControlValue] = []
            for element in term.value.elements { values.append(try element.value(of: [other], rounding: true)) }
            guard !values.isEmpty else { throw SpecError(term.value.place, "`when: \(term.key)` has no values") }
            terms.append(.init(control: term.key, values: values, place: term.keyPlace))
        }
        guard !terms.isEmpty else {
            throw SpecError(when.keyPlace, "`when` is empty; it names swept controls and their values")
        }
        let fallback = try otherwise.map { member throws(SpecError) in try member.value.value(of: [control]) }
        guard let fallback = fallback ?? control.defaultValue else {
            throw SpecError(
                member.keyPlace,
                "`\(control.name)` has no default; say with `otherwise:` what it is where the condition fails")
        }
        return AxisCondition(terms: terms, otherwise: fallback, place: when.keyPlace)
    }

    /// Joins each conditional axis with the axes that it depends on into one dimension, which has the combinations that
    /// are asked for and no others. It stands where the outermost of them stood.
    func joined(
        _ dimensions: [SweepSpec.Dimension], _ conditions: [String: AxisCondition]
    ) throws(SpecError) -> [SweepSpec.Dimension] {
        var dimensions = dimensions
        for name in dimensions.map(\.name) {
            guard let condition = conditions[name] else { continue }
            let others = try condition.terms.map { term throws(SpecError) in
                try dimension(of: term, for: name, in: dimensions)
            }
            // A condition on this axis may come later in the file: then it is part of a join already.
            guard let own = dimensions.firstIndex(where: { $0.controls.contains(name) }) else { continue }
            guard !others.contains(own) else {
                throw SpecError(condition.place, "the conditions of `\(name)` lead back to itself")
            }
            let parts = Set(others).sorted()
            let first = min(parts[0], own)
            let join = try join(parts.map { dimensions[$0] }, dimensions[own], condition)
            for index in (parts + [own]).sorted(by: >) { dimensions.remove(at: index) }
            dimensions.insert(join, at: first)
        }
        return dimensions
    }

    private func dimension(
        of term: AxisCondition.Term, for name: String, in dimensions: [SweepSpec.Dimension]
    ) throws(SpecError) -> Int {
        guard let index = dimensions.firstIndex(where: { $0.controls.contains(term.control) }) else {
            throw SpecError(
                term.place, "`\(name)` depends on `\(term.control)`, which is no axis; a condition names swept controls"
            )
        }
        let column = dimensions[index].controls.firstIndex(of: term.control)!
        let swept = Set(dimensions[index].values.map { $0[column] })
        for value in term.values where !swept.contains(value) {
            throw SpecError(
                term.place, "`\(name)` depends on `\(term.control)` = \(value), which is no value of that axis")
        }
        return index
    }

    private func join(
        _ others: [SweepSpec.Dimension], _ own: SweepSpec.Dimension, _ condition: AxisCondition
    ) throws(SpecError) -> SweepSpec.Dimension {
        let parts = others + [own]
        var count = 1
        for part in parts {
            let (product, overflow) = count.multipliedReportingOverflow(by: part.values.count)
            guard !overflow, product <= pointLimit else {
                throw SpecError(condition.place, "the joined axes have more than \(pointLimit) combinations")
            }
            count = product
        }
        let controls = parts.flatMap(\.controls)
        let column = controls.firstIndex(of: own.name)!
        let tests = condition.terms.map { (controls.firstIndex(of: $0.control)!, Set($0.values)) }
        var rows: [[ControlValue]] = []
        var places: [SpecPlace] = []
        for index in 0..<count {
            var row: [ControlValue] = []
            var (rest, size) = (index, count)
            var last = 0
            for part in parts {
                size /= part.values.count
                (last, rest) = rest.quotientAndRemainder(dividingBy: size)
                row += part.values[last]
            }
            if !tests.allSatisfy({ $1.contains(row[$0]) }) {
                // One row stands for all values of the axis.
                guard last == 0 else { continue }
                row[column] = condition.otherwise
            }
            rows.append(row)
            places.append(own.places[last])
        }
        return SweepSpec.Dimension(name: own.name, controls: controls, values: rows, places: places)
    }
}
