import Foundation
import PhaseSpace
import Transitions

extension FigureInput {
    /// The collapse of the curves' order parameter, another control playing the part of the size: means over cold
    /// replicas with their standard errors.
    func collapseFigure(width: Double) throws(FigureError) -> FigureScript {
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
            let found = try collapse(
                of: values, names: [symbol(ofControl: size), axisSymbol, named.isEmpty ? orderParameter : named])
            return FigureScript(collapse: found, title: title, width: width)
        } catch {
            throw .nothingToDraw(figure: "collapse", reason: "\(error)")
        }
    }
}

extension FigureScript {
    /// The data as they are above, and as one function of the scaled control below.
    init(collapse: Collapse, title: String, width: Double) {
        self.init("collapse")
        let (size, control, value) = (collapse.names[0], collapse.names[1], collapse.names[2])
        var values = FigureTable(
            "values", meaning: "Values by size before (panel 1) and after (panel 2) the collapse",
            columns: [
                ("panel", "1 as measured, 2 collapsed"), ("curve", "number of the size"), ("size", size),
                ("x", "\(control); collapsed: (\(control) − \(control)*)·\(size)^(1/ν)"),
                ("y", "\(value); collapsed: \(value)·\(size)^(β/ν)"), ("y_error", "its standard error"),
            ])
        for (panel, points) in [collapse.data, collapse.scaled].enumerated() {
            values.rows += points.map { point in
                let number = (collapse.sizes.firstIndex(of: point.size) ?? 0) + 1
                return [Double(panel + 1), Double(number), point.size, point.control, point.value, point.error]
            }
        }
        tables = [values]
        let gap = 1.45
        var layout = FigureLayout(
            width: width, plotHeight: 2 * 0.46 * width + gap,
            legend: collapse.sizes.map { "\(size) = \(ControlValue.number($0))" }, title: title)
        layout.markRows = 1
        set(layout)
        set("panels", .integer(2))
        set("panel_gap", .number(gap))
        set("sizes", .integer(collapse.sizes.count))
        func axis(_ panel: Int, _ column: Int) -> FigureAxis {
            FigureAxis(holding: values.rows.filter { Int($0[0]) == panel }.map { $0[column] })
        }
        let (xs, ys) = ([axis(1, 3), axis(2, 3)], [axis(1, 4), axis(2, 4)])
        set("panel_x_min", .numbers(xs.map(\.low)))
        set("panel_x_max", .numbers(xs.map(\.high)))
        set("panel_x_step", .numbers(xs.map { $0.tickStep(upTo: 9) }))
        set("panel_y_min", .numbers(ys.map(\.low)))
        set("panel_y_max", .numbers(ys.map(\.high)))
        set("panel_y_step", .numbers(ys.map { $0.tickStep(upTo: 6) }))
        func power(_ x: Double) -> String { String(format: "%.3g", x) }
        set("x_label", .text(control))
        set("panel_x_label", .texts([control, "(\(control) − \(control)*) \(size)^(1/ν)"]))
        set("panel_y_label", .texts([value, "\(value) \(size)^(β/ν)"]))
        set(
            "panel_label",
            .texts([
                "as measured, S = \(power(collapse.qualityUnscaled))", "collapsed, S = \(power(collapse.quality))",
            ]))
        set(
            "note",
            .text(
                "\(control)* = \(collapse.critical.measuredText)\nν = \(collapse.nu.measuredText)\n"
                    + "β = \(collapse.beta.measuredText)"))
        // Where the values are smaller there is room above them.
        let scaled = values.rows.filter { Int($0[0]) == 2 }.sorted { $0[3] < $1[3] }.map { $0[4] }
        let half = scaled.count / 2
        let isFalling = scaled.prefix(half).reduce(0, +) > scaled.suffix(half).reduce(0, +)
        set("note_is_right", .integer(isFalling ? 1 : 0))
    }
}
