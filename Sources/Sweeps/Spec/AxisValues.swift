import Foundation
import Lanes
import PhaseSpace
import Support

/// More points than this in a sweep are taken for a slip of the pen.
let pointLimit = 10_000_000

/// One value of an axis and where it stands.
struct AxisValue {
    let value: ControlValue
    let place: SpecPlace
}

extension SpecNode {
    /// The values of an axis: a single one, a range, or a list of values and ranges; or one of these with a condition
    /// beside it.
    func axisValues(of control: ControlParameter) throws(SpecError) -> [AxisValue] {
        var values: [AxisValue] = []
        switch content {
        case .mapping(let members) where members.contains { $0.key == "values" }:
            return try listed(of: control, members)
        case .mapping(let members):
            values = try ranged(of: control, members.filter { !Self.conditionKeys.contains($0.key) })
        default:
            for element in elements {
                if case .mapping(let members) = element.content {
                    values += try element.ranged(of: control, members)
                    continue
                }
                values.append(
                    AxisValue(value: try element.value(of: [control], rounding: true), place: element.place))
            }
        }
        if values.isEmpty { throw SpecError(place, "the axis `\(control.name)` has no values") }
        var seen: Set<ControlValue> = []
        for value in values where !seen.insert(value.value).inserted {
            throw SpecError(
                value.place,
                "the axis `\(control.name)` has the value \(value.value) twice (values are rounded to 12 digits)")
        }
        return values
    }

    /// Whether a range of the axis is spaced logarithmically; nil where there is no range.
    var isLogarithmic: Bool? {
        switch content {
        case .scalar: return nil
        case .list(let elements):
            let ranges = elements.compactMap(\.isLogarithmic)
            return ranges.isEmpty ? nil : ranges.contains(true)
        case .mapping(let members):
            if let values = members.first(where: { $0.key == "values" }) { return values.value.isLogarithmic }
            guard let spacing = members.first(where: { $0.key == "spacing" }) else { return false }
            return (try? spacing.value.text("`spacing`")) == "log"
        }
    }

    private func ranged(of control: ControlParameter, _ members: [Member]) throws(SpecError) -> [AxisValue] {
        var values: [AxisValue] = []
        for x in try range(of: control, members) {
            let value = ControlValue.number(x)
            do throws(ControlError) { try control.check(value) } catch { throw SpecError(place, error.message) }
            values.append(AxisValue(value: value, place: place))
        }
        return values
    }

    /// Keys of an axis that say where it varies, beside those that say over which values.
    private static let conditionKeys = ["when", "otherwise"]

    /// The values of `{values: [1, 2], when: …}`.
    private func listed(of control: ControlParameter, _ members: [Member]) throws(SpecError) -> [AxisValue] {
        let known = ["values"] + Self.conditionKeys
        for member in members where !known.contains(member.key) {
            throw SpecError(
                member.keyPlace,
                "unknown key `\(member.key)`\(nearestHint(to: member.key, among: known)) of the axis "
                    + "`\(control.name)`; beside `values` there may be `when` and `otherwise`")
        }
        let values = members.first { $0.key == "values" }!.value
        if case .mapping(let range) = values.content, range.contains(where: { known.contains($0.key) }) {
            throw SpecError(values.place, "the values of `\(control.name)` must be a list or a range")
        }
        return try values.axisValues(of: control)
    }

    private func range(of control: ControlParameter, _ members: [Member]) throws(SpecError) -> [Double] {
        let name = control.name
        let known = ["from", "to", "points", "spacing", "step"]
        for member in members where !known.contains(member.key) {
            throw SpecError(
                member.keyPlace,
                "unknown key `\(member.key)`\(nearestHint(to: member.key, among: known)) in the range "
                    + "of `\(name)`; a range is {from, to, points, spacing} or {from, to, step}")
        }
        func member(_ key: String) -> SpecNode? { members.first { $0.key == key }?.value }
        guard let from = try member("from")?.number("`from`"), let toNode = member("to") else {
            throw SpecError(place, "the range of `\(name)` needs `from` and `to`, and `points` or `step`")
        }
        let to = try toNode.number("`to`")
        guard from <= to else {
            throw SpecError(
                toNode.place,
                "the range of `\(name)` runs downwards, from \(plain(from)) to \(plain(to)); swap the ends")
        }
        guard (to - from).isFinite else { throw SpecError(toNode.place, "the range of `\(name)` is too wide") }
        switch (member("points"), member("step")) {
        case (let points?, nil):
            return try spaced(control, from, to, points, member("spacing"))
        case (nil, let step?):
            if let spacing = member("spacing") {
                throw SpecError(spacing.place, "`spacing` goes with `points`; a `step` is always linear")
            }
            return try stepped(name, from, to, step)
        case (nil, nil): throw SpecError(place, "the range of `\(name)` needs `points` or `step`")
        case (_?, let step?): throw SpecError(step.place, "the range of `\(name)` has `points` and `step`; keep one")
        }
    }

