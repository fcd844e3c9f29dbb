import Foundation
import PhaseSpace
import Transitions

/// A figure's folder as it was written.
public struct DrawnFigure: Sendable, Equatable {
    public let folder: String
    /// `figure.gp` and the tables.
    public let sources: [String]
    /// The rendered pictures, in the order of the formats asked for.
    public let pictures: [String]
    /// What gnuplot warned of; empty as a rule.
    public let warnings: String
}

/// Draws what a spec's `figures:` names.
public struct FigureWriter: Sendable {
    /// The figures that there are.
    public static let names = FigureKind.all.map(\.name)

    /// The width of a column of a two-column journal, in cm.
    public static let columnWidth = 8.6
    /// The width of a page of a two-column journal, in cm.
    public static let pageWidth = 17.8

    /// What a figure shows, as a sentence for its caption; empty for a name that there is not.
    public static func caption(of name: String) -> String { (try? FigureKind.named(name))?.caption ?? "" }

    public let templates: FigureTemplates
    /// Width of the picture in cm.
    public let width: Double
    private let program: String

    /// - Parameter program: the gnuplot to run, looked up on the search path.
    public init(templates: FigureTemplates, width: Double = columnWidth, program: String = "gnuplot") {
        self.templates = templates
        self.width = width
        self.program = program
    }

    /// Writes script and tables into `folder` (made where it is missing) and renders the formats beside them.
    /// - Throws: `FigureError`; script and tables are there even when gnuplot is not.
    public func draw(
        _ name: String, _ input: FigureInput, into folder: String, formats: [FigureFormat] = [.svg]
    ) throws(FigureError) -> DrawnFigure {
        try draw(try FigureKind.named(name).checked(input, width), into: folder, formats: formats)
    }

    /// Draws a finite-size collapse of anybody's data: the table as it is and after the collapse.
    /// - Throws: as for a sweep's figure.
    public func draw(
        _ collapse: Collapse, title: String, into folder: String, formats: [FigureFormat] = [.svg]
    ) throws(FigureError) -> DrawnFigure {
        try draw(FigureScript(collapse: collapse, title: title, width: width), into: folder, formats: formats)
    }

    func draw(
        _ script: FigureScript, into folder: String, formats: [FigureFormat]
    ) throws(FigureError) -> DrawnFigure {
        let name = script.figure
        let commands = try templates.commands(of: name)
        var sources: [String] = []
        func write(_ text: String, to file: String) throws(FigureError) -> String {
            let path = "\(folder)/\(file)"
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
            } catch {
                throw .cannotWrite(path: path, reason: error.localizedDescription)
            }
            return path
        }
        sources.append(try write(script.text(reading: .files, commands: commands), to: "figure.gp"))
        for table in script.tables { sources.append(try write(table.text, to: table.fileName)) }

        var pictures: [String] = []
        var warnings: [String] = []
        for format in formats {
            let file = name + format.suffix
            let output: GnuplotOutput
            do throws(FigureError) {
                output = try render(script, commands, format, in: folder)
            } catch {
                // Half a picture must not pass for one.
                try? FileManager.default.removeItem(atPath: "\(folder)/\(file)")
                throw error
            }
            pictures.append(
                format == .dumb
                    ? try write(Self.withoutTrailingSpaces(output.standardOutput), to: file) : "\(folder)/\(file)")
            if !output.standardError.isEmpty { warnings.append(trimmed(output.standardError)) }
        }
        return DrawnFigure(
            folder: folder, sources: sources, pictures: pictures, warnings: warnings.joined(separator: "\n"))
    }

    /// The figure as text for a terminal; writes no file.
    /// - Parameter columns: width and `rows` height in characters.
    public func drawText(
        _ name: String, _ input: FigureInput, columns: Int = 100, rows: Int = 32, colour: Bool = false
    ) throws(FigureError) -> String {
        var script = try FigureKind.named(name).checked(input, width)
        script.set("text_columns", .integer(columns))
        script.set("text_rows", .integer(rows))
        script.set("text_colour", .integer(colour ? 1 : 0))
        let commands = try templates.commands(of: name)
        return Self.withoutTrailingSpaces(try render(script, commands, .dumb, in: ".").standardOutput)
    }

    // gnuplot fills its lines with spaces to one more than the width that it was given.
    private static func withoutTrailingSpaces(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var line = line
            while line.last == " " { line.removeLast() }
            return String(line)
        }.joined(separator: "\n")
    }

    private func render(
        _ script: FigureScript, _ commands: String, _ format: FigureFormat, in folder: String
    ) throws(FigureError) -> GnuplotOutput {
        let session = try GnuplotSession(folder: folder, program: program)
        for table in script.tables { try session.send(rows: table.rows, as: table.name) }
        try session.send("format = '\(format.rawValue)'")
        try session.send(script.text(reading: .dataBlocks, commands: commands))
        return try session.finish()
    }
}
