import OrderedCollections
import PhaseSpace
import Support

/// What a table is read for.
public enum TablePurpose: Sendable {
    /// Control, value, error.
    case curves
    /// Size, control, value, error.
    case collapse
}

/// A table as what its columns mean: curves, with the sentence that says what was understood.
public struct TableReading: Sendable {
    public let table: NumberTable
    public let roles: ColumnRoles
    /// By order of appearance; one at least.
    public let curves: [TableCurve]
    /// Names of what sets the curves apart.
    public let labels: [String]
    /// `control wd, value acc, no errors, 24 rows`, and what was left out or had to be guessed.
    public let sentence: String

    /// Names of the size, the control and the value.
    public var names: [String] {
        [roles.size.map(table.name) ?? sizeName ?? "size", controlName, valueName]
    }
    public var controlName: String { Self.name(roles.control, in: table, or: "control") }
    public var valueName: String { roles.valueName(in: table) }
    private let sizeName: String?

    /// Points of all curves, in the order of the file.
    public var points: [TablePoint] { curves.flatMap(\.points) }

    /// - Throws: `TableError` at the first cell that is not what its column is for, `ColumnChoiceError` for a choice
    ///   that the table does not have, and where nobody has said which column is what.
    public init(_ table: NumberTable, columns: ColumnChoice? = nil, for purpose: TablePurpose = .curves) throws {
        self.table = table
        let blockNames = BlockLabels(table.blocks.map(\.label))
        let hasSizedBlocks = purpose == .collapse && blockNames.size != nil
        roles =
            try columns.map { try ColumnRoles($0, of: table, for: purpose, sizedBlocks: hasSizedBlocks) }
            ?? ColumnRoles(guessing: table, for: purpose, sizedBlocks: hasSizedBlocks)
        sizeName = hasSizedBlocks ? blockNames.size : nil
        let assembly = try TableAssembly(
            table, roles, blockNames, sizesFromBlocks: sizeName != nil && roles.size == nil)
        curves = assembly.curves
        labels = assembly.labels
        sentence = assembly.sentence
    }

    static func name(_ column: Int, in table: NumberTable, or fallback: String) -> String {
        table.names[column].isEmpty ? fallback : table.names[column]
    }
}

/// Reads a curve from a table with the columns control, value and (optionally) the value's standard error.
/// - Parameters:
///   - source: what errors call the table, such as the file's name.
///   - key: for a curve with a place in a sweep; nil names model, axis and order parameter after the table.
/// - Throws: `TableError` or `ColumnChoiceError` for what is no such table; where the table holds several curves.
public func curve(fromTable text: String, source: String = "table", key: CurveKey? = nil) throws -> Curve {
    let reading = try TableReading(NumberTable(text, source: source))
    guard let only = reading.curves.first, reading.curves.count == 1 else {
        throw ColumnChoiceError("\(source) holds \(reading.curves.count) curves where one is wanted")
    }
    guard let key else { return only.curve }
    return TableCurve(key: key, varying: [], points: only.points, course: only.course, missing: only.missing).curve
}

/// What comments above blocks set apart: `L = 64` is the number 64 called L, anything else a text.
struct BlockLabels {
    /// One for each block, all of them the same; empty where the table is one block.
    private(set) var names: [String] = []
    private(set) var values: [[ControlValue]] = []

    init(_ labels: [String]) {
        guard labels.count > 1 else { return }
        let pairs = labels.map { Self.pairs(in: $0) ?? [] }
        if let first = pairs.first, !first.isEmpty, pairs.allSatisfy({ $0.map(\.name) == first.map(\.name) }) {
            names = first.map(\.name)
            values = pairs.map { $0.map(\.value) }
        } else {
            names = ["block"]
            var seen: [String: Int] = [:]
            values = labels.enumerated().map { index, label in
                if label.isEmpty { return [.number(Double(index + 1))] }
                seen[label, default: 0] += 1
                return [.text(seen[label]! > 1 ? "\(label) (\(seen[label]!))" : label)]
            }
            directions = labels.compactMap(Direction.init(inTable:))
            if directions.count == labels.count { (names, values) = ([], []) } else { directions = [] }
        }
    }

    /// One for each block where they are called `up` and `down`; else empty.
    private(set) var directions: [Direction] = []

    /// What numbers every block, alone and positive.
    var size: String? {
        names.count == 1 && names != ["block"]
            && values.allSatisfy { ($0[0].number ?? 0) > 0 } ? names[0] : nil
    }

    /// `L = 64, T=2.3`; nil for any other text.
    private static func pairs(in label: String) -> [(name: String, value: ControlValue)]? {
        let pairs = label.split(whereSeparator: { $0 == "," || $0 == ";" }).map { piece in
            piece.split(separator: "=", omittingEmptySubsequences: false).map { String($0).trimmed }
        }
        guard !pairs.isEmpty, pairs.allSatisfy({ $0.count == 2 && !$0[0].isEmpty && !$0[1].isEmpty }) else {
            return nil
        }
        return pairs.map { pair in
            (pair[0], TableCell.number(pair[1], decimal: .point).map(ControlValue.number) ?? .text(pair[1]))
        }
    }
}
