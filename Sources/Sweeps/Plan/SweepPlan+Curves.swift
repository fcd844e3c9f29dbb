import OrderedCollections
import PhaseSpace

extension SweepPlan {
    /// The sweep's curves along its axis, in canonical order; a curve of which no point is there yet is left out.
    ///
    /// Samples of points that failed are among them, with their outcome and without or with values.
    /// - Parameter points: further points of the sweep that lie off its grid.
    public func curves(in store: Store, alsoOf points: [Point] = []) throws -> [Curve] {
        try store.verify()
        var samples: OrderedDictionary<[String: ControlValue], [CurveSample]> = [:]
        var followed: [(point: Point, fixed: [String: ControlValue])] = []
        var branches: [[String: ControlValue]: [FollowedBranch]] = [:]
        let withBranches = try store.chainsWithBranches()
        let counts = try replicaCounts(in: store)
        let common = commonReplicas(counts)
        let namesRegimes = !(spec.declaration.observable(spec.orderParameter)?.regimes.isEmpty ?? true)
        func add(_ observation: Observation) {
            let point = observation.point
            guard let x = point.controls[spec.along]?.number else { return }
            let fixed = fixedControls(of: point)
            samples[fixed, default: []].append(
                CurveSample(
                    control: x, replica: point.replica, direction: point.direction, outcome: observation.outcome,
                    reason: observation.reason, values: observation.values,
                    counts: observation.outcome.isDone
                        || namesRegimes && observation.values[spec.orderParameter] != nil,
                    seconds: observation.seconds))
            if withBranches.contains(point.identity) { followed.append((point, fixed)) }
        }
        try store.forEachObservation(of: self.points(by: counts), add)
        try store.forEachObservation(of: points, add)
        for (point, fixed) in followed {
            let rows = try store.branch(of: point.identity, along: spec.along)
            branches[fixed, default: []].append(
                FollowedBranch(axis: spec.along, replica: point.replica, rows: rows))
        }
        return samples.map { fixed, samples in
            let key = CurveKey(
                model: spec.declaration.name, fixed: fixed, axis: spec.along, orderParameter: spec.orderParameter)
            return Curve(
                key: key, samples: samples, varying: varying, branches: branches[fixed] ?? [],
                commonReplicas: common?[fixed])
        }
    }

    /// Controls that differ between curves, in the order of the axes.
    var varying: [String] {
        spec.dimensions.flatMap { dimension in
            dimension.controls.enumerated().compactMap { index, name in
                name != spec.along && Set(dimension.values.map { $0[index] }).count > 1 ? name : nil
            }
        }
    }
}
