import Foundation
import Testing

/// The pages in docs/ as a whole: what they point to exists, and they say of every model what the command says.
@Suite struct PageTests {
    /// A page: its path below the project's folder, and its text without fenced blocks.
    private struct Page {
        let path: String
        let prose: String

        var folder: URL { Landau.root.appendingPathComponent(path).deletingLastPathComponent() }

        /// What stands in the parentheses of `[…](…)`.
        var links: [String] { prose.matches(of: /\]\(([^()\s]+)\)/).map { String($0.1) } }

        /// Names of its headings as links use them: lower case, blanks as hyphens, other signs left out.
        var anchors: Set<String> {
            let headings = prose.split(separator: "\n").filter { $0.hasPrefix("#") }
            return Set(
                headings.map { heading in
                    let words = heading.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
                    let kept = words.filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
                    return kept.replacing(" ", with: "-")
                })
        }
    }

    private static func page(_ path: String) throws -> Page {
        let text = try String(contentsOf: Landau.root.appendingPathComponent(path), encoding: .utf8)
        var isCode = false
        let prose = text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if line.hasPrefix("```") { isCode.toggle() }
            return !isCode
        }
        return Page(path: path, prose: prose.joined(separator: "\n"))
    }

    private static func names(in folder: String, ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: Landau.root.appendingPathComponent(folder).path)
            .filter { $0.hasSuffix(ending) }.sorted()
    }

    /// Paths below docs/.
    private static func guides() throws -> [String] {
        try ["", "models/", "generated/"].flatMap { folder in
            try names(in: "docs/\(folder)", ending: ".md").map { folder + $0 }
        }
    }

    @Test func everyLinkOfAPageLeadsSomewhere() throws {
        let paths = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"] + (try Self.guides().map { "docs/\($0)" })
        let root = Landau.root.standardizedFileURL.path
        var count = 0
        for page in try paths.map(Self.page) {
            for link in page.links where !link.contains("://") {
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                let file =
                    parts[0].isEmpty
                    ? Landau.root.appendingPathComponent(page.path) : page.folder.appendingPathComponent(parts[0])
                #expect(FileManager.default.fileExists(atPath: file.path), "\(page.path): \(link)")
                count += 1
                guard parts.count == 2 else { continue }
                let target = String(file.standardizedFileURL.path.dropFirst(root.count + 1))
                #expect(try Self.page(target).anchors.contains(parts[1]), "\(page.path): \(link)")
            }
        }
        #expect(count > 80)
    }

    @Test func everyPageStandsInTheIndex() throws {
        let index = Set(try Self.page("docs/README.md").links)
        for guide in try Self.guides() where guide != "README.md" && !guide.hasPrefix("generated/") {
            #expect(index.contains(guide), "\(guide)")
        }
    }

    /// Names with a number at the end stand as `M_i_r`, `mode_1`, `preactivationChange_k` …
    private static func isNamed(_ name: String, in text: String) -> Bool {
        guard let series = name.firstMatch(of: /^([A-Za-z]+)(_[0-9]+)+$/) else { return text.contains("`\(name)`") }
        return text.contains("`\(series.1)_")
    }

    @Test func thePageOfAModelNamesItsControlsObservablesAndSources() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let models = try landau.run("models").output.split(separator: "\n").compactMap {
            $0.split(separator: ":").first
        }
        #expect(models.count == 8)
        for model in models.map(String.init) {
            let page = try Self.page("docs/models/\(model).md").prose
            let answer = try landau.run("models", model).output
            var section = Substring()
            for line in answer.split(separator: "\n") {
                guard line.hasPrefix("  ") else {
                    section = line
                    continue
                }
                if section.hasPrefix("Controls") || section.hasPrefix("Observables") {
                    let name = String(line.split(separator: " ")[0])
                    #expect(Self.isNamed(name, in: page), "\(model): \(name)")
                } else if section.hasPrefix("Sources") {
                    for paper in line.matches(of: /[0-9]{4}\.[0-9]{5}/) {
                        #expect(page.contains(paper.0), "\(model): \(paper.0)")
                    }
                }
            }
        }
    }

    @Test func everySweepThatShipsStandsOnTheTableOfItsModel() throws {
        for folder in try FileManager.default.contentsOfDirectory(
            atPath: Landau.root.appendingPathComponent("sweeps").path) where folder != "starters"
        {
            for file in try Self.names(in: "sweeps/\(folder)", ending: ".yaml") {
                let sweep = Landau.root.appendingPathComponent("sweeps/\(folder)/\(file)")
                let text = try String(contentsOf: sweep, encoding: .utf8)
                // Others are programs, by their file.
                let model = text.firstMatch(of: /(?m)^model: ([a-z-]+)/)?.1
                let name = file.dropLast(".yaml".count)
                let page = try Self.page(model.map { "docs/models/\($0).md" } ?? "docs/your-net.md").prose
                #expect(page.contains("`\(name)`") || page.contains("`sweeps/\(folder)/\(file)`"), "\(folder)/\(file)")
            }
        }
    }
}
