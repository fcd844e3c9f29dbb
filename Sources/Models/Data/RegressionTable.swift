import Foundation
import PhaseSpace
import TinyNets

/// A table of numbers with one target column, read from a CSV file.
public struct RegressionTable: Sendable {
    /// Names of the input columns, from the header (or `column 1` …).
    public let inputNames: [String]
    /// Rows × inputs, row-major.
    public let inputs: [Double]
    public let targets: [Double]

    public var rows: Int { targets.count }
    public var columns: Int { inputNames.count }

    public init(inputNames: [String], inputs: [Double], targets: [Double]) {
        self.inputNames = inputNames
        self.inputs = inputs
        self.targets = targets
    }

    /// Reads a comma-separated file: a header row of names (optional where every cell of it is a number), then rows
    /// of numbers.
    /// - Parameters:
    ///   - target: name of the target column, or its number from 1; the last column where it is nil.
    /// - Throws: `DataFileError` with file, line and column of the first cell that is wrong.
    public init(contentsOf path: String, target: String?) throws(DataFileError) {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw DataFileError(
                file: path, message: "cannot be read: \((error as? CocoaError)?.sentence ?? "\(error)")")
        }
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw DataFileError(file: path, message: "is not text in UTF-8")
        }
        try self.init(parsing: text, file: path, target: target)
    }

    init(parsing text: String, file: String, target: String?) throws(DataFileError) {
        var lines: [(number: Int, cells: [Substring])] = []
        for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = raw.drop { $0 == "\u{FEFF}" }
            if line.allSatisfy(\.isWhitespace) { continue }
            lines.append((index + 1, line.split(separator: ",", omittingEmptySubsequences: false)))
        }
        guard let first = lines.first else { throw DataFileError(file: file, message: "holds no rows") }
        let isHeader = !first.cells.allSatisfy { Self.number($0) != nil }
        let names =
            isHeader
            ? first.cells.map { Self.trimmed($0) }
            : (1...first.cells.count).map { "column \($0)" }
        guard names.count >= 2 else {
            throw DataFileError(
                file: file, line: first.number,
                message: "needs at least two columns separated by commas: inputs and a target")
        }
        let targetColumn = try Self.index(of: target, in: names, file: file)
        var inputs: [Double] = []
        var targets: [Double] = []
        for line in isHeader ? lines.dropFirst() : lines[...] {
            guard line.cells.count == names.count else {
                throw DataFileError(
                    file: file, line: line.number,
                    message: "has \(line.cells.count) columns where \(names.count) were expected")
            }
            for (column, cell) in line.cells.enumerated() {
                guard let x = Self.number(cell) else {
                    throw DataFileError(
                        file: file, line: line.number, column: column + 1,
                        message: "`\(Self.trimmed(cell))` is not a finite number (column `\(names[column])`)")
                }
                if column == targetColumn { targets.append(x) } else { inputs.append(x) }
            }
        }
        guard targets.count >= 2 else { throw DataFileError(file: file, message: "needs at least two rows of numbers") }
        var inputNames = names
        inputNames.remove(at: targetColumn)
        self.init(inputNames: inputNames, inputs: inputs, targets: targets)
    }

    private static func trimmed(_ cell: Substring) -> String {
        cell.trimmingCharacters(in: CharacterSet.whitespaces.union(CharacterSet(charactersIn: "\"")))
    }
    private static func number(_ cell: Substring) -> Double? {
        guard let x = Double(trimmed(cell)), x.isFinite else { return nil }
        return x
    }
    private static func index(of target: String?, in names: [String], file: String) throws(DataFileError) -> Int {
        guard let target else { return names.count - 1 }
        if let index = names.firstIndex(of: target) { return index }
        if let number = Int(target), (1...names.count).contains(number) { return number - 1 }
        throw DataFileError(
            file: file,
            message: "has no column `\(target)`\(nearestHint(to: target, among: names)); columns: "
                + names.joined(separator: ", "))
    }

    /// Every column with mean 0 and variance 1 (1/n), the target too.
    /// - Throws: `DataFileError` for a constant column, which has no scale.
    public func standardized(file: String) throws(DataFileError) -> RegressionTable {
        var scaled = inputs
        for column in 0..<columns {
            let values = (0..<rows).map { inputs[$0 * columns + column] }
            let z = try Self.standardized(values, name: inputNames[column], file: file)
            for row in 0..<rows { scaled[row * columns + column] = z[row] }
        }
        return RegressionTable(
            inputNames: inputNames, inputs: scaled,
            targets: try Self.standardized(targets, name: "target", file: file))
    }

    private static func standardized(
        _ values: [Double], name: String, file: String
    ) throws(DataFileError) -> [Double] {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
        guard variance > 1e-24 * max(mean * mean, .leastNormalMagnitude) else {
            throw DataFileError(
                file: file, message: "column `\(name)` is constant: it cannot be standardised, leave it out")
        }
        return values.map { ($0 - mean) / variance.squareRoot() }
    }

    /// Uncentred second moments, with 1/n.
    public var moments: DataMoments { DataMoments(inputs: columns, features: inputs, targets: targets) }
}

/// A data file that cannot be used.
public struct DataFileError: Error, CustomStringConvertible, Equatable {
    public let file: String
    public let line: Int?
    public let column: Int?
    public let message: String

    public init(file: String, line: Int? = nil, column: Int? = nil, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `file:line:column: message`, with cells counted as columns.
    public var description: String {
        ([file] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":") + ": " + message
    }
}

extension CocoaError {
    /// The reason in plain words, without Foundation's dump of user info.
    fileprivate var sentence: String {
        switch code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "there is no such file"
        case .fileReadNoPermission: "no permission to read it"
        default: localizedDescription
        }
    }
}
