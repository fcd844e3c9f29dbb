import Figures
import Foundation
import PhaseSpace
import Sweeps
import Transitions

/// A sweep's curves with verdicts and theory: what is printed and drawn.
package struct SweepReport {
    package let spec: SweepSpec
    let trajectories: SweepTrajectories
    package let curves: [Curve]
    package let verdicts: [Verdict]
    /// The model's, without derivatives where derived controls change along the axis.
    package let observables: [Observable]
    let theory: SweepTheory?
    /// Whether all points that verdicts ask for are there.
    package let isRefined: Bool
    /// Points that `refine:` has asked for, and in how many rounds; nil where it asks for nothing.
    package let refinement: (points: Int, rounds: Int)?
    /// Points in intervals of the grid that may hide a transition.
    package let probes: Int
    /// Points of the grid that are not there yet, of all.
    let left: (count: Int, planned: Int)

    /// - Parameter train: trains further chains for `refine:`, and says whether it could; without it nothing is trained.
    package init(plan: SweepPlan, store: Store, train: (([Chain]) throws -> Bool)? = nil) throws {
        spec = plan.spec
        trajectories = try SweepTrajectories(plan: plan, store: store)
        let declaration = plan.spec.declaration
        // The model's theory and derivatives are those at constant other controls.
        let theory =
            spec.derivedAlongAxis.isEmpty ? SweepTheory(model: plan.model, isLogarithmic: spec.isLogarithmic) : nil
        observables =
            theory == nil ? declaration.observables.map(\.withoutDerivative) : declaration.observables
        self.theory = theory
        let axis = declaration.control(plan.spec.along)
        let judge = { [observables] (curve: Curve) throws -> Verdict in
            var result = verdict(
                for: curve, axisControl: axis, observables: observables,
                theory: try theory?.transitions(of: curve))
            let controls = curve.samples.filter { $0.outcome.isDone }.map(\.control)
            if !declaration.isDeterministic {
                for index in result.transitions.indices {
                    result.transitions[index].evidence["repeatable"] = "same seeds"
                }
            }
            result.controls = controls.min().map { $0...controls.max()! }
            return result
        }
        let refined = try SweepRefinement(
            plan: plan, store: store, observables: observables, judge: judge, train: train
        ).run()
        (curves, verdicts, isRefined) = (refined.curves, refined.verdicts, refined.isComplete)
        refinement = plan.spec.refinement.map { _ in (refined.points.count - refined.probes, refined.rounds) }
        probes = refined.probes
        let status = train == nil ? try plan.status(in: store, shards: []) : nil
        left = (status?.left ?? 0, status?.planned ?? 0)
    }

    package var table: String {
        let rest = verdicts.indices.filter { !isTooShort($0) }.map { verdicts[$0] }
        let table = rest.isEmpty ? [] : [VerdictTable(verdicts: rest, symbol: axis.symbol).text]
        return (table + nothingToJudge + specialPoints + unfinished).joined(separator: "\n")
    }

    /// What is missing under the verdicts.
    private var unfinished: [String] {
        if left.count > 0 {
            return [
                "unfinished: \(left.count) of \(left.planned) points are not there yet; the same `landau run` goes on, and "
                    + "verdicts may change"
            ]
        }
        return isRefined
            ? []
            : ["unfinished: points in intervals that may hide a transition are not there; `landau run` trains them"]
    }

    /// Whether the sweep asks for so few values of the axis that no curve could be judged.
    private func isTooShort(_ index: Int) -> Bool {
        Set(curves[index].samples.map(\.control)).count < fewestControls
            && verdicts[index].transitions.allSatisfy { $0.order == .undecided }
    }

    /// One line for all such curves.
    private var nothingToJudge: [String] {
        let short = verdicts.indices.filter(isTooShort)
        guard !short.isEmpty else { return [] }
        let counts = short.map { Set(curves[$0].samples.map(\.control)).count }
        let values = Set(counts).sorted().map(String.init).joined(separator: " or ")
        let many = short.count == 1 ? "the curve has" : "\(short.count) curves have"
        var line = "nothing to judge: \(many) \(values) value\(values == "1" ? "" : "s") of \(axis.name), "
        line += "and a verdict takes \(fewestControls)"
        let failed = short.map { verdicts[$0].leftOut }.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
        guard !failed.isEmpty else { return [line] }
        let parts = failed.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }
        return [line + "; not done: \(parts.joined(separator: ", "))"]
    }

    /// Tricritical and critical end points on the lines over each other numeric control that varies alone, as sentences.
    package var specialPoints: [String] {
        (verdicts.first?.varying ?? []).flatMap { other -> [String] in
            guard let control = spec.declaration.control(other),
                verdicts.allSatisfy({ $0.key.fixed[other]?.number != nil })
            else { return [] }
            switch control.kind {
            case .integer, .integerPerLayer: return []
            default: break
            }
            let planes = Dictionary(grouping: verdicts) { verdict in
                verdict.varying.filter { $0 != other }.map { "\($0) \(verdict.key.fixed[$0].map { "\($0)" } ?? "")" }
                    .joined(separator: ", ")
            }
            return planes.sorted { $0.key < $1.key }.flatMap { label, members in
                let rows = members.map {
                    PlaneRow(
                        other: $0.key.fixed[other]!.number!, transitions: $0.transitions, controls: $0.controls)
                }
                return transitionLines(rows).flatMap(\.specialPoints).map {
                    (label.isEmpty ? "" : "\(label): ") + $0.sentence(other: other, axis: axis.symbol)
                }
            }
        }
    }

    var axis: ControlParameter { spec.declaration.control(spec.along)! }

    // MARK: - Figures

    /// - Parameter figures: the ones to be drawn; trajectories are read only for their own.
    package func figureInput(for figures: [String]) throws -> FigureInput {
        var input = try FigureInput(
            title: spec.title, curves: curves, verdicts: verdicts, axis: axis, controls: spec.declaration.controls,
            observables: observables, orderParameter: spec.orderParameter,
            theory: try curves.map { try theory?.curves(of: $0) ?? CurveTheory() })
        if figures.contains("trajectory") {
            input.trajectories = try trajectories.series()
            input.trajectoryObservables = spec.declaration.trajectoryObservables
            input.publishedTrajectories =
                try PublishedTrajectories(besideSpec: spec.path, spec.declaration).curves
        }
        return input
    }
}

extension Observable {
    fileprivate var withoutDerivative: Observable {
        Observable(
            name, symbol: symbol, meaning: meaning, isRecordedAlongTrajectory: isRecordedAlongTrajectory,
            isOrderParameter: isOrderParameter)
    }
}
