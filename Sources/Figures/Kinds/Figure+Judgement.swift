import Foundation
import PhaseSpace
import Transitions

extension FigureWriter {
    /// Draws a table's curve as it was judged: values and fitted descriptions, residuals, intervals as bands.
    /// - Parameter judged: of `curve`; where it holds no judged values (loops, shares, replicas) the curve's own are
    ///   drawn, without residuals.
    /// - Throws: as for a sweep's figure; `nothingToDraw` for a curve without finite values.
    public func draw(
        _ judged: TableVerdict, of curve: Curve, title: String, into folder: String, formats: [FigureFormat] = [.svg]
    ) throws(FigureError) -> DrawnFigure {
        let script = FigureScript(judged: judged, of: curve, title: title, width: width)
        guard let script else {
            throw .nothingToDraw(
                figure: "judgement", reason: "no control has a finite value of `\(curve.key.orderParameter)`")
        }
        return try draw(script, into: folder, formats: formats)
    }
}

extension FigureScript {
    fileprivate init?(judged: TableVerdict, of curve: Curve, title: String, width: Double) {
        self.init("judgement")
        let data = JudgedTables(judged, curve)
        guard !data.values.rows.isEmpty else { return nil }
        tables = [data.values, data.outliers, data.fits, data.transitions]
        let axis = data.axis(isLogarithmic: judged.isLogControl)
        let hasResiduals = data.hasResiduals
        let (tall, low) = (0.55 * width, 0.22 * width)
        let (heights, starts) = hasResiduals ? ([tall, low], [0, tall + 0.35]) : ([tall], [0.0])
        let bands = data.transitions.rows.filter { $0[2] < $0[3] && $0[3] >= axis.low && $0[2] <= axis.high }
        let sweeps = data.sweeps.count > 1 ? data.sweeps.map { "on the way \($0.rawValue)" } : ["values"]
        let hasOutlier = !data.outliers.rows.isEmpty
        let legend =
            sweeps + (hasOutlier ? ["outlier"] : []) + data.descriptions + (bands.isEmpty ? [] : ["95 % of the place"])
        var layout = FigureLayout(
            width: width, plotHeight: starts[starts.count - 1] + heights[heights.count - 1], legend: legend,
            title: title)
        let residuals = data.values.rows.map { abs($0[4]) }.filter(\.isFinite)
        let far = max(3.5, 1.1 * (residuals.max() ?? 0))
        let ys = [
            FigureAxis(
                holding: data.values.rows.flatMap { [$0[2] - $0[3], $0[2] + $0[3]] } + data.fits.rows.map { $0[3] }),
            FigureAxis(holding: [-far, far], padding: 0),
        ].prefix(heights.count)
        let yTicks = zip(ys, heights).map { $0.ticks(along: $1, isVertical: true) }
        layout.makeRoom(for: yTicks)
        let marks = setMarks(
            data.transitions, on: axis, symbol: curve.key.axis, plotWidth: layout.plotWidth, left: layout.left)
        layout.markRows = marks.rows
        set(layout)
        setTints(data.descriptions.count)
        set(axis, as: "x", length: layout.plotWidth)
        set("x_label", .text(curve.key.axis))
        set("panels", .integer(heights.count))
        set("panel_start", .numbers(starts))
        set("panel_size", .numbers(heights))
        set(Array(ys), yTicks, as: "panel_y")
        set("panel_y_label", .texts([curve.key.orderParameter, "residual/error"]))
        set("sweeps", .integer(sweeps.count))
        set("sweep_point", .integers(data.sweeps.map { $0 == .up ? 8 : $0 == .down ? 10 : 7 }))
        set("sweep_entries", .integer(sweeps.count))
        set("has_outlier", .integer(hasOutlier ? 1 : 0))
        set("descriptions", .integer(data.descriptions.count))
        set("first_description", .integer(sweeps.count + (hasOutlier ? 1 : 0)))
        set("has_band", .integer(bands.isEmpty ? 0 : 1))
        set("bands", .integer(bands.count))
        set("band_low", .numbers(bands.map { max(axis.low, $0[2]) }))
        set("band_high", .numbers(bands.map { min(axis.high, $0[3]) }))
    }
}

