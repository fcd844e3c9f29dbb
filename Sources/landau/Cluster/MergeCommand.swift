import ArgumentParser
import Foundation
import Models
import PhaseSpace
import Programs
import Sweeps

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge", abstract: "Joins stores of the same sweep, such as its shards, point by point.",
        discussion: """
            Done points beat failed ones; the order of the stores does not matter; merging again changes nothing. \
            Stores of different physics, and different results of one point, are refused. Without --into, stores in \
            shard-i-of-n folders go into the folder that holds these.
            """)

    @Argument(help: "Stores, or folders that hold one.") var stores: [String]
    @Option(help: "The folder of the joined results.") var into: String?

    func run() throws {
        let paths = stores.map(Self.storePath)
        for (store, path) in zip(stores, paths)
        where Path.name(of: path) != "store.sqlite" && !FileManager.default.fileExists(atPath: path) {
            throw Failure("\(store): there is no such folder or store")
        }
        let folder = try into ?? Self.commonFolder(of: paths)
        let target = folder + "/store.sqlite"
        let isTarget = { (path: String) in Self.resolved(path) == Self.resolved(target) }
        var sources = paths.filter { !isTarget($0) }
        guard !sources.isEmpty else { throw Failure("\(target): cannot be merged into itself alone") }
        // A shard that was killed before its first result is no reason to keep the others from being joined.
        let isBegun = { (path: String) in Self.isShard(Path.folder(of: path)) && !Store.exists(path) }
        for path in sources where FileManager.default.fileExists(atPath: Path.folder(of: path)) && isBegun(path) {
            complain("landau: \(path): no results yet; left out")
            sources.removeAll { $0 == path }
        }
        guard !sources.isEmpty else { throw Failure("none of these stores has results yet; `landau run` makes them") }
        let models = allModels.map { $0.declaration }
        print(
            try Store.merge(sources, into: target, models: models, declaring: ModelDeclaration.init(recorded:)).sentence
        )
    }

    static func storePath(_ path: String) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return path
        }
        return (path.hasSuffix("/") ? path : path + "/") + "store.sqlite"
    }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }

    private static func isShard(_ folder: String) -> Bool {
        Path.name(of: folder).wholeMatch(of: /shard-\d+-of-\d+/) != nil
    }

    /// The folder whose shards all the stores are.
    private static func commonFolder(of paths: [String]) throws -> String {
        let shards = paths.map(Path.folder)
        let folders = Set(shards.map(Path.folder))
        let areShards = shards.allSatisfy(isShard)
        guard areShards, folders.count == 1, let folder = folders.first else {
            throw Failure("these are not the shards of one sweep; say with `--into DIR` where the joined results go")
        }
        return folder.isEmpty ? "." : folder
    }
}
