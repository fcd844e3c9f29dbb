/// What a figure can be rendered to.
public enum FigureFormat: String, Sendable, CaseIterable, Hashable {
    case svg, pdf, png
    /// LaTeX source that draws with TikZ (needs `gnuplot-lua-tikz.sty`).
    case tikz
    /// LaTeX source for the text over a PDF for the lines.
    case cairolatex
    /// Characters, for a terminal.
    case dumb

    public static var names: [String] { allCases.map(\.rawValue) }

    /// - Throws: `FigureError.unknownFormat` with the nearest name.
    public init(named name: String) throws(FigureError) {
        guard let format = Self(rawValue: name) else { throw .unknownFormat(name) }
        self = format
    }

    /// Ending of the picture's file name: two formats must not overwrite each other's files.
    package var suffix: String {
        switch self {
        case .svg, .pdf, .png: "." + rawValue
        case .tikz, .cairolatex: "-\(rawValue).tex"
        case .dumb: ".txt"
        }
    }
}
