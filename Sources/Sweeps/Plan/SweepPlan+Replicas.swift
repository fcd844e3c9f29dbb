import PhaseSpace

/// How many replicas each part of a sweep with `stopWhen:` has by its rule: a function of the store's rows.
///
/// Parts are what a rule decides on as one: a cold point, or the whole chain of a warm direction, each with all its
/// replicas. A part of several points needs them all good enough.
public struct ReplicaCounts: Sendable {
    /// By part: replicas that results rest on, or as many as must be there before the rule says more.
    fileprivate var counts: [Int32] = []
    /// By part: whether all of these are there.
    fileprivate var isDecided: [Bool] = []
    /// By part: whether the error is as small as asked.
    fileprivate var isMet: [Bool] = []

    public struct Tally: Sendable, Hashable {
        /// Parts that are as good as asked, those that are not with all replicas, and those still in work.
        public let met: Int
        public let exhausted: Int
        public let open: Int
    }

    public var tally: Tally {
        let met = isMet.count { $0 }
        let decided = isDecided.count { $0 }
        return Tally(met: met, exhausted: decided - met, open: counts.count - decided)
    }
}

/// What a rule looks at in a store: how each point ended, and the observable.
typealias RuleRows = [PointIdentity: (outcome: Outcome, value: Double?)]

extension SweepPlan {
    /// Parts that a rule decides on, in the order of the plan's chains.
    var partCount: Int { chainCount / spec.replicas }

    /// The most shards that each get something to do: all replicas of a part belong to one, which so can decide.
    public var largestShardCount: Int { spec.replicaRule == nil ? chainCount : partCount }

    /// The part and the replica of a chain.
    func part(ofChain index: Int) -> (part: Int, replica: Int) {
        if index >= chainedChainCount {
            let (combination, replica) = (index - chainedChainCount).quotientAndRemainder(dividingBy: spec.replicas)
            return (chainedChainCount / spec.replicas + combination, replica)
        }
        let (rest, direction) = index.quotientAndRemainder(dividingBy: chained.count)
        let (line, replica) = rest.quotientAndRemainder(dividingBy: spec.replicas)
        return (line * chained.count + direction, replica)
    }

    func chainIndex(ofPart part: Int, replica: Int) -> Int {
        let chainedParts = chainedChainCount / spec.replicas
        if part >= chainedParts { return chainedChainCount + (part - chainedParts) * spec.replicas + replica }
        let (line, direction) = part.quotientAndRemainder(dividingBy: chained.count)
        return (line * spec.replicas + replica) * chained.count + direction
    }

    /// The part and the replica of a point.
    private func part(ofPoint index: Int) -> (part: Int, replica: Int) {
        let direction = spec.directions[index % spec.directions.count]
        let (combination, replica) = (index / spec.directions.count).quotientAndRemainder(dividingBy: spec.replicas)
        guard direction != .cold, let along = spec.dimensions.firstIndex(where: { $0.controls == [spec.along] }) else {
            return (chainedChainCount / spec.replicas + combination, replica)
        }
        let inner = spec.dimensions[(along + 1)...].reduce(1) { $0 * $1.values.count }
        let line = combination / (inner * grid.count) * inner + combination % inner
        return (line * chained.count + chained.firstIndex(of: direction)!, replica)
    }

    // MARK: - Deciding

    /// Nil for a sweep without `stopWhen:`.
    public func replicaCounts(in store: Store) throws(StoreError) -> ReplicaCounts? {
        guard let rule = spec.replicaRule else { return nil }
        return counts(by: rule, try store.ruleRows(of: rule.observable))
    }

