import PhaseSpace
import Transitions

extension FigureKind {
    static let binder = FigureKind(
        name: "binder",
        caption: "Binder's cumulant over replicas; sizes cross at the transition.",
        needs: .sweptControl
    ) { input, width throws(FigureError) in try input.binderFigure(width: width) }
}

extension FigureInput {
    /// Binder's cumulant of the order parameter over replicas, for each value of another control that plays the part of
    /// a size, and where the curves of neighbouring sizes cross.
    func binderFigure(width: Double) throws(FigureError) -> FigureScript {
        var script = FigureScript("binder")
        guard let (size, _) = planeControl else {
            throw .nothingToDraw(
                figure: script.figure, reason: "no numeric control takes two or more values beside `\(axis.name)`")
        }
        let cumulants = curves.compactMap { curve in
            curve.key.fixed[size]?.number.map { BinderCurve(of: curve, size: $0) }
        }.filter { $0.points.count >= 3 }.sorted { $0.size < $1.size }
        guard !cumulants.isEmpty else {
            throw .nothingToDraw(
                figure: script.figure, reason: "no curve has three controls with three cold replicas or more")
        }
        var table = FigureTable(
            "cumulants", meaning: "Binder's cumulant 1 − ⟨m⁴⟩/(3⟨m²⟩²) over replicas",
            columns: [
                ("curve", "number of the curve"), (size, meaning(ofControl: size)), axisColumn,
                ("cumulant", "U"), ("cumulant_error", "its standard error"),
            ])
        for (k, curve) in cumulants.enumerated() {
            table.rows += curve.points.map { [Double(k + 1), curve.size, $0.control, $0.value, $0.error] }
        }
        var crossings = FigureTable(
            "crossings", meaning: "Where the curves of two sizes cross; sizes 0 0: mean over the pairs",
            columns: [
                ("small", "smaller size"), ("large", "larger size"), ("location", "of the crossing"),
                ("low", "lower end of its interval"), ("high", "upper end of its interval"),
            ])
        let crossing = binderCrossing(of: cumulants)
        if let crossing {
            func row(_ sizes: (Double, Double), _ place: Estimate) -> [Double] {
                [sizes.0, sizes.1, place.value, place.interval?.low ?? .nan, place.interval?.high ?? .nan]
            }
            crossings.rows = [row((0, 0), crossing.location)] + crossing.pairs.map { row($0.sizes, $0.location) }
        }
        script.tables = [table, crossings]

        var xAxis = sweepAxis
        xAxis.widen(where: false)
        // Far from the transition a few replicas that are still ordered drive U to large negative values.
        let least = min(-1, 3 * (crossing?.cumulant.value ?? 0))
        let yAxis = FigureAxis(
            holding: table.rows.flatMap { [$0[3] - $0[4], $0[3] + $0[4]] }.map { max($0, least) })
        var layout = FigureLayout(width: width, plotHeight: 0.62 * width, legend: [], title: title)
        layout.legend = cumulants.map { "\(symbol(ofControl: size)) = \(ControlValue.number($0.size))" }
        if let crossing { layout.legend.append("crossing at \(axisSymbol) = \(crossing.location.measuredText)") }
        let yTicks = yAxis.ticks(along: layout.plotHeight, isVertical: true)
        layout.makeRoom(for: [yTicks])
        script.set(layout)
        script.set(xAxis, as: "x", length: layout.plotWidth)
        script.set(yAxis, yTicks, as: "y")
        script.set("x_label", .text(label(ofControl: axis.name)))
        let named = observables.first { $0.name == orderParameter }?.symbol ?? ""
        script.set("y_label", .text("Binder cumulant of \(named.isEmpty ? orderParameter : named)"))
        script.set("curves", .integer(cumulants.count))
        script.setTints(cumulants.count)
        script.set("has_crossing", .integer(crossing == nil ? 0 : 1))
        script.set("crossing", .number(crossing?.location.value ?? 0))
        script.set("crossing_low", .number(crossing?.location.interval?.low ?? 0))
        script.set("crossing_high", .number(crossing?.location.interval?.high ?? 0))
        script.set("crossing_height", .number(crossing?.cumulant.value ?? 0))
        return script
    }
}
