/// A drawn SVG made ready to stand inside an HTML page beside others.
package struct InlineSVG {
    package let text: String

    /// Names (`id`) and references to them get `prefix`, so that those of two pictures never meet; XML declaration, title
    /// and description of gnuplot's go, the caption takes their place for readers who listen.
    /// - Parameters:
    ///   - prefix: letters, digits and hyphens.
    ///   - caption: what the picture shows.
    package init(_ drawn: String, prefix: String, caption: String) {
        var result = ""
        var rest = Substring(drawn)
        while let open = rest.firstIndex(of: "<") {
            result += Self.withoutEmptyLines(rest[..<open])
            let tag = Self.tag(of: rest[open...])
            rest = rest[tag.endIndex...]
            if tag.hasPrefix("<?") || tag.hasPrefix("<!") { continue }
            if let name = ["title", "desc"].first(where: { tag.hasPrefix("<\($0)>") }) {
                rest = Self.after("</\(name)>", in: rest)
                continue
            }
            if tag.hasPrefix("<svg") {
                let label = "role=\"img\" aria-label=\"\(GalleryText.html(caption))\""
                result += "<svg \(label) " + Self.prefixed(tag.dropFirst(4), with: prefix)
            } else {
                result += Self.prefixed(tag, with: prefix)
            }
        }
        text = result + Self.withoutEmptyLines(rest)
    }

    /// From `<` to the `>` that ends it; one between quotes ends nothing.
    private static func tag(of text: Substring) -> Substring {
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == ">" {
                return text[...index]
            }
        }
        return text
    }

    private static func after(_ end: String, in text: Substring) -> Substring {
        guard let range = text.firstRange(of: end) else { return text[text.endIndex...] }
        return text[range.upperBound...]
    }

    private static func prefixed(_ tag: Substring, with prefix: String) -> String {
        var words: [Substring] = []
        for word in tag.split(whereSeparator: \.isWhitespace) { words.append(word) }
        return words.joined(separator: " ")
            .replacing(/(^| )id=(['"])/) { "\($0.1)id=\($0.2)\(prefix)-" }
            .replacing(/href=(['"])#/) { "href=\($0.1)#\(prefix)-" }
            .replacing("url(#", with: "url(#\(prefix)-")
    }

    private static func withoutEmptyLines(_ text: Substring) -> String {
        text.allSatisfy(\.isWhitespace) ? (text.isEmpty ? "" : "\n") : String(text)
    }
}
