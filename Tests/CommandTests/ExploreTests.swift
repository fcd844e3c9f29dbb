import Foundation
import Testing

/// `landau explore`: the page, where it lies, and what is said of bad input.
@Suite struct ExploreTests {
    private static let spec = """
        title: A <b>small</b> sweep
        model: weight-decay
        fixed: {width: 3}
        data: {teacher: gaussian, inputs: 2, samples: population}
        axes:
          depth: [1, 2]
          gamma: {from: 0.1, to: 1.2, points: 12}
        orderParameter: squaredNorm
        """

    private func withSweep(_ body: (Landau) throws -> Void) throws {
        let landau = try Landau()
        defer { landau.remove() }
        try Self.spec.write(to: landau.folder.appendingPathComponent("small.yaml"), atomically: true, encoding: .utf8)
        let run = try landau.run("run", "small.yaml")
        try #require(run.status == 0, "\(run.errors)")
        try body(landau)
    }

    private func text(_ landau: Landau, _ path: String) throws -> String {
        try String(contentsOf: landau.folder.appendingPathComponent(path), encoding: .utf8)
    }

    @Test func aSweepsPageLiesWithItsResultsAndGoesWithThem() throws {
        try withSweep { landau in
            let result = try landau.run("explore", "small.yaml")
            guard result.status != 3 else {
                complain(result.errors)
                return
            }
            #expect(result.status == 0 && result.output == "results/small/explore.html\n", "\(result.errors)")
            let page = try text(landau, "results/small/explore.html")
            #expect(page.contains("<title>A &lt;b&gt;small&lt;/b&gt; sweep</title>"))
            #expect(!page.contains("https://") || page.contains("d3js.org"))
            let deleted = try landau.run("delete", "small.yaml")
            #expect(deleted.status == 0 && deleted.errors.isEmpty, "\(deleted.errors)")
            #expect(!FileManager.default.fileExists(atPath: landau.folder.appendingPathComponent("results/small").path))
        }
    }

    @Test func aForeignPageOfThatNameStays() throws {
        try withSweep { landau in
            let mine = landau.folder.appendingPathComponent("results/small/explore.html")
            try "<p>mine</p>".write(to: mine, atomically: true, encoding: .utf8)
            let deleted = try landau.run("delete", "small.yaml")
            #expect(deleted.errors.contains("explore.html"))
            #expect(FileManager.default.fileExists(atPath: mine.path))
        }
    }

    @Test func aFolderOfResultsRemembersItsOverrides() throws {
        try withSweep { landau in
            let more = try landau.run("run", "small.yaml", "gamma=0.1,0.2,0.3,0.4,0.5", "--out", "results/part/small")
            try #require(more.status == 0, "\(more.errors)")
            // No sweep file has this name.
            let unknown = try landau.run("explore", "results/part/small")
            #expect(unknown.status == 2 && unknown.errors.contains("name it"), "\(unknown.errors)")
            let result = try landau.run("explore", "results/small", "--page", "page.html")
            guard result.status != 3 else { return }
            #expect(result.status == 0, "\(result.errors)")
            #expect(try text(landau, "page.html").contains("\"left\":0"))
        }
    }

    @Test func severalSweepsShareAPage() throws {
        try withSweep { landau in
            let result = try landau.run("explore", "small.yaml", "results/small")
            guard result.status != 3 else { return }
            #expect(result.output == "results/small+small/explore.html\n", "\(result.errors)")
            #expect(
                try text(landau, "results/small+small/explore.html").matches(of: /"name":"small","title"/).count == 2)
        }
    }

    @Test func watchingEndsWithTheSweep() throws {
        try withSweep { landau in
            let result = try landau.run("explore", "small.yaml", "--watch")
            guard result.status != 3 else { return }
            #expect(result.status == 0, "\(result.errors)")
            #expect(try text(landau, "results/small/explore.html").contains("\"reloads\":false"))
        }
    }

    @Test(arguments: [
        (["explore"], "no sweep is named"), (["explore", "nothing.yaml"], "nothing.yaml"),
        (["explore", "--theory", "vae"], "takes weight-decay"),
        (["explore", "--theory", "weight-decay", "a.yaml"], "takes no sweep"), (["explore", "."], "holds no results"),
        (["explore", "a.yaml", "b.yaml", "--out", "x"], "is the folder of one sweep"),
        (["explore", "a.yaml", "--page", ""], "`--page` is empty"),
    ]) func badInputIsOneSentence(_ arguments: [String], _ words: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        let result = try landau.run(arguments)
        guard result.status != 3 else { return }
        #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    private func complain(_ text: String) { FileHandle.standardError.write(Data("LEFT OUT: \(text)\n".utf8)) }
}