/// What a judged table's figure shows.
private struct JudgedTables {
    var values = FigureTable(
        "values", meaning: "Values as they were judged; means of neighbours in long tables",
        columns: [
            ("sweep", "1, or 1 and 2 for the two ways of a loop"), ("x", "control"), ("y", "value"),
            ("y_error", "its standard deviation as judged"),
            ("residual", "distance from the likeliest description, in errors (NaN: none was fitted)"),
        ])
    var outliers = FigureTable(
        "outliers", meaning: "The outliers among them",
        columns: [
            ("sweep", "1"), ("x", "control"), ("y", "value"), ("y_error", "as judged"), ("residual", "in errors"),
        ])
    var fits = FigureTable(
        "fits", meaning: "The best description of each order, by stretch of the table",
        columns: [
            ("stretch", "where no single description fits"), ("rank", "1 for the likeliest"), ("x", "control"),
            ("y", "description"),
        ])
    var transitions = FigureTable(
        "transitions", meaning: "Where the curve changes phase",
        columns: [
            ("curve", "1"), ("x", "location"), ("low", "lower end of its 95 % interval"),
            ("high", "upper end of its interval"), ("spinodal", "not drawn"), ("order", TransitionOrder.codes),
        ])
    var descriptions: [String] = []
    /// Which ways the control went.
    var sweeps: [Direction] = [.cold]
    var hasResiduals = false

    init(_ judged: TableVerdict, _ curve: Curve) {
        transitions.rows = judged.verdict.transitions.compactMap { transition in
            transition.location.map { place in
                [
                    1, place.value, place.interval?.low ?? place.value, place.interval?.high ?? place.value, .nan,
                    Double(transition.order.code),
                ]
            }
        }
        guard judged.values.isEmpty else {
            hasResiduals = true
            values.rows = judged.values.map { [1, $0.control, $0.value, $0.error, $0.residual] }
            outliers.rows = zip(judged.values, values.rows).filter(\.0.isOutlier).map(\.1)
            addFits(judged.fits)
            return
        }
        let name = curve.key.orderParameter
        let done = curve.samples.filter { $0.counts && ($0.values[name]?.isFinite ?? false) && $0.control.isFinite }
        let ways = Set(done.map(\.direction))
        if ways.isSuperset(of: [.up, .down]) { sweeps = [.up, .down] }
        values.rows = done.map { sample in
            let sweep = (sweeps.firstIndex(of: sample.direction) ?? 0) + 1
            let error = sample.values[errorName(of: name)] ?? 0
            return [Double(sweep), sample.control, sample.values[name]!, error.isFinite ? error : 0, .nan]
        }
    }

    private mutating func addFits(_ all: [FittedDescription]) {
        // Descriptions of one stretch share its controls; each stretch begins with its likeliest one.
        var stretches: [[FittedDescription]] = []
        for fit in all {
            if let last = stretches.last?.first, last.controls == fit.controls {
                stretches[stretches.count - 1].append(fit)
            } else {
                stretches.append([fit])
            }
        }
        // Several stretches show their likeliest ones alone; what is less likely by far would only hide the rest.
        let shown = stretches.map { stretch in
            stretch.enumerated().filter { $0 == 0 || stretches.count == 1 && $1.evidence > -30 }.map(\.element)
        }
        for (number, stretch) in shown.enumerated() {
            for (rank, fit) in stretch.enumerated() {
                fits.rows += zip(fit.controls, fit.values).map { [Double(number + 1), Double(rank + 1), $0, $1] }
            }
        }
        descriptions =
            shown.count == 1
            ? shown[0].enumerated().map { rank, fit in
                fit.words
                    + (rank == 0 ? "" : ", ln odds \(String(format: "%.1f", fit.evidence - shown[0][0].evidence))")
            } : ["likeliest descriptions of \(shown.count) stretches"]
    }

    /// Holds the values and, as far as it stays of their size, the intervals.
    func axis(isLogarithmic: Bool) -> FigureAxis {
        let xs = values.rows.map { $0[1] }
        let (least, greatest) = (xs.min()!, xs.max()!)
        let ends = transitions.rows.flatMap { [$0[2], $0[3]] }
        var axis = FigureAxis(sweepOver: xs)
        axis.isLogarithmic = (axis.isLogarithmic || isLogarithmic) && least > 0 && least < greatest
        if axis.isLogarithmic {
            let reach = (greatest / least).squareRoot()
            let all = xs + ends.filter { $0 > least / reach && $0 < greatest * reach }
            let margin = pow(greatest / least, 0.04)
            (axis.low, axis.high) = (all.min()! / margin, all.max()! * margin)
        } else {
            let reach = 0.5 * (greatest - least)
            let holding = FigureAxis(holding: xs + ends.filter { $0 > least - reach && $0 < greatest + reach })
            (axis.low, axis.high) = (holding.low, holding.high)
        }
        return axis
    }
}

extension FittedDescription {
    fileprivate var words: String {
        switch order {
        case .first: "jump"
        case .second: "continuous onset"
        case .crossover: "crossover"
        default: "smooth curve"
        }
    }
}
