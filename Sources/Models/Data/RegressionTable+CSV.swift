import Foundation
import PhaseSpace
import Support

extension RegressionTable {
    /// Reads a table of columns separated by commas, semicolons or tabs: a header row of names (optional where every cell
    /// of it is a number), then rows of decimal numbers. Columns that are not used may hold anything.
    /// - Parameters:
    ///   - target: name of the target column, or its number from 1; the last column where it is nil.
    ///   - columns: the inputs, by name or number, or those that are left out, with a minus before them; all columns
    ///     but the target where it is nil.
    /// - Throws: `DataFileError` with file, line and column of the first cell that is wrong.
    public init(contentsOf path: String, target: String?, columns: [String]? = nil) throws(DataFileError) {
        try self.init(parsing: try DataFileError.contents(of: path), file: path, target: target, columns: columns)
    }

    package init(
        parsing bytes: [UInt8], file: String, target: String?, columns: [String]? = nil
    ) throws(DataFileError) {
        var lines = CSVLines(bytes, file: file)
        guard let first = lines.next() else {
            throw lines.failure ?? DataFileError(file: file, message: "holds no rows")
        }
        let isHeader = !first.cells.allSatisfy { Self.number($0) != nil }
        let names = isHeader ? first.cells : (1...first.cells.count).map { "column \($0)" }
        if isHeader { try Self.checkHeader(first, file: file) }
        guard names.count >= 2 else {
            throw DataFileError(
                file: file, .line(first.number),
                message:
                    "needs at least two columns separated by commas, semicolons or tabs, inputs and a target; the line is "
                    + "`\(DataFileError.excerpt(first.cells[0]))`")
        }
        let targetColumn = try Self.index(of: target, in: names, file: file)
        let isInput = try Self.inputs(columns, in: names, target: targetColumn, file: file)
        var (inputs, targets): ([Double], [Double]) = ([], [])
        func add(_ line: CSVLines.Line) throws(DataFileError) {
            guard line.cells.count == names.count else {
                throw DataFileError(
                    file: file, .line(line.number),
                    message: "has \(line.cells.count) columns where \(names.count) were expected")
            }
            for (column, cell) in line.cells.enumerated() where isInput[column] || column == targetColumn {
                let place = DataFileError.Place.cell(line: line.number, column: column + 1)
                guard let x = Self.number(cell) else {
                    throw DataFileError(
                        file: file, place,
                        message: cell.isEmpty
                            ? "the cell is empty (column `\(names[column])`)"
                            : "`\(DataFileError.excerpt(cell))` is not a finite number (column `\(names[column])`)")
                }
                guard abs(x) <= DataFileError.largestNumber else {
                    throw DataFileError(
                        file: file, place,
                        message:
                            "`\(DataFileError.excerpt(cell))` is beyond ±\(DataFileError.largestNumber): its square must stay finite"
                    )
                }
                if column == targetColumn { targets.append(x) } else { inputs.append(x) }
            }
        }
        if !isHeader { try add(first) }
        while let line = lines.next() { try add(line) }
        if let failure = lines.failure { throw failure }
        guard targets.count >= 2 else { throw DataFileError(file: file, message: "needs at least two rows of numbers") }
        self.init(inputNames: zip(names, isInput).filter(\.1).map(\.0), inputs: inputs, targets: targets)
    }

    /// A number as a table has it: decimal digits with an optional sign, point and exponent. What else Swift reads as a
    /// number, such as `0x10`, is more likely a mistake.
    private static func number(_ cell: String) -> Double? {
        guard cell.utf8.allSatisfy({ digits.contains($0) }), let x = Double(cell), x.isFinite else { return nil }
        return x
    }
    private static let digits = Set("0123456789+-.eE".utf8)

    private static func checkHeader(_ line: CSVLines.Line, file: String) throws(DataFileError) {
        var seen: [String: Int] = [:]
        for (column, name) in line.cells.enumerated() {
            let place = DataFileError.Place.cell(line: line.number, column: column + 1)
            if name.isEmpty { throw DataFileError(file: file, place, message: "the column has no name") }
            if let other = seen[name] {
                throw DataFileError(
                    file: file, place, message: "`\(name)` is already the name of column \(other)")
            }
            // Columns may be named 0, 1, 2 …; a fraction shows a row of numbers with a mistake in it.
            if let x = number(name), x != x.rounded() {
                let word = line.cells.first { number($0) == nil }!
                throw DataFileError(
                    file: file, .cell(line: line.number, column: line.cells.firstIndex(of: word)! + 1),
                    message:
                        "`\(DataFileError.excerpt(word))` is not a finite number, and a row with `\(name)` in it is no header"
                )
            }
            seen[name] = column + 1
        }
    }

    private static func index(of target: String?, in names: [String], file: String) throws(DataFileError) -> Int {
        guard let target else { return names.count - 1 }
        if let index = index(of: target, in: names) { return index }
        throw DataFileError(
            file: file,
            message: "has no column `\(target)`\(nearestHint(to: target, among: names)); columns: "
                + names.joined(separator: ", "))
    }

    private static func index(of name: String, in names: [String]) -> Int? {
        if let index = names.firstIndex(of: name) { return index }
        guard let number = Int(name), (1...names.count).contains(number) else { return nil }
        return number - 1
    }

    /// Which columns are inputs.
    private static func inputs(
        _ columns: [String]?, in names: [String], target: Int, file: String
    ) throws(DataFileError) -> [Bool] {
        guard let columns else { return names.indices.map { $0 != target } }
        var chosen: Set<Int> = []
        var leftOut: Set<Int> = []
        for name in columns {
            let isLeftOut = index(of: name, in: names) == nil && name.hasPrefix("-")
            let column = try index(of: isLeftOut ? String(name.dropFirst()) : name, in: names, file: file)
            guard column != target else {
                throw DataFileError(file: file, message: "the column `\(names[column])` is the target, and no input")
            }
            guard !chosen.contains(column), !leftOut.contains(column) else {
                throw DataFileError(file: file, message: "`columns` names the column `\(names[column])` twice")
            }
            if isLeftOut { leftOut.insert(column) } else { chosen.insert(column) }
        }
        guard chosen.isEmpty || leftOut.isEmpty else {
            throw DataFileError(
                file: file, message: "`columns` names either inputs or, with a minus before them, what is left out")
        }
        let isInput = names.indices.map {
            $0 != target && (chosen.isEmpty ? !leftOut.contains($0) : chosen.contains($0))
        }
        guard isInput.contains(true) else { throw DataFileError(file: file, message: "`columns` leaves no input") }
        return isInput
    }
}
