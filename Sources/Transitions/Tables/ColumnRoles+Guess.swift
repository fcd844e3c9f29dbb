import PhaseSpace
import Support

extension ColumnRoles {
    /// Columns that nobody has named: control, value and error in this order, and the size first for a collapse.
    /// - Throws: `TableError` where that may be wrong, with the text of `--columns` that would be right.
    init(guessing table: NumberTable, for purpose: TablePurpose, sizedBlocks: Bool) throws {
        let columns = (0..<table.columnCount).filter { $0 != table.index?.column }
        let names = columns.map { table.names[$0].lowercased() }
        let spoken = names.compactMap(ColumnRole.init(rawValue:))
        // A table that calls its columns what they are.
        if spoken.count == names.count, spoken.contains(.control), Set(spoken).count == spoken.count,
            spoken.count > 3 || !spoken.elementsEqual([.control, .value, .error].prefix(spoken.count)),
            purpose == .curves || spoken.contains(.size)
        {
            let text = zip(spoken, columns).map { "\($0.rawValue)=\($1 + 1)" }.joined(separator: ",")
            try self.init(ColumnChoice(parsing: text), of: table, for: purpose, sizedBlocks: sizedBlocks)
            return
        }
        let leading = purpose == .collapse && !sizedBlocks ? 1 : 0
        let hint = Self.hint(table, columns, purpose: purpose, sized: leading == 1)
        func refuse(_ column: Int, _ why: String) -> TableError { table.error(column: column, why + "; " + hint) }
        guard table.columnCount > 1 else {
            throw table.error(
                column: 0,
                "the table has 1 column, and a row has two numbers or more (control, value, error), divided by tabs, "
                    + "commas, semicolons or blanks")
        }
        if let index = table.index, columns.count < leading + 2 {
            throw refuse(
                index.column, "the first column seems to number the rows, and then there is no control left")
        }
        guard columns.count >= leading + (purpose == .collapse ? 3 : 2) else {
            throw refuse(
                0,
                "the table has \(table.columnCount) columns, and it takes "
                    + (purpose == .collapse
                        ? "\(leading + 3) (\(leading == 1 ? "size, " : "")control, value, error)"
                        : "two or three (control, value, error)"))
        }
        guard columns.count <= leading + 3 else {
            throw refuse(
                columns[leading + 3],
                "the table has \(table.columnCount) columns, and nobody has said which ones are "
                    + (purpose == .collapse ? "size, control, value and error" : "control and value"))
        }
        for column in columns {
            let cells = table.rows.map { $0.cells[column] }
            guard let row = table.rows.first(where: { $0.cells[column].isText }) else { continue }
            let isWords = 2 * cells.count(where: \.isText) > cells.count
            if isWords {
                throw refuse(column, "\(table.name(column)) holds words (`\(table.text(in: row, column: column))`)")
            }
        }
        self.init(control: columns[leading])
        if leading == 1 { size = columns[0] }
        values = [columns[leading + 1]]
        if leading == 0, let row = Self.exchanged(table, control: columns[0], value: columns[1]) {
            let (first, second) = (table.name(columns[0]), table.name(columns[1]))
            throw table.error(
                in: row, column: columns[1],
                "\(second) runs in equal steps and \(first) to and fro, so that \(second) looks like the control; say "
                    + "which column is what, such as `--columns "
                    + shellWord("control=\(columns[1] + 1),value=\(columns[0] + 1)")
                    + "` (columns: \(table.columnList))")
        }
        guard columns.count > leading + 2 else { return }
        let (value, third) = (columns[leading + 1], columns[leading + 2])
        errors = [third]
        if let doubt = Self.doubt(table, control: control, value: value, error: third) {
            throw table.error(in: doubt.row, column: third, doubt.why + "; " + hint)
        }
    }

    /// Why a third column may be no standard error, and where that shows.
    private static func doubt(
        _ table: NumberTable, control: Int, value: Int, error: Int
    ) -> (row: NumberTable.Row, why: String)? {
        let rows = table.rows
        let name = table.names[error]
        let is3rd = "\(table.name(error)) would be the standard error"
        let words = name.lowercased().split { !$0.isLetter }.map(String.init)
        let spoken = words + table.names[value].lowercased().split { !$0.isLetter }.map(String.init)
        if let word = spoken.first(where: { repeatWords.contains($0) }) {
            return (rows[0], "\(is3rd), but a name says `\(word)`")
        }
        if let row = rows.first(where: { ($0.cells[error].number ?? 0) < 0 }) {
            return (row, "\(is3rd), but `\(table.text(in: row, column: error))` is negative")
        }
        let pairs = rows.compactMap { row -> (Double, Double)? in
            guard let y = row.cells[value].number, let e = row.cells[error].number, y.isFinite, e.isFinite else {
                return nil
            }
            return (abs(y), abs(e))
        }
        // Values that vanish over half of the range have larger errors there, and only there.
        if !pairs.isEmpty, 10 * pairs.count(where: { $1 > 0 && $1 >= $0 / 2 }) >= 9 * pairs.count {
            return (rows[0], "\(is3rd), but it is as large as \(table.name(value))")
        }
        let (first, second) = (
            rows.map { $0.cells[control].number ?? .nan }, rows.map { $0.cells[value].number ?? .nan }
        )
        if name.isEmpty, isGrid(first, step: 1), isGrid(second, step: nil) {
            return (
                rows[0],
                "\(is3rd), but \(table.name(control)) seems to number the rows and \(table.name(value)) to be a control"
            )
        }
        if !name.isEmpty, !saysError(name, of: table.names[value]) {
            return (rows[0], "nothing says whether \(table.name(error)) is the standard error of \(table.name(value))")
        }
        return nil
    }

