import ArgumentParser
import Figures
import Foundation
import PhaseSpace
import Studies
import Sweeps
import Transitions

struct CollapseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collapse",
        abstract: "Finite-size collapse of a table of your own, or of a sweep: critical point, ν and β with errors.",
        discussion: """
            landau collapse table.tsv --figure drawn
            landau collapse sizes.yaml --json

            A table has the columns size, control, value and the value's standard error, or `--columns` says which ones \
            they are; a header is optional, and `-` is standard input. A file \
            ending in .yaml or .yml is a sweep over two controls; the one that is not swept is the size.

            Found are the critical control c*, ν and β/ν for which value·size^(β/ν) is one function of \
            (c − c*)·size^(1/ν). So β is positive for an order parameter, and a susceptibility has β = −γ. S is χ² over \
            its degrees of freedom, about 1 where the sizes collapse within their errors.
            """)

    @OptionGroup var options: SweepOptions
    @OptionGroup var table: TableOptions
    @Flag(help: "As JSON.") var json = false
    @Option(help: "Draw the collapse, its residuals and the results against the range into this folder.") var figure:
        String?
    @Option(help: "Formats of the figure, separated by commas: svg, pdf, png, tikz, cairolatex, dumb.")
    var format = "svg,pdf,png"

    func run() throws {
        let formats = try format.split(separator: ",").map { try FigureFormat(named: String($0)) }
        let (found, notes) = try collapsed()
        if json {
            for note in notes { complain(note) }
            print(found.json.serialized())
        } else {
            printText(found, notes)
        }
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

    private func collapsed() throws -> (Collapse, notes: [String]) {
        let path = options.sweep
        guard TableOptions.isTable(path) else {
            let plan = try options.plan()
            let report = try SweepReport(plan: plan, store: try options.openForReading(plan))
            do {
                return (try report.figureInput(for: ["collapse"]).collapse(), [])
            } catch let error as FigureError {
                throw Failure("\(path): \(error)")
            }
        }
        do {
            return try collapse(of: try table.reading(of: path, for: .collapse))
        } catch let error as CollapseError {
            throw Failure("\(path): \(error)")
        }
    }

    private func printText(_ found: Collapse, _ notes: [String]) {
        let rows: [(name: String, estimate: Estimate?)] = [
            ("\(found.names[1])*", found.critical), ("ν", found.nu), ("β", found.beta), ("β/ν", found.betaOverNu),
        ]
        let width = rows.map(\.name.count).max()! + 2
        for (name, estimate) in rows {
            let number = estimate.map { measured in
                String(format: "%.7g ± %.2g", measured.value, (measured.interval?.width ?? 0) / 2)
            }
            print(name.padding(toLength: width, withPad: " ", startingAt: 0) + (number ?? "no number is claimed"))
        }
        print(found.sentence)
        for note in found.notes + notes { print(note) }
        print("\(found.names[2]) ∝ \(found.names[0])^(−β/ν) at \(found.names[1])*; a negative β is a growing value")
    }
}