    private func spaced(
        _ control: ControlParameter, _ from: Double, _ to: Double, _ points: SpecNode, _ spacing: SpecNode?
    ) throws(SpecError) -> [Double] {
        let count = try points.wholeNumber("`points`", 1...pointLimit)
        let isLog: Bool
        switch try spacing?.text("`spacing`") {
        case nil, "linear": isLog = false
        case "log": isLog = true
        case let other?:
            let hint = nearestHint(to: other, among: ["linear", "log"])
            throw SpecError(spacing!.place, "`spacing` must be linear or log, not `\(other)`\(hint)")
        }
        if isLog, from <= 0 {
            throw SpecError(place, Self.logRemedy(control, from, to, count))
        }
        if count == 1, from < to {
            throw SpecError(
                points.place,
                "one point cannot reach from \(plain(from)) to \(plain(to)), both ends included; take 2 or more")
        }
        return (0..<count).map { i in
            // The ends are given, not computed: they must come out exactly as written.
            if i == 0 { return from.roundedToTwelveDigits }
            if i == count - 1 { return to.roundedToTwelveDigits }
            let t = Double(i) / Double(count - 1)
            return (isLog ? from * power(to / from, t) : from + (to - from) * t).roundedToTwelveDigits
        }
    }

    /// What to write instead of a log range that does not start above 0.
    private static func logRemedy(
        _ control: ControlParameter, _ from: Double, _ to: Double, _ count: Int
    ) -> String {
        let problem = "a log range of `\(control.name)` must start above 0, not at \(plain(from))"
        // As other programs' ranges of exponents are written.
        let areExponents = from < 0 && from == from.rounded() && to == to.rounded() && from >= -30 && to <= 30
        if areExponents {
            return problem + ": its ends are values, not powers of ten; "
                + "log(\(plain(powerOfTen(Int(from)))),\(plain(powerOfTen(Int(to)))),\(count)) has these powers, "
                + "linear(\(plain(from)),\(plain(to)),\(count)) these values"
        }
        let linear = "linear(\(plain(from)),\(plain(to)),\(count))"
        guard to > 0 else { return problem + "; \(linear) has these ends" }
        let low = plain((to / 1000).roundedToTwelveDigits)
        // Zero itself may be meant, where the control can be zero.
        guard (try? control.check(.number(from))) != nil else {
            return problem + "; log(\(low),\(plain(to)),\(count)) would do"
        }
        let joined = from == 0 ? ", and 0,log(\(low),\(plain(to)),\(max(count - 1, 1))) has 0 as well" : ""
        return problem + "; log(\(low),\(plain(to)),\(count)) or \(linear) would do" + joined
    }

    private func stepped(
        _ name: String, _ from: Double, _ to: Double, _ stepNode: SpecNode
    ) throws(SpecError) -> [Double] {
        let step = try stepNode.number("`step`")
        guard step > 0 else { throw SpecError(stepNode.place, "`step` must be above 0, not \(plain(step))") }
        let steps = ((to - from) / step).rounded()
        guard steps < Double(pointLimit) else {
            throw SpecError(stepNode.place, "the range of `\(name)` has more than \(pointLimit) points")
        }
        guard abs(steps * step - (to - from)) <= 1e-9 * max(abs(from), abs(to)) else {
            let whole = ((to - from) / step).rounded(.down)
            let remedy =
                whole > 0
                ? "`to: \(plain((from + whole * step).roundedToTwelveDigits))` or "
                    + "`step: \(plain(((to - from) / (whole + 1)).roundedToTwelveDigits))` would fit"
                : "`step: \(plain((to - from).roundedToTwelveDigits))` would fit"
            throw SpecError(
                stepNode.place,
                "steps of \(plain(step)) from \(plain(from)) do not reach \(plain(to)), which is part of the range; "
                    + remedy)
        }
        return (0...Int(steps)).map { i in
            i == Int(steps) ? to.roundedToTwelveDigits : (from + Double(i) * step).roundedToTwelveDigits
        }
    }
}

/// A number as a person writes it.
func plain(_ x: Double) -> String { ControlValue.number(x).description }
