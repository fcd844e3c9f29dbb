extension GalleryPage {
    /// The page as one HTML file that needs no other: pictures are inside, nothing is fetched, no script runs.
    package var html: String {
        let text = GalleryText.html
        let links = groups.map { group in
            let items = group.entries.map { entry in
                "<li><a href=\"#\(anchor(of: entry))\">\(text(entry.title))</a></li>"
            }
            return "<div><h2>\(text(group.name))</h2><ul>\(items.joined(separator: "\n"))</ul></div>"
        }
        let sections = groups.flatMap { group in
            ["<h2 class=\"group\">\(text(group.name))</h2>"] + group.entries.map(section)
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(text(title))</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <header>
            <h1>\(text(title))</h1>
            <p>\(text(introduction))</p>
            <p class="summary">\(text(summary))</p>
            </header>
            <nav>
            \(links.joined(separator: "\n"))
            </nav>
            <main>
            \(sections.joined(separator: "\n"))
            </main>
            </body>
            </html>

            """
    }

    private func anchor(of entry: Entry) -> String {
        // Two names may have one anchor, `a-b` and `a/b`: the place in the list tells them apart.
        "e\(entries.firstIndex { $0.name == entry.name } ?? 0)-\(GalleryText.anchor(entry.name))"
    }

    private func section(_ entry: Entry) -> String {
        let text = GalleryText.html
        let anchor = anchor(of: entry)
        let figures = entry.pictures.enumerated().map { index, picture in
            let svg = InlineSVG(picture.svg, prefix: "\(anchor)-\(index)", caption: picture.caption).text
            return """
                <figure>
                \(svg)
                <figcaption><b>\(text(picture.figure))</b> \(text(picture.caption))</figcaption>
                </figure>
                """
        }
        let badge =
            entry.result.isEmpty
            ? "" : "<span class=\"badge \(entry.isPassed ? "passed" : "failed")\">\(text(entry.result))</span>"
        let link = entry.page.isEmpty ? "" : "<a href=\"\(text(entry.page))\">explore it</a>"
        var parts = [
            "<section id=\"\(anchor)\">",
            "<h3>\(text(entry.title))</h3>",
            "<p class=\"name\"><code>\(text(entry.name))</code>\(badge)\(link)</p>",
            "<div class=\"figures\">\(figures.joined(separator: "\n"))</div>",
        ]
        parts += entry.notes.map { "<p class=\"note\">\(text($0))</p>" }
        if !entry.checks.isEmpty { parts.append(table(of: entry)) }
        if !entry.sources.isEmpty {
            parts.append("<p class=\"sources\">Sources: \(entry.sources.map(text).joined(separator: "; "))</p>")
        }
        parts.append("<pre class=\"command\">\(text(entry.command))</pre>")
        for (name, content) in [("Verdicts", entry.verdicts), ("Sweep file", entry.spec)] where !content.isEmpty {
            parts.append("<details><summary>\(name)</summary><pre>\(text(content))</pre></details>")
        }
        return (parts + ["</section>"]).joined(separator: "\n")
    }

    private func table(of entry: Entry) -> String {
        let text = GalleryText.html
        let head = Self.columns.map { "<th>\(text($0))</th>" }.joined()
        let rows = entry.checks.map { check in
            let cells = check.cells.map { "<td>\(text($0))</td>" }.joined()
            return "<tr>\(cells)<td class=\"\(check.isPassed ? "passed" : "failed")\">\(text(check.verdict))</td></tr>"
        }
        return """
            <div class="table"><table>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table></div>
            """
    }

    /// Figures have the width of a journal's column on paper, and are larger on a screen. In the dark they are inverted, and hues
    /// turned back, so that colours keep their names.
    private static let style = """
        :root { --paper: #fff; --page: #f5f6f8; --ink: #1c2430; --quiet: #5b6675; --line: #dfe3e8; --accent: #0072b2;
          --good: #00704f; --bad: #b3261e; --code: #f1f3f6; }
        @media (prefers-color-scheme: dark) {
          :root { --paper: #171b21; --page: #0e1116; --ink: #e3e7ec; --quiet: #9aa5b2; --line: #2b323b; --accent: #6db8e8;
            --good: #4cc79f; --bad: #ff8a7d; --code: #1f252d; }
          figure svg { filter: invert(0.91) hue-rotate(180deg); }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); line-height: 1.5;
          font-family: system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; font-size: 16px; }
        header, nav, main { max-width: 76rem; margin: 0 auto; padding: 0 1.5rem; }
        header { padding-top: 3rem; }
        h1 { font-size: 2.3rem; line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 0.6rem; }
        header p { max-width: 46rem; margin: 0.3rem 0; color: var(--quiet); }
        header .summary { color: var(--ink); font-weight: 600; }
        nav { display: grid; grid-template-columns: repeat(auto-fit, minmax(21rem, 1fr)); gap: 0.5rem 2rem; margin-top: 1.5rem; }
        nav h2 { font-size: 0.8rem; letter-spacing: 0.08em; text-transform: uppercase; color: var(--quiet); margin: 0.4rem 0; }
        nav ul { list-style: none; margin: 0; padding: 0; font-size: 0.92rem; }
        a { color: var(--accent); text-decoration: none; }
        a:hover, a:focus { text-decoration: underline; }
        .group { margin: 2.2rem 0 0.8rem; font-size: 1.4rem; }
        section { background: var(--paper); border: 1px solid var(--line); border-radius: 10px; padding: 1.4rem 1.6rem;
          margin: 0 0 1.4rem; }
        h3 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 0.2rem; overflow-wrap: anywhere; }
        .name { margin: 0 0 1rem; color: var(--quiet); display: flex; flex-wrap: wrap; gap: 0.8rem; align-items: center; }
        .badge { font-size: 0.8rem; border: 1px solid currentColor; border-radius: 99px; padding: 0.05rem 0.6rem; }
        .passed { color: var(--good); }
        .failed { color: var(--bad); font-weight: 600; }
        .figures { display: flex; flex-wrap: wrap; gap: 1.6rem; align-items: flex-start; }
        figure { margin: 0; width: 11.8cm; max-width: 100%; }
        figure svg { display: block; width: 100%; height: auto; }
        figure svg text { font-family: "DejaVu Sans", Verdana, sans-serif; }
        figcaption { font-size: 0.85rem; color: var(--quiet); margin-top: 0.5rem; }
        figcaption b { color: var(--ink); }
        .table { overflow-x: auto; margin: 1.2rem 0 0.8rem; }
        table { border-collapse: collapse; font-size: 0.85rem; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: right; padding: 0.3rem 0.7rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
        th { color: var(--quiet); font-weight: 500; }
        th:first-child, td:first-child { text-align: left; padding-left: 0; white-space: normal; }
        code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.82rem; }
        pre { background: var(--code); border-radius: 6px; padding: 0.7rem 0.9rem; overflow-x: auto; margin: 0.6rem 0; }
        .sources, .note { font-size: 0.85rem; color: var(--quiet); margin: 0.4rem 0; overflow-wrap: anywhere; }
        summary { cursor: pointer; color: var(--accent); font-size: 0.9rem; }
        @media print {
          :root { --paper: #fff; --page: #fff; --ink: #000; --quiet: #444; --line: #ccc; --code: #fff; --accent: #000;
            --good: #004d36; --bad: #8c1d18; }
          body { font-size: 9.5pt; }
          figure svg { filter: none; }
          header, nav, main { max-width: none; padding: 0; }
          nav { display: none; }
          section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 0.6cm 0; margin: 0; }
          figure, tr, .command { break-inside: avoid; }
          h2, h3, .name { break-after: avoid; }
          figure { width: 8.6cm; }
          .figures { gap: 0.5cm; }
          .table { overflow: visible; }
          table { font-size: 7.5pt; }
          th, td { white-space: normal; }
          pre { white-space: pre-wrap; }
          details { display: none; }
        }
        """
}
