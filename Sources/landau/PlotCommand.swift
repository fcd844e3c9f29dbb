import ArgumentParser
import Figures
import Foundation
import PhaseSpace
import Studies
import Support
import Sweeps

struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot", abstract: "Draws a sweep's figures from what is in the store, also while it runs.",
        discussion: """
            landau plot mine.yaml --format pdf --width double
            landau plot mine.yaml --show
            landau plot results/mine --observable testError
            landau plot depth.yaml noise.yaml --figure order-parameter

            Several sweep files over the same control are drawn in one figure, below results/A+B; overrides count for \
            all of them.

            Where overrides choose a part of the points the figures lie in figures/OVERRIDES, beside those of the whole.
            """)

    @OptionGroup var options: SweepOptions
    @Option(help: "Formats, separated by commas: svg, pdf, png, tikz, cairolatex, dumb.", completion: .formats)
    var format = "svg,pdf,png"
    @Option(help: "Figures, separated by commas; without it those of the spec.", completion: .figures)
    var figure: String?
    @Option(help: "Any observable in the place of the order parameter, with the verdicts of the sweep's own.")
    var observable: String?
    @Option(
        help: "single (8.6 cm) or double (17.8 cm) column of a journal, or a width in cm from 6 to 60.",
        completion: .list(["single", "double"]))
    var width = "single"
    @OptionGroup var templates: TemplateOptions
    @Flag(help: "Draw in the terminal instead.") var show = false

    func run() throws {
        let formats = try format.split(separator: ",").map { try FigureFormat(named: String($0)) }
        guard !formats.isEmpty else {
            throw Failure("`--format` is empty; formats: svg, pdf, png, tikz, cairolatex, dumb")
        }
        let width = try Self.width(named: width)
        let plans = try options.plans()
        let asked = figure?.split(separator: ",").map(String.init)
        guard asked?.isEmpty != true else {
            throw Failure("`--figure` is empty; figures: \(FigureWriter.names.joined(separator: ", "))")
        }
        if let observable {
            try check(observable, of: plans)
            for name in asked ?? [] where !Self.ofAnyObservable.contains(name) {
                throw Failure(
                    "`--observable` is for \(Self.ofAnyObservable.joined(separator: ", ")), and `\(name)` is about "
                        + "what its verdicts rest on")
            }
        }
        let usual = observable == nil ? plans.map(\.spec.figures).first { !$0.isEmpty } : nil
        let names = asked ?? usual ?? ["order-parameter"]
        for name in names where !FigureWriter.names.contains(name) { throw FigureError.unknownFigure(name) }
        let writer = FigureWriter(templates: try templates.find(), width: width)
        guard plans.count == 1, let plan = plans.first else {
            let overlay = try SweepOverlay(plans, options, figures: asked ?? ["order-parameter"])
            var input = overlay.input
            input.orderParameter = observable ?? input.orderParameter
            let drawn = try draw(input, overlay.figures, writer, formats, into: overlay.folder + "/figures")
            if drawn == 0, asked != nil { throw ExitCode(.badInput) }
            return
        }
        let report = try SweepReport(plan: plan, store: try options.openForReading(plan))
        var input = try report.figureInput(for: names)
        input.orderParameter = observable ?? input.orderParameter
        let drawn = try draw(
            input, names, writer, formats,
            into: options.folder(of: plan.spec) + "/"
                + FigureFolder.place(of: options.overrides + (observable.map { ["observable=" + $0] } ?? [])))
        // Why has been said; a figure of the spec that has nothing to show yet is no mistake.
        if drawn == 0, asked != nil { throw ExitCode(.badInput) }
    }

    /// Figures that show one observable along the axis, whichever it is.
    private static let ofAnyObservable = ["order-parameter", "hysteresis", "bifurcation"]

    private func check(_ observable: String, of plans: [SweepPlan]) throws {
        for declaration in plans.map(\.spec.declaration) where declaration.observable(observable) == nil {
            let known = declaration.observables.map(\.name)
            throw Failure(
                "\(declaration.name) has no observable `\(observable)`\(nearestHint(to: observable, among: known)); it "
                    + "has \(known.joined(separator: ", "))")
        }
    }

    /// - Returns: how many of them could be drawn; what cannot has been said.
    private func draw(
        _ input: FigureInput, _ names: [String], _ writer: FigureWriter, _ formats: [FigureFormat],
        into folder: String
    ) throws -> Int {
        guard show else { return try SweepReport.draw(input, names, writer, into: folder, formats: formats) }
        let size = TerminalSize.ofStandardOutput
        return try SweepReport.drawEach(of: names) { name throws(FigureError) in
            print(
                try writer.drawText(
                    name, input, columns: size?.columns ?? 100, rows: size.map { max($0.rows - 1, 16) } ?? 32,
                    colour: size != nil))
        }
    }

    /// In cm.
    static func width(named name: String) throws -> Double {
        switch name {
        case "single": return FigureWriter.columnWidth
        case "double": return FigureWriter.pageWidth
        default:
            guard let width = Double(name), (6...60).contains(width) else {
                throw Failure("`--width` must be single, double, or a width in cm from 6 to 60, not `\(name)`")
            }
            return width
        }
    }
}

/// Characters that a terminal shows.
struct TerminalSize {
    let columns: Int
    let rows: Int

    /// Nil where standard output is no terminal; within what can be read and what gnuplot takes.
    static var ofStandardOutput: TerminalSize? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return TerminalSize(columns: 80, rows: 24)
        }
        return TerminalSize(columns: min(max(Int(size.ws_col), 50), 160), rows: min(max(Int(size.ws_row), 16), 50))
    }
}
