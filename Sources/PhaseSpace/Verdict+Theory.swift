import OrderedCollections
import Support

extension Transition {
    /// The location where theory claims it to be that of the curve's transition; nil for a bound, and for what follows
    /// from an expansion.
    public var claimedLocation: Estimate? {
        switch claim {
        case nil, .exact, .estimate, .upToPowers: location
        case .bound, .local, .toFirstOrder: nil
        }
    }

    /// What theory leaves of the line of locations: a point, or all between its bounds.
    fileprivate var possibleLocations: ClosedRange<Double>? {
        if claim == .bound {
            let (low, high) = (lowerBound ?? -.infinity, upperBound ?? .infinity)
            return low <= high ? low...high : nil
        }
        return location.map { $0.value...$0.value }
    }

    /// The members of the `theory` that stands beside a measured transition.
    ///
    /// What is no location of the curve's transition does not stand there as one: that of a local answer is where its state
    /// loses stability, `lowerSpinodal`.
    var theoryMembers: OrderedDictionary<String, JSONValue> {
        var members = members
        members.removeValue(forKey: "evidence")
        members["claim"] = .text((claim ?? .exact).word)
        guard (claim ?? .exact) != .exact else {
            members.removeValue(forKey: "sentence")
            return members
        }
        if claim == .local {
            members["location"] = .null
            members["lowerSpinodal"] = .optional(lowerSpinodal?.value ?? location?.value)
        }
        members["lowerBound"] = .optional(lowerBound)
        members["upperBound"] = .optional(upperBound)
        return members
    }
}

extension Verdict {
    /// The transition of theory that stands beside the transition of this index: the nearest in location, unless another
    /// transition is nearer to it or it lies beyond the grid and outside the transition's interval. A bound stands beside
    /// the nearest transition, the highest of those that it allows.
    public func theory(for index: Int) -> Transition? {
        guard let theory else { return nil }
        guard let x = transitions[index].location?.value else { return transitions.count == 1 ? theory.first : nil }
        func distance(_ a: Transition, _ b: Transition) -> Double {
            guard let range = a.possibleLocations, let x = b.location?.value else { return .infinity }
            return max(range.lowerBound - x, x - range.upperBound, 0)
        }
        guard let nearest = theory.min(by: { distance($0, transitions[index]) < distance($1, transitions[index]) })
        else { return nil }
        guard let range = nearest.possibleLocations else { return transitions.count == 1 ? nearest : nil }
        let closest = transitions.map { distance(nearest, $0) }.min()
        if nearest.claim == .bound {
            return transitions.lastIndex { distance(nearest, $0) == closest } == index ? nearest : nil
        }
        let y = range.lowerBound
        if let controls, !controls.contains(y), !(transitions[index].location?.interval?.contains(y) ?? false) {
            return nil
        }
        return transitions.firstIndex { distance(nearest, $0) == closest } == index ? nearest : nil
    }

    /// Transitions to draw or to measure against: those that theory claims to be there or, where it has none or does not
    /// tell, those that were found.
    public var knownTransitions: [Transition] {
        let claimed = (theory ?? []).filter { $0.claimedLocation != nil }
        let tells = theory?.allSatisfy { $0.claimedLocation != nil || $0.order == .none } ?? false
        return claimed.isEmpty && !tells ? transitions.filter { $0.location != nil } : claimed
    }

    func theoryMember(for index: Int) -> JSONValue { theory(for: index).map { .object($0.theoryMembers) } ?? .null }
}
