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
            case .SQLITE_BUSY, .SQLITE_LOCKED: throw .busy(path: path)
            case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN: throw .unwritable(path: path, detail: detail)
            default: throw .failed(path: path, detail: detail)
            }
        } catch {
            throw .failed(path: path, detail: "\(error)")
        }
    }
}
