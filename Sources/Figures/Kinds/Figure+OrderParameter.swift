import PhaseSpace

extension FigureKind {
    static let orderParameter = FigureKind(
        name: "order-parameter",
        caption:
            "The order parameter in the global phase over the swept control, mean over replicas with standard error; "
            + "warm sweeps where they leave it; exact theory dashed; transitions with their order.",
        needs: .sweptControl
    ) { input, width throws(FigureError) in try input.orderParameterFigure(width: width) }
}

extension FigureInput {
    /// The order parameter against the swept control: global phase, warm sweeps, theory, marks at the transitions.
    func orderParameterFigure(width: Double) throws(FigureError) -> FigureScript {
        var script = FigureScript("order-parameter")
        let points = points(of: [orderParameter])
        guard points.rows.contains(where: { $0[2].isFinite }) else {
            throw .nothingToDraw(
                figure: script.figure, reason: "no done point has a value of the order parameter `\(orderParameter)`")
        }
        let warm = warmSweeps(of: orderParameter)
        let theory = theoryTable("theory", meaning: "Exact global phase.", of: [orderParameter], \.equilibrium)
        let population = theoryTable(
            "population", meaning: "Exact global phase of the population.", of: [orderParameter], \.population)
        let other = otherBranches(of: [orderParameter])
        let transitions = transitionTable()
        script.tables = [
            points, warm.up.table, warm.down.table, warm.arrows, theory.table, population.table,
            other.metastable.table, other.unstable.table, transitions,
        ]

        var xAxis = sweepAxis
        xAxis.widen(where: Set(points.rows.map { $0[1] }).count <= 6)
        let regimes = observables.first { $0.name == orderParameter }?.regimes ?? [:]
        let yAxis = FigureAxis(
            holding: points.rows.flatMap { $0[3].isFinite ? [$0[2] - $0[3], $0[2] + $0[3]] : [$0[2]] }
                + [warm.up, warm.down].flatMap { $0.table.rows.map { $0[3] } }
                + [theory, population].flatMap { table in
                    table.table.rows.filter { xAxis.contains($0[2]) }.map { $0[3] }
                })
        let lines: [(name: String, table: PieceTable, legend: String)] = [
            ("warm_up", warm.up, "warm up"), ("warm_down", warm.down, "warm down"), ("theory", theory, "theory"),
            ("population", population, "population"), ("metastable", other.metastable, "metastable" + ofOneReplica),
            ("unstable", other.unstable, "unstable" + ofOneReplica),
        ]
        var layout = FigureLayout(width: width, plotHeight: 0.58 * width, legend: [], title: title)
        var yTicks = yAxis.ticks(along: layout.plotHeight, isVertical: true)
        if !regimes.isEmpty { yTicks.major = regimes.sorted { $0.key < $1.key }.map { (Double($0.key), $0.value) } }
        layout.makeRoom(for: [yTicks])
        let marks = script.setMarks(
            transitions, on: xAxis, symbol: axisSymbol, plotWidth: layout.plotWidth, left: layout.left)
        layout.markRows = marks.rows
        layout.legend = script.setCurves(self, lines: lines)
        let controls = points.rows.map { [$0[0], $0[1]] }
        let isSplit = Set(controls).count < controls.count
        for (name, isThere, legend) in [
            ("arrows", !warm.arrows.rows.isEmpty, "warm sweep jumps"),
            ("split", isSplit, "one \(axisSymbol), two phases of replicas"),
        ] {
            script.set("has_\(name)", .integer(isThere ? 1 : 0))
            if isThere { layout.legend.append(legend) }
        }
        layout.legend += marks.legend
        script.set(layout)
        script.set(xAxis, as: "x", length: layout.plotWidth)
        script.set(yAxis, yTicks, as: "y")
        script.set("x_label", .text(label(ofControl: axis.name)))
        script.set("y_label", .text(label(ofObservable: orderParameter)))
        script.set("arrow_count", .integer(warm.arrows.rows.count))
        return script
    }
}

extension FigureScript {
    /// Number of curves; number and curve of each line's pieces.
    /// - Returns: entries of the legend.
    mutating func setCurves(
        _ input: FigureInput, lines: [(name: String, table: PieceTable, legend: String)]
    ) -> [String] {
        let labels = input.curves.map { input.label(of: $0) }.map { $0.isEmpty ? "trained" : $0 }
        set("curves", .integer(labels.count))
        setTints(labels.count)
        var legend = labels
        for line in lines {
            set("\(line.name)_pieces", .integer(line.table.curves.count))
            set("\(line.name)_curve", .integers(line.table.curves))
            set("has_\(line.name)", .integer(line.table.curves.isEmpty ? 0 : 1))
            if !line.table.curves.isEmpty { legend.append(line.legend) }
        }
        // One curve without a name and without company needs no legend.
        return legend == ["trained"] ? [] : legend
    }
}
