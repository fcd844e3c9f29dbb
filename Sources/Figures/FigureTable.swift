/// The numbers behind a part of a figure, as they stand in a `.tsv` file.
package struct FigureTable: Sendable {
    /// File name without extension, and name of the data block: letters, digits and `_`.
    package let name: String
    /// What the rows are, in a sentence or two.
    package let meaning: String
    package let columns: [(name: String, meaning: String)]
    /// One number per column; not finite ones are missing.
    package var rows: [[Double]]

    package init(_ name: String, meaning: String, columns: [(name: String, meaning: String)], rows: [[Double]] = []) {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a row has one number per column")
        self.name = name
        self.meaning = meaning
        self.columns = columns
        self.rows = rows
    }

    package var fileName: String { name.replacing("_", with: "-") + ".tsv" }

    /// Tab-separated values below a commented header: what the rows are, what each column is, the column names.
    package var text: String {
        var lines = ["# " + ScriptText.printable(meaning)]
        for (index, column) in columns.enumerated() {
            lines.append("# \(index + 1) \(column.name): \(ScriptText.printable(column.meaning))")
        }
        lines.append("# " + columns.map(\.name).joined(separator: "\t"))
        for row in rows { lines.append(row.map(Self.text(of:)).joined(separator: "\t")) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The shortest text that reads back as the same number.
    private static func text(of x: Double) -> String {
        guard x.isFinite else { return "NaN" }
        return x == x.rounded() && abs(x) < 1e15 ? String(Int64(x)) : "\(x)"
    }
}
