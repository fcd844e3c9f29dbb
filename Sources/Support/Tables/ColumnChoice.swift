import OrderedCollections

/// What a column of a table is.
public enum ColumnRole: String, CaseIterable, Sendable {
    case control, value, error, size, curve, replica, direction, up, down
}

/// Columns that cannot be chosen so: a sentence with the remedy.
public struct ColumnChoiceError: Error, CustomStringConvertible, Equatable, Sendable {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// Which columns of a table are what, as a user has written it: `control=wd,value=seed1+seed2,error=4`, or a bare list
/// such as `wd,acc` whose order says it. Columns are named or numbered from 1; `2-5` are four of them.
public struct ColumnChoice: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        /// Nil for a bare name.
        public let role: ColumnRole?
        public let columns: String
    }
    public let entries: [Entry]

    /// Whether no entry names a role.
    public var isBare: Bool { entries.allSatisfy { $0.role == nil } }

    public init(parsing text: String) throws(ColumnChoiceError) {
        entries = try Self.pieces(of: text).map { piece throws(ColumnChoiceError) in
            guard let sign = piece.firstIndex(of: "="), !piece.hasPrefix("\"") else {
                return Entry(role: nil, columns: Self.unquoted(piece))
            }
            let word = String(piece[..<sign])
            guard let role = ColumnRole(rawValue: word.trimmed) else {
                let names = ColumnRole.allCases.map(\.rawValue)
                throw ColumnChoiceError(
                    "`--columns` knows no `\(word)`\(nearestHint(to: word, among: names)); a column is "
                        + names.joined(separator: ", "))
            }
            return Entry(role: role, columns: Self.unquoted(String(piece[piece.index(after: sign)...])))
        }
        guard !entries.isEmpty, entries.allSatisfy({ !$0.columns.isEmpty }) else {
            throw ColumnChoiceError(
                "`--columns` has an empty entry; it reads `control=…,value=…,error=…` or a list of names or numbers")
        }
        let roles = entries.compactMap(\.role)
        if let twice = roles.first(where: { role in roles.count { $0 == role } > 1 }) {
            throw ColumnChoiceError(
                "`--columns` has `\(twice.rawValue)=` twice; several columns are joined by +, as in value=seed1+seed2")
        }
    }

    /// Divided at commas that do not stand in double quotes.
    private static func pieces(of text: String) -> [String] {
        var pieces = [""]
        var isQuoted = false
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            if character == ",", !isQuoted { pieces.append("") } else { pieces[pieces.count - 1].append(character) }
        }
        return pieces.map(\.trimmed)
    }

    private static func unquoted(_ text: String) -> String {
        let text = text.trimmed
        return text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
            ? String(text.dropFirst().dropLast()) : text
    }
}

extension NumberTable {
    /// The columns that a text names: one by its name or number, or several joined by +.
    public func columns(named text: String) throws(ColumnChoiceError) -> [Int] {
        if let column = try column(named: text) { return [column] }
        var columns: [Int] = []
        for piece in text.split(separator: "+", omittingEmptySubsequences: false).map({ String($0).trimmed }) {
            if let column = try column(named: piece) {
                columns.append(column)
                continue
            }
            let ends = piece.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            if ends.count == 2, let first = ends[0], let last = ends[1], first >= 1, first < last, last <= columnCount {
                columns += (first - 1)..<last
                continue
            }
            let known = (0..<columnCount).map(name)
            throw ColumnChoiceError(
                "\(source) has no column `\(piece)`\(nearestHint(to: piece, among: known)); its columns are "
                    + columnList)
        }
        return columns
    }

    /// `1 wd, 2 acc, 3 err`.
    public var columnList: String {
        (0..<columnCount).map { "\($0 + 1)" + (names[$0].isEmpty ? "" : " \(names[$0])") }.joined(separator: ", ")
    }

    /// By name, by number, and last by a name in letters of the other case.
    private func column(named text: String) throws(ColumnChoiceError) -> Int? {
        let exact = names.indices.filter { names[$0] == text && !text.isEmpty }
        if exact.count > 1 {
            throw ColumnChoiceError(
                "\(source) has \(exact.count) columns called `\(text)`; take their numbers: \(columnList)")
        }
        if let column = exact.first { return column }
        if let number = Int(text), (1...columnCount).contains(number) { return number - 1 }
        let alike = names.indices.filter { names[$0].lowercased() == text.lowercased() && !text.isEmpty }
        return alike.count == 1 ? alike[0] : nil
    }
}

extension String {
    package var trimmed: String {
        var text = Substring(self)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text.drop(while: \.isWhitespace))
    }
}
