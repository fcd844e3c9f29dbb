import OrderedCollections
import PhaseSpace
import Support

extension ExplorerData {
    private typealias Ranges = [JSONValue]

    private static func range(_ first: Int, _ count: Int) -> JSONValue {
        [.number(Double(first)), .number(Double(count))]
    }

    /// Means, one row for each place, curve after curve.
    mutating func placeTable(
        of sweep: ExplorerSweep, _ numbers: [Double: Int], _ notes: inout [String]
    ) -> (table: JSONValue, ranges: [JSONValue]) {
        var perCurve = sweep.curves.indices.map { sweep.places(ofCurve: $0) }
        let total = perCurve.reduce(0) { $0 + $1.count }
        if total > ExplorerLimits.places {
            let factor = (total + ExplorerLimits.places - 1) / ExplorerLimits.places
            perCurve = perCurve.map { Self.joined($0, by: factor, sweep) }
            notes.append("\(total) places: \(factor) neighbours along \(sweep.axis.name) are one cell, their mean")
        }
        let rows = Array(perCurve.joined())
        var observables: OrderedDictionary<String, JSONValue> = [:]
        var spent = 0
        for observable in Self.byImportance(sweep) where rows.contains(where: { $0.mean[observable.name] != nil }) {
            spent += 2 * rows.count
            guard spent <= ExplorerLimits.placeNumbers || observables.count < 2 else { break }
            observables[observable.name] = [
                "mean": columns.floats(rows.map { $0.mean[observable.name] ?? .nan }),
                "error": columns.floats(rows.map { $0.error[observable.name] ?? .nan }),
            ]
        }
        let worst = Outcome.allCases
        let table: JSONValue = [
            "x": columns.whole(rows.map { numbers[$0.control] ?? 0 }), "count": columns.whole(rows.map(\.count)),
            "phase": columns.whole(rows.map(\.phase)), "failures": columns.whole(rows.map(\.failures)),
            "worst": columns.whole(rows.map { row in row.worst.flatMap { worst.firstIndex(of: $0) } ?? 0 }),
            "seconds": columns.floats(rows.map(\.seconds)), "observables": .object(observables),
            "difference": rows.contains { $0.difference.isFinite } ? columns.doubles(rows.map(\.difference)) : .null,
            "differenceInErrors": rows.contains { $0.differenceInErrors.isFinite }
                ? columns.doubles(rows.map(\.differenceInErrors)) : .null,
        ]
        var first = 0
        let ranges = perCurve.map { rows in
            defer { first += rows.count }
            return Self.range(first, rows.count)
        }
        return (table, ranges)
    }

    /// Points, curve after curve in the order of the samples; null where there are too many to send.
    mutating func pointTable(
        of sweep: ExplorerSweep, _ numbers: [Double: Int], _ notes: inout [String]
    ) -> (table: JSONValue, ranges: [JSONValue]) {
        let samples = sweep.curves.flatMap(\.samples)
        guard samples.count <= ExplorerLimits.points else {
            notes.append(
                "\(samples.count) points: the page holds summaries for each place; `landau export` has them all")
            return (.null, sweep.curves.map { _ in Self.range(0, 0) })
        }
        var reasons: OrderedSet<String> = [""]
        let sentences = samples.map { reasons.append($0.reason).index }
        var observables: OrderedDictionary<String, JSONValue> = [:]
        var (spent, left) = (0, 0)
        for observable in Self.byImportance(sweep) where samples.contains(where: { $0.values[observable.name] != nil })
        {
            spent += samples.count
            guard spent <= ExplorerLimits.pointNumbers || observables.isEmpty else {
                left += 1
                continue
            }
            observables[observable.name] = columns.floats(samples.map { $0.values[observable.name] ?? .nan })
        }
        if left > 0 {
            notes.append(
                "\(samples.count) points: \(left) of \(left + observables.count) observables are there as means only")
        }
        let table: JSONValue = [
            "x": columns.whole(samples.map { numbers[$0.control] ?? 0 }),
            "replica": columns.whole(samples.map(\.replica)),
            "direction": columns.whole(samples.map { Direction.allCases.firstIndex(of: $0.direction)! }),
            "outcome": columns.whole(samples.map { Outcome.allCases.firstIndex(of: $0.outcome)! }),
            "counts": columns.whole(samples.map { $0.counts ? 1 : 0 }), "reason": columns.whole(sentences),
            "reasons": .list(reasons.map(JSONValue.text)), "observables": .object(observables),
        ]
        var first = 0
        let ranges = sweep.curves.map { curve in
            defer { first += curve.samples.count }
            return Self.range(first, curve.samples.count)
        }
        return (table, ranges)
    }

