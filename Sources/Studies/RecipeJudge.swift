import Foundation
import GSLNumerics
import PhaseSpace
import Support
import Sweeps
import Transitions

/// Holds a sweep's results against what its spec expects.
package struct RecipeJudge {
    package let plan: SweepPlan
    package let store: Store
    package let report: SweepReport

    package init(plan: SweepPlan, store: Store, report: SweepReport) {
        self.plan = plan
        self.store = store
        self.report = report
    }

    package func checks() -> [RecipeCheck] { plan.spec.expectations.map(check) }

    /// What was measured.
    private enum Measured {
        case number(Double, standardError: Double?, halfWidth: Double?)
        case text(String)
    }

    private struct Nothing: Error { let reason: String }

    private func check(_ expectation: Expectation) -> RecipeCheck {
        let name = expectation.name.isEmpty ? Self.name(of: expectation.subject) : expectation.name
        func failed(_ reason: String) -> RecipeCheck {
            RecipeCheck(
                name: name, ours: "–", halfWidth: nil, expected: Self.description(of: expectation.target),
                deviation: nil, errors: nil, passed: false, finding: nil, reason: reason, source: expectation.source)
        }
        do {
            let (measured, exact) = try measure(expectation.subject)
            switch (measured, expectation.target) {
            case (.text(let word), .text(let wanted)):
                return RecipeCheck(
                    name: name, ours: word, halfWidth: nil, expected: wanted, deviation: nil, errors: nil,
                    passed: passes(word == wanted, expectation), finding: finding(word == wanted, expectation),
                    reason: "", source: expectation.source)
            case (.number(let x, _, let half), .range(let low, let high)):
                return numberCheck(name, x, half, expectation, low...high)
            case (.number(let x, let error, let half), .number(let wanted, let tolerance)):
                return numberCheck(name, x, error, half, wanted, tolerance, expectation)
            case (.number(let x, let error, let half), .theory(let tolerance)):
                guard let exact else { return failed("the model has no exact value of it") }
                return numberCheck(name, x, error, half, exact, tolerance, expectation)
            case (.number, .text), (.text, _):
                return failed("a number and a word cannot be compared")
            }
        } catch let nothing as Nothing {
            return failed(nothing.reason)
        } catch {
            return failed("\(error)")
        }
    }

    // MARK: - Comparing

    private func numberCheck(
        _ name: String, _ x: Double, _ half: Double?, _ expectation: Expectation, _ range: ClosedRange<Double>
    ) -> RecipeCheck {
        let holds: Bool? =
            if let half {
                range.contains(x - half) && range.contains(x + half)
                    ? true : (x + half < range.lowerBound || x - half > range.upperBound ? false : nil)
            } else { range.contains(x) }
        let passed = expectation.finding == nil ? range.contains(x) : passes(holds, expectation)
        return RecipeCheck(
            name: name, ours: Self.text(x), halfWidth: half, expected: Self.description(of: expectation.target),
            deviation: nil, errors: nil, passed: passed, finding: finding(holds, expectation), reason: "",
            source: expectation.source)
    }

    private func numberCheck(
        _ name: String, _ x: Double, _ error: Double?, _ half: Double?, _ wanted: Double,
        _ tolerance: Expectation.Tolerance, _ expectation: Expectation
    ) -> RecipeCheck {
        let deviation = x - wanted
        let both = [error, tolerance.ofExpected].compactMap { $0 }
        let combined = both.isEmpty ? nil : both.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let errors = combined.flatMap { $0 > 0 ? abs(deviation) / $0 : (deviation == 0 ? 0 : nil) }
        let isNear =
            tolerance.absolute.map { abs(deviation) <= $0 } ?? false
            || tolerance.relative.map { abs(deviation) <= $0 * abs(wanted) } ?? false
            || tolerance.errors.map { limit in errors.map { $0 <= limit } ?? false } ?? false
        return RecipeCheck(
            name: name, ours: Self.text(x), halfWidth: half, expected: Self.text(wanted), deviation: deviation,
            errors: errors, passed: passes(isNear, expectation), finding: finding(isNear, expectation), reason: "",
            source: expectation.source)
    }

    /// A claim holds (true), does not (false), or its interval does not tell (nil).
    private func finding(_ holds: Bool?, _ expectation: Expectation) -> Expectation.Finding? {
        guard expectation.finding != nil else { return nil }
        return holds.map { $0 ? .reproduced : .notReproduced } ?? .undecided
    }

    private func passes(_ holds: Bool?, _ expectation: Expectation) -> Bool {
        expectation.finding.map { $0 == finding(holds, expectation) } ?? (holds == true)
    }

    // MARK: - Measuring

    private func measure(_ subject: Expectation.Subject) throws -> (Measured, exact: Double?) {
        switch subject {
        case .transition(let member, let controls, let choice): try transition(member, controls, choice)
        case .specialPoint(let kind, let over, let curve): (try specialPoint(kind, over, curve), nil)
        case .observable(let name, let at, let minus, let step, let direction):
            try observable(name, at, minus, step, direction ?? plan.spec.directions[0])
        case .prediction(let path, let query):
            (try Self.member(path, of: try plan.spec.family.predict(query)), nil)
        }
    }

    private func transition(
        _ member: String, _ controls: [String: ControlValue], _ choice: Expectation.Choice
    ) throws -> (Measured, Double?) {
        let matching = report.verdicts.filter { verdict in controls.allSatisfy { verdict.key.fixed[$0] == $1 } }
        guard matching.count == 1, let verdict = matching.first else {
            throw Nothing(reason: "`curve` must choose one curve; it chooses \(matching.count)")
        }
        if member == "count" {
            let count = verdict.transitions.count { $0.location != nil }
            return (.number(Double(count), standardError: nil, halfWidth: nil), verdict.theory.map { Double($0.count) })
        }
        let index = choice.index(in: verdict)
        guard verdict.transitions.indices.contains(index) else {
            throw Nothing(reason: "the curve has only \(verdict.transitions.count) transitions")
        }
        let found = verdict.transitions[index]
        if member == "order" { return (.text(found.order.rawValue), nil) }
        guard let estimate = found.estimate(member) else {
            throw Nothing(reason: "the verdict \(found.order.rawValue) has no \(member)")
        }
        let half = estimate.interval.map { $0.width / 2 }
        // A 95 % interval reaches 1.96 standard errors to either side.
        let error = try half.map { try $0 / normalQuantile(0.975) }
        return (
            .number(estimate.value, standardError: error, halfWidth: half),
            verdict.theory(for: index)?.estimate(member)?.value
        )
    }

    private func specialPoint(
        _ kind: String, _ over: String, _ controls: [String: ControlValue]
    ) throws -> Measured {
        let rows = report.verdicts.compactMap { verdict -> PlaneRow? in
            guard controls.allSatisfy({ verdict.key.fixed[$0] == $1 }), let x = verdict.key.fixed[over]?.number else {
                return nil
            }
            return PlaneRow(other: x, transitions: verdict.transitions, controls: verdict.controls)
        }
        let wanted: SpecialPoint.Kind = kind == "tricritical" ? .tricritical : .criticalEnd
        let found = transitionLines(rows).flatMap(\.specialPoints).first { $0.kind == wanted }
        guard let found else { throw Nothing(reason: "no line over `\(over)` has a \(wanted.rawValue)") }
        let half = found.other.interval.map { $0.width / 2 }
        return .number(
            found.other.value, standardError: try half.map { try $0 / normalQuantile(0.975) }, halfWidth: half)
    }

    private func observable(
        _ name: String, _ at: [String: ControlValue], _ minus: [String: ControlValue]?, _ step: Int?,
        _ direction: Direction
    ) throws -> (Measured, Double?) {
        var values = try replicas(name, at, step, direction)
        if let minus {
            let others = try replicas(name, minus, step, direction)
            values = values.compactMapValues { $0 }.filter { others[$0.key] != nil }
            for replica in values.keys { values[replica]! -= others[replica]! }
        }
        let list = values.sorted { $0.key < $1.key }.map(\.value)
        guard !list.isEmpty else { throw Nothing(reason: "no done point there has `\(name)`") }
        let several = list.count > 1
        let exact = minus == nil && step == nil ? try theory(name, at, Array(values.keys)) : nil
        return (
            .number(
                try mean(list), standardError: several ? try standardError(list) : nil,
                halfWidth: several ? try studentHalfWidth(list) : nil), exact
        )
    }

    /// The observable by replica at the points with these controls, which must be one in each replica.
    private func replicas(
        _ name: String, _ controls: [String: ControlValue], _ step: Int?, _ direction: Direction
    ) throws -> [Int: Double] {
        var values: [Int: Double] = [:]
        var chosen: [String: ControlValue]?
        // How a run failed is a regime of its own.
        let namesRegimes = !(plan.spec.declaration.observable(name)?.regimes.isEmpty ?? true)
        let points = try plan.points(in: store).filter { point in
            point.direction == direction && controls.allSatisfy { point.controls[$0] == $1 }
        }
        try store.forEachObservation(of: points, withTrajectories: step != nil) { observation in
            let point = observation.point
            if chosen == nil { chosen = point.controls }
            guard chosen == point.controls else {
                let free = point.controls.keys.filter { point.controls[$0] != chosen?[$0] }.sorted()
                throw Nothing(reason: "`at` chooses points of several \(free.joined(separator: ", ")); name one")
            }
            guard observation.outcome.isDone || namesRegimes else { return }
            let row =
                step.map { step in observation.trajectory.first { $0.step == step }?.values } ?? observation.values
            if let value = row?[name] { values[point.replica] = value }
        }
        return values
    }

    private func theory(_ name: String, _ at: [String: ControlValue], _ replicas: [Int]) throws -> Double? {
        guard let point = plan.points.first(where: { point in at.allSatisfy { point.controls[$0] == $1 } }) else {
            return nil
        }
        let values = try replicas.sorted().compactMap {
            try plan.model.theory(of: point.controls, .replica($0))?.values[name]
        }
        return values.count == replicas.count && !values.isEmpty ? try mean(values) : nil
    }

    /// The member of a document at a path such as `transition.gamma` or `minima.0.freeEnergy`.
    private static func member(_ path: String, of document: JSONValue) throws -> Measured {
        var value = document
        var passed: [Substring] = []
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            let place = passed.isEmpty ? "the prediction" : "its `\(passed.joined(separator: "."))`"
            if let list = value.list {
                guard let index = Int(part) else {
                    throw Nothing(reason: "the prediction has no member `\(path)`: \(place) is a list")
                }
                guard list.indices.contains(index) else {
                    let count = "\(list.count) element\(list.count == 1 ? "" : "s"), counted from 0"
                    throw Nothing(reason: "the prediction has no member `\(path)`: \(place) has \(count)")
                }
                value = list[index]
            } else {
                guard let member = value[String(part)] else {
                    throw Nothing(reason: "the prediction has no member `\(path)`")
                }
                value = member
            }
            passed.append(part)
        }
        if let x = value.number { return .number(x, standardError: nil, halfWidth: nil) }
        if let text = value.text { return .text(text) }
        throw Nothing(reason: "the prediction's `\(path)` is neither a number nor a word: \(value.serialized())")
    }

    // MARK: - Words

    private static func name(of subject: Expectation.Subject) -> String {
        func words(_ controls: [String: ControlValue]) -> String {
            controls.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }
        switch subject {
        case .transition(let member, let curve, let choice):
            return [words(curve), member + choice.words].filter { !$0.isEmpty }.joined(separator: ": ")
        case .specialPoint(let kind, let over, let curve):
            let name = "\(kind == "tricritical" ? "tricritical point" : "critical end point"), \(over)"
            return [words(curve), name].filter { !$0.isEmpty }.joined(separator: ": ")
        case .observable(let name, let at, let minus, let step, _):
            let time = step.map { " at step \($0)" } ?? ""
            let other = minus.map { " less that at \(words($0))" } ?? ""
            return [words(at), name + time + other].filter { !$0.isEmpty }.joined(separator: ": ")
        case .prediction(let path, _): return path
        }
    }

    private static func description(of target: Expectation.Target) -> String {
        switch target {
        case .number(let x, _): text(x)
        case .text(let word): word
        case .range(let low, let high):
            low == -.infinity
                ? "≤ \(text(high))" : (high == .infinity ? "≥ \(text(low))" : "\(text(low)) … \(text(high))")
        case .theory: "theory"
        }
    }

    private static func text(_ x: Double) -> String { String(format: "%.10g", x) }
}

extension Expectation.Choice {
    fileprivate func index(in verdict: Verdict) -> Int {
        switch self {
        case .index(let index): index
        case .nearest(let x):
            verdict.transitions.indices.min { a, b in
                func distance(_ index: Int) -> Double {
                    abs((verdict.transitions[index].location?.value ?? .infinity) - x)
                }
                return distance(a) < distance(b)
            } ?? 0
        }
    }

    fileprivate var words: String {
        switch self {
        case .index(let index): index > 0 ? " \(index + 1)" : ""
        case .nearest(let x): " near \(x)"
        }
    }
}

extension Transition {
    /// A member by the name it has in JSON; nil where the verdict has none.
    fileprivate func estimate(_ member: String) -> Estimate? {
        switch member {
        case "location": location
        case "jump": jump
        case "curvatureJump": curvatureJump
        case "latentHeat": latentHeat
        case "spinodal": spinodal
        case "lowerSpinodal": lowerSpinodal
        case "barrier": barrier
        case "exponent": exponent
        default: nil
        }
    }
}
