import OrderedCollections
import PhaseSpace
import Support

extension SpecReader {
    /// Overrides that make the recipe quick; empty where it is quick as it stands.
    func quickOverrides() throws(SpecError) -> [String] {
        var texts: [String] = []
        for element in sections.single["quick"]?.elements ?? [] {
            let text = try element.text("each of `quick`")
            do { _ = try SpecOverride(text) } catch { throw SpecError(element.place, error.message) }
            texts.append(text)
        }
        return texts
    }

    func expectations(_ directions: [Direction]) throws(SpecError) -> [Expectation] {
        var found: [Expectation] = []
        guard let node = sections.single["expect"] else { return found }
        guard case .list(let elements) = node.content else {
            throw SpecError(
                node.place, "`expect` must be a list of mappings such as `- {transition: order, value: first}`")
        }
        for element in elements { found.append(try expectation(element, directions)) }
        return found
    }

    private func expectation(_ node: SpecNode, _ directions: [Direction]) throws(SpecError) -> Expectation {
        var members: [String: SpecNode] = [:]
        for member in try node.members(of: "each of `expect`") {
            guard Expectation.keys.contains(member.key) else {
                throw SpecError(
                    member.keyPlace,
                    "`\(member.key)` is no key of an expectation\(nearestHint(to: member.key, among: Expectation.keys)); "
                        + "known: \(Expectation.keys.joined(separator: ", "))")
            }
            members[member.key] = member.value
        }
        let subject = try subject(members, node.place, directions)
        let target = try target(members, node.place, subject)
        return Expectation(
            subject: subject, target: target, name: try members["name"]?.text("`name`") ?? "",
            source: try members["source"]?.text("`source`") ?? "", finding: try finding(members["finding"]),
            place: (members["curve"] ?? members["at"] ?? node).place)
    }

    // MARK: - What is looked at

    private func subject(
        _ members: [String: SpecNode], _ place: SpecPlace, _ directions: [Direction]
    ) throws(SpecError) -> Expectation.Subject {
        let kinds = ["transition", "observable", "predict", "special"].filter { members[$0] != nil }
        guard kinds.count == 1 else {
            throw SpecError(
                place,
                "an expectation names one of `transition`, `observable`, `predict` and `special`, not \(kinds.count) "
                    + "of them")
        }
        let belonging = [
            "transition": ["curve", "which", "near"], "special": ["curve", "over"],
            "observable": ["at", "minus", "step", "direction"], "predict": ["query"],
        ]
        for (kind, keys) in belonging.sorted(by: { $0.key < $1.key }) where kind != kinds[0] {
            let own = belonging[kinds[0]]!
            if let stray = keys.first(where: { members[$0] != nil && !own.contains($0) }) {
                throw SpecError(members[stray]!.place, "`\(stray)` belongs to `\(kind)`, not to `\(kinds[0])`")
            }
        }
        if let node = members["special"] {
            let name = try known(node, "a line of transitions", "special point", Expectation.specialPoints)
            guard let over = members["over"] else {
                throw SpecError(node.place, "`special` needs `over`, the control that the line runs over")
            }
            return .specialPoint(
                name, over: try known(over, declaration.name, "control", declaration.controls.map(\.name)),
                curve: try controls(members["curve"], "curve"))
        }
        if let node = members["transition"] {
            let name = try known(node, "a verdict", "member", Expectation.transitionMembers)
            return .transition(name, curve: try controls(members["curve"], "curve"), try choice(members))
        }
        if let node = members["predict"] {
            guard let query = members["query"] else {
                throw SpecError(node.place, "`predict` needs a `query`, such as `{depth: 2, gamma: 0.3}`")
            }
            return .prediction(try path(node), query: try query.json())
        }
        let node = members["observable"]!
        let name = try known(node, declaration.name, "observable", declaration.observables.map(\.name))
        let step = try members["step"]?.wholeNumber("`step`", 0...Int.max)
        if step != nil, declaration.observable(name)?.isRecordedAlongTrajectory != true {
            throw SpecError(members["step"]!.place, "`\(name)` is not recorded along trajectories; leave `step` out")
        }
        return .observable(
            name, at: try controls(members["at"], "at"), minus: try members["minus"].map(controls(of:)), step: step,
            try members["direction"].map { (node) throws(SpecError) -> Direction in
                let name = try known(node, "this sweep", "direction", directions.map(\.rawValue))
                return Direction(rawValue: name)!
            })
    }

