import Foundation
import PhaseSpace

extension FigureKind {
    static let effectiveLandscape = FigureKind(
        name: "effective-landscape",
        caption: "Loss over the layers' common norm at some values of the swept control; circles: trained minima.",
        needs: .points
    ) { input, width throws(FigureError) in try input.effectiveLandscapeFigure(width: width) }
}

extension FigureInput {
    /// The loss as a function of the layers' common norm B at some values of the control, above the zero net's; one
    /// panel per curve that has such a theory. Trained minima at those values lie on it.
    func effectiveLandscapeFigure(width: Double) throws(FigureError) -> FigureScript {
        var script = FigureScript("effective-landscape")
        let shown = curves.indices.filter { !theory[$0].landscape.isEmpty }
        guard !shown.isEmpty else {
            throw .nothingToDraw(figure: script.figure, reason: "no curve of this sweep has a theory of its landscape")
        }
        var landscape = FigureTable(
            "landscape", meaning: "Exact effective loss above that of the zero net. Curves: \(curveList)",
            columns: [
                ("line", "number of the line"), ("curve", "number of the curve"),
                ("layerNorm", "B, Frobenius norm of each layer"), ("loss", "effective loss minus E[y²]"),
            ])
        var minima = FigureTable(
            "minima",
            meaning: "Trained minima of the first replica, interpolated to the lines' controls. Curves: \(curveList)",
            columns: landscape.columns)
        var labels: [String] = []
        var lines: [(panel: Int, label: Int)] = []
        var ranges: [(x: FigureAxis, y: FigureAxis)] = []
        for (panel, index) in shown.enumerated() {
            let firstRow = landscape.rows.count
            for line in theory[index].landscape {
                guard let norm = line.columns.firstIndex(of: "layerNorm"),
                    let loss = line.columns.firstIndex(of: Observable.Name.loss),
                    let zero = zeroNetLoss(of: line, norm, loss, curves[index])
                else { continue }
                if !labels.contains(line.label) { labels.append(line.label) }
                lines.append((panel + 1, labels.firstIndex(of: line.label)! + 1))
                let name = [Double(lines.count), Double(index + 1)]
                landscape.rows += line.rows.map { name + [$0[norm], $0[loss] - zero] }
                if let control = control(of: line, index) {
                    minima.rows += trainedMinima(of: curves[index], at: control).map { name + [$0.norm, $0.loss] }
                }
            }
            ranges.append(Self.range(of: Array(landscape.rows[firstRow...])))
        }
        guard !lines.isEmpty else {
            throw .nothingToDraw(
                figure: script.figure, reason: "the theory's landscape lacks the columns `layerNorm` and `loss`")
        }
        script.tables = [landscape, minima]
        var grid = PanelGrid(count: shown.count, width: width)
        var layout = FigureLayout(width: width, plotHeight: 0, legend: labels, title: title)
        let minimaLabel = "trained minima"
        if !minima.rows.isEmpty { layout.legend.append(minimaLabel) }
        let names = shown.map { label(of: curves[$0]) }
        layout.markRows = names.contains { !$0.isEmpty } ? 1 : 0
        let yTicks = grid.fit(&layout, ranges.map(\.y))
        let panelWidth = grid.panelWidth(plotWidth: layout.plotWidth)
        script.set(layout)
        script.set(grid, labels: names)
        script.setRanges("line", panels: lines.map(\.panel), count: shown.count)
        script.set("line_label", .integers(lines.map(\.label)))
        script.set("labels", .integer(labels.count))
        script.setTints(labels.count)
        let marked = Set(minima.rows.map { Int($0[0]) }).sorted()
        script.set("marked_line", .integers(marked))
        script.setRanges("marked", panels: marked.map { lines[$0 - 1].panel }, count: shown.count)
        script.set("has_minima", .integer(minima.rows.isEmpty ? 0 : 1))
        script.set(ranges.map(\.x), ranges.map { $0.x.ticks(along: panelWidth) }, as: "panel_x")
        script.set(ranges.map(\.y), yTicks, as: "panel_y")
        script.set("x_label", .text("layer norm B"))
        script.set("y_label", .text("effective loss − E[y²]"))
        return script
    }

