import ArgumentParser
import Explorer
import Foundation
import Models
import PhaseSpace
import Studies
import Sweeps

struct ExploreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explore", abstract: "Writes one page in which a sweep is looked at: map, cut, wells, runs.",
        discussion: """
            landau explore mine.yaml
            landau explore depth.yaml hysteresis.yaml
            landau explore results/mine
            landau explore --theory weight-decay

            The page is one HTML file that needs no other, no server and no network. Open it in a browser. A box drawn \
            on it gives the command that trains there. Instead of a sweep file its folder of results may be named.
            """)

    @Argument(
        help: "Sweep files or folders of results; key=value overrides count for all of them.",
        completion: .file(extensions: ["yaml", "yml"]))
    var sweeps: [String] = []
    @Option(help: "The folder of the results of a single sweep; without it results/NAME.") var out: String?
    @Option(
        help: "The page; without it explore.html in the folder of the results.", completion: .file(extensions: ["html"])
    )
    var page: String?
    @Option(
        help: "A model's exact theory with sliders instead of a sweep: weight-decay.",
        completion: .list(["weight-decay"]))
    var theory: String?
    @Flag(help: "Write the page again while the sweep is trained; the page reloads itself every 5 seconds.") var watch =
        false

    func run() throws {
        if out == "" { throw Failure("`--out` is empty; it must name a folder, or be left away") }
        if page == "" { throw Failure("`--page` is empty; it must name a file, or be left away") }
        let d3 = try Self.d3()
        if let theory {
            guard theory == "weight-decay" else {
                throw Failure("there is no page of the theory of `\(theory)`; `--theory` takes weight-decay")
            }
            guard sweeps.isEmpty, !watch else { throw Failure("`--theory` takes no sweep and no `--watch`") }
            let page = ExplorerPage(title: "Exact phase transitions of deep linear nets", .theory(model: theory))
            try Self.write(page.html(d3: d3), to: self.page ?? "results/theory-\(theory).html")
            return
        }
        let overrides = sweeps.filter { $0.contains("=") && !FileManager.default.fileExists(atPath: $0) }
        let named = sweeps.filter { !overrides.contains($0) }
        guard !named.isEmpty else {
            throw Failure("no sweep is named: `landau explore mine.yaml`, or `--theory weight-decay`")
        }
        if out != nil, named.count > 1 { throw Failure("`--out` is the folder of one sweep; \(named.count) are named") }
        let explored = try named.map { try ExploredSweep($0, overrides: overrides, out: out) }
        var isFirst = true
        while true {
            do {
                let isComplete = try write(explored, d3, quietly: !isFirst)
                isFirst = false
                guard watch, !isComplete else { return }
            } catch StoreError.missing(let path) where watch {
                // The run may begin later than whoever watches it.
                complain("\(path): nothing is there yet; waiting")
            }
            sleep(5)
        }
    }

    /// - Returns: whether all points of all sweeps are there.
    private func write(_ explored: [ExploredSweep], _ d3: String, quietly: Bool) throws -> Bool {
        let sweeps = try explored.map { try $0.sweep() }
        let isComplete = sweeps.allSatisfy { $0.left.count == 0 }
        let titles = sweeps.map { $0.title.isEmpty ? $0.name : $0.title }
        let document = ExplorerPage(
            title: titles.joined(separator: " · "), .sweeps(ExplorerData(sweeps)), reloads: watch && !isComplete)
        let folder =
            explored.count == 1
            ? explored[0].folder : "results/" + explored.map { Path.name(of: $0.name) }.joined(separator: "+")
        try Self.write(document.html(d3: d3), to: page ?? folder + "/explore.html", quietly: quietly)
        return isComplete
    }

    /// - Throws: `Failure` with status 3 where D3 is missing.
    static func d3() throws -> String {
        do { return try D3Library.text() } catch { throw Failure("\(error)", status: .missingTool) }
    }

    private static func write(_ text: String, to path: String, quietly: Bool = false) throws {
        do {
            let folder = Path.folder(of: path)
            if !folder.isEmpty {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            // As a whole or not at all: a page that reloads itself must never meet half of one.
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Failure("\(path): cannot be written: \(error.localizedDescription)")
        }
        if !quietly { print(path) }
    }
}