    /// The path of a member of an answer, as far as it can be checked before there is an answer.
    private func path(_ node: SpecNode) throws(SpecError) -> String {
        let text = try node.text("`predict`")
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            if part.isEmpty {
                throw SpecError(
                    node.place,
                    "`predict` must be a path such as `transition.gamma` or `minima.0.freeEnergy`; `\(text)` has an "
                        + "empty part")
            }
            if let index = Int(part), part != String(index) || index < 0 {
                throw SpecError(
                    node.place, "an element of a list is counted from 0, and `\(part)` in `\(text)` is no such number")
            }
        }
        return text
    }

    private func choice(_ members: [String: SpecNode]) throws(SpecError) -> Expectation.Choice {
        guard let near = members["near"] else {
            return .index(try (members["which"]?.wholeNumber("`which`", 1...1000) ?? 1) - 1)
        }
        if let which = members["which"] { throw SpecError(which.place, "`which` and `near` choose twice; keep one") }
        return .nearest(try near.number("`near`"))
    }

    private func known(
        _ node: SpecNode, _ owner: String, _ what: String, _ names: [String]
    ) throws(SpecError) -> String {
        let name = try node.text("the \(what)")
        guard names.contains(name) else {
            throw SpecError(
                node.place,
                "\(owner) has no \(what) `\(name)`\(nearestHint(to: name, among: names)); "
                    + "it has \(names.joined(separator: ", "))")
        }
        return name
    }

    private func controls(_ node: SpecNode?, _ key: String) throws(SpecError) -> [String: ControlValue] {
        guard let node else { return [:] }
        return try controls(of: node)
    }

    private func controls(of node: SpecNode) throws(SpecError) -> [String: ControlValue] {
        var values: [String: ControlValue] = [:]
        for member in try node.members(of: "a choice of points") {
            guard let control = declaration.control(member.key) else {
                let names = declaration.controls.map(\.name)
                throw SpecError(
                    member.keyPlace,
                    "\(declaration.name) has no control `\(member.key)`\(nearestHint(to: member.key, among: names)); "
                        + "it has \(names.joined(separator: ", "))")
            }
            values[member.key] = try member.value.value(of: [control], rounding: true)
        }
        return values
    }

    // MARK: - What it must be

    private func target(
        _ members: [String: SpecNode], _ place: SpecPlace, _ subject: Expectation.Subject
    ) throws(SpecError) -> Expectation.Target {
        if let range = members["between"] {
            if let stray = ["value", "tolerance", "relative", "errors", "error"].first(where: { members[$0] != nil }) {
                throw SpecError(members[stray]!.place, "`between` stands alone; leave `\(stray)` out")
            }
            guard case .list(let ends) = range.content, ends.count == 2 else {
                throw SpecError(range.place, "`between` must be a list of two numbers, not \(range.kindInWords)")
            }
            let (low, high) = (try ends[0].bound(-.infinity), try ends[1].bound(.infinity))
            guard low <= high else { throw SpecError(range.place, "`between` is empty: \(low) is above \(high)") }
            return .range(low, high)
        }
        guard let value = members["value"] else {
            throw SpecError(place, "an expectation needs a `value` or two bounds in `between`")
        }
        let isOrder = if case .transition("order", _, _) = subject { true } else { false }
        if isOrder {
            return .text(try known(value, "a transition", "order", TransitionOrder.allCases.map(\.rawValue)))
        }
        if case .scalar(let text, let isQuoted) = value.content, isQuoted || Double(text) == nil, text != "theory" {
            if case .prediction = subject { return .text(text) }
        }
        var tolerance = Expectation.Tolerance()
        tolerance.absolute = try positive(members["tolerance"], "tolerance")
        tolerance.relative = try positive(members["relative"], "relative")
        tolerance.errors = try positive(members["errors"], "errors")
        tolerance.ofExpected = try positive(members["error"], "error")
        if tolerance.absolute == nil, tolerance.relative == nil, tolerance.errors == nil {
            throw SpecError(value.place, "a number needs a `tolerance`, `relative` or `errors`")
        }
        if case .scalar("theory", _) = value.content {
            if case .prediction = subject {
                throw SpecError(value.place, "a prediction is theory itself; give the number it must be")
            }
            return .theory(tolerance)
        }
        return .number(try value.number("`value`"), tolerance)
    }

    private func positive(_ node: SpecNode?, _ key: String) throws(SpecError) -> Double? {
        guard let node else { return nil }
        let x = try node.number("`\(key)`")
        guard x >= 0 else { throw SpecError(node.place, "`\(key)` must not be negative, \(x) is") }
        return x
    }

    private func finding(_ node: SpecNode?) throws(SpecError) -> Expectation.Finding? {
        guard let node else { return nil }
        return Expectation.Finding(
            rawValue: try known(node, "a claim", "finding", Expectation.Finding.allCases.map(\.rawValue)))
    }
}

extension SpecNode {
    /// An end of a range; `~` leaves it open.
    fileprivate func bound(_ open: Double) throws(SpecError) -> Double {
        isNull ? open : try number("each of `between`")
    }

    /// As a document, for a question that a model reads itself.
    fileprivate func json() throws(SpecError) -> JSONValue {
        switch content {
        case .scalar(let text, let isQuoted):
            if isNull { return .null }
            if !isQuoted {
                if let truth = Bool(text) { return .bool(truth) }
                switch SpecNumber(text) {
                case .number(let x): return .number(x)
                case .refused(let why): throw SpecError(place, why)
                case .text: break
                }
            }
            return .text(text)
        case .list(let elements):
            var values: [JSONValue] = []
            for element in elements { values.append(try element.json()) }
            return .list(values)
        case .mapping(let members):
            var values: OrderedDictionary<String, JSONValue> = [:]
            for member in members { values[member.key] = try member.value.json() }
            return .object(values)
        }
    }
}
