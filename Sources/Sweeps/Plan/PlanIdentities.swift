import PhaseSpace

/// The identities of a plan's points, without making the points: what a sweep of a million points asks for again and
/// again.
struct PlanIdentities: Sendable {
    private enum Value: Sendable {
        case fixed([UInt8])
        /// The values along a dimension.
        case along(dimension: Int, [[UInt8]])
    }

    /// Room that is used again and again.
    struct Scratch {
        /// An index into the values of each dimension.
        var digits: [Int]
        fileprivate var text: [UInt8] = []
    }

    private let spec: SweepSpec
    private let cold: IdentityForm
    private let chained: IdentityForm
    /// In canonical order of the controls.
    private let values: [Value]

    /// Nil where controls are derived from others: their values are not a list.
    init?(_ spec: SweepSpec, cold: IdentityForm, chained: IdentityForm) {
        guard spec.derived.isEmpty else { return nil }
        self.spec = spec
        self.cold = cold
        self.chained = chained
        func text(_ value: ControlValue) -> [UInt8] { Array(value.json.canonical.utf8) }
        values = cold.controls.map { name in
            for (d, dimension) in spec.dimensions.enumerated() {
                guard let column = dimension.controls.firstIndex(of: name) else { continue }
                return .along(dimension: d, dimension.values.map { text($0[column]) })
            }
            return .fixed(text(spec.fixed[name]!))
        }
    }

    func scratch() -> Scratch { Scratch(digits: [Int](repeating: 0, count: spec.dimensions.count)) }

    /// - Parameter skipping: a dimension that the index does not run over.
    func setDigits(of combination: Int, skipping: Int? = nil, in scratch: inout Scratch) {
        var rest = combination
        for d in scratch.digits.indices.reversed() where d != skipping {
            (rest, scratch.digits[d]) = rest.quotientAndRemainder(dividingBy: spec.dimensions[d].values.count)
        }
    }

    /// The point at the digits of the scratch.
    func identity(_ replica: Int, _ direction: Direction, _ scratch: inout Scratch) -> PointIdentity {
        let digits = scratch.digits
        return (direction == .cold ? cold : chained).identity(
            replica: replica, direction: direction, text: &scratch.text
        ) { control in
            switch values[control] {
            case .fixed(let text): text
            case .along(let dimension, let texts): texts[digits[dimension]]
            }
        }
    }
}

extension SweepPlan {
    /// Visits the identities of a range of points, in canonical order.
    func forEachIdentity(in range: Range<Int>, _ body: (PointIdentity) -> Void) {
        guard let identities else {
            for index in range { body(point(at: index).identity) }
            return
        }
        let perCombination = spec.replicas * spec.directions.count
        var scratch = identities.scratch()
        var combination = -1
        for index in range {
            if index / perCombination != combination {
                combination = index / perCombination
                identities.setDigits(of: combination, in: &scratch)
            }
            let replica = index / spec.directions.count % spec.replicas
            body(identities.identity(replica, spec.directions[index % spec.directions.count], &scratch))
        }
    }
}

/// Chains by number, whose points' identities can be had without making them.
protocol IdentifiedChains: Sendable {
    /// Number of points of all chains.
    var pointCount: Int { get }
    /// Visits chain by chain the identities of a range of chains' points.
    func forEachChain(in range: Range<Int>, _ body: (_ offset: Int, _ points: [PointIdentity]) -> Void)
}

extension SweepPlan.Chains: IdentifiedChains {
    var pointCount: Int { plan.pointCount }

    func forEachChain(in range: Range<Int>, _ body: (Int, [PointIdentity]) -> Void) {
        var points: [PointIdentity] = []
        plan.withIdentitiesOfChains { identities in
            for offset in range {
                points.removeAll(keepingCapacity: true)
                identities(offset, &points)
                body(offset, points)
            }
        }
    }
}

extension SweepPlan.ShardChains: IdentifiedChains {
    var pointCount: Int {
        // Chains of many points come first, and all of one kind are equally long.
        indices.reduce(0) { $0 + chains.plan.length(ofChain: shard.index - 1 + $1 * shard.count) }
    }

    func forEachChain(in range: Range<Int>, _ body: (Int, [PointIdentity]) -> Void) {
        var points: [PointIdentity] = []
        chains.plan.withIdentitiesOfChains { identities in
            for offset in range {
                points.removeAll(keepingCapacity: true)
                identities(shard.index - 1 + offset * shard.count, &points)
                body(offset, points)
            }
        }
    }
}
