import PhaseSpace

extension FigureKind {
    static let lossDerivatives = FigureKind(
        name: "loss-derivatives",
        caption:
            "The lowest loss F and its first two derivatives: a jump of F′ is a first-order transition, one of F″ a "
            + "second-order one.",
        needs: .sweptControl
    ) { input, width throws(FigureError) in try input.lossDerivativesFigure(width: width) }
}

extension FigureInput {
    /// The loss and its first two derivatives along the swept control, in panels one below the other.
    func lossDerivativesFigure(width: Double) throws(FigureError) -> FigureScript {
        var script = FigureScript("loss-derivatives")
        let names = (0...2).compactMap { order in derivativeName(order).map { (order: order, name: $0) } }
        guard names.first?.order == 0 else {
            throw .nothingToDraw(figure: script.figure, reason: "no done point has a `\(Observable.Name.loss)`")
        }
        let columns = names.map(\.name)
        let points = points(of: columns)
        let theory = theoryTable("theory", meaning: "Exact global phase.", of: columns, \.equilibrium)
        let population = theoryTable(
            "population", meaning: "Exact global phase of the population.", of: columns, \.population)
        let other = otherBranches(of: columns)
        let transitions = transitionTable()
        script.tables = [
            points, theory.table, population.table, other.metastable.table, other.unstable.table, transitions,
        ]

        var xAxis = sweepAxis
        xAxis.widen(where: false)
        let lines: [(name: String, table: PieceTable, legend: String)] = [
            ("theory", theory, "theory"), ("population", population, "population"),
            ("metastable", other.metastable, "metastable" + ofOneReplica),
        ]
        let gap = 0.18
        let panelHeight = 0.3 * width
        var layout = FigureLayout(
            width: width, plotHeight: Double(names.count) * panelHeight + Double(names.count - 1) * gap, legend: [],
            title: title)
        // A metastable branch ends with F″ → −∞: the range is the global phase's, and the branch runs out of the panel.
        let ranges = names.indices.map { panel in
            FigureAxis(
                holding: points.rows.flatMap { row in
                    let error = row[3 + 3 * panel].isFinite ? row[3 + 3 * panel] : 0
                    return [row[2 + 3 * panel] - error, row[2 + 3 * panel] + error]
                }
                    + [theory, population].flatMap { lines in
                        lines.table.rows.filter { xAxis.contains($0[2]) }.map { $0[3 + panel] }
                    }, padding: 0.08)
        }
        let yTicks = ranges.map { $0.ticks(along: panelHeight, isVertical: true) }
        layout.makeRoom(for: yTicks)
        let marks = script.setMarks(
            transitions, on: xAxis, symbol: axisSymbol, plotWidth: layout.plotWidth, left: layout.left)
        layout.markRows = marks.rows
        layout.legend = script.setCurves(self, lines: lines) + marks.legend
        script.set(layout)
        script.set(xAxis, as: "x", length: layout.plotWidth)
        script.set("x_label", .text(label(ofControl: axis.name)))
        script.set("panels", .integer(names.count))
        script.set("panel_gap", .number(gap))
        let labels = ["loss F", "F′ = dF/d\(axisSymbol)", "F″ = d²F/d\(axisSymbol)²"]
        script.set("panel_label", .texts(names.map { labels[$0.order] }))
        script.set("panel_symbol", .texts(names.map { ["F", "F′", "F″"][$0.order] }))
        script.set(ranges, yTicks, as: "panel_y")
        return script
    }

    /// The observable that is this derivative of the loss along the swept control and has values; nil without one.
    private func derivativeName(_ order: Int) -> String? {
        let usual = [Observable.Name.loss, Observable.Name.lossSlope, Observable.Name.lossCurvature][order]
        let isAlongAnother = observables.contains {
            $0.name == usual && $0.derivative.map { $0.by != axis.name } == true
        }
        let wanted = Observable.Derivative(of: Observable.Name.loss, order: order, by: axis.name)
        let declared = observables.filter { order > 0 && $0.derivative == wanted }.map(\.name)
        return ((isAlongAnother ? [] : [usual]) + declared).first { name in
            curves.contains { $0.samples.contains { $0.outcome.isDone && $0.values[name]?.isFinite == true } }
        }
    }
}
