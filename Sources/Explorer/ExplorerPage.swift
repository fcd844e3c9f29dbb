import Foundation
import Support

/// One HTML file that needs no other: styles, scripts, D3 and data are inside, and its Content-Security-Policy lets nothing
/// else run and nothing be fetched.
public struct ExplorerPage {
    public enum Content {
        case sweeps(ExplorerData)
        /// The page of a model's theory, without data.
        case theory(model: String)
    }

    public let title: String
    public let content: Content
    /// Whether the page reads itself anew every few seconds, for a sweep that is being trained.
    public let reloads: Bool

    public init(title: String, _ content: Content, reloads: Bool = false) {
        (self.title, self.content, self.reloads) = (title, content, reloads)
    }

    /// - Parameter d3: the library's text, as it lies on this machine.
    public func html(d3: String) -> String {
        let scripts = [Self.closed(d3)] + PageScripts.all.map(\.text)
        let style = PageScripts.style
        let hashes = scripts.map { "'sha256-\(Self.hash($0))'" }.joined(separator: " ")
        let policy =
            "default-src 'none'; script-src \(hashes); style-src 'sha256-\(Self.hash(style))'; img-src data:; "
            + "base-uri 'none'; form-action 'none'"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            \(Self.mark)
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(Self.escaped(title))</title>
            <style>\(style)</style>
            </head>
            <body>
            <main id="page"></main>
            <noscript>This page draws its data with a script. `landau transitions` prints the verdicts.</noscript>
            <script type="application/json" id="landau-data">\(Self.inert(json.serialized(numbers: .shortest)))</script>
            \(scripts.map { "<script>\($0)</script>" }.joined(separator: "\n"))
            </body>
            </html>

            """
    }

    private static let mark = "<meta name=\"generator\" content=\"landau explore\">"

    /// Whether a file is such a page, and not a namesake.
    public static func isOwn(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path), let start = try? file.read(upToCount: 200) else {
            return false
        }
        return String(decoding: start, as: UTF8.self).contains(mark)
    }

    private var json: JSONValue {
        switch content {
        case .sweeps(let data):
            var members = data.json.object!
            members["reloads"] = .bool(reloads)
            members["title"] = .text(title)
            return .object(members)
        case .theory(let model):
            return ["theory": .text(model), "title": .text(title), "sweeps": [], "blobs": [], "reloads": false]
        }
    }

    /// JSON that cannot end the element it stands in, nor begin a comment there.
    package static func inert(_ json: String) -> String {
        json.replacing("<", with: "\\u003c").replacing("\u{2028}", with: "\\u2028").replacing(
            "\u{2029}", with: "\\u2029")
    }

    /// A script that cannot end the element it stands in: D3 has no such text, another version might.
    static func closed(_ script: String) -> String { script.replacing("</script", with: "<\\/script") }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }

    /// As a Content-Security-Policy names a script: SHA-256 in base64.
    package static func hash(_ text: String) -> String {
        let digits = Array(sha256(text).utf8)
        let bytes = stride(from: 0, to: digits.count, by: 2).map { index in
            UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16)!
        }
        return Data(bytes).base64EncodedString()
    }
}
