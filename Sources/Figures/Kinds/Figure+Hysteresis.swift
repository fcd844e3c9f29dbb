import PhaseSpace
import Transitions

extension FigureKind {
    static let hysteresis = FigureKind(
        name: "hysteresis",
        caption:
            "Warm sweeps up and down with the loop between them; behind it the window in which both phases are minima.",
        needs: .sweptControl
    ) { input, width throws(FigureError) in try input.hysteresisFigure(width: width) }
}

extension FigureInput {
    /// The order parameter on the way up and on the way down, the loop between them filled, with its area; behind it the
    /// window in which both phases are minima. One panel per curve.
    func hysteresisFigure(width: Double) throws(FigureError) -> FigureScript {
        var script = FigureScript("hysteresis")
        let shown = curves.indices.compactMap { index in hysteresisLoop(of: curves[index]).map { (index, $0) } }
        guard !shown.isEmpty else {
            throw .nothingToDraw(
                figure: script.figure,
                reason: "no curve has warm sweeps both ways: add `up` and `down` to the spec's `direction`")
        }
        var loops = FigureTable(
            "loops", meaning: "Warm sweeps, means over replicas. Curves: \(curveList)",
            columns: [
                ("panel", "number of the panel"), axisColumn, ("up", "\(orderParameter) on the way up"),
                ("down", "\(orderParameter) on the way down"),
            ])
        var areas = FigureTable(
            "areas", meaning: "The area of each loop over the swept range",
            columns: [
                ("panel", "number of the panel"), ("curve", "number of the curve"), ("area", "of the loop"),
                ("low", "lower end of its interval"), ("high", "upper end of its interval"),
                ("open_below", "1: the sweeps differ still at the lowest control"),
                ("open_above", "1: the sweeps differ still at the highest control"),
            ])
        var rows: [(first: Int, last: Int)] = []
        var labels: [String] = []
        var notes: [String] = []
        for (panel, (index, loop)) in shown.enumerated() {
            let first = loops.rows.count + 1
            loops.rows += loop.rows.map { [Double(panel + 1), $0.control, $0.up, $0.down] }
            rows.append((first, loops.rows.count))
            let interval = loop.area.interval
            areas.rows.append([
                Double(panel + 1), Double(index + 1), loop.area.value, interval?.low ?? .nan, interval?.high ?? .nan,
                loop.isOpenBelow ? 1 : 0, loop.isOpenAbove ? 1 : 0,
            ])
            labels.append(label(of: curves[index]))
            notes.append(loop.hasArea ? "area\n\(loop.area.compactText)" : "no loop")
            if loop.isOpenBelow || loop.isOpenAbove { notes[panel] += "\nopen" }
        }
        var xAxis = sweepAxis
        xAxis.widen(where: false)
        let windows = windows(of: shown.map(\.0), on: xAxis)
        script.tables = [loops, areas]

        var grid = PanelGrid(count: shown.count, width: width)
        var legend = ["up", "down", "loop"]
        if !windows.both.isEmpty { legend.append("both phases are minima") }
        if !windows.equal.isEmpty { legend.append("equal loss, \(axisSymbol)*") }
        var layout = FigureLayout(width: width, plotHeight: 0, legend: legend, title: title)
        layout.markRows = labels.contains { !$0.isEmpty } ? 1 : 0
        let ranges = rows.map { row in
            FigureAxis(holding: loops.rows[(row.first - 1)..<row.last].flatMap { [$0[2], $0[3]] })
        }
        let yTicks = grid.fit(&layout, ranges)
        script.set(layout)
        script.set(grid, labels: labels)
        script.set(xAxis, as: "x", length: grid.panelWidth(plotWidth: layout.plotWidth))
        script.set("x_label", .text(label(ofControl: axis.name)))
        script.set("y_label", .text(label(ofObservable: orderParameter)))
        script.set(ranges, yTicks, as: "panel_y")
        script.set("panel_note", .texts(notes))
        script.set("mark_every", .integers(rows.map { max(1, ($0.last - $0.first) / 30) }))
        script.set("first_row", .integers(rows.map(\.first)))
        script.set("last_row", .integers(rows.map(\.last)))
        script.set("windows", .integer(windows.both.count))
        script.set("window_panel", .integers(windows.both.map(\.panel)))
        script.set("window_low", .numbers(windows.both.map(\.low)))
        script.set("window_high", .numbers(windows.both.map(\.high)))
        script.set("marks", .integer(windows.equal.count))
        script.set("mark_panel", .integers(windows.equal.map(\.panel)))
        script.set("mark_x", .numbers(windows.equal.map(\.x)))
        return script
    }

    /// From the lower to the upper spinodal of each first-order transition, as far as the axis shows it, and the
    /// transitions themselves.
    private func windows(
        of shown: [Int], on axis: FigureAxis
    ) -> (both: [(panel: Int, low: Double, high: Double)], equal: [(panel: Int, x: Double)]) {
        var both: [(panel: Int, low: Double, high: Double)] = []
        var equal: [(panel: Int, x: Double)] = []
        for (panel, index) in shown.enumerated() {
            for transition in verdicts[index].transitions where transition.order == .first {
                guard let place = transition.location?.value else { continue }
                if axis.contains(place) { equal.append((panel + 1, place)) }
                let low = max(transition.lowerSpinodal?.value ?? place, axis.low)
                let high = min(transition.spinodal?.value ?? place, axis.high)
                if high > low { both.append((panel + 1, low, high)) }
            }
        }
        return (both, equal)
    }
}
