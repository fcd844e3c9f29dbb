import PhaseSpace

extension Consensus {
    /// Boundaries of named regimes: where each regime is first left for a more severe one.
    ///
    /// Replicas are compared regime by regime and not by rank: one that skips a regime has a boundary less. Returns to a
    /// milder regime, and later departures, are told as evidence only.
    func regimeTransitions() -> [Transition] {
        let departures = findings.map { finding in
            var first: [Double: PhaseChange] = [:]
            var others: [PhaseChange] = []
            for change in finding.changes {
                guard let left = change.left.orderParameter, let right = change.right.orderParameter else { continue }
                if left < right, first[left] == nil { first[left] = change } else { others.append(change) }
            }
            return (first: first, others: others)
        }
        var result: [Transition] = []
        var rare = departures.flatMap(\.others)
        for regime in Set(departures.flatMap(\.first.keys)).sorted() {
            let present = departures.compactMap { $0.first[regime] }
            if 2 * present.count < findings.count { rare += present } else { result.append(transition(of: present)) }
        }
        if result.isEmpty {
            result = [
                Transition(
                    order: .undecided,
                    sentence: "undecided: no boundary of \(words.orderParameter) is common to half of the replicas")
            ]
        }
        for i in result.indices where !rare.isEmpty {
            result[i].evidence["inFewReplicas"] = .numbers(rare.map(\.location.value).sorted())
        }
        return result.sorted { ($0.location?.value ?? 0) < ($1.location?.value ?? 0) }
    }
}
