import ArgumentParser
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

    private var judgement: TableJudgement {
        TableJudgement(logControl: logControl, logValue: logValue, absolute: absolute)
    }

    func run() throws {
        let verdicts: [Verdict]
        let text: () -> String
        if TableOptions.isTable(options.sweep) {
            if let override = options.overrides.first {
                throw Failure("`\(override)` overrides a sweep, and \(options.sweep) is read as a table")
            }
            let reading = try table.reading(of: options.sweep, for: .curves)
            verdicts = try reading.curves.map { try verdict(for: $0, judgement) }
            text = { VerdictTable(verdicts: verdicts, symbol: reading.controlName).text }
        } else {
            let ownOptions = [("--log-control", logControl), ("--log-value", logValue), ("--abs", absolute)]
            if let option = table.firstSet ?? ownOptions.first(where: \.1)?.0 {
                throw Failure("`\(option)` is for tables, and \(options.sweep) is a sweep")
            }
            let plan = try options.plan()
            let report = try SweepReport(plan: plan, store: try options.openForReading(plan))
            verdicts = report.verdicts
            text = { report.table }
        }
        print(json ? JSONValue.list(verdicts.flatMap(\.json)).serialized() : text())
    }
}
