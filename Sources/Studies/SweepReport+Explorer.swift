import Explorer
import Figures
import Foundation
import PhaseSpace
import Sweeps

extension SweepReport {
    /// What a page of the explorer shows of the sweep.
    /// - Parameter folder: of the results, where it is not that of the sweep's name.
    package func explorerSweep(plan: SweepPlan, store: Store, folder: String?) throws -> ExplorerSweep {
        var notes = specialPoints
        var sweep = ExplorerSweep(
            name: spec.name, title: spec.title, path: spec.path, overrides: spec.overrides, folder: folder, axis: axis,
            controls: spec.declaration.controls, observables: observables, orderParameter: spec.orderParameter,
            replicas: spec.replicas, curves: curves, verdicts: verdicts, theory: try explorerTheory(&notes))
        let zipped = spec.dimensions.filter { $0.controls.count > 1 }.flatMap(\.controls)
        sweep.bound = Set(zipped).union(spec.derived.map(\.name))
        if spec.declaration.observables.contains(where: \.isRecordedAlongTrajectory) {
            sweep.runs = try explorerRuns(plan, store)
            sweep.series = try explorerSeries()
        }
        sweep.left = left
        if left.count > 0 { notes.append("\(left.count) of \(left.planned) points are not there yet") }
        sweep.notes = notes
        return sweep
    }

    /// Exact numbers beside points cost as much as the points: more than this many are left out.
    private static var exactLimit: Int { 50_000 }

    private func explorerTheory(_ notes: inout [String]) throws -> [ExplorerTheory] {
        guard let theory else { return curves.map { _ in ExplorerTheory() } }
        let points = curves.reduce(0) { count, curve in
            count + Set(curve.samples.map { [Double($0.replica), $0.control] }).count
        }
        if points > Self.exactLimit, theory.theoryNames.contains("equilibrium") {
            notes.append(
                "exact values beside points are left out: there are \(points) points, at most \(Self.exactLimit)")
        }
        return try curves.map { curve in
            let drawn = try theory.curves(of: curve)
            var result = ExplorerTheory()
            (result.equilibrium, result.branches, result.population) = (
                drawn.equilibrium, drawn.branches, drawn.population
            )
            if theory.theoryNames.contains("modes") {
                let replica = curve.samples.map(\.replica).min() ?? 0
                result.modes = try theory.model.theoryCurves(named: "modes", of: curve.key, over: [], .replica(replica))
            }
            if points <= Self.exactLimit { result.exact = try theory.exactValues(of: curve) }
            return result
        }
    }

    /// Runs with recorded steps, those of low replica numbers first; reading ends when a page can hold no more.
    private func explorerRuns(_ plan: SweepPlan, _ store: Store) throws -> [ExplorerRun] {
        struct Enough: Error {}
        let numbers = Dictionary(uniqueKeysWithValues: curves.enumerated().map { ($1.key.fixed, $0) })
        let points = Self.list(try plan.points(in: store)).enumerated().filter { $0.element.direction != .branch }
            .sorted { ($0.element.replica, $0.offset) < ($1.element.replica, $1.offset) }.map(\.element)
        var runs: [ExplorerRun] = []
        var spent = 0
        do {
            try store.forEachObservation(of: points, withTrajectories: true) { observation in
                guard !observation.trajectory.isEmpty, let x = observation.point.controls[spec.along]?.number else {
                    return
                }
                let fixed = observation.point.controls.filter { $0.key != spec.along }
                guard let curve = numbers[fixed] else { return }
                runs.append(
                    ExplorerRun(
                        curve: curve, control: x, replica: observation.point.replica,
                        direction: observation.point.direction, steps: observation.trajectory))
                let columns = observation.trajectory[0].values.count + 1
                spent += min(observation.trajectory.count, ExplorerLimits.trajectoryPoints) * columns
                if spent > ExplorerLimits.trajectoryNumbers { throw Enough() }
            }
        } catch is Enough {}
        return runs
    }

    private static func list(_ points: some Sequence<Point>) -> [Point] { Array(points) }

    /// Averages over replicas with theory behind each.
    private func explorerSeries() throws -> [ExplorerSeries] {
        var result: [ExplorerSeries] = []
        for series in try trajectories.series() {
            let place = result.count
            result.append(
                ExplorerSeries(
                    label: series.label,
                    steps: series.steps.map { step, values in
                        (Double(step), values.mapValues { ($0.mean, $0.standardError) })
                    }))
            for theory in series.theory {
                result.append(
                    ExplorerSeries(label: theory.label, steps: Self.steps(of: theory), isTheory: true, of: place))
            }
        }
        for published in try PublishedTrajectories(besideSpec: spec.path, spec.declaration).curves {
            result.append(ExplorerSeries(label: published.label, steps: Self.steps(of: published), isTheory: true))
        }
        return result
    }

    private static func steps(of curve: TheoryCurve) -> [(
        step: Double, values: [String: (mean: Double, error: Double)]
    )] {
        guard let place = curve.columns.firstIndex(of: "step") else { return [] }
        return curve.rows.map { row in
            var values: [String: (mean: Double, error: Double)] = [:]
            for (column, name) in curve.columns.enumerated() where column != place && row[column].isFinite {
                values[name] = (row[column], .nan)
            }
            return (row[place], values)
        }
    }
}

extension SweepTheory {
    /// The global phase on each replica's own data, at the controls of its points.
    fileprivate func exactValues(of curve: Curve) throws -> [Int: [Double: [String: Double]]] {
        guard theoryNames.contains("equilibrium") else { return [:] }
        var result: [Int: [Double: [String: Double]]] = [:]
        for (replica, samples) in Dictionary(grouping: curve.samples, by: \.replica) {
            let controls = Set(samples.map(\.control)).sorted()
            let pieces = try model.theoryCurves(named: "equilibrium", of: curve.key, over: controls, .replica(replica))
            for piece in pieces {
                for row in piece.rows {
                    let values = zip(piece.columns, row).dropFirst().filter { $0.1.isFinite }
                    result[replica, default: [:]][row[0]] = Dictionary(values.map { ($0.0, $0.1) }) { $1 }
                }
            }
        }
        return result
    }
}
