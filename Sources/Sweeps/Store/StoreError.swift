/// Why a store cannot be used, and what to do.
public enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    case missing(path: String)
    case notADatabase(path: String)
    /// A database of something else.
    case foreign(path: String)
    case damaged(path: String, detail: String)
    case newerSchema(path: String, found: Int, known: Int)
    /// The store holds results of other physics; one line per member that differs.
    case otherPhysics(path: String, differences: [String])
    /// The store holds so many results of another revision of the model.
    case otherRevision(path: String, found: Int, known: Int, points: Int)
    /// Two stores have different done results of one point.
    case conflict(path: String, point: String, results: [String])
    case readOnly(path: String)
    case locked(path: String, holder: String)
    /// The file system knows no locks of files.
    case withoutLocks(path: String, detail: String)
    /// Another program keeps the database busy.
    case busy(path: String)
    case unwritable(path: String, detail: String)
    /// The model's names cannot be told apart as columns.
    case clashingColumns(model: String, name: String)
    case undeclaredObservable(model: String, name: String)
    case failed(path: String, detail: String)

    public var description: String {
        switch self {
        case .missing(let path): "\(path): no results yet; `landau run` makes them"
        case .notADatabase(let path):
            "\(path): not a database; move the file away, or point `--out` at another folder"
        case .foreign(let path): "\(path): a database, but not one of Landau's; move it away, or use another `--out`"
        case .damaged(let path, let detail):
            "\(path): the store is damaged (\(detail)); `landau repair \(path)` rescues what can be read"
        case .newerSchema(let path, let found, let known):
            "\(path): written by a newer version (schema \(found), this one knows \(known)); update Landau, or, where "
                + "none has written it, `landau repair \(path)`"
        case .otherPhysics(let path, let differences):
            "\(path): the results there are of another sweep:\n"
                + differences.map { "  \($0)\n" }.joined()
                + "undo the change, give the sweep another name, or start afresh with --restart"
        case .otherRevision(let path, let found, let known, let points) where found < known:
            "\(path): the \(points) points there are of revision \(found) of the model, and this version computes revision "
                + "\(known), whose numbers are others; `status`, `export`, `transitions` and `plot` go on reading them, "
                + "`--restart` starts afresh (the old store is kept beside the new one), `--out` puts new results "
                + "elsewhere"
        case .otherRevision(let path, let found, let known, let points):
            "\(path): the \(points) points there are of revision \(found) of the model, made by a newer version than this "
                + "one, which computes revision \(known); update Landau, or put new results elsewhere with `--out`"
        case .conflict(let path, let point, let results):
            "\(path): nothing was merged, because two stores have different results of the point \(point):\n"
                + results.map { "  \($0)\n" }.joined() + "one of them was not made by this version from this sweep"
        case .readOnly(let path): "\(path): the store is read-only; check the permissions of the file and its folder"
        case .locked(let path, let holder):
            "\(path): in use by \(holder); wait for it, or stop it (what it has done so far stays)"
        case .withoutLocks(let path, let detail):
            "\(path): its file system has no locks of files (\(detail)), and without them two programs could spoil the "
                + "store; put the results elsewhere with `--out`, such as on a local disk (a store may be copied)"
        case .busy(let path): "\(path): another program keeps the database busy; close it and try again"
        case .unwritable(let path, let detail): "\(path): cannot be written (\(detail))"
        case .clashingColumns(let model, let name):
            "the model \(model) declares two things named `\(name)` (upper and lower case count as one); rename one"
        case .undeclaredObservable(let model, let name):
            "the model \(model) recorded `\(name)`, which it does not declare (for a trajectory: as recorded along it)"
        case .failed(let path, let detail): "\(path): \(detail)"
        }
    }
}
