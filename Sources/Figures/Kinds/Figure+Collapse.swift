import Foundation
import PhaseSpace
import Transitions

extension FigureKind {
    static let collapse = FigureKind(
        name: "collapse",
        caption:
            "Curves of several sizes before and after a finite-size collapse; residuals; results against the range.",
        needs: .sweptControl
    ) { input, width throws(FigureError) in try input.collapseFigure(width: width) }
}

extension FigureInput {
    /// The collapse of the curves' order parameter, another control playing the part of the size: means over cold
    /// replicas with their standard errors.
    /// - Throws: `FigureError.nothingToDraw` where there is no such control or no collapse; the reason says why.
    public func collapse() throws(FigureError) -> Collapse {
        guard let (size, _) = planeControl else {
            throw .nothingToDraw(
                figure: "collapse", reason: "no numeric control takes two or more values beside `\(axis.name)`")
        }
        var values: [SizedValue] = []
        for curve in curves {
            guard let own = curve.key.fixed[size]?.number, own > 0 else { continue }
            for row in replicaMeans(of: orderParameter, over: curve.rows(of: .cold)) where row.standardError > 0 {
                values.append(
                    SizedValue(size: own, control: row.control, value: row.mean, error: row.standardError))
            }
        }
        let named = observables.first { $0.name == orderParameter }?.symbol ?? ""
        do {
            return try Transitions.collapse(
                of: values, names: [symbol(ofControl: size), axisSymbol, named.isEmpty ? orderParameter : named])
        } catch {
            throw .nothingToDraw(figure: "collapse", reason: "\(error)")
        }
    }

    func collapseFigure(width: Double) throws(FigureError) -> FigureScript {
        FigureScript(collapse: try collapse(), title: title, width: width)
    }
}

extension FigureScript {
    /// From above: the data as they are; as one function of the scaled control, with the master curve; residuals; the
    /// critical point, ν and β/ν against the range of the scaled control that they are found from.
    init(collapse: Collapse, title: String, width: Double) {
        self.init("collapse")
        let (size, control, value) = (collapse.names[0], collapse.names[1], collapse.names[2])
        tables = [
            Self.values(collapse), Self.curve(collapse), Self.residuals(collapse), Self.ranges(collapse),
        ]
        let panels = CollapsePanels(collapse, values: tables[0].rows, width: width)
        var layout = FigureLayout(
            width: width, plotHeight: panels.totalHeight,
            legend: collapse.sizes.map { "\(size) = \(ControlValue.number($0))" }, title: title)
        layout.markRows = 1
        let yTicks = zip(panels.ys, panels.heights).map { $0.ticks(along: $1, isVertical: true) }
        layout.makeRoom(for: yTicks)
        set(layout)
        set("sizes", .integer(collapse.sizes.count))
        setTints(collapse.sizes.count)
        set("panel_start", .numbers(panels.starts))
        set("panel_size", .numbers(panels.heights))
        let xs = panels.xs + [panels.rangeAxis, panels.rangeAxis, panels.rangeAxis]
        set(xs, xs.map { $0.ticks(along: layout.plotWidth) }, as: "panel_x")
        set(panels.ys, yTicks, as: "panel_y")
        set("x_label", .text(control))
        let scaled = "(\(control) − \(control)*) \(size)^(1/ν)"
        set("panel_x_label", .texts([control, scaled, scaled, "largest |\(control) − \(control)*| \(size)^(1/ν)"]))
        set(
            "panel_y_label",
            .texts([value, "\(value) \(size)^(β/ν)", "residual/error", "\(control)*", "ν", "β/ν"]))
        func short(_ x: Double) -> String { String(format: "%.3g", x) }
        set(
            "panel_label",
            .texts([
                "as measured, S = \(short(collapse.qualityUnscaled))",
                collapse.isCollapse
                    ? "collapsed, S = \(short(collapse.quality))" : "no collapse, S = \(short(collapse.quality))",
            ]))
        let claims = [("\(control)*", collapse.critical), ("ν", collapse.nu), ("β", collapse.beta)]
        set(
            "note",
            .text(
                claims.compactMap { name, claim in claim.map { "\(name) = \($0.measuredText)" } }
                    .joined(separator: "\n")))
        set("note_is_right", .integer(panels.isFalling ? 1 : 0))
    }

    private static func number(of size: Double, in collapse: Collapse) -> Double {
        Double((collapse.sizes.firstIndex(of: size) ?? 0) + 1)
    }

    private static func values(_ collapse: Collapse) -> FigureTable {
        let (size, control, value) = (collapse.names[0], collapse.names[1], collapse.names[2])
        var table = FigureTable(
            "values", meaning: "Values by size before (panel 1) and after (panel 2) the collapse",
            columns: [
                ("panel", "1 as measured, 2 collapsed"), ("curve", "number of the size"), ("size", size),
                ("x", "\(control); collapsed: (\(control) − \(control)*)·\(size)^(1/ν)"),
                ("y", "\(value); collapsed: \(value)·\(size)^(β/ν)"), ("y_error", "its standard error"),
                ("used", "1 where it lies within the range used"),
            ])
        for panel in 1...2 {
            table.rows += collapse.points.map { point in
                let shown = panel == 1 ? point.measured : point.scaled
                return [
                    Double(panel), number(of: shown.size, in: collapse), shown.size, shown.control, shown.value,
                    shown.error, point.isUsed ? 1 : 0,
                ]
            }
        }
        return table
    }

