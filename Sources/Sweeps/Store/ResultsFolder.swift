import Foundation

/// The folder of a sweep's results. Other things may lie in it: what belongs to the sweep is told by name.
public struct ResultsFolder: Sendable {
    public let path: String

    public init(_ path: String) { self.path = path }

    /// What became of a folder.
    public struct Removal: Sendable {
        public internal(set) var removedFiles = 0
        /// What does not belong to the sweep, as seen from the folder, in order; folders end in `/`.
        public internal(set) var left: [String] = []
        /// Whether the folder itself is gone, because nothing was left in it.
        public internal(set) var isGone = false
    }

    /// Removes the sweep's store, those of its shards, what repairs and restarts have put beside them, and `others`.
    ///
    /// All stores are locked meanwhile: nothing is removed while one is being written. Links are removed, never followed.
    /// - Parameter others: further files that are the sweep's, as seen from the folder.
    /// - Throws: `StoreError.missing` where there is no store, `locked`, `notADatabase` or `foreign` for one that is
    ///   not Landau's, `unwritable`.
    public func remove(also others: [String]) throws(StoreError) -> Removal {
        let folders = ([""] + Shard.shards(in: path).map { $0.folder + "/" }).filter { isFolder($0) }
        let own = folders.flatMap { folder in names(in: folder).filter(Self.belongsToAStore).map { folder + $0 } }
        let stores = own.filter { Path.name(of: $0) == "store.sqlite" }
        guard !stores.isEmpty else { throw .missing(path: absolute("store.sqlite")) }
        for store in stores { try check(absolute(store)) }
        var locks: [StoreLock] = []
        for store in stores { locks.append(try StoreLock.acquire(besideStore: absolute(store))) }

        var removal = Removal()
        for file in own + others where isInside(file) {
            guard unlink(absolute(file)) == 0 else {
                if errno == ENOENT { continue }
                throw .unwritable(path: absolute(file), detail: String(cString: strerror(errno)))
            }
            removal.removedFiles += 1
        }
        locks.removeAll()
        let parents = Set((own + others).flatMap { Self.folders(above: $0) })
        removal.left = rest(of: "", entered: parents)
        removal.isGone = rmdir(path) == 0
        return removal
    }

    /// A store and what SQLite, `--restart` and `repair` put beside it. (A lock is removed by who holds it.)
    private static func belongsToAStore(_ name: String) -> Bool {
        name.wholeMatch(of: /store\.sqlite((\.old|\.damaged)(\.\d+)?|\.rescued)?(-wal|-shm|-journal)?/) != nil
    }

    private func absolute(_ file: String) -> String { file.isEmpty ? path : "\(path)/\(file)" }

    private func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: absolute(folder))) ?? []).sorted()
    }

    /// Whether it is a folder itself, not a link to one; the sweep's own may be a link.
    private func isFolder(_ folder: String) -> Bool {
        var status = stat()
        let trimmed = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        guard !trimmed.isEmpty else { return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR }
        return lstat(absolute(trimmed), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether no folder above the file is a link to elsewhere.
    private func isInside(_ file: String) -> Bool { Self.folders(above: file).allSatisfy(isFolder) }

    /// The folders that a file is in, outermost first: `a`, `a/b` for `a/b/c`.
    private static func folders(above file: String) -> [String] {
        let parts = file.split(separator: "/").dropLast()
        return parts.indices.map { parts[...$0].joined(separator: "/") }
    }

    /// A file that is no store of Landau's is nobody's to remove; an empty one is what a killed writer leaves.
    private func check(_ store: String) throws(StoreError) {
        guard Store.size(of: store) > 0 else { return }
        let header = FileHandle(forReadingAtPath: store).flatMap { try? $0.read(upToCount: 72) } ?? Data()
        guard header.starts(with: Data("SQLite format 3\0".utf8)) else { throw .notADatabase(path: store) }
        let mark = header.dropFirst(68).reduce(0) { $0 << 8 | Int($1) }
        guard mark == StoreLayout.applicationID else { throw .foreign(path: store) }
    }

    /// What is still there, and the end of `entered` folders that are empty now.
    private func rest(of folder: String, entered: Set<String>) -> [String] {
        names(in: folder).flatMap { name -> [String] in
            let inner = folder.isEmpty ? name : "\(folder)/\(name)"
            guard isFolder(inner) else { return [inner] }
            guard entered.contains(inner) else { return [inner + "/"] }
            let left = rest(of: inner, entered: entered)
            return rmdir(absolute(inner)) == 0 ? [] : left.isEmpty ? [inner + "/"] : left
        }
    }
}
