import ArgumentParser
import Foundation
import Sweeps

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "All results below `results` in the working directory.")

    func run() throws {
        guard let files = FileManager.default.enumerator(atPath: "results") else {
            print("no results here")
            return
        }
        let stores = files.compactMap { $0 as? String }.filter { $0.hasSuffix("/store.sqlite") }.sorted()
        if stores.isEmpty { print("no results here") }
        for store in stores {
            let name = String(store.dropLast("/store.sqlite".count))
            let size = (try? FileManager.default.attributesOfItem(atPath: "results/\(store)"))?[.size] as? NSNumber
            let writer = Store.writer(of: "results/\(store)").map { "  running: \($0)" } ?? ""
            print("\(name)  \(String(format: "%.1f MB", (size?.doubleValue ?? 0) / 1e6))\(writer)")
        }
    }
}

struct DeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Removes the results of a sweep (the sweep file stays).")

    @Argument(help: "The sweep file, or the name that `landau list` shows.") var sweep: String
    @Option(help: "The folder of the results; without it results/NAME in the working directory.") var out: String?

    func run() throws {
        let folder = out ?? "results/\(Self.name(of: sweep))"
        let store = folder + "/store.sqlite"
        // Only a folder that holds a store is a sweep's: nothing else is ever removed.
        guard FileManager.default.fileExists(atPath: store) else {
            throw Failure("\(folder): holds no results")
        }
        if let writer = Store.writer(of: store) { throw Failure("\(folder): in use by \(writer)") }
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            throw Failure("\(folder): cannot be removed: \(error.localizedDescription)")
        }
        print("removed \(folder)")
    }

    /// A name from `landau list` stays as it is; a file's name loses its folder and ending.
    static func name(of sweep: String) -> String {
        sweep.hasSuffix(".yaml") || sweep.hasSuffix(".yml") ? SweepSpec.name(ofPath: sweep) : sweep
    }
}
