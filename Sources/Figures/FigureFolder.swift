import Foundation

/// The folder of a figure that has been drawn.
public struct FigureFolder: Sendable {
    public let figure: String
    public let path: String

    public init(of figure: String, at path: String) {
        self.figure = figure
        self.path = path
    }

    /// Where a sweep's figures lie within its results: those of all points in `figures`, those of a part of them in a
    /// folder below it that says which part.
    public static func place(of overrides: [String]) -> String {
        guard !overrides.isEmpty else { return "figures" }
        let words = overrides.joined(separator: "+").map { character in
            character.isASCII && (character.isLetter || character.isNumber || "=,+-.()".contains(character))
                ? character : "_"
        }
        return "figures/" + String(words.prefix(120))
    }

    /// All figures in the results `folder`, as paths within it.
    public static func all(in folder: String) -> [(name: String, place: String)] {
        let below = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/figures")) ?? []
        // A folder of overrides has their sign in its name; a folder that the user copied, or a link, is none of ours.
        let ofOverrides = below.filter { name in
            let path = "\(folder)/figures/\(name)"
            var isFolder: ObjCBool = false
            return name.contains("=") && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                && isFolder.boolValue && (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) == nil
        }
        let places = ["figures"] + ofOverrides.sorted().map { "figures/\($0)" }
        return places.flatMap { place in FigureWriter.names.map { ($0, "\(place)/\($0)") } }
    }

    /// The names of the files that a figure writes: its script, the pictures in all formats, and the tables that the
    /// script there names.
    public var fileNames: [String] {
        let pictures = FigureFormat.allCases.map { figure + $0.suffix } + ["\(figure)-cairolatex.pdf"]
        return ["figure.gp"] + pictures + tables
    }

    private var tables: [String] {
        guard let script = FileManager.default.contents(atPath: "\(path)/figure.gp") else { return [] }
        // The block of variables; the template below it knows tables by their variables.
        let lines = String(decoding: script, as: UTF8.self).prefix { $0 != "\0" }.split(separator: "\n").prefix(200)
        if let list = lines.first(where: { $0.hasPrefix(FigureScript.tableList) }) {
            return list.dropFirst(FigureScript.tableList.count).split(separator: " ").map(String.init)
                .filter { $0.wholeMatch(of: /[A-Za-z0-9-]+\.tsv/) != nil }
        }
        // Version 0.1 listed none. A variable of a table has the table's name.
        return lines.compactMap { line in
            guard let match = line.wholeMatch(of: /([A-Za-z0-9_]+) = '([A-Za-z0-9-]+)\.tsv'/),
                match.1.replacing("_", with: "-") == match.2
            else { return nil }
            return "\(match.2).tsv"
        }
    }
}
