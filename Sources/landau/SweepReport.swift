import Figures
import Foundation
import PhaseSpace
import Sweeps
import Transitions

/// A sweep's curves with verdicts and theory: what is printed and drawn.
struct SweepReport {
    let spec: SweepSpec
    let curves: [Curve]
    let verdicts: [Verdict]

    init(plan: SweepPlan, store: Store) throws {
        spec = plan.spec
        curves = try plan.curves(in: store)
        let theory = SweepTheory(model: plan.spec.model)
        let declaration = plan.spec.declaration
        let axis = declaration.control(plan.spec.along)
        verdicts = try curves.map { curve in
            verdict(
                for: curve, axisControl: axis, observables: declaration.observables,
                theory: try theory.transitions(of: curve))
        }
    }

    var table: String { VerdictTable(verdicts: verdicts, symbol: axis.symbol).text }

    private var axis: ControlParameter { spec.declaration.control(spec.along)! }

    // MARK: - Figures

    /// A misspelt figure is found before the training, not after it.
    static func checkFigures(of plan: SweepPlan) throws {
        for name in plan.spec.figures where !FigureWriter.names.contains(name) { throw FigureError.unknownFigure(name) }
    }

    func figureInput() throws -> FigureInput {
        let theory = SweepTheory(model: spec.model)
        return try FigureInput(
            title: spec.title, curves: curves, verdicts: verdicts, axis: axis, controls: spec.declaration.controls,
            observables: spec.declaration.observables, orderParameter: spec.orderParameter,
            theory: try curves.map(theory.curves))
    }

    /// Draws the spec's figures and says where they are.
    /// - Throws: `Failure` with status 3 where gnuplot is missing.
    func draw(into folder: String, formats: [FigureFormat], figures names: [String]? = nil) throws {
        let input = try figureInput()
        let figures = FigureWriter(templates: try FigureTemplates.find())
        for name in names ?? spec.figures {
            do {
                let drawn = try figures.draw(name, input, into: "\(folder)/\(name)", formats: formats)
                if !drawn.warnings.isEmpty { complain("landau: gnuplot: \(drawn.warnings)") }
                print(drawn.pictures.joined(separator: "  "))
            } catch {
                if case .nothingToDraw = error {
                    complain("landau: \(error)")
                    continue
                }
                throw Self.failure(of: error)
            }
        }
    }

    static func failure(of error: FigureError) -> Failure {
        if case .gnuplotNotInstalled = error { return Failure("\(error)", status: .missingTool) }
        return Failure("\(error)")
    }
}
