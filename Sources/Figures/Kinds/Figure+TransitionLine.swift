import OrderedCollections
import PhaseSpace
import Transitions

extension FigureKind {
    static let transitionLine = FigureKind(
        name: "transition-line",
        caption: "Where the transition is over a second control: 95 % interval as a band, markers by order, spinodal, "
            + "tricritical and critical end points.",
        needs: .sweptControl
    ) { input, width throws(FigureError) in try input.transitionLineFigure(width: width) }
}

extension FigureInput {
    /// Where the transition is over the first other numeric control that varies: location with its interval as a band,
    /// a marker for the order, the spinodal, theory, and the points where order or line end. Controls that vary beside
    /// these have a panel for each combination.
    func transitionLineFigure(width: Double) throws(FigureError) -> FigureScript {
        var script = FigureScript("transition-line")
        guard let (other, isInteger) = planeControl else {
            throw .nothingToDraw(
                figure: script.figure, reason: "no numeric control takes two or more values beside `\(axis.name)`")
        }
        var panels: OrderedDictionary<String, [Int]> = [:]
        for (index, curve) in curves.enumerated() where curve.key.fixed[other]?.number != nil {
            panels[label(of: curve, leavingOut: [other]), default: []].append(index)
        }
        var tables = LineTables(self, other)
        for (panel, indices) in panels.values.enumerated() {
            tables.add(panel: panel + 1, of: self, indices, other, isInteger: isInteger)
        }
        guard !tables.lines.rows.isEmpty else {
            throw .nothingToDraw(figure: script.figure, reason: "no curve has a transition")
        }
        script.tables = [tables.lines, tables.specials, tables.theory]

        var xAxis = FigureAxis(sweepOver: curves.compactMap { $0.key.fixed[other]?.number })
        if isInteger {
            (xAxis.isLogarithmic, xAxis.isWhole) = (false, true)
            (xAxis.low, xAxis.high) = (xAxis.low - 0.5, xAxis.high + 0.5)
        }
        let shown = tables.lines.rows.flatMap { [$0[3], $0[4], $0[5], $0[6]] } + tables.theory.rows.map { $0[3] }
        var yAxis = FigureAxis(holding: shown)
        let sweep = sweepAxis
        if sweep.isLogarithmic, let least = shown.filter(\.isFinite).min(), let most = shown.filter(\.isFinite).max(),
            least > 0, most / least >= 3
        {
            yAxis = FigureAxis(holding: [])
            (yAxis.low, yAxis.high, yAxis.isLogarithmic) = (least / 1.15, most * 1.15, true)
        }
        var grid = PanelGrid(count: panels.count, width: width)
        let orders = TransitionOrder.allCases.sorted { $0.code < $1.code }.filter { order in
            tables.lines.rows.contains { Int($0[7]) == order.code }
        }
        let hasSpinodals = tables.lines.rows.contains { $0[6].isFinite }
        var legend = orders.map(Self.legend(of:))
        if hasSpinodals { legend.append("spinodal") }
        if !tables.theory.rows.isEmpty { legend.append("\(axisSymbol)*, theory") }
        let kinds = Set(tables.specials.rows.map { Int($0[7]) }).sorted()
        legend += kinds.map { SpecialPoint.Kind.allCases[$0 - 1].rawValue }
        var layout = FigureLayout(width: width, plotHeight: 0, legend: legend, title: title)
        layout.markRows = panels.count > 1 ? 1 : 0
        // Half of the last label stands beside the plot.
        layout.right = max(layout.right, 0.1 + xAxis.ticks(along: layout.plotWidth).width / 2)
        let yTicks = grid.fit(&layout, [yAxis])[0]
        script.set(layout)
        script.set(grid, labels: Array(panels.keys))
        script.set(xAxis, as: "x", length: grid.panelWidth(plotWidth: layout.plotWidth))
        script.set(yAxis, yTicks, as: "y")
        script.set("x_is_integer", .integer(isInteger ? 1 : 0))
        script.set("x_label", .text(label(ofControl: other)))
        script.set("y_label", .text(label(ofControl: axis.name)))
        script.setRanges("line", panels: tables.linePanels, count: panels.count)
        script.setTints(tables.linePanels.count)
        script.set("line_first_row", .integers(tables.lineRows.map(\.first)))
        script.set("line_last_row", .integers(tables.lineRows.map(\.last)))
        let groups = tables.groups
        script.setRanges("group", panels: groups.map { tables.linePanels[$0.line - 1] }, count: panels.count)
        script.set("group_line", .integers(groups.map(\.line)))
        script.set("group_order", .integers(groups.map(\.order)))
        script.setRanges("theory", panels: tables.theoryPanels, count: panels.count)
        script.setRanges("special", panels: tables.specials.rows.map { Int($0[1]) }, count: panels.count)
        script.set("special_kind", .integers(tables.specials.rows.map { Int($0[7]) }))
        script.set("special_kinds", .integer(kinds.count))
        script.set("special_kind_shown", .integers(kinds))
        script.set("has_spinodals", .integer(hasSpinodals ? 1 : 0))
        script.set("has_theory", .integer(tables.theory.rows.isEmpty ? 0 : 1))
        script.set("orders", .integer(orders.count))
        script.set("order_code", .integers(orders.map(\.code)))
        return script
    }
}

