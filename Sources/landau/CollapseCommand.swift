import ArgumentParser
import Figures
import Foundation
import PhaseSpace
import Transitions

struct CollapseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collapse",
        abstract: "Finite-size collapse of a table of your own: critical point, ν and β with errors.",
        discussion: """
            FILE has the columns size, control, value and the value's standard error, or `--columns` says which ones \
            they are; a header is optional, and `-` is standard input. Found are \
            the critical control c*, ν and β for which value·size^(β/ν) is one function of (c − c*)·size^(1/ν), by the \
            smallest quality S of Houdayer and Hartmann: about 1 where the sizes collapse within their errors.
            """)

    @Argument(help: "The table.") var file: String
    @OptionGroup var table: TableOptions
    @Flag(help: "As JSON.") var json = false
    @Option(help: "Draw the data before and after the collapse into this folder.") var figure: String?
    @Option(help: "Formats of the figure, separated by commas: svg, pdf, png, tikz, cairolatex, dumb.")
    var format = "svg,pdf,png"

    func run() throws {
        let formats = try format.split(separator: ",").map { try FigureFormat(named: String($0)) }
        let found: Collapse
        do {
            let reading = try table.reading(of: file, for: .collapse)
            found = try collapse(of: try reading.sizedValues(), names: reading.names)
        } catch let error as CollapseError {
            throw Failure("\(file): \(error)")
        }
        if json { print(found.json.serialized()) } else { printText(found) }
        guard let figure else { return }
        do throws(FigureError) {
            let drawn = try FigureWriter(templates: try FigureTemplates.find())
                .draw(found, title: "", into: figure, formats: formats)
            if !drawn.warnings.isEmpty { complain("landau: gnuplot: \(drawn.warnings)") }
            // JSON alone goes to standard output where it was asked for.
            let pictures = drawn.pictures.joined(separator: "  ")
            if json { complain(pictures) } else { print(pictures) }
        } catch {
            throw SweepReport.failure(of: error)
        }
    }

    private func printText(_ found: Collapse) {
        func line(_ name: String, _ estimate: Estimate) -> String {
            let half = estimate.interval.map { $0.width / 2 } ?? 0
            return name.padding(toLength: 12, withPad: " ", startingAt: 0)
                + String(format: "%.7g ± %.2g", estimate.value, half)
        }
        print(line("\(found.names[1])*", found.critical))
        print(line("ν", found.nu))
        print(line("β", found.beta))
        print(line("β/ν", found.betaOverNu))
        print(found.sentence)
        print("\(found.overlapping) of \(found.pointCount) points of \(found.sizes.count) sizes overlap; ± is 95 %")
    }
}
