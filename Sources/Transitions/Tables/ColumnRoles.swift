import PhaseSpace
import Support

/// Which column of a table is what.
public struct ColumnRoles: Sendable, Equatable {
    public var control: Int
    /// Several are repeats; empty where `up` and `down` hold the values.
    public var values: [Int] = []
    /// One for all values, or one for each; empty where there are none.
    public var errors: [Int] = []
    public var size: Int?
    /// What sets curves apart.
    public var labels: [Int] = []
    public var replica: Int?
    public var direction: Int?
    public var up: Int?
    public var down: Int?

    /// The columns that hold values, with their direction where it is theirs.
    var valueColumns: [(column: Int, error: Int?, direction: Direction?)] {
        let columns: [(Int, Direction?)] =
            values.map { ($0, nil) }
            + [(up, .up), (down, .down)].compactMap { column, direction in
                column.map { ($0, direction) }
            }
        return columns.enumerated().map { index, column in
            (column.0, errors.count == columns.count ? errors[index] : errors.first, column.1)
        }
    }

    /// The name that all values share: that of one column, or the beginning of several.
    func valueName(in table: NumberTable) -> String {
        let names = valueColumns.map { table.names[$0.column] }
        guard let first = names.first, !first.isEmpty else { return "value" }
        if names.count == 1 { return first }
        var shared = Substring(first)
        while !names.allSatisfy({ $0.hasPrefix(shared) }) { shared.removeLast() }
        while let last = shared.last, !last.isLetter { shared.removeLast() }
        // What `seed1` and `seed2` have in common names the repeats, not the quantity.
        return shared.isEmpty || Self.repeats.contains(shared.lowercased()) ? "value" : String(shared)
    }

    private static let repeats: Set = ["seed", "run", "replica", "rep", "repeat", "trial", "sample", "fold", "s", "r"]
}

// MARK: - As somebody has said it

extension ColumnRoles {
    init(_ choice: ColumnChoice, of table: NumberTable, for purpose: TablePurpose, sizedBlocks: Bool) throws {
        var found: [ColumnRole: [Int]] = [:]
        var bare: [Int] = []
        for entry in choice.entries {
            let columns = try table.columns(named: entry.columns)
            if let role = entry.role {
                found[role] = columns
            } else if choice.isBare, columns.count > 1 {
                throw ColumnChoiceError(
                    "in a bare list `\(entry.columns)` must be one column; write `value=\(entry.columns)`")
            } else {
                bare += columns
            }
        }
        if choice.isBare {
            let order: [ColumnRole] =
                purpose == .collapse && !sizedBlocks ? [.size, .control, .value, .error] : [.control, .value, .error]
            guard bare.count >= order.count - 1 else {
                throw ColumnChoiceError(
                    "`--columns` needs \(order.count - 1) columns or more in the order "
                        + order.map(\.rawValue).joined(separator: ", "))
            }
            for (role, column) in zip(order, bare) { found[role] = [column] }
            bare = Array(bare.dropFirst(order.count))
        }
        func one(_ role: ColumnRole) throws -> Int? {
            guard let columns = found[role] else { return nil }
            guard columns.count == 1 else { throw ColumnChoiceError("`\(role.rawValue)=` takes one column") }
            return columns[0]
        }
        guard let control = try one(.control) else {
            throw ColumnChoiceError("`--columns` has no `control=`; the columns are \(table.columnList)")
        }
        self.init(control: control)
        values = found[.value] ?? []
        errors = found[.error] ?? []
        labels = (found[.curve] ?? []) + bare
        (size, replica, direction) = (try one(.size), try one(.replica), try one(.direction))
        (up, down) = (try one(.up), try one(.down))
        guard values.isEmpty != (up == nil && down == nil) else {
            throw ColumnChoiceError(
                values.isEmpty
                    ? "`--columns` has no `value=`; the columns are \(table.columnList)"
                    : "`--columns` has `value=` and `up=` or `down=`; the values are either in one or in the others")
        }
        if (up == nil) != (down == nil) {
            throw ColumnChoiceError("`up=` and `down=` belong together; the values of a single sweep are `value=`")
        }
        if direction != nil, up != nil {
            throw ColumnChoiceError("`direction=` says what `up=` and `down=` say already")
        }
        let count = valueColumns.count
        guard errors.count <= 1 || errors.count == count else {
            throw ColumnChoiceError(
                "`error=` takes one column, or one for each of the \(count) values, not \(errors.count)")
        }
        let all = [control] + values + errors + labels + [size, replica, direction, up, down].compactMap { $0 }
        if let twice = all.first(where: { column in all.count { $0 == column } > 1 }) {
            throw ColumnChoiceError("`--columns` names \(table.name(twice)) twice")
        }
        if purpose == .collapse, size == nil, !sizedBlocks {
            throw ColumnChoiceError("a collapse needs `size=`; the columns are \(table.columnList)")
        }
    }
}
