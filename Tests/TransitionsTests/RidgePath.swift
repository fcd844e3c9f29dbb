import Foundation
import GSLNumerics
import PhaseSpace

/// Exact stationary points of a deep linear net by its ridge path: every one is a ridge solution with effective ridge
/// μ = γ/t^D. Here it makes the curves that verdicts are tested on.
struct RidgePath {
    let hiddenLayers: Int
    let variances: [Double]
    let signal: [Double]
    var targetPower: Double { 3 }

    struct State {
        let gamma: Double
        let loss: Double
        /// Σ‖W‖² = F′.
        let squaredNorm: Double
        let curvature: Double
    }
    /// A stretch of ln μ on which γ rises: a branch of minima.
    struct Branch {
        let logMu: ClosedRange<Double>
        let gamma: ClosedRange<Double>
    }

    init(hiddenLayers: Int, variances: [Double] = [1], signal: [Double] = [1]) {
        self.hiddenLayers = hiddenLayers
        self.variances = variances
        self.signal = signal
    }
    private var depth: Double { Double(hiddenLayers) }

    func state(logMu: Double) -> State {
        let mu = exp(logMu)
        var (w2, w3, c) = (0.0, 0.0, 0.0)
        for (a, g) in zip(variances, signal) {
            c += g * g / (a + mu)
            w2 += g * g / ((a + mu) * (a + mu))
            w3 += g * g / ((a + mu) * (a + mu) * (a + mu))
        }
        let t = pow(w2, 1 / (depth + 1))
        let gamma = mu * pow(t, depth)
        let r = mu * w3 / w2
        return State(
            gamma: gamma, loss: targetPower - c + depth * mu * w2, squaredNorm: (depth + 1) * t,
            curvature: -2 * (t / gamma) * r / (1 - 2 * depth * r / (depth + 1)))
    }
    private func stiffness(_ logMu: Double) -> Double {
        let mu = exp(logMu)
        var (w2, w3) = (0.0, 0.0)
        for (a, g) in zip(variances, signal) {
            w2 += g * g / ((a + mu) * (a + mu))
            w3 += g * g / ((a + mu) * (a + mu) * (a + mu))
        }
        return 1 - 2 * depth * mu * w3 / w2 / (depth + 1)
    }

    /// By falling squared norm.
    func branches() throws -> [Branch] {
        let grid = (0...4000).map { -18 + 33 * Double($0) / 4000 }
        var edges: [Double] = [grid[0]]
        for (x, y) in zip(grid, grid.dropFirst()) where stiffness(x) * stiffness(y) < 0 {
            edges.append(try root(of: stiffness, in: x...y))
        }
        edges.append(grid[grid.count - 1])
        return zip(edges, edges.dropFirst()).filter { stiffness(($0 + $1) / 2) > 0 }.map { low, high in
            Branch(logMu: low...high, gamma: state(logMu: low).gamma...state(logMu: high).gamma)
        }
    }

    func state(on branch: Branch, gamma: Double) throws -> State? {
        guard branch.gamma.contains(gamma) else { return nil }
        let logMu = try root(of: { log(state(logMu: $0).gamma / gamma) }, in: branch.logMu, relativeTolerance: 1e-15)
        return state(logMu: logMu)
    }

    /// Where the branches `upper` and `lower` (nil: the zero net) have equal loss.
    func maxwellPoint(_ upper: Branch, _ lower: Branch?) throws -> Double {
        let low = max(upper.gamma.lowerBound, lower?.gamma.lowerBound ?? 0) * (1 + 1e-12)
        let high = min(upper.gamma.upperBound, lower?.gamma.upperBound ?? .infinity) * (1 - 1e-12)
        return try root(
            of: { gamma in
                let other = try lower.map { try state(on: $0, gamma: gamma)!.loss } ?? targetPower
                return try state(on: upper, gamma: gamma)!.loss - other
            }, in: low...high)
    }

    // MARK: - Curves

    static let observables = [
        Observable(
            "squaredNorm", symbol: "Σ‖W‖²", meaning: "sum of squares of all weights",
            derivative: .init(of: "loss", order: 1, by: "gamma")),
        Observable("loss", symbol: "F", meaning: "loss"),
        Observable("lossSlope", symbol: "F′", meaning: "", derivative: .init(of: "loss", order: 1, by: "gamma")),
        Observable("lossCurvature", symbol: "F″", meaning: "", derivative: .init(of: "loss", order: 2, by: "gamma")),
    ]
    static let gamma = ControlParameter(
        "gamma", symbol: "γ", kind: .real(0...Double.infinity, excludingLow: true), defaultValue: nil, meaning: "")
    static let key = CurveKey(model: "test", fixed: [:], axis: "gamma", orderParameter: "squaredNorm")

    static func logGrid(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
        (0..<count).map { low * pow(high / low, Double($0) / Double(count - 1)) }
    }

    /// What training finds: `cold` the global minimum, `up` and `down` the branch they are on until it ends.
    func samples(
        _ grid: [Double], replica: Int = 0, directions: [Direction] = [.cold, .up, .down]
    ) throws -> [CurveSample] {
        let branches = try branches()
        func sample(_ gamma: Double, _ state: State?, _ direction: Direction) -> CurveSample {
            CurveSample(
                control: gamma, replica: replica, direction: direction, outcome: .converged,
                values: [
                    "loss": state?.loss ?? targetPower, "zeroNetLoss": targetPower,
                    "squaredNorm": state?.squaredNorm ?? 0, "lossSlope": state?.squaredNorm ?? 0,
                    "lossCurvature": state?.curvature ?? 0,
                ])
        }
        func lowest(_ gamma: Double) throws -> (Int?, State?) {
            var best: (Int?, State?) = (nil, nil)
            for (k, branch) in branches.enumerated() {
                guard let s = try state(on: branch, gamma: gamma), s.loss < best.1?.loss ?? targetPower else {
                    continue
                }
                best = (k, s)
            }
            return best
        }
        func sweep(_ grid: [Double], _ direction: Direction) throws -> [CurveSample] {
            var (current, _) = try lowest(grid[0])
            return try grid.map { gamma in
                if let k = current, let s = try state(on: branches[k], gamma: gamma) {
                    return sample(gamma, s, direction)
                }
                // The zero net is stable for ever with two or more hidden layers.
                if current == nil && hiddenLayers > 1 { return sample(gamma, nil, direction) }
                let next = try branches.indices.first {
                    try state(on: branches[$0], gamma: gamma) != nil && $0 != current
                }
                current = next
                return sample(gamma, try next.flatMap { try state(on: branches[$0], gamma: gamma) }, direction)
            }
        }
        var samples: [CurveSample] = []
        if directions.contains(.cold) {
            samples += try grid.map { sample($0, try lowest($0).1, .cold) }
        }
        if directions.contains(.up) { samples += try sweep(grid, .up) }
        if directions.contains(.down) { samples += try sweep(grid.reversed(), .down) }
        return samples
    }

    func curve(_ grid: [Double], directions: [Direction] = [.cold, .up, .down]) throws -> Curve {
        Curve(key: Self.key, samples: try samples(grid, directions: directions))
    }
}
