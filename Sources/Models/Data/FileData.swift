import Foundation
import Lanes
import OrderedCollections
import PhaseSpace
import Support

/// Training and test samples from files, as a `data:` section describes them.
///
/// In this order: rows of the wanted classes, at most `limit` of them, the split, the standardisation (found from the
/// training samples, applied to both), the mirror images (of the training samples). A split at random belongs to the
/// replica: each has training samples of its own.
public struct FileData: Sendable {
    /// Path as it was opened, for errors.
    public let file: String
    /// SHA-256 of each file that was read, for identities.
    public let fingerprint: String

    private let table: RegressionTable
    /// Samples of a test file.
    private let testTable: RegressionTable?
    /// Number of training samples where a part is kept for the test.
    private let trainCount: Int?
    private let standardizes: Bool
    private let symmetrizes: Bool
    private let seed: UInt64
    private let key: UInt64

    /// The section's keys that belong to files alone.
    public static let ownKeys = [
        "file", "target", "columns", "labels", "pool", "classes", "oneHot", "standardize", "limit", "trainFraction",
        "test",
        "testLabels",
    ]

    private static let fileNames = ["file", "labels", "test", "testLabels"]

    /// - Parameters:
    ///   - data: a `data:` section with `file`.
    ///   - folder: what relative names start from.
    /// - Throws: `ControlError` for keys that do not fit together, `DataFileError` for a file.
    public init(_ data: JSONValue, folder: String, seed: UInt64) throws {
        func path(_ name: String) -> String {
            name.hasPrefix("/") || folder.isEmpty ? name : folder + "/" + name
        }
        let file = path(data["file"]?.text ?? "")
        let reader = try Reader(data, path)
        table = try reader.table(file, labels: data["labels"]?.text, limit: data["limit"]?.number.map { Int($0) })
        testTable = try data["test"]?.text.map {
            try reader.table(path($0), labels: data["testLabels"]?.text, limit: nil)
        }
        if let testTable, testTable.columns != table.columns || testTable.outputs != table.outputs {
            throw DataFileError(
                file: path(data["test"]?.text ?? ""),
                message: "has \(testTable.columns) inputs and \(testTable.outputs) targets, the training file "
                    + "\(table.columns) and \(table.outputs)")
        }
        trainCount = try Self.trainCount(data, rows: table.rows)
        standardizes = data["standardize"]?.text == "true"
        symmetrizes = data["symmetrized"]?.text == "true"
        self.file = file
        self.seed = seed
        fingerprint = reader.hashes.joined(separator: " ")
        // Where the files lie must not decide who is drawn.
        let settings = (data.object ?? [:]).filter { !Self.fileNames.contains($0.key) }
        key = PointIdentity(hex: sha256(fingerprint + JSONValue.object(settings).canonical)).randomKey
        if standardizes { _ = try table.standardized(file: file) }
    }

    private static func trainCount(_ data: JSONValue, rows: Int) throws(ControlError) -> Int? {
        guard let fraction = data["trainFraction"]?.number else { return nil }
        if data["test"] != nil {
            throw ControlError(
                control: "trainFraction",
                message: "`trainFraction` and `test` exclude each other: the test samples "
                    + "are either a part of `file` or a file of their own")
        }
        let count = Int((fraction * Double(rows)).rounded())
        guard (2..<rows).contains(count) else {
            throw ControlError(
                control: "trainFraction",
                message:
                    "`trainFraction` \(ControlValue.number(fraction)) of \(rows) rows leaves \(count) for training "
                    + "and \(rows - count) for the test; two and one are needed at least")
        }
        return count
    }

    public var inputs: Int { table.columns }
    public var outputs: Int { table.outputs }
    public var isClassification: Bool { table.isClassification }
    /// Whether training samples differ between replicas.
    public var hasSplit: Bool { trainCount != nil }
    public var hasTest: Bool { trainCount != nil || testTable != nil }

    /// Training and test samples of a replica. A column that happens to be constant in the training samples becomes 0.
    public typealias Split = (training: RegressionTable, test: RegressionTable?)

    public func split(replica: Int) -> Split {
        var (training, test) = (table, testTable)
        if let trainCount {
            var stream = RandomStream(seed: seed, key: key, purpose: .data, substream: replica)
            var order = Array(0..<table.rows)
            for i in stride(from: order.count - 1, to: 0, by: -1) { order.swapAt(i, stream.integer(below: i + 1)) }
            training = table.selecting(order[..<trainCount].sorted())
            test = table.selecting(order[trainCount...].sorted())
        }
        if standardizes {
            let scale = Standardization(of: training)
            training = scale.applied(to: training)
            test = test.map(scale.applied)
        }
        return (symmetrizes ? training.symmetrized : training, test)
    }
}

extension FileData {
    /// Reads tables with the same settings, and remembers what it has read.
    private final class Reader {
        private let data: JSONValue
        private let path: (String) -> String
        private let classes: [Double]?
        private let oneHot: Bool
        private(set) var hashes: [String] = []

        init(_ data: JSONValue, _ path: @escaping (String) -> String) throws(ControlError) {
            self.data = data
            self.path = path
            oneHot = data["oneHot"]?.text == "true"
            classes = data["classes"]?.numbers
            if let classes, classes.count < 2 || Set(classes).count < classes.count {
                throw ControlError(
                    control: "classes", message: "`classes` must name two or more labels, each once, such as [3, 8]")
            }
            for (key, partner) in [("testLabels", "test"), ("pool", "labels")] where data[key] != nil {
                guard data[partner] == nil else { continue }
                throw ControlError(control: key, message: "`\(key)` needs `\(partner)` beside it")
            }
            if data["labels"] != nil, data["target"] != nil {
                throw ControlError(
                    control: "target", message: "`target` names a column of a table; the targets are in `labels`")
            }
            if data["labels"] != nil, data["columns"] != nil {
                throw ControlError(
                    control: "columns", message: "`columns` chooses columns of a table; images have `pool`")
            }
            if data["labels"] != nil, data["test"] != nil, data["testLabels"] == nil {
                throw ControlError(control: "test", message: "`test` needs `testLabels`, as `file` needs `labels`")
            }
        }

        func table(_ file: String, labels: String?, limit: Int?) throws -> RegressionTable {
            let bytes = try contents(file)
            var table: RegressionTable
            if let labels {
                let labelFile = path(labels)
                table = try RegressionTable(
                    images: bytes, file: file, labels: try contents(labelFile), labelFile: labelFile,
                    pool: data["pool"]?.number.map { Int($0) } ?? 1)
            } else if IDXFile.isBegun(by: bytes) {
                throw ControlError(
                    control: "file", message: "`\(file)` is an IDX file: set `labels`, its file of labels")
            } else {
                table = try RegressionTable(
                    parsing: bytes, file: file, target: data["target"]?.text,
                    columns: try RegressionTable.names(data["columns"]))
            }
            if classes != nil || oneHot { table = try table.classified(classes, oneHot: oneHot, file: file) }
            return limit.map { table.selecting(0..<min($0, table.rows)) } ?? table
        }

        private func contents(_ file: String) throws(DataFileError) -> [UInt8] {
            let bytes = try DataFileError.contents(of: file)
            hashes.append(sha256(Data(bytes)))
            return bytes
        }
    }
}
