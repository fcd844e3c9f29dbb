import PhaseSpace

/// The identities of a plan's points, without making the points: what a sweep of a million points asks for again and
/// again.
struct PlanIdentities: Sendable {
    /// The values of a control along a dimension, as canonical JSON.
    private struct Column: Sendable {
        let dimension: Int
        let texts: [[UInt8]]
    }

    /// Room that is used again and again.
    struct Scratch {
        /// An index into the values of each dimension.
        var digits: [Int]
        fileprivate var text: [UInt8] = []
    }

    private let spec: SweepSpec
    private let frames: [Direction: IdentityForm.Frame]
    /// What stands in the frames' gaps.
    private let columns: [Column]

    /// Nil where controls are derived from others: their values are not a list.
    init?(_ spec: SweepSpec, cold: IdentityForm, chained: IdentityForm) {
        guard spec.derived.isEmpty else { return nil }
        self.spec = spec
        func text(_ value: ControlValue) -> [UInt8] { Array(value.json.canonical.utf8) }
        columns = cold.controls.compactMap { name in
            for (d, dimension) in spec.dimensions.enumerated() {
                guard let column = dimension.controls.firstIndex(of: name) else { continue }
                return Column(dimension: d, texts: dimension.values.map { text($0[column]) })
            }
            return nil
        }
        let frames = spec.directions.map { direction in
            let form = direction == .cold ? cold : chained
            return (direction, form.frame(direction: direction) { spec.fixed[form.controls[$0]].map(text) })
        }
        self.frames = Dictionary(uniqueKeysWithValues: frames)
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
        return IdentityForm.identity(frames[direction]!, replica: replica, text: &scratch.text) { index in
            let column = columns[index]
            return column.texts[digits[column.dimension]]
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