/// The tables of the lines in all panels.
private struct LineTables {
    var lines: FigureTable
    var specials: FigureTable
    var theory: FigureTable
    /// Panel by line, and its first and last row, from 1.
    var linePanels: [Int] = []
    var lineRows: [(first: Int, last: Int)] = []
    var theoryPanels: [Int] = []

    init(_ input: FigureInput, _ other: String) {
        let second = (other, input.meaning(ofControl: other))
        lines = FigureTable(
            "lines", meaning: "Transitions along each line; the interval is the 95 % one",
            columns: [
                ("line", "number of the line"), ("panel", "number of the panel"), second,
                ("location", "of \(input.axis.name)"),
                ("low", "lower end of its interval"), ("high", "upper end of its interval"),
                ("spinodal", "end of the ordered branch (NaN: none)"), ("order", TransitionOrder.codes),
            ])
        specials = FigureTable(
            "specials", meaning: "Tricritical and critical end points, extrapolated from the jumps beside them",
            columns: [
                ("line", "number of the line"), ("panel", "number of the panel"), second,
                ("low", "lower end of its interval"),
                ("high", "upper end of its interval"), ("bracket", "width between the two neighbouring curves"),
                ("location", "of \(input.axis.name)"), ("kind", "1 tricritical, 2 critical end point"),
            ])
        theory = FigureTable(
            "theory", meaning: "Exact transitions; a line joins those of equal rank",
            columns: [
                ("line", "number of the line"), ("panel", "number of the panel"), second,
                ("location", "of \(input.axis.name)"),
            ])
    }

    mutating func add(
        panel: Int, of input: FigureInput, _ indices: [Int], _ other: String, isInteger: Bool
    ) {
        let rows = indices.map { index in
            PlaneRow(
                other: input.curves[index].key.fixed[other]!.number!,
                transitions: input.verdicts[index].transitions, controls: input.verdicts[index].controls)
        }
        for line in transitionLines(rows, isContinuous: !isInteger) {
            linePanels.append(panel)
            let first = lines.rows.count + 1
            lines.rows += line.points.map { point in
                let place = point.transition.location!
                return [
                    Double(linePanels.count), Double(panel), point.other, place.value,
                    place.interval?.low ?? place.value, place.interval?.high ?? place.value,
                    point.transition.spinodal?.value ?? .nan, Double(point.order.code),
                ]
            }
            lineRows.append((first, lines.rows.count))
            for special in line.specialPoints {
                let interval = special.other.interval
                specials.rows.append([
                    Double(linePanels.count), Double(panel), special.other.value, interval?.low ?? special.other.value,
                    interval?.high ?? special.other.value, special.bracket.width, special.location?.value ?? .nan,
                    Double(SpecialPoint.Kind.allCases.firstIndex(of: special.kind)! + 1),
                ])
            }
        }
        let exact = indices.map { index in
            PlaneRow(
                other: input.curves[index].key.fixed[other]!.number!,
                transitions: (input.verdicts[index].theory ?? []).filter {
                    $0.claimedLocation != nil || $0.order == .none
                },
                controls: nil)
        }
        for line in transitionLines(exact, isContinuous: false) {
            theoryPanels.append(panel)
            theory.rows += line.points.map {
                [Double(theoryPanels.count), Double(panel), $0.other, $0.transition.location!.value]
            }
        }
    }

    /// Lines with the orders that occur on them.
    var groups: [(line: Int, order: Int)] {
        Set(lines.rows.map { [Int($0[0]), Int($0[7])] }).sorted { $0.lexicographicallyPrecedes($1) }
            .map { ($0[0], $0[1]) }
    }
}
