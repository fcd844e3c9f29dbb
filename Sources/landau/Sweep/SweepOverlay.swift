import Figures
import PhaseSpace
import Studies
import Sweeps

/// Several sweeps over the same control as the curves of one figure.
struct SweepOverlay {
    let input: FigureInput
    let figures: [String]
    let folder: String

    /// What draws its curves side by side over the swept control, with no second one.
    static let possible = ["order-parameter", "loss-derivatives", "hysteresis"]

    /// - Throws: `Failure` for sweeps over different controls or with different order parameters, and for figures that
    ///   are about one sweep.
    init(_ plans: [SweepPlan], _ options: SweepOptions, figures: [String]) throws {
        for name in figures where !Self.possible.contains(name) {
            throw Failure(
                "`\(name)` shows one sweep; of several are drawn: \(Self.possible.joined(separator: ", "))")
        }
        let first = plans[0].spec
        for spec in plans.dropFirst().map(\.spec) {
            guard spec.along == first.along, spec.orderParameter == first.orderParameter else {
                throw Failure(
                    "\(first.path) shows \(first.orderParameter) along \(first.along), \(spec.path) "
                        + "\(spec.orderParameter) along \(spec.along): one figure needs the same of both")
            }
        }
        self.figures = figures
        // Below the results of neither: a sweep's folder holds what belongs to it alone.
        folder = options.out ?? "results/" + plans.map { Path.name(of: $0.spec.name) }.joined(separator: "+")
        let inputs = try plans.enumerated().map { index, plan in
            let path = "results/\(plan.spec.name)/store.sqlite"
            let report = try SweepReport(plan: plan, store: try Store.open(path, for: plan, .reading))
            return Self.labelled(try report.figureInput(for: figures), number: index, among: plans.map(\.spec))
        }
        input = try FigureInput(
            title: "", curves: inputs.flatMap(\.curves), verdicts: inputs.flatMap(\.verdicts), axis: inputs[0].axis,
            controls: inputs[0].controls + [Self.sweep], observables: inputs[0].observables,
            orderParameter: first.orderParameter, theory: inputs.flatMap(\.theory))
    }

    private static let sweep = ControlParameter(
        "sweep", symbol: "", kind: .choice([]), defaultValue: nil, meaning: "the sweep that a curve belongs to")

    /// The same with the sweep's name in front of each curve's own label.
    private static func labelled(_ input: FigureInput, number: Int, among specs: [SweepSpec]) -> FigureInput {
        let short = specs.map { Path.name(of: $0.name) }
        let name = Set(short).count == short.count ? short[number] : specs[number].name
        var input = input
        input.curves = input.curves.map { curve in
            let key = CurveKey(
                model: curve.key.model, fixed: curve.key.fixed.merging([sweep.name: .text(name)]) { $1 },
                axis: curve.key.axis, orderParameter: curve.key.orderParameter)
            return Curve(
                key: key, samples: curve.samples, varying: [sweep.name] + curve.varying, branches: curve.branches)
        }
        return input
    }
}
