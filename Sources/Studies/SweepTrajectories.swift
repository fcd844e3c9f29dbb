import Figures
import OrderedCollections
import PhaseSpace
import Sweeps

/// Runs of a sweep over their steps: replicas of equal controls averaged, the model's exact trajectory beside them.
struct SweepTrajectories {
    private let plan: SweepPlan
    private let picked: [(controls: [String: ControlValue], series: TrajectorySeries)]

    /// A figure with more series than this cannot be read: then some are picked, evenly over the sweep.
    static let limit = 8

    /// Reads the steps of the sweep; the store may be closed afterwards.
    init(plan: SweepPlan, store: Store) throws {
        self.plan = plan
        guard plan.spec.declaration.observables.contains(where: \.isRecordedAlongTrajectory) else {
            picked = []
            return
        }
        var groups: OrderedDictionary<[String: ControlValue], [Point]> = [:]
        for point in try plan.points(in: store) where point.direction != .branch {
            groups[point.controls, default: []].append(point)
        }
        let count = min(groups.count, Self.limit)
        let indices = (0..<count).map { count == 1 ? 0 : $0 * (groups.count - 1) / (count - 1) }
        let varying = plan.spec.dimensions.flatMap(\.controls).filter { name in
            Set(groups.keys.map { $0[name] }).count > 1
        }
        picked = try indices.compactMap { index in
            let (controls, points) = (groups.keys[index], groups.values[index])
            let steps = try Self.averages(of: points, store)
            guard !steps.isEmpty else { return nil }
            let label = Self.label(controls, varying, plan.spec.declaration)
            return (controls, TrajectorySeries(label: label, steps: steps))
        }
    }

    /// - Throws: what the model's theory throws.
    func series() throws -> [TrajectorySeries] {
        try picked.map { controls, series in
            var series = series
            series.theory = try theory(controls)
            return series
        }
    }

    /// Replicas that failed count where none is done: a diverging run is a sight too.
    private static func averages(
        of points: [Point], _ store: Store
    ) throws -> [(step: Int, values: [String: ReplicaAverage])] {
        var observations: [Observation] = []
        try store.forEachObservation(of: points, withTrajectories: true) { observations.append($0) }
        let done = observations.filter(\.outcome.isDone)
        var values: [Int: [String: [Double]]] = [:]
        for observation in done.isEmpty ? observations : done {
            for row in observation.trajectory {
                for (name, value) in row.values { values[row.step, default: [:]][name, default: []].append(value) }
            }
        }
        return values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.mapValues(ReplicaAverage.init)) }
    }

    private func theory(_ controls: [String: ControlValue]) throws -> [TheoryCurve] {
        let spec = plan.spec
        guard spec.declaration.theoryCurves["trajectory"] != nil, let value = controls[spec.along]?.number else {
            return []
        }
        let key = CurveKey(
            model: spec.declaration.name, fixed: controls.filter { $0.key != spec.along }, axis: spec.along,
            orderParameter: spec.orderParameter)
        return try plan.model.theoryCurves(named: "trajectory", of: key, over: [value], .population)
    }

    // MARK: - Words

    private static func label(
        _ controls: [String: ControlValue], _ varying: [String], _ declaration: ModelDeclaration
    ) -> String {
        let words = varying.compactMap { name in
            controls[name].map { value in
                let symbol = declaration.control(name)?.symbol ?? ""
                // A word such as `one-pass` says by itself what it is.
                if case .text(let text) = value { return text }
                return "\(symbol.isEmpty ? name : symbol) = \(value)"
            }
        }
        let label = words.joined(separator: ", ")
        return label.count > 44 ? label.prefix(22) + "…" + label.suffix(21) : label
    }
}
