import PhaseSpace

/// The global phase of one replica at one value of the swept control.
struct GlobalPhaseRow {
    let control: Double
    let replica: Int
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
    /// At each control and replica the done row of lowest loss, or the zero net where no row lies below it.
    ///
    /// A curve without a loss has no phases to compare: its rows are the cold ones, or those of the first direction.
    var globalPhase: [GlobalPhaseRow] {
        let done = samples.filter(\.counts)
        guard done.contains(where: { $0.values[Observable.Name.loss] != nil }) else {
            let direction = Direction.allCases.first { wanted in done.contains { $0.direction == wanted } }
            return done.filter { $0.direction == direction }.map {
                GlobalPhaseRow(control: $0.control, replica: $0.replica, values: $0.values)
            }
        }
        var rows: [GlobalPhaseRow] = []
        // Samples are sorted by control, then replica: equal ones are neighbours.
        for sample in done {
            guard let loss = sample.values[Observable.Name.loss] else { continue }
            let row = GlobalPhaseRow(control: sample.control, replica: sample.replica, values: sample.values)
            if let last = rows.last, last.control == row.control, last.replica == row.replica {
                if loss < last.values[Observable.Name.loss]! { rows[rows.count - 1] = row }
            } else {
                rows.append(row)
            }
        }
        return rows.map(orZeroNet)
    }

    private func orZeroNet(_ row: GlobalPhaseRow) -> GlobalPhaseRow {
        guard let zero = row.values[Observable.Name.zeroNetLoss], let loss = row.values[Observable.Name.loss],
            zero <= loss + 1e-12 * abs(loss)
        else { return row }
        var values = row.values
        values[key.orderParameter] = 0
        values[Observable.Name.lossSlope] = 0
        values[Observable.Name.lossCurvature] = 0
        values[Observable.Name.loss] = zero
        return GlobalPhaseRow(control: row.control, replica: row.replica, values: values)
    }

    /// Done rows of one direction, each on its own branch.
    func rows(of direction: Direction) -> [GlobalPhaseRow] {
        samples.filter { $0.counts && $0.direction == direction }.map {
            GlobalPhaseRow(control: $0.control, replica: $0.replica, values: $0.values)
        }
    }
}

/// Means by rising control; rows without the observable do not count.
/// - Parameter rows: by rising control.
func replicaMeans(of name: String, over rows: [GlobalPhaseRow]) -> [ReplicaMean] {
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
