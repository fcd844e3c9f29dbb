import Foundation

/// The folder of a figure that has been drawn.
public struct FigureFolder: Sendable {
    public let figure: String
    public let path: String

    public init(of figure: String, at path: String) {
        self.figure = figure
        self.path = path
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
