import Foundation
import Support

/// The folder of gnuplot templates.
public struct FigureTemplates: Sendable, Equatable {
    public let folder: String

    /// Takes `folder` as it is.
    public init(folder: String) { self.folder = folder }

    /// The folder `named`, else the one that the environment variable `LANDAU_PLOTS` names, else the one that ships with
    /// the command. gnuplot can start programs, so that nothing else is looked at.
    /// - Throws: `FigureError.noTemplate` that lists where it looked.
    public static func find(
        _ named: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment,
        shared: SharedFiles = SharedFiles()
    ) throws(FigureError) -> FigureTemplates {
        let chosen = named ?? environment["LANDAU_PLOTS"].flatMap { $0.isEmpty ? nil : $0 }
        let searched = chosen.map { [$0] } ?? shared.places.map { $0 + "/plots" }
        for folder in searched where FileManager.default.fileExists(atPath: "\(folder)/\(common)") {
            return FigureTemplates(folder: folder)
        }
        throw .noTemplate(template: common, searched: searched)
    }

    /// Terminals, fonts, palette and line styles, the same for all figures.
    static let common = "common.gp"

    /// The commands of a figure: the common part, then the figure's own.
    func commands(of figure: String) throws(FigureError) -> String {
        var parts: [String] = []
        for file in [Self.common, "\(figure).gp"] {
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(file)") else {
                throw .noTemplate(template: file, searched: [folder])
            }
            parts.append(String(decoding: data, as: UTF8.self))
        }
        return parts.joined(separator: "\n")
    }
}
