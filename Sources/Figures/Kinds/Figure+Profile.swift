import Foundation
import OrderedCollections
import PhaseSpace

extension FigureKind {
    static let profile = FigureKind(
        name: "profile",
        caption: "Observables that are numbered, layer by layer or mode by mode, over their number: one line for each "
            + "curve, at the highest value of the swept control, mean over replicas with standard error.",
        needs: .points
    ) { input, width throws(FigureError) in try input.profileFigure(width: width) }
}

extension FigureInput {
    /// Families of numbered observables (`NAME_1`, `NAME_2` …) over their number, a panel each.
    func profileFigure(width: Double) throws(FigureError) -> FigureScript {
        var script = FigureScript("profile")
        let families = numberedFamilies()
        guard !families.isEmpty else {
            throw .nothingToDraw(
                figure: script.figure, reason: "no done point has two observables that are numbered, such as `NAME_1`")
        }
        let points = profilePoints(of: families)
        script.tables = [points]
        let gap = 0.18
        let panelHeight = (families.count == 1 ? 0.58 : 0.4) * width
        var layout = FigureLayout(
            width: width, plotHeight: Double(families.count) * panelHeight + Double(families.count - 1) * gap,
            legend: profileLegend(), title: title)
        let ranges = families.elements.indices.map { panel in
            FigureAxis(
                holding: points.rows.filter { $0[0] == Double(panel + 1) }.flatMap { row in
                    let error = row[4].isFinite ? row[4] : 0
                    return [row[3] - error, row[3] + error]
                }, padding: 0.08)
        }
        let yTicks = ranges.map { $0.ticks(along: panelHeight, isVertical: true) }
        layout.makeRoom(for: yTicks)
        let numbers = points.rows.map { $0[2] }
        var xAxis = FigureAxis(holding: numbers)
        xAxis.isWhole = true
        script.set(layout)
        script.set(xAxis, as: "x", length: layout.plotWidth)
        script.set("x_label", .text("number k"))
        script.set("curves", .integer(curves.count))
        script.setTints(curves.count)
        script.set("panels", .integer(families.count))
        script.set("panel_gap", .number(gap))
        script.set("panel_label", .texts(families.keys.map { familyLabel($0) }))
        script.set(ranges, yTicks, as: "panel_y")
        return script
    }

    /// Numbers by family, of those that vary: at most three, that of the order parameter first.
    private func numberedFamilies() -> OrderedDictionary<String, [Int]> {
        var found: OrderedDictionary<String, Set<Int>> = [:]
        for observable in observables {
            guard let match = observable.name.wholeMatch(of: /([A-Za-z]+)_(\d+)/), let number = Int(match.2),
                curves.contains(where: { $0.samples.contains { $0.counts && $0.values[observable.name] != nil } })
            else { continue }
            found[String(match.1), default: []].insert(number)
        }
        let sorted = found.filter { $0.value.count > 1 }.sorted { a, b in
            orderParameter.hasPrefix(a.key) && !orderParameter.hasPrefix(b.key)
        }
        return OrderedDictionary(uniqueKeysWithValues: sorted.prefix(3).map { ($0.key, $0.value.sorted()) })
    }

    /// `φ of k` from the meaning of the family's first member.
    private func familyLabel(_ family: String) -> String {
        let first = observables.first { $0.name.hasPrefix("\(family)_") && !$0.symbol.isEmpty }
        guard let symbol = first?.symbol, let end = symbol.lastIndex(of: "_") else { return family }
        return "\(family) \(symbol[..<end])_k"
    }

    private func profileLegend() -> [String] {
        curves.map { curve in
            let name = label(of: curve)
            let last = curve.samples.filter(\.counts).map(\.control).max()
            let at = last.map { "\(axisSymbol) = " + String(format: "%.4g", $0) } ?? ""
            return [name, at].filter { !$0.isEmpty }.joined(separator: ", ")
        }
    }

    private func profilePoints(of families: OrderedDictionary<String, [Int]>) -> FigureTable {
        var table = FigureTable(
            "points",
            meaning: "Mean over replicas with standard error (NaN: a single replica) at each curve's highest control. "
                + "Curves: \(curveList)",
            columns: [
                ("panel", "number of the family: \(families.keys.joined(separator: ", "))"),
                ("curve", "number of the curve"), ("number", "of the observable in its family"), ("value", "mean"),
                ("error", "its standard error"), ("replicas", "how many replicas the mean is over"),
            ])
        for (panel, family) in families.enumerated() {
            for (index, curve) in curves.enumerated() {
                let samples = curve.globalPhase
                guard let last = samples.map(\.control).max() else { continue }
                for number in family.value {
                    let values = samples.filter { $0.control == last }
                        .compactMap { $0.values["\(family.key)_\(number)"] }
                    guard !values.isEmpty else { continue }
                    let average = ReplicaAverage(values)
                    table.rows.append([
                        Double(panel + 1), Double(index + 1), Double(number), average.mean, average.standardError,
                        Double(average.count),
                    ])
                }
            }
        }
        return table
    }
}
