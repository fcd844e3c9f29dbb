import PhaseSpace

extension FigureKind {
    static let bifurcation = FigureKind(
        name: "bifurcation",
        caption: "Branches of trained nets followed round their folds: minima solid, unstable points dashed.",
        needs: .points
    ) { input, width throws(FigureError) in try input.bifurcationFigure(width: width) }
}

extension FigureInput {
    /// The order parameter along followed branches: minima solid, unstable points dashed, folds, Maxwell points and branch
    /// points marked, the global phase as points.
    func bifurcationFigure(width: Double) throws(FigureError) -> FigureScript {
        var script = FigureScript("bifurcation")
        guard curves.contains(where: { !$0.branches.isEmpty }) else {
            let isAsked = curves.contains { $0.samples.contains { $0.direction == .branch } }
            throw .nothingToDraw(
                figure: script.figure,
                reason: "no branch has been followed"
                    + (isAsked ? "" : ": add `branch` to the spec's `direction`"))
        }
        let points = points(of: [orderParameter])
        let (stable, unstable, events) = followedBranches()
        let transitions = transitionTable()
        script.tables = [points, stable.table, unstable.table, events, transitions]

        var xAxis = sweepAxis
        xAxis.widen(where: false)
        let yAxis = FigureAxis(
            holding: points.rows.map { $0[2] }
                + [stable, unstable].flatMap { $0.table.rows.map { $0[3] } })
        let lines: [(name: String, table: PieceTable, legend: String)] = [
            ("stable", stable, "minima"), ("unstable", unstable, "unstable"),
        ]
        var layout = FigureLayout(width: width, plotHeight: 0.58 * width, legend: [], title: title)
        let yTicks = yAxis.ticks(along: layout.plotHeight, isVertical: true)
        layout.makeRoom(for: [yTicks])
        let marks = script.setMarks(
            transitions, on: xAxis, symbol: axisSymbol, plotWidth: layout.plotWidth, left: layout.left)
        layout.markRows = marks.rows
        layout.legend = script.setCurves(self, lines: lines)
        for (name, code, legend) in [
            ("folds", 0, "fold"), ("maxwell", 1, "equal loss"), ("branch_points", 2, "branch point"),
        ] {
            let isThere = events.rows.contains { Int($0[3]) == code }
            script.set("has_\(name)", .integer(isThere ? 1 : 0))
            if isThere { layout.legend.append(legend) }
        }
        layout.legend += marks.legend
        script.set(layout)
        script.set(xAxis, as: "x", length: layout.plotWidth)
        script.set(yAxis, yTicks, as: "y")
        script.set("x_label", .text(label(ofControl: axis.name)))
        script.set("y_label", .text(label(ofObservable: orderParameter)))
        return script
    }

    /// Some rows with three more between each two, by the cubic in arc length through the four nearest rows: the steps of
    /// the walk are made for the corrector, not for the eye.
    private static func smooth(_ values: [[Double]], _ arcs: [Double], _ run: Range<Int>) -> [[Double]] {
        var result: [[Double]] = []
        for i in run {
            result.append(values[i])
            guard i + 1 < run.upperBound, values.count >= 4 else { continue }
            let first = min(max(i - 1, 0), values.count - 4)
            let nodes = Array(first..<first + 4)
            guard zip(nodes, nodes.dropFirst()).allSatisfy({ arcs[$1] > arcs[$0] }) else { continue }
            for part in 1...3 {
                let s = arcs[i] + (arcs[i + 1] - arcs[i]) * Double(part) / 4
                let weights = nodes.map { a in
                    nodes.filter { $0 != a }.reduce(1) { $0 * (s - arcs[$1]) / (arcs[a] - arcs[$1]) }
                }
                result.append([0, 1].map { c in zip(nodes, weights).reduce(0) { $0 + values[$1.0][c] * $1.1 } })
            }
        }
        return result
    }

    private static let eventCodes: [BranchEvent: Double] = [.fold: 0, .maxwell: 1, .branchPoint: 2]

    /// Pieces of one stability each, joined where it changes, and the folds, Maxwell points and branch points of all replicas.
    private func followedBranches() -> (stable: PieceTable, unstable: PieceTable, events: FigureTable) {
        let columns = [axisColumn, (orderParameter, meaning(ofObservable: orderParameter))]
        var stable = PieceTable(
            "stable", meaning: "Followed branches: minima, replica by replica. Curves: \(curveList)", columns: columns)
        var unstable = PieceTable(
            "unstable", meaning: "Followed branches: unstable points, replica by replica. Curves: \(curveList)",
            columns: columns)
        var events = FigureTable(
            "events", meaning: "Special points of the branches. Curves: \(curveList)",
            columns: [("curve", "number of the curve"), axisColumn]
                + [
                    (orderParameter, meaning(ofObservable: orderParameter)),
                    ("event", "0 fold, 1 equal loss, 2 branch point"),
                ])
        for (index, curve) in curves.enumerated() {
            for rows in curve.branches.flatMap(\.all) {
                let values = rows.map { [$0.control, $0.values[orderParameter] ?? .nan] }
                let arcs = rows.map(\.arcLength)
                for run in runs(of: rows.map(\.isStable)) {
                    stable.add(Self.smooth(values, arcs, run), ofCurve: index + 1)
                }
                for run in runs(of: rows.map { !$0.isStable }) {
                    let joined = max(run.lowerBound - 1, 0)..<min(run.upperBound + 1, values.count)
                    unstable.add(Self.smooth(values, arcs, joined), ofCurve: index + 1)
                }
                for (row, value) in zip(rows, values) {
                    guard let code = row.event.flatMap({ Self.eventCodes[$0] }) else { continue }
                    events.rows.append([Double(index + 1)] + value + [code])
                }
            }
        }
        return (stable, unstable, events)
    }
}
