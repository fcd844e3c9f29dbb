import PhaseSpace
import Transitions

/// A replica's state at one value of the swept control, with all its observables.
struct PhaseValues {
    let control: Double
    let replica: Int
    var isZeroNet = false
    let values: [String: Double]
}

/// Mean over replicas with its standard error (NaN for a single replica).
struct ReplicaMean {
    let control: Double
    let count: Int
    let mean: Double
    let standardError: Double
}

extension Curve {
    /// The global phase, as verdicts see it, by control, then replica.
    ///
    /// A curve without a loss has no phases to compare: its rows are the cold ones, or those of the first direction.
    var globalPhase: [PhaseValues] {
        let phases = Transitions.globalPhase(of: self, observables: [])
        guard phases.isEmpty else {
            // Where one replica was looked at more closely the others have no row: a mean would jump from one to all.
            let counts = phases.reduce(into: [Double: Int]()) { $0[$1.control, default: 0] += 1 }
            let most = counts.values.max() ?? 0
            return phases.filter { 2 * counts[$0.control]! > most }.map {
                PhaseValues(control: $0.control, replica: $0.replica, isZeroNet: $0.isZeroNet, values: $0.values)
            }.sorted { ($0.control, $0.replica) < ($1.control, $1.replica) }
        }
        let done = samples.filter(\.counts)
        let direction = Direction.allCases.first { wanted in done.contains { $0.direction == wanted } }
        return direction.map(rows(of:)) ?? []
    }

    /// Done rows of one direction, each on its own branch.
    func rows(of direction: Direction) -> [PhaseValues] {
        samples.filter { $0.counts && $0.direction == direction }.map {
            PhaseValues(control: $0.control, replica: $0.replica, values: $0.values)
        }
    }
}

extension FigureInput {
    /// The global phase of a curve in one list, or in two where a jump is at different controls in different replicas:
    /// there the zero nets stand apart, for a mean over both phases would be a state that no net is in.
    func phasesApart(of index: Int) -> [[PhaseValues]] {
        let rows = curves[index].globalPhase
        guard verdicts[index].transitions.contains(where: { $0.order == .first }) else { return [rows] }
        let mixed = Set(rows.filter(\.isZeroNet).map(\.control))
            .intersection(rows.filter { !$0.isZeroNet }.map(\.control))
        let apart = rows.filter { $0.isZeroNet && mixed.contains($0.control) }
        return apart.isEmpty ? [rows] : [rows.filter { !($0.isZeroNet && mixed.contains($0.control)) }, apart]
    }
}

/// Means by rising control; rows without the observable do not count.
/// - Parameter rows: by rising control.
func replicaMeans(of name: String, over rows: [PhaseValues]) -> [ReplicaMean] {
    var groups: [(control: Double, values: [Double])] = []
    for row in rows {
        guard let value = row.values[name], value.isFinite else { continue }
        if groups.last?.control == row.control {
            groups[groups.count - 1].values.append(value)
        } else {
            groups.append((row.control, [value]))
        }
    }
    return groups.map { control, values in
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let error = values.count > 1 ? (squares / (n - 1) / n).squareRoot() : .nan
        return ReplicaMean(control: control, count: values.count, mean: mean, standardError: error)
    }
}
