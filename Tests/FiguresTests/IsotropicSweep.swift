import Figures
import Foundation
import PhaseSpace

/// Deep linear nets with isotropic inputs in closed form: a replica's data enter through q = ‖E[xy]‖² alone (α = 1,
/// E[y²] = q + 0.1).
struct IsotropicNet {
    let depth: Int
    let q: Double

    struct Point {
        let t: Double
        let loss: Double
        let slope: Double
        let curvature: Double
    }
    private var d: Double { Double(depth) }
    var zeroNetLoss: Double { q + 0.1 }

    /// γ of the stationary point s = α tᴰ/γ on the universal curve.
    private func gamma(s: Double) -> Double {
        pow(q * pow(s, 1 - 1 / d) / ((1 + s) * (1 + s)), d / (d + 1))
    }
    func point(s: Double) -> (gamma: Double, point: Point) {
        let gamma = gamma(s: s)
        let t = pow(s * gamma, 1 / d)
        // r = μ/(α + μ) with μ = γ/tᴰ = 1/s.
        let r = 1 / (1 + s)
        let curvature = -2 * (t / gamma) * r / (1 - 2 * d * r / (d + 1))
        let loss = zeroNetLoss + q * (d * s / ((1 + s) * (1 + s)) - s / (1 + s))
        return (gamma, Point(t: t, loss: loss, slope: (d + 1) * t, curvature: curvature))
    }
    var zero: Point { Point(t: 0, loss: zeroNetLoss, slope: 0, curvature: 0) }

    /// Where the ordered branch ends; infinity without hidden layers.
    var spinodal: Double { depth == 0 ? .infinity : gamma(s: (d - 1) / (d + 1)) }
    /// γ*.
    var critical: Double { depth == 0 ? .infinity : depth == 1 ? q.squareRoot() : gamma(s: d - 1) }

    /// The stable ordered point, nil beyond the spinodal.
    func ordered(at gamma: Double) -> Point? {
        if depth == 0 {
            let slope = q / ((1 + gamma) * (1 + gamma))
            return Point(
                t: slope, loss: zeroNetLoss - q / (1 + gamma), slope: slope, curvature: -2 * slope / (1 + gamma))
        }
        guard gamma < spinodal else { return nil }
        var low = log((d - 1) / (d + 1) + 1e-14)
        var high = 60.0
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if self.gamma(s: exp(middle)) > gamma { low = middle } else { high = middle }
        }
        return point(s: exp(low)).point
    }
    func global(at gamma: Double) -> Point {
        guard gamma < critical, let point = ordered(at: gamma) else { return zero }
        return point
    }
    /// Effective loss at layer norm B.
    func effectiveLoss(norm: Double, gamma: Double) -> Double {
        let t = norm * norm
        return zeroNetLoss + d * gamma * t - q * pow(t, d) / (pow(t, d) + gamma)
    }
}

enum Synthetic {
    static let gamma = ControlParameter(
        "gamma", symbol: "γ", kind: .real(0...(.infinity)), defaultValue: nil, meaning: "weight decay, without ½")
    static let depth = ControlParameter(
        "depth", symbol: "D", kind: .integer(0...100), defaultValue: .number(1), meaning: "number of hidden layers")
    static let noise = ControlParameter(
        "noise", symbol: "σ²", kind: .real(0...(.infinity)), defaultValue: .number(0), meaning: "noise variance")
    static let observables =
        [
            Observable("loss", symbol: "F", meaning: "regularised loss"),
            Observable(
                "squaredNorm", symbol: "Σ‖W‖²", meaning: "squared norm of all weights",
                derivative: .init(of: "loss", order: 1, by: "gamma")),
            Observable(
                "lossSlope", symbol: "F′", meaning: "slope", derivative: .init(of: "loss", order: 1, by: "gamma")),
        ] + (1...4).map { Observable("layerNorm_\($0)", symbol: "t_\($0)", meaning: "squared norm of layer \($0)") }

    static func logarithmicGrid(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
        (0..<count).map { index in
            let x = low * pow(high / low, Double(index) / Double(count - 1))
            return Double(String(format: "%.12g", x))!
        }
    }

    /// q of a replica: a little off 1.
    static func q(_ replica: Int) -> Double { 1 + 0.02 * Double((replica * 7) % 5 - 2) }

