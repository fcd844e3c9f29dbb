import OrderedCollections
import PhaseSpace
import Support

/// Puts the rows of a table together to curves.
struct TableAssembly {
    private(set) var curves: [TableCurve] = []
    let labels: [String]
    private(set) var sentence = ""

    let table: NumberTable
    let roles: ColumnRoles
    let blocks: BlockLabels
    let sizesFromBlocks: Bool
    /// What the column of replicas holds, in the order of appearance.
    private let replicas: OrderedSet<TableCell>
    var missingErrors = 0
    var remarks: [String]

    init(_ table: NumberTable, _ roles: ColumnRoles, _ blocks: BlockLabels, sizesFromBlocks: Bool) throws(TableError) {
        (self.table, self.roles, self.blocks, self.sizesFromBlocks) = (table, roles, blocks, sizesFromBlocks)
        remarks = table.remarks
        replicas = OrderedSet(
            roles.replica.map { column in
                table.rows.map { $0.cells[column] }.filter { $0 != .missing && $0 != .notANumber }
            } ?? [])
        if let index = table.index, !([roles.control] + roles.values + roles.labels).contains(index.column) {
            remarks.append(
                "column 1 numbers the rows and is left out (\(index.remedy) keeps it from being written)")
        }
        let isSizeALabel = roles.size != nil && !sizesFromBlocks
        labels = blocks.names + roles.labels.map(table.name) + (isSizeALabel ? [table.name(roles.size!)] : [])
        var groups: OrderedDictionary<[ControlValue], Group> = [:]
        for (block, content) in table.blocks.enumerated() {
            for row in content.rows {
                let label = try label(of: row, block: block)
                for (part, value) in roles.valueColumns.enumerated() {
                    try add(row, block: block, part: part, value, to: &groups[label, default: Group()])
                }
            }
        }
        let varying = labels.indices.filter { index in Set(groups.keys.map { $0[index] }).count > 1 }.map { labels[$0] }
        for (label, group) in groups {
            let key = CurveKey(
                model: "table", fixed: Dictionary(zip(labels, label), uniquingKeysWith: { $1 }),
                axis: TableReading.name(roles.control, in: table, or: "control"),
                orderParameter: roles.valueName(in: table))
            curves.append(curve(of: group, key: key, varying: varying))
        }
        sentence = said()
    }

    struct Group {
        var points: [TablePoint] = []
        /// Which of the value columns each point is from.
        var parts: [Int] = []
        var missing = 0
    }

    // MARK: - Rows

    private func label(of row: NumberTable.Row, block: Int) throws(TableError) -> [ControlValue] {
        var label = blocks.values.indices.contains(block) ? blocks.values[block] : []
        for column in roles.labels {
            switch row.cells[column] {
            case .number(let x): label.append(.number(x))
            case .text(let text): label.append(.text(text))
            case .missing, .notANumber: label.append(.text("–"))
            }
        }
        if let size = roles.size { label.append(.number(try self.size(row, size))) }
        return label
    }

    private func size(_ row: NumberTable.Row, _ column: Int) throws(TableError) -> Double {
        guard let size = try number(row, column, "a size"), size > 0, size.isFinite else {
            throw table.error(
                in: row, column: column,
                "a size is positive and finite, not \(table.text(in: row, column: column))")
        }
        return size
    }

    /// Nil where the cell is empty.
    private func number(_ row: NumberTable.Row, _ column: Int, _ what: String) throws(TableError) -> Double? {
        switch row.cells[column] {
        case .number(let x): return x
        case .notANumber: return .nan
        case .missing: return nil
        case .text(let text):
            throw table.error(in: row, column: column, "`\(text)` is not a number" + NumberTable.remedy(for: text))
        }
    }

    private mutating func add(
        _ row: NumberTable.Row, block: Int, part: Int,
        _ columns: (column: Int, error: Int?, direction: Direction?), to group: inout Group
    ) throws(TableError) {
        guard let control = try number(row, roles.control, "a control"), control.isFinite else {
            throw table.error(
                in: row, column: roles.control,
                "the control must be finite, not \(table.text(in: row, column: roles.control))")
        }
        var error: Double?
        if let column = columns.error {
            error = try number(row, column, "an error").flatMap { $0.isFinite ? $0 : nil }
            if let error, error < 0 {
                throw table.error(
                    in: row, column: column,
                    "a standard error is not negative, as \(table.text(in: row, column: column)) is")
            }
        }
        guard let value = try number(row, columns.column, "a value") else {
            group.missing += 1
            return
        }
        let sizes = sizesFromBlocks ? blocks.values[block][0].number : nil
        group.points.append(
            TablePoint(
                line: row.line, control: control, value: value, error: error,
                size: try roles.size.map { column throws(TableError) in try size(row, column) } ?? sizes,
                replica: try replica(row), direction: try direction(row, block: block, columns.direction)))
        group.parts.append(part)
        if columns.error != nil, error == nil, value.isFinite { missingErrors += 1 }
    }

    private func replica(_ row: NumberTable.Row) throws(TableError) -> Int {
        guard let column = roles.replica else { return 0 }
        guard let number = replicas.firstIndex(of: row.cells[column]) else {
            throw table.error(in: row, column: column, "a replica has a number or a name")
        }
        return number
    }

    private func direction(
        _ row: NumberTable.Row, block: Int, _ own: Direction?
    ) throws(TableError) -> Direction {
        if let own { return own }
        if blocks.directions.indices.contains(block) { return blocks.directions[block] }
        guard let column = roles.direction else { return .cold }
        let text = table.text(in: row, column: column)
        let word = row.cells[column].number.map { $0 > 0 ? "up" : $0 < 0 ? "down" : "cold" } ?? text
        guard let direction = Direction(inTable: word) else {
            throw table.error(
                in: row, column: column, "a direction is up, down or cold (or 1, -1, 0), not `\(text)`")
        }
        return direction
    }
}
