/// Text from sweep files on its way into pages: what a reader sees is what the file says, letter by letter.
package enum GalleryText {
    /// For the content of an element and for an attribute between either quotes.
    package static func html(_ text: String) -> String {
        var result = ""
        for scalar in visible(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// For one line of Markdown, also within a table.
    ///
    /// A backslash before punctuation is no punctuation any more (CommonMark 0.31, section 2.4).
    package static func markdown(_ text: String) -> String {
        var result = ""
        for scalar in visible(text).unicodeScalars {
            switch scalar {
            case "\n": result += " "
            // `:` and `.` and `@` begin links where GitHub reads the page.
            case "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "#", "|", "~", "&", "!", "$", ":", "@", "^":
                result += "\\"
                result.unicodeScalars.append(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result.replacing("www.", with: "www\\.")
    }

    /// A block of code; its fence is longer than any within.
    package static func markdownCode(_ text: String, language: String) -> String {
        let text = visible(text)
        var (longest, run) = (0, 0)
        for character in text {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)\(language)\n\(text.hasSuffix("\n") ? text : text + "\n")\(fence)"
    }

    /// Letters, digits and hyphens: a name for anchors and files.
    package static func anchor(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" })
    }

    /// Without control characters and marks that turn the direction of writing; line ends stay.
    private static func visible(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { ScriptText.printable(String($0)) }
            .joined(separator: "\n")
    }
}
