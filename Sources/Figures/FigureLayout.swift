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
                let longest = legend[first..<min(first + rows, legend.count)].map(\.count).max()!
                return Self.sampleWidth + Double(longest) * Self.letterWidth + Self.columnGap
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
            ("legend_sample", .number(Self.sampleWidth - 0.12)),
        ]
    }

    private func rounded(_ x: Double) -> Double { (x * 1e5).rounded() / 1e5 }

    /// Gives each label above the plot the lowest row in which it touches no other; nil where three rows are full.
    static func rows(forLabels labels: [(center: Double, text: String)]) -> [Int?] {
        var ends: [[(low: Double, high: Double)]] = [[], [], []]
        return labels.map { label in
            let half = Double(label.text.count + 1) * letterWidth / 2
            let place = (low: label.center - half, high: label.center + half)
            let row = ends.firstIndex { $0.allSatisfy { $0.high <= place.low || place.high <= $0.low } }
            if let row { ends[row].append(place) }
            return row
        }
    }
}

extension FigureScript {
    mutating func set(_ layout: FigureLayout) { variables += layout.variables }

    /// Variables `PREFIX_min`, `_max`, `_log`, `_step`, and the ticks of a logarithmic axis.
    /// - Parameter length: of the axis, in cm.
    mutating func set(_ axis: FigureAxis, as prefix: String, length: Double) {
        set("\(prefix)_step", .number(axis.tickStep(upTo: max(Int(length / 0.75), 2))))
        set("\(prefix)_min", .number(axis.low))
        set("\(prefix)_max", .number(axis.high))
        set("\(prefix)_log", .integer(axis.isLogarithmic ? 1 : 0))
        let ticks = axis.isLogarithmic ? axis.logarithmicTicks(length: length) : (major: [], minor: [])
        set("\(prefix)_tics", .integer(ticks.major.count))
        set("\(prefix)_tic", .numbers(ticks.major))
        set("\(prefix)_tic_label", .texts(ticks.major.map(FigureAxis.text(ofTick:))))
        set("\(prefix)_minor_tics", .integer(ticks.minor.count))
        set("\(prefix)_minor_tic", .numbers(ticks.minor))
    }
}
