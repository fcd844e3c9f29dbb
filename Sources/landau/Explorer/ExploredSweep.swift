import Explorer
import Foundation
import Models
import PhaseSpace
import Studies
import Sweeps

/// A sweep that a page is to show: its file, or the folder of its results, which remembers the file's text.
struct ExploredSweep {
    let name: String
    /// Of the results.
    let folder: String
    private let options: SweepOptions

    /// - Throws: `Failure` where a folder holds no results whose sweep file is known.
    init(_ named: String, overrides: [String], out: String?) throws {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: named, isDirectory: &isFolder)
        var options = SweepOptions()
        options.overrides = overrides
        options.out = out
        options.sweep = named
        if exists, isFolder.boolValue {
            let store = named + "/store.sqlite"
            guard Store.exists(store) else {
                throw Failure(
                    "\(named): holds no results (store.sqlite); a sweep file or a folder of results is expected")
            }
            guard let path = Self.sweepFile(ofResults: named) else {
                throw Failure(
                    "\(named): the sweep file of these results is not found; name it: "
                        + "`landau explore FILE.yaml --out \(named)`")
            }
            options.sweep = path
            options.out = named
            // What is there is what the last run asked for.
            if overrides.isEmpty { options.overrides = Store.overrides(of: store) ?? [] }
        }
        self.options = options
        name = SweepSpec.name(ofPath: options.sweep)
        folder = options.folder
    }

    /// Reads what is in the store now, judges it and puts theory beside it.
    func sweep() throws -> ExplorerSweep {
        let plan = try options.plan()
        let store = try options.openForReading(plan)
        defer { try? store.close() }
        let report = try SweepReport(plan: plan, store: store)
        let isOwn = options.folder(of: plan.spec) == "results/\(plan.spec.name)"
        return try report.explorerSweep(plan: plan, store: store, folder: isOwn ? nil : folder)
    }

    /// The file that a folder below `results/` is named after, in `sweeps/` or beside it.
    private static func sweepFile(ofResults folder: String) -> String? {
        var parts = folder.split(separator: "/").filter { $0 != "." }.map(String.init)
        if let results = parts.lastIndex(of: "results") { parts.removeFirst(results + 1) }
        if parts.first == "quick" { parts.removeFirst() }
        let stem = parts.joined(separator: "/")
        return ["sweeps/\(stem).yaml", "\(stem).yaml", "sweeps/\(stem).yml", "\(stem).yml"]
            .first(where: FileManager.default.fileExists(atPath:))
    }
}
