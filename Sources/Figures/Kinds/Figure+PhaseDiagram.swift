import OrderedCollections
import PhaseSpace

extension FigureKind {
    static let phaseDiagram = FigureKind(
        name: "phase-diagram",
        caption:
            "Phases as areas over the swept control and another one; lines and markers: transitions with their order.",
        needs: .sweptControl
    ) { input, width throws(FigureError) in try input.phaseDiagramFigure(width: width) }
}

extension FigureInput {
    /// The swept control against the first other numeric control that varies: regions, transitions, theory. Controls
    /// that vary beside these two have a panel for each combination.
    func phaseDiagramFigure(width: Double) throws(FigureError) -> FigureScript {
        var script = FigureScript("phase-diagram")
        guard let (other, isInteger) = planeControl else {
            throw .nothingToDraw(
                figure: script.figure, reason: "no numeric control takes two or more values beside `\(axis.name)`")
        }
        let xAxis = sweepAxis
        let scale = curves.indices.map { meanOrder($0) { _ in true } }.max() ?? 0
        var panels: OrderedDictionary<String, [PhaseRow]> = [:]
        for (index, curve) in curves.enumerated() {
            guard let height = curve.key.fixed[other]?.number else { continue }
            let row = PhaseRow(height: height, curve: index, of: self, on: xAxis, scale: scale)
            panels[label(of: curve, leavingOut: [other]), default: []].append(row)
        }
        for label in panels.keys { panels[label]!.sort { $0.height < $1.height } }

        var yAxis = FigureAxis(sweepOver: panels.values.flatMap { $0.map(\.height) })
        if isInteger {
            (yAxis.isLogarithmic, yAxis.isWhole) = (false, true)
            yAxis.low = panels.values.joined().map(\.height).min()! - 0.5
            yAxis.high = panels.values.joined().map(\.height).max()! + 0.5
        }
        let isLogarithmic = yAxis.isLogarithmic
        let polygons = panels.values.map { rows in
            isInteger || rows.count < 2
                ? PhasePolygon.bands(rows)
                : PhasePolygon.interpolated(rows) { isLogarithmic ? ($0 * $1).squareRoot() : ($0 + $1) / 2 }
        }
        let regions = regionTable(polygons, other)
        let located = locationTable(Array(panels.values), other)
        let theory = theoryLines(Array(panels.values), other)
        script.tables = [regions, located, theory.table]

        var grid = PanelGrid(count: panels.count, width: width)
        let shown = PhaseRegion.allCases.filter { region in polygons.joined().contains { $0.region == region } }
        let orders = TransitionOrder.allCases.sorted { $0.code < $1.code }.filter { order in
            located.rows.contains { Int($0[5]) == order.code }
        }
        let hasSpinodals = theory.table.rows.contains { $0[4].isFinite }
        let critical = axis.symbol.isEmpty ? "location" : "\(axis.symbol)*"
        let names = regimes
        var legend = shown.map { $0.legend(names) } + orders.map(Self.legend(of:))
        if !theory.table.rows.isEmpty { legend.append("\(critical), theory") }
        let spinodalLabel = "spinodal, theory"
        if hasSpinodals { legend.append(spinodalLabel) }
        var layout = FigureLayout(width: width, plotHeight: 0, legend: legend, title: title)
        layout.markRows = panels.count > 1 ? 1 : 0
        let yTicks = grid.fit(&layout, [yAxis])[0]
        script.set(layout)
        script.set(grid, labels: Array(panels.keys))
        script.set(xAxis, as: "x", length: grid.panelWidth(plotWidth: layout.plotWidth))
        script.set(yAxis, yTicks, as: "y")
        script.set("x_label", .text(label(ofControl: axis.name)))
        script.set("y_label", .text(label(ofControl: other)))
        script.set("y_is_integer", .integer(isInteger ? 1 : 0))
        let panelOfPolygon = polygons.indices.flatMap { panel in polygons[panel].map { _ in panel + 1 } }
        script.setRanges("polygon", panels: panelOfPolygon, count: panels.count)
        script.set("polygon_region", .integers(polygons.joined().map(\.region.rawValue)))
        script.set("regions_shown", .integer(shown.count))
        script.set("region_number", .integers(shown.map(\.rawValue)))
        script.set("orders", .integer(orders.count))
        script.set("order_code", .integers(orders.map(\.code)))
        let groups = Set(located.rows.map { [Int($0[0]), Int($0[5])] }).sorted { $0.lexicographicallyPrecedes($1) }
        script.setRanges("group", panels: groups.map { $0[0] }, count: panels.count)
        script.set("group_order", .integers(groups.map { $0[1] }))
        script.setRanges("theory", panels: theory.panels, count: panels.count)
        let spinodals = theory.hasSpinodal.indices.filter { theory.hasSpinodal[$0] }
        script.set("spinodal_line", .integers(spinodals.map { $0 + 1 }))
        script.setRanges("spinodal", panels: spinodals.map { theory.panels[$0] }, count: panels.count)
        script.set("has_theory", .integer(theory.table.rows.isEmpty ? 0 : 1))
        script.set("has_spinodals", .integer(hasSpinodals ? 1 : 0))
        return script
    }

