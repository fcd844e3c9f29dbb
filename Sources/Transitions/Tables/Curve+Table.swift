import PhaseSpace

/// Reads a curve from a table with the columns control, value and (optionally) the value's standard error, separated
/// by tabs, spaces or commas.
///
/// Empty lines and lines that begin with `#` do not count; a first line without numbers, or the last comment before
/// the data if it has as many words as there are columns, names the columns. `nan` marks a value that is missing.
/// Several lines with one control are one control's repeats. Rows with NaN become samples that are not done.
/// - Parameters:
///   - source: what errors call the table, such as the file's name.
///   - key: for a curve with a place in a sweep; nil names model, axis and order parameter after the table.
/// - Throws: `TableError` for a line that is none of this, and for a table without rows.
public func curve(fromTable text: String, source: String = "table", key: CurveKey? = nil) throws -> Curve {
    let table = try NumberTable(
        text, source: source, widths: 2...3, meaning: "two or three numbers (control, value, error)")
    let key =
        key
        ?? CurveKey(
            model: "table", fixed: [:], axis: table.name(0, "control"), orderParameter: table.name(1, "value"))
    let samples = try table.rows.map { row in
        guard row.numbers[0].isFinite else {
            throw table.error(in: row, column: 0, "the control must be finite, not \(row.texts[0])")
        }
        if row.numbers.count == 3, row.numbers[2] < 0 {
            throw table.error(in: row, column: 2, "a standard error is not negative, as \(row.texts[2]) is")
        }
        var values = [key.orderParameter: row.numbers[1]]
        if row.numbers.count > 2 { values[errorName(of: key.orderParameter)] = row.numbers[2] }
        let isDone = row.numbers[1].isFinite
        return CurveSample(
            control: row.numbers[0], replica: 0, direction: .cold, outcome: isDone ? .completed : .diverged,
            reason: isDone ? "" : "the table has no finite value here", values: isDone ? values : [:])
    }
    return Curve(key: key, samples: samples)
}
