import Foundation
import Testing

/// What a newcomer looks at: the gallery, the terminal, several sweeps in one figure, the manual.
@Suite struct GalleryCommandTests {
    private static let title = "<b>A</b> & `touch canary` \"sweep\" | <script>document.title='run'</script>"

    private func recipe(_ landau: Landau, expecting value: String = "second") throws {
        let folder = landau.folder.appendingPathComponent("sweeps/own")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try landau.spec(replacing: [
            "A `small` sweep with 'quotes', $(touch canary) and @marks": Self.title.replacing("\"", with: "\\\""),
            "depth: [1, 2]": "depth: [1]", "order-parameter, phase-diagram": "order-parameter, transition-line",
        ])
        let text =
            try landau.text(of: "small.yaml") + "quick: [\"gamma=log(0.5,1.5,8)\"]\nexpect:\n"
            + "  - {transition: order, value: \(value), source: \"a <paper>\"}\n"
        try landau.write(text, to: "sweeps/own/depth.yaml")
    }

    @Test func theGalleryHoldsFiguresExpectationsAndCommands() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try recipe(landau)
        let result = try landau.run("gallery", "--out", "shown")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == "shown/gallery.md\nshown/gallery.html\n")
        let html = try landau.text(of: "shown/gallery.html")
        #expect(html.contains("&lt;b&gt;A&lt;/b&gt; &amp; `touch canary` &quot;sweep&quot; | &lt;script&gt;"))
        #expect(!html.contains("<script>") && html.contains("a &lt;paper&gt;"))
        #expect(html.contains("landau reproduce own/depth --quick") && html.contains("1 of 1 as expected"))
        #expect(html.split(separator: "<svg ").count == 2)
        let markdown = try landau.text(of: "shown/gallery.md")
        #expect(markdown.contains("(figures/own-depth-order-parameter.svg)"))
        #expect(landau.exists("shown/figures/own-depth-order-parameter.svg") && !landau.exists("canary"))
        // A figure that has nothing to show is no reason to show none.
        #expect(
            markdown.contains("second numeric control") || markdown.contains("transition\\-line")
                || markdown.contains("transition-line"))

        // Each recipe has a page of its own, where D3 is.
        if !result.errors.contains("pages of recipes are left out") {
            #expect(html.contains("<a href=\"explore/own-depth.html\">"))
            #expect(markdown.contains("[Explore it](explore/own-depth.html)"))
            #expect(try landau.text(of: "shown/explore/own-depth.html").contains("id=\"landau-data\""))
        }

        guard try landau.shell("-c", "command -v chromium").status == 0 else {
            print("SKIPPED: the page in a browser: apt-get install chromium")
            return
        }
        let browser = try landau.shell(
            "-c",
            "timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir=profile --dump-dom "
                + "file://\(landau.folder.path)/shown/gallery.html")
        #expect(browser.output.contains("<title>What Landau reproduces</title>"), "\(browser.errors.suffix(300))")
        #expect(browser.output.contains("</svg>"))
    }

    @Test func theGalleryTakesWholeResultsWhereTheyAre() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try recipe(landau)
        #expect(try landau.run("reproduce", "own/depth").status == 0)
        let result = try landau.run("gallery", "own", "--out", "shown")
        #expect(result.status == 0 && !landau.exists("results/quick"))
        #expect(try landau.text(of: "shown/gallery.md").contains("landau reproduce own/depth\n"))
    }

    @Test func aFailedRecipeIsShownAndIsAFailure() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try recipe(landau, expecting: "first")
        let result = try landau.run("gallery", "--out", "shown")
        #expect(result.status == 1 && result.errors.contains("failed: own/depth"))
        #expect(try landau.text(of: "shown/gallery.html").contains("<span class=\"badge failed\">1 of 1 failed</span>"))
        let without = try landau.run("gallery", environment: ["PATH": "/nowhere"])
        #expect(without.status == 3 && without.errors.contains("gnuplot"))
    }

    @Test func watchingChangesNothing() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec()
        let plain = try landau.run("run", "small.yaml", "--out", "plain")
        let watched = try landau.run("run", "small.yaml", "--out", "watched", "--watch")
        #expect(watched.status == plain.status)
        #expect(watched.output == plain.output.replacing("plain/", with: "watched/"))
        #expect(watched.errors.contains("`--watch` draws in a terminal, and standard output is none"))
        guard try landau.shell("-c", "command -v script").status == 0 else {
            print("SKIPPED: watching in a terminal: apt-get install util-linux")
            return
        }
        let terminal = try landau.shell(
            "-c",
            "script -qec 'stty cols 90 rows 30; \(Landau.executable.path) run small.yaml --out seen --watch' typed")
        #expect(terminal.status == plain.status, "\(terminal.output)\(terminal.errors)")
        #expect(terminal.output.contains("\u{1B}[H\u{1B}[2J") && terminal.output.contains("weight decay γ"))
        let exports = try ["plain", "seen"].map { try landau.run("export", "small.yaml", "--out", $0).output }
        #expect(exports[0] == exports[1] && !exports[0].isEmpty)
    }

    @Test func severalSweepsStandInOneFigure() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(as: "one")
        try landau.spec(as: "two", replacing: ["noise: 0.5": "noise: 1"])
        try landau.spec(
            as: "across",
            replacing: [
                "along: gamma": "along: noise", "fixed: {noise: 0.5, width: 4}": "fixed: {width: 4}",
                "  depth: [1, 2]": "  depth: [1]\n  noise: [0, 0.5, 1]",
            ])
        for name in ["one", "two"] { #expect(try landau.run("run", "\(name).yaml", "depth=2").status == 0) }
        let result = try landau.run("plot", "one.yaml", "two.yaml", "depth=2", "--format", "svg", "--width", "double")
        #expect(result.status == 0, "\(result.errors)")
        let svg = try landau.text(of: "results/one+two/figures/order-parameter/order-parameter.svg")
        #expect(svg.contains(">one<") && svg.contains(">two<") && svg.contains("width=\"672\""))
        let other = try landau.run("plot", "one.yaml", "two.yaml", "depth=2", "--figure", "phase-diagram")
        #expect(other.status == 2 && other.errors.contains("`phase-diagram` shows one sweep"))
        let across = try landau.run("plot", "one.yaml", "across.yaml")
        #expect(across.status == 2 && across.errors.contains("one figure needs the same of both"), "\(across.errors)")
        let width = try landau.run("plot", "one.yaml", "depth=2", "--width", "triple")
        #expect(width.status == 2 && width.errors.contains("`--width` must be single, double, or a width in cm"))
    }

    @Test func aCurveOfFourPointsIsNothingToJudge() throws {
        let landau = try Landau()
        defer { landau.remove() }
        try landau.spec(replacing: ["points: 16": "points: 4", "[order-parameter, phase-diagram]": "[]"])
        let result = try landau.run("run", "small.yaml")
        #expect(result.status == 0)
        #expect(result.output == "nothing to judge: 2 curves have 4 values of gamma, and a verdict takes 5\n")
        #expect(try landau.run("transitions", "small.yaml").output == result.output)
    }

    @Test func theManualIsAPageWithoutFaults() throws {
        let landau = try Landau()
        defer { landau.remove() }
        let page = try landau.run("manual")
        #expect(page.status == 0)
        for verb in ["run", "status", "plot", "gallery", "reproduce", "predict"] {
            #expect(page.output.contains(".It Cm \(verb)\n"))
        }
        for shell in ["bash", "zsh", "fish"] {
            let script = try landau.run("--generate-completion-script", shell)
            #expect(script.status == 0 && script.output.contains("gallery"))
            for name in ["training-dynamics", "catapult-map", "effective-landscape", "transition-line", "cairolatex"] {
                #expect(script.output.contains(name), "\(shell): \(name)")
            }
        }
        try landau.write(page.output, to: "landau.1")
        guard try landau.shell("-c", "command -v groff").status == 0 else {
            print("SKIPPED: the manual as groff reads it: apt-get install groff")
            return
        }
        let set = try landau.shell("-c", "groff -ww -K utf8 -mdoc -Tutf8 landau.1")
        #expect(set.status == 0 && set.errors == "", "\(set.errors)")
        #expect(set.output.contains("Stopped by a signal; the same command goes on."))
    }
}