    /// - Parameter first: the first part, and every how many-th is looked at; others have no replicas.
    func counts(by rule: ReplicaRule, _ rows: RuleRows, first: Int = 0, every: Int = 1) -> ReplicaCounts {
        let namesRegimes = !(spec.declaration.observable(rule.observable)?.regimes.isEmpty ?? true)
        var result = ReplicaCounts()
        result.counts = Array(repeating: 0, count: partCount)
        result.isDecided = Array(repeating: true, count: partCount)
        result.isMet = Array(repeating: false, count: partCount)
        withIdentitiesOfChains { identities in
            var points: [PointIdentity] = []
            for part in stride(from: first, to: partCount, by: every) {
                var values: [[Double]] = []
                var replica = 0
                for level in rule.levels {
                    result.counts[part] = Int32(level)
                    while replica < level, result.isDecided[part] {
                        points.removeAll(keepingCapacity: true)
                        identities(chainIndex(ofPart: part, replica: replica), &points)
                        if values.isEmpty { values = Array(repeating: [], count: points.count) }
                        for (k, point) in points.enumerated() {
                            guard let row = rows[point] else {
                                result.isDecided[part] = false
                                break
                            }
                            if row.outcome.isDone || namesRegimes, let x = row.value { values[k].append(x) }
                        }
                        replica += 1
                    }
                    if !result.isDecided[part] { break }
                    if values.allSatisfy(rule.isMet) {
                        result.isMet[part] = true
                        break
                    }
                }
            }
        }
        return result
    }

    /// The points that results rest on: all of the plan, or with `stopWhen:` those of the replicas that its rule asks
    /// for. A store may hold more of them, from a stricter rule.
    public func points(by counts: ReplicaCounts?) -> any Sequence<Point> {
        guard let counts else { return points }
        return (0..<pointCount).lazy.filter { index in
            let (part, replica) = self.part(ofPoint: index)
            return replica < counts.counts[part]
        }.map { self.point(at: $0) }
    }

    /// The same, by the rows of a store.
    public func points(in store: Store) throws(StoreError) -> any Sequence<Point> {
        points(by: try replicaCounts(in: store))
    }

    // MARK: - Chains of a level

    /// Chains by their numbers in the plan.
    struct ChosenChains: RandomAccessCollection, IdentifiedChains {
        let plan: SweepPlan
        let indices: [Int]
        var startIndex: Int { 0 }
        var endIndex: Int { indices.count }
        subscript(offset: Int) -> Chain { plan.chains[indices[offset]] }

        var pointCount: Int { indices.reduce(0) { $0 + plan.length(ofChain: $1) } }

        func forEachChain(in range: Range<Int>, _ body: (Int, [PointIdentity]) -> Void) {
            var points: [PointIdentity] = []
            plan.withIdentitiesOfChains { identities in
                for offset in range {
                    points.removeAll(keepingCapacity: true)
                    identities(indices[offset], &points)
                    body(offset, points)
                }
            }
        }
    }

    /// The chains of some replicas of the parts that ask for them, in the order of the plan.
    func chains(
        ofReplicas replicas: Range<Int>, shard: Shard?, where isAsked: (_ part: Int) -> Bool
    ) -> ChosenChains {
        var indices: [Int] = []
        for part in stride(from: (shard?.index ?? 1) - 1, to: partCount, by: shard?.count ?? 1) where isAsked(part) {
            indices += replicas.map { chainIndex(ofPart: part, replica: $0) }
        }
        return ChosenChains(plan: self, indices: indices.sorted())
    }

    /// Replicas that all points of a curve along the axis have, by the controls of the curve; nil without a rule.
    func commonReplicas(_ counts: ReplicaCounts?) -> [[String: ControlValue]: Int]? {
        guard let counts else { return nil }
        var common: [[String: ControlValue]: Int] = [:]
        for part in 0..<partCount {
            let point = chains[chainIndex(ofPart: part, replica: 0)].points[0]
            let fixed = fixedControls(of: point)
            common[fixed] = min(common[fixed] ?? .max, Int(counts.counts[part]))
        }
        return common
    }

    /// A point's controls but those that change along the axis.
    func fixedControls(of point: Point) -> [String: ControlValue] { fixedControls(point.controls) }

    /// The same of all controls at a point.
    func fixedControls(_ controls: [String: ControlValue]) -> [String: ControlValue] {
        var fixed = controls
        fixed.removeValue(forKey: spec.along)
        for name in spec.derivedAlongAxis { fixed.removeValue(forKey: name) }
        return fixed
    }
}

extension ReplicaCounts {
    /// Whether a part asks for more than these replicas.
    func asks(_ part: Int, beyond replicas: Int) -> Bool { Int(counts[part]) > replicas }
}
