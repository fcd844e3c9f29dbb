import PhaseSpace
import Support

/// Why there is no picture.
public enum FigureError: Error, Equatable {
    /// The program of this name is not on the search path.
    case gnuplotNotInstalled(program: String)
    case gnuplotDoesNotStart(reason: String)
    /// gnuplot refused a script; `message` is what it printed.
    case gnuplotFailed(status: Int32, message: String)
    case unknownFigure(String)
    case unknownFormat(String)
    /// The data hold nothing that this figure shows.
    case nothingToDraw(figure: String, reason: String)
    /// No folder of templates, or none that holds `template`.
    case noTemplate(template: String, searched: [String])
    case cannotWrite(path: String, reason: String)
    /// The input contradicts itself.
    case inconsistent(String)
}

extension FigureError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .gnuplotNotInstalled("gnuplot"): "gnuplot is not installed: apt-get install gnuplot-nox"
        case .gnuplotNotInstalled(let program):
            "gnuplot is not installed: apt-get install gnuplot-nox (looked for `\(program)`)"
        case .gnuplotDoesNotStart(let reason): "gnuplot does not start: \(reason)"
        case .gnuplotFailed(let status, let message): "gnuplot failed with exit status \(status): \(message)"
        case .unknownFigure(let name):
            "there is no figure `\(name)`\(nearestHint(to: name, among: FigureWriter.names)); "
                + "figures: \(FigureWriter.names.joined(separator: ", "))"
        case .unknownFormat(let name):
            "there is no format `\(name)`\(nearestHint(to: name, among: FigureFormat.names)); "
                + "formats: \(FigureFormat.names.joined(separator: ", "))"
        case .nothingToDraw(let figure, let reason): "nothing to draw for `\(figure)`: \(reason)"
        case .noTemplate(let template, let searched):
            "the plot template `\(template)` was not found in "
                + (searched.isEmpty ? "the places of shared files" : searched.joined(separator: ", "))
                + "; set LANDAU_PLOTS, or `--plots`, to the folder `plots` of Landau's sources"
        case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
        case .inconsistent(let sentence): sentence
        }
    }
}
