import ArgumentParser
import Explorer
import Figures
import Foundation
import Support
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
            let size = Path.size(of: "results/\(store)") ?? 0
            let writer = Store.writer(of: "results/\(store)").map { "  running: \($0)" } ?? ""
            print("\(name)  \(String(format: "%.1f MB", Double(size) / 1e6))\(writer)")
        }
    }
}

struct DeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Removes the results of a sweep (the sweep file stays).",
        discussion: """
            Removed are stores, shards, figures, the page of `explore` and what `submit` wrote. What else lies in the folder stays, and is \
            named. Nothing is removed while a run writes there.
            """)

    @Argument(help: "The sweep file, or the name that `landau list` shows.") var sweep: String
    @Option(help: "The folder of the results; without it results/NAME in the working directory.") var out: String?

    func run() throws {
        if out == "" { throw Failure("`--out` is empty; it must name a folder, or be left away") }
        let folder = out ?? "results/\(Self.name(of: sweep))"
        let removal: ResultsFolder.Removal
        do throws(StoreError) {
            removal = try ResultsFolder(folder).remove(
                also: Self.figures(in: folder) + Self.scripts(in: folder) + Self.states(in: folder)
                    + Self.pages(in: folder))
        } catch {
            if case .missing = error { throw Failure("\(folder): holds no results") }
            throw error
        }
        let files = counted(removal.removedFiles, "file")
        print(removal.isGone ? "removed \(folder) (\(files))" : "removed \(files) in \(folder)")
        guard !removal.left.isEmpty else { return }
        let shown = removal.left.prefix(10).map { ScriptText.printable($0) }.joined(separator: ", ")
        let more = removal.left.count > 10 ? " and \(removal.left.count - 10) more" : ""
        complain("left there, because not of this sweep: \(shown)\(more)")
    }

    private static func figures(in folder: String) -> [String] {
        FigureFolder.all(in: folder).flatMap { name, place in
            FigureFolder(of: name, at: "\(folder)/\(place)").fileNames.map { "\(place)/\($0)" }
        }
    }

    /// What `explore` has written.
    private static func pages(in folder: String) -> [String] {
        ["explore.html"].filter { ExplorerPage.isOwn("\(folder)/\($0)") }
    }

    /// What `submit` and its jobs have written.
    private static func scripts(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { name in
            if SlurmScript.headers.keys.contains(name) { return SlurmScript.isOwn("\(folder)/\(name)", name) }
            return name.wholeMatch(of: /shards-\d+-\d+\.log|merge-\d+\.log/) != nil
        }
    }

    /// Logs and saved states of programs, in the folder and in those of its shards.
    private static func states(in folder: String) -> [String] {
        ([""] + Shard.shards(in: folder).map { $0.folder + "/" }).flatMap { part in
            func names(_ inner: String) -> [String] {
                ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(part)\(inner)")) ?? [])
            }
            let logs = names("").filter { $0.wholeMatch(of: /program-\d+\.log/) != nil }
            let scratch = names("scratch").filter {
                $0.wholeMatch(of: /worker-\d+\.lock|[0-9a-f]{16}-\d+\.(pt|npz|json)(\.part)?/) != nil
            }
            return logs.map { part + $0 } + scratch.map { "\(part)scratch/\($0)" }
        }
    }

    /// A name from `landau list` stays as it is; a file's name loses its folder and ending.
    static func name(of sweep: String) -> String {
        sweep.hasSuffix(".yaml") || sweep.hasSuffix(".yml") ? SweepSpec.name(ofPath: sweep) : sweep
    }
}