    /// The numeric control of which the curves have most different values; of several, the first in the order of the
    /// sweep's axes.
    var planeControl: (name: String, isInteger: Bool)? {
        var best: (name: String, isInteger: Bool, count: Int)?
        for name in curves.first?.varying ?? [] where name != axis.name {
            let values = curves.compactMap { $0.key.fixed[name]?.number }
            let count = Set(values).count
            guard values.count == curves.count, count > max(1, best?.count ?? 0) else { continue }
            best = (name, values.allSatisfy { $0 == $0.rounded() } && isWhole(name), count)
        }
        return best.map { ($0.name, $0.isInteger) }
    }

    func isWhole(_ name: String) -> Bool {
        switch controls.first(where: { $0.name == name })?.kind {
        case .integer, .integerPerLayer: true
        default: false
        }
    }

    static func legend(of order: TransitionOrder) -> String {
        switch order {
        case .none: "no transition"
        case .zeroth, .first, .second: "\(order.rawValue) order"
        case .crossover, .boundary, .undecided: order.rawValue
        }
    }

    private func regionTable(_ polygons: [[PhasePolygon]], _ other: String) -> FigureTable {
        var table = FigureTable(
            "regions", meaning: "Outlines of the phases, corner by corner",
            columns: [
                ("polygon", "number of the outline"), ("panel", "number of the panel"),
                ("region", PhaseRegion.allCases.map { "\($0.rawValue) \($0.legend(regimes))" }.joined(separator: ", ")),
                axisColumn, (other, meaning(ofControl: other)),
            ])
        var number = 0.0
        for (panel, list) in polygons.enumerated() {
            for polygon in list {
                number += 1
                table.rows += polygon.corners.map {
                    [number, Double(panel + 1), Double(polygon.region.rawValue), $0.x, $0.y]
                }
            }
        }
        return table
    }

    /// Every transition that has a place.
    private func locationTable(_ panels: [[PhaseRow]], _ other: String) -> FigureTable {
        var table = FigureTable(
            "transitions", meaning: "Where the phase changes",
            columns: [
                ("panel", "number of the panel"), (other, "value of the other control"), (self.axis.name, "location"),
                ("low", "lower end of its interval"), ("high", "upper end of its interval"),
                ("order", TransitionOrder.codes), ("marked", "1 where the figure has room for a mark"),
            ])
        for (panel, rows) in panels.enumerated() {
            let spacing = rows.count > Self.markLimit ? (rows.count + 15) / 16 : 1
            for (index, row) in rows.enumerated() {
                for transition in verdicts[row.curve].transitions {
                    guard let place = transition.location?.value else { continue }
                    let interval = transition.location?.interval
                    table.rows.append([
                        Double(panel + 1), row.height, place, interval?.low ?? place, interval?.high ?? place,
                        Double(transition.order.code), index % spacing == 0 ? 1 : 0,
                    ])
                }
            }
        }
        return table
    }

    /// More marks above each other run into a bar: then sixteen are drawn.
    private static let markLimit = 40

    /// Exact locations and spinodals; a line joins those of equal rank, counted from the highest location.
    private func theoryLines(
        _ panels: [[PhaseRow]], _ other: String
    ) -> (table: FigureTable, panels: [Int], hasSpinodal: [Bool]) {
        var table = FigureTable(
            "theory", meaning: "Exact transitions; a line joins those of equal rank",
            columns: [
                ("line", "number of the line"), ("panel", "number of the panel"),
                (other, "value of the other control"), (axis.name, "location"),
                ("spinodal", "end of the ordered branch (NaN: none)"),
            ])
        var linePanels: [Int] = []
        var hasSpinodal: [Bool] = []
        for (panel, rows) in panels.enumerated() {
            let exact = rows.map { row in
                (verdicts[row.curve].theory ?? []).filter { $0.claimedLocation != nil }
                    .sorted { $0.location!.value > $1.location!.value }
            }
            for rank in 0..<(exact.map(\.count).max() ?? 0) {
                linePanels.append(panel + 1)
                let found = zip(rows, exact).filter { $1.count > rank }.map { ($0, $1[rank]) }
                hasSpinodal.append(found.contains { $1.spinodal != nil })
                table.rows += found.map { row, transition in
                    [
                        Double(linePanels.count), Double(panel + 1), row.height, transition.location!.value,
                        transition.spinodal?.value ?? .nan,
                    ]
                }
            }
        }
        return (table, linePanels, hasSpinodal)
    }
}
