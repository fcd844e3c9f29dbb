extension GalleryPage {
    /// The page as Markdown; pictures are linked, not held.
    package var markdown: String {
        let text = GalleryText.markdown
        var lines = ["# \(text(title))", "", text(introduction), "", "\(text(summary)).", ""]
        for group in groups {
            lines += ["## \(text(group.name))", ""]
            for entry in group.entries { lines += markdown(of: entry) }
        }
        return lines.joined(separator: "\n")
    }

    private func markdown(of entry: Entry) -> [String] {
        let text = GalleryText.markdown
        var lines = [
            "### \(text(entry.title))", "", "`\(entry.name)`" + (entry.result.isEmpty ? "" : ": \(entry.result)"), "",
        ]
        // Only names that the page's maker chose are in a path.
        if !entry.page.isEmpty { lines += ["[Explore it](\(entry.page))", ""] }
        for picture in entry.pictures {
            // Only names that the page's maker chose are in a path.
            lines += [
                "![\(text(picture.caption))](\(picture.path))", "",
                "*\(text(picture.figure))*: \(text(picture.caption))", "",
            ]
        }
        for note in entry.notes { lines += [text(note), ""] }
        if !entry.checks.isEmpty {
            func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
            lines += [row(Self.columns), row(Self.columns.map { _ in "---" })]
            for check in entry.checks { lines.append(row(check.cells.map(text) + [text(check.verdict)])) }
            lines.append("")
        }
        for source in entry.sources { lines += ["Source: \(text(source))", ""] }
        lines += [GalleryText.markdownCode(entry.command, language: "sh"), ""]
        return lines
    }
}
