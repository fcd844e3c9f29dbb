import PhaseSpace

/// Collapses a table with the columns size, control, value and its standard error.
///
/// Errors of exactly 0 at shares of 0 and 1 are replaced by binomial ones where all others are binomial.
/// - Throws: `TableError` for a table that is none, `CollapseError` as `collapse(of:)`.
/// - Returns: the collapse, and what was understood beside the plain numbers, a sentence each.
public func collapse(fromTable text: String, source: String = "table") throws -> (collapse: Collapse, notes: [String]) {
    let table = try NumberTable(
        text, source: source, widths: 4...4, meaning: "four numbers (size, control, value, error)")
    var firstZero: TableError?
    var data = try table.rows.compactMap { row -> SizedValue? in
        let (size, control, value, error) = (row.numbers[0], row.numbers[1], row.numbers[2], row.numbers[3])
        guard size > 0, size.isFinite else {
            throw table.error(in: row, column: 0, "a size is positive and finite, not \(row.texts[0])")
        }
        guard control.isFinite else {
            throw table.error(in: row, column: 1, "the control must be finite, not \(row.texts[1])")
        }
        if value.isNaN { return nil }
        guard value.isFinite else {
            throw table.error(in: row, column: 2, "a value is finite, or nan where it is missing, not \(row.texts[2])")
        }
        let refusal = table.error(
            in: row, column: 3, "a standard error is positive and finite, not \(row.texts[3])")
        guard error >= 0, error.isFinite else { throw refusal }
        if error == 0 { firstZero = firstZero ?? refusal }
        return SizedValue(size: size, control: control, value: value, error: error)
    }
    var notes: [String] = []
    if let firstZero {
        guard let shares = BinomialErrors(data) else { throw firstZero }
        data = shares.data
        notes.append(shares.sentence)
    }
    let names = [table.name(0, "size"), table.name(1, "control"), table.name(2, "value")]
    return (try collapse(of: data, names: names), notes)
}
