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

    private static let fileNames = [DataKeys.file, DataKeys.labels, DataKeys.test, DataKeys.testLabels].map(\.name)

    /// - Parameters:
    ///   - section: a `data:` section with `file`.
    ///   - folder: what relative names start from.
    /// - Throws: `ControlError` for keys that do not fit together, `DataFileError` for a file.
    public init(_ section: JSONValue, folder: String, seed: UInt64) throws {
        let data = ControlReader(section)
        func path(_ name: String) -> String {
            name.hasPrefix("/") || folder.isEmpty ? name : folder + "/" + name
        }
        guard let name = try data[DataKeys.file] else {
            throw ControlError(control: DataKeys.file.name, message: "`file` is missing")
        }
        let file = path(name)
        let reader = try Reader(data, path)
        table = try reader.table(file, labels: try data[DataKeys.labels], limit: try data[DataKeys.limit])
        let testFile = try data[DataKeys.test].map(path)
        testTable = try testFile.map { try reader.table($0, labels: try data[DataKeys.testLabels], limit: nil) }
        if let testFile, let testTable, testTable.columns != table.columns || testTable.outputs != table.outputs {
            throw DataFileError(
                file: testFile,
                message: "has \(testTable.columns) inputs and \(testTable.outputs) targets, the training file "
                    + "\(table.columns) and \(table.outputs)")
        }
        trainCount = try Self.trainCount(data, rows: table.rows)
        standardizes = try data[DataKeys.standardize]
        symmetrizes = try data[DataKeys.symmetrized]
        self.file = file
        self.seed = seed
        fingerprint = reader.hashes.joined(separator: " ")
        // Where the files lie must not decide who is drawn.
        let settings = (section.object ?? [:]).filter { !Self.fileNames.contains($0.key) }
        key = PointIdentity(hex: sha256(fingerprint + JSONValue.object(settings).canonical)).randomKey
        if standardizes { _ = try table.standardized(file: file) }
    }

    private static func trainCount(_ data: ControlReader, rows: Int) throws(ControlError) -> Int? {
        guard let fraction = try data[DataKeys.trainFraction] else { return nil }
        if data.sets(DataKeys.test) {
            throw ControlError(
                control: DataKeys.trainFraction.name,
                message: "`trainFraction` and `test` exclude each other: the test samples "
                    + "are either a part of `file` or a file of their own")
        }
        let count = Int((fraction * Double(rows)).rounded())
        guard (2..<rows).contains(count) else {
            throw ControlError(
                control: DataKeys.trainFraction.name,
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
        private let path: (String) -> String
        private let target: String?
        private let columns: [String]?
        private let classes: [Double]?
        private let oneHot: Bool
        private let pool: Int
        private(set) var hashes: [String] = []

        init(_ data: ControlReader, _ path: @escaping (String) -> String) throws(ControlError) {
            self.path = path
            target = try data[DataKeys.target]
            columns = try data[DataKeys.columns]
            pool = try data[DataKeys.pool]
            oneHot = try data[DataKeys.oneHot]
            classes = try data[DataKeys.classes]
            if let classes, classes.count < 2 || Set(classes).count < classes.count {
                throw ControlError(
                    control: DataKeys.classes.name,
                    message: "`classes` must name two or more labels, each once, such as [3, 8]")
            }
            let partners: [(any AnyControl, any AnyControl)] = [
                (DataKeys.testLabels, DataKeys.test), (DataKeys.pool, DataKeys.labels),
            ]
            for (key, partner) in partners where data.sets(key) && !data.sets(partner) {
                throw ControlError(control: key.name, message: "`\(key.name)` needs `\(partner.name)` beside it")
            }
            guard data.sets(DataKeys.labels) else { return }
            if data.sets(DataKeys.target) {
                throw ControlError(
                    control: DataKeys.target.name,
                    message: "`target` names a column of a table; the targets are in `labels`")
            }
            if data.sets(DataKeys.columns) {
                throw ControlError(
                    control: DataKeys.columns.name,
                    message: "`columns` chooses columns of a table; images have `pool`")
            }
            if data.sets(DataKeys.test), !data.sets(DataKeys.testLabels) {
                throw ControlError(
                    control: DataKeys.test.name, message: "`test` needs `testLabels`, as `file` needs `labels`")
            }
        }

        func table(_ file: String, labels: String?, limit: Int?) throws -> RegressionTable {
            let bytes = try contents(file)
            var table: RegressionTable
            if let labels {
                let labelFile = path(labels)
                table = try RegressionTable(
                    images: bytes, file: file, labels: try contents(labelFile), labelFile: labelFile,
                    pool: pool)
            } else if IDXFile.isBegun(by: bytes) {
                throw ControlError(
                    control: DataKeys.file.name, message: "`\(file)` is an IDX file: set `labels`, its file of labels")
            } else {
                table = try RegressionTable(parsing: bytes, file: file, target: target, columns: columns)
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
