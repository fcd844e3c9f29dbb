import Figures
import Foundation
import PhaseSpace

/// Curves of several sizes with m L^(β/ν) = f((x − 1) L^(1/ν)), ν = 1, β = 1/8, and replicas that scatter.
extension Synthetic {
    static func finiteSizeInput(replicas: Int = 12) throws -> FigureInput {
        let grid = (0..<21).map { 0.8 + 0.02 * Double($0) }
        let sizes = [8.0, 16, 32]
        let size = ControlParameter(
            "width", symbol: "L", kind: .integer(1...1000), defaultValue: nil, meaning: "size of the system")
        var curves: [Curve] = []
        for (k, length) in sizes.enumerated() {
            var samples: [CurveSample] = []
            for replica in 0..<replicas {
                // Evenly spaced in probability, and shuffled by a multiplier coprime to their number.
                let own = Double((replica * 5 + k) % replicas) / Double(replicas) - 0.45
                for x in grid {
                    let u = (x - 1) * length
                    let m = pow(length, -0.125) * pow(1 + exp(2 * u), -0.25) * (1 + (0.02 + 0.2 / (1 + exp(-u))) * own)
                    samples.append(
                        CurveSample(
                            control: x, replica: replica, direction: .cold, outcome: .completed,
                            values: ["squaredNorm": m]))
                }
            }
            let key = CurveKey(
                model: "synthetic", fixed: ["width": .number(length)], axis: "gamma", orderParameter: "squaredNorm")
            curves.append(Curve(key: key, samples: samples, varying: ["width"]))
        }
        let verdicts = curves.map { curve in
            Verdict(
                key: curve.key, varying: curve.varying,
                transitions: [Transition(order: .second, location: Estimate(1, Interval(0.99, 1.01)))])
        }
        return try FigureInput(
            title: "Sizes", curves: curves, verdicts: verdicts, axis: gamma, controls: [gamma, size],
            observables: observables, orderParameter: "squaredNorm", theory: curves.map { _ in CurveTheory() })
    }

    /// An input that has what a figure of this name shows.
    static func input(for figure: String, points: Int = 96) throws -> FigureInput {
        ["histogram", "binder", "collapse"].contains(figure) ? try finiteSizeInput() : try input(points: points)
    }
}
