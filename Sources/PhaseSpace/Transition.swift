import OrderedCollections
import Support

/// The order of a transition: the lowest derivative of the free energy that is discontinuous.
public enum TransitionOrder: String, Sendable, CaseIterable, Hashable {
    case none, second, first, zeroth, crossover
    /// A change of regime, such as lazy / catapult.
    case boundary
    /// The evidence does not decide; the sentence says why.
    case undecided
}

/// A closed interval of a control parameter or of an estimate, at the 95 % level unless it says otherwise.
public struct Interval: Sendable, Hashable {
    public let low: Double
    public let high: Double
    public init(_ low: Double, _ high: Double) {
        precondition(!(low > high), "an interval's low end is not above its high end")
        self.low = low
        self.high = high
    }
    public var width: Double { high - low }
    public func contains(_ x: Double) -> Bool { low <= x && x <= high }
    public var json: JSONValue { .numbers([low, high]) }
}

/// A number with its interval; exact values have none.
public struct Estimate: Sendable, Hashable {
    public let value: Double
    public let interval: Interval?
    public init(_ value: Double, _ interval: Interval? = nil) {
        self.value = value
        self.interval = interval
    }
}

/// Where a curve changes phase, of what order, and how sure.
public struct Transition: Sendable {
    public var order: TransitionOrder
    /// Value of the swept control, with its interval; nil for `none`.
    public var location: Estimate?
    /// Size of the drop of F′ (for γ: of Σ‖W‖²) on crossing the transition upwards.
    public var jump: Estimate?
    /// Jump of F″ at a second-order transition.
    public var curvatureJump: Estimate?
    /// Jump of the data loss, γ*·ΔF′.
    public var latentHeat: Estimate?
    /// Where the ordered branch ends (upper) and where the disordered one loses stability (lower).
    public var spinodal: Estimate?
    public var lowerSpinodal: Estimate?
    /// Loss of the unstable point between the two phases, above their common loss.
    public var barrier: Estimate?
    /// Exponent of the order parameter.
    public var exponent: Estimate?
    /// How sure theory is of it; nil for what was measured. Theory that does not say is taken for exact.
    ///
    /// Where it is `local`, `location` is where the state of the expansion loses its stability, which need not be that of
    /// the transition; where it is `bound`, the bounds below say what is known. The sentence says what is not excluded.
    public var claim: Claim?
    /// What theory proves of the location where it does not know it: not below, not above.
    public var lowerBound: Double?
    public var upperBound: Double?
    /// Named facts that the verdict rests on.
    public var evidence: OrderedDictionary<String, JSONValue>
    /// The verdict in words.
    public var sentence: String

    public init(order: TransitionOrder, location: Estimate? = nil, sentence: String = "") {
        self.order = order
        self.location = location
        self.evidence = [:]
        self.sentence = sentence
    }
}

/// All transitions of one curve, with what they rest on.
public struct Verdict: Sendable {
    public let key: CurveKey
    /// Controls that differ between the curves of the sweep, for labels.
    public let varying: [String]
    /// By rising location. Exactly one element, without location, for `none` and for a curve that decides nothing.
    public var transitions: [Transition]
    /// Number of points by outcome; done ones were used, and others whose regime is the result.
    public var outcomes: [Outcome: Int]
    /// Number of points by outcome that were not used.
    public var leftOut: [Outcome: Int] = [:]
    /// Why most of these were not: the commonest of the sentences that they carry.
    public var leftOutReason = ""
    /// The lowest and highest control of the curve's done points; nil where there are none.
    public var controls: ClosedRange<Double>?
    /// What theory says of the same curve (replica by replica, then averaged), nil where there is none; each transition
    /// carries its claim.
    public var theory: [Transition]?

    public init(
        key: CurveKey, varying: [String] = [], transitions: [Transition], outcomes: [Outcome: Int] = [:],
        theory: [Transition]? = nil
    ) {
        self.key = key
        self.varying = varying
        self.transitions = transitions
        self.outcomes = outcomes
        self.theory = theory
    }
}

// MARK: - JSON

extension Transition {
    /// The members that `landau transitions --json` prints for a transition, without its curve.
    public var members: OrderedDictionary<String, JSONValue> {
        func value(_ estimate: Estimate?) -> JSONValue { .optional(estimate?.value) }
        return [
            "order": .text(order.rawValue), "location": value(location),
            "interval": location?.interval?.json ?? .null, "jump": value(jump), "curvatureJump": value(curvatureJump),
            "latentHeat": value(latentHeat), "spinodal": value(spinodal), "lowerSpinodal": value(lowerSpinodal),
            "barrier": value(barrier), "exponent": value(exponent), "evidence": .object(evidence),
            "sentence": .text(sentence),
        ]
    }
}

extension Verdict {
    /// One object per transition.
    public var json: [JSONValue] {
        let curve = OrderedDictionary(
            uniqueKeysWithValues: key.fixed.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })
        return transitions.enumerated().map { index, transition in
            var members: OrderedDictionary<String, JSONValue> = ["curve": .object(curve), "axis": .text(key.axis)]
            members.merge(transition.members) { $1 }
            members["outcomes"] = .object(
                OrderedDictionary(
                    uniqueKeysWithValues: Outcome.allCases.compactMap { outcome in
                        outcomes[outcome].map { (outcome.rawValue, JSONValue.number(Double($0))) }
                    }))
            members["theory"] = theoryMember(for: index)
            return .object(members)
        }
    }
}
