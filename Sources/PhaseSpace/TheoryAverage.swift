/// Theory of several replicas' own data as one: what the mean of their transitions can claim.
package enum TheoryAverage {
    /// - Returns: nil where there is no replica; empty where they disagree on the number of transitions, or on the order
    ///   of exact ones.
    package static func transitions(_ replicas: [[Transition]]) -> [Transition]? {
        guard let first = replicas.first else { return nil }
        guard replicas.allSatisfy({ $0.count == first.count }) else { return [] }
        let means = first.indices.map { index in mean(replicas.map { $0[index] }) }
        return means.contains { $0 == nil } ? [] : means.compactMap { $0 }
    }

    /// The mean of exact numbers is exact, and that of bounds a bound: an exact location bounds itself. Otherwise the mean
    /// claims no more than the weakest of its replicas.
    private static func mean(_ transitions: [Transition]) -> Transition? {
        let claim = transitions.map { $0.claim ?? .exact }.max { rank($0) < rank($1) } ?? .exact
        let hasOneOrder = transitions.allSatisfy { $0.order == transitions[0].order }
        guard hasOneOrder || claim != .exact else { return nil }
        var mean = transitions[0]
        mean.claim = claim
        if !hasOneOrder { mean.order = .undecided }
        func average(_ values: [Double?]) -> Double? {
            let known = values.compactMap { $0 }
            return known.count == transitions.count ? known.reduce(0, +) / Double(known.count) : nil
        }
        for path in [
            \Transition.location, \.jump, \.curvatureJump, \.latentHeat, \.spinodal, \.lowerSpinodal, \.barrier,
            \.exponent,
        ] {
            let value = average(transitions.map { $0[keyPath: path]?.value })
            // Errors of different data are independent; an exact number has none.
            let squares = average(
                transitions.map { transition in
                    if let width = transition[keyPath: path]?.interval?.width { return width * width }
                    return (transition.claim ?? .exact) == .exact ? 0 : nil
                })
            let half = claim == .exact ? nil : squares.map { ($0 / Double(transitions.count)).squareRoot() / 2 }
            mean[keyPath: path] = value.map { x in Estimate(x, half.map { Interval(x - $0, x + $0) }) }
        }
        mean.lowerBound = average(transitions.map { $0.lowerBound ?? $0.exactLocation })
        mean.upperBound = average(transitions.map { $0.upperBound ?? $0.exactLocation })
        if claim == .exact { (mean.lowerBound, mean.upperBound) = (nil, nil) }
        mean.sentence = sentence(transitions, claim)
        return mean
    }

    private static func sentence(_ transitions: [Transition], _ claim: Claim) -> String {
        let weakest = transitions.indices.filter { rank(transitions[$0].claim ?? .exact) == rank(claim) }
        let said = transitions[weakest[0]].sentence
        let isOfAll = weakest.count == transitions.count && transitions.allSatisfy { $0.sentence == said }
        guard claim != .exact, !isOfAll else { return said }
        return "for \(weakest.count) of \(transitions.count) replicas; the first of them: \(said)"
    }

    /// Rising with what is left open.
    private static func rank(_ claim: Claim) -> Double {
        switch claim {
        case .exact: 0
        case .estimate: 1
        // Fewer powers leave more open.
        case .upToPowers(let m): 3 - Double(m) / (1 + abs(Double(m)))
        case .toFirstOrder: 4
        case .bound: 5
        case .local: 6
        }
    }
}

extension Transition {
    fileprivate var exactLocation: Double? { (claim ?? .exact) == .exact ? location?.value : nil }
}