    static func values(_ point: IsotropicNet.Point, _ net: IsotropicNet) -> [String: Double] {
        [
            "loss": point.loss, "lossSlope": point.slope, "lossCurvature": point.curvature,
            "squaredNorm": point.slope, "layerSquaredNorm": point.t, "zeroNetLoss": net.zeroNetLoss,
        ].merging((1...4).map { ("layerNorm_\($0)", point.t + 0.1 * Double($0)) }) { a, _ in a }
    }

    static func curve(depth: Int, grid: [Double], replicas: Int, fixed: [String: ControlValue], varying: [String])
        -> Curve
    {
        var samples: [CurveSample] = []
        for replica in 0..<replicas {
            let net = IsotropicNet(depth: depth, q: q(replica))
            for gamma in grid {
                let ordered = net.ordered(at: gamma)
                let branches: [(Direction, IsotropicNet.Point)] = [
                    (.cold, net.global(at: gamma)), (.up, ordered ?? net.zero),
                    (.down, depth >= 2 ? net.zero : net.global(at: gamma)),
                ]
                for (direction, point) in branches {
                    samples.append(
                        CurveSample(
                            control: gamma, replica: replica, direction: direction, outcome: .converged,
                            values: values(point, net)))
                }
            }
        }
        let key = CurveKey(model: "synthetic", fixed: fixed, axis: "gamma", orderParameter: "squaredNorm")
        let branches = (0..<replicas).compactMap { IsotropicNet(depth: depth, q: q($0)).followedBranch(replica: $0) }
        return Curve(key: key, samples: samples, varying: varying, branches: branches)
    }

    static func transition(_ net: IsotropicNet, halfWidth: Double) -> Transition {
        guard net.depth > 0 else { return Transition(order: .none, sentence: "no transition") }
        let at = net.critical
        var transition = Transition(
            order: net.depth == 1 ? .second : .first,
            location: Estimate(at, Interval(at * (1 - halfWidth), at * (1 + halfWidth))))
        if net.depth > 1 {
            transition.spinodal = Estimate(net.spinodal)
            transition.lowerSpinodal = Estimate(0)
        }
        return transition
    }

    static let columns = ["gamma", "loss", "lossSlope", "lossCurvature", "squaredNorm", "layerSquaredNorm"]
    static func row(_ gamma: Double, _ point: IsotropicNet.Point) -> [Double] {
        [gamma, point.loss, point.slope, point.curvature, point.slope, point.t]
    }

    static func theory(depth: Int, grid: [Double]) -> CurveTheory {
        let net = IsotropicNet(depth: depth, q: 1)
        var theory = CurveTheory()
        let low = grid[0]
        let high = grid[grid.count - 1]
        let fine = logarithmicGrid(low, high, 300)
        let below = (fine.filter { $0 < net.critical } + [net.critical * (1 - 1e-9)]).filter { $0 <= high }
        func piece(_ name: String, _ values: [Double], _ point: (Double) -> IsotropicNet.Point) -> TheoryCurve {
            TheoryCurve(name: name, columns: columns, rows: values.map { row($0, point($0)) })
        }
        theory.equilibrium.append(piece("equilibrium", below) { net.ordered(at: $0)! })
        let above = fine.filter { $0 > net.critical }
        if depth > 0 { theory.equilibrium.append(piece("equilibrium", [net.critical] + above) { _ in net.zero }) }
        let population = IsotropicNet(depth: depth, q: 1.05)
        theory.population.append(
            piece("equilibrium", fine.filter { $0 < population.critical }) { population.ordered(at: $0)! })
        guard depth > 0 else { return theory }
        if depth > 1 {
            let end = Double(depth - 1) / Double(depth + 1)
            let stable = (1...300).map { net.point(s: end * exp(Double($0) * 0.03)) }
            let unstable = (1...300).map { net.point(s: end * exp(-Double($0) * 0.03)) }
            theory.branches = [
                TheoryCurve(name: "branches", columns: columns, rows: stable.map { row($0.gamma, $0.point) }),
                TheoryCurve(
                    name: "branches", columns: columns, rows: unstable.map { row($0.gamma, $0.point) }, isStable: false),
            ]
        }
        for factor in ["0.6", "0.9", "1", "1.1", "1.3"] {
            theory.landscape.append(
                TheoryCurve(
                    name: "landscape", label: factor == "1" ? "γ = γ*" : "γ = \(factor) γ*",
                    columns: ["layerNorm", "loss"],
                    rows: (0...150).map { index in
                        let norm = 1.6 * Double(index) / 150
                        return [norm, net.effectiveLoss(norm: norm, gamma: Double(factor)! * net.critical)]
                    }))
        }
        return theory
    }

