import Foundation

/// Sizes and places in centimetres on a page of its own, computed before gnuplot runs: so the legend gets the room that
/// it needs below the plot, and panels share their margins.
struct FigureLayout {
    static let lineHeight = 0.33
    static let letterWidth = 0.137

    let width: Double
    /// Heights of the plot areas together, with the gaps between them.
    var plotHeight: Double
    var legend: [String]
    var title: String
    /// Rows of short labels between title and plot.
    var markRows = 0
    /// Rows below the legend, for what is none of its entries.
    var footRows = 0
    var left = 1.35
    var right = 0.32

    /// Room at the left for the widest of the y axes' texts between the axis and its label.
    mutating func makeRoom(for ticks: [AxisTicks]) {
        left = max(left, Self.labelRoom + (ticks.map(\.width).max() ?? 0) + Self.tickDistance)
    }
    /// The turned label of a y axis with the gap beside it; between an axis and its ticks' texts.
    static let labelRoom = 0.55
    static let tickDistance = 0.2

    private var titleLines: [Substring] {
        title.isEmpty ? [] : ScriptText.wrapped(title, at: Int(width / Self.letterWidth)).split(separator: "\n")
    }
    var plotWidth: Double { width - left - right }

    /// Room for an entry's sample, and from a column's text to the next sample.
    private static let sampleWidth = 0.6
    private static let columnGap = 0.35

    /// Widths of the legend's columns, filled one after the other: as many columns as fit beside each other.
    private var legendColumns: (rows: Int, widths: [Double]) {
        guard !legend.isEmpty else { return (0, []) }
        for rows in 1..<max(legend.count, 2) {
            let widths = stride(from: 0, to: legend.count, by: rows).map { first in
                let longest = legend[first..<min(first + rows, legend.count)].map(TextWidth.cm).max()!
                return Self.sampleWidth + longest + Self.columnGap
            }
            if widths.reduce(0, +) <= width - 0.2 { return (rows, widths) }
        }
        return (legend.count, [width - 0.3])
    }

    /// Left end and height of each entry's sample.
    private var legendPlaces: [(x: Double, y: Double)] {
        let (rows, widths) = legendColumns
        let left = max((width - widths.reduce(0, +) + Self.columnGap) / 2, 0.15)
        return legend.indices.map { index in
            let x = left + widths[..<(index / rows)].reduce(0, +)
            return (x, (Double(rows - index % rows + footRows) - 0.3) * Self.lineHeight)
        }
    }

    private var bottom: Double {
        let rows = legendColumns.rows + footRows
        return 0.95 + (rows == 0 ? 0 : Double(rows) * Self.lineHeight + 0.12)
    }
    private var top: Double {
        0.18 + Double(markRows) * Self.lineHeight + Double(titleLines.count) * (Self.lineHeight + 0.05)
    }
    private var height: Double { bottom + plotHeight + top }

    /// Size in cm, margins as fractions of the page, and the legend's shape.
    var variables: [(name: String, value: ScriptValue)] {
        [
            ("title", .text(titleLines.joined(separator: "\n"))),
            ("width", .number(rounded(width))), ("height", .number(rounded(height))),
            ("plot_left", .number(rounded(left / width))), ("plot_right", .number(rounded(1 - right / width))),
            ("plot_bottom", .number(rounded(bottom / height))), ("plot_top", .number(rounded(1 - top / height))),
            ("line_height", .number(rounded(Self.lineHeight / height))),
            ("legend_entries", .integer(legend.count)), ("legend_text", .texts(legend)),
            ("legend_x", .numbers(legendPlaces.map { rounded($0.x) })),
            ("legend_y", .numbers(legendPlaces.map { rounded($0.y) })),
            ("legend_row", .integers(legend.indices.map { legendColumns.rows - 1 - $0 % legendColumns.rows })),
            ("legend_sample", .number(Self.sampleWidth - 0.12)),
        ]
    }

    private func rounded(_ x: Double) -> Double { (x * 1e5).rounded() / 1e5 }

    /// Gives each label above the plot the lowest row in which it touches no other.
    static func rows(forLabels labels: [(center: Double, text: String)]) -> [Int] {
        var ends: [[(low: Double, high: Double)]] = []
        return labels.map { label in
            let half = (TextWidth.cm(label.text) + letterWidth) / 2
            let place = (low: label.center - half, high: label.center + half)
            let free = ends.firstIndex { $0.allSatisfy { $0.high <= place.low || place.high <= $0.low } }
            let row = free ?? ends.count
            if free == nil { ends.append([]) }
            ends[row].append(place)
            return row
        }
    }
}

extension FigureScript {
    mutating func set(_ layout: FigureLayout) { variables += layout.variables }

    /// So many curves have colours of their own.
    mutating func setTints(_ count: Int) { set("tints", .integer(max(count, 7))) }

    /// Variables `PREFIX_min`, `_max`, `_log`, and the ticks.
    /// - Parameter length: of the axis, in cm.
    mutating func set(_ axis: FigureAxis, as prefix: String, length: Double, isVertical: Bool = false) {
        set(axis, axis.ticks(along: length, isVertical: isVertical), as: prefix)
    }

    mutating func set(_ axis: FigureAxis, _ ticks: AxisTicks, as prefix: String) {
        let axis = axis.drawable
        set("\(prefix)_min", .number(axis.low))
        set("\(prefix)_max", .number(axis.high))
        set("\(prefix)_log", .integer(axis.isLogarithmic ? 1 : 0))
        set("\(prefix)_tics", .integer(ticks.major.count))
        set("\(prefix)_tic", .numbers(ticks.major.map(\.value)))
        set("\(prefix)_tic_label", .texts(ticks.major.map(\.text)))
        set("\(prefix)_minor_tics", .integer(ticks.minor.count))
        set("\(prefix)_minor_tic", .numbers(ticks.minor))
    }

    /// The same for an axis of each panel: arrays `PREFIX_min`, `_max`, `_log`, and ticks of which a panel's own are the
    /// ones from `PREFIX_first_tic` to `_last_tic`.
    mutating func set(_ axes: [FigureAxis], _ ticks: [AxisTicks], as prefix: String) {
        let axes = axes.map(\.drawable)
        set("\(prefix)_min", .numbers(axes.map(\.low)))
        set("\(prefix)_max", .numbers(axes.map(\.high)))
        set("\(prefix)_log", .integers(axes.map { $0.isLogarithmic ? 1 : 0 }))
        set("\(prefix)_tic", .numbers(ticks.flatMap { $0.major.map(\.value) }))
        set("\(prefix)_tic_label", .texts(ticks.flatMap { $0.major.map(\.text) }))
        set("\(prefix)_minor_tic", .numbers(ticks.flatMap(\.minor)))
        for (name, counts) in [("tic", ticks.map(\.major.count)), ("minor_tic", ticks.map(\.minor.count))] {
            let ends = counts.reduce(into: [0]) { $0.append($0.last! + $1) }
            // A panel without ticks has 1 and 0: gnuplot looks at the first item even of an empty loop.
            set("\(prefix)_first_\(name)", .integers(counts.indices.map { counts[$0] == 0 ? 1 : ends[$0] + 1 }))
            set("\(prefix)_last_\(name)", .integers(counts.indices.map { counts[$0] == 0 ? 0 : ends[$0 + 1] }))
        }
    }
}