    /// The loss at B = 0, or else what the curve's own rows say of the zero net.
    private func zeroNetLoss(of line: TheoryCurve, _ norm: Int, _ loss: Int, _ curve: Curve) -> Double? {
        if let row = line.rows.first(where: { $0[norm] == 0 }) { return row[loss] }
        let measured = curve.samples.compactMap { $0.values[Observable.Name.zeroNetLoss] }
        return measured.isEmpty ? nil : measured.reduce(0, +) / Double(measured.count)
    }

    /// The control that a landscape belongs to: a column of that name, or a label such as `γ = 0.9 γ*`.
    private func control(of line: TheoryCurve, _ index: Int) -> Double? {
        if let column = line.columns.firstIndex(of: axis.name) { return line.rows.first?[column] }
        guard let equals = line.label.firstIndex(of: "=") else { return nil }
        let words = line.label[line.label.index(after: equals)...].split(separator: " ")
        let locations = verdicts[index].knownTransitions.compactMap { $0.location?.value }
        let critical = "\(axis.symbol)*"
        switch words.count {
        case 1 where words[0] == critical: return locations.max()
        case 1: return Double(words[0])
        case 2 where words[1] == critical:
            return Double(words[0]).flatMap { factor in locations.max().map { factor * $0 } }
        default: return nil
        }
    }

    /// Minima of the first replica, whose landscape is drawn, carried over from the neighbouring controls of each
    /// direction: the loss by cubic Hermite interpolation with its slope, t linearly.
    private func trainedMinima(of curve: Curve, at control: Double) -> [(norm: Double, loss: Double)] {
        guard let replica = curve.samples.map(\.replica).min() else { return [] }
        return Direction.allCases.compactMap { direction in
            let branch = curve.samples.filter {
                $0.outcome.isDone && $0.replica == replica && $0.direction == direction
            }
            guard let low = branch.last(where: { $0.control <= control }).flatMap(Minimum.init),
                let high = branch.first(where: { $0.control >= control }).flatMap(Minimum.init),
                // A phase that ends in between has no minimum to carry over.
                (low.square > 0) == (high.square > 0)
            else { return nil }
            let width = high.control - low.control
            guard width > 0 else { return (low.square.squareRoot(), low.loss) }
            let u = (control - low.control) / width
            let square = low.square + u * (high.square - low.square)
            let chord = low.loss + u * (high.loss - low.loss)
            guard let a = low.slope, let b = high.slope else { return (square.squareRoot(), chord) }
            let rise = high.loss - low.loss
            let bend = u * (1 - u) * ((1 - u) * (a * width - rise) - u * (b * width - rise))
            return (square.squareRoot(), chord + bend)
        }
    }

    private struct Minimum {
        let control: Double
        /// t.
        let square: Double
        /// Above the zero net's.
        let loss: Double
        let slope: Double?

        init?(_ sample: CurveSample) {
            guard let loss = sample.values[Observable.Name.loss], let zero = sample.values[Observable.Name.zeroNetLoss],
                let square = sample.values["layerSquaredNorm"]
            else { return nil }
            control = sample.control
            self.square = max(square, 0)
            self.loss = loss - zero
            slope = sample.values[Observable.Name.lossSlope]
        }
    }

    /// Wells and barriers fill the panel; the steep rise beyond them runs out of it.
    private static func range(of rows: [[Double]]) -> (x: FigureAxis, y: FigureAxis) {
        let heights = rows.map { $0[3] }
        let barriers = rows.indices.dropFirst().dropLast().filter { index in
            rows[index - 1][0] == rows[index][0] && rows[index + 1][0] == rows[index][0]
                && heights[index] > heights[index - 1] && heights[index] > heights[index + 1]
        }.map { heights[$0] }
        let depth = -min(heights.min() ?? 0, 0)
        let top = max((barriers.max() ?? 0) * 1.3, depth * 0.5)
        var y = FigureAxis(holding: top > 0 ? [-depth, top] : heights)
        if depth == 0 { y.low = -0.05 * y.high }
        return (FigureAxis(holding: rows.map { $0[2] }, padding: 0), y)
    }
}