    /// The sweep of depths 0 to 3 (or others) over γ.
    static func input(
        depths: [Int] = [0, 1, 2, 3], points: Int = 96, replicas: Int = 5,
        title: String = "Depth makes the weight-decay transition first order"
    ) throws -> FigureInput {
        let grid = logarithmicGrid(0.02, 1.5, points)
        let curves = depths.map { depth in
            curve(
                depth: depth, grid: grid, replicas: replicas, fixed: ["depth": .number(Double(depth))],
                varying: depths.count > 1 ? ["depth"] : [])
        }
        let verdicts = zip(depths, curves).map { depth, curve in
            Verdict(
                key: curve.key, varying: curve.varying,
                transitions: [transition(IsotropicNet(depth: depth, q: 1), halfWidth: 0.02)],
                theory: [transition(IsotropicNet(depth: depth, q: 1), halfWidth: 0)])
        }
        var input = try FigureInput(
            title: title, curves: curves, verdicts: verdicts, axis: gamma, controls: [gamma, depth, noise],
            observables: observables, orderParameter: "squaredNorm",
            theory: depths.map { theory(depth: $0, grid: grid) })
        input.trajectories = depths.map { decay(depth: $0, replicas: replicas) }
        input.trajectoryObservables = [Observable.Name.loss]
        return input
    }

    /// A norm that decays like e^(−t/(D + 1)) with replicas beside it, and the loss E[y²] − R.
    static func decay(depth: Int, replicas: Int) -> TrajectorySeries {
        let norms = (0...8).map { exp(-Double($0) / Double(depth + 1)) }
        return TrajectorySeries(
            label: "depth = \(depth)",
            steps: norms.enumerated().map { step, norm in
                let spread = (0..<replicas).map { norm * (1 + 0.02 * Double($0)) }
                return (
                    step,
                    [
                        "squaredNorm": ReplicaAverage(spread),
                        Observable.Name.loss: ReplicaAverage(spread.map { 1 - $0 }),
                    ]
                )
            },
            theory: [
                TheoryCurve(
                    name: "trajectory", columns: ["step", "squaredNorm", Observable.Name.loss],
                    rows: norms.enumerated().map { [Double($0), $1, 1 - $1] })
            ])
    }

    /// Depth 2 over γ and neuron noise: γ* falls with κ. One panel for each width; noise is a real control.
    static func noiseInput(widths: [Double] = [4, 16]) throws -> FigureInput {
        let grid = (0..<40).map { 0.2 + 0.01 * Double($0) }
        var curves: [Curve] = []
        var verdicts: [Verdict] = []
        for width in widths {
            for noise in [0, 0.25, 0.5, 1, 2] {
                // κ multiplies A: the same as dividing q by κ, up to the scale of t.
                let net = IsotropicNet(depth: 2, q: pow(1 + noise / width, -0.5))
                let samples = grid.map { gamma in
                    CurveSample(
                        control: gamma, replica: 0, direction: .cold, outcome: .converged,
                        values: values(net.global(at: gamma), net))
                }
                let key = CurveKey(
                    model: "synthetic", fixed: ["noise": .number(noise), "width": .number(width)], axis: "gamma",
                    orderParameter: "squaredNorm")
                let curve = Curve(
                    key: key, samples: samples, varying: widths.count > 1 ? ["noise", "width"] : ["noise"])
                curves.append(curve)
                verdicts.append(
                    Verdict(
                        key: key, varying: curve.varying, transitions: [transition(net, halfWidth: 0.015)],
                        theory: [transition(net, halfWidth: 0)]))
            }
        }
        return try FigureInput(
            title: "", curves: curves, verdicts: verdicts, axis: gamma, controls: [gamma, depth, noise],
            observables: observables, orderParameter: "squaredNorm",
            theory: curves.map { _ in CurveTheory() })
    }
}
