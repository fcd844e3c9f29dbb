import OrderedCollections
import PhaseSpace
import Support
import Transitions

extension ExplorerData {
    /// A curve's verdict; all numbers are doubles.
    func verdict(_ verdict: Verdict, withEvidence: Bool) -> JSONValue {
        let transitions = verdict.transitions.enumerated().map { index, transition -> JSONValue in
            var members = transition.members
            if !withEvidence { members.removeValue(forKey: "evidence") }
            let theory = verdict.theory(for: index)
            members["theory"] = theory.map(Self.theory) ?? .null
            if let ours = transition.location?.value, let exact = theory?.claimedLocation?.value {
                members["deviation"] = .number(ours - exact)
            }
            return .object(members)
        }
        let leftOut = Outcome.allCases.compactMap { outcome in
            verdict.leftOut[outcome].map { (outcome.rawValue, JSONValue.number(Double($0))) }
        }
        return [
            "transitions": .list(transitions),
            "theory": .list((verdict.theory ?? []).map(Self.theory)),
            "leftOut": .object(OrderedDictionary(uniqueKeysWithValues: leftOut)),
            "leftOutReason": .text(verdict.leftOutReason),
        ]
    }

    private static func theory(_ transition: Transition) -> JSONValue {
        [
            "order": .text(transition.order.rawValue), "claim": .text((transition.claim ?? .exact).word),
            "location": .optional(transition.claimedLocation?.value),
            "spinodal": .optional(transition.claimedLocation == nil ? nil : transition.spinodal?.value),
            "low": .optional(transition.lowerBound), "high": .optional(transition.upperBound),
            "sentence": .text(transition.sentence),
        ]
    }

    /// Lines of transitions over one dimension of numbers, for each combination of the others.
    func lines(of sweep: ExplorerSweep, over place: Int, _ dimensions: [Dimension]) -> [JSONValue] {
        let dimension = dimensions[place]
        guard dimension.values.allSatisfy({ $0.number != nil }) else { return [] }
        let isWhole = dimension.json["whole"]?.bool ?? false
        let planes = OrderedDictionary(grouping: sweep.curves.indices) { index in
            dimensions.indices.map { $0 == place ? -1 : dimensions[$0].number(of: sweep.curves[index]) }
        }
        return planes.flatMap { at, members -> [JSONValue] in
            let rows = members.map { index in
                PlaneRow(
                    other: sweep.curves[index].key.fixed[dimension.name]!.number!,
                    transitions: sweep.verdicts[index].transitions, controls: sweep.verdicts[index].controls)
            }
            return transitionLines(rows, isContinuous: !isWhole).map { line in
                [
                    "dimension": .number(Double(place)), "at": .numbers(at.map(Double.init)),
                    "points": .list(line.points.map(Self.point)),
                    "special": .list(
                        line.specialPoints.map { special in
                            [
                                "kind": .text(special.kind.rawValue), "other": .number(special.other.value),
                                "location": .optional(special.location?.value),
                                "sentence": .text(special.sentence(other: dimension.name, axis: sweep.axis.symbol)),
                            ]
                        }),
                ]
            }
        }
    }

    private static func point(_ point: TransitionLine.Point) -> JSONValue {
        let location = point.transition.location
        return [
            "other": .number(point.other), "location": .optional(location?.value),
            "low": .optional(location?.interval?.low), "high": .optional(location?.interval?.high),
            "spinodal": .optional(point.transition.spinodal?.value), "order": .text(point.order.rawValue),
        ]
    }

    /// Exact curves of each curve, as far as there is room.
    mutating func theoryTables(of sweep: ExplorerSweep, _ notes: inout [String]) -> [JSONValue] {
        var (spent, left) = (0, 0)
        let tables = sweep.theory.map { theory -> JSONValue in
            let all = theory.equilibrium + theory.branches + theory.population
            spent += all.reduce(0) { $0 + $1.rows.count * $1.columns.count }
            guard spent <= ExplorerLimits.theoryNumbers else {
                left += all.isEmpty ? 0 : 1
                return ["equilibrium": [], "branches": [], "population": [], "modes": .null]
            }
            return [
                "equilibrium": .list(theory.equilibrium.map { curve($0, sweep) }),
                "branches": .list(theory.branches.map { curve($0, sweep) }),
                "population": .list(theory.population.map { curve($0, sweep) }),
                "modes": theory.modes.first.map { modes in
                    .list(modes.rows.map(JSONValue.numbers))
                } ?? .null,
            ]
        }
        if left > 0 {
            notes.append("exact curves of \(left) of \(sweep.curves.count) curves are left out: too many numbers")
        }
        return tables
    }

    private mutating func curve(_ theory: TheoryCurve, _ sweep: ExplorerSweep) -> JSONValue {
        var observables: OrderedDictionary<String, JSONValue> = [:]
        var abscissa: JSONValue = .null
        for (place, name) in theory.columns.enumerated() {
            let values = theory.rows.map { place < $0.count ? $0[place] : .nan }
            if name == sweep.axis.name {
                abscissa = columns.floats(values)
            } else {
                observables[name] = columns.floats(values)
            }
        }
        return ["x": abscissa, "stable": .bool(theory.isStable), "observables": .object(observables)]
    }

    /// Followed branches, whole: pieces of one stability, joined at their ends, with their events.
    mutating func followed(_ curve: Curve, _ sweep: ExplorerSweep) -> JSONValue {
        let names = sweep.observables.map(\.name)
        return .list(
            curve.branches.flatMap { branch in
                branch.all.map { rows -> JSONValue in
                    let present = names.filter { name in rows.contains { $0.values[name] != nil } }
                    let events = rows.enumerated().filter { $1.event != nil }
                    return [
                        "replica": .number(Double(branch.replica)), "x": columns.floats(rows.map(\.control)),
                        "stable": columns.whole(rows.map { $0.isStable ? 1 : 0 }),
                        "events": .list(
                            events.map { index, row in
                                [
                                    "row": .number(Double(index)), "event": .text(row.event!.rawValue),
                                    "x": .number(row.control),
                                ]
                            }),
                        "observables": .object(
                            OrderedDictionary(
                                uniqueKeysWithValues: present.map { name in
                                    (name, columns.floats(rows.map { $0.values[name] ?? .nan }))
                                })),
                    ]
                }
            })
    }
}
