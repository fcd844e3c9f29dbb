import PhaseSpace
import Transitions

/// Means over replicas at each place of a curve: one value of the swept control, in the global phase.
struct PlaceRow {
    let control: Double
    /// Replicas that the means are over.
    let count: Int
    /// 1 where the row is of zero nets alone, beside one of other replicas at the same control: a mean over both would be a
    /// state that no net is in.
    let phase: Int
    let mean: [String: Double]
    /// Standard errors; none for a single replica.
    let error: [String: Double]
    /// Points that are not done, and the worst way in which one ended.
    let failures: Int
    let worst: Outcome?
    let seconds: Double
    /// Ours minus exact: the mean over replicas, and the same in standard errors of the mean over replicas.
    let difference: Double
    let differenceInErrors: Double
}

extension ExplorerSweep {
    /// A curve's places by rising control.
    func places(ofCurve index: Int) -> [PlaceRow] {
        let curve = curves[index]
        let states = states(of: curve)
        let mixes = verdicts[index].transitions.contains { $0.order == .first }
        let samples = Dictionary(grouping: curve.samples.indices) { curve.samples[$0].control }
        return samples.keys.sorted().flatMap { control -> [PlaceRow] in
            let here = states[control] ?? []
            let zero = here.filter(\.isZeroNet)
            let rest = here.filter { !$0.isZeroNet }
            let groups = mixes && !zero.isEmpty && !rest.isEmpty ? [rest, zero] : [here]
            return groups.enumerated().map { phase, rows in
                row(control, rows, phase: phase, samples[control]!, ofCurve: index)
            }
        }
    }

    private struct State {
        let replica: Int
        let isZeroNet: Bool
        let values: [String: Double]
    }

    /// The state of lowest loss of each replica, or, without a loss, the rows of the first direction that has any.
    private func states(of curve: Curve) -> [Double: [State]] {
        // A run that ended in a regime has no minimum, and its regime is what counts.
        let namesRegimes = observables.contains { $0.name == orderParameter && !$0.regimes.isEmpty }
        let phases = namesRegimes ? [] : globalPhase(of: curve, observables: [])
        guard phases.isEmpty else {
            return Dictionary(grouping: phases, by: \.control).mapValues {
                $0.map { State(replica: $0.replica, isZeroNet: $0.isZeroNet, values: $0.values) }
            }
        }
        let done = curve.samples.filter(\.counts)
        let direction = Direction.allCases.first { wanted in done.contains { $0.direction == wanted } }
        return Dictionary(grouping: done.filter { $0.direction == direction }, by: \.control).mapValues {
            $0.map { State(replica: $0.replica, isZeroNet: false, values: $0.values) }
        }
    }

    private func row(
        _ control: Double, _ rows: [State], phase: Int, _ samples: [Int], ofCurve index: Int
    ) -> PlaceRow {
        var mean: [String: Double] = [:]
        var error: [String: Double] = [:]
        for observable in observables {
            let values = rows.compactMap { $0.values[observable.name] }.filter(\.isFinite)
            guard !values.isEmpty else { continue }
            (mean[observable.name], error[observable.name]) =
                observable.regimes.isEmpty ? Self.average(values) : (Self.commonest(values), .nan)
        }
        let exact = theory[index].exact
        let differences = rows.compactMap { row -> Double? in
            guard let ours = row.values[orderParameter], let theirs = exact[row.replica]?[control]?[orderParameter]
            else { return nil }
            return ours - theirs
        }
        let difference = Self.average(differences).mean
        let curve = curves[index]
        let failed = samples.map { curve.samples[$0] }.filter { !$0.counts }.map(\.outcome)
        let seconds = samples.map { curve.samples[$0].seconds }
        return PlaceRow(
            control: control, count: rows.count, phase: phase, mean: mean, error: error, failures: failed.count,
            worst: Outcome.allCases.last { failed.contains($0) }, seconds: Self.average(seconds).mean,
            difference: difference, differenceInErrors: difference / (error[orderParameter] ?? .nan))
    }

    /// NaN for the mean of nothing, and for the error of one.
    static func average(_ values: [Double]) -> (mean: Double, error: Double) {
        guard !values.isEmpty else { return (.nan, .nan) }
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        guard values.count > 1 else { return (mean, .nan) }
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, (squares / (n - 1) / n).squareRoot())
    }

    /// A mean of regimes would be none; of equally common ones the milder stands.
    static func commonest(_ values: [Double]) -> Double {
        let counts = values.reduce(into: [Double: Int]()) { $0[$1, default: 0] += 1 }
        return counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? .nan
    }
}
