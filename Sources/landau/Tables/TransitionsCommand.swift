import ArgumentParser
import Figures
import Foundation
import PhaseSpace
import Studies
import Support
import Sweeps
import Transitions

struct TransitionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transitions",
        abstract: "The verdict table of a sweep, or the verdicts on curves in a table of your own.",
        discussion: """
            landau transitions sweep.yaml
            landau transitions results/mine --format latex
            landau transitions table.csv
            landau transitions table.csv --columns 'control=T,value=|M|,error=err,curve=L'

            Any file that is no sweep (.yaml, .yml) is read as a table: control, value and, if there, the value's \
            standard error; `-` is standard input. What was understood is said on standard error.
            """)

    @OptionGroup var options: SweepOptions
    @OptionGroup var table: TableOptions
    @Flag(help: "Judge a table in the logarithm of its control.") var logControl = false
    @Flag(help: "Judge the logarithm of a table's values.") var logValue = false
    @Flag(name: .customLong("abs"), help: "Judge the magnitude of a table's values.") var absolute = false
    @Flag(help: "As JSON: a list with one object per transition.") var json = false
    @Option(help: "Draw a table's curves with what was fitted to them, residuals and intervals into this folder.")
    var figure: String?
    @Option(
        help:
            "csv or latex for the verdicts; with --figure the formats of the figures, separated by commas: svg, pdf, png, tikz, cairolatex, dumb."
    )
    var format = "svg,pdf,png"

    private var judgement: TableJudgement {
        TableJudgement(logControl: logControl, logValue: logValue, absolute: absolute)
    }

    func run() throws {
        let tableFormat = VerdictTable.Format(rawValue: format)
        if tableFormat != nil, json { throw Failure("`--json` and `--format \(format)` are two forms; ask for one") }
        let formats =
            try tableFormat == nil
            ? format.split(separator: ",").map { try FigureFormat(named: String($0)) } : [.svg, .pdf, .png]
        let verdicts: [Verdict]
        let symbol: String
        var drawn: [String] = []
        let text: () -> String
        if TableOptions.isTable(options.sweep) {
            if let override = options.overrides.first {
                throw Failure("`\(override)` overrides a sweep, and \(options.sweep) is read as a table")
            }
            let reading = try table.reading(of: options.sweep, for: .curves)
            let judged = try reading.curves.map { try Transitions.judged($0, judgement) }
            verdicts = judged.map(\.verdict)
            symbol = reading.controlName
            if let figure { drawn = try draw(judged, of: reading, into: figure, formats) }
            text = { VerdictTable(verdicts: verdicts, symbol: reading.controlName).text }
        } else {
            let ownOptions = [("--log-control", logControl), ("--log-value", logValue), ("--abs", absolute)]
            if figure != nil {
                throw Failure("`--figure` is for tables; the figures of a sweep are those of `landau plot`")
            }
            if let option = table.firstSet ?? ownOptions.first(where: \.1)?.0 {
                throw Failure("`\(option)` is for tables, and \(options.sweep) is a sweep")
            }
            let plan = try options.plan()
            let report = try SweepReport(plan: plan, store: try options.openForReading(plan))
            verdicts = report.verdicts
            symbol = plan.spec.declaration.control(plan.spec.along)!.symbol
            text = { report.table }
        }
        if let tableFormat {
            print(VerdictTable(verdicts: verdicts, symbol: symbol).text(as: tableFormat))
        } else {
            print(json ? JSONValue.list(verdicts.flatMap(\.json)).serialized() : text())
        }
        // JSON, CSV or LaTeX alone goes to standard output where it was asked for.
        for pictures in drawn { if json || tableFormat != nil { complain(pictures) } else { print(pictures) } }
    }

    /// Each curve into the folder, or where there are several into folders of their own, `curve-1` and on.
    /// - Returns: the pictures, one line a curve.
    private func draw(
        _ judged: [TableVerdict], of reading: TableReading, into folder: String, _ formats: [FigureFormat]
    ) throws -> [String] {
        let curves = try reading.curves.map { try $0.shown(judgement) }
        do throws(FigureError) {
            let writer = FigureWriter(templates: try FigureTemplates.find())
            var lines: [String] = []
            for (index, one) in judged.enumerated() {
                let title = reading.curves.count == 1 ? "" : VerdictTable.label(of: one.verdict)
                let place = reading.curves.count == 1 ? folder : "\(folder)/curve-\(index + 1)"
                let drawn = try writer.draw(one, of: curves[index], title: title, into: place, formats: formats)
                if !drawn.warnings.isEmpty { complain("landau: gnuplot: \(drawn.warnings)") }
                lines.append(drawn.pictures.joined(separator: "  "))
            }
            return lines
        } catch {
            throw SweepReport.failure(of: error)
        }
    }
}
