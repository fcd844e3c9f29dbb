import OrderedCollections

/// Reads lines with a JSON object on each: its members are the columns.
struct JSONLinesReader {
    private let source: String
    private let lines: [(number: Int, text: Substring)]

    /// Nil where the text does not begin as JSON does.
    init?(_ text: [Substring], source: String) throws(TableError) {
        self.source = source
        lines = text.enumerated().map { ($0 + 1, $1) }.filter { !$1.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
        guard let first = lines.first?.text.first(where: { $0 != " " && $0 != "\t" }), first == "{" || first == "["
        else { return nil }
        if first == "[" {
            throw TableError(
                source: source, line: lines[0].number, column: 1,
                message: "of JSON, lines with an object on each are read; `jq -c '.[]'` makes them of a list")
        }
    }

    func content() throws(TableError) -> TableContent {
        var names = OrderedSet<String>()
        var objects: [(line: Int, members: OrderedDictionary<String, JSONValue>)] = []
        for (number, text) in lines {
            let value: JSONValue
            do throws(JSONError) {
                value = try JSONValue(parsing: Self.withoutNaN(text))
            } catch {
                throw TableError(source: source, line: number, column: 1, message: "\(error)")
            }
            guard let members = value.object else {
                throw TableError(
                    source: source, line: number, column: 1, message: "each line is a JSON object, as the first one is")
            }
            objects.append((number, members))
            for name in Self.inOrder(members.keys, of: text) { names.append(name) }
        }
        let rows = try objects.map { object throws(TableError) in
            NumberTable.Row(
                cells: try names.map { name throws(TableError) in
                    try cell(object.members[name] ?? .null, name, object.line)
                }, line: object.line, offsets: [])
        }
        return TableContent(
            names: Array(names), columnCount: names.count, blocks: [NumberTable.Block(label: "", rows: rows)])
    }

    private func cell(_ value: JSONValue, _ name: String, _ line: Int) throws(TableError) -> TableCell {
        switch value {
        case .null: return .missing
        case .number(let x): return .number(x)
        case .bool(let isTrue): return .number(isTrue ? 1 : 0)
        case .text(let text): return TableCell(TableField(text: text, offset: 0, isQuoted: true), decimal: .point)
        case .list, .object:
            throw TableError(
                source: source, line: line, column: 1,
                message: "`\(name)` is no single value; a member of a row is a number, a text or null")
        }
    }

    /// Reading loses the members' order.
    private static func inOrder(
        _ names: OrderedSet<String>, of line: Substring
    ) -> [String] {
        func place(_ name: String) -> String.Index {
            let key = JSONValue.text(name).serialized()
            var rest = line
            while let found = rest.firstRange(of: key) {
                rest = rest[found.upperBound...]
                if rest.first(where: { $0 != " " && $0 != "\t" }) == ":" { return found.lowerBound }
            }
            return line.endIndex
        }
        return names.map { ($0, place($0)) }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
    }

    /// Python writes NaN and Infinity, which JSON has not: as texts they are read.
    private static func withoutNaN(_ line: Substring) -> String {
        guard line.contains("NaN") || line.contains("Infinity") else { return String(line) }
        var result = ""
        var (isText, isEscaped) = (false, false)
        var rest = line
        while let character = rest.first {
            if !isText, let word = ["NaN", "-Infinity", "Infinity"].first(where: rest.hasPrefix) {
                result += "\"\(word)\""
                rest = rest.dropFirst(word.count)
                continue
            }
            if character == "\"", !isEscaped { isText.toggle() }
            isEscaped = isText && character == "\\" && !isEscaped
            result.append(character)
            rest = rest.dropFirst()
        }
        return result
    }
}
