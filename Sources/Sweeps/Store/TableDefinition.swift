/// A table's name and the names of its columns in their order, as its definition says. The definition is read as text
/// and never executed: it may come from a damaged or a forged file.
package struct TableDefinition {
    package let table: String
    package let columns: [String]

    /// Nil for what is not the definition of a table as a store writes it, or as SQLite has changed it since.
    package init?(_ sql: String) {
        var words = Words(sql)
        guard words.next() == .name("CREATE"), words.next() == .name("TABLE"), case .name(var table)? = words.next()
        else { return nil }
        if table == "IF" {
            guard words.next() == .name("NOT"), words.next() == .name("EXISTS"), case .name(let name)? = words.next()
            else { return nil }
            table = name
        }
        guard words.next() == .symbol("(") else { return nil }
        var columns: [String] = []
        var isFirst = true
        var depth = 1
        while depth > 0 {
            guard let word = words.next() else { return nil }
            switch word {
            case .symbol("("): depth += 1
            case .symbol(")"):
                depth -= 1
                if depth == 0, isFirst { return nil }
            case .symbol(","):
                guard depth == 1 else { continue }
                if isFirst { return nil }
                isFirst = true
            case .name(let name) where isFirst:
                // A constraint of the whole table ends the columns.
                if name != "PRIMARY" { columns.append(name) }
                isFirst = false
            default: if isFirst { return nil }
            }
        }
        self.table = table
        self.columns = columns
    }

    /// A definition, word by word.
    private struct Words {
        enum Word: Equatable {
            /// A bare or a quoted one.
            case name(String)
            case symbol(Character)
        }
        private var rest: Substring

        init(_ sql: String) { rest = sql[...] }

        /// Nil at the end, and at a quotation that does not end.
        mutating func next() -> Word? {
            rest = rest.drop(while: \.isWhitespace)
            guard let first = rest.first else { return nil }
            if first == "\"" { return quoted() }
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            guard name.isEmpty else {
                rest = rest.dropFirst(name.count)
                return .name(String(name))
            }
            rest = rest.dropFirst()
            return .symbol(first)
        }

        private mutating func quoted() -> Word? {
            var name = ""
            rest = rest.dropFirst()
            while let end = rest.firstIndex(of: "\"") {
                name += rest[..<end]
                rest = rest[rest.index(after: end)...]
                guard rest.first == "\"" else { return .name(name) }
                name += "\""
                rest = rest.dropFirst()
            }
            return nil
        }
    }
}
