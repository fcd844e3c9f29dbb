import OrderedCollections
import PhaseSpace

extension FigureKind {
    static let trapping = FigureKind(
        name: "trapping",
        caption: "Fraction of cold starts that end in the ordered phase.",
        needs: .sweptControl
    ) { input, width throws(FigureError) in try input.trappingFigure(width: width) }
}

extension FigureInput {
    /// The fraction of cold starts that end in the ordered phase, over the swept control and another one: where the zero
    /// net traps them although it is not the lowest minimum, and where the ordered phase is reached although it is
    /// only metastable.
    func trappingFigure(width: Double) throws(FigureError) -> FigureScript {
        var script = FigureScript("trapping")
        guard let (other, isInteger) = planeControl else {
            throw .nothingToDraw(
                figure: script.figure, reason: "no numeric control takes two or more values beside `\(axis.name)`")
        }
        var panels: OrderedDictionary<String, [(height: Double, curve: Int)]> = [:]
        for (index, curve) in curves.enumerated() {
            guard let height = curve.key.fixed[other]?.number else { continue }
            panels[label(of: curve, leavingOut: [other]), default: []].append((height, index))
        }
        let heights = Set(panels.values.flatMap { $0.map(\.height) }).sorted()
        var yAxis = FigureAxis(sweepOver: heights)
        if isInteger { (yAxis.isLogarithmic, yAxis.isWhole) = (false, true) }
        let edges = yAxis.edges(of: heights)
        var xAxis = sweepAxis
        let controls = Set(curves.flatMap { $0.samples.map(\.control) }).sorted()
        let ends = xAxis.edges(of: controls)
        (yAxis.low, yAxis.high) = (edges[0].low, edges[edges.count - 1].high)
        (xAxis.low, xAxis.high) = (ends[0].low, ends[ends.count - 1].high)

        var cells = FigureTable(
            "cells", meaning: "Fraction of cold starts in the ordered phase, cell by cell",
            columns: [
                ("panel", "number of the panel"), axisColumn, (other, meaning(ofControl: other)),
                ("low", "left end of the cell"), ("high", "right end"), ("bottom", "lower end"), ("top", "upper end"),
                ("fraction", "of starts that end in the ordered phase"), ("starts", "how many replicas it is over"),
            ])
        var located = FigureTable(
            "located", meaning: "Where both phases have equal loss, and where the ordered one ends",
            columns: [
                ("line", "number of the line"), ("panel", "number of the panel"), (other, meaning(ofControl: other)),
                ("location", "of the transition"), ("spinodal", "end of the ordered branch (NaN: not known)"),
            ])
        var lines: [Int] = []
        for (panel, rows) in panels.values.enumerated() {
            for row in rows.sorted(by: { $0.height < $1.height }) {
                let band = edges[heights.firstIndex(of: row.height)!]
                for (control, fraction, count) in orderedFractions(of: curves[row.curve]) {
                    let cell = ends[controls.firstIndex(of: control)!]
                    cells.rows.append([
                        Double(panel + 1), control, row.height, cell.low, cell.high, band.low, band.high, fraction,
                        Double(count),
                    ])
                }
            }
            let found = rows.sorted { $0.height < $1.height }.compactMap { row -> [[Double]]? in
                let verdict = verdicts[row.curve]
                // Theory says where the phases change even where all starts are trapped.
                let known = verdict.knownTransitions
                guard let last = known.max(by: { $0.location!.value < $1.location!.value }) else { return nil }
                let band = edges[heights.firstIndex(of: row.height)!]
                let numbers = [last.location!.value, last.spinodal?.value ?? .nan]
                return [[band.low] + numbers, [band.high] + numbers]
            }
            if !found.isEmpty {
                lines.append(panel + 1)
                located.rows += found.joined().map { [Double(lines.count), Double(panel + 1)] + $0 }
            }
        }
        guard !cells.rows.isEmpty else {
            throw .nothingToDraw(figure: script.figure, reason: "no done point is a cold start")
        }
        script.tables = [cells, located]
        let hasSpinodals = located.rows.contains { $0[4].isFinite }

        var grid = PanelGrid(count: panels.count, width: width)
        var legend: [String] = []
        if !located.rows.isEmpty { legend.append("equal loss, \(axisSymbol)*") }
        if hasSpinodals { legend.append("spinodal of the ordered phase") }
        var layout = FigureLayout(width: width, plotHeight: 0, legend: legend, title: title)
        layout.markRows = panels.count > 1 ? 1 : 0
        layout.footRows = 1
        let yTicks = grid.fit(&layout, [yAxis])[0]
        script.set(layout)
        script.set(grid, labels: Array(panels.keys))
        script.set(xAxis, as: "x", length: grid.panelWidth(plotWidth: layout.plotWidth))
        script.set(yAxis, yTicks, as: "y")
        script.set("x_label", .text(label(ofControl: axis.name)))
        script.set("y_label", .text(label(ofControl: other)))
        script.setRanges("located", panels: lines, count: panels.count)
        script.set("has_located", .integer(located.rows.isEmpty ? 0 : 1))
        script.set("has_spinodals", .integer(hasSpinodals ? 1 : 0))
        script.set("palette_left", .number(0.6))
        script.set("palette_width", .number(2.2))
        script.set("palette_y", .number(0.2))
        script.set("palette_label", .text("fraction of starts that end ordered"))
        return script
    }

    /// At each control the mean over replicas of the starts that end ordered: as the model counts them, or else the
    /// replicas whose own state, zero net left aside, has an order parameter.
    private func orderedFractions(of curve: Curve) -> [(control: Double, fraction: Double, count: Int)] {
        let cold = curve.samples.filter { $0.direction == .cold && $0.outcome.isDone }
        let scale = cold.compactMap { $0.values[orderParameter].map { abs($0) } }.max() ?? 0
        return Dictionary(grouping: cold, by: \.control).sorted { $0.key < $1.key }.compactMap { control, samples in
            let shares = samples.compactMap { sample -> Double? in
                if let counted = sample.values[Observable.Name.orderedFraction] { return counted }
                return sample.values[orderParameter].map { abs($0) > 1e-3 * scale ? 1 : 0 }
            }
            return shares.isEmpty ? nil : (control, shares.reduce(0, +) / Double(shares.count), shares.count)
        }
    }
}

extension FigureAxis {
    /// Cells about rising values, each reaching half way to its neighbours; the outer ones as far outwards as inwards.
    func edges(of values: [Double]) -> [(low: Double, high: Double)] {
        func middle(_ a: Double, _ b: Double) -> Double { isLogarithmic ? (a * b).squareRoot() : (a + b) / 2 }
        func mirrored(_ edge: Double, _ value: Double) -> Double {
            isLogarithmic ? value * value / edge : 2 * value - edge
        }
        guard values.count > 1 else { return values.map { _ in (low, high) } }
        let inner = zip(values, values.dropFirst()).map(middle)
        let all = [mirrored(inner[0], values[0])] + inner + [mirrored(inner[inner.count - 1], values[values.count - 1])]
        return values.indices.map { (all[$0], all[$0 + 1]) }
    }
}
