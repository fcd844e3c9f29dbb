import Foundation
import Testing

/// What must not move: a tiny sweep of every model, with the identities of its points, its exported rows, its verdict
/// table (without theory's columns) and the tables of its store as they were when the files beside the sweeps were made.
///
/// A change of rows or identities raises the model's revision; the commit says which file has changed and why.
@Suite struct GoldenTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
    static let names =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }.sorted()) ?? []

    @Test func everyModelHasAGoldenSweep() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let lines = try landau.run("models").output.split(separator: "\n")
        let models = lines.compactMap { $0.split(separator: ":").first }
        let swept = try Set(Self.names.map { try model(of: $0) })
        for model in models where !model.hasPrefix(" ") { #expect(swept.contains(String(model)), "\(model)") }
    }

    /// LANDAU_UPDATE_GOLDEN=1 writes the files anew.
    @Test(arguments: names) func identitiesRowsVerdictsAndTablesAreAsBefore(_ name: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try copy(name, into: landau)
        let run = try landau.run("run", "sweep.yaml", "--threads", "1")
        try #require(run.status == 0, "\(run.errors)")
        let store = "results/sweep/store.sqlite"
        let found = [
            "identities.txt": try landau.sql(
                store,
                """
                SELECT identity FROM (SELECT identity FROM observations ORDER BY direction, identity)
                WHERE identity IN (SELECT MIN(identity) FROM observations GROUP BY direction)
                    OR identity IN (SELECT MAX(identity) FROM observations GROUP BY direction)
                """),
            "rows.csv": try landau.run("export", "sweep.yaml").output,
            "schema.sql": try landau.sql(store, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"),
            "verdicts.txt": Self.withoutTheory(run.output),
        ]
        for (file, text) in found.sorted(by: { $0.key < $1.key }) {
            let path = Self.folder.appendingPathComponent("\(name)/\(file)")
            if ProcessInfo.processInfo.environment["LANDAU_UPDATE_GOLDEN"] != nil {
                try text.write(to: path, atomically: true, encoding: .utf8)
            }
            #expect(try text == String(contentsOf: path, encoding: .utf8), "\(name)/\(file)")
        }
    }

    /// The sweeps whose files have an `optimiser:` section stand there a second time, with today's sections.
    @Test(arguments: names.filter { FileManager.default.fileExists(atPath: "\(folder.path)/\($0)/sections.yaml") })
    func todaysSectionsMeanTheSamePoints(_ name: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try copy(name, into: landau)
        let old = try landau.run("run", "sweep.yaml", "--threads", "1")
        #expect(old.errors.contains("landau: note: sweep.yaml:") && old.errors.contains("`optimiser:` is an old name"))
        let status = try landau.run("status", "sections.yaml", "--out", "results/sweep")
        #expect(status.status == 0 && status.errors.isEmpty && status.output.contains(", 0 left"), "\(status)")
        let export = try landau.run("export", "sections.yaml", "--out", "results/sweep")
        let rows = Self.folder.appendingPathComponent("\(name)/rows.csv")
        #expect(try export.output == String(contentsOf: rows, encoding: .utf8))
    }

    private func model(of name: String) throws -> String {
        let text = try String(
            contentsOf: Self.folder.appendingPathComponent("\(name)/sweep.yaml"), encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("model: ") })
        return String(line.dropFirst("model: ".count))
    }

    private func copy(_ name: String, into landau: Landau) throws {
        let source = Self.folder.appendingPathComponent(name)
        for file in try FileManager.default.contentsOfDirectory(atPath: source.path)
        where file.hasSuffix(".yaml") || file == "data.csv" {
            try FileManager.default.copyItem(
                at: source.appendingPathComponent(file), to: landau.folder.appendingPathComponent(file))
        }
    }

    /// The table's columns before the exact locations, and the sentences that do not speak of them.
    private static func withoutTheory(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if let header = lines.first, let last = header.range(of: "spinodal") {
            let width = header.distance(from: header.startIndex, to: last.upperBound)
            for index in lines.indices.prefix(while: { !lines[$0].isEmpty }) {
                let kept = lines[index].prefix(width).reversed().drop { $0 == " " }
                lines[index] = String(kept.reversed())
            }
        }
        let signs = ["exact theory", "theory is ", "theory ("]
        return lines.filter { line in !signs.contains(where: line.contains) }.joined(separator: "\n")
    }
}
