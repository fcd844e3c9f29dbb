import Figures
import Foundation
import FoundationXML
import Testing

/// Pages of figures: what a sweep file says stays text, and pictures do not disturb each other.
@Suite struct GalleryTests {
    private static let hostile =
        "</h3><script>alert(1)</script> [x](javascript:a) `$(touch canary)` *b* |c| \"d\" 'e' & <img src=x onerror=y>"

    private func page(_ titles: [String]) throws -> GalleryPage {
        var page = GalleryPage(title: "A gallery", introduction: "Two sweeps.")
        let svg = try withFolder { folder in
            let figures = FigureWriter(templates: templates)
            let drawn = try figures.draw("order-parameter", Synthetic.input(points: 20, title: titles[0]), into: folder)
            return try text(of: drawn.pictures[0])
        }
        for (index, title) in titles.enumerated() {
            var entry = GalleryPage.Entry(name: "own/sweep-\(index)", title: title, command: "landau run \(title)")
            entry.checks = [.init(cells: [title, "1", "–", "1", "0", "–"], verdict: "ok", isPassed: true)]
            entry.sources = [title]
            entry.spec = "title: ```\(title)```"
            entry.pictures = ["order-parameter", "hysteresis"].map {
                .init(figure: $0, caption: title, path: "figures/\($0).svg", svg: svg)
            }
            page.entries.append(entry)
        }
        return page
    }

    @Test func aHostileTitleAppearsLiterally() throws {
        let html = try page([Self.hostile]).html
        #expect(!html.contains("<script") && !html.contains("<img") && !html.contains("</h3><"))
        let shown = html.split(separator: "<h3>")[1].prefix { $0 != "<" }
            .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
        #expect(shown == Self.hostile)
        #expect(GalleryText.html("a\u{202E}b\u{0}c\u{7}") == "abc")
    }

    @Test func markdownTakesNothingOfATitleForMarkup() throws {
        let markdown = try page([Self.hostile]).markdown
        let title = try #require(markdown.split(separator: "\n").first { $0.hasPrefix("### ") }).dropFirst(4)
        var plain = ""
        var isEscaped = false
        for character in title {
            if character == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            // What is markup in CommonMark or GitHub's tables stands behind a backslash.
            #expect(isEscaped || !"`*_[]<>|#~&!$:@^{}".contains(character), "\(character)")
            plain.append(character)
            isEscaped = false
        }
        #expect(plain == Self.hostile)
        let rows = markdown.split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(rows.count == 3 && rows[2].replacing("\\|", with: "").count { $0 == "|" } == 8)
        #expect(GalleryText.markdownCode("a ```` b", language: "sh") == "`````sh\na ```` b\n`````")
    }

    /// Attributes of all elements of a document, which must be well-formed.
    private final class Attributes: NSObject, XMLParserDelegate {
        var all: [(name: String, value: String)] = []
        func parser(
            _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            all += attributes.map { ($0.key, $0.value) }
        }
        init(of text: String) {
            super.init()
            let parser = XMLParser(data: Data(text.utf8))
            parser.delegate = self
            #expect(parser.parse(), "\(String(describing: parser.parserError))")
        }
    }

    @Test func namesAreUniqueAmongPictures() throws {
        let html = try page(["One", "Two"]).html
        let svgs = html.split(separator: "<svg ").dropFirst().map {
            "<svg " + $0.prefix(upTo: $0.firstRange(of: "</svg>")!.upperBound)
        }
        #expect(svgs.count == 4)
        var names: Set<String> = []
        for svg in svgs {
            let attributes = Attributes(of: svg).all
            let own = attributes.filter { $0.name == "id" }.map(\.value)
            #expect(own.count > 10)
            for name in own { #expect(names.insert(name).inserted, "\(name)") }
            for reference in attributes.filter({ $0.name == "xlink:href" }).map(\.value) {
                #expect(reference.hasPrefix("#") && own.contains(String(reference.dropFirst())), "\(reference)")
            }
        }
    }

    @Test func thePageNeedsNothingFromElsewhere() throws {
        let html = try page(["One", "Two"]).html
        let others = html.replacing("http://www.w3.org/2000/svg", with: "").replacing(
            "http://www.w3.org/1999/xlink", with: "")
        for word in ["http:", "https:", "src=", "@import", "<link", "<script", "url(h"] {
            #expect(!others.contains(word), "\(word)")
        }
    }

    @Test func textInAPictureIsNoReference() {
        let svg =
            "<?xml version=\"1.0\"?>\n<svg xmlns=\"x\"><title>Gnuplot</title><g id=\"a\"><text>id=\"b\" url(#c)</text></g></svg>"
        let inlined = InlineSVG(svg, prefix: "p", caption: "a > b").text
        #expect(inlined.contains("<g id=\"p-a\">") && inlined.contains(">id=\"b\" url(#c)<"))
        #expect(!inlined.contains("Gnuplot") && inlined.contains("aria-label=\"a &gt; b\""))
    }

    @Test(arguments: FigureWriter.names) func everyFigureHasACaption(_ name: String) {
        #expect(FigureWriter.caption(of: name).hasSuffix("."))
    }
}
