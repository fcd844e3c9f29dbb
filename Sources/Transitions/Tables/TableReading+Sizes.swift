import PhaseSpace
import Support

extension TableReading {
    /// The points of a table that was read for a collapse; values that are missing are none.
    /// - Throws: `TableError` for a value or an error that no collapse can use.
    public func sizedValues() throws(TableError) -> [SizedValue] {
        let rows = Dictionary(table.rows.map { ($0.line, $0) }, uniquingKeysWith: { first, _ in first })
        var firstZero: TableError?
        var found: [(line: Int, value: SizedValue)] = []
        for point in points where !point.value.isNaN {
            func refuse(_ column: Int, _ what: String) -> TableError {
                let row = rows[point.line]!
                return table.error(in: row, column: column, "\(what), not \(table.text(in: row, column: column))")
            }
            guard point.value.isFinite else {
                throw refuse(roles.values[0], "a value is finite, or nan where it is missing")
            }
            let refusal = refuse(roles.errors.first ?? roles.values[0], "a standard error is positive and finite")
            guard let error = point.error, error >= 0, error.isFinite else { throw refusal }
            if error == 0 { firstZero = firstZero ?? refusal }
            found.append(
                (
                    point.line,
                    SizedValue(size: point.size ?? 0, control: point.control, value: point.value, error: error)
                ))
        }
        let values = found.sorted { $0.line < $1.line }.map(\.value)
        // Shares of 0 and 1 have an error of 0, and a remedy.
        if let firstZero, BinomialErrors(values) == nil { throw firstZero }
        return values
    }
}
