import Foundation
import PhaseSpace
import Transitions

extension FigureKind {
    static let histogram = FigureKind(
        name: "histogram",
        caption: "The order parameter over replicas on both sides of each transition.",
        needs: .points
    ) { input, width throws(FigureError) in try input.histogramFigure(width: width) }
}

extension FigureInput {
    /// How the order parameter of the cold replicas is spread where the replicas differ most about each transition: one
    /// hump or two.
    func histogramFigure(width: Double) throws(FigureError) -> FigureScript {
        var script = FigureScript("histogram")
        var found: [(label: String, histogram: Histogram)] = []
        for (index, curve) in curves.enumerated() {
            let places = verdicts[index].transitions.compactMap { $0.location?.value }
            for place in Set(places.compactMap { widest(in: curve, near: $0) }).sorted() {
                guard let (control, histogram) = orderParameterHistogram(of: curve, near: place),
                    histogram.counts.reduce(0, +) >= 8
                else { continue }
                let name = label(of: curve)
                let at = "\(axisSymbol) = " + String(format: "%.4g", control)
                found.append((name.isEmpty ? at : "\(name), \(at)", histogram))
            }
        }
        guard !found.isEmpty else {
            throw .nothingToDraw(
                figure: script.figure, reason: "no transition has eight cold replicas or more beside it")
        }
        var bins = FigureTable(
            "bins", meaning: "Number of replicas by order parameter",
            columns: [
                ("panel", "number of the panel"), ("low", "lower end of the bin"), ("centre", "middle of the bin"),
                ("high", "upper end of the bin"), ("count", "replicas in the bin"),
            ])
        var xs: [FigureAxis] = []
        var ys: [FigureAxis] = []
        for (panel, one) in found.enumerated() {
            let width = one.histogram.width > 0 ? one.histogram.width : 1e-3 * max(abs(one.histogram.low), 1)
            for (centre, count) in zip(one.histogram.centres, one.histogram.counts) {
                bins.rows.append([Double(panel + 1), centre - width / 2, centre, centre + width / 2, Double(count)])
            }
            let own = bins.rows.filter { Int($0[0]) == panel + 1 }
            xs.append(FigureAxis(holding: own.flatMap { [$0[1], $0[3]] }))
            var counts = FigureAxis(holding: [0] + own.map { $0[4] })
            (counts.low, counts.isWhole) = (0, true)
            ys.append(counts)
        }
        script.tables = [bins]
        var grid = PanelGrid(count: found.count, width: width)
        var layout = FigureLayout(width: width, plotHeight: 0, legend: [], title: title)
        layout.markRows = 1
        let yTicks = grid.fit(&layout, ys)
        let panelWidth = grid.panelWidth(plotWidth: layout.plotWidth)
        script.set(layout)
        script.set(grid, labels: found.map(\.label))
        script.set(xs, xs.map { $0.ticks(along: panelWidth) }, as: "panel_x")
        script.set(ys, yTicks, as: "panel_y")
        script.set("x_label", .text(label(ofObservable: orderParameter)))
        script.set("y_label", .text("replicas"))
        return script
    }

    /// The control among the five nearest to a transition at which the cold replicas differ most: nearer to it the
    /// grid may have missed the window in which both phases occur.
    private func widest(in curve: Curve, near place: Double) -> Double? {
        let rows = replicaMeans(of: orderParameter, over: curve.rows(of: .cold)).filter { $0.count >= 8 }
        let nearest = rows.sorted { abs($0.control - place) < abs($1.control - place) }.prefix(5)
        return nearest.max { $0.standardError < $1.standardError }?.control
    }
}
