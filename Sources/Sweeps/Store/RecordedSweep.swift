import Foundation
import GRDB
import PhaseSpace
import Support

/// The sweep that a store was last written for, as its last run left it there: the file's text with the overrides of the
/// command line. With it a results folder can be read although nobody repeats them.
public struct RecordedSweep: Sendable, Hashable {
    /// Where the file was: relative paths of data begin at its folder. In the results folder where nobody noted it.
    public let path: String
    public let text: String
    public let overrides: [String]

    /// - Parameter folder: of the results; a shard's record stands for the sweep's where that has no store yet.
    /// - Throws: `StoreError.missing` where there is no store, `damaged` where it says nothing of a sweep.
    public init(in folder: String) throws(StoreError) {
        let stores = [folder] + Shard.shards(in: folder).map { "\(folder)/\($0.folder)" }
        guard let place = stores.first(where: { Store.exists($0 + "/store.sqlite") }) else {
            throw .missing(path: folder + "/store.sqlite")
        }
        self = try Store.recordedSweep(of: place + "/store.sqlite")
    }

    init(path: String, text: String, overrides: [String]) {
        (self.path, self.text, self.overrides) = (path, text, overrides)
    }

    /// The overrides with `others` in the place of those of the same key, and after them what is new.
    public func overrides(replacedBy others: [String]) -> [String] {
        func key(_ text: String) -> Substring { text.prefix { $0 != "=" } }
        let kept = overrides.map { old in others.last { key($0) == key(old) } ?? old }
        return kept + others.filter { new in !overrides.contains { key($0) == key(new) } }
    }
}

extension Store {
    static func recordedSweep(of path: String) throws(StoreError) -> RecordedSweep {
        _ = try description(of: path)
        return try translating(path) {
            let queue = try connect(path, readonly: true)
            defer { try? queue.close() }
            return try queue.read { db in
                let sql = "SELECT spec, overrides FROM provenance ORDER BY run DESC LIMIT 1"
                guard let row = try Row.fetchOne(db, sql: sql) else {
                    throw StoreError.damaged(path: path, detail: "it does not say which sweep it is of")
                }
                let overrides = (try? JSONValue(parsing: try row.value(1, of: path)))?.list ?? []
                let folder = Path.folder(of: path)
                return RecordedSweep(
                    path: try meta(db, "spec_path") ?? (folder.isEmpty ? "" : folder + "/") + "sweep.yaml",
                    text: try row.value(0, of: path), overrides: overrides.compactMap(\.text))
            }
        }
    }
}
