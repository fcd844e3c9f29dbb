import PhaseSpace

extension SweepPlan {
    /// What the spec expects of curves or points that the sweep does not have, or of more than one: it fails whatever
    /// training finds.
    /// - Parameter other: another plan of the same spec, such as the one without overrides; what that one can meet is no
    ///   mistake of the spec.
    public func mistakenExpectations(except other: SweepPlan? = nil) -> [SpecError] {
        spec.expectations.enumerated().compactMap { index, expectation in
            guard let obstacle = obstacle(to: expectation.subject) else { return nil }
            if let other, other.obstacle(to: other.spec.expectations[index].subject) == nil { return nil }
            return SpecError(expectation.place, obstacle)
        }
    }

    /// Why nothing in the sweep is, alone, what an expectation looks at; nil where something is.
    private func obstacle(to subject: Expectation.Subject) -> String? {
        switch subject {
        case .prediction: return nil
        case .observable(_, let at, let minus, _, _):
            for (key, conditions) in [("at", at), ("minus", minus ?? at)] {
                let found = distinct(upTo: 2, where: conditions) { $0 }
                if found.isEmpty { return "no point of this sweep has \(missing(conditions))" }
                if found.count > 1 {
                    return "`\(key)` chooses points of several \(Self.difference(of: found)); name one"
                }
            }
            return nil
        case .transition(_, let curve, _):
            if let stray = choosesAlong(curve) { return stray }
            let found = distinct(upTo: 2, where: curve, fixedControls)
            if found.isEmpty { return "no curve of this sweep has \(missing(curve))" }
            return found.count == 1
                ? nil : "`curve` must choose one curve; it chooses several \(Self.difference(of: found))"
        case .specialPoint(_, let over, let curve):
            if let stray = choosesAlong(curve) { return stray }
            let found = distinct(upTo: 2, where: curve) { controls in
                fixedControls(controls)[over].map { [over: $0] } ?? [:]
            }
            if found.isEmpty { return "no curve of this sweep has \(missing(curve))" }
            return found.count > 1
                ? nil : "a line over `\(over)` needs curves of several \(over); the ones chosen here have only one"
        }
    }

    private func choosesAlong(_ conditions: [String: ControlValue]) -> String? {
        ([spec.along] + spec.derivedAlongAxis.sorted()).first { conditions[$0] != nil }.map {
            "`curve` cannot choose by `\($0)`, which changes along every curve"
        }
    }

    /// A control that never has its value, with the nearest that it has; all of them where they are never together.
    private func missing(_ conditions: [String: ControlValue]) -> String {
        let sorted = conditions.sorted { $0.key < $1.key }
        for (name, wanted) in sorted {
            let values = values(of: name)
            if !values.contains(wanted) { return "\(name) \(wanted)" + Self.nearest(to: wanted, among: values) }
        }
        return sorted.map { "\($0.key) \($0.value)" }.joined(separator: ", ") + " together"
    }

    private func values(of name: String) -> [ControlValue] {
        if let value = spec.fixed[name] { return [value] }
        for dimension in spec.dimensions {
            if let column = dimension.controls.firstIndex(of: name) { return dimension.values.map { $0[column] } }
        }
        return distinct(upTo: 10_000, where: [:]) { [name: $0[name]].compactMapValues { $0 } }.compactMap { $0[name] }
    }

    private static func nearest(to wanted: ControlValue, among values: [ControlValue]) -> String {
        guard let x = wanted.number else {
            return values.count <= 12 ? "; there are \(values.map(\.description).joined(separator: ", "))" : ""
        }
        let nearest = values.min { abs(($0.number ?? .infinity) - x) < abs(($1.number ?? .infinity) - x) }
        return nearest.map { "; the nearest is \($0)" } ?? ""
    }

    private static func difference(of found: [[String: ControlValue]]) -> String {
        found[0].keys.filter { found[0][$0] != found[1][$0] }.sorted().joined(separator: ", ")
    }

    /// The first distinct images of the combinations that have these controls.
    private func distinct(
        upTo limit: Int, where conditions: [String: ControlValue],
        _ image: ([String: ControlValue]) -> [String: ControlValue]
    ) -> [[String: ControlValue]] {
        var found: [[String: ControlValue]] = []
        guard conditions.allSatisfy({ spec.fixed[$0] == nil || spec.fixed[$0] == $1 }) else { return found }
        // Only combinations that may have them are looked at: a sweep has millions.
        let allowed = spec.dimensions.map { dimension in
            dimension.values.indices.filter { element in
                zip(dimension.controls, dimension.values[element]).allSatisfy {
                    conditions[$0] == nil || conditions[$0] == $1
                }
            }
        }
        var seen: Set<[String: ControlValue]> = []
        for index in 0..<allowed.reduce(1, { $0 * $1.count }) {
            var controls = spec.fixed
            var rest = index
            for (dimension, elements) in zip(spec.dimensions, allowed).reversed() {
                controls.set(dimension, elements[rest % elements.count])
                rest /= elements.count
            }
            controls.derive(spec.derived)
            guard conditions.allSatisfy({ controls[$0] == $1 }) else { continue }
            let image = image(controls)
            if seen.insert(image).inserted { found.append(image) }
            if found.count == limit { break }
        }
        return found
    }
}
