import Foundation

/// The folder of gnuplot templates.
public struct FigureTemplates: Sendable, Equatable {
    public let folder: String

    /// Takes `folder` as it is.
    public init(folder: String) { self.folder = folder }

    /// The first that exists of: the folder named by the environment variable `LANDAU_PLOTS`; `plots` in the working
    /// directory; `plots` beside the executable or beside one of the folders that it lies in.
    /// - Throws: `FigureError.noTemplate` that lists where it looked.
    public static func find(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        workingFolder: String = FileManager.default.currentDirectoryPath,
        executable: String? = Bundle.main.executablePath
    ) throws(FigureError) -> FigureTemplates {
        var searched: [String] = []
        if let named = environment["LANDAU_PLOTS"], !named.isEmpty {
            searched.append(named)
        } else {
            searched.append(workingFolder + "/plots")
            var folder = URL(fileURLWithPath: executable ?? "/").resolvingSymlinksInPath().deletingLastPathComponent()
            while folder.path != "/" {
                searched.append(folder.appendingPathComponent("plots").path)
                folder.deleteLastPathComponent()
            }
        }
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
