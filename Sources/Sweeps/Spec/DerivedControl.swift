import Expressions
import PhaseSpace
import Support

/// A control that follows from others by a formula.
public struct DerivedControl: Sendable {
    public let name: String
    public let formula: Formula
    let place: SpecPlace

    /// The value at a point, rounded to 12 digits like every value of an axis.
    /// - Parameter controls: all controls that the formula needs, derived ones before this one included.
    /// - Throws: `ControlError` naming this control.
    func value(_ controls: [String: ControlValue]) throws(ControlError) -> ControlValue {
        var numbers: [Double] = []
        for variable in formula.variables {
            guard let x = controls[variable]?.number else {
                let found = controls[variable].map { "`\($0)`" } ?? "missing"
                throw ControlError(
                    control: name,
                    message: "`\(name)` is computed from `\(variable)`, which must be a number, not \(found)")
            }
            numbers.append(x)
        }
        let x = formula.value(numbers)
        guard x.isFinite else {
            throw ControlError(control: name, message: "`\(name)`: `\(formula)` is not a finite number here")
        }
        return .number(x.roundedToTwelveDigits)
    }
}

extension SpecReader {
    /// The `derived:` section, each formula after those that it needs.
    func derivedControls(beside set: Set<String>) throws(SpecError) -> [DerivedControl] {
        var derived: [DerivedControl] = []
        var pending = try sections.members("derived").map { member throws(SpecError) in try derivedControl(member, set)
        }
        while !pending.isEmpty {
            let waiting = Set(pending.map(\.name))
            guard let next = pending.firstIndex(where: { waiting.isDisjoint(with: $0.formula.variables) }) else {
                let names = pending.map { "`\($0.name)`" }.joined(separator: ", ")
                throw SpecError(pending[0].place, "\(names): the formulas need each other in a circle")
            }
            derived.append(pending.remove(at: next))
        }
        return derived
    }

    private func derivedControl(_ member: SpecNode.Member, _ set: Set<String>) throws(SpecError) -> DerivedControl {
        let names = family.declaration.controls.map(\.name)
        guard let control = declaration.control(member.key) else {
            throw SpecError(
                member.keyPlace,
                "\(declaration.name) has no control `\(member.key)`\(nearestHint(to: member.key, among: names)); "
                    + "it has \(names.joined(separator: ", "))")
        }
        guard control.isNumeric else {
            throw SpecError(
                member.keyPlace, "`\(member.key)` must be \(control.requirement); a formula gives only numbers")
        }
        if set.contains(member.key) {
            throw SpecError(
                member.keyPlace,
                "`\(member.key)` is set twice, here and at \(sections.place(ofKey: member.key)?.description ?? "an axis");"
                    + " keep one")
        }
        guard case .scalar(let text, _) = member.value.content, !member.value.isNull else {
            throw SpecError(
                member.value.place,
                "`\(member.key)` must be a formula such as `0.5 / gamma`, not \(member.value.kindInWords)")
        }
        let formula: Formula
        do { formula = try Formula(text) } catch {
            throw SpecError(member.value.place, "the formula of `\(member.key)`, \(error)")
        }
        for variable in formula.variables where !names.contains(variable) {
            throw SpecError(
                member.value.place,
                "`\(variable)` is no control of \(declaration.name)\(nearestHint(to: variable, among: names))")
        }
        return DerivedControl(name: member.key, formula: formula, place: member.value.place)
    }
}

extension [String: ControlValue] {
    /// Sets the derived controls.
    mutating func set(_ derived: [DerivedControl]) throws(ControlError) {
        for control in derived { self[control.name] = try control.value(self) }
    }
}

extension SweepSpec {
    /// Derived controls whose value changes along the axis of the curves.
    public var derivedAlongAxis: Set<String> {
        var moving: Set<String> = [along]
        for control in derived where !moving.isDisjoint(with: control.formula.variables) { moving.insert(control.name) }
        return moving.subtracting([along])
    }
}
