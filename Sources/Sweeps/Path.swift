import Foundation

/// Pieces of a file's path. (Foundation's own, up to Swift 6.3, end the process on a path of one letter.)
public enum Path {
    /// Everything before the last `/`; empty for a name alone, `/` for a name in the root.
    public static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        let folder = path[..<slash]
        return folder.isEmpty ? "/" : String(folder)
    }

    /// Everything after the last `/`.
    public static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// The name without its ending.
    public static func stem(of path: String) -> String {
        let name = name(of: path)
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return String(name[..<dot])
    }

    /// The path itself where nothing is there, else the first of `path.2`, `path.3`, … that is free.
    public static func unused(_ path: String) -> String {
        guard FileManager.default.fileExists(atPath: path) else { return path }
        return (2...).lazy.map { "\(path).\($0)" }.first { !FileManager.default.fileExists(atPath: $0) }!
    }

    /// In bytes; nil where there is no such file. (Foundation's attributes look up the names of owner and group, for which a
    /// static command would load a library.)
    public static func size(of path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// What stands after the last dot of the name; empty where there is none.
    public static func ending(of path: String) -> String {
        let name = name(of: path)
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return "" }
        return String(name[name.index(after: dot)...])
    }
}
