import Foundation
import Testing

/// The guides in docs/: what they tell to type is typed here.
@Suite struct GuideTests {
    /// A fenced block: what stands behind the fence, and the lines in it.
    private struct Block {
        let words: [Substring]
        let text: String
        func value(of key: String) -> String? {
            words.first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
        }
    }

    private static func blocks(of guide: String) throws -> [Block] {
        let text = try String(contentsOf: Landau.root.appendingPathComponent("docs/\(guide).md"), encoding: .utf8)
        var blocks: [Block] = []
        var open: (words: [Substring], lines: [Substring])?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let (words, lines) = open {
                    blocks.append(Block(words: words, text: lines.joined(separator: "\n") + "\n"))
                    open = nil
                } else {
                    open = (line.dropFirst(3).split(separator: " "), [])
                }
            } else {
                open?.lines.append(line)
            }
        }
        return blocks
    }

    /// ```` ```yaml file=NAME ```` is written, ```` ```sh run ```` is run, in one folder, in the order of the page.
    @Test(arguments: [
        "../README", "first-sweep", "own-model", "verdicts", "cluster", "python-and-r", "store", "formulas",
        "sweep-files", "figures", "explorer", "recipes", "what-is-exact", "your-table",
        "models/weight-decay", "models/sgd-decay", "models/linear-vae", "models/vae", "models/batch-reuse",
        "models/edge-of-chaos", "models/training-dynamics", "models/catapult-map", "your-net",
    ])
    func everyCommandOfAGuideWorks(_ guide: String) throws {
        let landau = try Landau()
        defer { landau.remove() }
        let path = [
            "PATH": Landau.executable.deletingLastPathComponent().path + ":"
                + (ProcessInfo.processInfo.environment["PATH"] ?? "")
        ]
        let blocks = try Self.blocks(of: guide)
        #expect(blocks.contains { $0.words.contains("run") })
        for block in blocks {
            if let file = block.value(of: "file") { try landau.write(block.text, to: file) }
            guard block.words.contains("run") else { continue }
            if let program = block.value(of: "needs"),
                try landau.shell("-c", "command -v \(program) && \(program) --version").status != 0
            {
                print("SKIPPED: \(guide): \(program) is not installed")
                continue
            }
            if block.value(of: "needs") == "Rscript",
                try landau.shell("-c", "Rscript -e 'library(RSQLite)'").status != 0
            {
                print("SKIPPED: \(guide): R has no RSQLite")
                continue
            }
            let result = try landau.shell("-euc", block.text, environment: path)
            #expect(result.status == 0, "\(guide): \(block.text)\(result.output)\(result.errors)")
            #expect(!result.output.isEmpty || block.text.contains(">"), "\(block.text)")
        }
    }

    @Test func theExampleOfAModelIsAsShortAsTheGuideSays() throws {
        let example = Landau.root.appendingPathComponent("Examples/TiedAutoencoder/TiedAutoencoder.swift")
        let lines = try String(contentsOf: example, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        let guide = try String(contentsOf: Landau.root.appendingPathComponent("docs/own-model.md"), encoding: .utf8)
        #expect(lines.count - 1 < 120 && guide.contains("in \(lines.count - 1) lines"))
    }

    @Test func theExampleOfAModelAgreesWithItsExactTheory() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let own = Landau.executable.deletingLastPathComponent().appendingPathComponent("tied-autoencoder")
        func run(_ arguments: String...) throws -> Landau.Result {
            try landau.start(arguments, executable: own).result()
        }
        #expect(try run("new", "tied-autoencoder", "mine.yaml").status == 0)
        #expect(try run("run", "mine.yaml").status == 0)
        let svg = try landau.text(of: "results/mine/figures/order-parameter/order-parameter.svg")
        #expect(svg.contains("An autoencoder gives up") && svg.contains("theory"))
        let rows = try landau.sql(
            "results/mine/store.sqlite",
            "SELECT max(abs(squaredNorm - max(0, 1 - gamma / (2 * variance)))) || '' FROM observations")
        #expect(try #require(Double(rows.trimmingCharacters(in: .whitespacesAndNewlines))) < 1e-9)
        let table = try run("transitions", "mine.yaml").output
        #expect(table.contains("second") && !table.contains("undecided"))
    }
}