    /// The order parameter and the loss with its derivatives first, then as the model declares them.
    private static func byImportance(_ sweep: ExplorerSweep) -> [Observable] {
        let first = [
            sweep.orderParameter, Observable.Name.loss, Observable.Name.lossSlope, Observable.Name.lossCurvature,
            Observable.Name.orderedFraction,
        ]
        return first.compactMap { name in sweep.observables.first { $0.name == name } }
            + sweep.observables.filter { !first.contains($0.name) }
    }

    /// Neighbours of one curve as one place: means of means; of regimes the commonest.
    private static func joined(_ rows: [PlaceRow], by factor: Int, _ sweep: ExplorerSweep) -> [PlaceRow] {
        stride(from: 0, to: rows.count, by: factor).map { start in
            let part = rows[start..<min(start + factor, rows.count)]
            var mean: [String: Double] = [:]
            for observable in sweep.observables {
                let values = part.compactMap { $0.mean[observable.name] }
                guard !values.isEmpty else { continue }
                mean[observable.name] =
                    observable.regimes.isEmpty
                    ? ExplorerSweep.average(values).mean : ExplorerSweep.commonest(values)
            }
            return PlaceRow(
                control: part[start + part.count / 2].control, count: part.reduce(0) { $0 + $1.count }, phase: 0,
                mean: mean, error: [:], failures: part.reduce(0) { $0 + $1.failures },
                worst: Outcome.allCases.last { outcome in part.contains { $0.worst == outcome } },
                seconds: ExplorerSweep.average(part.map(\.seconds)).mean,
                difference: ExplorerSweep.average(part.map(\.difference)).mean, differenceInErrors: .nan)
        }
    }

    /// Single runs over their steps, thinned; those of low replica numbers where there is no room for all.
    mutating func runTable(
        of sweep: ExplorerSweep, _ numbers: [Double: Int], _ notes: inout [String]
    ) -> JSONValue {
        var spent = 0
        var list: [JSONValue] = []
        for run in sweep.runs {
            let steps = ExplorerLimits.thinned(run.steps.count).map { run.steps[$0] }
            let names = Set(steps.flatMap(\.values.keys)).sorted()
            spent += steps.count * (names.count + 1)
            guard spent <= ExplorerLimits.trajectoryNumbers || list.isEmpty else { break }
            list.append([
                "curve": .number(Double(run.curve)), "x": .number(Double(numbers[run.control] ?? 0)),
                "replica": .number(Double(run.replica)),
                "direction": .number(Double(Direction.allCases.firstIndex(of: run.direction)!)),
                "steps": columns.whole(steps.map(\.step)),
                "observables": .object(
                    OrderedDictionary(
                        uniqueKeysWithValues: names.map { name in
                            (name, columns.floats(steps.map { $0.values[name] ?? .nan }))
                        })),
            ])
        }
        if list.count < sweep.runs.count {
            notes.append(
                "\(list.count) of \(sweep.runs.count) trajectories are on the page, those of low replica numbers")
        }
        return .list(list)
    }

    mutating func series(_ series: ExplorerSeries) -> JSONValue {
        let steps = ExplorerLimits.thinned(series.steps.count).map { series.steps[$0] }
        let names = Set(steps.flatMap(\.values.keys)).sorted()
        return [
            "label": .text(series.label), "theory": .bool(series.isTheory),
            "of": series.of.map { .number(Double($0)) } ?? .null, "steps": columns.floats(steps.map(\.step)),
            "observables": .object(
                OrderedDictionary(
                    uniqueKeysWithValues: names.map { name -> (String, JSONValue) in
                        (
                            name,
                            [
                                "mean": columns.floats(steps.map { $0.values[name]?.mean ?? .nan }),
                                "error": columns.floats(steps.map { $0.values[name]?.error ?? .nan }),
                            ]
                        )
                    })),
        ]
    }
}
