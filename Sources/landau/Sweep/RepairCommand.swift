import ArgumentParser
import Foundation
import Models
import PhaseSpace
import Programs
import Sweeps

struct RepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Rescues what can be read of a damaged store, and says what was lost.",
        discussion: """
            The rescued store takes the place of the damaged one, which is kept beside it as store.sqlite.damaged; \
            with --into it is written elsewhere and the damaged one is left where it is. `landau run` then trains what \
            is missing.
            """)

    @Argument(help: "The store, or the folder that holds it.") var store: String
    @Option(help: "The file of the rescued store.") var into: String?

    func run() throws {
        let path = MergeCommand.storePath(store)
        if let writer = Store.writer(of: path) { throw Failure("\(path): in use by \(writer)") }
        let new = into ?? path + ".rescued"
        let files = FileManager.default
        if into == nil { try? files.removeItem(atPath: new) }
        let report: RepairReport
        do {
            report = try Store.repair(
                path, into: new, models: allModels.map { $0.declaration },
                declaring: ModelDeclaration.init(recorded:))
        } catch {
            if into == nil { try? files.removeItem(atPath: new) }
            throw error
        }
        for line in report.sentences { print(line) }
        print("`landau status` counts the points that are missing, `landau run` trains them")
        guard into == nil else {
            print("the rescued store is \(new)")
            return
        }
        do {
            // A second repair must not overwrite what the first one kept.
            let kept = Path.unused(path + ".damaged")
            for suffix in ["", "-wal", "-shm"] where files.fileExists(atPath: path + suffix) {
                try files.moveItem(atPath: path + suffix, toPath: kept + suffix)
            }
            try files.moveItem(atPath: new, toPath: path)
            print("\(path) is the rescued store; the damaged one is kept as \(kept)")
        } catch {
            throw Failure("\(path): cannot be replaced by \(new): \(error.localizedDescription)")
        }
    }
}
