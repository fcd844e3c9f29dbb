import PhaseSpace

/// How a table's sentences name its quantities.
struct TableWords {
    let axis: String
    /// The quantity as it was judged: `m`, `|m|`, `ln m`.
    let quantity: String
    /// ` (judged along ln x)`, or empty.
    let scale: String

    init(_ curve: Curve, _ rows: TableRows) {
        axis = curve.key.axis
        let name = rows.isAbsolute ? "|\(curve.key.orderParameter)|" : curve.key.orderParameter
        quantity = rows.isLogValue ? "ln \(name)" : name
        scale = rows.isLogControl ? ", judged along ln \(curve.key.axis)" : ""
    }

    func measured(_ estimate: Estimate) -> String { Words.measured(estimate) }
    func plain(_ x: Double) -> String { Words.plain(x) }

    static func name(_ order: TransitionOrder) -> String {
        switch order {
        case .first: "a jump"
        case .second: "a continuous onset or kink"
        case .crossover: "a crossover"
        default: "a smooth curve"
        }
    }
}
