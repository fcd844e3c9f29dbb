import Foundation
import Support

/// The text of D3 (Bostock, version 5 or later), which pages are written with; it is not part of the command.
public enum D3Library {
    /// Debian's package `node-d3`.
    public static let debian = "/usr/share/nodejs/d3/dist/d3.min.js"

    public struct Missing: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Throws: `Missing` with the command that installs it.
    public static func text(
        sharedFiles: SharedFiles = SharedFiles(), debian: String = Self.debian
    ) throws(Missing) -> String {
        let places = sharedFiles.places.map { $0 + "/d3/d3.min.js" } + [debian]
        guard let path = places.first(where: FileManager.default.fileExists(atPath:)) else {
            throw Missing(
                description:
                    "D3, which pages are drawn with, is not there (looked for \(places.joined(separator: ", "))); "
                    + "install it: apt-get install --no-install-recommends node-d3")
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.prefix(200).contains("d3js.org")
        else {
            throw Missing(
                description: "\(path): is not D3, or cannot be read; it should begin with its address and version")
        }
        return text
    }
}
