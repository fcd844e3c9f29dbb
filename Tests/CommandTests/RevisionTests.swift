import Foundation
import Testing

/// Results of an earlier revision of a model: verbs that read take them as they are, `run` does not mix them with its own.
@Suite struct RevisionTests {
    static let store = "results/collapse/store.sqlite"

    /// A folder with results that 0.1.0 made of the model `vae`, then of revision 1.
    private func oldResults() throws -> (landau: Landau, export: String) {
        let landau = try Landau()
        let fixture = try #require(
            Bundle.module.url(forResource: "revision-1", withExtension: nil, subdirectory: "Stores"))
        let results = landau.folder.appendingPathComponent("results/collapse")
        try FileManager.default.createDirectory(at: results, withIntermediateDirectories: true)
        for (name, place) in [("store.sqlite", results), ("collapse.yaml", landau.folder)] {
            try FileManager.default.copyItem(
                at: fixture.appendingPathComponent(name), to: place.appendingPathComponent(name))
        }
        let export = try String(contentsOf: fixture.appendingPathComponent("export.csv"), encoding: .utf8)
        return (landau, export)
    }

    @Test func verbsThatReadTakeTheRevisionOfTheStoreAndSayIt() throws {
        let (landau, export) = try oldResults()
        defer { landau.remove() }
        let note = "landau: note: the results are of revision 1 of vae; this version computes revision 3"
        let exported = try landau.run("export", "collapse.yaml")
        #expect(exported.status == 0 && exported.output == export && exported.errors.contains(note), "\(exported)")
        let status = try landau.run("status", "collapse.yaml")
        #expect(status.output.contains("10 points: 9 done, 1 not done, 0 left"), "\(status)")
        #expect(status.errors.contains(note))
        let transitions = try landau.run("transitions", "collapse.yaml")
        #expect(transitions.status == 0 && transitions.errors.contains(note), "\(transitions)")
        #expect(transitions.output.contains("undecided"), "\(transitions.output)")
    }

    @Test func runRefusesAnOlderStoreWithTheWaysToGoOn() throws {
        let (landau, export) = try oldResults()
        defer { landau.remove() }
        let before = try Data(contentsOf: landau.folder.appendingPathComponent(Self.store))
        let refused = try landau.run("run", "collapse.yaml", "--threads", "1")
        #expect(refused.status == 2 && refused.output.isEmpty, "\(refused)")
        for words in ["the 10 points there are of revision 1", "computes revision 3", "`--restart`", "`--out`"] {
            #expect(refused.errors.contains(words), "\(refused.errors)")
        }
        #expect(try Data(contentsOf: landau.folder.appendingPathComponent(Self.store)) == before)
        #expect(try landau.run("run", "collapse.yaml", "--threads", "1", "--restart").status == 0)
        #expect(landau.exists(Self.store + ".old"))
        let anew = try landau.run("export", "collapse.yaml")
        #expect(!anew.errors.contains("revision"), "\(anew.errors)")
        // The same minima, under identities of their own.
        #expect(anew.output.split(separator: "\n").count == export.split(separator: "\n").count)
        let physics = try landau.sql(Self.store, "SELECT physics FROM provenance")
        #expect(physics.contains("\"revision\":3"), "\(physics)")
        #expect(try landau.sql(Self.store, "SELECT tool_version FROM provenance") == "0.2.0\n")
    }
}
