extension DelimitedReader {
    func content() throws(TableError) -> TableContent {
        let heads = headerLineCount()
        guard heads < lines.count else {
            throw error(
                lines[lines.count - 1], 0,
                "the table has no rows; a row has two numbers or more (control, value, error)")
        }
        var content = TableContent(
            names: [], columnCount: columnCount, blocks: [], index: nil, decimal: decimal, remarks: remarks)
        let fromComment = heads == 0 ? namesInComments() : nil
        if heads > 0 {
            (content.names, content.index) = try names(of: Array(lines[..<heads]), rows: lines[heads...])
        } else if let fromComment {
            content.names = fromComment.names
        } else {
            content.names = Array(repeating: "", count: columnCount)
        }
        content.blocks = try blocks(
            of: lines[heads...], names: content.names, namesComment: fromComment?.text,
            labels: lines[..<heads].flatMap(\.comments))
        return content
    }

    /// The lines above the first row of numbers.
    private func headerLineCount() -> Int {
        var (texts, all) = (Array(repeating: 0, count: columnCount), Array(repeating: 0, count: columnCount))
        for line in lines.dropFirst(lines.count > 1 ? 1 : 0) where line.fields.count == columnCount {
            for (column, field) in line.fields.enumerated() {
                all[column] += 1
                if cell(field).isText { texts[column] += 1 }
            }
        }
        func isNumeric(_ column: Int) -> Bool {
            !texts.indices.contains(column) || 2 * texts[column] <= all[column]
        }
        let mostLines = 10
        for (index, line) in lines.prefix(mostLines).enumerated() {
            let cells = line.fields.map(cell)
            let hasText = cells.contains(where: \.isText)
            let numbers = cells.compactMap(\.number)
            if numbers.isEmpty {
                if hasText || index == 0 && lines.count > 1 && !cells.contains(.notANumber) { continue }
                return index
            }
            // Columns may be called 0, 1, 2 …; a fraction shows a row of numbers with a mistake in it.
            guard index == 0, numbers.allSatisfy({ $0 == $0.rounded() }), lines.count > 1 else { return index }
            let isName = line.fields[0].text.isEmpty ? isCounter(0, lines[1...]) : cells[0].isText
            let isOutOfPlace = cells.indices.contains { cells[$0].isText && isNumeric($0) }
            if isName, isOutOfPlace || line.fields[0].text.isEmpty { continue }
            return index
        }
        return min(mostLines, lines.count)
    }

    // MARK: - Names in a line of their own

    private func names(
        of heads: [Line], rows: ArraySlice<Line>
    ) throws(TableError) -> (names: [String], index: NumberTable.Index?) {
        let fitting = heads.filter { $0.fields.count == columnCount && !isUnits($0) }
        // A title of several words may fit by chance where blanks divide.
        if let line = separator == .blanks ? fitting.last : fitting.first {
            // `T, M, error` may stand above columns with blanks between them.
            let names =
                separator == .blanks ? Self.names(in: line.text, count: columnCount) ?? [] : line.fields.map(\.text)
            return (names, try unnamedIndex(names[0], line, rows))
        }
        for line in heads.reversed() {
            if let names = Self.names(in: line.text, count: columnCount) { return (names, nil) }
        }
        let line = heads.last { !isUnits($0) } ?? heads[heads.count - 1]
        if line.fields.count == columnCount - 1 {
            guard isCounter(0, rows) || rows.allSatisfy({ isTextual($0, 0) }) else {
                throw error(
                    line, 0,
                    "the header has \(line.fields.count) names and the rows have \(columnCount) columns; name every "
                        + "column, or, where the first one numbers the rows, write the table with row.names=FALSE")
            }
            return ([""] + line.fields.map(\.text), NumberTable.Index(column: 0, remedy: "row.names=FALSE"))
        }
        throw error(
            line, 0,
            "the header has \(line.fields.count) names and the rows have \(columnCount) columns; put names with blanks "
                + "into double quotes, or begin the line with # where it is a remark")
    }

    /// Units below names: `[K]`, `(1)`.
    private func isUnits(_ line: Line) -> Bool {
        line.fields.allSatisfy { field in
            let (first, last) = (field.text.first, field.text.last)
            return cell(field) == .missing || first == "[" && last == "]" || first == "(" && last == ")"
        }
    }

    /// A first column that pandas left without a name.
    private func unnamedIndex(
        _ name: String, _ line: Line, _ rows: ArraySlice<Line>
    ) throws(TableError) -> NumberTable.Index? {
        guard name.isEmpty || name == "Unnamed: 0" || name == "index" || name == "level_0", columnCount > 1
        else { return nil }
        if isCounter(0, rows) { return NumberTable.Index(column: 0, remedy: "index=False") }
        guard name.isEmpty || name == "Unnamed: 0", columnCount > 2 else { return nil }
        let labels = rows.map { $0.fields.first?.text ?? "" }
        if rows.allSatisfy({ isTextual($0, 0) }), Set(labels).count == labels.count {
            return NumberTable.Index(column: 0, remedy: "index=False")
        }
        guard rows.allSatisfy({ $0.fields.first.map(cell)?.number.map { $0 == $0.rounded() } ?? false }) else {
            return nil
        }
        throw error(
            line, 0,
            "the first column has no name; give it one, or, where it numbers the rows of a data frame, write the "
                + "table with index=False")
    }

