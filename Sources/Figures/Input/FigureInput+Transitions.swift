import PhaseSpace

extension TransitionOrder {
    /// A word short enough for a mark above the plot.
    var mark: String {
        switch self {
        case .none: "none"
        case .zeroth: "0th order"
        case .first: "1st order"
        case .second: "2nd order"
        case .crossover: "crossover"
        case .boundary: "boundary"
        case .undecided: "order?"
        }
    }

    /// Its number in tables.
    var code: Int {
        switch self {
        case .zeroth: 0
        case .first: 1
        case .second: 2
        case .crossover: 3
        case .boundary: 4
        case .undecided: 5
        case .none: 6
        }
    }

    static let codes = "0 zeroth order, 1 first, 2 second, 3 crossover, 4 boundary, 5 undecided, 6 no transition"
}

extension FigureInput {
    /// Transitions with a location, one row each.
    func transitionTable() -> FigureTable {
        var table = FigureTable(
            "transitions", meaning: "Where the curves change phase. Curves: \(curveList)",
            columns: [
                ("curve", "number of the curve"), (axis.name, "location"), ("low", "lower end of its interval"),
                ("high", "upper end of its interval"), ("spinodal", "end of the ordered branch (NaN: not found)"),
                ("order", TransitionOrder.codes),
            ])
        for (index, verdict) in verdicts.enumerated() {
            for transition in verdict.transitions {
                guard let location = transition.location else { continue }
                table.rows.append([
                    Double(index + 1), location.value, location.interval?.low ?? location.value,
                    location.interval?.high ?? location.value, transition.spinodal?.value ?? .nan,
                    Double(transition.order.code),
                ])
            }
        }
        return table
    }
}

extension FigureScript {
    /// Vertical marks at the transitions with the order above the plot, and the windows from each transition to the
    /// spinodal, in which the ordered phase is metastable.
    /// - Returns: number of rows that the labels need, and the windows' entry of the legend.
    mutating func setMarks(
        _ transitions: FigureTable, on axis: FigureAxis, symbol: String, plotWidth: Double, left: Double
    ) -> (rows: Int, legend: [String]) {
        let visible = transitions.rows.filter { axis.contains($0[1]) }
        let orders = visible.map { row in TransitionOrder.allCases.first { $0.code == Int(row[5]) }! }
        func rows(_ texts: [String]) -> [Int] {
            FigureLayout.rows(forLabels: zip(visible, texts).map { (left + plotWidth * axis.fraction($0[1]), $1) })
        }
        var texts = orders.map(\.mark)
        // Where many stand close together the order's number must do.
        if (rows(texts).max() ?? 0) > 2 { texts = orders.map { $0.mark.replacing(" order", with: "") } }
        let rows = rows(texts)
        let windows = visible.filter { axis.contains($0[4]) && $0[4] != $0[1] }
        set("marks", .integer(visible.count))
        set("mark_x", .numbers(visible.map { $0[1] }))
        set("mark_curve", .integers(visible.map { Int($0[0]) }))
        set("mark_label", .texts(texts))
        set("mark_row", .integers(rows))
        set("windows", .integer(windows.count))
        set("window_low", .numbers(windows.map { min($0[1], $0[4]) }))
        set("window_high", .numbers(windows.map { max($0[1], $0[4]) }))
        set("window_curve", .integers(windows.map { Int($0[0]) }))
        let legend = windows.isEmpty ? [] : ["metastable, \(symbol)* to spinodal"]
        return ((rows.max() ?? -1) + 1, legend)
    }
}