    /// The row where a first column turns that is no control: the second one runs in equal steps or ratios throughout.
    private static func exchanged(_ table: NumberTable, control: Int, value: Int) -> NumberTable.Row? {
        guard table.blocks.count == 1, table.rows.count >= 6 else { return nil }
        let first = table.rows.map { $0.cells[control].number ?? .nan }
        let second = table.rows.map { $0.cells[value].number ?? .nan }
        guard (first + second).allSatisfy(\.isFinite), !isGrid(first, step: nil) else { return nil }
        let steps = zip(second.dropFirst(), second).map { $0 - $1 }
        let ratios = zip(second.dropFirst(), second).map { $0 / $1 }
        func areEqual(_ xs: [Double], _ other: Double) -> Bool {
            // Rounded to a few digits, as programs print them.
            xs.allSatisfy { $0.isFinite && abs($0 - xs[0]) <= 0.02 * abs(xs[0] - other) } && xs[0] != other
        }
        guard areEqual(steps, 0) || second.allSatisfy({ $0 > 0 }) && areEqual(ratios, 1) else { return nil }
        let turns = first.indices.dropFirst().dropLast().filter {
            (first[$0] - first[$0 - 1]) * (first[$0 + 1] - first[$0]) < 0
        }
        // Controls that turn once or twice are sweeps.
        return turns.count >= 3 ? table.rows[turns[0]] : nil
    }

    /// Whether nearly all steps are equal, and one of this width where it is given.
    private static func isGrid(_ numbers: [Double], step: Double?) -> Bool {
        let steps = zip(numbers.dropFirst(), numbers).map { $0 - $1 }.filter(\.isFinite).sorted()
        guard steps.count >= 3 else { return false }
        let usual = step ?? steps[steps.count / 2]
        return usual != 0 && 10 * steps.count { abs($0 - usual) <= 1e-6 * abs(usual) } >= 8 * steps.count
    }

    private static let repeatWords: Set = [
        "seed", "seeds", "run", "runs", "replica", "replicas", "rep", "repeat", "trial", "up", "down", "forward",
        "backward", "fwd", "bwd", "heating", "cooling",
    ]

    /// Whether a name is one that people give to errors: `err`, `std error`, `σ`, `dM` and `eM` for M.
    private static func saysError(_ name: String, of value: String) -> Bool {
        let name = name.lowercased()
        let value = value.lowercased()
        if [
            "err", "std", "sem", "sigma", "σ", "unc", "dev", "±", "+-", "+/-", "spread", "fehler", "erreur", "noise",
            "stat", "s.e", "s.d", "jack", "boot",
        ].contains(where: name.contains) {
            return true
        }
        let letters = name.filter(\.isLetter)
        if ["e", "s", "se", "sd", "ci", "es", "er", "dev", "var", "dy", "ey", "sy", "de", "ds"].contains(letters) {
            return letters != "var"
        }
        let plain = value.filter(\.isLetter)
        return !plain.isEmpty
            && (["d", "δ", "e", "s", "delta"].contains { letters == $0 + plain }
                || ["e", "err", "se", "s", "sd"].contains { letters == plain + $0 })
    }

    /// The text of `--columns` that may be meant, and the columns that there are.
    private static func hint(
        _ table: NumberTable, _ columns: [Int], purpose: TablePurpose, sized: Bool
    ) -> String {
        func name(_ column: Int) -> String {
            let name = table.names[column]
            let isPlain =
                !name.isEmpty && !name.contains(where: { ",=+\"".contains($0) }) && Int(name) == nil
                && table.names.count(where: { $0 == name }) == 1
            return isPlain ? name : "\(column + 1)"
        }
        func isWords(_ column: Int) -> Bool {
            let cells = table.rows.map { $0.cells[column] }
            return 2 * cells.count(where: \.isText) > cells.count
        }
        var text: String
        let numbers = columns.filter { !isWords($0) }
        if numbers.count < 2 {
            text = "control=1,value=2"
        } else {
            let sized = sized || numbers.count > 3 && ["l", "n", "size"].contains(table.names[numbers[0]].lowercased())
            let rest = Array(numbers.dropFirst(sized ? 2 : 1))
            text = (sized ? "size=\(name(numbers[0]))," : "") + "control=\(name(numbers[sized ? 1 : 0]))"
            let ups = rest.filter { says(table.names[$0], ["up", "forward", "fwd", "heating"]) }
            let downs = rest.filter { says(table.names[$0], ["down", "backward", "bwd", "cooling"]) }
            let repeats = rest.filter { says(table.names[$0], ["seed", "run", "replica", "rep", "repeat", "trial"]) }
            if let up = ups.first, let down = downs.first {
                text += ",up=\(name(up)),down=\(name(down))"
            } else if repeats.count > 1 {
                text += ",value=" + repeats.map(name).joined(separator: "+")
            } else if let first = rest.first {
                text += ",value=\(name(first))"
                // `E` is an energy where nothing else says that it is an error.
                let error = rest.dropFirst().first {
                    table.names[$0].count > 1 && saysError(table.names[$0], of: table.names[first])
                }
                if let error { text += ",error=\(name(error))" }
            }
            if let label = columns.first(where: isWords) { text += ",curve=\(name(label))" }
        }
        return "say which column is what, such as `--columns " + shellWord(text) + "` (columns: \(table.columnList))"
    }

    private static func says(_ name: String, _ words: [String]) -> Bool {
        name.lowercased().split { !$0.isLetter }.contains { words.contains(String($0)) }
    }
}
