import Foundation
import GRDB

/// The pages of an SQLite file read by hand: what SQLite itself refuses to read because something else in the file is
/// broken. Follows the file format documented by SQLite (b-tree pages, record format, overflow chains, write-ahead
/// log). Every offset is checked; what does not fit is skipped.
struct SQLitePages {
    struct Record {
        /// Rows of tables with a row number, as opposed to keys of tables without and of indices.
        let hasRowID: Bool
        let values: [DatabaseValue]
    }

    private let file: Data
    private let log: Data
    /// Where the newest committed version of a page stands in the write-ahead log.
    private let inLog: [Int: Int]
    let pageSize: Int
    private let usable: Int
    /// Pages that the file has, whole ones only.
    let pageCount: Int
    /// Pages that its header promises.
    let promisedPageCount: Int

    /// Nil for a file without room for a page.
    init?(_ file: Data, log: Data) {
        guard file.count >= 512 else { return nil }
        self.file = file
        self.log = log
        let stated = Self.number(file, 16, 2)
        let size = stated == 1 ? 65536 : stated
        // A broken header most likely had SQLite's default.
        pageSize = size >= 512 && size <= 65536 && size & (size - 1) == 0 ? size : 4096
        let reserved = Int(file[file.startIndex + 20])
        usable = reserved <= 64 ? pageSize - reserved : pageSize
        inLog = Self.committed(log, pageSize)
        pageCount = max(file.count / pageSize, inLog.keys.max() ?? 0)
        promisedPageCount = Self.number(file, 28, 4)
    }

    private static func number(_ data: Data, _ offset: Int, _ length: Int) -> Int {
        (0..<length).reduce(0) { $0 << 8 | Int(data[data.startIndex + offset + $1]) }
    }

    private static func committed(_ log: Data, _ pageSize: Int) -> [Int: Int] {
        guard log.count >= 32, number(log, 0, 4) & ~1 == 0x377F_0682, number(log, 8, 4) == pageSize else { return [:] }
        let salt = log[log.startIndex + 16..<log.startIndex + 24]
        var pages: [Int: Int] = [:]
        var pending: [Int: Int] = [:]
        var at = 32
        while at + 24 + pageSize <= log.count, log[log.startIndex + at + 8..<log.startIndex + at + 16] == salt {
            pending[number(log, at, 4)] = at + 24
            if number(log, at + 4, 4) != 0 {
                pages.merge(pending) { $1 }
                pending = [:]
            }
            at += 24 + pageSize
        }
        return pages
    }

    /// The bytes of a page, from 1.
    private func page(_ number: Int) -> [UInt8]? {
        if let offset = inLog[number] {
            return [UInt8](log[log.startIndex + offset..<log.startIndex + offset + pageSize])
        }
        guard number >= 1, number * pageSize <= file.count else { return nil }
        let start = file.startIndex + (number - 1) * pageSize
        return [UInt8](file[start..<start + pageSize])
    }

    /// Hands over every record on every page that can be read.
    /// - Returns: the numbers of pages and of entries that cannot.
    func forEachRecord(_ body: (Record) throws -> Void) rethrows -> (pages: Int, entries: Int) {
        var (lost, broken) = (0, 0)
        // A log may name pages far beyond the file.
        let inFile = file.count / pageSize
        let beyond = inLog.keys.filter { $0 > inFile }.sorted()
        for number in [Array(stride(from: 1, through: inFile, by: 1)), beyond].joined() {
            guard let bytes = page(number) else { continue }
            let header = number == 1 ? 100 : 0
            let kind = bytes[header]
            guard [0x0D, 0x0A, 0x02].contains(kind) else {
                // Inner pages of tables hold no rows; pages of long values and free ones begin with a page's number.
                if kind != 0x05, kind != 0 { lost += 1 }
                continue
            }
            let count = Int(bytes[header + 3]) << 8 | Int(bytes[header + 4])
            let pointers = header + (kind == 0x02 ? 12 : 8)
            guard pointers + 2 * count <= usable else {
                lost += 1
                continue
            }
            for index in 0..<count {
                let at = Int(bytes[pointers + 2 * index]) << 8 | Int(bytes[pointers + 2 * index + 1])
                if let record = record(in: bytes, at: at, kind: kind) {
                    try body(record)
                } else {
                    broken += 1
                }
            }
        }
        return (lost, broken)
    }

    // MARK: - Records

    private func record(in page: [UInt8], at start: Int, kind: UInt8) -> Record? {
        var at = kind == 0x02 ? start + 4 : start
        guard start >= 8, let size = Self.varint(page, &at), size > 0, size < 1 << 30 else { return nil }
        if kind == 0x0D, Self.varint(page, &at) == nil { return nil }
        let most = kind == 0x0D ? usable - 35 : (usable - 12) * 64 / 255 - 23
        let least = (usable - 12) * 32 / 255 - 23
        let spilled = least + (size - least) % (usable - 4)
        let local = size <= most ? size : spilled <= most ? spilled : least
        guard local > 0, at + local <= usable else { return nil }
        var payload = Array(page[at..<at + local])
        if local < size {
            guard at + local + 4 <= usable else { return nil }
            var next = Self.bigEndian(page[at + local..<at + local + 4])
            var hops = (size - local) / (usable - 4) + 1
            while payload.count < size {
                guard hops > 0, let more = self.page(next) else { return nil }
                next = Self.bigEndian(more[0..<4])
                payload += more[4..<min(usable, 4 + size - payload.count)]
                hops -= 1
            }
        }
        return Self.values(payload).map { Record(hasRowID: kind == 0x0D, values: $0) }
    }

    private static func values(_ payload: [UInt8]) -> [DatabaseValue]? {
        var at = 0
        guard let headerSize = varint(payload, &at), headerSize <= payload.count else { return nil }
        var kinds: [Int] = []
        while at < headerSize {
            guard let kind = varint(payload, &at) else { return nil }
            kinds.append(kind)
        }
        guard at == headerSize else { return nil }
        var values: [DatabaseValue] = []
        for kind in kinds {
            let length = kind >= 12 ? (kind - 12) / 2 : [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][max(0, kind)]
            guard kind >= 0, kind != 10, kind != 11, at + length <= payload.count else { return nil }
            let bytes = payload[at..<at + length]
            at += length
            switch kind {
            case 0: values.append(.null)
            case 8, 9: values.append((kind - 8).databaseValue)
            case 7: values.append(Double(bitPattern: UInt64(bitPattern: Int64(integer(bytes)))).databaseValue)
            case 1...6: values.append(integer(bytes).databaseValue)
            case _ where kind % 2 == 0: values.append(Data(bytes).databaseValue)
            default:
                guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
                values.append(text.databaseValue)
            }
        }
        return values
    }

    /// Two's complement, most significant byte first.
    private static func integer(_ bytes: ArraySlice<UInt8>) -> Int {
        let isNegative = bytes.first! >= 0x80
        return bytes.reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
    }

    private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private static func varint(_ bytes: [UInt8], _ at: inout Int) -> Int? {
        var value: UInt64 = 0
        for i in 0..<9 {
            guard at < bytes.count else { return nil }
            let byte = bytes[at]
            at += 1
            if i == 8 { return Int(truncatingIfNeeded: value << 8 | UInt64(byte)) }
            value = value << 7 | UInt64(byte & 0x7F)
            if byte < 0x80 { return Int(truncatingIfNeeded: value) }
        }
        return nil
    }
}
