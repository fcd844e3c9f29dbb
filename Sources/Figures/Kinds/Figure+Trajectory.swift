import PhaseSpace

/// Observables over the steps of a run: mean over replicas with standard error, and the exact curve beside it.
public struct TrajectorySeries: Sendable {
    /// What sets it apart from the others, for the legend.
    public var label: String
    /// By rising step; one entry per observable that was recorded there.
    public var steps: [(step: Int, values: [String: ReplicaAverage])]
    /// Columns `step` and observables by name; may be empty.
    public var theory: [TheoryCurve]

    public init(
        label: String, steps: [(step: Int, values: [String: ReplicaAverage])], theory: [TheoryCurve] = []
    ) {
        self.label = label
        self.steps = steps
        self.theory = theory
    }
}

/// Mean over replicas with its standard error (NaN for a single replica).
public struct ReplicaAverage: Sendable, Hashable {
    public let mean: Double
    public let standardError: Double
    public let count: Int

    public init(_ values: [Double]) {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        standardError = values.count > 1 ? (squares / (n - 1) / n).squareRoot() : .nan
        count = values.count
    }
}

extension FigureKind {
    static let trajectory = FigureKind(
        name: "trajectory",
        caption: "Observables over the steps of training, mean over replicas; theory dashed.",
        needs: .points
    ) { input, width throws(FigureError) in try input.trajectoryFigure(width: width) }
}

extension FigureInput {
    /// The order parameter, and what else the model names for it, over steps: one panel each, points with error bars where
    /// there are few steps and lines where there are many; theory dashed in the same colour.
    func trajectoryFigure(width: Double) throws(FigureError) -> FigureScript {
        var script = FigureScript("trajectory")
        let names = ([orderParameter] + trajectoryObservables).reduce(into: [String]()) { names, name in
            let isThere = trajectories.contains { $0.steps.contains { $0.values[name] != nil } }
            if isThere, !names.contains(name) { names.append(name) }
        }
        guard !names.isEmpty else {
            throw .nothingToDraw(
                figure: script.figure,
                reason:
                    "no point has recorded the steps of its run (`\(orderParameter)` or another observable that is kept "
                    + "along trajectories)")
        }
        let points = trajectoryPoints(of: names)
        let theory = trajectoryTheory(of: names)
        var published = PieceTable(
            "published", meaning: "Trajectories from elsewhere.",
            columns: [("step", "gradient step")] + names.map { ($0, meaning(ofObservable: $0)) })
        for (index, curve) in publishedTrajectories.enumerated() {
            published.add(values(of: ["step"] + names, in: curve), ofCurve: index + 1)
        }
        script.tables = [points, theory.table, published.table]

        let steps = trajectories.flatMap { $0.steps.map { Double($0.step) } }
        var xAxis = FigureAxis(sweepOver: steps)
        if !xAxis.isLogarithmic { xAxis = FigureAxis(holding: steps, padding: 0.03) }
        let isDense = (trajectories.map(\.steps.count).max() ?? 0) > 40
        let gap = 0.18
        let panelHeight = (names.count == 1 ? 0.58 : 0.4) * width
        var layout = FigureLayout(
            width: width, plotHeight: Double(names.count) * panelHeight + Double(names.count - 1) * gap,
            legend: trajectories.map(\.label), title: title)
        if layout.legend == [""] { layout.legend = theory.curves.isEmpty ? [] : ["trained"] }
        if !theory.curves.isEmpty { layout.legend.append("theory") }
        layout.legend += published.curves.map { publishedTrajectories[$0 - 1].label }
        let ranges = names.indices.map { panel in
            Self.trajectoryRange(
                points.rows.flatMap { row in
                    let error = row[3 + 3 * panel].isFinite ? row[3 + 3 * panel] : 0
                    return [row[2 + 3 * panel] - error, row[2 + 3 * panel], row[2 + 3 * panel] + error]
                } + (theory.table.rows + published.table.rows).map { $0[3 + panel] })
        }
        let yTicks = ranges.map { $0.ticks(along: panelHeight, isVertical: true) }
        layout.makeRoom(for: yTicks)
        script.set(layout)
        script.set(xAxis, as: "x", length: layout.plotWidth)
        script.set("x_label", .text("step t"))
        script.set("published_pieces", .integer(published.curves.count))
        script.set("series", .integer(trajectories.count))
        script.setTints(trajectories.count)
        script.set("is_dense", .integer(isDense ? 1 : 0))
        script.set("theory_pieces", .integer(theory.curves.count))
        script.set("theory_curve", .integers(theory.curves))
        script.set("has_theory", .integer(theory.curves.isEmpty ? 0 : 1))
        script.set("panels", .integer(names.count))
        script.set("panel_gap", .number(gap))
        script.set("panel_label", .texts(names.map(label(ofObservable:))))
        script.set(ranges, yTicks, as: "panel_y")
        return script
    }

    /// Logarithmic where all values are positive and span more than three decades.
    private static func trajectoryRange(_ values: [Double]) -> FigureAxis {
        let values = values.filter(\.isFinite)
        guard let least = values.min(), let greatest = values.max(), least > 0, greatest > 1000 * least else {
            return FigureAxis(holding: values, padding: 0.08)
        }
        var axis = FigureAxis(holding: values)
        (axis.low, axis.high, axis.isLogarithmic) = (least / 1.5, greatest * 1.5, true)
        return axis
    }

    private var seriesList: String {
        trajectories.enumerated().map { "\($0 + 1): \($1.label.isEmpty ? "the sweep" : $1.label)" }.joined(
            separator: "; ")
    }

    private func trajectoryPoints(of names: [String]) -> FigureTable {
        var table = FigureTable(
            "points",
            meaning: "Mean over replicas with standard error (NaN: a single replica) at every recorded step. Curves: "
                + seriesList,
            columns: [("curve", "number of the curve"), ("step", "gradient step")]
                + names.flatMap { name in
                    [
                        (name, meaning(ofObservable: name)), ("\(name)_error", "its standard error"),
                        ("\(name)_replicas", "how many replicas the mean is over"),
                    ]
                })
        for (index, series) in trajectories.enumerated() {
            for (step, values) in series.steps {
                table.rows.append(
                    [Double(index + 1), Double(step)]
                        + names.flatMap { name in
                            let value = values[name]
                            return [value?.mean ?? .nan, value?.standardError ?? .nan, Double(value?.count ?? 0)]
                        })
            }
        }
        return table
    }

    private func trajectoryTheory(of names: [String]) -> PieceTable {
        var pieces = PieceTable(
            "theory", meaning: "Exact trajectories. Curves: \(seriesList)",
            columns: [("step", "gradient step")] + names.map { ($0, meaning(ofObservable: $0)) })
        for (index, series) in trajectories.enumerated() {
            for curve in series.theory { pieces.add(values(of: ["step"] + names, in: curve), ofCurve: index + 1) }
        }
        return pieces
    }
}
