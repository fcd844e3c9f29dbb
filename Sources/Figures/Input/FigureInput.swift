import Foundation
import PhaseSpace

/// Exact curves that belong to one measured curve; lists may be empty.
///
/// Columns of `equilibrium`, `branches` and `population`: the swept control, then any of `loss`, `lossSlope`,
/// `lossCurvature` and order parameters by name. Columns of `landscape`: `layerNorm`, `loss`.
public struct CurveTheory: Sendable {
    /// The global phase, one piece between two jumps.
    public var equilibrium: [TheoryCurve]
    /// Families of stationary points, stable and unstable ones apart.
    public var branches: [TheoryCurve]
    /// Loss against the layers' common norm, one for each value of the control that its label names.
    public var landscape: [TheoryCurve]
    /// The global phase of the distribution that replicas are drawn from.
    public var population: [TheoryCurve]

    public init(
        equilibrium: [TheoryCurve] = [], branches: [TheoryCurve] = [], landscape: [TheoryCurve] = [],
        population: [TheoryCurve] = []
    ) {
        self.equilibrium = equilibrium
        self.branches = branches
        self.landscape = landscape
        self.population = population
    }
}

/// What figures are drawn from: a sweep's curves with their verdicts and exact theory.
public struct FigureInput: Sendable {
    /// Drawn above the picture; nothing is where it is empty.
    public var title: String
    public var curves: [Curve]
    /// One per curve, in the same order.
    public var verdicts: [Verdict]
    /// The swept control.
    public var axis: ControlParameter
    /// Declarations of the model's controls and observables: labels take symbols and meanings from them.
    public var controls: [ControlParameter]
    public var observables: [Observable]
    public var orderParameter: String
    /// One per curve, in the same order.
    public var theory: [CurveTheory]
    /// Runs over their steps, for the figure `trajectory`; empty for models without dynamics.
    public var trajectories: [TrajectorySeries] = []
    /// Trajectories from elsewhere to compare with, by their labels; columns `step` and observables by name.
    public var publishedTrajectories: [TheoryCurve] = []
    /// Observables that the figure `trajectory` shows below the order parameter.
    public var trajectoryObservables: [String] = []

    /// - Throws: `FigureError.inconsistent` unless there is a verdict and a theory for every curve.
    public init(
        title: String, curves: [Curve], verdicts: [Verdict], axis: ControlParameter, controls: [ControlParameter],
        observables: [Observable], orderParameter: String, theory: [CurveTheory]
    ) throws(FigureError) {
        guard verdicts.count == curves.count, theory.count == curves.count else {
            throw .inconsistent(
                "a figure needs one verdict and one theory per curve: "
                    + "\(curves.count) curves, \(verdicts.count) verdicts, \(theory.count) theories")
        }
        self.title = title
        self.curves = curves
        self.verdicts = verdicts
        self.axis = axis
        self.controls = controls
        self.observables = observables
        self.orderParameter = orderParameter
        self.theory = theory
    }
}

// MARK: - Words

extension FigureInput {
    /// `weight decay γ`: what a control is, and its symbol.
    func label(ofControl name: String) -> String {
        guard let control = controls.first(where: { $0.name == name }) else { return Self.words(of: name) }
        return Self.label(name: name, symbol: control.symbol, meaning: control.meaning)
    }

    /// `squared norm Σ‖W‖²`: what an observable is, and its symbol.
    func label(ofObservable name: String) -> String {
        guard let observable = observables.first(where: { $0.name == name }) else { return Self.words(of: name) }
        // The meaning of one that names regimes is the list of them.
        guard observable.regimes.isEmpty else { return Self.words(of: name) }
        return Self.label(name: name, symbol: observable.symbol, meaning: observable.meaning)
    }

    /// `D = 2, σ² = 0.5`: what sets a curve apart from the others, cut to fit a legend; empty where there is only one.
    func label(of curve: Curve, leavingOut: Set<String> = []) -> String {
        let label = curve.varying.filter { !leavingOut.contains($0) }.compactMap { name in
            curve.key.fixed[name].map { value in
                // A word such as `tanh` says by itself what it is.
                if case .text(let word) = value, symbol(ofControl: name) == name { return word }
                return "\(symbol(ofControl: name)) = \(Self.short(value))"
            }
        }.joined(separator: ", ")
        // Cut in the middle: curves differ as often at the end of a label as at its beginning.
        return label.count > 40 ? label.prefix(20) + "…" + label.suffix(19) : label
    }

    /// Six digits of a number that needs more, as far as that tells it from others for a reader.
    private static func short(_ value: ControlValue) -> String {
        guard let x = value.number, "\(value)".count > 9 else { return "\(value)" }
        return String(format: "%.6g", x)
    }

    func symbol(ofControl name: String) -> String {
        let symbol = controls.first { $0.name == name }?.symbol ?? ""
        return symbol.isEmpty ? name : symbol
    }

    private static func label(name: String, symbol: String, meaning: String) -> String {
        // A control such as `gamma` is named like its symbol: then the first words of its meaning say what it is.
        let clause = meaning.prefix { !",;:(.".contains($0) }
        let isShort = !clause.isEmpty && clause.count <= 24
        let what = isShort ? trimmed(String(clause)) : words(of: name)
        if symbol.isEmpty || symbol == what { return what }
        return symbol.hasPrefix(what + " ") ? symbol : "\(what) \(symbol)"
    }

    /// `learningRate` as `learning rate`.
    private static func words(of name: String) -> String {
        var result = ""
        for character in name {
            if character.isUppercase, !result.isEmpty { result += " " }
            result += character.lowercased()
        }
        return result
    }
}
