import GRDB

extension Store {
    func translating<T>(_ body: () throws -> T) throws(StoreError) -> T { try Self.translating(path, body) }

    /// Runs something that may fail in the database, and turns its failure into a sentence about the store.
    static func translating<T>(_ path: String, _ body: () throws -> T) throws(StoreError) -> T {
        do {
            return try body()
        } catch let error as StoreError {
            throw error
        } catch let error as DatabaseError {
            let detail = error.message ?? "\(error.resultCode)"
            switch error.resultCode {
            case .SQLITE_NOTADB: throw .notADatabase(path: path)
            case .SQLITE_CORRUPT: throw .damaged(path: path, detail: detail)
            case .SQLITE_READONLY, .SQLITE_PERM: throw .readOnly(path: path)
            case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_IOERR:
                if let trouble = FileLocks.trouble(besideStore: path) {
                    throw .withoutLocks(path: path, detail: trouble)
                }
                if error.resultCode == .SQLITE_IOERR { throw .unwritable(path: path, detail: detail) }
                throw .busy(path: path)
            case .SQLITE_FULL, .SQLITE_CANTOPEN: throw .unwritable(path: path, detail: detail)
            default: throw .failed(path: path, detail: detail)
            }
        } catch is RowDecodingError {
            throw .damaged(path: path, detail: "a row holds a value of another type")
        } catch {
            throw .failed(path: path, detail: "\(error)")
        }
    }
}

/// Values of a file that may be damaged or forged: the subscripts of `Row` end the process on one of another type.
extension Row {
    func value<Value: DatabaseValueConvertible>(_ index: Int, of path: String) throws(StoreError) -> Value {
        if let value: Value = try valueIfPresent(index, of: path) { return value }
        throw .damaged(path: path, detail: "nothing stands in the column `\(name(index))` of a row")
    }

    func valueIfPresent<Value: DatabaseValueConvertible>(_ index: Int, of path: String) throws(StoreError) -> Value? {
        let stored: DatabaseValue = self[index]
        if stored.isNull { return nil }
        guard let value = Value.fromDatabaseValue(stored) else {
            throw .damaged(path: path, detail: "the column `\(name(index))` of a row holds a value of another type")
        }
        return value
    }

    private func name(_ index: Int) -> String { Array(columnNames)[index] }
}
