import GSLNumerics
import Lanes
import OrderedCollections
import PhaseSpace
import Support

/// How the curves of a table are to be judged.
public struct TableJudgement: Sendable, Equatable {
    /// In the logarithm of the control.
    public var logControl = false
    /// ln y in place of y.
    public var logValue = false
    /// |y| in place of y.
    public var absolute = false

    public init(logControl: Bool = false, logValue: Bool = false, absolute: Bool = false) {
        self.logControl = logControl
        self.logValue = logValue
        self.absolute = absolute
    }
}

/// Decides where a curve of a table changes phase, and of what order.
///
/// One value a control, and up to three repeats of it, are judged by competing descriptions (`tableVerdict`); four
/// replicas and more with all controls are judged together, as a sweep's are.
public func verdict(for curve: TableCurve, _ judgement: TableJudgement = TableJudgement()) throws -> Verdict {
    try judged(curve, judgement).verdict
}

/// The verdict with the descriptions that it compared: controls as in the table, values as they were judged (|y|, ln y);
/// none for replicas.
public func judged(_ curve: TableCurve, _ judgement: TableJudgement = TableJudgement()) throws -> TableVerdict {
    let inLogarithms = try curve.transformed(judgement)
    guard inLogarithms.hasManyReplicas else {
        // One value a control is judged along ln x without renaming the control.
        var linear = judgement
        linear.logControl = false
        let judged = try curve.transformed(linear)
        var options = JudgingOptions(logControl: judgement.logControl ? true : nil, size: curve.size)
        options.isFolded = judged.course == .folded
        return tableVerdict(for: judged.curve, options: options)
    }
    var result = TableVerdict(
        verdict: verdict(for: inLogarithms.curve, axisControl: nil, observables: [], theory: nil))
    if judgement.logControl {
        result.verdict.raise()
        result.isLogControl = true
    }
    return result
}

extension TableCurve {
    /// The curve as figures show it: values as they were judged, over the control itself.
    public func shown(_ judgement: TableJudgement) throws -> Curve {
        var judgement = judgement
        judgement.logControl = false
        return try transformed(judgement).curve
    }

    /// |y|, ln y, ln of the control, errors with them.
    func transformed(_ judgement: TableJudgement) throws -> TableCurve {
        guard judgement != TableJudgement() else { return self }
        let key = curve.key
        var (axis, name) = (key.axis, key.orderParameter)
        if judgement.absolute { name = "|\(name)|" }
        if judgement.logValue { name = "ln \(name)" }
        if judgement.logControl { axis = "ln \(axis)" }
        let magnitude = Magnitude(points.map { ($0.value, $0.error) })
        let points = try points.map { point in
            var (x, y, error) = (point.control, point.value, point.error)
            if judgement.absolute { y = judgement.logValue ? abs(y) : magnitude.of(y, error: error) }
            if judgement.logValue, y.isFinite {
                guard y > 0 else {
                    throw ColumnChoiceError(
                        "line \(point.line): the value \(ControlValue.number(point.value)) has no logarithm; "
                            + "`--log-value` takes positive values (`--abs` takes magnitudes before it)")
                }
                error = error.map { $0 / y }
                y = logarithm(y)
            }
            if judgement.logControl {
                guard x > 0 else {
                    throw ColumnChoiceError(
                        "line \(point.line): the control \(ControlValue.number(x)) has no logarithm; "
                            + "`--log-control` takes positive controls")
                }
                x = logarithm(x)
            }
            return TablePoint(
                line: point.line, control: x, value: y, error: error, size: point.size, replica: point.replica,
                direction: point.direction)
        }
        return TableCurve(
            key: CurveKey(model: key.model, fixed: key.fixed, axis: axis, orderParameter: name),
            varying: curve.varying, points: points, course: judgement.absolute && course == .mirrored ? .plain : course,
            missing: missing)
    }

    /// Whether every control has four replicas and more, as many as any other one.
    fileprivate var hasManyReplicas: Bool {
        let counts = Set(Dictionary(grouping: curve.samples, by: \.control).values.map(\.count))
        return course == .plain && counts.count == 1 && counts.first! >= 4
    }
}

extension Verdict {
    /// From the logarithm of the control back to the control.
    fileprivate mutating func raise() {
        func raised(_ x: Estimate?) -> Estimate? {
            x.map { x in
                Estimate(
                    exponential(x.value), x.interval.map { Interval(exponential($0.low), exponential($0.high)) })
            }
        }
        for i in transitions.indices {
            transitions[i].location = raised(transitions[i].location)
            transitions[i].spinodal = raised(transitions[i].spinodal)
            transitions[i].lowerSpinodal = raised(transitions[i].lowerSpinodal)
        }
    }
}