    private static func curve(_ collapse: Collapse) -> FigureTable {
        var table = FigureTable(
            "master", meaning: "Mean master curve without corrections", columns: [("x", "scaled control"), ("y", "f")])
        table.rows = collapse.masterCurve.map { [$0.x, $0.y] }
        return table
    }

    private static func residuals(_ collapse: Collapse) -> FigureTable {
        var table = FigureTable(
            "residuals", meaning: "Distances from the master curve with its corrections",
            columns: [("curve", "number of the size"), ("x", "scaled control"), ("residual", "in stated errors")])
        table.rows = collapse.points.compactMap { point in
            point.residual.map { [number(of: point.measured.size, in: collapse), point.scaled.control, $0] }
        }
        return table
    }

    private static func ranges(_ collapse: Collapse) -> FigureTable {
        var table = FigureTable(
            "ranges", meaning: "Results against the range of the scaled control",
            columns: [
                ("panel", "4 critical point, 5 ν, 6 β/ν"), ("range", "largest |x|"), ("value", "estimate"),
                ("low", "lower end of its 95 % interval"), ("high", "upper end"),
                ("used", "1 where the result rests on it"),
            ])
        for (panel, number) in [(4, \CollapseRange.critical), (5, \.nu), (6, \.betaOverNu)] {
            table.rows += collapse.ranges.map { range in
                let estimate = range[keyPath: number]
                return [
                    Double(panel), range.range, estimate.value, estimate.interval?.low ?? .nan,
                    estimate.interval?.high ?? .nan, range.isUsed ? 1 : 0,
                ]
            }
        }
        return table
    }
}

/// Places and axes of a collapse's six panels.
private struct CollapsePanels {
    let heights: [Double]
    /// From the top of the first panel, in cm.
    let starts: [Double]
    let xs: [FigureAxis]
    let ys: [FigureAxis]
    let rangeAxis: FigureAxis
    let isFalling: Bool

    var totalHeight: Double { starts[5] + heights[5] }

    init(_ collapse: Collapse, values: [[Double]], width: Double) {
        let (tall, low) = (0.46 * width, 0.2 * width)
        heights = [tall, tall, low, low, low, low]
        let gaps = [1.45, 0.35, 1.2, 0.35, 0.35]
        var starts = [0.0]
        for k in 0..<5 { starts.append(starts[k] + heights[k] + gaps[k]) }
        self.starts = starts
        func axis(_ panel: Int, _ column: Int, whereUsed: Bool = false) -> FigureAxis {
            FigureAxis(holding: values.filter { Int($0[0]) == panel && (!whereUsed || $0[6] == 1) }.map { $0[column] })
        }
        // Points far outside the range used would shrink the rest to nothing.
        let scaled = axis(2, 3, whereUsed: true)
        let residuals = collapse.points.compactMap(\.residual).map(abs)
        let largest = max(3, 1.1 * (residuals.max() ?? 3))
        let residualAxis = FigureAxis(holding: [-largest, largest], padding: 0)
        /// Around the ranges used: narrow ranges know less by orders of magnitude.
        func results(_ number: KeyPath<CollapseRange, Estimate>) -> FigureAxis {
            let used = collapse.ranges.filter(\.isUsed)
            let ends = (used.isEmpty ? collapse.ranges : used).flatMap { range in
                let estimate = range[keyPath: number]
                return [estimate.interval?.low ?? estimate.value, estimate.interval?.high ?? estimate.value]
            }
            return FigureAxis(holding: ends, padding: 0.4)
        }
        let critical = results(\.critical)
        xs = [axis(1, 3), scaled, scaled]
        ys = [
            axis(1, 4), axis(2, 4, whereUsed: true), residualAxis, critical, results(\.nu), results(\.betaOverNu),
        ]
        let reach = collapse.ranges.map(\.range)
        var rangeAxis = FigureAxis(holding: reach, padding: 0)
        (rangeAxis.low, rangeAxis.high) = ((reach.min() ?? 0.5) / 1.3, (reach.max() ?? 2) * 1.3)
        rangeAxis.isLogarithmic = true
        self.rangeAxis = rangeAxis
        // Where the values are smaller there is room above them.
        let heights = values.filter { Int($0[0]) == 2 && $0[6] == 1 }.sorted { $0[3] < $1[3] }.map { $0[4] }
        let half = heights.count / 2
        isFalling = heights.prefix(half).reduce(0, +) > heights.suffix(half).reduce(0, +)
    }
}