    private func isTextual(_ line: Line, _ column: Int) -> Bool {
        line.fields.indices.contains(column) && (cell(line.fields[column]).isText || line.fields[column].isQuoted)
    }

    /// Whether a column counts the rows, one by one.
    private func isCounter(_ column: Int, _ rows: ArraySlice<Line>) -> Bool {
        guard rows.count > 1 else { return false }
        let numbers = rows.map { $0.fields.indices.contains(column) ? cell($0.fields[column]).number ?? .nan : .nan }
        return numbers[0] == numbers[0].rounded() && zip(numbers, numbers.dropFirst()).allSatisfy { $1 - $0 == 1 }
    }

    // MARK: - Names in a comment

    /// The lowest comment above the rows that has as many words as there are columns.
    private func namesInComments() -> (names: [String], text: Substring)? {
        for comment in lines[0].comments.reversed() {
            let own = separator == .blanks ? nil : separator.fields(of: comment).map(\.text)
            for split in [own, Self.names(in: comment, count: columnCount)] {
                if let split, split.count == columnCount, Self.areNames(split) { return (split, comment) }
            }
        }
        return nil
    }

    /// Divides names by whatever gives as many as are wanted.
    private static func names(in text: Substring, count: Int) -> [String]? {
        for separator in [FieldSeparator.tab, .semicolon, .comma] {
            let names = separator.fields(of: text).map(\.text)
            if names.count == count, count > 1, !names.contains("") { return names }
        }
        let words = FieldSeparator.blanks.fields(of: text).map(\.text)
        if words.count == count { return words }
        // Columns that stand below each other have two blanks between them.
        let wide = String(text).split(separator: /[ \t]{2,}/).map(String.init)
        return wide.count == count && count > 1 ? wide : nil
    }

    /// Whether words are more likely the names of columns than a remark such as `L = 64`.
    private static func areNames(_ words: [String]) -> Bool {
        words.allSatisfy { word in
            !word.isEmpty && word.count <= 40 && word.split(separator: " ").count <= 4
                && TableCell.number(word, decimal: .point) == nil
                && word.contains { $0.isLetter || $0.isSymbol && $0 != "=" }
        } && !words.contains { $0.hasSuffix("=") || $0.hasSuffix(":") || $0.hasSuffix(",") }
    }

    /// Whether a comment is the line of names.
    private func isNames(_ comment: Substring, _ names: [String]) -> Bool {
        separator.fields(of: comment).map(\.text) == names || Self.names(in: comment, count: columnCount) == names
    }

    // MARK: - Blocks

    /// Whether a comment is a block's label with other numbers, as `L = 128` after `L = 64`: one empty line above it is
    /// then a gap between two curves.
    private func isNextLabel(_ comment: Substring?, after label: String) -> Bool {
        guard let comment, comment != label, label.contains(where: \.isNumber) else { return false }
        func words(_ text: some StringProtocol) -> String {
            String(text.filter { !$0.isNumber && !$0.isWhitespace && $0 != "." && $0 != "-" })
        }
        return comment.contains(where: \.isNumber) && words(comment) == words(label)
    }

    private func blocks(
        of rows: ArraySlice<Line>, names: [String], namesComment: Substring?, labels: [Substring]
    ) throws(TableError) -> [NumberTable.Block] {
        var blocks: [NumberTable.Block] = []
        var current: [NumberTable.Row] = []
        var label = String(labels.last ?? "")
        func close() {
            if !current.isEmpty { blocks.append(NumberTable.Block(label: label, rows: current)) }
            (current, label) = ([], "")
        }
        for line in rows {
            if line.gap >= 2 || line.gap == 1 && isNextLabel(line.comments.last, after: label) { close() }
            if current.isEmpty, let comment = line.comments.last(where: { !isNames($0, names) }) {
                label = String(comment)
            }
            let cells = line.fields.map(cell)
            if current.isEmpty, !blocks.isEmpty, cells.contains(where: \.isText),
                !cells.contains(where: { $0.number != nil })
            {
                // Each block may repeat the names, or be called something.
                if line.fields.map(\.text) == names.suffix(line.fields.count) { continue }
                if line.fields.count == 1 {
                    label = line.fields[0].text
                    continue
                }
            }
            if cells.count != columnCount {
                throw error(
                    line, min(columnCount, max(0, cells.count - 1)),
                    "this row has \(cells.count) column\(cells.count == 1 ? "" : "s"), most have \(columnCount); write "
                        + "nan where a value is missing")
            }
            if names.contains(where: { !$0.isEmpty }), line.fields.map(\.text) == names {
                throw error(
                    line, 0,
                    "the names stand here again; where two tables follow each other, put two empty lines between them")
            }
            current.append(
                NumberTable.Row(cells: cells, line: line.number, offsets: line.fields.map(\.offset)))
        }
        close()
        return blocks
    }
}
