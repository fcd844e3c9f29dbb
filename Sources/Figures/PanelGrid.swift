/// Panels of equal size, row by row, that share the legend.
struct PanelGrid {
    let count: Int
    let columns: Int
    var rows: Int { (count + columns - 1) / columns }

    /// Two columns in the width of a journal's column, more on wider pages.
    init(count: Int, width: Double) {
        self.count = count
        columns = min(count, max(width > 12 ? 4 : 2, 1))
    }

    private(set) var horizontalGap = 0.95
    static let verticalGap = 1.0

    func panelWidth(plotWidth: Double) -> Double {
        (plotWidth - Double(columns - 1) * horizontalGap) / Double(columns)
    }

    func panelHeight(plotWidth: Double) -> Double { (columns == 1 ? 0.62 : 0.95) * panelWidth(plotWidth: plotWidth) }

    func plotHeight(plotWidth: Double) -> Double {
        Double(rows) * panelHeight(plotWidth: plotWidth) + Double(rows - 1) * Self.verticalGap
    }

    /// Fits a page to its panels: room for the texts of the y axes, and the plots' height.
    /// - Returns: the ticks of the y axes, one each.
    mutating func fit(_ layout: inout FigureLayout, _ yAxes: [FigureAxis]) -> [AxisTicks] {
        let height = panelHeight(plotWidth: layout.plotWidth)
        let ticks = yAxes.map { $0.ticks(along: height, isVertical: true) }
        layout.makeRoom(for: ticks)
        let widest = ticks.map(\.width).max() ?? 0
        horizontalGap = max(horizontalGap, FigureLayout.tickDistance + widest + 0.15)
        layout.plotHeight = plotHeight(plotWidth: layout.plotWidth)
        return ticks
    }
}

extension FigureScript {
    mutating func set(_ grid: PanelGrid, labels: [String]) {
        set("panels", .integer(grid.count))
        set("panel_columns", .integer(grid.columns))
        set("panel_rows", .integer(grid.rows))
        set("panel_gap_x", .number(grid.horizontalGap))
        set("panel_gap_y", .number(PanelGrid.verticalGap))
        set("panel_label", .texts(labels))
    }

    /// Arrays `first_PREFIX` and `last_PREFIX`: which of the items, sorted by panel, belong to a panel. A loop over a
    /// panel's own items has no empty lines, of which gnuplot would warn. A panel without items has 1 and 0: gnuplot
    /// looks at the first item even of an empty loop.
    mutating func setRanges(_ prefix: String, panels: [Int], count: Int) {
        let firsts = (1...count).map { (panels.firstIndex(of: $0) ?? 0) + 1 }
        let lasts = (1...count).map { (panels.lastIndex(of: $0) ?? -1) + 1 }
        set("first_\(prefix)", .integers(firsts))
        set("last_\(prefix)", .integers(lasts))
    }
}
